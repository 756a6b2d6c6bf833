"""The peers in this process: img2pdf with pyHanko used plainly, and pyHanko used as well as one can.

Neither checks what it wrote. Both keep key objects, anchors and profiles between jobs.
"""

from __future__ import annotations

import asyncio
import http.client
import io
from collections.abc import Sequence
from typing import Any
from urllib.parse import urlsplit

import img2pdf
from asn1crypto import crl, ocsp, tsp
from asn1crypto import x509 as asn1_x509
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import padding, rsa
from cryptography.hazmat.primitives.serialization import Encoding, load_der_private_key
from PIL import Image
from pyhanko.pdf_utils.images import PdfImage
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign import fields, signers
from pyhanko.sign.signers.pdf_signer import DSSContentSettings, TimestampDSSContentSettings
from pyhanko.sign.timestamps import TimeStamper
from pyhanko.sign.validation import ades, validate_pdf_signature
from pyhanko.sign.validation.policy_decl import (
    PdfSignatureValidationSpec,
    RevinfoOnlineFetchingRule,
    RevocationInfoGatheringSpec,
    SignatureValidationSpec,
)
from pyhanko.stamp import StaticStampStyle
from pyhanko_certvalidator import ValidationContext
from pyhanko_certvalidator.context import CertValidationPolicySpec
from pyhanko_certvalidator.policy_decl import REQUIRE_REVINFO, CertRevTrustPolicy
from pyhanko_certvalidator.registry import SimpleTrustManager

from bench.work import PASS_PHRASE, Work
from ecert.testing.pki import Identity
from ecert.testing.status import ocsp_request

BYTES_RESERVED = 16_384  # hex digits for one CMS with a time-stamp: no trial signature then
_FIELDS = (("Signer", (60, 80, 240, 150)), ("Seal", (300, 60, 402, 162)))


class HoldingSigner(signers.SimpleSigner):
    """SimpleSigner, but the key object is made once instead of twice per signature."""

    _held: rsa.RSAPrivateKey | None = None

    def sign_raw(self, data: bytes, digest_algorithm: str) -> bytes:
        """Sign with the key that is held."""
        assert digest_algorithm == "sha256"
        if self._held is None:
            key = load_der_private_key(self.signing_key.dump(), None)
            assert isinstance(key, rsa.RSAPrivateKey)
            self._held = key
        return self._held.sign(data, padding.PKCS1v15(), hashes.SHA256())


class LoopbackTimeStamper(TimeStamper):
    """pyHanko's own requests and checks over http.client, which is lighter than aiohttp."""

    def __init__(self, url: str) -> None:
        super().__init__()  # type: ignore[no-untyped-call]
        self._url = url

    async def async_request_tsa_response(self, req: tsp.TimeStampReq) -> tsp.TimeStampResp:
        """Send one request."""
        answer = _ask(self._url, req.dump(), "application/timestamp-query")
        return tsp.TimeStampResp.load(answer)


class PyHanko:
    """pyHanko for one office: signing J, and validating copies, ours as well as its own."""

    def __init__(self, work: Work, *, plain: bool) -> None:
        self._office = work.office
        make = signers.SimpleSigner if plain else HoldingSigner
        self._signers = [
            make.load_pkcs12(str(path), passphrase=PASS_PHRASE.encode())  # type: ignore[no-untyped-call]
            for path in (work.signer_p12, work.seal_p12)
        ]
        self._reserve = None if plain else BYTES_RESERVED
        self._roots = [asn1_x509.Certificate.load(c.public_bytes(Encoding.DER)) for c in work.office.anchors]
        self._time_stamper = LoopbackTimeStamper(work.office.tsa_url)

    def certify(self, pages: Sequence[bytes], *, images: Sequence[bytes] = ()) -> bytes:
        """Write a PDF with two fields, sign it (P=2), sign it again; nothing is checked."""
        data = _prepare(pages)
        for index, signer in enumerate(self._signers):
            style = _stamp(images[index]) if images else None
            data = self._sign(data, index, signer, style=style)
        return data

    def certify_lta(self, pages: Sequence[bytes]) -> bytes:
        """Sign and seal with time-stamps, embed what proves both, end with an archive time-stamp."""
        data = _prepare(pages)
        context = self._fetching_context()
        lasting: dict[str, Any] = {
            "embed_validation_info": True,
            "validation_context": context,
            "dss_settings": DSSContentSettings(
                include_vri=False,
                next_ts_settings=TimestampDSSContentSettings(include_vri=False, update_before_ts=True),
            ),
        }
        data = self._sign(data, 0, self._signers[0], stamper=self._time_stamper, **lasting)
        lasting["use_pades_lta"] = True
        return self._sign(data, 1, self._signers[1], stamper=self._time_stamper, **lasting)

    def validate(self, data: bytes) -> None:
        """Validate both signatures, revocation as far as there is data."""
        reader = PdfFileReader(io.BytesIO(data))
        for signature in reader.embedded_regular_signatures:
            context = ValidationContext(trust_roots=self._roots, allow_fetching=False, revocation_mode="soft-fail")
            status = validate_pdf_signature(signature, context)
            assert status.bottom_line, status.pretty_print_details()  # type: ignore[no-untyped-call]

    def validate_lta(self, data: bytes) -> None:
        """Validate both signatures with their archive time-stamps."""
        reader = PdfFileReader(io.BytesIO(data))
        results = asyncio.run(self._validate_lta(reader))
        assert all(r.ades_subindic.status.name == "PASSED" for r in results), results

    async def _validate_lta(self, reader: PdfFileReader) -> list[Any]:
        signatures = reader.embedded_regular_signatures
        return [await ades.ades_lta_validation(s, self._spec()) for s in signatures]

    def _spec(self) -> PdfSignatureValidationSpec:
        policy = CertValidationPolicySpec(
            trust_manager=SimpleTrustManager.build(self._roots), revinfo_policy=CertRevTrustPolicy(REQUIRE_REVINFO)
        )
        gathering = RevocationInfoGatheringSpec(online_fetching_rule=RevinfoOnlineFetchingRule.LOCAL_ONLY)
        return PdfSignatureValidationSpec(SignatureValidationSpec(policy, gathering))

    def _sign(
        self,
        data: bytes,
        index: int,
        signer: signers.SimpleSigner,
        *,
        style: StaticStampStyle | None = None,
        stamper: TimeStamper | None = None,
        **more: Any,
    ) -> bytes:
        metadata = signers.PdfSignatureMetadata(
            field_name=_FIELDS[index][0],
            md_algorithm="sha256",
            subfilter=fields.SigSeedSubFilter.PADES,
            certify=index == 0,
            docmdp_permissions=fields.MDPPerm.FILL_FORMS,
            **more,
        )
        worker = signers.PdfSigner(metadata, signer, timestamper=stamper, stamp_style=style)
        out = worker.sign_pdf(
            IncrementalPdfFileWriter(io.BytesIO(data)), existing_fields_only=True, bytes_reserved=self._reserve
        )
        assert isinstance(out, io.BytesIO)
        return out.getvalue()

    def _fetching_context(self) -> ValidationContext:
        """Fetch every OCSP answer and CRL that the two signatures and the time-stamps need, once."""
        office = self._office
        answers = [self._ocsp(who) for who in (office.signer, office.seal, office.tsa)]
        roots = {office.root.crl_url, office.tsa_root.crl_url}
        return ValidationContext(
            trust_roots=self._roots,
            ocsps=[ocsp.OCSPResponse.load(a) for a in answers],
            crls=[crl.CertificateList.load(_ask(url)) for url in sorted(roots)],
            allow_fetching=False,
            revocation_mode="hard-fail",
        )

    def _ocsp(self, who: Identity) -> bytes:
        url = _ocsp_url(who.certificate)
        request = ocsp_request(who.certificate, who.chain[0])
        return _ask(url, request, "application/ocsp-request")


def _prepare(pages: Sequence[bytes]) -> bytes:
    """Return the pages as PDF with two empty signature fields."""
    writer = IncrementalPdfFileWriter(io.BytesIO(img2pdf.convert(list(pages))))
    for name, box in _FIELDS:
        lock = fields.FieldMDPSpec(fields.FieldMDPAction.INCLUDE, [n for n, _ in _FIELDS])
        spec = fields.SigFieldSpec(name, box=box, on_page=-1, field_mdp_spec=lock if name == "Seal" else None)
        fields.append_signature_field(writer, spec)
    out = io.BytesIO()
    writer.write(out)  # type: ignore[no-untyped-call]
    return out.getvalue()


def _stamp(image: bytes) -> StaticStampStyle:
    with Image.open(io.BytesIO(image)) as opened:
        return StaticStampStyle(background=PdfImage(opened.convert("RGBA")), background_opacity=1)


def _ocsp_url(certificate: x509.Certificate) -> str:
    access = certificate.extensions.get_extension_for_class(x509.AuthorityInformationAccess).value
    method = x509.oid.AuthorityInformationAccessOID.OCSP
    return str(next(d.access_location.value for d in access if d.access_method == method))


def _ask(url: str, body: bytes | None = None, media_type: str = "") -> bytes:
    parts = urlsplit(url)
    connection = http.client.HTTPConnection(parts.hostname or "", parts.port)
    try:
        headers = {"Content-Type": media_type} if body else {}
        connection.request("POST" if body else "GET", parts.path, body, headers)
        return connection.getresponse().read()
    finally:
        connection.close()
