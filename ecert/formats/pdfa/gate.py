"""The PDF/A gate: nothing becomes a draft that :mod:`pikepdf.pdfa` does not approve.

It judges revision 0 without form and fields, which it refuses on principle. JPEG 2000 images, which
it does not judge, are checked by :mod:`ecert.formats.images` (ISO 19005-3, 6.2.8.3): its findings on
exactly those are set aside, any other stops the draft.
"""

from __future__ import annotations

import io

_IMAGE_RULE = "pikepdf:schema-ImageXObject"
#: a JPX image brings its own colour space (ISO 32000-1, 7.4.9), all others of ours name one
_ABOUT_JPX = {"JPEG 2000 images are not supported", "image has no /ColorSpace"}


def check_pdfa(data: bytes, *, has_jpx: bool) -> list[str]:
    """Return what speaks against PDF/A-3b, empty where nothing does."""
    from pikepdf import pdfa

    report = pdfa.validate_written(io.BytesIO(data), "3b")
    return [
        str(finding)
        for finding in report.findings
        if not (has_jpx and finding.rule == _IMAGE_RULE and finding.message in _ABOUT_JPX)
    ]
