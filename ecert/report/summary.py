"""The first sentence of a report: what came of it, and who stands for the document."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from ecert.model.languages import LANGS, Lang
from ecert.report.content import FindingPart, Verdict, WordsPart
from ecert.words import fill, table

#: findings whose own words name what the record says and what the certificate says
#: its words say what to make of the file, whatever else is left open
_OTHER = "other-system"
_NAMING_BOTH = frozenset({"certifier-differs", "body-differs", "body-name-differs"})


@dataclass(frozen=True)
class Parties:
    """Who signed, and whom a copy's record names.

    ``is_certified`` says that the first of the signers certified the file (DocMDP).
    ``differing`` has, of ``certifier`` and ``body``, those whom record and certificate name differently: both names.
    """

    signers: Sequence[str] = ()
    certifier: str | None = None
    body: str | None = None
    pages: int | None = None
    is_certified: bool = False
    differing: Mapping[str, tuple[str, str]] = field(default_factory=dict)


def summarise(
    verdict: Verdict,
    findings: Sequence[FindingPart],
    parties: Parties,
    *,
    is_copy: bool,
    is_certified: bool,
    is_sealed: bool = False,
) -> WordsPart:
    """Return the sentence by language; ``findings`` are sorted, the first is the reason of the verdict.

    ``is_copy``: the policy asks for a copy, of whatever stage; ``is_certified``: for a finished one;
    ``is_sealed``: for what persons signed and their body sealed last.
    """
    key = _key(verdict, len(parties.signers), is_copy=is_copy, is_certified=is_certified)
    if verdict == "VALID" and is_sealed:
        key = "VALID-sealed"
    findings = sorted(findings, key=lambda f: f["severity"] != "unknown" or f["code"] != _OTHER)
    if verdict == "INDETERMINATE" and findings[0]["code"] == _OTHER:
        key = "other-system"
    return {lang: _sentence(table("report/summary", lang), key, lang, verdict, findings, parties) for lang in LANGS}


def _key(verdict: Verdict, signers: int, *, is_copy: bool, is_certified: bool) -> str:
    if verdict == "VALID" and not is_certified:
        return "VALID-signatures" if not signers else "VALID-one-signer" if signers == 1 else "VALID-signers"
    return "INVALID-signatures" if verdict == "INVALID" and not is_copy else verdict


def _sentence(
    words: Mapping[str, str], key: str, lang: Lang, verdict: Verdict, findings: Sequence[FindingPart], parties: Parties
) -> str:
    beside = {
        who: fill(words["beside"], {"record": record, "certificate": certificate})
        for who, (record, certificate) in parties.differing.items()
    }
    signers = list(parties.signers)
    if parties.is_certified and len(signers) > 1:
        signers[0] = fill(words["certifying"], {"name": signers[0]})
    values = {
        "reason": findings[0]["text"][lang] if findings else "",
        "signers": "; ".join(signers),
        "people": "; ".join(signers[:-1]),
        "sealer": signers[-1] if signers else None,
        "certifier": parties.certifier,
        "body": parties.body,
        "pages": parties.pages,
        **beside,
    }
    told = fill(words[key], values)
    if beside and verdict != "VALID" and findings[0]["code"] not in _NAMING_BOTH:
        told += " " + fill(words["named"], {"names": "; ".join(beside.values())})
    return told
