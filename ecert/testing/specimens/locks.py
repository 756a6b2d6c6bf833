"""What a lock on fields covers (ISO 32000-1, 12.8.2.4): a name and what lies below it, not what begins alike.

A verifier that compares the beginnings of names takes “group2” for locked with “group”, or “Seal.note”
for another field than “Seal”.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Final

from ecert.formats.ecert1 import NUMBERS
from ecert.formats.pdf import Name, PdfValue, Ref, read_document
from ecert.formats.pdf.objects import PdfDict
from ecert.model.findings import Code
from ecert.report import Verdict
from ecert.testing.specimens.foreign import TEXT, foreign
from ecert.testing.specimens.increments import FREE, PAGE, PAINT, append, changed, form, stream
from ecert.testing.specimens.registry import Make, Recipe, add
from ecert.testing.specimens.specimen import AttackClass

if TYPE_CHECKING:
    from ecert.testing.specimens.press import Press

# ── fields beside and below the seal's, which locks itself and the signer's ──────────────────────


def _with_field(name: str, **entries: PdfValue) -> Make:
    """Add a filled field of that name, shown on page 1."""

    def make(press: Press) -> bytes:
        field = {
            "Type": Name("Annot"),
            "Subtype": Name("Widget"),
            "FT": Name("Tx"),
            "T": name.encode(),
            "V": b"520,5",
            "Rect": [20, 20, 120, 60],
            "P": Ref(PAGE),
            "AP": {"N": Ref(FREE + 1)},
            **entries,
        }
        known = changed(press.copy, NUMBERS.ACRO_FORM)
        fields = [*read_document(press.copy).array(known["Fields"]), Ref(FREE)]
        objects: dict[int, PdfValue] = {
            FREE: field,
            FREE + 1: form(PAINT),
            int(NUMBERS.ACRO_FORM): {**known, "Fields": fields},
            PAGE: changed(press.copy, PAGE, Annots=[Ref(FREE)]),
        }
        return append(press.copy, objects)

    return make


def _below_the_seal(press: Press) -> bytes:
    """Make the seal's field the parent of a text field."""
    note = {
        "Type": Name("Annot"),
        "Subtype": Name("Widget"),
        "FT": Name("Tx"),
        "T": b"note",
        "V": b"520,5",
        "Rect": [20, 20, 120, 60],
        "P": Ref(PAGE),
        "AP": {"N": Ref(FREE + 1)},
        "Parent": Ref(NUMBERS.SEAL),
    }
    objects: dict[int, PdfValue] = {
        FREE: note,
        FREE + 1: form(PAINT),
        int(NUMBERS.SEAL): changed(press.copy, NUMBERS.SEAL, Kids=[Ref(FREE)]),
        PAGE: changed(press.copy, PAGE, Annots=[Ref(FREE)]),
    }
    return append(press.copy, objects)


_BESIDE: Final[dict[str, tuple[Make, str, str]]] = {
    "field-called-seal-note": (
        _with_field("Seal.note"),
        "Thêm ô nhập liệu có tên “Seal.note”, trông như nằm dưới ô con dấu.",
        "A field named “Seal.note” was added, as if it lay below the seal's.",
    ),
    "field-called-seal2": (
        _with_field("Seal2"),
        "Thêm ô nhập liệu có tên “Seal2”, chỉ giống phần đầu tên ô con dấu.",
        "A field named “Seal2” was added, which only begins like the seal's.",
    ),
}
for _name, (_make, _vi, _en) in _BESIDE.items():
    add(Recipe(_name, "field-duplication", _vi, _en, ("changed-after-seal",), _make))
add(
    Recipe(
        "field-below-the-seal",
        "field-duplication",
        "Ô con dấu nhận một ô nhập liệu “note” làm ô con.",
        "The seal's field was given a text field “note” below it.",
        ("changed-after-signer", "seal-missing"),
        _below_the_seal,
    )
)

# ── forms of somebody else, signed with a lock ───────────────────────────────────────────────────

_BOX: Final = [0, 50, 90, 60]
_WORDS: Final = b"filled in"
_SHOWN: Final = b"/Tx BMC q BT /F1 9 Tf 0 g 2 2 Td (%s) Tj ET Q EMC" % _WORDS
_GROUP2, _FLAT = 16, 17


def _lock(action: str, *names: bytes) -> PdfDict:
    parameters = {"Type": Name("TransformParams"), "Action": Name(action), "Fields": list(names)}
    return {"Type": Name("SigRef"), "TransformMethod": Name("FieldMDP"), "TransformParams": parameters}


def _form(press: Press, lock: PdfDict, *, flat: bool) -> bytes:
    """Sign a form whose fields are “group.text”, “group2”, and one named “flat”, or by its own name “group.flat”.

    A point in a field's own name is against 12.7.3.2, and some readers refuse the whole form for it.
    """
    text: PdfDict = {
        "Type": Name("Annot"),
        "Subtype": Name("Widget"),
        "P": Ref(3),
        "FT": Name("Tx"),
        "DA": b"/F1 9 Tf 0 g",
        "Rect": _BOX,
    }
    fields = [Ref(6), Ref(7), Ref(10), Ref(_GROUP2), Ref(_FLAT)]
    page = {
        "Type": Name("Page"),
        "Parent": Ref(2),
        "MediaBox": [0, 0, 200, 200],
        "Contents": Ref(20),
        "Resources": {},
        "Annots": [Ref(n) for n in (9, 7, 8, _GROUP2, _FLAT)],
    }
    prepared: dict[int, PdfValue] = {
        3: page,
        5: {"Fields": fields, "SigFlags": 3, "DA": b"/F1 9 Tf 0 g", "DR": {"Font": {"F1": Ref(14)}}},
        TEXT: {**text, "T": b"text", "Parent": Ref(10)},
        _GROUP2: {**text, "T": b"group2", "Rect": [0, 62, 90, 72]},
        _FLAT: {**text, "T": b"group.flat" if flat else b"flat", "Rect": [0, 74, 90, 84]},
    }
    return foreign(press, lock, prepared)


def _filled(data: bytes, num: int) -> bytes:
    """Fill in a text field as an honest program does."""
    resources = {"Font": {"F1": Ref(14)}}
    shown = stream(_SHOWN, Type=Name("XObject"), Subtype=Name("Form"), BBox=[0, 0, 90, 10], Resources=resources)
    new = changed(data, num, V=_WORDS, AP={"N": Ref(60)})
    return append(data, {num: new, 60: shown})


_FILLED: Final[dict[str, tuple[Verdict, PdfDict, int, str, str]]] = {
    "foreign-filled-beside-a-lock": (
        "VALID",
        _lock("Include", b"group"),
        _GROUP2,
        "Khóa đặt trên “group”; ô “group2” không bị khóa được điền.",
        "The lock names “group”; the field “group2”, which it does not cover, was filled in.",
    ),
    "foreign-filled-below-a-lock": (
        "INVALID",
        _lock("Include", b"group"),
        TEXT,
        "Khóa đặt trên “group”; ô “group.text” nằm dưới nó vẫn bị điền.",
        "The lock names “group”; the field “group.text” below it was filled in.",
    ),
    "foreign-filled-under-a-flat-name": (
        "INVALID",
        _lock("Include", b"group"),
        _FLAT,
        "Khóa đặt trên “group”; ô mà tên riêng viết liền là “group.flat” vẫn bị điền.",
        "The lock names “group”; a field whose own name is “group.flat” was filled in.",
    ),
    "foreign-filled-against-a-longer-name": (
        "INVALID",
        _lock("Include", b"group.text"),
        TEXT,
        "Khóa đặt trên tên đầy đủ “group.text”, ô ấy vẫn bị điền.",
        "The lock names “group.text” in full, and that field was filled in.",
    ),
    "foreign-filled-in-an-exempted-group": (
        "VALID",
        _lock("Exclude", b"group"),
        TEXT,
        "Khóa trên mọi ô trừ “group”; ô “group.text” được điền.",
        "The lock covers all but “group”; the field “group.text” was filled in.",
    ),
    "foreign-filled-beside-an-exempted-group": (
        "INVALID",
        _lock("Exclude", b"group"),
        _GROUP2,
        "Khóa trên mọi ô trừ “group”; ô “group2” chỉ giống phần đầu tên lại bị điền.",
        "The lock covers all but “group”; the field “group2”, which only begins alike, was filled in.",
    ),
    "foreign-filled-against-a-lock-that-cannot-be-read": (
        "INVALID",
        _lock("Some", b"other"),
        TEXT,
        "Cách khóa trong chữ ký là một từ lạ; một ô vẫn bị điền.",
        "The lock's action is an unknown word, and a field was filled in.",
    ),
}


def _of(lock: PdfDict, num: int) -> Callable[[Press], bytes]:
    return lambda press: _filled(_form(press, lock, flat=num == _FLAT), num)


for _name, (_verdict, _transform, _num, _vi, _en) in _FILLED.items():
    _codes: tuple[Code, ...] = ("form-filled-in",) if _verdict == "VALID" else ("changed-after-signature",)
    _class: AttackClass = "control" if _verdict == "VALID" else "foreign-file"
    add(
        Recipe(
            _name, _class, _vi, _en, _codes, _of(_transform, _num), _verdict, policy="signatures", with_evidence=True
        )
    )
