"""Certificates, CMS and signed files written byte by byte: also what no library would write, and honest writers do."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import cache
from typing import Any, Final

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, ed448, padding, rsa
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

import ecert
from ecert.formats.certificate_parts import issuer_and_number
from ecert.formats.pades.der import NULL, integer, octets, oid, sequence, set_of, tlv
from ecert.formats.pades.increments import PendingSignature, begin_signature
from ecert.formats.pdf import Name, PdfValue, Ref, Stream, read_document
from ecert.formats.pdf.writer import write_revision
from ecert.trust.store import TrustStore

AT: Final = datetime(2026, 11, 16, 2, tzinfo=UTC)
Key = ec.EllipticCurvePrivateKey | rsa.RSAPrivateKey | ed448.Ed448PrivateKey

ECDSA_SHA256: Final = sequence(oid("1.2.840.10045.4.3.2"))
RSA_SHA256: Final = sequence(oid("1.2.840.113549.1.1.11"), NULL)
SHA256: Final = sequence(oid("2.16.840.1.101.3.4.2.1"))
SHA1: Final = sequence(oid("1.3.14.3.2.26"))

BASIC, KEY_USAGE, EXTENDED, POLICIES = "2.5.29.19", "2.5.29.15", "2.5.29.37", "2.5.29.32"
CA_BASIC: Final = sequence(tlv(1, b"\xff"))
CA_USAGE: Final = bytes.fromhex("03020106")
SIGNING_USAGE: Final = bytes.fromhex("030206c0")
STAMPING: Final = sequence(oid("1.3.6.1.5.5.7.3.8"))


@cache
def ec_key(label: str) -> ec.EllipticCurvePrivateKey:
    assert label
    return ec.generate_private_key(ec.SECP256R1())


@cache
def rsa_key(label: str) -> rsa.RSAPrivateKey:
    assert label
    return rsa.generate_private_key(public_exponent=65537, key_size=2048)


def extension(kind: str, value: bytes, critical: bool | None = None) -> bytes:
    """Return an extension; ``critical`` None: nothing is said, False: it is said in so many words."""
    return sequence(
        oid(kind), *([tlv(1, b"\xff" if critical else b"\0")] if critical is not None else []), octets(value)
    )


def name(text: str | bytes, tag: int = 0x0C) -> bytes:
    value = text.encode() if isinstance(text, str) else text
    return sequence(tlv(0x31, sequence(oid("2.5.4.3"), tlv(tag, value))))


def public(key: Key) -> bytes:
    return key.public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)


def signature(key: Key, data: bytes, digest: hashes.HashAlgorithm | None = None) -> bytes:
    used = digest or hashes.SHA256()
    if isinstance(key, ec.EllipticCurvePrivateKey):
        return key.sign(data, ec.ECDSA(used))
    if isinstance(key, rsa.RSAPrivateKey):
        return key.sign(data, padding.PKCS1v15(), used)
    return key.sign(data)


@dataclass
class Person:
    """A key with its certificate."""

    key: Key
    der: bytes
    subject: bytes


USES: Final = (extension(BASIC, sequence(), True), extension(KEY_USAGE, SIGNING_USAGE, True))
AUTHORITY: Final = (extension(BASIC, CA_BASIC, True), extension(KEY_USAGE, CA_USAGE, True))


def issue(
    subject: bytes,
    key: Key,
    extensions: Sequence[bytes],
    issuer: Person | None = None,
    *,
    algorithm: bytes | None = None,
    digest: hashes.HashAlgorithm | None = None,
    public_key: bytes | None = None,
    value: bytes | None = None,
    serial: bytes | None = None,
    times: bytes | None = None,
) -> Person:
    """Write a certificate; ``issuer`` None: the key signs itself. ``value`` is a made-up signature."""
    above = issuer.key if issuer else key
    usual = RSA_SHA256 if isinstance(above, rsa.RSAPrivateKey) else ECDSA_SHA256
    used, number = algorithm or usual, serial or integer(int.from_bytes(os.urandom(8), "big") + 1)
    usual_times = sequence(tlv(0x17, b"250101000000Z"), tlv(0x17, b"351231000000Z"))
    body = sequence(
        tlv(0xA0, integer(2)),
        number,
        used,
        issuer.subject if issuer else subject,
        times or usual_times,
        subject,
        public_key or public(key),
        *([tlv(0xA3, sequence(*extensions))] if extensions else []),
    )
    signed = value if value is not None else signature(above, body, digest)
    return Person(key, sequence(body, used, tlv(3, b"\0" + signed)), subject)


@cache
def root(kind: str = "ec") -> Person:
    return issue(name("Root"), ec_key("root") if kind == "ec" else rsa_key("root"), AUTHORITY)


def attribute(kind: str, value: bytes) -> bytes:
    return sequence(oid(kind), set_of(value))


@dataclass
class Cms:
    """A SignedData over a digest, or with content inside."""

    who: Person
    algorithm: bytes | None = None
    digest: str = "sha256"
    digest_algorithm: bytes = SHA256
    hash: hashes.HashAlgorithm | None = None
    content_type: str = "1.2.840.113549.1.7.1"
    content: bytes | None = None
    certificates: Sequence[bytes] | None = None
    stated: bytes | None = None  # the certificate that signing-certificate-v2 names; b"": no attribute
    key_id: bytes | None = None
    tokens: Sequence[Callable[[bytes], bytes]] = ()
    attributes: bool = True
    value: Callable[[bytes], bytes] | None = None

    def build(self, digest: bytes) -> bytes:
        who = self.who
        stated = who.der if self.stated is None else self.stated
        parts = [
            attribute("1.2.840.113549.1.9.3", oid(self.content_type)),
            attribute("1.2.840.113549.1.9.4", octets(digest)),
        ]
        if stated:
            named = sequence(sequence(sequence(octets(hashlib.sha256(stated).digest()))))
            parts.append(attribute("1.2.840.113549.1.9.16.2.47", named))
        signed = set_of(*parts)
        usual = RSA_SHA256 if isinstance(who.key, rsa.RSAPrivateKey) else ECDSA_SHA256
        data = signed if self.attributes else self.content or b""
        value = self.value(data) if self.value else signature(who.key, data, self.hash)
        issuer, serial = issuer_and_number(who.der)
        tokens = [t(value) for t in self.tokens]
        signer = sequence(
            integer(3 if self.key_id else 1),
            tlv(0x80, self.key_id) if self.key_id else sequence(issuer, serial),
            self.digest_algorithm,
            *([b"\xa0" + signed[1:]] if self.attributes else []),
            self.algorithm or usual,
            octets(value),
            *([tlv(0xA1, sequence(oid("1.2.840.113549.1.9.16.2.14"), set_of(*tokens)))] if tokens else []),
        )
        inside = [tlv(0xA0, octets(self.content))] if self.content is not None else []
        carried = [who.der] if self.certificates is None else self.certificates
        data = sequence(
            integer(3 if self.content_type != "1.2.840.113549.1.7.1" or self.key_id else 1),
            set_of(self.digest_algorithm),
            sequence(oid(self.content_type), *inside),
            *([tlv(0xA0, *sorted(carried))] if carried else []),
            set_of(signer),
        )
        return sequence(oid("1.2.840.113549.1.7.2"), tlv(0xA0, data))


def token(stamper: Person, imprinted: bytes, at: datetime = AT, **options: Any) -> bytes:
    """Return an RFC 3161 token over data (SHA-256)."""
    info = sequence(
        integer(1),
        oid("1.2.3.4"),
        sequence(SHA256, octets(hashlib.sha256(imprinted).digest())),
        integer(7),
        tlv(0x18, at.strftime("%Y%m%d%H%M%SZ").encode()),
    )
    cms = Cms(stamper, content_type="1.2.840.113549.1.9.16.1.4", content=info, **options)
    return cms.build(hashlib.new(cms.digest, info).digest())


@dataclass
class Form:
    """A page with one signature field."""

    dictionary: dict[str, PdfValue] = field(default_factory=dict)
    store: Sequence[bytes] = ()  # certificates of the DSS
    subfilter: str = "ETSI.CAdES.detached"

    def begin(self) -> PendingSignature:
        objects: dict[int, PdfValue] = {
            1: {
                "Type": Name("Catalog"),
                "Pages": Ref(2),
                "AcroForm": {"Fields": [Ref(5)], "SigFlags": 3},
                **({"DSS": {"Certs": [Ref(20 + i) for i in range(len(self.store))]}} if self.store else {}),
            },
            2: {"Type": Name("Pages"), "Kids": [Ref(3)], "Count": 1},
            3: {
                "Type": Name("Page"),
                "Parent": Ref(2),
                "MediaBox": [0, 0, 200, 200],
                "Contents": Ref(4),
                "Resources": {},
                "Annots": [Ref(5)],
            },
            4: Stream({"Length": 4}, b"q Q\n"),
            5: {
                "Type": Name("Annot"),
                "Subtype": Name("Widget"),
                "FT": Name("Sig"),
                "T": b"Signature1",
                "Rect": [0, 0, 0, 0],
                "P": Ref(3),
            },
            **{20 + i: Stream({"Length": len(der)}, der) for i, der in enumerate(self.store)},
        }
        first = b"".join(map(bytes, write_revision(objects, {"Size": 40, "Root": Ref(1)})))
        return begin_signature(
            read_document(first),
            field=Ref(5),
            dictionary={
                "Type": Name("Sig"),
                "Filter": Name("Adobe.PPKLite"),
                "SubFilter": Name(self.subfilter),
                **self.dictionary,
            },
            objects={},
            field_changes={},
            room=9000,
            signature_number=40,
        )

    def sign(self, cms: Cms) -> bytes:
        """Return the file with a detached signature."""
        pending = self.begin()
        return pending.finish(cms.build(pending.digest(cms.digest)))


def judged(data: bytes, *anchors: bytes, policy: str = "signatures", **options: Any) -> ecert.Report:
    """Judge a file; the anchors serve every role."""
    trust = TrustStore.from_certificates([x509.load_der_x509_certificate(a) for a in anchors])
    return ecert.verify_copy(
        data, **{"trust": trust, "policy": policy, "at": AT, "revocation": "if-present", **options}
    )
