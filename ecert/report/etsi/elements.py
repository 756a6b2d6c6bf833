"""Write elements: names by prefix, text that XML 1.0 can hold, the few shapes that occur everywhere."""

from __future__ import annotations

import base64
import re
from collections.abc import Iterable, Mapping

from lxml import etree

from ecert.report.content import FindingPart, ReportContent, WordsPart
from ecert.report.etsi.names import (
    DIGESTS,
    OWN,
    POE_VALIDATION,
    TRUSTED_LIST,
    VALIDATION_REPORT,
    XADES,
    XML,
    XML_SIGNATURE,
)

Element = etree._Element

#: prefix → namespace; that of TS 119 102-2 is the default one
_DECLARED: Mapping[str | None, str] = {
    None: VALIDATION_REPORT,
    "ds": XML_SIGNATURE,
    "xades": XADES,
    "tsl": TRUSTED_LIST,
    "ecert": OWN,
}
_PREFIXES = {**_DECLARED, "vr": VALIDATION_REPORT, "xml": XML}
#: XML 1.0, 2.2: controls, lone surrogates and the two non-characters are in no document
_NOT_XML = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def clean(text: str) -> str:
    """Return a text as XML 1.0 can hold it: what it cannot becomes U+FFFD."""
    return _NOT_XML.sub("\ufffd", text)


def _qualified(name: str) -> str:
    prefix, colon, local = name.rpartition(":")
    return f"{{{_PREFIXES[prefix]}}}{local}" if colon else f"{{{VALIDATION_REPORT}}}{local}"


def root(name: str) -> Element:
    """Return a root element that declares every namespace."""
    return etree.Element(_qualified(name), nsmap=_DECLARED)  # type: ignore[arg-type]


def add(parent: Element, name: str, text: str | None = None, /, **attributes: str | None) -> Element:
    """Append an element; ``name`` may have a prefix, attributes that are None are left out.

    ``__`` in an attribute's name stands for the colon behind its prefix.
    """
    element = etree.SubElement(parent, _qualified(name))
    if text is not None:
        element.text = clean(text)
    for key, value in attributes.items():
        if value is not None:
            prefix, _, local = key.rpartition("__")
            element.set(f"{{{_PREFIXES[prefix]}}}{local}" if prefix else key, clean(value))
    return element


def add_digest(parent: Element, algorithm: str, digest: str) -> Element:
    """Append DigestAlgAndValue; ``digest`` is hexadecimal."""
    element = add(parent, "DigestAlgAndValue")
    add_digest_parts(element, algorithm, digest)
    return element


def add_digest_parts(parent: Element, algorithm: str, digest: str) -> None:
    """Append the two children that DigestAlgAndValueType has."""
    add(parent, "ds:DigestMethod", Algorithm=DIGESTS[algorithm])
    add(parent, "ds:DigestValue", from_hex(digest))


def from_hex(digest: str) -> str:
    """Return hexadecimal octets as Base64."""
    return base64.b64encode(bytes.fromhex(digest)).decode()


def add_reference(parent: Element, name: str, *ids: str) -> Element:
    """Append a reference to validation objects."""
    return add(parent, name, VOReference=" ".join(ids))


def add_proof(parent: Element, name: str, time: str, proof: str | None) -> Element:
    """Append a POEType: derived while validating, by the object ``proof`` where one is named (4.4.6)."""
    element = add(parent, name)
    add(element, "POETime", time)
    add(element, "TypeOfProof", POE_VALIDATION)
    if proof:
        add_reference(element, "POEObject", proof)
    return element


def add_status(parent: Element, name: str, main: str, subs: Iterable[str] = ()) -> Element:
    """Append a ValidationStatusType (4.3.4)."""
    element = add(parent, name)
    add(element, "MainIndication", main)
    for sub in subs:
        add(element, "SubIndication", sub)
    return element


def add_words(parent: Element, name: str, words: WordsPart, **attributes: str) -> None:
    """Append a sentence of ours in each of its languages."""
    for lang, text in words.items():
        add(parent, name, text, xml__lang=lang, **attributes)


def add_own_data(parent: Element, kind: str) -> Element:
    """Append a ReportData of our own type (4.3.12.8) and return its Value."""
    data = add(parent, "ReportData")
    add(data, "Type", f"{OWN}:{kind}")
    return add(data, "Value")


def add_finding(parent: Element, finding: FindingPart) -> None:
    """Append a finding as ReportData."""
    element = add(
        add_own_data(parent, "finding"),
        "ecert:finding",
        code=finding["code"],
        severity=finding["severity"],
        check=finding["check"],
    )
    for key, value in finding["where"].items():
        add(element, "ecert:where", str(value), name=key)
    add_words(element, "ecert:text", finding["text"])
    for audience, words in (("citizen", finding["remedy"]["citizen"]), ("desk", finding["remedy"]["desk"])):
        add_words(element, "ecert:remedy", words, audience=audience)


def add_verdict(parent: Element, content: ReportContent) -> None:
    """Append the verdict about the document as ReportData: no signature's result says it."""
    value = add_own_data(parent, "verdict")
    element = add(
        value,
        "ecert:verdict",
        value=content["verdict"],
        certified=str(content["certified"]).lower(),
        cause=content["cause"],
        proof_until=content["proof_until"],
    )
    add_words(element, "ecert:text", content["summary"])
