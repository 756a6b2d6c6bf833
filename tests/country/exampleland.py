"""A small second country, Exampleland, made by docs/how-to/another-country.md: nothing of it is packaged.

Its offices write English, two hours ahead of UTC; a seal measures 40 mm, a scan 150 dpi at least, and whoever signs
may do so on another day than the record's.
"""

from __future__ import annotations

from dataclasses import replace

from ecert.formats.ecert1.statement import TEMPLATES, Template
from ecert.model.profiles import Profile

XX_2026 = Profile(
    id="xx-2026",
    language="en",
    template="xx-statement-1",
    min_dpi=150,  # Certified Copies Order (fictitious), 4 (2)
    warn_not_colour=False,
    utc_offset_hours=2,
    seal_diameter_mm=40.0,
    sign_on_record_date=False,
    sources=("Certified Copies Order (fictitious)",),
)
XX_STATEMENT: Template = replace(
    TEMPLATES["en-statement-1"],
    id="xx-statement-1",
    motto=("COMMONWEALTH OF EXAMPLELAND", "For example, and for good"),
    title=("CERTIFICATE", "TRUE COPY OF AN ORIGINAL"),
    conform="This is a true copy of the original shown to me.",
    number="No. {number}, volume {book} ({series})",
)
