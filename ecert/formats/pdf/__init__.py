"""The strict PDF reader and the plain writer of PDF syntax (ISO 32000-1).

* :mod:`~ecert.formats.pdf.objects`: values of PDF and how they are written.
* :mod:`~ecert.formats.pdf.lexer`: bytes → values.
* :mod:`~ecert.formats.pdf.xref`: cross-reference sections, tables and streams.
* :mod:`~ecert.formats.pdf.chain`: which sections a file has, and which of them are one revision.
* :mod:`~ecert.formats.pdf.reader`: a whole file, and who wrote which byte.
* :mod:`~ecert.formats.pdf.document`: revisions and objects, as of any of them.
* :mod:`~ecert.formats.pdf.writer`: a first revision, and increments after it.

No repair and no recovery: what two readers could see differently is refused.

* :mod:`~ecert.formats.pdf.oddities`: what foreign files may have all the same, and is told.
* :mod:`~ecert.formats.pdf.two_readings`: whether programs that rebuild the tables read the same.
* :mod:`~ecert.formats.pdf.shown`: what pages need, and which of it some programs do not find.
* :mod:`~ecert.formats.pdf.linearized`: files laid out for the web.
* :mod:`~ecert.formats.pdf.encryption`: whether a file is encrypted, and for whom.
* :mod:`~ecert.formats.pdf.faults`: why the reader refuses a file.
* :mod:`~ecert.formats.pdf.filters`: FlateDecode, bounded.
* :mod:`~ecert.formats.pdf.standard_fonts`: widths and encodings of the standard fonts.
"""

from ecert.formats.pdf.document import Document, Revision
from ecert.formats.pdf.faults import StructureFault
from ecert.formats.pdf.objects import Name, PdfValue, Ref, Stream
from ecert.formats.pdf.reader import read_document

__all__ = ["Document", "Name", "PdfValue", "Ref", "Revision", "Stream", "StructureFault", "read_document"]
