"""The strict PDF reader and the plain writer of PDF syntax (ISO 32000-1).

* :mod:`~ecert.formats.pdf.objects`: values of PDF and how they are written.
* :mod:`~ecert.formats.pdf.lexer`: bytes → values.
* :mod:`~ecert.formats.pdf.xref`: cross-reference sections, tables and streams.
* :mod:`~ecert.formats.pdf.document`: revisions, objects, and who wrote which byte.
* :mod:`~ecert.formats.pdf.writer`: a first revision, and increments after it.

No repair and no recovery: what two readers could see differently is refused.

* :mod:`~ecert.formats.pdf.faults`: why the reader refuses a file.
* :mod:`~ecert.formats.pdf.filters`: FlateDecode, bounded.
* :mod:`~ecert.formats.pdf.standard_fonts`: widths and encodings of the standard fonts.
"""

from ecert.formats.pdf.document import Document, Revision, read_document
from ecert.formats.pdf.faults import StructureFault
from ecert.formats.pdf.objects import Name, PdfValue, Ref, Stream

__all__ = ["Document", "Name", "PdfValue", "Ref", "Revision", "Stream", "StructureFault", "read_document"]
