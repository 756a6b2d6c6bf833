"""What libraries say in English sentences, as reasons: certificate path validation and hash functions.

pyhanko-certvalidator and hashlib raise errors whose words alone tell one cause from another. This is the one place
that reads them; what it does not know is handed on as the library said it (``trust.as-the-library-says``).
"""

from __future__ import annotations

import re

from ecert.errors import Reason

_BEGINNING = "The path could not be validated because "
_PARTS: tuple[tuple[str, str], ...] = (
    ("trust.end-entity-certificate", "the end-entity certificate"),
    ("trust.intermediate-certificate", r"intermediate certificate (?P<number>.*?)"),
    ("trust.trust-anchor", "the trust anchor"),
)
#: a row's sentence as a pattern; ``part`` and ``reason`` are sentences of their own
_SENTENCES: tuple[tuple[str, str], ...] = (
    (
        "trust.mechanism-disallowed-because",
        (
            "the signature of (?P<part>.*?) uses the disallowed signature mechanism (?P<algorithm>.*?). "
            "Reason: (?P<reason>.*?)"
        ),
    ),
    (
        "trust.names-not-permitted",
        "not all names of (?P<part>.*?) are in the permitted namespace of the issuing authority. (?P<reason>.*?)",
    ),
    (
        "trust.names-excluded",
        "some names of (?P<part>.*?) are excluded from the namespace of the issuing authority. (?P<reason>.*?)",
    ),
    ("trust.policy-graph-too-large", "policy processing for (?P<part>.*?) exceeds the size limit on the policy graph"),
    (
        "trust.signature-parameters",
        "the signature parameters for (?P<part>.*?) do not match the constraints on the public key",
    ),
    (
        "trust.unsupported-critical-extensions",
        "(?P<part>.*?) contains the following unsupported critical extensions: (?P<extensions>.*?)",
    ),
    (
        "trust.unsupported-critical-extension",
        "(?P<part>.*?) contains the following unsupported critical extension: (?P<extensions>.*?)",
    ),
    (
        "trust.mechanism-disallowed",
        "the signature of (?P<part>.*?) uses the disallowed signature mechanism (?P<algorithm>.*?)",
    ),
    ("trust.no-policies", "there is no valid set of policies for (?P<part>.*?)"),
    ("trust.signature-not-verified", "the signature of (?P<part>.*?) could not be verified"),
    ("trust.issuer-not-matched", "(?P<part>.*?) issuer name could not be matched"),
    ("trust.may-not-sign-certificates", "(?P<part>.*?) is not allowed to sign certificates"),
    ("trust.not-a-ca", "(?P<part>.*?) is not a CA"),
    ("trust.name-not-allowed", "The name (?P<value>.*?) of type (?P<kind>.*?) is not allowed"),
    (
        "trust.key-too-small",
        (
            "Key size (?P<size>.*?) for algorithm (?P<algorithm>.*?) is considered too small; "
            "policy mandates >= (?P<least>.*?)"
        ),
    ),
    (
        "trust.digest-not-allowed",
        (
            "Digest algorithm (?P<digest>.*?) is not allowed, which disqualifies "
            "the signature mechanism (?P<algorithm>.*?) as well"
        ),
    ),
    ("trust.path-too-long", "it exceeds the maximum path length"),
    ("trust.hash-unsupported", "unsupported hash type (?P<algorithm>.*?)"),
    *_PARTS,
)
_NESTED = ("part", "reason")


def library_reason(error: Exception) -> Reason:
    """Return what a library's error says: a reason of ours where its sentence is known, else its own words."""
    text = str(error)
    if text.startswith(_BEGINNING):
        text = text.removeprefix(_BEGINNING).rstrip(". ")
    text = text.replace("The signature ", "the signature ", 1)
    return _read(text) or Reason("trust.as-the-library-says", words=text)


def _read(text: str) -> Reason | None:
    for code, pattern in _SENTENCES:
        found = re.fullmatch(pattern, text, re.DOTALL)
        if found is None:
            continue
        values: dict[str, str | Reason | None] = {
            key: _read(value) if key in _NESTED else value for key, value in found.groupdict().items()
        }
        if None not in values.values():
            return Reason(code, **{key: value for key, value in values.items() if value is not None})
    return None
