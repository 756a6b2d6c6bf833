"""Every specimen by its name: how it is made and what must come of it."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import cache
from importlib import import_module
from typing import TYPE_CHECKING, Final

from ecert.errors import UsageError
from ecert.model.findings import Code
from ecert.report import Verdict
from ecert.testing.specimens.specimen import CLASSES, AttackClass

if TYPE_CHECKING:
    from ecert.testing.specimens.press import Press

Make = Callable[["Press"], bytes]

#: The modules that hold the recipes, in the order in which they are listed.
_MODULES: Final = (
    "controls",
    "universal",
    "ranges",
    "saving",
    "wrapping",
    "shadow",
    "certification",
    "appearances",
    "time_stamps",
    "tails",
    "structure",
    "rebuilding",
    "cuts",
    "after_seal",
    "insiders",
    "pictures",
    "misleading_pictures",
    "prepared",
    "roles",
    "transplants",
    "look_alikes",
    "impostors",
    "foreign",
    "co_signers",
    "after_certification",
    "drawn_beyond",
    "odd_structure",
    "undeclared",
    "other_systems",
    "fillings",
    "resigning",
    "locks",
    "marks",
    "encryption",
    "pairs",
    "resaved",
    "leniency",
    "oddities",
    "clocks",
)
_RECIPES: dict[str, Recipe] = {}


@dataclass(frozen=True)
class Recipe:
    """How a specimen is made, and what must come of it."""

    name: str
    attack: AttackClass
    vi: str
    en: str
    codes: tuple[Code, ...]
    make: Make
    verdict: Verdict = "INVALID"
    policy: str = "certified-copy"
    with_evidence: bool = False  # judged with the office's CRLs: the file does not bring its own


def specimen(
    attack: AttackClass,
    *codes: Code,
    vi: str,
    en: str,
    verdict: Verdict = "INVALID",
    policy: str = "certified-copy",
    with_evidence: bool = False,
) -> Callable[[Make], Make]:
    """Register a function as the recipe of the specimen that bears its name."""

    def register(make: Make) -> Make:
        name = make.__name__.replace("_", "-")
        add(Recipe(name, attack, vi, en, codes, make, verdict, policy, with_evidence))
        return make

    return register


def form_specimen(
    verdict: Verdict, *codes: Code, vi: str, en: str, attack: AttackClass = "foreign-file"
) -> Callable[[Make], Make]:
    """Register a signed form of somebody else, judged under ``signatures`` with the office's CRLs."""
    return specimen(
        "control" if verdict == "VALID" else attack,
        *codes,
        vi=vi,
        en=en,
        verdict=verdict,
        policy="signatures",
        with_evidence=True,
    )


def add(recipe: Recipe) -> None:
    """Register a recipe."""
    assert recipe.name not in _RECIPES, recipe.name
    _RECIPES[recipe.name] = recipe


@cache
def recipes() -> dict[str, Recipe]:
    """Return every recipe by its specimen's name, class by class."""
    for module in _MODULES:
        import_module(f"ecert.testing.specimens.{module}")
    return dict(sorted(_RECIPES.items(), key=lambda item: _place(item[1])))


def _place(recipe: Recipe) -> tuple[int, int]:
    """Return where a recipe is listed, whichever module was imported first."""
    module = recipe.make.__module__.rpartition(".")[2]
    return CLASSES.index(recipe.attack), _MODULES.index(module)


def find(name: str) -> Recipe:
    """Return a recipe.

    Raises:
        UsageError: there is none of this name.
    """
    found = recipes().get(name)
    if found is None:
        raise UsageError(f"there is no specimen {name!r}", hint="ecert kit list shows them all")
    return found


def specimen_names(attack: Iterable[AttackClass] | None = None) -> tuple[str, ...]:
    """Return the names of all specimens, or of those of some classes."""
    wanted = None if attack is None else set(attack)
    return tuple(n for n, r in recipes().items() if wanted is None or r.attack in wanted)
