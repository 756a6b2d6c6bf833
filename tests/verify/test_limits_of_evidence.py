"""Certificates, OCSP answers and CRLs beyond a limit: told by name, before a library makes objects of them."""

from __future__ import annotations

import tracemalloc
from collections.abc import Callable
from pathlib import Path

import pytest
from cryptography import x509

from ecert.errors import InputError, SettingsError
from ecert.formats.asn1_bounds import Excess, certificate_excess, cms_excess, crl_excess, ocsp_excess
from ecert.formats.pades.cms import CmsOverLimit, der_length, read_signed_data
from ecert.formats.pades.der import NULL, sequence, tlv
from ecert.formats.pades.fields import read_signatures
from ecert.formats.pades.ranges import RangeDigests, TooMuchHashed
from ecert.formats.pdf import read_document
from ecert.model import limits
from ecert.report import Report
from ecert.trust.certificates import CertificateTooLarge, load
from ecert.trust.evidence_folders import EvidenceFolder
from ecert.trust.revocation.crl import read_crl
from ecert.trust.revocation.ocsp import load_answer, produced_at
from ecert.trust.store import TrustStore
from ecert.verify.copy import verify_copy
from fuzz.growth import certificates as hostile
from fuzz.growth.ground import Ground, form, ground, name, sign, with_store

VALUES, BYTES = limits.MAX_CERTIFICATE_VALUES, limits.MAX_CERTIFICATE_BYTES


@pytest.fixture(scope="module")
def g() -> Ground:
    return ground()


def trusted(g: Ground) -> TrustStore:
    return TrustStore.from_certificates([x509.load_der_x509_certificate(a) for a in g.anchors])


def judge(g: Ground, data: bytes, policy: str = "signatures") -> Report:
    return verify_copy(data, trust=trusted(g), policy=policy, at=g.now)


def exceeded(report: Report) -> list[tuple[object, object]]:
    assert report.verdict != "VALID"
    return [(f.data["what"], f.data["limit"]) for f in report.findings if f.code == "over-limit"]


def named(parts: int, text: str = "u") -> bytes:
    """Return a certificate of so many name parts, four values each."""
    return ground().certificate(name("long", *[text] * parts), name("short"))


# ── one item ─────────────────────────────────────────────────────────────────────────────────────


def said(excess: Excess | None) -> tuple[str, int] | None:
    return (str(excess.what), excess.limit) if excess else None


def test_honest_items_are_far_below(g: Ground) -> None:
    for der in g.anchors:
        assert certificate_excess(der) is None
    assert crl_excess(hostile._crl(50_000)) is None  # entries are looked up, not walked
    assert read_crl(hostile._crl(50_000)) is not None
    assert ocsp_excess(hostile._answer(100)) is None
    load_answer(hostile._answer(100))


@pytest.mark.parametrize(
    ("der", "what", "limit"),
    [
        (lambda: named(VALUES // 4), "values of a certificate", VALUES),
        (lambda: named(100, "u" * 700), "bytes of a certificate", BYTES),
        (lambda: named(20_000), "bytes of a certificate", BYTES),
    ],
)
def test_a_certificate_beyond_a_limit(der: Callable[[], bytes], what: str, limit: int) -> None:
    made = der()
    x509.load_der_x509_certificate(made)  # it is one
    tracemalloc.start()
    with pytest.raises(CertificateTooLarge) as caught:
        load(made)
    assert tracemalloc.get_traced_memory()[1] < 1024 * 1024
    tracemalloc.stop()
    assert (str(caught.value.what), caught.value.limit) == (what, limit)


def test_values_behind_odd_tags_and_lengths_are_counted() -> None:
    many = NULL * (VALUES + 1)
    for der in (
        sequence(b"\x1f\x81\x01\x00" + many),  # a tag of several bytes
        b"\x30\x80" + many,  # an indefinite length
        sequence(tlv(0x04, sequence(many))),  # within an extension
        sequence(tlv(0xA3, tlv(0x30, many))),
    ):
        assert said(certificate_excess(der)) == ("values of a certificate", VALUES)


def test_an_ocsp_answer_beyond_a_limit() -> None:
    assert said(ocsp_excess(hostile._answer(200))) == ("values of an OCSP answer", limits.MAX_OCSP_VALUES)
    large = hostile._answer(1) + bytes(limits.MAX_OCSP_BYTES)
    assert said(ocsp_excess(large)) == ("bytes of an OCSP answer", limits.MAX_OCSP_BYTES)
    assert produced_at(hostile._answer(200)) is None


def test_a_crl_of_a_long_name_is_beyond_a_limit() -> None:
    long = name("crl", *["u"] * 500).public_bytes()
    inner = sequence(NULL, NULL, long, tlv(0x17, b"260101000000Z"), sequence(NULL * 5000))
    assert said(crl_excess(sequence(inner, NULL, NULL))) == ("values of a CRL", limits.MAX_CRL_VALUES)
    assert read_crl(sequence(inner, NULL, NULL)) is None


def test_entries_of_a_crl_with_critical_extensions_are_not_walked(g: Ground) -> None:
    """Known ones are counted by their bytes; one that nobody knows spoils the CRL all the same."""
    from ecert.trust.revocation.crl import _spoiled

    honest = hostile._crl(200, critical=True)
    assert not _spoiled(honest)
    assert _spoiled(honest.replace(b"\x55\x1d\x15\x01\x01\xff", b"\x55\x1d\x63\x01\x01\xff", 1))
    # the same bytes in a serial number are nothing
    assert not _spoiled(honest.replace(b"\x02\x05\x01\x00\x00\x00\x01", b"\x02\x05\x01\x01\x01\xff\x04", 1))


# ── in files ─────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("streams", "what"),
    [
        ({"Certs": [lambda: named(20_000)]}, "bytes of a certificate"),
        ({"Certs": [lambda: named(200)]}, "values of a certificate"),
        ({"OCSPs": [lambda: hostile._answer(300)]}, "values of an OCSP answer"),
    ],
)
def test_validation_data_beyond_a_limit(g: Ground, streams: dict[str, list[Callable[[], bytes]]], what: str) -> None:
    packed = {k: [hostile.packed(make()) for make in v] for k, v in streams.items()}
    assert what in dict(exceeded(judge(g, with_store(sign(form()), **packed))))
    assert what in dict(exceeded(judge(g, with_store(g.copy.data, **packed), "certified-copy")))


def test_a_signature_with_a_certificate_beyond_a_limit(g: Ground) -> None:
    data = sign(form(), certificates=[named(200)])
    contents = read_signatures(read_document(data))[0].contents
    with pytest.raises(CmsOverLimit) as caught:
        read_signed_data(contents[: der_length(contents)])
    assert caught.value.limit == VALUES
    assert exceeded(judge(g, data)) == [("values of a certificate", VALUES)]


def test_certificates_are_counted_over_the_whole_file(g: Ground) -> None:
    each = limits.MAX_FILE_CERTIFICATES // 3
    one = [g.certificate(name("a"), name("b")) for _ in range(each)]
    data = form(fields=4)
    for number in range(4):  # the same ones again are the same
        data = sign(data, number, certificates=one)
    assert exceeded(judge(g, data)) == []
    data = form(fields=4)
    for number in range(4):
        data = sign(data, number, certificates=[g.certificate(name("a"), name("b")) for _ in range(each)])
    told = ("certificates of the file", limits.MAX_FILE_CERTIFICATES)
    assert exceeded(judge(g, data)) == [told]


def test_time_stamps_are_counted_over_the_whole_file(g: Ground, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("ecert.verify.integrity.MAX_FILE_TOKENS", 5)
    data = form(fields=3)
    for number in range(3):
        data = sign(data, number, stamps=2)
    report = judge(g, data)
    assert exceeded(report) == [("time-stamps of all signatures", 5)]


def test_values_are_counted_over_all_signatures(g: Ground, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("ecert.verify.integrity.MAX_FILE_CMS_VALUES", 200)
    data = form(fields=4)
    for number in range(4):
        data = sign(data, number)
    assert set(exceeded(judge(g, data))) == {("values of all signatures", 200)}


def test_what_signatures_of_one_revision_hash_is_bounded() -> None:
    digests = RangeDigests(bytes(1000))
    for start in range(1, limits.MAX_HASHED_LENGTHS + 1):
        digests.digest("sha256", [(0, start), (10, 990)])
    known = digests.digest("sha256", [(0, 1), (10, 990)])  # again: it is known
    with pytest.raises(TooMuchHashed):
        digests.digest("sha256", [(0, 9), (10, 990)])
    assert digests.digest("sha256", [(0, 1), (10, 990)]) == known
    assert digests.digest("sha256", [(0, 1000)])  # the whole file is always told


# ── from folders ─────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("make", [lambda: named(200), lambda: hostile._answer(300)])
def test_evidence_in_a_folder_beyond_a_limit(make: Callable[[], bytes], tmp_path: Path) -> None:
    (tmp_path / "it").write_bytes(make())
    with pytest.raises(InputError) as caught:
        EvidenceFolder.read(tmp_path)
    assert caught.value.code == "evidence-refused"


def test_an_anchor_beyond_a_limit(tmp_path: Path) -> None:
    (tmp_path / "it.der").write_bytes(named(200))
    with pytest.raises(SettingsError):
        TrustStore.from_folder(tmp_path)


def test_a_cms_is_counted_as_before() -> None:
    assert cms_excess(sequence(NULL * 5)) == (None, 6)
