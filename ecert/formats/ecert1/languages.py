"""What a copy says in its record's language, apart from the statement: one row a language, for ever."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True)
class Wording:
    """A language's tag, the title viewers show, and the labels of signature and seal."""

    tag: str  # of XMP (BCP 47)
    document_tag: bytes  # of the catalogue's /Lang
    title: str
    signer: str
    office: str  # the certifier's title
    time: str
    seal: str


WORDINGS: Mapping[str, Wording] = {
    "vi": Wording(
        tag="vi-VN",
        document_tag=b"vi-VN",
        title="Bản sao chứng thực: {title}",
        signer="Người ký:",
        office="Chức vụ:",
        time="Thời gian ký:",
        seal="Ký số bởi:",
    ),
    "en": Wording(
        tag="en",
        document_tag=b"en",
        title="Certified copy: {title}",
        signer="Signed by:",
        office="Title:",
        time="Time:",
        seal="Sealed by:",
    ),
}
