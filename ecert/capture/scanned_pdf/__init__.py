"""PDF files as office scanners deliver them: one image per page, and nothing else that shows.

The image streams are passed through like image files. Everything else a PDF can carry is refused by
name, because the copy would not carry it: text (an invisible recognised layer, too), forms,
annotations, attachments, scripts, layers, transparency, drawings. A signed PDF, or a certified copy,
is not a scan of an original. Damaged files are never repaired.

* :mod:`~ecert.capture.scanned_pdf.document`: the file as a whole, and its pages: :func:`read_scanned_pdf`.
* :mod:`~ecert.capture.scanned_pdf.page`: a page's content stream: where its one image lies.
* :mod:`~ecert.capture.scanned_pdf.image`: that image as a page of the copy.
* :mod:`~ecert.capture.scanned_pdf.colour`: what its samples mean.
* :mod:`~ecert.capture.scanned_pdf.filters`: what is wrapped around its data.
* :mod:`~ecert.capture.scanned_pdf.geometry`: rectangles and matrices.
"""

from __future__ import annotations

from ecert.capture.scanned_pdf.document import read_scanned_pdf

__all__ = ["read_scanned_pdf"]
