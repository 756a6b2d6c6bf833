"""The certification statement: page content drawn from the record alone, the same for ever.

A template is immutable once published: its id stands in the record, and verifiers of thirty years
hence draw it again and compare. A change of wording or layout is a new template id.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from ecert.errors import Reason, RecordError
from ecert.formats.ecert1.canvas import Canvas
from ecert.formats.ecert1.fonts import bold, regular
from ecert.formats.record import CopyRecord

PAGE_WIDTH, PAGE_HEIGHT = 595.276, 841.89  # points: A4
MARGIN_LEFT, MARGIN_RIGHT = 70.866, 56.693  # points: 25 mm and 20 mm
SIGNATURE_CENTRE = 405.0  # points: where the certifier's title and name are centred
SIGNATURE_WIDTH, SIGNATURE_HEIGHT = 190.0, 96.0  # points: the signer's field
_SMALL, _BODY, _TITLE = 9.5, 13.0, 14.5  # points
_LEADING = 19.5  # points between baselines of the body
_LABEL_WIDTH = 150.0  # points
_BOTTOM = 84.0  # points: nothing but the foot stands below
_BLOCK_WIDTH = 260.0  # points: widest line of the certifier's title and name
SEAL_SHARE = 0.4  # of the signer's field, from its left, that the seal's field covers
SEAL_TEXT_HEIGHT = 20.0  # points below the seal's disc

Rect = tuple[float, float, float, float]


@dataclass(frozen=True)
class Template:
    """The words of one statement, in one language."""

    id: str
    motto: tuple[str, str] | None
    title: tuple[str, str]
    conform: str
    labels: dict[str, str]
    number: str
    place_date: str
    foot: tuple[str, ...]
    verify_at: str
    date_format: str

    def short_day(self, day: date) -> str:
        """Return a date in figures."""
        return day.strftime(self.date_format)

    def day(self, day: date) -> str:
        """Return a date in the statement's words."""
        return self.place_date.format(day=f"{day.day:02}", month=f"{day.month:02}", year=day.year, iso=day.isoformat())


_VI = Template(
    id="vn-statement-1",
    motto=("CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM", "Độc lập - Tự do - Hạnh phúc"),
    title=("LỜI CHỨNG", "CHỨNG THỰC BẢN SAO ĐIỆN TỬ TỪ BẢN CHÍNH"),
    conform="Chứng thực bản sao đúng với bản chính.",
    labels={
        "title": "Tên giấy tờ, văn bản:",
        "kind": "Loại giấy tờ:",
        "number": "Số, ký hiệu bản chính:",
        "issuer": "Cơ quan cấp bản chính:",
        "date": "Ngày cấp bản chính:",
        "pages": "Số trang của bản chính:",
        "officer": "Người đối chiếu, quét:",
        "delegation": "Văn bản ủy quyền:",
        "legal_basis": "Căn cứ:",
        "replaces": "Thay thế bản sao:",
        "entry": "Số chứng thực:",
    },
    number="{number}; quyển số {book} - {series}",
    place_date="Ngày {day} tháng {month} năm {year}",
    foot=("Bản sao điện tử này gồm {pages} trang quét từ bản chính và trang lời chứng này.", "Mã bản sao: {id}"),
    verify_at="Kiểm tra bản sao tại: {url}",
    date_format="%d/%m/%Y",
)
_EN = Template(
    id="en-statement-1",
    motto=None,
    title=("CERTIFICATION STATEMENT", "CERTIFIED ELECTRONIC COPY OF AN ORIGINAL"),
    conform="I certify that this copy conforms to the original.",
    labels={
        "title": "Document:",
        "kind": "Kind of document:",
        "number": "Number of the original:",
        "issuer": "Issued by:",
        "date": "Issued on:",
        "pages": "Pages of the original:",
        "officer": "Compared and scanned by:",
        "delegation": "Delegated by:",
        "legal_basis": "Legal basis:",
        "replaces": "Replaces the copy:",
        "entry": "Certification number:",
    },
    number="{number}; book {book} - {series}",
    place_date="Date: {iso}",
    foot=(
        "Scanned pages of the original in this electronic copy: {pages}, followed by this page.",
        "Copy identifier: {id}",
    ),
    verify_at="Verify this copy at: {url}",
    date_format="%Y-%m-%d",
)
TEMPLATES = {template.id: template for template in (_VI, _EN)}


def statement_content(record: CopyRecord) -> bytes:
    """Return the statement page's content stream.

    Raises:
        RecordError: the template is unknown, a character has no glyph, or the text does not fit.
    """
    template = TEMPLATES.get(record.template)
    if template is None:
        raise RecordError(
            Reason("record.template", template=f"{record.template!r}"), path="template", code="record-too-new"
        )
    canvas = Canvas()
    y = _head(canvas, template, record)
    y = _body(canvas, template, record, y)
    top = _signature_block(canvas, template, record)
    if y < top:
        raise RecordError(
            Reason("record.statement-too-long"), path="original.title", hint="shorten the longest texts of the record"
        )
    _foot(canvas, template, record)
    return canvas.content()


def signature_rect() -> Rect:
    """Return the signer's field on the statement page: x0, y0, x1, y1 in points."""
    x, y = SIGNATURE_CENTRE - SIGNATURE_WIDTH / 2, 196.0
    return (x, y, x + SIGNATURE_WIDTH, y + SIGNATURE_HEIGHT)


def seal_rect(diameter_mm: float) -> Rect:
    """Return the seal's field: a disc of this diameter over about a third of the signature, on its left.

    Below the disc there is room for the two lines that tell the time.
    """
    left, bottom, right, top = signature_rect()
    diameter = round(diameter_mm * 72 / 25.4, 3)
    edge = round(left + (right - left) * SEAL_SHARE, 3)
    middle = (bottom + top) / 2 + 6
    lower = round(middle - diameter / 2 - SEAL_TEXT_HEIGHT, 3)
    return (round(edge - diameter, 3), lower, edge, round(lower + SEAL_TEXT_HEIGHT + diameter, 3))


def _head(canvas: Canvas, template: Template, record: CopyRecord) -> float:
    """Draw body and motto side by side, then the title; return the next free baseline."""
    top = PAGE_HEIGHT - 62.0
    left, right = 172.0, 418.0
    body = record.certification.body
    y = top
    width = 205.0 if template.motto else 380.0
    if not template.motto:
        left = PAGE_WIDTH / 2
    for line in regular().wrapped((body.parent or "").upper(), 11.5, width):
        if line:
            canvas.centred(left, y, regular(), 11.5, line)
            y -= 15
    for line in bold().wrapped(body.name.upper(), 11.5, width):
        canvas.centred(left, y, bold(), 11.5, line)
        y -= 15
    canvas.line(left - 38, y + 9, left + 38, y + 9)
    if template.motto:
        canvas.centred(right, top, bold(), 11.5, template.motto[0])
        canvas.centred(right, top - 16, bold(), 12.5, template.motto[1])
        half = bold().width(template.motto[1], 12.5) / 2
        canvas.line(right - half, top - 21, right + half, top - 21)
    y = min(y, top - 30) - 34
    canvas.centred(PAGE_WIDTH / 2, y, bold(), 17.0, template.title[0])
    y -= 23
    canvas.centred(PAGE_WIDTH / 2, y, bold(), _TITLE, template.title[1])
    return y - 40


def _body(canvas: Canvas, template: Template, record: CopyRecord, y: float) -> float:
    """Draw the sentence and the labelled lines; return the next free baseline."""
    act = record.certification
    original, certifier = act.original, act.certifier
    canvas.text(MARGIN_LEFT, y, bold(), _BODY + 1, template.conform)
    y -= _LEADING + 6
    delegation = certifier.delegation
    rows: list[tuple[str, str | None]] = [
        ("title", original.title),
        ("kind", original.kind),
        ("number", original.number),
        ("issuer", original.issuer),
        ("date", template.short_day(original.date) if original.date else None),
        ("pages", str(original.pages)),
        ("entry", template.number.format(number=act.number, book=act.book, series=act.series)),
        ("officer", act.officer.name),
        ("legal_basis", certifier.legal_basis),
        ("delegation", f"{delegation.decision} ({delegation.scope})" if delegation else None),
        ("replaces", ", ".join(act.replaces) or None),
    ]
    width = PAGE_WIDTH - MARGIN_LEFT - MARGIN_RIGHT - _LABEL_WIDTH
    for label, value in rows:
        if value is None:
            continue
        canvas.text(MARGIN_LEFT, y, regular(), _BODY, template.labels[label])
        face = bold() if label in ("title", "entry") else regular()
        for line in face.wrapped(value, _BODY, width):
            canvas.text(MARGIN_LEFT + _LABEL_WIDTH, y, face, _BODY, line)
            y -= _LEADING
    return y


def _signature_block(canvas: Canvas, template: Template, record: CopyRecord) -> float:
    """Draw date and title above the signer's field, the typed name below it; return the block's top."""
    act = record.certification
    _, bottom, _, top = signature_rect()
    title, size = _fitted(act.certifier.title.upper(), "certifier.title")
    y = top + 16
    for line in reversed(title):
        canvas.centred(SIGNATURE_CENTRE, y, bold(), size, line)
        y += size + 2
    canvas.centred(SIGNATURE_CENTRE, y + 4, regular(), _BODY, template.day(act.date))
    name, size = _fitted(act.certifier.name, "certifier.name")
    for number, line in enumerate(name):
        canvas.centred(SIGNATURE_CENTRE, bottom - 34 - number * (size + 2), bold(), size, line)
    return y + 4 + _LEADING


def _fitted(text: str, path: str) -> tuple[list[str], float]:
    """Return a text in one line, or two smaller ones, with its size.

    Raises:
        RecordError: it does not fit.
    """
    if bold().width(text, _BODY) <= _BLOCK_WIDTH:
        return [text], _BODY
    lines = bold().wrapped(text, 11.0, _BLOCK_WIDTH)
    if len(lines) > 2:
        raise RecordError(
            Reason("record.too-long-beside-signature"), path=path, code="text-too-long", hint="shorten it"
        )
    return lines, 11.0


def _foot(canvas: Canvas, template: Template, record: CopyRecord) -> None:
    act = record.certification
    lines = [line.format(pages=len(record.pages), id=record.id) for line in template.foot]
    if act.verify_at:
        lines.append(template.verify_at.format(url=act.verify_at))
    canvas.line(MARGIN_LEFT, _BOTTOM, PAGE_WIDTH - MARGIN_RIGHT, _BOTTOM, 0.35)
    y = _BOTTOM - 14
    for text in lines:
        for line in regular().wrapped(text, _SMALL, PAGE_WIDTH - MARGIN_LEFT - MARGIN_RIGHT):
            canvas.text(MARGIN_LEFT, y, regular(), _SMALL, line)
            y -= 12.5
