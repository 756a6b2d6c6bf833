"""What somebody without a key can do to a finished copy; each is refused, and the finding says why.

A forgery is a function from the copy's bytes (level B-LTA unless its name says otherwise) to others.
Increments are written by hand: the product's own writer would not write most of them.
"""

from __future__ import annotations

import zlib
from collections.abc import Callable, Mapping
from typing import Final

import pytest

import ecert
from ecert.formats.pades.increments import PendingSignature, _lay_out, _with_room, next_number
from ecert.formats.pdf import Name, Ref, Stream, read_document
from ecert.formats.pdf.objects import PdfDict, PdfValue, write_value
from ecert.formats.pdf.writer import write_object
from ecert.formats.pdfa import NUMBERS
from tests.kit import Desk

Forgery = Callable[[bytes, Desk], bytes]

AFTER_SEAL: Final = {"changed-after-seal"}
UNACCOUNTED: Final = {"bytes-unaccounted"}
DAMAGED: Final = {"pdf-damaged"}
DISAGREE: Final = {"parsers-disagree"}
FORGERIES: Final[dict[str, tuple[Forgery, set[str]]]] = {}
CONTENT, IMAGE, PAGE = NUMBERS.FIRST_PAGE + 1, NUMBERS.FIRST_PAGE + 2, NUMBERS.FIRST_PAGE
EVIL: Final = Stream({"Length": 14}, b"0 0 100 100 re")


def forgery(codes: set[str]) -> Callable[[Forgery], Forgery]:
    """Register a forgery with the codes of which at least one must be found."""

    def register(function: Forgery) -> Forgery:
        FORGERIES[function.__name__] = (function, codes)
        return function

    return register


# ── writing increments by hand ───────────────────────────────────────────────────────────────────


def append(
    data: bytes,
    objects: Mapping[int, PdfValue],
    *,
    trailer: PdfDict | None = None,
    freed: tuple[int, ...] = (),
    generations: Mapping[int, int] | None = None,
) -> bytes:
    """Append one revision that writes and frees what is asked."""
    document = read_document(data)
    out = bytearray(data)
    rows: dict[int, bytes] = dict.fromkeys(freed, b"0000000000 00001 f \n")
    for num, value in objects.items():
        generation = (generations or {}).get(num, 0)
        rows[num] = b"%010d %05d n \n" % (len(out), generation)
        whole = b"".join(bytes(p) for p in write_object(num, value))
        out += whole.replace(b"%d 0 obj" % num, b"%d %d obj" % (num, generation), 1)
    start = len(out)
    out += b"xref\n"
    for num in sorted(rows):
        out += b"%d 1\n" % num + rows[num]
    last = document.revisions[-1]
    size = max(next_number(document), *rows, 0) + 1
    base = {k: v for k, v in last.trailer.items() if k in ("Root", "Info", "ID")}
    values = {**base, "Size": size, "Prev": last.startxref, **(trailer or {})}
    return bytes(out + b"trailer\n%s\nstartxref\n%d\n%%%%EOF\n" % (write_value(values), start))


def replaced(num: int, value: PdfValue = EVIL) -> Forgery:
    return lambda data, _: append(data, {num: value})


def catalog(**entries: PdfValue) -> Forgery:
    def forge(data: bytes, _: Desk) -> bytes:
        return append(data, {NUMBERS.CATALOG: {**read_document(data).root(), **entries}})

    return forge


def changed(num: int, **entries: PdfValue) -> Forgery:
    def forge(data: bytes, _: Desk) -> bytes:
        old = read_document(data).dictionary(Ref(num))
        return append(data, {num: {**old, **entries}})

    return forge


def cut(data: bytes, revision: int) -> bytes:
    """Cut the file back to the end of a revision."""
    return data[: read_document(data).revisions[revision].end]


def stamped(
    data: bytes, desk: Desk, field: PdfDict, extra: Mapping[int, PdfValue] | None = None
) -> bytes:
    """Append an own document time-stamp, with a field dictionary as asked, and other objects."""
    document = read_document(data)
    first = next_number(document) + 50
    field_number, signature_number = first, first + 1
    signature = {
        "Type": Name("DocTimeStamp"),
        "Filter": Name("Adobe.PPKLite"),
        "SubFilter": Name("ETSI.RFC3161"),
    }
    widget = {
        "Type": Name("Annot"),
        "Subtype": Name("Widget"),
        "FT": Name("Sig"),
        "T": b"Archive9",
        "Rect": [0, 0, 0, 0],
        "F": 132,
        "P": Ref(NUMBERS.STATEMENT_PAGE),
        "V": Ref(signature_number),
    }
    form = document.dictionary(Ref(NUMBERS.ACRO_FORM))
    annotations = next(n for n, o in document.view().items() if isinstance(o.value, list))
    kids = [k for k in field.get("Kids", []) if isinstance(k, Ref)]
    changes: dict[int, PdfValue] = {
        field_number: {**widget, **field},
        signature_number: _with_room(signature, 6000),
        NUMBERS.ACRO_FORM: {**form, "Fields": [*form["Fields"], Ref(field_number)]},
        annotations: [*document.array(Ref(annotations)), Ref(field_number), *kids],
        **(extra or {}),
    }
    return _time_stamp(_lay_out(document, changes), desk)


def _time_stamp(pending: PendingSignature, desk: Desk) -> bytes:
    from ecert.trust.client import Client
    from ecert.trust.timestamps import request_timestamp

    services = desk.office.services
    digest = pending.digest("sha256")
    return pending.finish(request_timestamp(digest, services, Client(services)).der)


# ── bytes ────────────────────────────────────────────────────────────────────────────────────────


@forgery(UNACCOUNTED)
def bytes_after_the_end(data: bytes, _: Desk) -> bytes:
    return data + b"x" * 260


@forgery(UNACCOUNTED)
def white_space_after_the_end(data: bytes, _: Desk) -> bytes:
    return data + b"\n" * 100


@forgery(DAMAGED)
def comment_after_the_end(data: bytes, _: Desk) -> bytes:
    return data + b"%%EOF\n"


@forgery({"pdf-damaged", "not-a-pdf"})
def bytes_before_the_header(data: bytes, _: Desk) -> bytes:
    return b"MZ" + data


@forgery(UNACCOUNTED)
def objects_nobody_lists(data: bytes, desk: Desk) -> bytes:
    tail = append(data, {})[len(data) :]
    hidden = b"22 0 obj\n<< /Length 0 >>\nstream\n\nendstream\nendobj\n"
    start = len(data) + len(hidden)
    return data + hidden + tail.replace(b"startxref\n%d" % len(data), b"startxref\n%d" % start)


@forgery(AFTER_SEAL)
def empty_revision(data: bytes, _: Desk) -> bytes:
    return append(data, {})


@forgery({"signature-malformed"})
def garbage_in_the_padding(data: bytes, _: Desk) -> bytes:
    end = data.rindex(b">", 0, data.rindex(b"\nxref"))
    while data[end - 2 : end] != b"00":
        end = data.rindex(b">", 0, end)
    return data[: end - 2] + b"07" + data[end:]


@forgery({"signature-malformed"})
def mixed_case_in_the_last_token(data: bytes, _: Desk) -> bytes:
    start = data.rindex(b"/Contents <") + len(b"/Contents <")
    digits = data[start : start + 2000]
    return data[:start] + digits[:1000].upper() + digits[1000:] + data[start + 2000 :]


@forgery({"signature-broken", "timestamp-broken", "pages-differ"})
def one_bit_of_an_image(data: bytes, _: Desk) -> bytes:
    at = data.index(b"\xff\xda") + 40
    return data[:at] + bytes([data[at] ^ 1]) + data[at + 1 :]


@forgery({"seal-missing"})
def cut_back_to_the_signer(data: bytes, _: Desk) -> bytes:
    return cut(data, 1)


@forgery({"unsigned"})
def cut_back_to_the_draft(data: bytes, _: Desk) -> bytes:
    return cut(data, 0)


# ── structure ────────────────────────────────────────────────────────────────────────────────────


@forgery(DAMAGED)
def sections_in_a_loop(data: bytes, _: Desk) -> bytes:
    return append(data, {}, trailer={"Prev": len(data)})


@forgery(UNACCOUNTED)
def a_section_left_out(data: bytes, _: Desk) -> bytes:
    return append(data, {}, trailer={"Prev": read_document(data).revisions[1].startxref})


@forgery({"encrypted"})
def encryption_announced(data: bytes, _: Desk) -> bytes:
    return append(data, {}, trailer={"Encrypt": {"Filter": Name("Standard")}})


@forgery(DISAGREE)
def objects_beyond_size(data: bytes, _: Desk) -> bytes:
    return append(data, {}, trailer={"Size": NUMBERS.ACRO_FORM})


@forgery(AFTER_SEAL)
def foreign_key_in_the_trailer(data: bytes, _: Desk) -> bytes:
    return append(data, {}, trailer={"Foo": 1})


@forgery(AFTER_SEAL)
def another_identifier(data: bytes, _: Desk) -> bytes:
    return append(data, {}, trailer={"ID": [b"0" * 16, b"1" * 16]})


@forgery(AFTER_SEAL)
def another_catalogue(data: bytes, _: Desk) -> bytes:
    document = read_document(data)
    number = next_number(document)
    return append(data, {number: document.root()}, trailer={"Root": Ref(number)})


@forgery(AFTER_SEAL)
def a_freed_page_content(data: bytes, _: Desk) -> bytes:
    return append(data, {}, freed=(CONTENT,))


@forgery(AFTER_SEAL)
def the_same_content_under_another_generation(data: bytes, _: Desk) -> bytes:
    value = read_document(data).view()[CONTENT].value
    return append(data, {CONTENT: value}, generations={CONTENT: 1})


@forgery(AFTER_SEAL)
def objects_replaced_in_an_object_stream(data: bytes, _: Desk) -> bytes:
    return _packed(data, {PAGE: {"Type": Name("Page"), "MediaBox": [0, 0, 1, 1]}})


def _packed(data: bytes, objects: Mapping[int, PdfValue]) -> bytes:
    """Append a revision whose objects stand in an object stream, listed by a stream."""
    document = read_document(data)
    number = next_number(document)
    bodies = [write_value(v) + b"\n" for v in objects.values()]
    offsets = [sum(map(len, bodies[:i])) for i in range(len(bodies))]
    head = b"".join(b"%d %d " % pair for pair in zip(objects, offsets, strict=True))
    packed = zlib.compress(head + b"".join(bodies))
    holder = Stream(
        {
            "Type": Name("ObjStm"),
            "N": len(bodies),
            "First": len(head),
            "Filter": Name("FlateDecode"),
            "Length": len(packed),
        },
        packed,
    )
    out = data + b"".join(map(bytes, write_object(number, holder)))
    rows = {num: (2, number, i) for i, num in enumerate(objects)}
    rows |= {number: (1, len(data), 0), number + 1: (1, len(out), 0)}
    table = b"".join(
        bytes([kind]) + a.to_bytes(4, "big") + b.to_bytes(2, "big")
        for _, (kind, a, b) in sorted(rows.items())
    )
    head_values = {
        "Type": Name("XRef"),
        "W": [1, 4, 2],
        "Index": [i for num in sorted(rows) for i in (num, 1)],
        "Size": number + 2,
        "Prev": document.revisions[-1].startxref,
        **{k: v for k, v in document.revisions[-1].trailer.items() if k in ("Root", "ID")},
        "Length": len(table),
    }
    start = len(out)
    out += b"".join(map(bytes, write_object(number + 1, Stream(head_values, table))))
    return out + b"startxref\n%d\n%%%%EOF\n" % start


@forgery(DISAGREE | AFTER_SEAL)
def an_object_only_new_readers_see(data: bytes, _: Desk) -> bytes:
    """A hybrid section (7.5.8.4) hides another page content from older readers."""
    evil = b"".join(map(bytes, write_object(CONTENT, EVIL)))
    table = b"\x01" + len(data).to_bytes(4, "big") + b"\x00\x00"
    number = next_number(read_document(data))
    head = {
        "Type": Name("XRef"),
        "W": [1, 4, 2],
        "Index": [CONTENT, 1],
        "Size": number + 1,
        "Length": len(table),
    }
    body = data + evil
    hidden_at = len(body)
    body += b"".join(map(bytes, write_object(number, Stream(head, table))))
    document = read_document(data)
    trailer = {
        **{k: v for k, v in document.revisions[-1].trailer.items() if k in ("Root", "ID")},
        "Size": number + 1,
        "Prev": document.revisions[-1].startxref,
        "XRefStm": hidden_at,
    }
    start = len(body)
    row = b"%d 1\n%010d 00000 n \n" % (number, hidden_at)
    return body + b"xref\n" + row + b"trailer\n%s\nstartxref\n%d\n%%%%EOF\n" % (
        write_value(trailer), start,
    )  # fmt: skip


# ── what people see ──────────────────────────────────────────────────────────────────────────────

for _name, _forge in {
    "page_content": replaced(CONTENT),
    "page_content_called_an_object_stream": replaced(
        CONTENT, Stream({"Type": Name("ObjStm"), "N": 0, "First": 0, "Length": 14}, EVIL.data)
    ),
    "page_content_called_a_section": replaced(
        CONTENT, Stream({"Type": Name("XRef"), "Length": 14}, EVIL.data)
    ),
    "image": replaced(IMAGE),
    "page_size": changed(PAGE, MediaBox=[0, 0, 10, 10]),
    "page_action": changed(PAGE, AA={"O": {"S": Name("JavaScript"), "JS": b"1"}}),
    "page_annotation": changed(
        PAGE, Annots=[{"Type": Name("Annot"), "Subtype": Name("Stamp"), "Rect": [0, 0, 99, 99]}]
    ),
    "page_tree_rotated": changed(NUMBERS.PAGES, Rotate=180),
    "page_removed": changed(NUMBERS.PAGES, Kids=[Ref(NUMBERS.STATEMENT_PAGE)], Count=1),
    "page_repeated": changed(NUMBERS.PAGES, Kids=[Ref(PAGE), Ref(PAGE)], Count=2),
    "statement": replaced(NUMBERS.STATEMENT_CONTENT),
    "font": replaced(NUMBERS.REGULAR_FONT),
    "record": replaced(NUMBERS.RECORD_FILE),
    "record_name": changed(NUMBERS.RECORD_SPEC, UF=b"other.xml"),
    "metadata": replaced(NUMBERS.METADATA),
    "language": catalog(Lang=b"en"),
    "open_action": catalog(OpenAction={"S": Name("JavaScript"), "JS": b"app.alert(1)"}),
    "names": catalog(Names={"JavaScript": {"Names": []}}),
    "additional_actions": catalog(AA={"WC": {"S": Name("JavaScript"), "JS": b"1"}}),
    "layers": catalog(OCProperties={"OCGs": [], "D": {}}),
    "permissions": catalog(Perms={}),
    "validation_data_removed": catalog(DSS=None),
    "foreign_validation_data": catalog(DSS={"Certs": [], "Foo": 1}),
    "form_asks_for_appearances": changed(NUMBERS.ACRO_FORM, NeedAppearances=True),
    "form_is_xfa": changed(NUMBERS.ACRO_FORM, XFA=[]),
    "form_loses_fields": changed(NUMBERS.ACRO_FORM, Fields=[Ref(NUMBERS.SIGNER)]),
    "form_repeats_fields": changed(
        NUMBERS.ACRO_FORM, Fields=[Ref(NUMBERS.SIGNER), Ref(NUMBERS.SEAL), Ref(NUMBERS.SEAL)]
    ),
    "place_of_the_signature": changed(NUMBERS.SIGNER, Rect=[0, 0, 500, 500]),
    "appearance_of_the_signature": changed(NUMBERS.SIGNER, AP={"N": Ref(CONTENT)}),
    "appearance_of_the_seal": changed(NUMBERS.SEAL, AP={}),
    "seal_hidden": changed(NUMBERS.SEAL, F=2),
    "orphan": replaced(9000),
}.items():  # fmt: skip
    FORGERIES[_name] = (_forge, AFTER_SEAL)
FORGERIES["page_repeated"] = (FORGERIES["page_repeated"][0], DAMAGED)
FORGERIES["form_repeats_fields"] = (FORGERIES["form_repeats_fields"][0], DAMAGED)
FORGERIES["form_loses_fields"] = (FORGERIES["form_loses_fields"][0], {"seal-missing"})


@forgery(AFTER_SEAL)
def appearance_streams(data: bytes, _: Desk) -> bytes:
    document = read_document(data)
    ref = document.dictionary(document.dictionary(Ref(NUMBERS.SEAL))["AP"])["N"]
    return append(data, {ref.num: Stream({**document.resolve(ref).dict, "Length": 14}, EVIL.data)})


@forgery(AFTER_SEAL)
def document_information(data: bytes, _: Desk) -> bytes:
    return append(data, {9000: {"Title": b"Another title"}}, trailer={"Info": Ref(9000)})


@forgery(AFTER_SEAL)
def a_page_added(data: bytes, _: Desk) -> bytes:
    pages = read_document(data).dictionary(Ref(NUMBERS.PAGES))
    page = {"Type": Name("Page"), "Parent": Ref(NUMBERS.PAGES), "MediaBox": [0, 0, 99, 99]}
    kids = {**pages, "Kids": [*pages["Kids"], Ref(9000)], "Count": pages["Count"] + 1}
    return append(data, {9000: page, NUMBERS.PAGES: kids})


@forgery(AFTER_SEAL)
def a_certificate_of_the_store(data: bytes, _: Desk) -> bytes:
    document = read_document(data)
    ref = document.array(document.dictionary(document.root()["DSS"])["Certs"])[0]
    return append(data, {ref.num: EVIL})


@forgery(AFTER_SEAL)
def information_after_the_last_time_stamp(data: bytes, _: Desk) -> bytes:
    return append(data, {9000: {"Producer": b"x"}}, trailer={"Info": Ref(9000)})


# ── two steps: prepare, then strike ──────────────────────────────────────────────────────────────


@forgery(AFTER_SEAL)
def content_as_validation_data(data: bytes, _: Desk) -> bytes:
    """First /VRI leads to the page's content, then that object is "validation data" to replace."""
    root = read_document(data).root()
    store = {**read_document(data).dictionary(root["DSS"]), "VRI": Ref(CONTENT)}
    once = append(data, {root["DSS"].num: store})
    return append(once, {CONTENT: EVIL})


@forgery(AFTER_SEAL)
def an_old_array_as_validation_data(data: bytes, desk: Desk) -> bytes:
    """The annotations' array becomes /DSS /Certs of a copy without a store, and grows."""
    document = read_document(data)
    page = document.dictionary(Ref(NUMBERS.STATEMENT_PAGE))
    base = cut(data, 2)
    once = append(
        base, {NUMBERS.CATALOG: {**read_document(base).root(), "DSS": {"Certs": page["Annots"]}}}
    )
    old = read_document(once).array(page["Annots"])
    stamp = {"Type": Name("Annot"), "Subtype": Name("Stamp"), "Rect": [0, 0, 99, 99]}
    return append(once, {9000: stamp, page["Annots"].num: [*old, Ref(9000)]})


# ── time-stamps of the forger's own ──────────────────────────────────────────────────────────────

_VISIBLE: Final[PdfDict] = {"Rect": [0, 0, 300, 300], "AP": {"N": Ref(9000)}}
_FORM: Final = Stream(
    {"Type": Name("XObject"), "Subtype": Name("Form"), "BBox": [0, 0, 9, 9], "Length": 14},
    EVIL.data,
)


@forgery(AFTER_SEAL)
def a_visible_time_stamp(data: bytes, desk: Desk) -> bytes:
    return stamped(data, desk, _VISIBLE, {9000: _FORM})


@forgery(AFTER_SEAL)
def a_time_stamp_with_a_visible_child(data: bytes, desk: Desk) -> bytes:
    child = {"Type": Name("Annot"), "Subtype": Name("Widget"), "Parent": Ref(101), **_VISIBLE}
    return stamped(data, desk, {"Kids": [Ref(9001)]}, {9000: _FORM, 9001: child})


@forgery(AFTER_SEAL)
def a_time_stamp_with_an_appearance(data: bytes, desk: Desk) -> bytes:
    return stamped(data, desk, {"AP": {"N": Ref(9000)}}, {9000: _FORM})


@forgery(AFTER_SEAL)
def a_time_stamp_with_an_action(data: bytes, desk: Desk) -> bytes:
    return stamped(data, desk, {"A": {"S": Name("URI"), "URI": b"http://example.org"}})


@forgery(AFTER_SEAL)
def a_time_stamp_called_seal(data: bytes, desk: Desk) -> bytes:
    return stamped(data, desk, {"T": b"Seal"})


@forgery(AFTER_SEAL)
def a_time_stamp_and_another_content(data: bytes, desk: Desk) -> bytes:
    return stamped(data, desk, {}, {CONTENT: EVIL})


@forgery(AFTER_SEAL)
def a_time_stamp_and_an_orphan(data: bytes, desk: Desk) -> bytes:
    return stamped(data, desk, {}, {9000: EVIL})


@forgery(AFTER_SEAL)
def a_time_stamp_and_other_metadata(data: bytes, desk: Desk) -> bytes:
    old = read_document(data).view()[NUMBERS.METADATA].value
    text = old.encoded().replace(b"</dc:title>", b"x</dc:title>")
    assert text != old.encoded()
    other = Stream({**old.dict, "Length": len(text)}, text)
    return stamped(data, desk, {}, {NUMBERS.METADATA: other})


@forgery({"timestamp-broken", "signature-malformed"})
def a_time_stamp_without_a_token(data: bytes, desk: Desk) -> bytes:
    good = stamped(data, desk, {})
    start = good.rindex(b"/Contents <") + len(b"/Contents <")
    end = good.index(b">", start)
    return good[:start] + b"0" * (end - start) + good[end:]


@forgery({"extra-signature"} | AFTER_SEAL)
def another_signature(data: bytes, desk: Desk) -> bytes:
    """A field of the forger's own with the seal's signature dictionary (SFDA)."""
    document = read_document(data)
    form = document.dictionary(Ref(NUMBERS.ACRO_FORM))
    twin = {**document.dictionary(Ref(NUMBERS.SEAL)), "T": b"Twin"}
    fields = {**form, "Fields": [*form["Fields"], Ref(9000)]}
    return append(data, {9000: twin, NUMBERS.ACRO_FORM: fields})


# ── the tests ────────────────────────────────────────────────────────────────────────────────────


def _codes(data: bytes, desk: Desk) -> tuple[str, list[str]]:
    report = ecert.verify_copy(data, trust=desk.office.trust)
    return report.verdict, report.codes("error")


@pytest.mark.parametrize("name", FORGERIES)
def test_every_forgery_is_refused_by_name(desk: Desk, name: str):
    forge, codes = FORGERIES[name]
    data = desk.copy.to_bytes()
    forged = forge(data, desk)
    assert forged != data
    verdict, found = _codes(forged, desk)
    assert verdict == "INVALID"
    assert set(found) & codes, found


def test_there_are_many_forgeries():
    assert len(FORGERIES) > 60


def test_an_honest_time_stamp_of_anybody_is_accepted(desk: Desk):
    """The same steps without the fraud: what refuses the forgeries is not their being increments."""
    assert _codes(stamped(desk.copy.to_bytes(), desk, {}), desk) == ("VALID", [])


def test_validation_data_may_follow_the_last_time_stamp(desk: Desk):
    data = desk.copy.to_bytes()
    document = read_document(data)
    ref = document.root()["DSS"]
    store = document.dictionary(ref)
    certificate = b"0"  # what is no certificate is not used
    grown = {**store, "Certs": [*store["Certs"], Ref(9000)]}
    item = Stream({"Length": len(certificate)}, certificate)
    assert _codes(append(data, {ref.num: grown, 9000: item}), desk) == ("VALID", [])


# ── foreign files: forms of others, signed, then changed ─────────────────────────────────────────

_SIGNED_FIELD, _OPEN_FIELD, _TEXT, _SHARED = 6, 7, 8, 20
_LOCK: Final[PdfDict] = {
    "Type": Name("SigRef"),
    "TransformMethod": Name("FieldMDP"),
    "TransformParams": {"Action": Name("Include"), "Fields": [b"group"]},
}


def _form(num: int) -> Stream:
    return Stream({"Type": Name("XObject"), "Subtype": Name("Form"), "Length": 14}, EVIL.data)


def foreign(desk: Desk, *, reference: PdfDict | None = None, **changes: PdfDict) -> bytes:
    """Sign a little form of somebody else: a two-widget signature field, an empty one, a text field."""
    from ecert.formats.pades.cms_writer import build_signed_data, signed_attributes
    from ecert.formats.pades.increments import begin_signature
    from ecert.formats.pdf.writer import write_revision

    widget = {"Type": Name("Annot"), "Subtype": Name("Widget"), "P": Ref(3)}
    objects: dict[int, PdfValue] = {
        1: {"Type": Name("Catalog"), "Pages": Ref(2), "AcroForm": Ref(5)},
        2: {"Type": Name("Pages"), "Kids": [Ref(3)], "Count": 1},
        3: {
            "Type": Name("Page"), "Parent": Ref(2), "MediaBox": [0, 0, 200, 200],
            "Contents": Ref(_SHARED), "Resources": {"XObject": {"X": Ref(99)}},
            "Annots": [Ref(9), Ref(_OPEN_FIELD), Ref(_TEXT), Ref(11)],
        },
        4: EVIL,
        5: {"Fields": [Ref(_SIGNED_FIELD), Ref(_OPEN_FIELD), Ref(10)], "SigFlags": 3},
        _SIGNED_FIELD: {"FT": Name("Sig"), "T": b"first", "Kids": [Ref(9)]},
        _OPEN_FIELD: {**widget, "FT": Name("Sig"), "T": b"second", "Rect": [0, 0, 9, 9],
                      "AP": {"N": Ref(12)}},
        _TEXT: {**widget, "FT": Name("Tx"), "T": b"text", "Rect": [0, 50, 90, 60], "Parent": Ref(10),
                "AP": {"N": Ref(13)}},
        9: {**widget, "Parent": Ref(_SIGNED_FIELD), "Rect": [0, 90, 90, 99], "AP": {"N": Ref(12)}},
        10: {"T": b"group", "Kids": [Ref(_TEXT)]},
        11: {"Type": Name("Annot"), "Subtype": Name("Square"), "Rect": [1, 1, 5, 5]},
        12: _form(12),
        13: _form(13),
        _SHARED: [Ref(4)],
    }  # fmt: skip
    for name, entries in changes.items():
        objects[int(name[1:])] = {**objects[int(name[1:])], **entries}
    first = b"".join(map(bytes, write_revision(objects, {"Size": 40, "Root": Ref(1)})))
    document = read_document(first)
    dictionary: PdfDict = {
        "Type": Name("Sig"),
        "Filter": Name("Adobe.PPKLite"),
        "SubFilter": Name("ETSI.CAdES.detached"),
        **({"Reference": [reference]} if reference else {}),
    }
    pending = begin_signature(
        document, field=Ref(_SIGNED_FIELD), dictionary=dictionary, objects={}, field_changes={},
        room=6000, signature_number=40,
    )  # fmt: skip
    key = desk.office.key("signer")
    digest = pending.digest(key.scheme.digest)
    attributes = signed_attributes(digest, key.certificate, key.scheme)
    return pending.finish(
        build_signed_data(attributes, key.sign(attributes), key.scheme, key.chain)
    )


def filled(data: bytes, **entries: PdfValue) -> bytes:
    """Fill in the text field, with a new appearance."""
    old = read_document(data).dictionary(Ref(_TEXT))
    new = {**old, "V": b"filled in", "AP": {"N": Ref(60)}, **entries}
    return append(data, {_TEXT: new, 60: _form(60)})


def _judge(data: bytes, desk: Desk) -> tuple[str, list[str]]:
    report = ecert.verify_copy(
        data, trust=desk.office.trust, policy="signatures", revocation="if-present"
    )
    return report.verdict, report.codes("error")


def test_a_foreign_form_may_be_filled_in(desk: Desk):
    data = foreign(desk)
    assert _judge(data, desk) == ("VALID", [])
    assert _judge(filled(data), desk) == ("VALID", [])
    over = append(
        data, {_TEXT: {**read_document(data).dictionary(Ref(_TEXT)), "V": b"x"}, 13: EVIL}
    )
    assert _judge(over, desk) == ("VALID", [])


_DOCMDP: Final[PdfDict] = {
    "Type": Name("SigRef"),
    "TransformMethod": Name("DocMDP"),
    "TransformParams": {"P": 1},
}
_UNREADABLE: Final[PdfDict] = {**_DOCMDP, "TransformParams": {"P": b"3"}}


@pytest.mark.parametrize("reference", [_LOCK, _DOCMDP, _UNREADABLE])
def test_a_lock_or_permission_forbids_filling_in(desk: Desk, reference: PdfDict):
    data = foreign(desk, reference=reference)
    assert _judge(data, desk) == ("VALID", [])
    assert _judge(filled(data), desk) == ("INVALID", ["changed-after-signature"])


def _shared(data: bytes, key: str) -> bytes:
    """Let the validation data share the array of page contents, then write over it."""
    store = {"Certs": Ref(_SHARED)} if key == "array" else {"VRI": Ref(_SHARED)}
    once = append(data, {1: {**read_document(data).root(), "DSS": store}})
    return append(once, {_SHARED: [Ref(61)], 61: EVIL})


FOREIGN: Final[dict[str, Callable[[bytes], bytes]]] = {
    "appearance of a signed field's own widget": lambda d: append(
        d, {9: {**read_document(d).dictionary(Ref(9)), "AP": {"N": Ref(60)}}, 60: EVIL}
    ),
    "appearance the signed widget shows too": lambda d: append(
        d, {_OPEN_FIELD: {**read_document(d).dictionary(Ref(_OPEN_FIELD)), "M": b"x"}, 12: EVIL}
    ),
    "an object the page was missing": lambda d: append(d, {99: EVIL}),
    "an object the page was missing, as validation data": lambda d: append(
        d, {99: EVIL, 1: {**read_document(d).root(), "DSS": {"Certs": [Ref(99)]}}}
    ),
    "contents shared with validation data": lambda d: _shared(d, "array"),
    "contents shared with a dictionary of it": lambda d: _shared(d, "VRI"),
    "contents as annotations": lambda d: append(
        d, {3: {**read_document(d).dictionary(Ref(3)), "Contents": Ref(61)}, 61: EVIL}
    ),
    "annotations in another order": lambda d: append(
        d,
        {
            3: {
                **read_document(d).dictionary(Ref(3)),
                "Annots": [Ref(11), Ref(9), Ref(_OPEN_FIELD), Ref(_TEXT)],
            }
        },
    ),
    "a field's place": lambda d: filled(d, Rect=[0, 0, 200, 200]),
    "a field renamed": lambda d: filled(d, T=b"other"),
    "a widget for the signed field": lambda d: append(
        d,
        {
            _SIGNED_FIELD: {
                **read_document(d).dictionary(Ref(_SIGNED_FIELD)),
                "Kids": [Ref(9), Ref(60)],
            },
            60: {"Parent": Ref(_SIGNED_FIELD)},
        },
    ),
}


@pytest.mark.parametrize("name", FOREIGN)
def test_a_foreign_file_changed_after_signing_is_refused(desk: Desk, name: str):
    changed_file = FOREIGN[name](foreign(desk))
    verdict, codes = _judge(changed_file, desk)
    assert verdict == "INVALID"
    assert "changed-after-signature" in codes, codes
