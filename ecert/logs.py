"""Keep what libraries read in documents out of logs.

At DEBUG Pillow logs every text of an image's EXIF data, and at any level pypdf, pikepdf and pyHanko
may quote objects, titles and names of certificates. Whoever listens to the root logger would get
persons' names from us. So these libraries are silent in a program that imports ecert, unless it has
chosen a level for them itself: ``logging.getLogger("PIL").setLevel(logging.DEBUG)``, before or after.

ecert's own lines hold constants, counts and type names alone (``tests/test_logs.py``).
"""

from __future__ import annotations

import logging

#: The libraries that see documents and certificates; fontTools only sees the packaged fonts.
LIBRARIES = ("PIL", "pikepdf", "pyhanko", "pyhanko_certvalidator", "pypdf")
SILENT = logging.CRITICAL + 1


def silence_libraries() -> None:
    """Silence each of the libraries for which nobody has chosen a level."""
    for name in LIBRARIES:
        logger = logging.getLogger(name)
        if logger.level == logging.NOTSET:
            logger.setLevel(SILENT)
