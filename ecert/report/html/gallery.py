"""The pages as figures: the picture, where signature and seal stand, and what is to be said about it."""

from __future__ import annotations

from collections.abc import Mapping

from ecert.model.roles import Role
from ecert.report.content import ReportContent, Verdict
from ecert.report.html.markup import Labels, Markup, el, foreign
from ecert.report.html.pictures import PagePicture, Pictures, Place

_NUMBERS: Mapping[Role, str] = {"signer": "1", "seal": "2"}
_COLOURS: Mapping[Role, str] = {"signer": "#0b3d91", "seal": "#b00020"}


def gallery(content: ReportContent, pictures: Pictures, labels: Labels) -> Markup:
    """Return the section of the pages; without pictures the sentence that says why."""
    note = pictures.note
    total = len(pictures.pages) + pictures.left_out
    numbers = [*range(1, len(pictures.pages)), total]  # the statement is the last page
    figures = [
        _figure(content, page, labels["page"].format(number=number, total=total), labels)
        for number, page in zip(numbers, pictures.pages, strict=False)
    ]
    return el(
        "section",
        el("h2", labels["pictures"]),
        el("p", labels["pictures-note"], class_="note") if figures else None,
        el("p", labels[note].format(count=pictures.left_out), class_="note") if note else None,
        el("div", *figures, class_="gallery") if figures else None,
        class_="pages",
    )


def _figure(content: ReportContent, page: PagePicture, title: str, labels: Labels) -> Markup:
    kind = labels[f"page-{page.kind}"]
    label = f"{title}, {kind}"
    legend = [_legend(content, place, labels) for place in page.places] if page.drawing else []
    caption = el(
        "figcaption",
        el("p", el("b", title), f", {kind}"),
        el("p", labels["changed"], class_="changed") if page.changed else None,
        *legend,
    )
    if page.drawing is None:
        return el("figure", _placeholder(page, label, labels), caption, class_="missing")
    return el("figure", _sheet(content["verdict"], page, label, labels), caption)


def _sheet(verdict: Verdict, page: PagePicture, label: str, labels: Labels) -> Markup:
    marks = [_mark(place) for place in page.places]
    over = None
    if verdict == "INVALID":
        label += ": " + labels["cross"]
        over = _stamp(page, labels["cross"])
    elif verdict == "INDETERMINATE":
        label += ": " + labels["ribbon"]
        over = _ribbon(page, labels["ribbon"])
    box = f"0 0 {page.width:g} {page.height:g}"
    return el("svg", page.drawing, *marks, over, viewBox=box, role="img", aria_label=label, class_="sheet")


def _placeholder(page: PagePicture, label: str, labels: Labels) -> Markup:
    """Return an empty frame of the page's own shape, within reason, with the sentence in it."""
    shape = min(max(page.width / page.height, 0.5), 2)
    told = labels[page.why or "no-picture"]
    return el(
        "div",
        el("p", told),
        class_="sheet",
        role="img",
        aria_label=f"{label}: {told}",
        style=f"aspect-ratio:{shape:.3f}",
    )


def _mark(place: Place) -> Markup:
    """Return a frame around a signature's place with its number, which the legend takes up."""
    colour, size = _COLOURS[place.role], 15.0
    # the seal lies over the signature's left part: its number stands on the left, the other on the right
    x = place.x if place.role == "seal" else place.x + place.width
    frame = el(
        "rect",
        x=f"{place.x:.2f}",
        y=f"{place.y:.2f}",
        width=f"{place.width:.2f}",
        height=f"{place.height:.2f}",
        rx="4",
        fill=colour,
        fill_opacity="0.05",
        stroke=colour,
        stroke_width="1.8",
        stroke_dasharray="7 4",
    )
    disc = el("circle", cx=f"{x:.2f}", cy=f"{place.y:.2f}", r=f"{size:g}", fill=colour, stroke="#fff", stroke_width="2")
    number = el(
        "text",
        _NUMBERS[place.role],
        x=f"{x:.2f}",
        y=f"{place.y + 6.5:.2f}",
        fill="#fff",
        class_="number",
        font_size="19",
        text_anchor="middle",
    )
    return el("g", frame, disc, number)


def _legend(content: ReportContent, place: Place, labels: Labels) -> Markup:
    signature = next((s for s in content["signatures"] if s["role"] == place.role), None)
    certificate = signature["certificate"] if signature else None
    name = certificate["name"] if certificate else None
    told = foreign(name) if name else labels["unknown-name"] if signature else labels["unsigned"]
    return el(
        "p",
        el("span", _NUMBERS[place.role], class_=f"badge {place.role}"),
        el("span", labels[f"place-{place.role}"], ": ", told),
        class_="legend",
    )


def _stamp(page: PagePicture, text: str) -> Markup:
    """Return the cross and the words that lie over a page of a document that is refused."""
    w, h = page.width, page.height
    size = min(w, h) / 8
    lines = el(
        "path",
        d=f"M0 0L{w:g} {h:g}M0 {h:g}L{w:g} 0",
        stroke="#b00020",
        fill="none",
        stroke_width=f"{w / 70:.2f}",
        stroke_opacity="0.75",
    )
    words = el(
        "text",
        text,
        x=f"{w / 2:.2f}",
        y=f"{h / 2 + size / 3:.2f}",
        font_size=f"{size:.2f}",
        text_anchor="middle",
        class_="stamp",
        textLength=f"{w * 0.8:.2f}",
        lengthAdjust="spacingAndGlyphs",
    )
    back = el(
        "rect",
        x=f"{w * 0.06:.2f}",
        y=f"{h / 2 - size * 0.8:.2f}",
        width=f"{w * 0.88:.2f}",
        height=f"{size * 1.6:.2f}",
        fill="#fff",
        stroke="#b00020",
        stroke_width=f"{w / 110:.2f}",
    )
    return el("g", lines, back, words)


def _ribbon(page: PagePicture, text: str) -> Markup:
    w = page.width
    size = w / 24
    band = el("rect", x="0", y="0", width=f"{w:g}", height=f"{size * 1.9:.2f}", fill="#7a4d00")
    words = el(
        "text",
        text,
        x=f"{w / 2:.2f}",
        y=f"{size * 1.3:.2f}",
        font_size=f"{size:.2f}",
        fill="#fff",
        text_anchor="middle",
        class_="ribbon",
    )
    return el("g", band, words)
