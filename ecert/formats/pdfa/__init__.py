"""The gate that a first revision passes: PDF/A-3b (ISO 19005-3), as far as what we write can miss it.

* :mod:`~ecert.formats.pdfa.gate`: pikepdf's judgement on objects.
* :mod:`~ecert.formats.pdfa.file_structure`: rules about the file as bytes.
"""

from ecert.formats.pdfa.gate import check_pdfa

__all__ = ["check_pdfa"]
