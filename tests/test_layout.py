"""The package keeps its layout: what a name means is said in one place, and each room has a map."""

from __future__ import annotations

import ast
import re
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path

import pytest

import ecert
from ecert.cli import COMMANDS

PACKAGE = Path(ecert.__file__).parent


def public_names(module: Path) -> Iterator[str]:
    """Yield the names that a module defines for others; what it imports has its home elsewhere."""
    for node in ast.parse(module.read_text(encoding="utf-8")).body:
        match node:
            case ast.FunctionDef(name=name) | ast.ClassDef(name=name):
                names = [name]
            case ast.Assign(targets=targets):
                names = [target.id for target in targets if isinstance(target, ast.Name)]
            case ast.AnnAssign(target=ast.Name(id=name)):
                names = [name]
            case _:
                continue
        yield from (name for name in names if not name.startswith("_"))


def test_no_public_name_has_two_homes():
    homes = defaultdict[str, set[str]](set)
    for module in PACKAGE.rglob("*.py"):
        place = module.relative_to(PACKAGE)
        if place.parts[0] != "testing":  # an office to test with names things as the package does
            for name in public_names(module):
                homes[name].add(place.as_posix())
    found = {name: sorted(places) for name, places in homes.items() if len(places) > 1}
    assert found == {}


def packages() -> list[Path]:
    """Return the folders of the package that hold modules, the kit's and those of data alone left out."""
    found = [init.parent for init in PACKAGE.rglob("__init__.py") if "testing" not in init.parts]
    return [place for place in found if any(module.stem != "__init__" for module in place.glob("*.py"))]


@pytest.mark.parametrize("place", packages(), ids=lambda p: p.relative_to(PACKAGE.parent).as_posix())
def test_each_room_has_a_map_of_its_modules(place: Path):
    """Whoever opens a room reads in its docstring what stands where; commands are named by ``ecert --help``."""
    told = ast.get_docstring(ast.parse((place / "__init__.py").read_text(encoding="utf-8"))) or ""
    modules = {module.stem for module in place.iterdir() if module.suffix == ".py" or (module / "__init__.py").exists()}
    commands = set(COMMANDS) if place.name == "cli" else set[str]()
    unnamed = {name for name in modules - commands - {"__init__", "__main__"} if not re.search(rf"\b{name}\b", told)}
    assert unnamed == set()
