"""The HTML report: what it says, what it shows and does not show, and that nothing in it is alive."""

from __future__ import annotations

import base64
import copy
import dataclasses
import io
import re
from collections.abc import Callable, Mapping
from itertools import pairwise
from typing import Any

import pytest
from cryptography import x509
from cryptography.x509.oid import NameOID
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree
from PIL import Image

import ecert
from ecert.errors import InputError, UsageError
from ecert.formats.ecert1 import ImageForm, image_numbers
from ecert.formats.pdf import read_document
from ecert.formats.record import PageFacts
from ecert.model.languages import LANGS, Lang
from ecert.report import Report
from ecert.report.html import report_html
from ecert.report.html.markup import el, escaped, foreign
from ecert.report.html.pictures import MAX_PICTURES
from ecert.report.html.scans import MAX_PICTURE_PIXELS, scan_uri
from ecert.testing import Office
from ecert.words import table
from tests.kit import Desk, small_page

HOSTILE = (
    "</td></table><script>alert(1)</script><img src=x onerror=alert(1)>\"' &amp; "
    "\u202egnp.exe\u202c \x00\x1b[31m \u200b\ufeff a\u0301\u0301\u0301\u0301\u0301 שלום \ud800 " + "W" * 400
)


def tree(html: str) -> Any:
    """Parse a report as XML, which forgives nothing, and return its root element."""
    return etree.fromstring(html.encode(), etree.XMLParser(resolve_entities=False, huge_tree=True))


def said(html: str) -> str:
    """Return the report's text."""
    return " ".join("".join(tree(html).find("body").itertext()).split())


def pictures(html: str) -> list[Image.Image]:
    """Return the scanned pages' pictures."""
    found = re.findall(r'href="data:image/jpeg;base64,([^"]+)"', html)
    return [Image.open(io.BytesIO(base64.b64decode(data))) for data in found]


def spoiled(data: bytes, page: int) -> bytes:
    """Change one byte in a scanned page's stream."""
    stream = read_document(data).view(0)[image_numbers(page)[-1]].value
    at = stream.start + len(stream.data) // 2
    return data[:at] + bytes([data[at] ^ 0x55]) + data[at + 1 :]


def verify(desk: Desk, data: bytes, **options: Any) -> Report:
    return ecert.verify_copy(data, **{"trust": desk.office.trust, **options})


SITUATIONS: dict[str, Callable[[Desk], tuple[Report, bytes]]] = {
    "valid": lambda d: (verify(d, data := d.copy.to_bytes()), data),
    "no-trust": lambda d: (verify(d, data := d.copy.to_bytes(), trust=None), data),
    "page-differs": lambda d: (verify(d, data := spoiled(d.copy.to_bytes(), 1)), data),
    "record-differs": lambda d: (verify(d, data := d.copy.to_bytes().replace(b"<number>152<", b"<number>752<")), data),
    "cut": lambda d: (verify(d, data := d.copy.to_bytes()[:-900]), data),
    "draft": lambda d: (verify(d, data := d.draft.to_bytes()), data),
    "signed": lambda d: (verify(d, data := d.signed.to_bytes()), data),
    "signatures": lambda d: (verify(d, data := d.copy.to_bytes(), policy="signatures"), data),
    "no-pdf": lambda d: (verify(d, data := b"no PDF at all"), data),
}


@pytest.fixture(params=SITUATIONS)
def situation(desk: Desk, request: pytest.FixtureRequest) -> tuple[Report, bytes]:
    return SITUATIONS[request.param](desk)


@pytest.mark.parametrize("lang", LANGS)
def test_a_report_is_one_dead_file(situation: tuple[Report, bytes], lang: str):
    """No script, no link, nothing fetched; a policy that forbids all of it, before anything else."""
    report, data = situation
    html = report.to_html(lang, document=data)
    root = tree(html)
    assert html.startswith("<!DOCTYPE html>\n<html")
    assert root.get("lang") == lang
    elements = [e for e in root.iter() if isinstance(e.tag, str)]
    assert not {e.tag for e in elements} & {"script", "a", "form", "iframe", "object", "embed", "base"}
    assert not [k for e in elements for k in e.attrib if str(k).startswith("on")]
    named = [e.get(k) for e in elements for k in ("href", "src", "srcset") if e.get(k)]
    assert all(value.startswith("data:") for value in named)
    styles = "".join(e.text or "" for e in elements if e.tag == "style")
    assert "@import" not in styles
    assert all(url.startswith('"data:font/') for url in re.findall(r"url\(([^)]*)", styles))
    charset, policy = root.find("head")[:2]
    assert charset.get("charset") == "utf-8"
    assert policy.get("http-equiv") == "Content-Security-Policy"
    assert policy.get("content").startswith(
        "default-src 'none'; img-src data:; style-src 'unsafe-inline'; font-src data:"
    )


@pytest.mark.parametrize("lang", LANGS)
def test_the_verdict_comes_first_in_a_sign_and_in_words(situation: tuple[Report, bytes], lang: Lang):
    report, data = situation
    root = tree(report.to_html(lang, document=data))
    header = root.find("body/main")[0]
    heading = header.find("h1")
    assert heading.find("svg").get("class") == "sign"
    assert "".join(heading.itertext()) == table("report/html", lang)[report.verdict]
    assert report.to_dict()["summary"][lang] in "".join(header.itertext())


def test_headings_tables_and_pictures_are_told_to_those_who_do_not_see(situation: tuple[Report, bytes]):
    report, data = situation
    root = tree(report.to_html("vi", document=data))
    levels = [int(e.tag[1]) for e in root.iter("h1", "h2", "h3", "h4")]
    assert levels[0] == 1
    assert levels.count(1) == 1
    assert all(b <= a + 1 for a, b in pairwise(levels))
    for row in root.iter("tr"):
        assert row.find("th") is not None or row.getparent().getprevious().tag == "thead"
    for drawing in root.iter("svg"):
        labelled = drawing.get("role") == "img" and drawing.get("aria-label")
        assert labelled or drawing.get("aria-hidden") == "true"


def test_the_same_inputs_give_the_same_bytes(desk: Desk):
    data = desk.copy.to_bytes()
    at = desk.office.clock.now()
    one, two = (verify(desk, data, at=at).to_html("vi", document=data) for _ in range(2))
    assert one == two


def test_another_document_is_refused(desk: Desk):
    report = verify(desk, desk.copy.to_bytes())
    with pytest.raises(UsageError, match="SHA-256") as caught:
        report.to_html("vi", document=desk.signed.to_bytes())
    assert caught.value.hint


# ── the pages ────────────────────────────────────────────────────────────────────────────────────


def colour(picture: Image.Image, x: float = 0.3, y: float = 0.5) -> tuple[int, ...]:
    found = picture.convert("RGB").getpixel((int(picture.width * x), int(picture.height * y)))
    assert isinstance(found, tuple)
    return tuple(int(v) for v in found)


def near(one: tuple[int, ...], two: tuple[int, ...], by: int = 12) -> bool:
    return all(abs(a - b) <= by for a, b in zip(one, two, strict=True))


def test_a_valid_copy_shows_its_pages_as_they_are(desk: Desk):
    data = desk.copy.to_bytes()
    html = verify(desk, data).to_html("vi", document=data)
    first, second = pictures(html)
    assert near(colour(first), (240, 235, 225))
    assert near(colour(second), (200, 210, 240))
    assert near(colour(first, 0.002, 0.002), (240, 235, 225))  # no cross
    statement = tree(html).findall(".//figure")[-1]
    words = "".join(statement.itertext())
    record = desk.record
    for text in (record.original.title, record.certifier.name, "LỜI CHỨNG", "Chữ ký", "Con dấu"):
        assert text in words
    assert "CHƯA ĐƯỢC XÁC NHẬN" not in html
    assert "KHÔNG HỢP LỆ" not in html


def test_without_the_file_there_are_no_pictures_and_it_says_so(desk: Desk):
    html = verify(desk, desk.copy.to_bytes()).to_html("en")
    assert not pictures(html)
    assert "made without pictures" in said(html)


def test_signatures_alone_show_no_pages_and_say_so(desk: Desk):
    data = desk.copy.to_bytes()
    html = verify(desk, data, policy="signatures").to_html("en", document=data)
    assert "not whether this is a certified copy" in said(html)
    assert tree(html).find(".//figure") is None


def test_what_is_not_confirmed_says_so_on_every_page(desk: Desk):
    data = desk.copy.to_bytes()
    html = verify(desk, data, trust=None).to_html("en", document=data)
    sheets = tree(html).findall(".//figure/svg")
    assert len(sheets) == 3
    for sheet in sheets:
        assert "NOT CONFIRMED" in sheet.get("aria-label")
        assert "NOT CONFIRMED" in "".join(sheet.itertext())


def test_a_page_that_is_not_as_certified_is_not_shown(desk: Desk):
    """The other pages are crossed out, in the pixels too, so that the picture tells on its own."""
    data = spoiled(desk.copy.to_bytes(), 1)
    report = verify(desk, data)
    assert "pages-differ" in report.codes()
    html = report.to_html("en", document=data)
    (second,) = pictures(html)
    assert near(colour(second), (200, 210, 240))
    assert near(colour(second, 0.5, 0.5), (176, 0, 32), 60)
    first, *others = tree(html).findall(".//figure")
    assert first.get("class") == "missing"
    assert "not as it was certified" in "".join(first.itertext())
    for figure in others:
        assert "NOT VALID" in "".join(figure.itertext())


def test_a_statement_that_differs_is_not_shown(desk: Desk):
    data = desk.copy.to_bytes().replace(b"<number>152<", b"<number>752<")
    report = verify(desk, data)
    assert "statement-differs" in report.codes()
    figure = tree(report.to_html("vi", document=data)).findall(".//figure")[-1]
    assert figure.find("svg") is None
    assert "không đúng như lúc chứng thực" in "".join(figure.itertext())


def test_a_forged_digest_in_the_findings_place_is_not_needed(desk: Desk):
    """A page is held against the record's digest here too, whatever the findings say."""
    data = spoiled(desk.copy.to_bytes(), 1)
    content: Any = copy.deepcopy(verify(desk, data).to_dict())
    content["findings"], content["verdict"] = [], "VALID"
    assert len(pictures(report_html(content, "vi", data))) == 1


def test_a_page_changed_later_is_told(desk: Desk):
    data = desk.copy.to_bytes()
    content: Any = copy.deepcopy(verify(desk, data).to_dict())
    content["verdict"] = "INVALID"
    pages = [{"page": 2, "at_signer": "a", "at_seal": "a", "now": "b"}]
    content["history"] = {"revisions": [], "pages": pages}
    figures = tree(report_html(content, "en", data)).findall(".//figure")
    told = ["was changed after it was signed" in "".join(f.itertext()) for f in figures]
    assert told == [False, True, False]


def test_unsigned_places_are_told(desk: Desk):
    data = desk.signed.to_bytes()
    words = said(verify(desk, data).to_html("en", document=data))
    assert "Seal: not signed" in words
    assert f"Signature: {desk.record.certifier.name}" in words


def test_many_pages_stay_a_small_file(desk: Desk):
    scan = ecert.Scan.from_files([small_page((40 + i, 90, 90)) for i in range(MAX_PICTURES + 2)])
    record = ecert.CertificationRecord.from_dict(desk.office.record(pages=len(scan.pages)))
    draft = ecert.prepare_copy(scan, record)
    html = draft.report.to_html("en", document=draft.to_bytes())
    assert len(pictures(html)) == MAX_PICTURES
    assert "Scanned pages without a picture, to keep the report small: 2." in said(html)
    assert f"Page {MAX_PICTURES + 3} of {MAX_PICTURES + 3}" in said(html)


@pytest.mark.parametrize(
    ("limit", "value", "left"), [("MAX_DECODED_PIXELS", 1_000_000, 2), ("MAX_PICTURE_BYTES", 1, 3)]
)
def test_pictures_are_made_within_limits(
    desk: Desk, monkeypatch: pytest.MonkeyPatch, limit: str, value: int, left: int
):
    pages = [small_page((40 + i, 90, 90)) for i in range(4)]
    scan = ecert.Scan.from_files(pages)
    record = ecert.CertificationRecord.from_dict(desk.office.record(pages=len(pages)))
    draft = ecert.prepare_copy(scan, record)
    if limit == "MAX_DECODED_PIXELS":
        value = 2 * scan.pages[0].width * scan.pages[0].height
    monkeypatch.setattr(f"ecert.report.html.pictures.{limit}", value)
    html = draft.report.to_html("en", document=draft.to_bytes())
    assert len(pictures(html)) == 4 - left
    assert f"Scanned pages without a picture, to keep the report small: {left}." in said(html)


# ── hostile input ────────────────────────────────────────────────────────────────────────────────


def poisoned(value: Any) -> Any:
    """Put the hostile text in the place of every text that a document can bring along."""
    if isinstance(value, Mapping):
        kept = {"time", "kind", "role", "indication", "claimed_time", "best_signature_time", "date"}
        return {k: v if k in kept else poisoned(v) for k, v in value.items()}
    if isinstance(value, list):
        return [poisoned(v) for v in value]
    return HOSTILE if isinstance(value, str) else value


@pytest.fixture(scope="session")
def hostile(desk: Desk) -> str:
    data = desk.copy.to_bytes()
    content: Any = copy.deepcopy(verify(desk, spoiled(data, 2)).to_dict())
    for key in ("copy", "signatures", "document", "summary", "attempts", "evidence"):
        content[key] = poisoned(content.get(key))
    content["findings"] = [
        {**f, "data": {"a": HOSTILE}, "where": {"field": HOSTILE}, "text": {"vi": HOSTILE, "en": HOSTILE}}
        for f in content["findings"]
    ]
    return report_html(content, "vi", data)


def test_names_from_a_hostile_file_stay_text(hostile: str):
    root = tree(hostile)
    assert not list(root.iter("script", "img"))
    assert "<script" not in hostile
    assert "[U+202E]" in hostile
    bad = {c for c in hostile if not (c.isprintable() or c == "\n")}
    assert not bad
    for value in root.iter("bdi"):
        assert value.get("dir") == "auto"


def test_names_in_certificates_stay_text(desk: Desk):
    with Office.create(algorithm="p256") as office:
        name = x509.Name(
            [
                x509.NameAttribute(NameOID.COUNTRY_NAME, "VN"),
                x509.NameAttribute(NameOID.ORGANIZATION_NAME, "<script>\u202eevil"),
                x509.NameAttribute(NameOID.COMMON_NAME, office.signer.name),
            ]
        )
        data = office.certify(signer=office.key(office.issue(name, algorithm="p256"))).to_bytes()
        html = ecert.verify_copy(data, trust=office.trust).to_html("vi", document=data)
    tree(html)
    assert "&lt;script&gt;" in html
    assert "\u202e" not in html
    assert "<script" not in html


@given(st.text(st.characters(codec=None)))
def test_any_text_is_shown_or_named(text: str):
    shown = escaped(text)
    assert all(c.isprintable() for c in shown)
    etree.fromstring(f"<p>{shown}</p>")
    etree.fromstring(str(el("p", foreign(text), title=text)))


@given(
    st.recursive(
        st.none() | st.booleans() | st.integers() | st.text(max_size=20),
        lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
        max_leaves=10,
    )
)
def test_any_data_of_a_finding_is_told(desk: Desk, value: Any):
    content: Any = copy.deepcopy(verify(desk, b"no PDF").to_dict())
    content["findings"][0]["data"] = {"a": value}
    content["policy"]["settings"] = {"a": value}
    tree(report_html(content, "en"))


def facts_of(data: bytes, **changes: Any) -> tuple[PageFacts, ImageForm]:
    (image,) = ecert.Scan.from_files([data]).pages
    return dataclasses.replace(PageFacts.of(image), **changes), ImageForm.of(image)


@pytest.mark.parametrize(
    "changes",
    [
        {"width": 60_000, "height": 60_000},
        {"width": MAX_PICTURE_PIXELS // 5000 + 1, "height": 5000},
        {"width": 401},
        {"encoding": "JPXDecode"},
        {"encoding": "FlateDecode"},
        {"encoding": "FlateDecode", "predictor": True},
        {"encoding": "FlateDecode", "bits": 37},
        {"encoding": "FlateDecode", "colour": "cmyk", "bits": 8},
    ],
    ids=str,
)
def test_a_page_that_lies_has_no_picture(changes: dict[str, Any]):
    facts, form = facts_of(small_page(), **changes)
    with pytest.raises(InputError):
        scan_uri(facts, form, width=900, crossed=False)


def test_a_bomb_has_no_picture():
    """Flate data that unpacks to more than its rows is refused before it is unpacked whole."""
    import zlib

    facts, _ = facts_of(small_page(), encoding="FlateDecode", colour="rgb", bits=8)
    bomb = ImageForm(zlib.compress(bytes(400 * 560 * 3 + 4096)), None, None)
    with pytest.raises(InputError, match="more than"):
        scan_uri(facts, bomb, width=900, crossed=False)


def test_nothing_of_the_stored_file_but_pixels_is_handed_on():
    buffer = io.BytesIO()
    Image.new("RGB", (400, 560)).save(buffer, "JPEG", dpi=(200, 200), comment=b"secret comment", exif=Image.Exif())
    facts, form = facts_of(buffer.getvalue())
    uri = scan_uri(facts, form, width=900, crossed=False)
    assert b"secret" not in base64.b64decode(uri.split(",")[1])
