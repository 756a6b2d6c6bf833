"""Where a certificate says more can be had, and what comes from there: whatever it is, only ValueError leaves."""

from __future__ import annotations

import base64
from collections.abc import Callable

import pytest
from asn1crypto import cms
from asn1crypto import x509 as asn1
from cryptography import x509
from cryptography.x509.oid import AuthorityInformationAccessOID as Access

from ecert.trust.sources import crl_urls, decode_crl, decode_issuers, decode_ocsp, issuer_urls, ocsp_urls
from tests.trust.authorities import Extension, place, root

ROOT = root("root")
URLS: tuple[Callable[[bytes], list[str]], ...] = (ocsp_urls, crl_urls, issuer_urls)
V3, V5 = (bytes.fromhex(f"a0030201{n}") for n in ("02", "04"))


def access() -> Extension:
    places = [
        x509.AccessDescription(method, x509.UniformResourceIdentifier(url))
        for method, url in (
            (Access.OCSP, "http://ocsp.invalid/"),
            (Access.OCSP, "ldap://ocsp.invalid/"),
            (Access.CA_ISSUERS, "HTTPS://ca.invalid/x.cer"),
        )
    ]
    return x509.AuthorityInformationAccess(places), False


def pem(*ders: bytes) -> bytes:
    begin, end = b"-----BEGIN CERTIFICATE-----\n", b"-----END CERTIFICATE-----\n"
    return b"".join(begin + base64.encodebytes(der) + end for der in ders)


def bundle(*ders: bytes) -> bytes:
    """Return a certs-only CMS (RFC 5280, 4.2.2.1)."""
    inside = [cms.CertificateChoices({"certificate": asn1.Certificate.load(d)}) for d in ders]
    data = cms.SignedData(
        {
            "version": "v1",
            "digest_algorithms": [],
            "encap_content_info": {"content_type": "data"},
            "certificates": inside,
            "signer_infos": [],
        }
    )
    return bytes(cms.ContentInfo({"content_type": "signed_data", "content": data}).dump())


def test_the_addresses_of_a_certificate() -> None:
    der = ROOT.issue("leaf", access(), place("http://crl.invalid/x.crl")).der
    assert ocsp_urls(der) == ["http://ocsp.invalid/"]
    assert issuer_urls(der) == ["HTTPS://ca.invalid/x.cer"]
    assert crl_urls(der) == ["http://crl.invalid/x.crl"]


def test_a_certificate_whose_extensions_cannot_be_read_names_no_address() -> None:
    """A point named by an X.400 address, an extension that is there twice, and no certificate at all."""
    x400 = bytes.fromhex("300a3008a006a004a3023000")
    unreadable = x509.UnrecognizedExtension(x509.ObjectIdentifier("2.5.29.31"), x400)
    twice = asn1.Certificate.load(ROOT.issue("leaf", access(), place()).der)
    extensions = twice["tbs_certificate"]["extensions"]
    extensions.append(extensions[0].copy())
    for der in (ROOT.issue("leaf", (unreadable, False)).der, twice.dump(force=True), b"rubbish"):
        assert [urls(der) for urls in URLS] == [[], [], []]


def test_certificates_in_every_wrapping() -> None:
    one, other = ROOT.der, ROOT.issue("other").der
    assert decode_issuers(one) == [one]
    assert decode_issuers(pem(one, other)) == [one, other]
    assert sorted(decode_issuers(bundle(one, other))) == sorted([one, other])  # a SET has no order


def test_text_like_pem_inside_a_certificate_is_not_taken_for_one() -> None:
    note = x509.UnrecognizedExtension(x509.ObjectIdentifier("1.2.3.4"), pem(ROOT.der))
    der = ROOT.issue("leaf", (note, False)).der
    assert decode_issuers(der) == [der]


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"rubbish",
        b"0\x80",
        pem(b"rubbish"),
        pem(ROOT.der.replace(V3, V5)),
        ROOT.der.replace(V3, V5),
        bundle(),
        bundle(ROOT.der)[:-9],
        b"0\x84\xff\xff\xff\xff",
        bundle(ROOT.der.replace(V3, V5)),
        b"-----BEGIN CERTIFICATE",
    ],
)
def test_what_holds_no_certificate(data: bytes) -> None:
    with pytest.raises(ValueError, match="it holds"):
        decode_issuers(data)


def test_answers_that_are_none() -> None:
    crl = ROOT.crl()
    assert decode_crl(crl) == crl
    version = crl.replace(bytes.fromhex("0201 01 300a"), bytes.fromhex("0201 07 300a"), 1)
    assert version != crl
    for data in (b"", b"rubbish", ROOT.der, version, b"-----BEGIN X509 CRL-----\n-----END X509 CRL-----"):
        with pytest.raises(ValueError, match="it is not a CRL"):
            decode_crl(data)
    for data in (b"", b"rubbish", ROOT.der, crl):
        with pytest.raises(ValueError, match="it is not an OCSP answer"):
            decode_ocsp(data)
    with pytest.raises(ValueError, match="the responder says try later"):
        decode_ocsp(bytes.fromhex("30030a0103"))
