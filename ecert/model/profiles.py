"""Office profiles: named, dated rule sets, each value beside the text that justifies it.

A *profile* is what an office must respect; the *format* (``ecert-1``) is what the file looks like.
"""

from __future__ import annotations

from dataclasses import dataclass

from ecert.errors import UsageError
from ecert.model.languages import Lang

#: What a seal may measure: that much fits between the certifier's title and name.
SEAL_DIAMETERS_MM = (30.0, 42.0)


@dataclass(frozen=True)
class Profile:
    """What one set of office rules asks for."""

    id: str
    language: Lang
    template: str  # immutable statement template, see ecert.formats.ecert1.statement
    min_dpi: int | None  # pixels per inch; scans below are refused
    warn_not_colour: bool
    utc_offset_hours: int
    seal_diameter_mm: float
    sign_on_record_date: bool  # the signer signs on the record's date
    sources: tuple[str, ...]


VN_2025_11 = Profile(
    id="vn-2025-11",
    language="vi",
    template="vn-statement-1",
    min_dpi=200,  # NĐ 30/2020/NĐ-CP, Phụ lục I: "độ phân giải tối thiểu 200 dpi"
    warn_not_colour=True,  # NĐ 30/2020/NĐ-CP, Phụ lục I: ảnh màu
    utc_offset_hours=7,  # NĐ 30/2020/NĐ-CP, Phụ lục I: múi giờ Việt Nam, ISO 8601
    seal_diameter_mm=36.0,  # commune seals; confidence low, so [page].seal_diameter_mm may change it
    sign_on_record_date=True,
    sources=("NĐ 45/2020/NĐ-CP Đ.10", "NĐ 280/2025/NĐ-CP", "NĐ 30/2020/NĐ-CP Phụ lục I"),
)
VN_2025_11_EN = Profile(
    id="vn-2025-11-en",
    language="en",
    template="en-statement-1",
    min_dpi=VN_2025_11.min_dpi,
    warn_not_colour=VN_2025_11.warn_not_colour,
    utc_offset_hours=VN_2025_11.utc_offset_hours,
    seal_diameter_mm=VN_2025_11.seal_diameter_mm,
    sign_on_record_date=VN_2025_11.sign_on_record_date,
    sources=VN_2025_11.sources,
)

PROFILES: dict[str, Profile] = {p.id: p for p in (VN_2025_11, VN_2025_11_EN)}
DEFAULT_PROFILE = VN_2025_11


def utc_offset_of(profile: str | None) -> int:
    """Return the UTC offset in hours for a profile's id; the default profile's for None and for unknown ones."""
    return PROFILES.get(profile or "", DEFAULT_PROFILE).utc_offset_hours


def get_profile(name: str | Profile | None) -> Profile:
    """Return a profile by name; None is the default.

    Raises:
        UsageError: no profile has that name.
    """
    if isinstance(name, Profile):
        return name
    if name is None:
        return DEFAULT_PROFILE
    try:
        return PROFILES[name]
    except KeyError:
        raise UsageError(f"unknown profile {name!r}", hint=f"known profiles: {', '.join(PROFILES)}") from None
