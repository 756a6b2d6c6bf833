"""The PDF/A gate: nothing becomes a draft that :mod:`pikepdf.pdfa` does not approve.

The bytes are judged by :mod:`~ecert.formats.pdfa.file_structure`, the objects by pikepdf: revision 0
without form and fields, which it refuses on principle. JPEG 2000 images, which it does not judge,
are checked by :mod:`ecert.formats.images` (ISO 19005-3, 6.2.8.3): its findings on exactly those are
set aside, any other stops the draft.
"""

from __future__ import annotations

import io

from ecert.formats.pdfa.file_structure import check_file_structure

_IMAGE_RULE = "pikepdf:schema-ImageXObject"
#: a JPX image brings its own colour space (ISO 32000-1, 7.4.9), all others of ours name one
_ABOUT_JPX = {"JPEG 2000 images are not supported", "image has no /ColorSpace"}


def check_pdfa(data: bytes, *, has_jpx: bool, flavour: str = "3b") -> list[str]:
    """Return what speaks against PDF/A-3b, or another part and level; empty where nothing does."""
    from pikepdf import pdfa

    report = pdfa.validate_written(io.BytesIO(data), flavour)
    return check_file_structure(data) + [
        str(finding)
        for finding in report.findings
        if not (has_jpx and finding.rule == _IMAGE_RULE and finding.message in _ABOUT_JPX)
    ]
