"""The reference work J and what certifying and verifying it needs; all of it throwaway.

J: three A4 pages at 300 dpi as colour JPEG, about 1.6 MB each, RSA-2048 keys.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence
from contextlib import ExitStack
from functools import cached_property
from pathlib import Path
from tempfile import TemporaryDirectory
from types import TracebackType
from typing import Self

from ecert.capture.scan import Scan
from ecert.certify import certify_copy
from ecert.formats.record import CertificationRecord
from ecert.report import Report
from ecert.sign.keys import SigningKey
from ecert.sign.opening import open_key
from ecert.testing import Office, sample_scan
from ecert.trust.services import Services, TimestampService
from ecert.trust.store import TrustStore
from ecert.verify.copy import verify_copy

PASS_PHRASE = "benchmark"
NO_LIMIT_MB = 1000.0
PAGES = 3


class Work:
    """An office on a loopback port, a folder with its files, J, and our side of each job."""

    def __init__(self) -> None:
        self._exit = ExitStack()
        self.folder = Path(self._exit.enter_context(TemporaryDirectory(prefix="ecert-bench-")))
        self.office = self._exit.enter_context(Office.create(algorithm="rsa2048"))
        self.anchors = self.folder / "anchors"
        self.anchor_files = self.office.write_anchors(self.anchors)
        self.signer_p12, self.seal_p12 = self.folder / "signer.p12", self.folder / "seal.p12"
        self.office.signer.write_pkcs12(self.signer_p12, PASS_PHRASE)
        self.office.seal.write_pkcs12(self.seal_p12, PASS_PHRASE)
        self.signer, self.seal = load_key(self.signer_p12), load_key(self.seal_p12)
        self.trust = TrustStore.from_folder(self.anchors)
        self.services = Services(
            timestamps=(TimestampService(self.office.tsa_url),), allow_hosts=frozenset(["127.0.0.1"])
        )

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, value: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self._exit.close()

    @cached_property
    def pages(self) -> list[bytes]:
        """Return the JPEGs of J."""
        return sample_scan(pages=PAGES)

    def many_pages(self, count: int) -> list[bytes]:
        """Return ``count`` JPEGs like J's, no two of them the same bytes."""
        return [_tagged(self.pages[i % PAGES], i) for i in range(count)]

    def certify(self, pages: Sequence[bytes | Path], level: str = "B-B", *, images: bool = False) -> bytes:
        """Certify, the self-check included; B-B is offline."""
        copy = certify_copy(
            Scan.from_files(pages),
            CertificationRecord.from_dict(self.office.record(pages=len(pages))),
            signer=self.signer,
            seal=self.seal,
            trust=self.trust,
            services=None if level == "B-B" else self.services,
            level=level,
            signature_image=self.office.signature_image if images else None,
            seal_image=self.office.seal_image if images else None,
            max_output_mb=NO_LIMIT_MB,
        )
        return copy.to_bytes()

    def verify(self, data: bytes | Path) -> Report:
        """Verify with every check; at B-B there is no revocation data to be had."""
        report = verify_copy(data, trust=self.trust, revocation="if-present")
        assert report.verdict == "VALID", report.to_text("en")
        return report


def load_key(path: Path) -> SigningKey:
    """Open a key file of the bench."""
    return open_key(f"file:{path}", pin=lambda _: PASS_PHRASE)


def forget() -> None:
    """Empty every cache of ecert that may know a certificate, a CRL, an OCSP answer or a path."""
    for name, module in list(sys.modules.items()):
        if name.startswith(("ecert.trust", "ecert.verify", "ecert.formats.pades")):
            for value in vars(module).values():
                if hasattr(value, "cache_clear"):
                    value.cache_clear()


def _tagged(jpeg: bytes, number: int) -> bytes:
    """Return a JPEG with a comment behind its JFIF segment (ITU-T T.81, B.2.4.5)."""
    at = 4 + int.from_bytes(jpeg[4:6], "big")
    return jpeg[:at] + b"\xff\xfe\x00\x06" + number.to_bytes(4, "big") + jpeg[at:]
