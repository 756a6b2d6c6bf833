"""Revision 0 of a certified copy as PDF/A-3b (ISO 19005-3): how it is written, and the gate it must pass.

The same function writes revision 0 and is run again when a copy is verified: the file's first
revision must be, byte for byte, what the writer makes of its record, its image streams, its time
of making and its seal's size.
"""

from ecert.formats.pdfa.gate import check_pdfa
from ecert.formats.pdfa.image_objects import ImageForm, cmyk_profile, read_image
from ecert.formats.pdfa.revision0 import NUMBERS, FirstRevision, build_first_revision, image_numbers

__all__ = [
    "NUMBERS",
    "FirstRevision",
    "ImageForm",
    "build_first_revision",
    "check_pdfa",
    "cmyk_profile",
    "image_numbers",
    "read_image",
]
