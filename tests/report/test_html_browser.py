"""A real browser loads the HTML report: silent, fit for a phone, readable in light and dark, in print one page."""

from __future__ import annotations

import copy
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from ecert.model.findings import Found
from ecert.model.languages import LANGS
from ecert.report import put_into_words
from ecert.report.html import report_html
from tests.kit import Desk
from tests.report.accidents import ACCIDENTS
from tests.report.chromium import Chromium, chromium
from tests.report.test_html import SITUATIONS, hostile, tree

__all__ = ["hostile"]

PHONE, DESK = 390, 1200  # CSS pixels

#: Text beside drawings, with its size and the contrast to what lies under it (WCAG 2.2, 1.4.3).
TEXTS = """(() => {
  const parse = s => (s.match(/[\\d.]+/g) || []).map(Number);
  const light = ([r, g, b]) => [r, g, b].map(v => v / 255)
    .map(v => v <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4)
    .reduce((sum, v, i) => sum + v * [0.2126, 0.7152, 0.0722][i], 0);
  const ground = e => { for (; e; e = e.parentElement) {
    const c = parse(getComputedStyle(e).backgroundColor);
    if (c.length === 3 || c[3] > 0) return c; } return [255, 255, 255]; };
  const found = [];
  const walk = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (walk.nextNode()) {
    const e = walk.currentNode.parentElement;
    if (e.closest('svg') || !walk.currentNode.data.trim()) continue;
    const style = getComputedStyle(e);
    const [a, b] = [light(parse(style.color)), light(ground(e))].sort((x, y) => y - x);
    found.push([walk.currentNode.data.slice(0, 40), parseFloat(style.fontSize), (a + 0.05) / (b + 0.05)]);
  }
  return found;
})()"""


@pytest.fixture(scope="module")
def started(require: Callable[[str], None]) -> Iterator[Chromium]:
    require("chromium")
    with chromium() as found:
        yield found


@pytest.fixture
def browser(started: Chromium) -> Chromium:
    """Return the browser, light as it began."""
    started.prefer("light")
    return started


@pytest.fixture(params=[*SITUATIONS, "hostile"])
def page(request: pytest.FixtureRequest, desk: Desk, tmp_path: Path) -> tuple[Path, str]:
    """Return a report as a file, and its text."""
    if request.param == "hostile":
        html: str = request.getfixturevalue("hostile")
    else:
        report, data = SITUATIONS[request.param](desk)
        html = report.to_html("vi", document=data)
    path = tmp_path / "report.html"
    path.write_text(html, encoding="utf-8")
    return path, html


def unfold(browser: Chromium) -> None:
    browser.ask("document.querySelectorAll('details').forEach(d => d.open = true)")


@pytest.mark.parametrize("width", [PHONE, DESK])
def test_it_is_silent_and_fits(browser: Chromium, page: tuple[Path, str], width: int):
    path, html = page
    browser.open(path, width=width)
    assert browser.complaints == []
    beyond = [url for url in browser.requests if not url.startswith("data:")]
    assert beyond == [path.as_uri()]
    assert browser.ask("document.documentElement.scrollWidth") == width
    unfold(browser)
    assert browser.ask("document.documentElement.scrollWidth") == width
    elements = [e for e in tree(html).iter() if isinstance(e.tag, str)]
    assert browser.ask("document.querySelectorAll('*').length") == len(elements)


def test_every_picture_is_painted(browser: Chromium, page: tuple[Path, str]):
    path, html = page
    browser.open(path)
    decoded = browser.ask("Promise.all([...document.querySelectorAll('image')].map(i => i.decode().then(() => 1)))")
    assert len(decoded) == html.count("<image ")


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_it_can_be_read(browser: Chromium, page: tuple[Path, str], scheme: str):
    path, _ = page
    browser.prefer(scheme)
    browser.open(path)
    ground = browser.ask("getComputedStyle(document.body).backgroundColor")
    assert (ground == "rgb(15, 21, 29)") == (scheme == "dark")
    unfold(browser)
    texts = browser.ask(TEXTS)
    assert len(texts) > 20
    assert [t for t in texts if t[2] < 4.5] == []
    assert [t for t in texts if t[1] < 16] == []


def test_the_statement_is_set_in_its_own_face(browser: Chromium, desk: Desk, tmp_path: Path):
    """The packaged faces arrive, so every line is as wide as it was laid out."""
    report, data = SITUATIONS["valid"](desk)
    path = tmp_path / "report.html"
    path.write_text(report.to_html("vi", document=data), encoding="utf-8")
    browser.open(path)
    faces = browser.ask("[...document.fonts].map(f => f.status)")
    assert faces == ["loaded", "loaded"]
    from ecert.formats.ecert1.fonts import regular

    label = "Tên giấy tờ, văn bản:"
    width = browser.ask(
        f"[...document.querySelectorAll('.sheet text')].find(t => t.textContent === '{label}').getComputedTextLength()"
    )
    assert width == pytest.approx(regular().width(label, 13.0), abs=0.3)


@pytest.fixture
def printed(browser: Chromium, tmp_path: Path, require: Callable[[str], None]) -> Callable[..., tuple[int, str]]:
    """Return the function that prints a report: so many pages of A4, and their text."""
    require("poppler")

    def run(*command: str) -> str:
        return subprocess.run(command, cwd=tmp_path, check=True, capture_output=True, text=True).stdout

    def print_it(html: str, *, opened: bool = False) -> tuple[int, str]:
        (tmp_path / "report.html").write_text(html, encoding="utf-8")
        browser.open(tmp_path / "report.html", width=DESK)
        if opened:
            unfold(browser)
        (tmp_path / "report.pdf").write_bytes(browser.print())
        said = run("pdfinfo", "report.pdf")
        assert "(A4)" in said
        pages = next(int(line.split()[1]) for line in said.splitlines() if line.startswith("Pages:"))
        return pages, run("pdftotext", "-layout", "report.pdf", "-")

    return print_it


@pytest.mark.parametrize("lang", LANGS)
@pytest.mark.parametrize("name", [*ACCIDENTS, *SITUATIONS, "hostile"])
def test_it_prints_on_one_page_of_a4(
    request: pytest.FixtureRequest, printed: Callable[..., tuple[int, str]], desk: Desk, name: str, lang: str
):
    if name == "hostile":
        assert printed(request.getfixturevalue("hostile"))[0] == 1
        return
    report, data = ACCIDENTS[name].report(desk) if name in ACCIDENTS else SITUATIONS[name](desk)
    pages, text = printed(report.to_html(lang, document=data))
    assert pages == 1
    content = report.to_dict()
    assert content["summary"][lang][:30] in text
    assert content["document"]["sha256"] in text
    assert content["policy"]["sha256"] not in text, "details print only where they are opened"


@pytest.mark.parametrize("name", ["valid", "no-trust", "page-differs"])
def test_a_record_that_is_full_to_the_brim_prints_on_one_page(
    printed: Callable[..., tuple[int, str]], desk: Desk, name: str
):
    """Every optional field, each in two long lines, and as many findings as a report shows."""
    report, data = SITUATIONS[name](desk)
    content: Any = copy.deepcopy(report.to_dict())
    long = "Giấy chứng nhận quyền sử dụng đất, quyền sở hữu nhà ở và tài sản khác gắn liền với đất, " * 2
    extra = dict.fromkeys(("title", "kind", "number", "issuer"), long) | {"date": "2026-01-02"}
    content["copy"]["original"] |= extra
    content["copy"]["replaces"] = [content["copy"]["id"]] * 3
    content["copy"]["body"] |= {"name": long, "parent": long, "certificate_name": long, "names_agree": False}
    content["copy"]["certifier"] |= {"name": long, "certificate_name": long, "names_agree": False}
    severity = {"VALID": "warning", "INVALID": "error", "INDETERMINATE": "unknown"}[report.verdict]
    told = [
        f.to_dict() | {"severity": severity}
        for n in range(12)
        for f in put_into_words([Found("certifier-differs", {}, {"record": f"{n} {long}", "certificate": long})], 7)
    ]
    content["findings"] = told
    assert printed(report_html(content, "vi", data))[0] == 1


def test_what_is_opened_is_printed_too(printed: Callable[..., tuple[int, str]], desk: Desk):
    report, data = SITUATIONS["valid"](desk)
    pages, text = printed(report.to_html("vi", document=data), opened=True)
    content = report.to_dict()
    assert pages > 1
    assert content["policy"]["sha256"][:40] in text
    assert content["signatures"][0]["certificate"]["serial"][:12] in text
