"""The revisions that signing and archiving append; each is bytes after bytes, nothing before changes.

One signing path: :func:`begin_signature` lays out the revision with room for the signature value and
tells its digest; somebody signs; :meth:`PendingSignature.finish` fills the value in.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from ecert.formats.pades.dss import dss_objects
from ecert.formats.pades.fields import write_date
from ecert.formats.pades.ranges import ByteRange
from ecert.formats.pdf import Document, Name, PdfValue, Ref
from ecert.formats.pdf.objects import Hex, PdfDict, Raw
from ecert.formats.pdf.writer import write_revision
from ecert.model.evidence import Evidence

#: ten digits each, as many as an offset in a table has: the range is written over it, and nothing moves
_RANGE_ROOM = b"[0 0000000000 0000000000 0000000000]"


class DoesNotFit(Exception):
    """The signature value is longer than the room kept for it."""


@dataclass(frozen=True)
class PendingSignature:
    """A file laid out for a signature whose value is still missing: what was there, and what comes."""

    base: bytes
    increment: bytearray
    byte_range: ByteRange

    @property
    def size(self) -> int:
        """Return the finished file's length in bytes."""
        return len(self.base) + len(self.increment)

    def digest(self, algorithm: str) -> bytes:
        """Return the digest over the byte range."""
        _, gap, after, _ = self.byte_range
        start = len(self.base)
        state = hashlib.new(algorithm, self.base)
        state.update(memoryview(self.increment)[: gap - start])
        state.update(memoryview(self.increment)[after - start :])
        return state.digest()

    def finish(self, contents: bytes) -> bytes:
        """Return the file with ``contents`` (DER) filled in, padded with zeros.

        Raises:
            DoesNotFit: the room is too small.
        """
        start = self.byte_range[1] + 1 - len(self.base)
        end = self.byte_range[2] - 1 - len(self.base)
        digits = contents.hex().encode()
        if len(digits) > end - start:
            raise DoesNotFit(f"{len(contents)} bytes do not fit into {(end - start) // 2}")
        filled = bytearray(self.increment)
        filled[start : start + len(digits)] = digits
        return b"".join((self.base, filled))


def next_number(document: Document) -> int:
    """Return the first object number that is free."""
    size = document.revisions[-1].trailer.get("Size", 0)
    return max(size if type(size) is int else 0, max(document.view(), default=0) + 1)


def begin_signature(
    document: Document,
    *,
    field: Ref,
    dictionary: PdfDict,
    objects: Mapping[int, PdfValue],
    field_changes: PdfDict,
    room: int,
    signature_number: int,
    perms: bool = False,
) -> PendingSignature:
    """Lay out the revision that signs an empty field.

    ``objects`` are new objects (the appearance), ``field_changes`` what the field's dictionary gains
    besides /V, ``room`` the bytes kept for the CMS; ``perms`` enters the signature as the DocMDP one.
    """
    changed: dict[int, PdfValue] = dict(objects)
    widget = dict(document.dictionary(field))
    widget.update(field_changes)
    widget["V"] = Ref(signature_number)
    changed[field.num] = widget
    changed[signature_number] = _with_room(dictionary, room)
    if perms:
        changed[_root_ref(document).num] = {**document.root(), "Perms": {"DocMDP": Ref(signature_number)}}
    return _lay_out(document, changed)


def begin_document_timestamp(
    document: Document, evidence: Evidence, *, page: Ref, name: str, room: int
) -> PendingSignature:
    """Lay out one revision with the validation data and the document time-stamp that ends the file.

    ``evidence`` is what the document's DSS does not hold yet. The field is invisible: its rectangle
    is empty and nothing is painted (EN 319 142-1, 5.4.3).
    """
    changed, first = _validation_data(document, evidence)
    field_number, signature_number = first, first + 1
    changed[field_number] = {
        "Type": Name("Annot"),
        "Subtype": Name("Widget"),
        "FT": Name("Sig"),
        "T": name.encode(),
        "Rect": [0, 0, 0, 0],
        "F": 132,  # Print, which PDF/A demands (ISO 19005-3, 6.3.2), and Locked (table 165)
        "P": page,
        "V": Ref(signature_number),
    }
    changed[signature_number] = _with_room(
        {"Type": Name("DocTimeStamp"), "Filter": Name("Adobe.PPKLite"), "SubFilter": Name("ETSI.RFC3161")}, room
    )
    root = changed.get(_root_ref(document).num, document.root())
    _append(document, changed, root, "AcroForm", "Fields", Ref(field_number))
    holder = document.dictionary(page)
    annotations = holder.get("Annots")
    entries = [*document.array(annotations), Ref(field_number)]
    if isinstance(annotations, Ref):
        changed[annotations.num] = entries
    else:
        changed[page.num] = {**holder, "Annots": entries}
    return _lay_out(document, changed)


def append_validation_data(document: Document, evidence: Evidence) -> bytes:
    """Return the file with one more revision that holds only the DSS (level B-LT)."""
    changed, _ = _validation_data(document, evidence)
    return b"".join((document.data, *_revision(document, changed)))


def _validation_data(document: Document, evidence: Evidence) -> tuple[dict[int, PdfValue], int]:
    """Return the changed objects that bring the DSS up to date, and the next free number."""
    first = next_number(document)
    root_ref, root = _root_ref(document), document.root()
    if not evidence:
        return {}, first
    old = root.get("DSS")
    number = old.num if isinstance(old, Ref) else first
    begin = first if isinstance(old, Ref) else first + 1
    objects, store = dss_objects(document, evidence, begin)
    objects[number] = store
    if not isinstance(old, Ref):
        objects[root_ref.num] = {**root, "DSS": Ref(number)}
    return objects, max(first, *objects) + 1


def _append(
    document: Document, changed: dict[int, PdfValue], root: PdfDict, holder_key: str, key: str, ref: Ref
) -> None:
    """Append ``ref`` to the array ``/holder_key /key`` of the catalogue, wherever it stands."""
    holder = root.get(holder_key)
    inner = document.dictionary(holder)
    entries = [*document.array(inner.get(key)), ref]
    array = inner.get(key)
    if isinstance(array, Ref):
        changed[array.num] = entries
    elif isinstance(holder, Ref):
        changed[holder.num] = {**inner, key: entries}
    else:
        changed[_root_ref(document).num] = {**root, holder_key: {**inner, key: entries}}


def _with_room(dictionary: PdfDict, room: int) -> PdfDict:
    return {**dictionary, "ByteRange": Raw(_RANGE_ROOM), "Contents": Raw(b"<" + b"0" * (2 * room) + b">")}


def _root_ref(document: Document) -> Ref:
    root = document.revisions[-1].trailer.get("Root")
    assert isinstance(root, Ref)
    return root


def _revision(document: Document, objects: Mapping[int, PdfValue]) -> list[bytes | memoryview]:
    last = document.revisions[-1].trailer
    identifier = document.array(last.get("ID"))
    trailer: PdfDict = {
        "Size": max(next_number(document), max(objects) + 1),
        "Root": _root_ref(document),
        "Prev": document.revisions[-1].startxref,
    }
    if "Info" in last:
        trailer["Info"] = last["Info"]
    if identifier:
        # a new one for each revision (14.4), derived and not random: the same input gives the same bytes
        fresh = hashlib.sha256(bytes(identifier[-1]) + str(sorted(objects)).encode()).digest()[:16]
        trailer["ID"] = [Hex(identifier[0]), Hex(fresh)]
    return write_revision(objects, trailer, start=len(document.data))


def _lay_out(document: Document, objects: Mapping[int, PdfValue]) -> PendingSignature:
    increment = bytearray().join(_revision(document, objects))
    base = len(document.data)
    at = increment.index(_RANGE_ROOM)
    gap = increment.index(b"/Contents <", at) + len(b"/Contents ")
    end = increment.index(b">", gap) + 1
    byte_range = (0, base + gap, base + end, len(increment) - end)
    text = b"[0 %d %d %d]" % byte_range[1:]
    increment[at : at + len(_RANGE_ROOM)] = text.ljust(len(_RANGE_ROOM))
    return PendingSignature(document.data, increment, byte_range)


def signature_dictionary(
    claimed: datetime, utc_offset_hours: int, *, docmdp: bool, lock: PdfDict | None, root: Ref
) -> PdfDict:
    """Return a PAdES signature dictionary without its byte range and contents (12.8.1).

    ``docmdp`` adds the DocMDP transform with P=2, ``lock`` the FieldMDP transform of a field's lock.
    """
    references: list[PdfValue] = []
    if docmdp:
        references.append(
            {
                "Type": Name("SigRef"),
                "TransformMethod": Name("DocMDP"),
                "TransformParams": {"Type": Name("TransformParams"), "P": 2, "V": Name("1.2")},
            }
        )
    if lock is not None:
        parameters = {k: v for k, v in lock.items() if k in ("Action", "Fields")}
        references.append(
            {
                "Type": Name("SigRef"),
                "TransformMethod": Name("FieldMDP"),
                "Data": root,  # table 253: FieldMDP names the object it is about
                "TransformParams": {"Type": Name("TransformParams"), **parameters, "V": Name("1.2")},
            }
        )
    return {
        "Type": Name("Sig"),
        "Filter": Name("Adobe.PPKLite"),
        "SubFilter": Name("ETSI.CAdES.detached"),
        "M": write_date(claimed, utc_offset_hours),
        **({"Reference": references} if references else {}),
    }
