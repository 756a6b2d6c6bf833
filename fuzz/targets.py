"""The targets; each is a function of bytes that raises nothing but what it names."""

from __future__ import annotations

import functools
import tempfile
from collections.abc import Callable
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

from lxml import etree

from ecert.capture.scan import Scan
from ecert.errors import InputError, RecordError, SettingsError
from ecert.formats.images import fax
from ecert.formats.images.icc import profile_fault, usable_profile
from ecert.formats.pades.cms import CmsFault, read_signed_data, read_timestamp
from ecert.formats.pades.unsigned_part import has_standard_form
from ecert.formats.record import CertificationRecord, read_record_xml
from ecert.settings import Settings
from ecert.trust.bundle import open_bundle
from ecert.trust.certificates import try_load
from ecert.trust.manifest import read_manifest
from ecert.trust.revocation import made_at
from ecert.trust.revocation.crl import read_crl
from ecert.trust.trusted_lists import open_trusted_list
from ecert.trust.trusted_lists.services import read_anchors
from ecert.verify.copy import verify_copy
from ecert.verify.policies import get_policy

#: A moment and a signer for what needs some; nobody has this fingerprint.
AT: Final = datetime(2026, 11, 1, tzinfo=UTC)
NOBODY: Final = "ab" * 32


def verify(data: bytes) -> None:
    """Judge any bytes under both policies and write every report; a fault of ours is a crash."""
    for policy, pages in (("certified-copy", data), ("signatures", None)):
        report = verify_copy(data, policy=policy, at=AT)
        assert "verifier-fault" not in report.codes()
        report.to_json()
        report.to_etsi()
        for lang in ("vi", "en"):
            report.to_text(lang)
        # pictures of the pages take most of the time: once is enough
        report.to_html("vi" if pages else "en", document=pages)


def record(data: bytes) -> None:
    """Read any bytes as the record of a copy."""
    with suppress(RecordError):
        read_record_xml(data)


def images(data: bytes) -> None:
    """Read any bytes as a scan, as fax data and as a colour profile."""
    with suppress(InputError):
        Scan.from_files([data], dpi=300)
    with suppress(InputError):
        fax.decode(data, width=1728, rows=64, coding="G4", name="it")
    for channels in (1, 3, 4):
        usable = usable_profile(data, channels)
        if usable is not None:
            profile_fault(usable, channels)


def bundle(data: bytes) -> None:
    """Read any bytes as a trust bundle, and as what one holds."""
    with suppress(SettingsError):
        open_bundle(data, [NOBODY], "it")
    with suppress(SettingsError):
        read_manifest(data)


def trusted_list(data: bytes) -> None:
    """Read any bytes as a trusted list (TS 119 612), and its services as if it were signed."""
    with suppress(SettingsError):
        open_trusted_list(data, [NOBODY], AT, "it")
    try:
        root = etree.fromstring(data, etree.XMLParser(resolve_entities=False, no_network=True))
    except (etree.XMLSyntaxError, ValueError):
        return
    read_anchors(root, "it")


def evidence(data: bytes) -> None:
    """Read any bytes as a certificate, a CRL, an OCSP answer, a signature value and a time-stamp."""
    try_load(data)
    read_crl(data)
    made_at(data)
    has_standard_form(data)
    for read in (read_signed_data, read_timestamp):
        with suppress(CmsFault):
            read(data)


def tables(data: bytes) -> None:
    """Read any bytes as settings, as a policy and as an office's record."""
    path = _folder() / "table.toml"
    path.write_bytes(data)
    with suppress(SettingsError):
        Settings.from_file(path)
    with suppress(SettingsError):
        get_policy(str(path), None)
    with suppress(RecordError):
        CertificationRecord.from_file(path)


@functools.cache
def _folder() -> Path:
    return Path(tempfile.mkdtemp(prefix="ecert-fuzz-"))


TARGETS: Final[dict[str, Callable[[bytes], None]]] = {
    "verify": verify,
    "record": record,
    "images": images,
    "bundle": bundle,
    "trusted-list": trusted_list,
    "evidence": evidence,
    "tables": tables,
}
