"""Make asn1crypto safe for threads: what its classes set up on first use is set up before.

A class of asn1crypto completes itself when its first object is made, and without a lock: another thread that
comes meanwhile finds half of it (``KeyError``, ``TypeError``), and may leave it so for the rest of the process's
life. Which classes a document uses is decided by whoever made it; a chain that is run through once would leave
the others as they are. So all of them are completed, and those of the libraries built on it as they are loaded.
Objects are not shared either: they read their fields on first use, so each thread parses its own.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from importlib import import_module
from typing import Literal

from asn1crypto.core import Asn1Value

from ecert.model.locks import forkable_lock

#: what brings classes along: asn1crypto's own modules, then those built on it
Library = Literal["asn1crypto", "pyhanko_certvalidator.validate", "pyhanko.sign.validation.pdf_embedded"]
_OWN = ("algos", "cms", "core", "crl", "keys", "ocsp", "tsp", "x509")
_lock = forkable_lock()
_done: set[str] = set()


def set_up(library: Library = "asn1crypto") -> None:
    """Load a library and complete its classes, once in a process; others wait meanwhile (2 ms, and its loading).

    Called before anything of asn1crypto is used, and before the libraries built on it are.

    Raises:
        ImportError: the library is not installed.
    """
    if library in _done:
        return
    with _lock:
        if library in _done:
            return
        if library == "asn1crypto":
            for name in _OWN:
                import_module(f"asn1crypto.{name}")
        else:
            set_up()
            import_module(library)
        for kind in set(_below(Asn1Value)):
            with suppress(TypeError):  # Choice itself, which is no class of values, has nothing to complete
                Asn1Value.__init__(object.__new__(kind))
        _done.add(library)


def _below(kind: type[Asn1Value]) -> Iterator[type[Asn1Value]]:
    for each in kind.__subclasses__():
        yield each
        yield from _below(each)
