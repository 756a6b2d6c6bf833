"""Clear and sign again: a signature is taken out of its field, the field's lock loosened, and somebody signs once more.

Readers that look at the newest state alone find every signature right. Whoever holds the keys of a
signature can do all of it, so each step is made with the true keys (pdf-association/pdf-issues, 764).
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Final

from ecert.formats.ecert1 import NUMBERS
from ecert.formats.pades.increments import begin_signature, next_number
from ecert.formats.pdf import Name, PdfValue, Ref, read_document
from ecert.formats.pdf.objects import PdfDict
from ecert.model.findings import Code
from ecert.report import Verdict
from ecert.testing.specimens.dishonest import Work
from ecert.testing.specimens.foreign import OPEN_FIELD, foreign
from ecert.testing.specimens.increments import CONTENT, FORGED, FREE, PAGE, PAINT, append, changed, fill_in, form
from ecert.testing.specimens.registry import Recipe, add, specimen
from ecert.testing.specimens.specimen import AttackClass

if TYPE_CHECKING:
    from ecert.testing.specimens.press import Press

_STAMP: Final[PdfDict] = {
    "Type": Name("Annot"),
    "Subtype": Name("Stamp"),
    "Rect": [20, 20, 120, 60],
    "F": 4,
    "AP": {"N": Ref(FREE + 1)},
}

# ── a certified copy, with the office's own seal ─────────────────────────────────────────────────


def _cleared(press: Press, **lock: PdfValue) -> bytes:
    """Make the seal's field empty again; ``lock`` are entries its lock then has."""
    field = changed(press.copy, NUMBERS.SEAL, V=None, AP=None)
    field["Lock"] = {**field["Lock"], **lock}
    return append(press.copy, {int(NUMBERS.SEAL): field})


def _sealed_again(press: Press, cleared: bytes) -> Work:
    return Work(press, cleared, press.draft.record).sign("seal")


def _annotated(data: bytes) -> bytes:
    page = changed(data, PAGE, Annots=[Ref(FREE)])
    return append(data, {PAGE: page, FREE: _STAMP, FREE + 1: form(PAINT)})


@specimen(
    "certification",
    "seal-missing",
    "changed-after-signer",
    vi="Con dấu bị gỡ khỏi ô của mình, khóa của ô bị nới để cho phép chú thích.",
    en="The seal was taken out of its field, whose lock was loosened to permit annotations.",
)
def seal_cleared_and_lock_loosened(press: Press) -> bytes:
    return _cleared(press, P=3)


@specimen(
    "certification",
    "changed-after-signer",
    vi="Con dấu bị gỡ khỏi ô, rồi cơ quan đóng dấu lại bằng khóa thật: con dấu đầu không còn dấu vết.",
    en="The seal was taken out of its field and the body sealed again with its true key: no trace of the first.",
)
def sealed_again_after_clearing(press: Press) -> bytes:
    return _sealed_again(press, _cleared(press)).data


@specimen(
    "certification",
    "changed-after-signer",
    "changed-after-seal",
    vi="Con dấu bị gỡ, khóa của ô bị nới, cơ quan đóng dấu lại bằng khóa thật, rồi trang 1 nhận một chú thích.",
    en="The seal was cleared, its lock loosened, the body sealed again with its true key, and page 1 was annotated.",
)
def sealed_again_and_annotated(press: Press) -> bytes:
    return _annotated(_sealed_again(press, _cleared(press, P=3)).data)


@specimen(
    "certification",
    "changed-after-signer",
    vi="Con dấu bị gỡ, trang 1 bị thay, cơ quan đóng dấu lại bằng khóa thật và lưu trữ lại đầy đủ.",
    en="The seal was cleared, page 1 replaced; the body sealed again with its true key and archived it all anew.",
)
def sealed_again_over_another_page(press: Press) -> bytes:
    replaced = append(_cleared(press), {CONTENT: FORGED})
    return _sealed_again(press, replaced).archive()


# ── a form of somebody else, signed by two ───────────────────────────────────────────────────────

_LOCK: Final[PdfDict] = {"Type": Name("SigFieldLock"), "Action": Name("All"), "P": 1}
_SECOND: Final = 200  # numbers of what is made here


def _signed_twice(press: Press) -> bytes:
    """Let two sign: the second one's field says that nothing may be changed afterwards."""
    open_field = {
        "Type": Name("Annot"),
        "Subtype": Name("Widget"),
        "P": Ref(3),
        "FT": Name("Sig"),
        "T": b"second",
        "Rect": [0, 0, 9, 9],
        "Lock": Ref(18),
    }
    return _second(press, foreign(press, None, {OPEN_FIELD: open_field, 18: _LOCK}))


def _second(press: Press, data: bytes) -> bytes:
    """Let the office's seal sign the second field as its lock asks."""
    document = read_document(data)
    lock = document.dictionary(document.dictionary(Ref(OPEN_FIELD))["Lock"])
    references = [
        {"Type": Name("SigRef"), "TransformMethod": Name("FieldMDP"), "TransformParams": {"Action": lock["Action"]}}
    ]
    dictionary: PdfDict = {
        "Type": Name("Sig"),
        "Filter": Name("Adobe.PPKLite"),
        "SubFilter": Name("ETSI.CAdES.detached"),
        "Reference": references,
    }
    pending = begin_signature(
        document,
        field=Ref(OPEN_FIELD),
        dictionary=dictionary,
        objects={},
        field_changes={},
        room=6000,
        signature_number=max(_SECOND, next_number(document)),
    )
    return fill_in(pending, press.office.key("seal"))


def _emptied(data: bytes) -> bytes:
    return append(data, {OPEN_FIELD: changed(data, OPEN_FIELD, V=None)})


def _loosened(data: bytes) -> bytes:
    """Empty the second field, and write over the lock that it names."""
    emptied = changed(data, OPEN_FIELD, V=None)
    return append(data, {OPEN_FIELD: emptied, 18: {**_LOCK, "P": 3}})


def _noted(data: bytes) -> bytes:
    page = changed(data, 3)
    shown = [*read_document(data).array(page["Annots"]), Ref(FREE)]
    return append(data, {3: {**page, "Annots": shown}, FREE: _STAMP, FREE + 1: form(PAINT)})


_STEPS: Final[dict[str, tuple[Callable[[Press], bytes], str, str]]] = {
    "foreign-second-signature-cleared": (
        lambda press: _emptied(_signed_twice(press)),
        "Chữ ký của người thứ hai bị gỡ khỏi ô, chỉ còn người thứ nhất.",
        "The second person's signature was taken out of its field, the first one's is left.",
    ),
    "foreign-second-signature-cleared-and-lock-loosened": (
        lambda press: _loosened(_signed_twice(press)),
        "Chữ ký của người thứ hai bị gỡ khỏi ô và khóa mà ô trỏ tới bị nới từ P=1 lên P=3.",
        "The second signature was cleared, and the lock its field names raised from P=1 to P=3.",
    ),
    "foreign-signed-again-after-clearing": (
        lambda press: _second(press, _loosened(_signed_twice(press))),
        "Chữ ký thứ hai bị gỡ, khóa bị nới, rồi chính người ấy ký lại bằng khóa thật.",
        "The second signature was cleared, the lock loosened, and the same person signed again.",
    ),
    "foreign-signed-again-and-annotated": (
        lambda press: _noted(_second(press, _loosened(_signed_twice(press)))),
        "Chữ ký thứ hai bị gỡ, khóa bị nới, ký lại bằng khóa thật, rồi trang nhận một con dấu hình.",
        "The second signature was cleared, the lock loosened, signed again, and a stamp put on the page.",
    ),
    "foreign-lock-loosened-alone": (
        lambda press: append(_signed_twice(press), {18: {**_LOCK, "P": 3}}),
        "Khóa mà ô đã ký trỏ tới bị ghi đè từ P=1 thành P=3, chữ ký vẫn còn.",
        "The lock that a signed field names was written over, P=1 by P=3; the signature stays.",
    ),
}


def _add(
    name: str,
    attack: AttackClass,
    verdict: Verdict,
    codes: tuple[Code, ...],
    vi: str,
    en: str,
    make: Callable[[Press], bytes],
) -> None:
    add(Recipe(name, attack, vi, en, codes, make, verdict, policy="signatures", with_evidence=True))


_add(
    "foreign-signed-by-two",
    "control",
    "VALID",
    (),
    "Biểu mẫu của nơi khác do hai người ký lần lượt, người thứ hai khóa mọi thay đổi.",
    "A form of somebody else, signed by two in turn; the second one locks every change.",
    _signed_twice,
)
for _name, (_make, _vi, _en) in _STEPS.items():
    _add(_name, "foreign-file", "INVALID", ("changed-after-signature",), _vi, _en, _make)
