"""The gate that a first revision passes: PDF/A-3b (ISO 19005-3), as far as what we write can miss it."""

from ecert.formats.pdfa.gate import check_pdfa

__all__ = ["check_pdfa"]
