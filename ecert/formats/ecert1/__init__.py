"""Format ecert-1: everything that decides the bytes of such a copy. Frozen: a change is a new format id.

Rows may be added (a statement's template, a language's labels), none is ever changed.

* :mod:`~ecert.formats.ecert1.revision0`: the first revision, object by object.
* :mod:`~ecert.formats.ecert1.image_objects`: scanned pictures as image XObjects.
* :mod:`~ecert.formats.ecert1.statement`: the statement's page.
* :mod:`~ecert.formats.ecert1.appearance`: what signer and seal show.
* :mod:`~ecert.formats.ecert1.canvas`, :mod:`~ecert.formats.ecert1.fonts`: how texts are set.
* ``icc``: the two colour profiles that it embeds.
* :mod:`~ecert.formats.ecert1.xmp`: the metadata; :mod:`~ecert.formats.ecert1.languages`: labels and titles by language.

The same functions write a copy and are run again when it is verified: its first revision must be, byte for byte,
what they make of its record, its image streams, its time of making and its seal's size.
"""

from ecert.formats.ecert1.appearance import StampImage, appearance_objects, draw_appearance
from ecert.formats.ecert1.fonts import Font, bold, regular
from ecert.formats.ecert1.image_objects import ImageForm, cmyk_profile, read_image
from ecert.formats.ecert1.revision0 import NUMBERS, FirstRevision, build_first_revision, image_numbers
from ecert.formats.ecert1.statement import PAGE_HEIGHT, PAGE_WIDTH, Rect, seal_rect, signature_rect, statement_content

__all__ = [
    "NUMBERS",
    "PAGE_HEIGHT",
    "PAGE_WIDTH",
    "FirstRevision",
    "Font",
    "ImageForm",
    "Rect",
    "StampImage",
    "appearance_objects",
    "bold",
    "build_first_revision",
    "cmyk_profile",
    "draw_appearance",
    "image_numbers",
    "read_image",
    "regular",
    "seal_rect",
    "signature_rect",
    "statement_content",
]
