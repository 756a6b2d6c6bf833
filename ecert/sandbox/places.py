"""Where a child finds modules, and which files it may read: the standard library, the dependencies, ecert.

Nothing else of what the parent's ``sys.path`` holds: the folder of a portal's script often holds its secrets, too.
"""

from __future__ import annotations

import sys
import sysconfig
from collections.abc import Iterable, Iterator
from contextlib import suppress
from importlib.util import find_spec
from itertools import chain
from pathlib import Path

#: packages that judging may import after the document was read; those they need are imported with them
DEPENDENCIES = (
    "PIL",
    "asn1crypto",
    "cryptography",
    "lxml",
    "pikepdf",
    "pyhanko",
    "pyhanko_certvalidator",
    "pypdf",
    "tzdata",
)
_INSTALLED = {"site-packages", "dist-packages"}
_DEVICES = ("/dev/null", "/dev/urandom")
_DATA = ("/etc/ld.so.cache", "/etc/ssl/openssl.cnf", "/usr/share/zoneinfo")
#: folders of shared libraries, of which only these are read, for programs' own folders may lie among them
_LIBRARIES = ("/lib", "/lib64", "/usr/lib", "/usr/lib64", "/usr/local/lib")


def module_folders() -> list[str]:
    """Return the folders of ``sys.path`` that hold the standard library or dependencies, as this process has them."""
    holding = {str(Path(place).parent) for place in chain.from_iterable(map(_package, DEPENDENCIES))}
    library = _library()
    return [
        path
        for path in dict.fromkeys(sys.path)
        if Path(path).is_absolute()
        and (
            path in holding
            or Path(path).name in _INSTALLED
            or any(Path(path).is_relative_to(each) for each in library)
            or Path(path).name == "python{}{}.zip".format(*sys.version_info)  # the library in one file
        )
    ]


def readable(loaded: Iterable[str]) -> Iterator[str]:
    """Yield files and folders that judging may read; ``loaded``: the modules that are there already."""
    yield from (*_DEVICES, *_DATA, str(Path(__file__).parents[1]))
    for folder in _library():
        with suppress(OSError):
            yield from (str(e) for e in folder.iterdir() if e.name not in _INSTALLED)
    beside = set()
    own = map(_own, dict.fromkeys(name for name in loaded if "." not in name))
    for place in dict.fromkeys(chain.from_iterable((*own, *map(_package, DEPENDENCIES)))):
        yield place
        beside.add(Path(place).parent)
    # wheels bring their shared libraries along in folders of their own
    yield from (str(e) for folder in beside for e in folder.glob("*.libs"))
    yield from _shared_libraries()


def _library() -> list[Path]:
    """Return the folders of the standard library."""
    found = (sysconfig.get_path(name) for name in ("stdlib", "platstdlib"))
    return [Path(each) for each in dict.fromkeys(found) if each]


def _own(name: str) -> list[str]:
    """Return the folders of a package, or the file of a module; nothing of what is not there, or comes with Python."""
    try:
        spec = find_spec(name)
    except (ImportError, ValueError):  # such as __main__
        return []
    if spec is None or name in sys.stdlib_module_names:
        return []
    if spec.submodule_search_locations is not None:
        return list(spec.submodule_search_locations)
    return [spec.origin] if spec.has_location and spec.origin else []


def _package(name: str) -> list[str]:
    """Return the folders of a package: a single file of a dependency's name is a portal's own module, never it."""
    return [place for place in _own(name) if Path(place).is_dir()]


def _shared_libraries() -> Iterator[str]:
    own = str(sysconfig.get_config_var("MULTIARCH") or "")
    for base in (*_LIBRARIES, str(Path(sys.base_prefix) / "lib")):
        folder = Path(base)
        if own and (folder / own).is_dir():
            yield str(folder / own)
        with suppress(OSError):
            yield from (str(e) for e in folder.iterdir() if ".so" in e.name)
