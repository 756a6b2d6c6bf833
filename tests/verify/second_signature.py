"""A second signature on the kit's little form, with whatever else its revision writes."""

from __future__ import annotations

from collections.abc import Mapping

from ecert.formats.pades.fields import write_date
from ecert.formats.pdf import Name, PdfValue, Ref
from ecert.formats.pdf.objects import PdfDict
from ecert.report import Report
from ecert.testing import Press
from ecert.testing.specimens.increments import changed, fill_in, lay_out, with_room
from ecert.verify.copy import verify_copy

FIELD, SIGNATURE, PAGE, FORM = 60, 62, 3, 5
UNSEEN: PdfDict = {"Rect": [0, 0, 0, 0]}


def second_field(**entries: PdfValue) -> PdfDict:
    """Return the field of the second signature, without a place on the page unless told otherwise."""
    widget = {"Type": Name("Annot"), "Subtype": Name("Widget"), "FT": Name("Sig"), "T": b"party60", "F": 132}
    return {**widget, "P": Ref(PAGE), "V": Ref(SIGNATURE), **UNSEEN, **entries}


def sign_again(
    press: Press, data: bytes, more: Mapping[int, PdfValue] | None = None, *, form: PdfDict | None = None
) -> bytes:
    """Add a field and sign it; ``more`` objects come along, ``form`` are other entries of the form."""
    dictionary: PdfDict = {
        "Type": Name("Sig"),
        "Filter": Name("Adobe.PPKLite"),
        "SubFilter": Name("ETSI.CAdES.detached"),
        "M": write_date(press.now(), 7),
    }
    page, fields = changed(data, PAGE), changed(data, FORM)["Fields"]
    objects: dict[int, PdfValue] = {
        FIELD: second_field(),
        PAGE: {**page, "Annots": [*page["Annots"], Ref(FIELD)]},
        FORM: changed(data, FORM, Fields=[*fields, Ref(FIELD)], **(form or {})),
        **(more or {}),
        SIGNATURE: with_room(dictionary),
    }
    return fill_in(lay_out(data, objects), press.office.key("seal"))


def judged(press: Press, data: bytes) -> Report:
    """Judge a form under policy ``signatures``; revocation is not at issue here."""
    report = verify_copy(data, trust=press.office.trust, policy="signatures", at=press.now(), revocation="if-present")
    assert "verifier-fault" not in report.codes()
    return report
