"""The package keeps its layout: what a name means is said in one place."""

from __future__ import annotations

import ast
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path

import ecert

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
