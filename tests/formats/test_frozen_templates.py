"""What is drawn for a template id never changes: copies of today are drawn again in thirty years.

A digest that differs here means: give the new wording or layout a new template id, and keep the old.
Writer and verifier share this code, so nothing but these figures can notice a change.
"""

from __future__ import annotations

import hashlib
from dataclasses import replace
from datetime import UTC, datetime

import pytest

from ecert.formats.ecert1 import ImageForm, build_first_revision
from ecert.formats.ecert1.appearance import StampImage, draw_appearance
from ecert.formats.ecert1.fonts import bold, font_chunks, regular
from ecert.formats.ecert1.statement import seal_rect, signature_rect, statement_content
from ecert.formats.ecert1.xmp import xmp_packet
from ecert.formats.record import CopyRecord, write_record_xml
from tests.formats.test_record import copy_record

TIME = datetime(2026, 10, 1, 2, 3, 4, tzinfo=UTC)
STAMP = StampImage(300, 200, b"", None)


def vietnamese() -> CopyRecord:
    return copy_record()


def english() -> CopyRecord:
    return replace(copy_record(), language="en", profile="vn-2025-11-en", template="en-statement-1")


def digest(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()[:16]


def drawn(record: CopyRecord) -> dict[str, str]:
    """Return a digest of everything that is drawn or written for a record."""
    signer, seal = signature_rect(), seal_rect(36)
    image = ImageForm(b"image", None, None)
    revision = build_first_revision(record, [image], created=TIME, seal_diameter_mm=36)
    return {
        "record": digest(write_record_xml(record)),
        "statement": digest(statement_content(record)),
        "xmp": digest(xmp_packet(record, TIME)),
        "signer": digest(draw_appearance("signer", record, TIME, signer, None)),
        "signer with picture": digest(draw_appearance("signer", record, TIME, signer, STAMP)),
        "seal": digest(draw_appearance("seal", record, TIME, seal, None)),
        "seal with picture": digest(draw_appearance("seal", record, TIME, seal, STAMP)),
        "revision 0": digest(revision.to_bytes()),
    }


FROZEN = {
    "vn-statement-1": {
        "record": "09f8b4ab6f00e4f5",
        "statement": "c8e9dce03aff1598",
        "xmp": "13771e7cc474ac37",
        "signer": "0b36a50fdd281560",
        "signer with picture": "82e2a4e9c9a2a739",
        "seal": "ca922aa795681bdc",
        "seal with picture": "751a7841804a1bc1",
        "revision 0": "20bb7972b49a8d76",
    },
    "en-statement-1": {
        "record": "896a11156fe7278d",
        "statement": "01b1b65c652f9d9a",
        "xmp": "15282e0af2cbe366",
        "signer": "8012af40dac8ec5f",
        "signer with picture": "935ab8e0ec310876",
        "seal": "bf2e00d941cc12fb",
        "seal with picture": "be6438d96a747411",
        "revision 0": "2419a946926a585f",
    },
}


@pytest.mark.parametrize("record", [vietnamese(), english()], ids=lambda r: str(r.template))
def test_what_is_drawn_is_frozen(record: CopyRecord) -> None:
    assert drawn(record) == FROZEN[record.template]


def test_the_fonts_are_frozen() -> None:
    chunks = font_chunks(regular(), 8) | font_chunks(bold(), 13)
    data = b"".join(bytes(piece) for num in sorted(chunks) for piece in chunks[num])
    assert digest(data) == "f92a18a72c561c58"
