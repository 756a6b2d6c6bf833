"""The PDF/A gate: nothing becomes a draft that :mod:`pikepdf.pdfa` does not approve.

It judges revision 0 without form and fields, which it refuses on principle. JPEG 2000 images, which
it does not judge, are checked by :mod:`ecert.formats.images` (ISO 19005-3, 6.2.8.3): its findings on
exactly those are set aside, any other stops the draft.
"""

from __future__ import annotations

import io


def check_pdfa(data: bytes, *, has_jpx: bool) -> list[str]:
    """Return what speaks against PDF/A-3b, empty where nothing does."""
    from pikepdf import pdfa

    report = pdfa.validate_written(io.BytesIO(data), "3b")
    return [
        str(finding)
        for finding in report.findings
        if not (has_jpx and finding.kind == "unsupported" and "JPX" in str(finding))
    ]
