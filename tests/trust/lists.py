"""Trusted lists made on the spot (ETSI TS 119 612), signed by signxml as XAdES or plain XMLDSig."""

from __future__ import annotations

import base64
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any, Literal

from cryptography.x509 import Certificate
from lxml import etree
from signxml.algorithms import CanonicalizationMethod, DigestAlgorithm, SignatureConstructionMethod, SignatureMethod
from signxml.signer import XMLSigner
from signxml.xades.xades import XAdESSigner

from ecert.model.times import read_clock, rfc3339
from ecert.testing import Identity
from ecert.testing.pki import der, pem

TYPE = "http://uri.etsi.org/TrstSvc/TrustedList/TSLType/"
SERVICE = "http://uri.etsi.org/TrstSvc/Svctype/"
STATUS = "http://uri.etsi.org/TrstSvc/TrustedList/Svcstatus/"
USE = "http://uri.etsi.org/TrstSvc/TrustedList/SvcInfoExt/"
DS = "{http://www.w3.org/2000/09/xmldsig#}"
DAY = timedelta(days=1)
LONG_AGO = datetime(2019, 1, 1, tzinfo=UTC)


def critical(content: str, flag: str = "true") -> str:
    """Return one service information extension."""
    return f'<Extension Critical="{flag}">{content}</Extension>'


def for_use(use: str, flag: str = "true") -> str:
    """Return the extension additionalServiceInformation (5.5.9.4)."""
    uri = f'<URI xml:lang="en">{USE}{use}</URI>'
    return critical(f"<AdditionalServiceInformation>{uri}</AdditionalServiceInformation>", flag)


@dataclass(frozen=True)
class State:
    """What a service says from a time on."""

    kind: str = "CA/QC"
    status: str = "granted"
    start: datetime | str = LONG_AGO
    certificates: Sequence[Certificate] = ()
    extensions: str = ""
    identity: str = ""  # XML in place of the certificates

    def xml(self) -> str:
        identity = self.identity or "".join(
            f"<DigitalId><X509Certificate>{base64.b64encode(der(c)).decode()}</X509Certificate></DigitalId>"
            for c in self.certificates
        )
        start = self.start if isinstance(self.start, str) else rfc3339(self.start)
        more = self.extensions
        if more:
            more = f"<ServiceInformationExtensions>{more}</ServiceInformationExtensions>"
        return (
            f"<ServiceTypeIdentifier>{SERVICE}{self.kind}</ServiceTypeIdentifier>"
            '<ServiceName><Name xml:lang="vi">Dịch vụ</Name><Name xml:lang="en">Sample service'
            "</Name></ServiceName>"
            f"<ServiceDigitalIdentity>{identity}</ServiceDigitalIdentity>"
            f"<ServiceStatus>{STATUS}{self.status}</ServiceStatus>"
            f"<StatusStartingTime>{start}</StatusStartingTime>{more}"
        )


def service(current: State, *history: State) -> str:
    """Return one TSPService."""
    past = "".join(f"<ServiceHistoryInstance>{h.xml()}</ServiceHistoryInstance>" for h in history)
    past = f"<ServiceHistory>{past}</ServiceHistory>" if past else ""
    information = f"<ServiceInformation>{current.xml()}</ServiceInformation>"
    return f"<TSPService>{information}{past}</TSPService>"


@dataclass(frozen=True)
class ListText:
    """A trusted list before it is signed."""

    services: Sequence[str] = ()
    sequence: str = "7"
    version: str = "6"
    type: str = "VNlist"
    territory: str = "VN"
    issued: str = ""
    next_update: str | None = None  # XML of NextUpdate; None: in 30 days
    id: str = "list"  # of the root; empty: none, so signatures refer to ""
    tag: str = "http://uri.etsi.org/19612/TSLTag"
    now: datetime = field(default_factory=lambda: read_clock(None))

    def xml(self) -> bytes:
        ahead = f"<dateTime>{rfc3339(self.now + 30 * DAY)}</dateTime>"
        following = ahead if self.next_update is None else self.next_update
        named = f' Id="{self.id}"' if self.id else ""
        issued = self.issued or rfc3339(self.now - DAY)
        return (
            '<?xml version="1.0" encoding="UTF-8"?>\n'
            f'<TrustServiceStatusList xmlns="http://uri.etsi.org/02231/v2#"{named} '
            f'TSLTag="{self.tag}">'
            "<SchemeInformation>"
            f"<TSLVersionIdentifier>{self.version}</TSLVersionIdentifier>"
            f"<TSLSequenceNumber>{self.sequence}</TSLSequenceNumber>"
            f"<TSLType>{TYPE}{self.type}</TSLType>"
            '<SchemeOperatorName><Name xml:lang="en">Sample operator</Name></SchemeOperatorName>'
            f"<SchemeTerritory>{self.territory}</SchemeTerritory>"
            f"<ListIssueDateTime>{issued}</ListIssueDateTime>"
            f"<NextUpdate>{following}</NextUpdate>"
            "</SchemeInformation>"
            "<TrustServiceProviderList><TrustServiceProvider>"
            '<TSPInformation><TSPName><Name xml:lang="en">Sample TSP</Name></TSPName>'
            f"</TSPInformation><TSPServices>{''.join(self.services)}</TSPServices>"
            "</TrustServiceProvider></TrustServiceProviderList>"
            "</TrustServiceStatusList>"
        ).encode()


_METHODS = {
    ("RSA", "sha256"): SignatureMethod.RSA_SHA256,
    ("RSA", "sha1"): SignatureMethod.RSA_SHA1,
    ("ECD", "sha256"): SignatureMethod.ECDSA_SHA256,
}


class _OldSigner(XMLSigner):
    """A signer that still writes SHA-1."""

    def check_deprecated_methods(self) -> None:
        """Let it pass."""


class _XadesSigner(XAdESSigner):
    """A signer that says how it canonicalised the signed properties, as operators' tools do."""

    def _add_reference_to_signed_info(self, sig_root: Any, node_to_reference: Any, **attrs: Any) -> None:
        super()._add_reference_to_signed_info(sig_root, node_to_reference, **attrs)
        reference = sig_root.findall(f"{DS}SignedInfo/{DS}Reference")[-1]
        transforms = etree.Element(f"{DS}Transforms")
        etree.SubElement(transforms, f"{DS}Transform", Algorithm=self.c14n_alg.value)
        reference.insert(0, transforms)


def sign_list(
    text: bytes,
    who: Identity,
    *,
    form: Literal["xades", "xmldsig"] = "xades",
    uri: str | None = None,
    digest: str = "sha256",
    canonical: CanonicalizationMethod = (CanonicalizationMethod.EXCLUSIVE_XML_CANONICALIZATION_1_0),
) -> bytes:
    """Return a list with an enveloped signature; ``uri`` None: of the root, by its Id where it has one."""
    kind = "RSA" if type(who.key).__name__.startswith("RSA") else "ECD"
    signer_kind = {"xades": _XadesSigner, "xmldsig": XMLSigner}[form]
    signer = (_OldSigner if digest == "sha1" else signer_kind)(
        method=SignatureConstructionMethod.enveloped,
        signature_algorithm=_METHODS[kind, digest],
        digest_algorithm=DigestAlgorithm.SHA1 if digest == "sha1" else DigestAlgorithm.SHA256,
        c14n_algorithm=canonical,
    )
    signed = signer.sign(etree.fromstring(text), key=who.key, cert=[pem(who.certificate).decode()], reference_uri=uri)
    return etree.tostring(signed, xml_declaration=True, encoding="UTF-8")
