"""The first sentence of a report: what came of it, and who stands for the document."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from ecert.model.languages import LANGS, Lang
from ecert.report.content import Verdict, WordsPart
from ecert.words import fill, table


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
    reason: WordsPart | None,
    parties: Parties,
    *,
    is_copy: bool,
    is_certified: bool,
    is_sealed: bool = False,
    is_of_others: bool = False,
    is_demand: bool = False,
) -> WordsPart:
    """Return the sentence by language; ``reason`` says why the verdict is not VALID.

    ``is_copy``: the policy asks for a copy, of whatever stage; ``is_certified``: for a finished one;
    ``is_sealed``: for what persons signed and their body sealed last. ``is_of_others``: another system made the file,
    and the reason says what to make of it. ``is_demand``: nothing is wrong with a signature,
    and the policy asks for more.
    """
    key = _key(verdict, len(parties.signers), is_copy=is_copy, is_certified=is_certified)
    if key == "INVALID-signatures" and is_demand:
        key = "INVALID-demands"
    if verdict == "VALID" and is_sealed:
        key = "VALID-sealed"
    elif is_of_others:
        key = "other-system"
    return {lang: _sentence(table("report/summary", lang), key, lang, verdict, reason, parties) for lang in LANGS}


def _key(verdict: Verdict, signers: int, *, is_copy: bool, is_certified: bool) -> str:
    if verdict == "VALID" and not is_certified:
        return "VALID-signatures" if not signers else "VALID-one-signer" if signers == 1 else "VALID-signers"
    if verdict == "INVALID" and not is_copy:
        return "INVALID-signatures" if signers else "INVALID-no-signatures"
    return verdict


def _sentence(
    words: Mapping[str, str], key: str, lang: Lang, verdict: Verdict, reason: WordsPart | None, parties: Parties
) -> str:
    beside = {
        who: fill(words["beside"], {"record": record, "certificate": certificate})
        for who, (record, certificate) in parties.differing.items()
    }
    signers = list(parties.signers)
    if parties.is_certified and len(signers) > 1:
        signers[0] = fill(words["certifying"], {"name": signers[0]})
    told = reason[lang] if reason else ""
    values = {
        "reason": told,
        "signers": "; ".join(signers),
        "people": "; ".join(signers[:-1]),
        "sealer": signers[-1] if signers else None,
        "certifier": parties.certifier,
        "body": parties.body,
        "pages": parties.pages,
        **beside,
    }
    sentence = fill(words[key], values)
    unnamed = [beside[who] for who, names in parties.differing.items() if not _names(told, names)]
    if unnamed and verdict != "VALID":
        sentence += " " + fill(words["named"], {"names": "; ".join(unnamed)})
    return sentence


def _names(sentence: str, names: tuple[str, str]) -> bool:
    """Return whether a sentence itself names what the record says and what the certificate says."""
    return all(name in sentence for name in names)
