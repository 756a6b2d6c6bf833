"""Pixels per inch: what the file says, tidied; what the caller says only where the file is silent."""

from __future__ import annotations

from collections.abc import Iterable

from ecert.errors import InputError, UsageError
from ecert.model.images import fits_a_page
from ecert.model.limits import MAX_DPI, MAX_PAGE_POINTS, MIN_DPI, MIN_PAGE_POINTS

#: Metric densities miss whole numbers by this: PNG's 11,811 pixels per metre are 299.9994 dpi.
SNAP_DPI = 0.02

Density = tuple[float, float]


def tidy(value: float) -> float:
    """Round to three decimals, and to the whole number where that is within ``SNAP_DPI``."""
    whole = round(value)
    return float(whole) if abs(value - whole) <= SNAP_DPI else round(value, 3)


def plausible(density: Density | None) -> bool:
    """Return whether both values lie between ``MIN_DPI`` and ``MAX_DPI``."""
    return density is not None and all(MIN_DPI <= value <= MAX_DPI for value in density)


def check_argument(dpi: float | None) -> None:
    """Refuse a caller's resolution outside the limits.

    Raises:
        UsageError: ``dpi``.
    """
    if dpi is not None and not MIN_DPI <= dpi <= MAX_DPI:
        raise UsageError(f"a resolution of {dpi} dpi", code="dpi", hint=f"give {MIN_DPI} to {MAX_DPI}")


def resolve(stated: Iterable[Density | None], *, name: str, dpi: float | None) -> Density:
    """Return the first plausible density the file states, else the caller's ``dpi``.

    Raises:
        InputError: ``resolution-missing``.
    """
    for density in stated:
        if density is not None and plausible(density):
            return tidy(density[0]), tidy(density[1])
    if dpi is None:
        raise InputError(
            f"{name}: the file names no resolution", code="resolution-missing", hint="say it: --dpi N, in Python dpi=N"
        )
    return tidy(dpi), tidy(dpi)


def check_page(name: str, points: tuple[float, float]) -> None:
    """Refuse a page that PDF/A-3 cannot have (ISO 19005-3, 6.1.13).

    Raises:
        InputError: ``page-size``.
    """
    if not fits_a_page(points):
        raise InputError(
            f"{name}: a page of {points[0]:g} x {points[1]:g} points,"
            f" the limits are {MIN_PAGE_POINTS} and {MAX_PAGE_POINTS:,}",
            code="page-size",
            hint="correct the resolution that stands in the file",
        )
