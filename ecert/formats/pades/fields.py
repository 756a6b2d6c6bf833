"""The signatures of a document: fields, signature dictionaries, byte ranges (ISO 32000-1, 12.7.4.5, 12.8).

Only reads and locates. Whether a byte range is what it must be is said by :attr:`PdfSignature.faults`.
"""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, timezone

from ecert.errors import Reason
from ecert.formats.pades.old_subfilters import OLD_SUBFILTERS
from ecert.formats.pades.ranges import ByteRange
from ecert.formats.pdf import Document, Ref, StructureFault
from ecert.formats.pdf.lexer import Lexer
from ecert.formats.pdf.objects import PdfDict, PdfValue, decode_text_string
from ecert.model.limits import MAX_OBJECTS, MAX_SIGNATURES

_SUBFILTERS = ("ETSI.CAdES.detached", "adbe.pkcs7.detached", *OLD_SUBFILTERS)
_DATE = re.compile(r"D:(\d{4})(\d{2})(\d{2})(\d{2})(\d{2})(\d{2})(?:Z(?:00'?00'?)?|([+-])(\d{2})'?(\d{2})'?)\Z")


@dataclass
class SignatureField:
    """A form field of type /Sig, signed or empty."""

    name: str
    ref: Ref
    widget: PdfDict
    value: PdfValue  # a Ref to the signature dictionary, or None


@dataclass
class PdfSignature:
    """A signed field or document time-stamp and what its dictionary says.

    ``revision`` is the index of the revision that wrote the dictionary, ``contents`` the bytes
    between the angle brackets, decoded, padding included. ``more_fields`` hold the same signature: some
    programs sign every page so.
    """

    field: SignatureField
    ref: Ref
    dictionary: PdfDict
    revision: int
    is_timestamp: bool
    byte_range: ByteRange | None
    contents: bytes
    gap: tuple[int, int] | None  # offsets of < and behind > of /Contents in the file
    claimed_time: datetime | None
    docmdp: int | None  # the permission P of its DocMDP transform
    faults: list[Reason] = dataclasses.field(default_factory=list)
    more_fields: tuple[SignatureField, ...] = ()

    @property
    def name(self) -> str:
        """Return the field's full name; of several the first one's."""
        return self.field.name

    @property
    def fields(self) -> tuple[SignatureField, ...]:
        """Return every field that holds this signature."""
        return (self.field, *self.more_fields)

    @property
    def ranges(self) -> list[tuple[int, int]]:
        """Return the byte range as (start, length) pairs."""
        assert self.byte_range is not None
        a, b, c, d = self.byte_range
        return [(a, b), (c, d)]


def signature_fields(document: Document, revision: int = -1) -> list[SignatureField]:
    """Return the signature fields of the form, in order, as of a revision."""
    return list(_walk(document, revision))


def _walk(document: Document, revision: int) -> Iterator[SignatureField]:
    form = document.dictionary(document.root(revision).get("AcroForm"), revision)
    stack: list[tuple[PdfValue, str, PdfValue, PdfValue]] = [
        (ref, "", None, None) for ref in reversed(document.array(form.get("Fields"), revision))
    ]
    seen: set[Ref] = set()
    looked_at = 0  # kids, of which fields may share an array
    while stack:
        ref, prefix, kind, value = stack.pop()
        node = document.dictionary(ref, revision)
        if not isinstance(ref, Ref):
            if node.get("FT") == "Sig" or kind == "Sig":
                raise StructureFault("structure-unsupported", Reason("pades.field-without-number"))
            continue
        if ref in seen:
            raise StructureFault("pdf-damaged", Reason("pades.fields-loop"))
        if len(seen) > MAX_OBJECTS:
            raise StructureFault("over-limit", Reason("limits.form-fields"), limit=MAX_OBJECTS)
        seen.add(ref)
        kind, value = node.get("FT", kind), node.get("V", value)
        part = document.resolve(node.get("T"), revision)
        name = prefix
        if isinstance(part, bytes):
            text = decode_text_string(part)
            name = f"{prefix}.{text}" if prefix else text
        below = document.array(node.get("Kids"), revision)
        looked_at += len(below)
        if looked_at > MAX_OBJECTS:
            raise StructureFault("over-limit", Reason("limits.form-fields"), limit=MAX_OBJECTS)
        kids = [k for k in below if "T" in document.dictionary(k, revision) or "FT" in document.dictionary(k, revision)]
        if kids:
            stack.extend((kid, name, kind, value) for kid in reversed(kids))
        elif document.resolve(kind, revision) == "Sig":
            yield SignatureField(name, ref, node, value)
            yield from _signed_widgets(document, SignatureField(name, ref, node, value), revision)


def _signed_widgets(document: Document, field: SignatureField, revision: int) -> Iterator[SignatureField]:
    """Yield the widgets of a field that have a value of their own; some readers take it for the field's."""
    for kid in document.array(field.widget.get("Kids"), revision):
        widget = document.dictionary(kid, revision)
        value = widget.get("V")
        if isinstance(kid, Ref) and value is not None and value != field.value:
            yield SignatureField(field.name, kid, {**field.widget, **widget}, value)


def read_signatures(document: Document, *, several_fields: bool = False) -> list[PdfSignature]:
    """Return the signatures and document time-stamps, oldest first.

    ``several_fields``: several fields may hold one signature where its own revision wrote all of them, so that it
    covers them; the first of them names it. Otherwise that is a fault: a field made to show another's signature.

    Raises:
        StructureFault: there are more than the limit, or a field is not readable.
    """
    signed = [f for f in signature_fields(document) if document.resolve(f.value) is not None]
    if len(signed) > MAX_SIGNATURES:
        raise StructureFault("over-limit", Reason("limits.signatures"), limit=MAX_SIGNATURES)
    sharing: dict[Ref, list[SignatureField]] = {}
    for field in signed:
        sharing.setdefault(_dictionary_ref(field), []).append(field)
    signatures: list[PdfSignature] = []
    for fields in sharing.values():
        found = [_read(document, field) for field in fields]
        if several_fields and _are_signed_at_once(document, found[0], fields):
            found[0].more_fields = tuple(fields[1:])
            del found[1:]
        elif len(found) > 1:
            for signature in found:
                signature.faults.append(Reason("pades.dictionary-shared"))
        signatures += found
    return sorted(signatures, key=lambda s: (s.revision, s.gap or (0, 0)))


def _dictionary_ref(field: SignatureField) -> Ref:
    """Return what refers to a field's signature; one that is written in place has no number."""
    return field.value if isinstance(field.value, Ref) else Ref(-1, -1)


def _are_signed_at_once(document: Document, signature: PdfSignature, fields: list[SignatureField]) -> bool:
    """Return whether the signature's revision wrote all of its fields, and none did later; each has its own name."""
    names, numbers = {f.name for f in fields}, {f.ref.num for f in fields}
    return (
        not signature.is_timestamp
        and len(names) == len(numbers) == len(fields)
        and all(_written_in(document, num) == signature.revision for num in numbers)
        and all("V" in f.widget for f in fields)  # its own: none inherits what another revision may have written
    )


def _read(document: Document, field: SignatureField) -> PdfSignature:
    value = document.dictionary(field.value)
    ref = _dictionary_ref(field)
    kind, sub_filter = value.get("Type"), value.get("SubFilter")
    signature = PdfSignature(
        field=field,
        ref=ref,
        dictionary=value,
        revision=_written_in(document, ref.num),
        is_timestamp=kind == "DocTimeStamp" or sub_filter == "ETSI.RFC3161",
        byte_range=_byte_range(document.resolve(value.get("ByteRange"))),
        contents=b"",
        gap=None,
        claimed_time=parse_date(document.resolve(value.get("M"))),
        docmdp=_docmdp(document, value),
    )
    if not value:
        signature.faults.append(Reason("pades.value-not-a-signature"))
    elif kind not in (None, "Sig", "DocTimeStamp"):
        signature.faults.append(Reason("pades.type", type=str(kind)))
    elif signature.is_timestamp and sub_filter != "ETSI.RFC3161":
        signature.faults.append(Reason("pades.timestamp-subfilter", filter=str(sub_filter)))
    elif not signature.is_timestamp and sub_filter not in _SUBFILTERS:
        signature.faults.append(Reason("pades.subfilter", filter=str(sub_filter)))
    if signature.byte_range is None:
        signature.faults.append(Reason("pades.no-byte-range"))
        return signature
    _locate(document, signature)
    return signature


def _written_in(document: Document, num: int) -> int:
    found = [r.index for r in document.revisions if num in r.objects]
    return found[-1] if found else 0


def _byte_range(value: PdfValue) -> ByteRange | None:
    if not isinstance(value, list) or len(value) != 4:
        return None
    if not all(type(v) is int and v >= 0 for v in value):
        return None
    return (value[0], value[1], value[2], value[3])


def _docmdp(document: Document, value: PdfDict) -> int | None:
    for reference in document.array(value.get("Reference")):
        entry = document.dictionary(reference)
        if entry.get("TransformMethod") == "DocMDP":
            # 2 where nothing is said (table 254); what is no permission permits nothing
            permission = document.resolve(document.dictionary(entry.get("TransformParams")).get("P", 2))
            return permission if type(permission) is int and permission in (1, 2, 3) else 1
    return None


def _locate(document: Document, signature: PdfSignature) -> None:
    """Find /Contents in the file and hold the byte range against it."""
    data, byte_range = document.data, signature.byte_range
    assert byte_range is not None
    holder = document.revisions[signature.revision].objects.get(signature.ref.num)
    if holder is None or not data[holder.start : holder.start + 1].isdigit():
        signature.faults.append(Reason("pades.dictionary-not-an-object"))
        return
    span = _value_span(data, holder.start, "Contents")
    if span is None or data[span[0]] != 0x3C or data[span[1] - 1] != 0x3E:
        signature.faults.append(Reason("pades.contents-not-hexadecimal"))
        return
    signature.gap = span
    signature.contents = bytes(signature.dictionary.get("Contents") or b"")
    start, first, second, length = byte_range
    revision = document.revisions[signature.revision]
    if start != 0:
        signature.faults.append(Reason("pades.byte-range-start"))
    # a wider gap is room for signature wrapping: what stands in it nobody has signed (docs/explanation/attacks.md)
    if (first, second) != span:
        signature.faults.append(Reason("pades.byte-range-gap"))
    end = second + length
    if end > len(data):
        signature.faults.append(Reason("pades.byte-range-past-end"))
    # bytes of its own revision that it does not cover would pass for signed; one line end shows nothing
    elif end > revision.end or data[end : revision.end] not in (b"", b"\n", b"\r", b"\r\n"):
        signature.faults.append(Reason("pades.byte-range-end"))


def _value_span(data: bytes, start: int, key: str) -> tuple[int, int] | None:
    """Return the offsets of a key's value in the top dictionary of the object at ``start``."""
    lexer = Lexer(data, start)
    lexer.integer()
    lexer.integer()
    lexer.expect(b"obj")
    lexer.skip_space()
    if data[lexer.pos : lexer.pos + 2] != b"<<":
        return None
    lexer.pos += 2
    while True:
        lexer.skip_space()
        if data[lexer.pos : lexer.pos + 1] != b"/":
            return None
        name = lexer.value()
        lexer.skip_space()
        begin = lexer.pos
        lexer.value()
        if name == key:
            return begin, lexer.pos


def parse_date(value: PdfValue) -> datetime | None:
    """Read a PDF date with seconds and zone (7.9.4); anything else is None."""
    if not isinstance(value, bytes):
        return None
    found = _DATE.match(value.decode("latin-1"))
    if not found:
        return None
    *numbers, sign, hours, minutes = found.groups()
    try:
        offset = timedelta(hours=int(hours or 0), minutes=int(minutes or 0))
        zone = timezone(-offset if sign == "-" else offset)
        return datetime(*map(int, numbers), tzinfo=zone).astimezone(UTC)  # type: ignore[arg-type,misc]
    except (ValueError, OverflowError):
        return None


def write_date(time: datetime, utc_offset_hours: int) -> bytes:
    """Write a PDF date in an office's zone, such as ``D:20261001090304+07'00'``."""
    local = time.astimezone(timezone(timedelta(hours=utc_offset_hours)))
    sign = "-" if utc_offset_hours < 0 else "+"
    return f"D:{local:%Y%m%d%H%M%S}{sign}{abs(utc_offset_hours):02}'00'".encode()


__all__ = ["PdfSignature", "SignatureField", "parse_date", "read_signatures", "signature_fields", "write_date"]
