"""The signature of a trusted list (TS 119 612, 5.7.1 and annex B): enveloped XAdES or XMLDSig.

The signature is judged by ``signxml``; what surrounds it here closes what XML signatures leave open:

1. XML is parsed without DTD, entities, network or huge nodes, and only as UTF-8.
2. There is one ``ds:Signature`` in the whole file, the root's last child (B: enveloped).
3. The key is a pinned certificate's, valid now; ``KeyInfo`` only says which of them.
4. Algorithms come from a short list; ``SignedInfo`` is in exclusive canonical form.
5. Exactly one reference names the whole document, and what was digested for it is, byte for byte,
   the document without its signature. So no transform, wrapping or comment can hide anything.
6. Only what was digested is read on: it is handed out, the file's own tree is dropped.
"""

from __future__ import annotations

import base64
from datetime import datetime

from cryptography import x509
from cryptography.exceptions import UnsupportedAlgorithm
from lxml import etree
from lxml.etree import _Element
from signxml.algorithms import DigestAlgorithm, SignatureMethod
from signxml.exceptions import SignXMLException
from signxml.verifier import SignatureConfiguration, VerifyResult, XMLVerifier

from ecert.errors import SettingsError
from ecert.model.fingerprints import in_pairs
from ecert.model.locks import forkable_lock
from ecert.trust.certificates import common_name, fingerprint, load
from ecert.trust.pins import weak_key
from ecert.trust.trusted_lists.faults import malformed
from ecert.trust.trusted_lists.xml import TSL, text_of

DS = "http://www.w3.org/2000/09/xmldsig#"
_EXCLUSIVE = "http://www.w3.org/2001/10/xml-exc-c14n#"  # annex B: for SignedInfo too
MAX_REFERENCES = 5  # XAdES needs two; some operators sign KeyInfo too
MAX_KEY_CERTIFICATES = 20  # certificates in KeyInfo
_METHODS = frozenset(
    {
        SignatureMethod.RSA_SHA256,
        SignatureMethod.RSA_SHA384,
        SignatureMethod.RSA_SHA512,
        SignatureMethod.SHA256_RSA_MGF1,
        SignatureMethod.SHA384_RSA_MGF1,
        SignatureMethod.SHA512_RSA_MGF1,
        SignatureMethod.ECDSA_SHA256,
        SignatureMethod.ECDSA_SHA384,
        SignatureMethod.ECDSA_SHA512,
    }
)
_DIGESTS = frozenset({DigestAlgorithm.SHA256, DigestAlgorithm.SHA384, DigestAlgorithm.SHA512})
#: what the library raises on hostile signatures
_FAULTS: tuple[type[Exception], ...] = (
    SignXMLException,
    etree.LxmlError,
    UnsupportedAlgorithm,
    ValueError,
    TypeError,
    KeyError,
    AttributeError,
    AssertionError,
    NotImplementedError,
    RecursionError,
)
_one_at_a_time = forkable_lock()


def signed_content(data: bytes, pins: frozenset[str], at: datetime, name: str) -> _Element:
    """Return the list as it was signed, without its signature.

    Raises:
        SettingsError: ``list-malformed``, ``list-wrong-signer`` or ``list-altered``.
    """
    root = _parse(data, name)
    signature = _only_signature(root, name)
    candidates = _publishers(signature, pins, at, name)
    names = {"", f"#{root.get('Id')}"} if root.get("Id") else {""}
    whole = _without(root, signature)
    faults: list[str] = []
    for certificate in candidates:
        try:
            results = _verify(data, certificate, at)
        except _FAULTS as exc:
            faults.append(_words(exc))
            continue
        content = _covering(results, names, whole)
        if content is not None:
            return content
        faults.append("its signature does not cover the whole list")
    raise _altered(name, faults[0])


def _parser() -> etree.XMLParser:
    return etree.XMLParser(
        resolve_entities=False,
        no_network=True,
        load_dtd=False,
        dtd_validation=False,
        attribute_defaults=False,
        huge_tree=False,
        recover=False,
    )


def _parse(data: bytes, name: str) -> _Element:
    try:
        data.decode("utf-8")
        root = etree.fromstring(data, _parser())
    except (ValueError, etree.LxmlError) as exc:
        raise malformed(name, "it is not well-formed XML in UTF-8") from exc
    info = root.getroottree().docinfo
    if info.internalDTD is not None or info.externalDTD is not None:
        raise malformed(name, "it brings a DTD")
    if (info.encoding or "UTF-8").upper() != "UTF-8":
        raise malformed(name, "it is not in UTF-8")
    if root.tag != f"{{{TSL}}}TrustServiceStatusList":
        raise malformed(name, "it is not a trusted list of TS 119 612")
    return root


def _only_signature(root: _Element, name: str) -> _Element:
    found = list(root.iter(f"{{{DS}}}Signature"))
    if not found:
        raise _altered(name, "it is not signed")
    last = next(root.iterchildren("*", reversed=True))
    if len(found) > 1 or found[0] is not last:
        raise _altered(name, "it has more than one signature, or not in its place")
    method = found[0].find(f"{{{DS}}}SignedInfo/{{{DS}}}CanonicalizationMethod")
    if method is None or method.get("Algorithm") != _EXCLUSIVE or len(method):
        raise _altered(name, "its signature is not in exclusive canonical form")
    return found[0]


def _publishers(signature: _Element, pins: frozenset[str], at: datetime, name: str) -> list[x509.Certificate]:
    """Return the pinned certificates that KeyInfo names, fit to sign at ``at``."""
    ders: list[bytes] = []
    path = f"{{{DS}}}KeyInfo/{{{DS}}}X509Data/{{{DS}}}X509Certificate"
    for element in signature.findall(path)[:MAX_KEY_CERTIFICATES]:
        try:
            ders.append(base64.b64decode("".join((text_of(element) or "").split()), validate=True))
        except ValueError:
            continue
    found = [der for der in ders if fingerprint(der) in pins]
    if not found:
        brings = f"it brings {in_pairs(fingerprint(ders[0]))}" if ders else "it brings none"
        raise _wrong_publisher(name, f"none of its certificates is among the signers named ({brings})")
    for der in found:
        certificate = load(der)
        if not certificate.not_valid_before_utc <= at <= certificate.not_valid_after_utc:
            raise _wrong_publisher(name, f"its signer's certificate {common_name(der)} has expired")
        weak = weak_key(der)
        if weak:
            raise _altered(name, f"it is signed with {weak}")
    return [load(der) for der in found]


def _verify(data: bytes, certificate: x509.Certificate, at: datetime) -> list[VerifyResult]:
    config = SignatureConfiguration(
        location="./",
        expect_references=True,  # any number; which one counts is judged below
        signature_methods=_METHODS,
        digest_algorithms=_DIGESTS,
        verification_time=at,
    )
    with _one_at_a_time:  # its schemas are the process's, and two threads must not validate with one
        found = XMLVerifier().verify(data, x509_cert=certificate, parser=_parser(), expect_config=config)
    return found if isinstance(found, list) else [found]


def _covering(results: list[VerifyResult], names: set[str], whole: bytes) -> _Element | None:
    """Return what the one reference to the whole document signed, or None; ``names``: its URIs."""
    references = results[0].signature_xml.findall(f"{{{DS}}}SignedInfo/{{{DS}}}Reference")
    if len(references) != len(results) or len(results) > MAX_REFERENCES:
        return None
    found = [
        result.signed_xml
        for reference, result in zip(references, results, strict=True)
        if reference.get("URI") in names and result.signed_data == whole
    ]
    return found[0] if len(found) == 1 else None


def _without(root: _Element, signature: _Element) -> bytes:
    """Return the exclusive canonical form of the document without its signature (annex B)."""
    before, tail = signature.getprevious(), signature.tail or ""
    if before is None:
        root.text = (root.text or "") + tail
    else:
        before.tail = (before.tail or "") + tail
    root.remove(signature)
    return etree.tostring(root, method="c14n", exclusive=True, with_comments=False)


def _words(fault: Exception) -> str:
    text = str(fault)
    if "forbidden by configuration" in text or "SHA1" in text:
        return "its signature uses an algorithm that is too weak"
    return "its content is not what was signed, or its signature is wrong"


def _altered(name: str, reason: str) -> SettingsError:
    return SettingsError(
        f"the trusted list {name} is refused: {reason}", code="list-altered", hint="get it again from its operator"
    )


def _wrong_publisher(name: str, reason: str) -> SettingsError:
    return SettingsError(
        f"the trusted list {name} is refused: {reason}",
        code="list-wrong-signer",
        hint="compare fingerprints with the operator's by another way before naming a signer",
    )
