"""The public test kit: an office that is none, with everything a certified copy needs.

Start with `Office`::

    from ecert.testing import Office

    with Office.create() as office:          # PKI, keys, TSA, OCSP, CRL on a loopback port
        office.signer, office.seal           # Identity: key, certificate, chain
        office.record(pages=3)               # a record that fits both certificates
        office.clock.advance(days=3)         # answers are given at the clock's time
        office.revoke("signer", at=office.clock.now())
        office.responders.faults["/tsa/office"] = "slow"
        office.services_with(office.tsa_url, office.second_tsa_url)

* `Authority`, `Identity`, `Use`: certificates of your own; `person_name`, `body_name`: their DNs.
* `Responders`, `Fault`, `Clock`: the services behind an office, and what can go wrong with them.
* `NameServer`: a DNS server on loopback, for tests about where names lead (extra ``testing``).
* `sample_scan`, `sample_images`, `signature_image`, `seal_image`: pictures drawn on the spot.
* `make`, `specimen_names`, `Press`: named good and spoiled copies, each a `Specimen` with its verdict.
* `SoftToken`: a PKCS#11 token in a folder, by SoftHSM2 (extra ``pkcs11``).

Everything here is throwaway: names, places and stamps are plainly fictitious, keys are made fresh
each time and never shipped. Names are resolved when first used, so importing this costs nothing.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from ecert.testing.clock import Clock as Clock
    from ecert.testing.drawing import sample_scan as sample_scan
    from ecert.testing.drawing import seal_image as seal_image
    from ecert.testing.drawing import signature_image as signature_image
    from ecert.testing.extensions import Use as Use
    from ecert.testing.faults import Fault as Fault
    from ecert.testing.images import sample_images as sample_images
    from ecert.testing.names import body_name as body_name
    from ecert.testing.names import person_name as person_name
    from ecert.testing.nameserver import NameServer as NameServer
    from ecert.testing.office import Office as Office
    from ecert.testing.pki import Authority as Authority
    from ecert.testing.pki import Identity as Identity
    from ecert.testing.responders import Responders as Responders
    from ecert.testing.softhsm import SoftToken as SoftToken
    from ecert.testing.specimens import Press as Press
    from ecert.testing.specimens import Specimen as Specimen
    from ecert.testing.specimens import make as make
    from ecert.testing.specimens import specimen_names as specimen_names

_HOMES = {
    "Authority": "pki",
    "Clock": "clock",
    "Fault": "faults",
    "Identity": "pki",
    "NameServer": "nameserver",
    "Office": "office",
    "Press": "specimens",
    "Responders": "responders",
    "SoftToken": "softhsm",
    "Specimen": "specimens",
    "Use": "extensions",
    "body_name": "names",
    "make": "specimens",
    "person_name": "names",
    "sample_images": "images",
    "sample_scan": "drawing",
    "seal_image": "drawing",
    "signature_image": "drawing",
    "specimen_names": "specimens",
}

__all__ = sorted(_HOMES)


def __getattr__(name: str) -> object:
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    value: object = getattr(import_module(f"{__name__}.{_HOMES[name]}"), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return __all__
