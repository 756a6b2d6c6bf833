"""An office's desk in a folder: what another program needs to work with an office that is running.

Keys, their pass phrases, anchors, a record of today, settings, and the addresses of the services.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from ecert.testing.office import Office

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

    Raises:
        OSError: something cannot be written.
    """
    keys = folder / "keys"
    keys.mkdir(parents=True, exist_ok=True)
    office.write_anchors(folder / "anchors")
    office.signer.write_pkcs12(keys / "signer.p12", PINS["signer"])
    office.seal.write_pkcs12(keys / "seal.p12", PINS["seal"])
    (keys / "pins.txt").write_text(f"{PINS['signer']}\n{PINS['seal']}\n", encoding="utf-8")
    settings = _SETTINGS.format(tsa=office.tsa_url, host=office.responders.host)
    (folder / "ecert.toml").write_text(settings, encoding="utf-8")
    record = json.dumps(office.record(), ensure_ascii=False, indent=1, default=str)
    (folder / "record.json").write_text(record + "\n", encoding="utf-8")
    facts = {
        **describe(office),
        "anchors": str(folder / "anchors"),
        "signer": str(keys / "signer.p12"),
        "seal": str(keys / "seal.p12"),
        "pins": str(keys / "pins.txt"),
        "settings": str(folder / "ecert.toml"),
        "record": str(folder / "record.json"),
    }
    text = json.dumps(facts, ensure_ascii=False, indent=1)
    (folder / "office.json").write_text(text + "\n", encoding="utf-8")
    return facts
