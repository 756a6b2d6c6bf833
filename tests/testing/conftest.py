"""One listening office on real time for the tests that only ask it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from ecert.testing import Office
from ecert.testing.pki import pem


@pytest.fixture(scope="package")
def office() -> Iterator[Office]:
    with Office.create() as office:
        yield office


@pytest.fixture
def pems(office: Office, tmp_path: Path) -> Path:
    """Return a folder with root, issuing, tsa-ca, signer, seal and tsa, each as NAME.pem."""
    write_pems(office, tmp_path)
    return tmp_path


def write_pems(office: Office, folder: Path) -> None:
    """Write every certificate of an office into a folder."""
    certificates = {
        "root": office.root.certificate,
        "issuing": office.issuing.certificate,
        "tsa-ca": office.tsa_authority.certificate,
        "signer": office.signer.certificate,
        "seal": office.seal.certificate,
        "tsa": office.tsa.certificate,
    }
    for name, certificate in certificates.items():
        (folder / f"{name}.pem").write_bytes(pem(certificate))
