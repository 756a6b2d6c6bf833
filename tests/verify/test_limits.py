"""Every limit of verification: just beyond it the file is ``over-limit``, before memory or time are spent."""

from __future__ import annotations

import re
import tracemalloc
import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import pytest
from asn1crypto import cms, core
from cryptography import x509
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from lxml import etree

import ecert
from ecert.formats.asn1_bounds import cms_excess
from ecert.formats.pades.algorithms import SignatureScheme, check_signature
from ecert.formats.pades.cms import CmsOverLimit, der_length, read_signed_data
from ecert.formats.pades.der import NULL, oid, sequence, tlv
from ecert.formats.pades.fields import read_signatures
from ecert.formats.pdf import Name, Ref, Stream, read_document
from ecert.formats.pdf.objects import PdfValue
from ecert.formats.pdf.writer import write_object, write_revision
from ecert.formats.record import xml
from ecert.formats.record.fields import MAX_RECORD_BYTES
from ecert.model import limits
from ecert.report import Report
from ecert.sandbox import Sandbox
from ecert.testing.specimens.increments import append
from ecert.trust.certificates import KeyTooLarge, public_key
from tests.kit import Desk

MEGABYTE = 1024 * 1024
MOST_MEMORY_MB = 768  # of which the interpreter takes 200; a bomb takes many times that
MOST_SECONDS = 120  # the largest of these takes some seconds on an idle machine; a bomb hours


def pdf(extra: dict[int, PdfValue] | None = None, **catalog: PdfValue) -> bytes:
    """Return a PDF of one empty page, with objects and catalogue entries of one's own."""
    objects: dict[int, PdfValue] = {
        1: {"Type": Name("Catalog"), "Pages": Ref(2), **catalog},
        2: {"Type": Name("Pages"), "Count": 1, "Kids": [Ref(3)]},
        3: {"Type": Name("Page"), "Parent": Ref(2), "MediaBox": [0, 0, 100, 100]},
        **(extra or {}),
    }
    return b"".join(write_revision(objects, {"Size": max(objects) + 1, "Root": Ref(1)}))


def flate(data: bytes, **entries: PdfValue) -> Stream:
    packed = zlib.compress(data, 9)
    return Stream({"Length": len(packed), "Filter": Name("FlateDecode"), **entries}, packed)


def with_stream_section(section: Stream, before: dict[int, PdfValue] | None = None) -> bytes:
    """Return a file whose one cross-reference section is a stream."""
    data = b"%PDF-1.7\n"
    for num, value in (before or {}).items():
        assert isinstance(value, Stream)
        data += whole(num, value)
    head = {"Type": Name("XRef"), "Root": Ref(1), **section.dict}
    return data + whole(9, Stream(head, section.data)) + b"\nstartxref\n%d\n%%%%EOF\n" % len(data)


def whole(num: int, value: PdfValue) -> bytes:
    return b"".join(bytes(piece) for piece in write_object(num, value))


def revisions(count: int) -> bytes:
    data = pdf()
    for _ in range(count - 1):
        at = data.rindex(b"startxref") + 10
        previous = int(data[at : data.index(b"\n", at)])
        offset = len(data)
        data += b"xref\n0 0\ntrailer\n<</Size 4 /Root 1 0 R /Prev %d>>\n" % previous
        data += b"startxref\n%d\n%%%%EOF\n" % offset
    return data


def nested(depth: int) -> bytes:
    return pdf().replace(b"/MediaBox [0 0 100 100]", b"/A " + b"[" * depth + b"]" * depth, 1)


def fix_offsets(data: bytes) -> bytes:
    """Return a one-revision file with its table made anew, after objects were changed by hand."""
    start = data.rindex(b"\nxref\n") + 1
    body, trailer = data[:start], data[data.index(b"trailer", start) : data.rindex(b"startxref")]
    found = {int(m[1]): m.start() for m in re.finditer(rb"(?m)^(\d+) 0 obj", body)}
    table = b"xref\n0 %d\n0000000000 65535 f \n" % (max(found) + 1)
    numbers = range(1, max(found) + 1)
    table += b"".join(b"%010d 00000 n \n" % found[n] if n in found else b"0000000000 00001 f \n" for n in numbers)
    return body + table + trailer + b"startxref\n%d\n%%%%EOF\n" % start


def object_stream(text: bytes, **entries: PdfValue) -> bytes:
    """Return a file with an object stream, of which a cross-reference stream lists one member."""
    packed = flate(text, Type=Name("ObjStm"), N=1, First=4, **entries)
    rows = b"\x00\0\0\0\0\0" + b"\x02\0\0\0\x05\0" + b"\x01\0\0\0\x09\0" + b"\x01%s\0"
    at = len(b"%PDF-1.7\n") + len(whole(5, packed)) + 1
    rows = rows.replace(b"%s", at.to_bytes(4, "big"))
    section = flate(rows, W=[1, 4, 1], Index=[0, 2, 5, 1, 9, 1], Size=10)
    data = b"%PDF-1.7\n" + whole(5, packed) + b"\n"
    head = {"Type": Name("XRef"), "Root": Ref(1), **section.dict}
    data += whole(9, Stream(head, section.data))
    return data + b"\nstartxref\n%d\n%%%%EOF\n" % at


def section_bomb() -> bytes:
    rows = bytes(limits.MAX_INFLATED_BYTES + 1)
    return with_stream_section(flate(rows, W=[1, 4, 1], Index=[0, 4], Size=4))


def many_entries() -> bytes:
    count = limits.MAX_OBJECTS + 1
    return with_stream_section(flate(bytes(6 * count), W=[1, 4, 1], Index=[0, count], Size=count))


def many_sections() -> bytes:
    """Return sections that list as many objects as one may, again and again: 8 kB each."""
    data = b"%PDF-1.7\n"
    previous: dict[str, PdfValue] = {}
    for _ in range(3):
        count = limits.MAX_OBJECTS // 2
        section = flate(bytes(6 * count), W=[1, 4, 1], Index=[0, count], Size=count)
        head = {"Type": Name("XRef"), "Root": Ref(1), **section.dict, **previous}
        at = len(data)
        data += whole(9, Stream(head, section.data)) + b"\nstartxref\n%d\n%%%%EOF\n" % at
        previous = {"Prev": at}
    return data


def shared_kids() -> bytes:
    """Return form fields that share one long array of kids, none of which is a field."""
    fields: dict[int, PdfValue] = {n: {"T": b"f%d" % n, "FT": Name("Tx"), "Kids": Ref(4)} for n in range(10, 1010)}
    kids = [Ref(3)] * 5000
    return pdf({4: kids, **fields}, AcroForm={"Fields": [Ref(n) for n in fields]})


def signatures(count: int) -> bytes:
    fields: dict[int, PdfValue] = {
        n: {"T": b"f%d" % n, "FT": Name("Sig"), "V": {"Type": Name("Sig"), "SubFilter": Name("ETSI.CAdES.detached")}}
        for n in range(10, 10 + count)
    }
    return pdf(fields, AcroForm={"Fields": [Ref(n) for n in fields]})


def pages(count: int) -> bytes:
    kids: dict[int, PdfValue] = {n: {"Type": Name("Page"), "Parent": Ref(2)} for n in range(10, 10 + count)}
    return pdf({2: {"Type": Name("Pages"), "Count": count, "Kids": [Ref(n) for n in kids]}, **kids})


@dataclass(frozen=True)
class Case:
    what: str
    limit: int
    beyond: Callable[[], bytes]
    inside: Callable[[], bytes] | None = None


CASES = [
    Case("revisions", limits.MAX_REVISIONS, lambda: revisions(201), lambda: revisions(200)),
    Case("objects", limits.MAX_OBJECTS, lambda: pdf().replace(b"xref\n0 4", b"xref\n0 100001", 1)),
    Case("objects", limits.MAX_OBJECTS, many_entries),
    Case("objects", limits.MAX_OBJECTS, many_sections),
    Case("nesting", limits.MAX_DEPTH, lambda: fix_offsets(nested(61)), lambda: fix_offsets(nested(59))),
    Case(
        "digits of a number",
        limits.MAX_NUMBER_DIGITS,
        lambda: fix_offsets(pdf().replace(b"[0 0", b"[0 " + b"9" * 21, 1)),
        lambda: fix_offsets(pdf().replace(b"[0 0", b"[0 " + b"9" * 20, 1)),
    ),
    Case(
        "values in the file",
        limits.MAX_TOKENS,
        lambda: fix_offsets(pdf().replace(b"[0 0", b"[" + b"%\n" * limits.MAX_TOKENS, 1)),
    ),
    Case(
        "values in the file",
        limits.MAX_TOKENS,
        lambda: object_stream(b"1 0 [" + b"/A " * limits.MAX_TOKENS + b"]"),
        lambda: object_stream(b"1 0 [" + b"/A " * 1000 + b"]"),
    ),
    Case("decoded bytes", limits.MAX_INFLATED_BYTES, section_bomb),
    Case(
        "decoded bytes",
        limits.MAX_INFLATED_BYTES,
        lambda: object_stream(b"1 0 (" + b"a" * limits.MAX_INFLATED_BYTES + b")"),
        lambda: object_stream(b"1 0 (" + b"a" * MEGABYTE + b")"),
    ),
    Case(
        "decoded bytes",
        limits.MAX_INFLATED_BYTES // limits.PREDICTED_COST,
        lambda: object_stream(b"\x02" * (8 * MEGABYTE), DecodeParms={"Predictor": 12, "Columns": 100}),
    ),
    Case("pages", limits.MAX_DOCUMENT_PAGES, lambda: pages(10_001), lambda: pages(10_000)),
    Case("form fields", limits.MAX_OBJECTS, shared_kids),
    Case("signatures", limits.MAX_SIGNATURES, lambda: signatures(101), lambda: signatures(100)),
]


def judge(data: bytes, **options: Any) -> Report:
    """Judge a file where memory and time are limited: neither may be what stops it."""
    return Sandbox(seconds=MOST_SECONDS, memory_mb=MOST_MEMORY_MB).verify_copy(data, policy="signatures", **options)


def exceeded(report: Report) -> Iterator[tuple[object, object]]:
    for finding in report.findings:
        if finding.code == "over-limit":
            yield finding.data["what"], finding.data["limit"]


@pytest.mark.parametrize("case", CASES, ids=lambda c: c.what)
def test_a_file_beyond_a_limit(case: Case) -> None:
    report = judge(case.beyond())
    assert list(exceeded(report)) == [(case.what, case.limit)]
    assert report.verdict != "VALID"
    if case.inside is not None:
        assert list(exceeded(judge(case.inside()))) == []


@pytest.mark.parametrize(
    ("what", "limit", "streams", "each", "entries"),
    [
        ("bytes of /DSS", limits.MAX_STORE_BYTES, 20, 8 * MEGABYTE, {}),
        ("decoded bytes", limits.MAX_EVIDENCE_BYTES, 1, limits.MAX_EVIDENCE_BYTES + 1, {}),
        ("entries of /DSS /CRLs", limits.MAX_REVOCATION_ITEMS, 401, 1, {}),
        (
            "bytes of /DSS",
            limits.MAX_STORE_BYTES,
            20,
            MEGABYTE // 2 // 101 * 101,
            {"DecodeParms": {"Predictor": 12, "Columns": 100}},
        ),
    ],
)
def test_a_store_beyond_a_limit(
    desk: Desk, what: str, limit: int, streams: int, each: int, entries: dict[str, PdfValue]
) -> None:
    data = desk.signed.to_bytes()
    root = dict(read_document(data).root())
    number = read_document(data).revisions[-1].trailer["Root"].num
    big = {5000: flate(bytes(each), **entries), number: root | {"DSS": {"CRLs": [Ref(5000)] * streams}}}
    assert (what, limit) in exceeded(judge(append(data, big), trust=desk.office.trust))


# ── CMS: read by themselves, for nobody signs such files by accident ─────────────────────────────


def signed_data(*parts: bytes) -> bytes:
    inner = sequence(b"\x02\x01\x01", tlv(0x31), sequence(oid("1.2.840.113549.1.7.1")), *parts)
    return sequence(oid("1.2.840.113549.1.7.2"), tlv(0xA0, inner))


@pytest.mark.parametrize(
    ("der", "words"),
    [
        (signed_data(tlv(0xA0, NULL * 1001), tlv(0x31)), "values in one place of the CMS structure"),
        (signed_data(tlv(0x31, NULL * 5_000_000)), "values in one place of the CMS structure"),
        (signed_data(tlv(0x31, tlv(0x30, NULL * 900) * 900)), "values of the CMS structure"),
        (b"\x30\x80" + NULL * 2000, "values in one place of the CMS structure"),
    ],
)
def test_a_cms_of_too_many_values(der: bytes, words: str) -> None:
    tracemalloc.start()
    with pytest.raises(CmsOverLimit, match=words):
        read_signed_data(der)
    assert tracemalloc.get_traced_memory()[1] < 10 * MEGABYTE
    tracemalloc.stop()


def contents_of(desk: Desk) -> bytes:
    found = read_signatures(read_document(desk.signed.to_bytes()))[0].contents
    return found[: der_length(found)]


def changed(der: bytes, change: Callable[[cms.SignedData], None]) -> bytes:
    info = cms.ContentInfo.load(der)
    data = info["content"]
    change(data)
    return bytes(cms.ContentInfo({"content_type": "signed_data", "content": data}).dump(force=True))


def test_a_signature_with_too_many_certificates(desk: Desk) -> None:
    def crowd(data: cms.SignedData) -> None:
        data["certificates"] = [data["certificates"][0]] * (limits.MAX_CERTIFICATES + 1)

    der = contents_of(desk)
    assert cms_excess(der)[0] is None
    with pytest.raises(CmsOverLimit) as caught:
        read_signed_data(changed(der, crowd))
    assert caught.value.limit == limits.MAX_CERTIFICATES


def test_a_signature_with_too_many_timestamps(desk: Desk) -> None:
    data = cms.ContentInfo.load(contents_of(desk))["content"]
    signer = data["signer_infos"][0]
    token = signer["unsigned_attrs"][0]["values"][0].dump()
    crowd = [token] * (limits.MAX_TOKENS_OF_SIGNATURE + 1)
    *kept, _ = (signer[name].dump() for name in signer)
    attribute = sequence(oid("1.2.840.113549.1.9.16.2.14"), tlv(0x31, *crowd))
    info = tlv(0x31, sequence(*kept, tlv(0xA1, attribute)))
    parts = [data[name].dump() for name in ("version", "digest_algorithms", "encap_content_info", "certificates")]
    der = sequence(oid("1.2.840.113549.1.7.2"), tlv(0xA0, sequence(*parts, info)))
    with pytest.raises(CmsOverLimit) as caught:
        read_signed_data(der)
    assert caught.value.limit == limits.MAX_TOKENS_OF_SIGNATURE


@pytest.mark.parametrize("length", [2**31, 2**63, 2**200, -1])
def test_a_salt_of_any_stated_length_is_a_wrong_signature(desk: Desk, length: int) -> None:
    key = rsa.generate_private_key(65537, 2048).public_key()
    scheme = SignatureScheme("rsa-pss", "sha256", length)
    assert not check_signature(key, scheme, bytes(256), b"data")


def with_key(desk: Desk, modulus: int, exponent: int) -> bytes:
    """Return a certificate of the office with another public key in it; its signature is wrong then."""
    der = contents_of(desk)
    certificate = cms.ContentInfo.load(der)["content"]["certificates"][0].chosen.copy()
    key = core.ParsableOctetBitString(
        sequence(
            tlv(2, modulus.to_bytes(modulus.bit_length() // 8 + 1, "big")),
            tlv(2, exponent.to_bytes(exponent.bit_length() // 8 + 1, "big")),
        )
    )
    info = sequence(sequence(oid("1.2.840.113549.1.1.1"), NULL), key.dump())
    tbs = certificate["tbs_certificate"]
    tbs["subject_public_key_info"] = type(tbs["subject_public_key_info"]).load(info)
    return bytes(certificate.dump(force=True))


@pytest.mark.parametrize(
    ("bits", "exponent", "limit"),
    [
        (65_536, 65537, limits.MAX_RSA_BITS),
        (2048, (1 << 2000) + 1, limits.MAX_RSA_EXPONENT_BITS),
        (16_384, 65537, None),
    ],
)
def test_an_rsa_key_beyond_a_limit(desk: Desk, bits: int, exponent: int, limit: int | None) -> None:
    der = with_key(desk, (1 << bits) - 1, exponent)
    x509.load_der_x509_certificate(der)
    if limit is None:
        assert public_key(der).public_bytes(serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo)
        return
    with pytest.raises(KeyTooLarge) as caught:
        public_key(der)
    assert caught.value.limit == limit


def test_a_record_beyond_the_limit(desk: Desk) -> None:
    document = read_document(desk.draft.to_bytes())
    record = next(
        o
        for o in document.view(0).values()
        if isinstance(o.value, Stream) and o.value.dict.get("Type") == "EmbeddedFile"
    )
    padded = bytes(record.value.data) + b" " * MAX_RECORD_BYTES
    body = whole(record.num, Stream({**record.value.dict, "Length": len(padded)}, padded))
    data = fix_offsets(document.data[: record.start] + body + document.data[record.end :])
    report = ecert.verify_copy(data, trust=desk.office.trust)
    assert ("bytes of the record", MAX_RECORD_BYTES) in exceeded(report)


@pytest.mark.parametrize("digits", [8, 18, 19, 5000])
def test_a_record_number_of_any_length_is_malformed(desk: Desk, digits: int, monkeypatch: pytest.MonkeyPatch) -> None:
    document = read_document(desk.draft.to_bytes())
    record = next(
        o
        for o in document.view(0).values()
        if isinstance(o.value, Stream) and o.value.dict.get("Type") == "EmbeddedFile"
    )
    text = re.sub(rb"<number>[0-9]+<", b"<number>" + b"9" * digits + b"<", bytes(record.value.data), count=1)
    body = whole(record.num, Stream({**record.value.dict, "Length": len(text)}, text))
    data = fix_offsets(document.data[: record.start] + body + document.data[record.end :])
    assert "record-malformed" in ecert.verify_copy(data, trust=desk.office.trust).codes()
    # and by the code alone, whatever the schema says
    monkeypatch.setattr(xml._own, "schema", etree.XMLSchema(etree.fromstring(ANYTHING)))
    assert "record-malformed" in ecert.verify_copy(data, trust=desk.office.trust).codes()


ANYTHING = b"""<xs:schema xmlns:xs="http://www.w3.org/2001/XMLSchema" targetNamespace="urn:ecert:record:1">
<xs:element name="record" type="xs:anyType"/></xs:schema>"""
