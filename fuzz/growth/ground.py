"""What hostile files begin with: an office's copy, a form of somebody else, keys that sign fast."""

from __future__ import annotations

import functools
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Final

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from ecert.capture.scan import Scan
from ecert.formats.pades.algorithms import SignatureScheme
from ecert.formats.pades.cms_writer import build_signed_data, signed_attributes
from ecert.formats.pades.increments import begin_signature, next_number, signature_dictionary
from ecert.formats.pdf import Name, PdfValue, Ref, read_document
from ecert.formats.pdf.objects import PdfDict
from ecert.formats.pdf.writer import write_revision
from ecert.formats.record import CertificationRecord
from ecert.stages import prepare_copy, seal_copy, sign_copy
from ecert.testing import Office
from ecert.testing.pki import YEAR, Authority, Identity, der
from ecert.testing.specimens.increments import append, changed
from ecert.testing.specimens.sheets import draw_sheet
from ecert.testing.timestamps import TimeStampAuthority

SCHEME: Final = SignatureScheme("ecdsa", "sha256")
#: objects of the foreign form
ROOT, PAGES, PAGE, FORM = 1, 2, 3, 4
FIRST = 10  # from here on its fields


@dataclass(frozen=True)
class Copy:
    """An archived copy and the anchors under which it is VALID."""

    data: bytes
    anchors: tuple[bytes, ...]


@dataclass(frozen=True)
class Ground:
    """One office of somebody else's: a root, an authority below it, a signer, and the moment."""

    now: datetime
    root: Authority
    issuing: Authority
    signer: Identity
    stamps: TimeStampAuthority
    copy: Copy

    @property
    def anchors(self) -> tuple[bytes, ...]:
        """Return the certificates to be trusted: the root, and those of the copy."""
        return (der(self.root.certificate), *self.copy.anchors)

    def certificate(
        self,
        subject: x509.Name,
        issuer: x509.Name,
        *,
        key: ec.EllipticCurvePublicKey | None = None,
        signer: ec.EllipticCurvePrivateKey | None = None,
        authority: bool = True,
        extensions: Sequence[x509.ExtensionType] = (),
    ) -> bytes:
        """Return a certificate that nobody asked for, with any names and keys."""
        own = ec.generate_private_key(ec.SECP256R1())
        builder = (
            x509.CertificateBuilder()
            .subject_name(subject)
            .issuer_name(issuer)
            .public_key(key or own.public_key())
            .serial_number(x509.random_serial_number())
            .not_valid_before(self.now - YEAR)
            .not_valid_after(self.now + YEAR)
            .add_extension(x509.BasicConstraints(authority, None), critical=True)
        )
        for extension in extensions:
            builder = builder.add_extension(extension, critical=False)
        return builder.sign(signer or own, hashes.SHA256()).public_bytes(serialization.Encoding.DER)


@functools.cache
def ground() -> Ground:
    """Make the ground once."""
    now = datetime.now(UTC).replace(microsecond=0)
    span = {"not_before": now - YEAR, "not_after": now + YEAR}
    root = Authority.root("growth", "growth root", base_url="http://127.0.0.1:9", algorithm="p256", **span)
    issuing = root.subordinate("below", "growth authority", algorithm="p256", **span)
    signer = issuing.issue(name("growth signer"), algorithm="p256", **span)
    from ecert.testing.extensions import TIME_STAMPING

    stamps = issuing.issue(name("growth stamps"), algorithm="p256", use=TIME_STAMPING, **span)
    return Ground(now, root, issuing, signer, TimeStampAuthority(stamps), _copy(now))


def _copy(now: datetime) -> Copy:
    with Office.create(now, algorithm="p256") as office:
        scan = Scan.from_files([draw_sheet(["growth"], quality=40)])
        record = CertificationRecord.from_dict(office.record(pages=1, number=7))
        draft = prepare_copy(scan, record, level="B-LTA", at=now)
        given = {"trust": office.trust, "services": office.services, "at": now}
        signed = sign_copy(draft, office.key("signer"), **given)
        data = seal_copy(signed, office.key("seal"), **given).to_bytes()
        return Copy(data, tuple(a.certificate for a in office.trust.anchors))


def name(common: str, *more: str) -> x509.Name:
    """Return a distinguished name of a CN, and of organisational units."""
    units = [x509.NameAttribute(NameOID.ORGANIZATIONAL_UNIT_NAME, text) for text in more]
    return x509.Name([*units, x509.NameAttribute(NameOID.COMMON_NAME, common)])


def form(objects: Mapping[int, PdfValue] | None = None, *, fields: int = 1, **catalog: PdfValue) -> bytes:
    """Return a PDF of one page and some empty signature fields, with more objects and entries."""
    whole: dict[int, PdfValue] = {
        ROOT: {"Type": Name("Catalog"), "Pages": Ref(PAGES), "AcroForm": Ref(FORM), **catalog},
        PAGES: {"Type": Name("Pages"), "Count": 1, "Kids": [Ref(PAGE)]},
        PAGE: {"Type": Name("Page"), "Parent": Ref(PAGES), "MediaBox": [0, 0, 100, 100]},
        FORM: {"Fields": [Ref(FIRST + i) for i in range(fields)], "SigFlags": 3},
        **{FIRST + i: field(b"f%d" % i) for i in range(fields)},
        **(objects or {}),
    }
    return b"".join(map(bytes, write_revision(whole, {"Size": max(whole) + 1, "Root": Ref(ROOT)})))


def field(title: bytes) -> PdfDict:
    """Return an empty signature field that shows nothing."""
    return {
        "Type": Name("Annot"),
        "Subtype": Name("Widget"),
        "FT": Name("Sig"),
        "T": title,
        "Rect": [0, 0, 0, 0],
        "F": 132,
        "P": Ref(PAGE),
    }


def sign(
    data: bytes,
    number: int = 0,
    *,
    certificates: Sequence[bytes] = (),
    stamps: int = 0,
    identity: Identity | None = None,
) -> bytes:
    """Sign an empty field of a form; ``certificates`` come along with it, and so many time-stamps."""
    g = ground()
    identity = identity or g.signer
    own, key = der(identity.certificate), identity.key
    assert isinstance(key, ec.EllipticCurvePrivateKey)
    document = read_document(data)
    own_size = sum(len(der(c)) for c in (identity.certificate, *identity.issuers))
    room = 3000 + own_size + sum(map(len, certificates)) + 2500 * stamps
    pending = begin_signature(
        document,
        field=Ref(FIRST + number),
        dictionary=signature_dictionary(g.now, 7, docmdp=False, lock=None, root=Ref(ROOT)),
        objects={},
        field_changes={},
        room=room,
        signature_number=next_number(document),
    )
    attributes = signed_attributes(pending.digest("sha256"), own, SCHEME)
    value = key.sign(attributes, ec.ECDSA(hashes.SHA256()))
    tokens = b"".join(_token(value) for _ in range(stamps))
    chain = [own, *(der(c) for c in identity.issuers), *certificates]
    return pending.finish(build_signed_data(attributes, value, SCHEME, chain, tokens or None))


def _token(value: bytes) -> bytes:
    import hashlib

    from asn1crypto import tsp

    g = ground()
    request = tsp.TimeStampReq(
        {
            "version": 1,
            "cert_req": True,
            "message_imprint": {
                "hash_algorithm": {"algorithm": "sha256"},
                "hashed_message": hashlib.sha256(value).digest(),
            },
        }
    )
    answer = g.stamps.answer(request.dump(), g.now - timedelta(seconds=1))
    return bytes(tsp.TimeStampResp.load(answer)["time_stamp_token"].dump())


def with_store(data: bytes, **streams: Sequence[PdfValue]) -> bytes:
    """Append a DSS that names these streams by their arrays' keys."""
    document = read_document(data)
    number = document.revisions[-1].trailer["Root"].num
    first = next_number(document)
    objects: dict[int, PdfValue] = {}
    store: PdfDict = {}
    for key, items in streams.items():
        refs = []
        for item in items:
            objects[first + len(objects)] = item
            refs.append(Ref(first + len(objects) - 1))
        store[key] = refs
    return append(data, {**objects, number: changed(data, number, DSS=store)})
