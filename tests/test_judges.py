"""The judges can say no: each is shown a good file and a spoiled one, both made on the spot."""

from __future__ import annotations

import hashlib
import io
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pikepdf
import pytest
from asn1crypto import keys as asn1_keys
from asn1crypto import x509 as asn1_x509
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.sign import fields, signers
from pyhanko_certvalidator.registry import SimpleCertificateStore

from tests import judges
from tests.judges import tools

FIELD = "Signer"


@dataclass(frozen=True)
class Material:
    """One page as drawn, the same signed, and the throwaway authority."""

    plain: Path
    signed: Path
    anchor: Path
    stranger: Path


@pytest.fixture(scope="module")
def material(tmp_path_factory: pytest.TempPathFactory) -> Material:
    folder = tmp_path_factory.mktemp("judges")
    authority_key, authority = make_certificate("Throwaway Authority")
    signer_key, signer = make_certificate("Nguyễn Văn A", authority, authority_key)
    _, stranger = make_certificate("Stranger")
    found = Material(*(folder / n for n in ("plain.pdf", "signed.pdf", "root.pem", "other.pem")))
    found.plain.write_bytes(draw())
    found.signed.write_bytes(sign(found.plain.read_bytes(), signer_key, signer, authority))
    found.anchor.write_bytes(authority.public_bytes(serialization.Encoding.PEM))
    found.stranger.write_bytes(stranger.public_bytes(serialization.Encoding.PEM))
    return found


def make_certificate(
    name: str, issuer: x509.Certificate | None = None, issuer_key: ec.EllipticCurvePrivateKey | None = None
) -> tuple[ec.EllipticCurvePrivateKey, x509.Certificate]:
    key = ec.generate_private_key(ec.SECP256R1())
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
    now = datetime.now(UTC)
    builder = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer.subject if issuer else subject)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=30))
        .add_extension(x509.BasicConstraints(issuer is None, None), critical=True)
        .add_extension(
            x509.KeyUsage(
                digital_signature=issuer is not None,
                content_commitment=issuer is not None,
                key_cert_sign=issuer is None,
                crl_sign=issuer is None,
                key_encipherment=False,
                data_encipherment=False,
                key_agreement=False,
                encipher_only=False,
                decipher_only=False,
            ),
            critical=True,
        )
    )
    return key, builder.sign(issuer_key or key, hashes.SHA256())


def draw() -> bytes:
    """Return one page with a red square: a sound PDF, and no PDF/A."""
    pdf = pikepdf.new()
    pdf.add_blank_page(page_size=(200, 100))
    pdf.pages[0].Contents = pdf.make_stream(b"1 0 0 rg 0 0 100 100 re f")
    out = io.BytesIO()
    pdf.save(out, compress_streams=False)
    return out.getvalue()


def sign(
    pdf: bytes, key: ec.EllipticCurvePrivateKey, certificate: x509.Certificate, authority: x509.Certificate
) -> bytes:
    encoding = serialization.Encoding.DER
    private = key.private_bytes(encoding, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    registry = SimpleCertificateStore()
    registry.register(asn1_x509.Certificate.load(authority.public_bytes(encoding)))
    signer = signers.SimpleSigner(
        signing_cert=asn1_x509.Certificate.load(certificate.public_bytes(encoding)),
        signing_key=asn1_keys.PrivateKeyInfo.load(private),
        cert_registry=registry,
    )
    out = io.BytesIO()
    signers.sign_pdf(
        IncrementalPdfFileWriter(io.BytesIO(pdf)),
        signers.PdfSignatureMetadata(field_name=FIELD, md_algorithm="sha256", subfilter=fields.SigSeedSubFilter.PADES),
        signer=signer,
        output=out,
    )
    return out.getvalue()


def flip_signed_byte(pdf: bytes) -> bytes:
    """Paint the square green; lengths and offsets stay."""
    return replace_once(pdf, b"1 0 0 rg", b"0 1 0 rg")


def replace_once(data: bytes, old: bytes, new: bytes) -> bytes:
    assert data.count(old) == 1
    return data.replace(old, new)


def update(pdf: bytes) -> bytes:
    """Append a revision that repaints the page, as an attacker would."""
    writer = IncrementalPdfFileWriter(io.BytesIO(pdf))
    content = writer.root["/Pages"]["/Kids"][0]["/Contents"]
    content._data = b"0 0 1 rg 0 0 100 100 re f"
    content._encoded_data = None
    writer.update_container(content)
    out = io.BytesIO()
    writer.write(out)
    return out.getvalue()


def save(folder: Path, data: bytes, name: str = "spoiled.pdf") -> Path:
    path = folder / name
    path.write_bytes(data)
    return path


# veraPDF


def test_verapdf_names_failed_clauses(material: Material) -> None:
    result = judges.verapdf(material.plain)
    assert not result.passed
    assert "6.6.2.1-1" in result.clauses  # no XMP metadata
    assert "6.2.4.3-2" in result.clauses  # DeviceRGB without output intent
    assert result.sha256 == hashlib.sha256(material.plain.read_bytes()).hexdigest()


def test_verapdf_calls_no_pdf_unreadable(tmp_path: Path) -> None:
    result = judges.verapdf(save(tmp_path, b"no PDF at all"))
    assert not result.passed
    assert result.clauses == ("unreadable",)


def test_verapdf_passes_pdfa(corpora: Path) -> None:
    good = sorted((corpora / "verapdf" / "PDF_A-3b").rglob("*-pass-*.pdf"))
    assert good
    for path in good:
        result = judges.verapdf(path)
        assert result.passed, result.failures
        assert not result.failures


def test_a_judge_that_cannot_judge_is_a_fault(material: Material) -> None:
    judges.require("verapdf")
    with pytest.raises(judges.JudgeFault, match="unknown flavour"):
        judges.verapdf(material.plain, flavour="9z")
    assert not judges.verapdf(material.plain).passed  # and the next question is answered


# EU DSS


def test_dss_is_undecided_without_revocation_data(material: Material) -> None:
    signature = judges.dss(material.signed, [material.anchor]).by_field(FIELD)
    assert signature.indication == "INDETERMINATE"
    assert signature.sub_indication == "CERTIFICATE_CHAIN_GENERAL_FAILURE"
    assert signature.level == "PAdES-BASELINE-B"
    assert any(error.startswith("BBB_XCV_IRDPFC_ANS: ") for error in signature.errors)
    assert not signature.changes


def test_dss_trusts_the_given_anchors_alone(material: Material) -> None:
    signature = judges.dss(material.signed, [material.stranger]).by_field(FIELD)
    assert signature.indication == "INDETERMINATE"
    assert signature.sub_indication == "NO_CERTIFICATE_CHAIN_FOUND"


def test_dss_judges_at_the_given_time(material: Material) -> None:
    later = datetime.now(UTC) + timedelta(days=365)
    signature = judges.dss(material.signed, [material.anchor], at=later).by_field(FIELD)
    assert signature.best_signature_time is not None
    assert abs(signature.best_signature_time - later) < timedelta(seconds=1)


def test_dss_fails_a_flipped_byte(material: Material, tmp_path: Path) -> None:
    spoiled = save(tmp_path, flip_signed_byte(material.signed.read_bytes()))
    signature = judges.dss(spoiled, [material.anchor]).by_field(FIELD)
    assert signature.indication == "TOTAL-FAILED"
    assert signature.sub_indication == "HASH_FAILURE"


def test_dss_warns_of_changes_and_fails_them_when_told(material: Material, tmp_path: Path) -> None:
    changed = save(tmp_path, update(material.signed.read_bytes()))
    lenient = judges.dss(changed, [material.anchor]).by_field(FIELD)
    assert lenient.indication == "INDETERMINATE"
    assert any(change.startswith("undefined: ") for change in lenient.changes)
    assert any("undefined object modifications" in warning for warning in lenient.warnings)
    strict = judges.dss(changed, [material.anchor], policy="changes-fail").by_field(FIELD)
    assert (strict.indication, strict.sub_indication) == ("TOTAL-FAILED", "FORMAT_FAILURE")
    untouched = judges.dss(material.signed, [material.anchor], policy="changes-fail")
    assert untouched.by_field(FIELD).indication == "INDETERMINATE"


def test_dss_finds_nothing_in_an_unsigned_file(material: Material) -> None:
    result = judges.dss(material.plain, [material.anchor])
    assert not result.signatures
    assert not result.timestamps
    assert result.refused is None


def test_dss_refuses_no_pdf(material: Material, tmp_path: Path) -> None:
    assert judges.dss(save(tmp_path, b"no PDF at all"), [material.anchor]).refused


def test_threads_share_a_judge(material: Material, tmp_path: Path) -> None:
    spoiled = save(tmp_path, flip_signed_byte(material.signed.read_bytes()))
    judges.require("dss")
    with ThreadPoolExecutor(4) as pool:
        found = list(
            pool.map(
                lambda path: judges.dss(path, [material.anchor]).by_field(FIELD).indication,
                [material.signed, spoiled] * 4,
            )
        )
    assert found == ["INDETERMINATE", "TOTAL-FAILED"] * 4


# poppler and qpdf


def test_pdfsig_accepts_and_refuses(material: Material, tmp_path: Path) -> None:
    (good,) = judges.pdfsig(material.signed)
    assert good.valid
    assert good.covers_whole
    assert (good.field, good.signer) == (FIELD, "Nguyễn Văn A")
    (bad,) = judges.pdfsig(save(tmp_path, flip_signed_byte(material.signed.read_bytes())))
    assert not bad.valid
    assert bad.validation == "Digest Mismatch."


def test_pdfsig_sees_what_a_signature_does_not_cover(material: Material, tmp_path: Path) -> None:
    (changed,) = judges.pdfsig(save(tmp_path, update(material.signed.read_bytes())))
    assert changed.valid
    assert not changed.covers_whole


def test_pdfsig_finds_nothing_in_an_unsigned_file(material: Material) -> None:
    assert judges.pdfsig(material.plain) == []


def test_qpdf_flags_damage(material: Material, tmp_path: Path) -> None:
    clean, output, _ = judges.qpdf_check(material.signed)
    assert clean, output
    damaged = replace_once(material.plain.read_bytes(), b"startxref\n", b"startxref\n9")
    clean, output, _ = judges.qpdf_check(save(tmp_path, damaged))
    assert not clean
    assert "damaged" in output


def test_poppler_renders_what_is_drawn(material: Material, tmp_path: Path) -> None:
    image = judges.pdftoppm(material.plain, dpi=72).convert("RGB")
    assert image.size == (200, 100)
    assert [image.getpixel(at) for at in ((50, 50), (150, 50))] == [(255, 0, 0), (255, 255, 255)]
    changed = judges.pdftoppm(save(tmp_path, update(material.signed.read_bytes())), dpi=72)
    assert changed.convert("RGB").getpixel((50, 50)) == (0, 0, 255)
    with pytest.raises(ValueError, match="renders no page 2"):
        judges.pdftoppm(material.plain, page=2)


# missing tools


def test_missing_tool_skips_and_fails_where_required(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ECERT_CORPORA", "/nowhere")
    monkeypatch.setenv("ECERT_REQUIRE", "dss")
    with pytest.raises(pytest.skip.Exception, match="set ECERT_CORPORA"):
        tools.require("corpora")
    monkeypatch.setenv("ECERT_REQUIRE", "dss corpora")
    with pytest.raises(pytest.fail.Exception, match="required by ECERT_REQUIRE"):
        tools.require("corpora")


def test_misspelt_requirement_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ECERT_REQUIRE", "verapfd")
    with pytest.raises(pytest.UsageError, match="verapfd"):
        tools.required()
