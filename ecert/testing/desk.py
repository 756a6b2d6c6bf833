"""An office's desk in a folder: what another program needs to work with an office that is running.

Keys, their pass phrases, anchors, a record of today, settings, and the addresses of the services.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from ecert.model.files import PRIVATE, write_below
from ecert.testing.office import Office
from ecert.testing.pki import pem

PINS = {"signer": "thu-nghiem-1", "seal": "thu-nghiem-2"}

_SETTINGS = """\
# Văn phòng giả định của "ecert kit serve"; chỉ dùng được khi lệnh đó đang chạy.
# The fictitious office of "ecert kit serve"; it works while that command runs.
lang = "vi"
level = "B-LTA"

[keys.signer]
uri = "file:keys/signer.p12"
pin_source = "file:keys/pins.txt"

[keys.seal]
uri = "file:keys/seal.p12"
pin_source = "file:keys/pins.txt"

[trust]
paths = ["anchors"]

[services]
allow_hosts = ["127.0.0.1", "{host}"]

[[services.timestamp]]
url = "{tsa}"
"""


def describe(office: Office) -> dict[str, Any]:
    """Return the addresses of an office's services: time-stamps, OCSP, CRLs, certificates."""
    base, authorities = office.responders.url, office.responders.authorities
    return {
        "url": base,
        "timestamp": office.tsa_url,
        "ocsp": {slug: f"{base}/ocsp/{slug}" for slug in office.responders.ocsp},
        "crl": {slug: f"{base}/crl/{slug}.crl" for slug in authorities},
        "ca": {slug: f"{base}/ca/{slug}.cer" for slug in authorities},
    }


def write_desk(office: Office, folder: Path) -> dict[str, Any]:
    """Write the desk; return addresses and paths, which also stand in ``office.json``.

    Files of the same names are replaced, links in the folder are not followed.

    Raises:
        InputError: something cannot be written.
    """
    keys = folder / "keys"
    secret = {
        "keys/signer.p12": office.signer.pkcs12(PINS["signer"]),
        "keys/seal.p12": office.seal.pkcs12(PINS["seal"]),
        "keys/pins.txt": f"{PINS['signer']}\n{PINS['seal']}\n".encode(),
    }
    settings = _SETTINGS.format(tsa=office.tsa_url, host=office.responders.host)
    record = json.dumps(office.record(), ensure_ascii=False, indent=1, default=str)
    plain = {f"anchors/{root.slug}.pem": pem(root.certificate) for root in office.roots}
    plain |= {"ecert.toml": settings.encode(), "record.json": record.encode() + b"\n"}
    facts = {
        **describe(office),
        "anchors": str(folder / "anchors"),
        "signer": str(keys / "signer.p12"),
        "seal": str(keys / "seal.p12"),
        "pins": str(keys / "pins.txt"),
        "settings": str(folder / "ecert.toml"),
        "record": str(folder / "record.json"),
    }
    plain["office.json"] = json.dumps(facts, ensure_ascii=False, indent=1).encode() + b"\n"
    for name, data in secret.items():
        write_below(folder, name, data, mode=PRIVATE)
    for name, data in plain.items():
        write_below(folder, name, data)
    return facts
