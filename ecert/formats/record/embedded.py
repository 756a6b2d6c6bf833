"""Find the record in a copy: the attached file of its name, as the first revision holds it."""

from __future__ import annotations

from ecert.formats.pdf import Document, PdfValue
from ecert.formats.record.xml import RECORD_FILE_NAME


def embedded_record(document: Document) -> PdfValue:
    """Return what the attached file's entry leads to, a stream in honest files; None: nothing is attached."""
    names = document.dictionary(document.root(0).get("Names"), 0)
    tree = document.dictionary(names.get("EmbeddedFiles"), 0)
    entries = document.array(tree.get("Names"), 0)
    for name, spec in zip(entries[::2], entries[1::2], strict=False):
        if name == RECORD_FILE_NAME.encode():
            files = document.dictionary(document.dictionary(spec, 0).get("EF"), 0)
            return document.resolve(files.get("F"), 0)
    return None
