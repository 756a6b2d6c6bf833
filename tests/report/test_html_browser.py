"""A real browser loads the HTML report: it stays silent, fits a phone, is readable, and prints whole."""

from __future__ import annotations

import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.kit import Desk
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
def browser(require: Callable[[str], None]) -> Iterator[Chromium]:
    require("chromium")
    with chromium() as found:
        yield found


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


def test_it_can_be_read(browser: Chromium, page: tuple[Path, str]):
    path, _ = page
    browser.open(path)
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


def test_it_prints_whole_on_a4(browser: Chromium, desk: Desk, tmp_path: Path, require: Callable[[str], None]):
    """Closed on the screen, the technical part stands on the paper."""
    require("poppler")
    report, data = SITUATIONS["valid"](desk)
    path = tmp_path / "report.html"
    path.write_text(report.to_html("vi", document=data), encoding="utf-8")
    browser.open(path, width=DESK)
    (tmp_path / "report.pdf").write_bytes(browser.print())

    def run(*command: str) -> str:
        return subprocess.run(command, cwd=tmp_path, check=True, capture_output=True, text=True).stdout

    assert "(A4)" in run("pdfinfo", "report.pdf")
    text = run("pdftotext", "-layout", "report.pdf", "-")
    content = report.to_dict()
    assert content["summary"]["vi"][:30] in text
    assert content["policy"]["sha256"][:40] in text
    assert content["signatures"][0]["certificate"]["serial"][:12] in text
