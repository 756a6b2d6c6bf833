"""Seeds for every target, made by the kit: good ones, and the kit's spoiled copies."""

from __future__ import annotations

import base64
from collections.abc import Callable, Iterable, Iterator
from datetime import timedelta
from pathlib import Path
from typing import Final

from ecert.formats.ecert1 import cmyk_profile
from ecert.formats.pades.cms import der_length
from ecert.formats.pades.dss import read_dss
from ecert.formats.pades.fields import read_signatures
from ecert.formats.pdf import read_document
from ecert.formats.record import write_record_xml
from ecert.testing import Press, contested, sample_images, specimen_names
from ecert.testing.pki import der
from ecert.trust.anchors import TrustAnchor
from ecert.trust.bundle import build_bundle
from ecert.trust.manifest import Manifest

_LIST = b"""<?xml version="1.0" encoding="UTF-8"?>
<TrustServiceStatusList xmlns="http://uri.etsi.org/02231/v2#" TSLTag="http://uri.etsi.org/19612/TSLTag">
<SchemeInformation><TSLVersionIdentifier>5</TSLVersionIdentifier><TSLSequenceNumber>1</TSLSequenceNumber>
<SchemeTerritory>VN</SchemeTerritory></SchemeInformation>
<TrustServiceProviderList><TrustServiceProvider><TSPInformation><TSPName><Name xml:lang="en">Sample</Name>
</TSPName></TSPInformation><TSPServices><TSPService><ServiceInformation>
<ServiceTypeIdentifier>http://uri.etsi.org/TrstSvc/Svctype/CA/QC</ServiceTypeIdentifier>
<ServiceStatus>http://uri.etsi.org/TrstSvc/TrustedList/Svcstatus/granted</ServiceStatus>
<StatusStartingTime>2020-01-01T00:00:00Z</StatusStartingTime><ServiceDigitalIdentity><DigitalId>
<X509Certificate>%s</X509Certificate></DigitalId></ServiceDigitalIdentity></ServiceInformation>
</TSPService></TSPServices>
</TrustServiceProvider></TrustServiceProviderList></TrustServiceStatusList>
"""
_SETTINGS = b"""lang = "en"
level = "B-LTA"
[keys.signer]
uri = "pkcs11:token=Chairman;object=sign"
[page]
max_output_mb = 10
[services]
timeout_s = 10
map_hosts = {"ocsp.example" = "ocsp.other.example"}
[[services.timestamp]]
url = "http://tsa.example/"
[verify]
revocation = "require"
"""
_POLICY = b"""id = "vn.example.portal"
version = "1"
based_on = "certified-copy"
[require]
level = "B-LTA"
[algorithms]
rsa_bits = 3072
[ages]
copy_days = 180
"""
_RECORD = """number = 152
series = "SCTĐT/BS"
book = "01/2026"
date = 2026-10-01
[original]
title = "Sổ hộ khẩu"
pages = 2
[body]
name = "Ủy ban nhân dân xã Mẫu"
[certifier]
name = "Nguyễn Văn A"
title = "Chủ tịch"
capacity = "head"
[officer]
name = "Trần Thị B"
confirms = ["unaltered", "legible", "not-secret", "lawful", "legalised-or-exempt", "not-self-made"]
""".encode()


def make_seeds(copies: Iterable[str] | None = None) -> Iterator[tuple[str, str, bytes]]:
    """Yield (target, name, bytes): for ``verify`` these specimens of the kit, or all of them."""
    with Press() as press:
        for name in specimen_names() if copies is None else copies:
            yield "verify", f"{name}.pdf", press.make(name).data
        for target, make in _MAKERS.items():
            for name, data in make(press):
                yield target, name, data


def write_seeds(folder: Path, copies: Iterable[str] | None = None) -> int:
    """Write the seeds, a folder for each target, and return how many there are."""
    found = list(make_seeds(copies))
    for target, name, data in found:
        path = folder / target / name.replace("/", "-")
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)
    return len(found)


def _records(press: Press) -> Iterator[tuple[str, bytes]]:
    for name, stage in (("draft", press.draft), ("copy", press.sealed)):
        yield f"{name}.xml", write_record_xml(stage.record)


def _images(_: Press) -> Iterator[tuple[str, bytes]]:
    yield from sample_images().items()
    yield "inks.icc", cmyk_profile()
    yield "curves.icc", contested.rgb_profile(contested.gamma(2.2))
    yield "grey.icc", contested.grey_profile(contested.gamma(2.2))


def _bundles(press: Press) -> Iterator[tuple[str, bytes]]:
    now, office = press.now(), press.office
    anchors = (
        TrustAnchor(der(office.root.certificate), frozenset({"signer", "seal"}), source="root.pem"),
        TrustAnchor(
            der(office.tsa.certificate),
            frozenset({"timestamp"}),
            direct=True,
            valid_from=now,
            valid_until=now + timedelta(days=9),
            source="dấu thời gian",
        ),
    )
    later = now + timedelta(days=30), now + timedelta(days=365)
    manifest = Manifest("xa-mau", 4, now, *later, anchors)
    yield "bundle.ecb", build_bundle(manifest, office.key("seal"))
    yield "manifest.json", manifest.to_json()


def _lists(press: Press) -> Iterator[tuple[str, bytes]]:
    yield "list.xml", _LIST % base64.b64encode(der(press.office.root.certificate))


def _evidence(press: Press) -> Iterator[tuple[str, bytes]]:
    for signature in read_signatures(read_document(press.copy)):
        yield f"{signature.name}.der", signature.contents[: der_length(signature.contents)]
    for kind in ("certificates", "crls", "ocsps"):
        for number, item in enumerate(getattr(read_dss(read_document(press.copy)), kind), 1):
            yield f"{kind}-{number}.der", item


def _tables(_: Press) -> Iterator[tuple[str, bytes]]:
    yield from (("ecert.toml", _SETTINGS), ("policy.toml", _POLICY), ("record.toml", _RECORD))


_MAKERS: Final[dict[str, Callable[[Press], Iterator[tuple[str, bytes]]]]] = {
    "record": _records,
    "images": _images,
    "bundle": _bundles,
    "trusted-list": _lists,
    "evidence": _evidence,
    "tables": _tables,
}
