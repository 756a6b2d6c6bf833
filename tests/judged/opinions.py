"""What five verifiers say about a specimen, in one small vocabulary.

* ``accepts``: every signature is valid, and there is not a word about changes;
* ``warns``: accepted, with a word about changes or about what is not covered;
* ``refuses``: a signature is not valid, or the file is turned away;
* ``cannot say``: indeterminate, or the verifier itself broke down or ran out of time;
* ``sees none``: no signature found, so nothing to accept.

Each is asked as a careful user would ask: given the specimen's anchors, its time and its evidence,
and no network. ecert answers with its verdict.
"""

from __future__ import annotations

import subprocess
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Final, Literal

from ecert.testing import Specimen
from ecert.testing.specimens.specimen import ANCHORS, EVIDENCE
from tests import judges
from tests.judges.native import PdfsigSignature

Word = Literal["accepts", "warns", "refuses", "cannot say", "sees none"]
Judge = Literal["pyhanko", "pdfsig", "dss", "dss-changes-fail"]

#: What DSS says of an untouched file too: the seal is drawn over the signature, on the third page;
#: the fields of the foreign form overlap on its only page.
OVERLAPS: Final = frozenset(f"BBB_FC_IAOD_ANS: Elements overlap on page(s) [{page}]" for page in (3, 1))

#: Keys of DSS's messages about changes after signing, in plain words.
_TOPICS: Final = {
    "BBB_FC_IAOD_ANS": "overlap",
    "BBB_FC_IVDBSFR_ANS": "pages look different",
    "BBB_FC_DSFREAP_ANS": "number of pages",
    "BBB_FC_DASTHVBR_ANS": "byte range",
    "BBB_FC_DBTOOST_ANS": "byte range",
    "BBB_FC_IBRV_ANS": "byte range",
    "BBB_FC_ISDC_ANS": "signature dictionary",
    "BBB_ICS_ISASCP_ANS": "signing certificate not signed",
    "BBB_SAV_DMICTSTMCMI_ANS": "time-stamp imprint",
    "BBB_CV_TSP_IRDOI_ANS": "time-stamp imprint",
    "BBB_FC_ISVADMDPD_ANS": "permission",
    "BBB_FC_ISVAFMDPD_ANS": "lock",
    "BBB_FC_ISVASFLD_ANS": "lock",
    "BBB_FC_DSCNACMDM_ANS": "annotations",
    "BBB_FC_DSCNUOM_ANS": "undefined changes",
}


@dataclass(frozen=True)
class Opinion:
    """A verifier's word, and why where it is not plain acceptance."""

    word: Word
    why: str = ""

    def __str__(self) -> str:
        return f"{self.word} ({self.why})" if self.why else self.word


@dataclass(frozen=True)
class Written:
    """A specimen on the disk, with what it is judged by."""

    specimen: Specimen
    path: Path

    @classmethod
    def of(cls, specimen: Specimen, folder: Path) -> Written:
        """Write a specimen into a folder of its own."""
        return cls(specimen, specimen.write(folder))

    def files(self, kind: str, folder: str = EVIDENCE) -> list[Path]:
        """Return the files of one kind that lie beside it."""
        return sorted((self.path.parent / folder).rglob(f"{kind}-*"))

    @property
    def anchors(self) -> list[Path]:
        """Return the files of the anchors."""
        return self.files("root", ANCHORS)


# ── EU DSS ───────────────────────────────────────────────────────────────────────────────────────


def ask_dss(written: Written) -> dict[Judge, Opinion]:
    """Ask EU DSS under its default policy, and with its warnings about changes as failures."""
    try:
        answers = judges.dss_under(
            ("default", "changes-fail"),
            written.path,
            written.anchors,
            written.specimen.at,
            ocsps=written.files("ocsps"),
            crls=written.files("crls"),
        )
    except judges.JudgeFault as fault:
        broken = Opinion("cannot say", _fault(str(fault)))
        return {"dss": broken, "dss-changes-fail": broken}
    return {"dss": _dss_opinion(answers["default"]), "dss-changes-fail": _dss_opinion(answers["changes-fail"])}


def _fault(words: str) -> str:
    """Return the class of the exception that a Java judge died of."""
    first = words.partition("\n")[0]
    return "no answer" if "gave no answer" in first else first.split(": ")[1].rpartition(".")[2]


def _dss_opinion(answer: judges.DssResult) -> Opinion:
    if answer.refused is not None:
        return Opinion("refuses", "does not read it")
    if not answer.signatures:
        return Opinion("sees none")
    for indication, word in (("TOTAL-FAILED", "refuses"), ("INDETERMINATE", "cannot say")):
        subs = [str(s.sub_indication) for s in answer.signatures if s.indication == indication]
        if subs:
            return Opinion(word, _list(subs))  # type: ignore[arg-type]
    tokens: list[judges.DssSignature | judges.DssTimestamp] = [*answer.signatures, *answer.timestamps]
    messages = {m for token in tokens for m in (*token.errors, *token.warnings)} - OVERLAPS
    keys = {message.partition(":")[0] for message in messages}
    said = [_TOPICS.get(key, key) for key in keys]
    failed = [f"time-stamp {t.sub_indication}" for t in answer.timestamps if t.indication != "PASSED"]
    return Opinion("warns", _list([*failed, *said])) if failed or said else Opinion("accepts")


# ── poppler ──────────────────────────────────────────────────────────────────────────────────────


def ask_pdfsig(written: Written) -> Opinion:
    """Ask poppler: "Signature is Valid" for all, and one of them "Total document signed".

    It has no anchors here, so integrity is all it judges. Document time-stamps it cannot verify
    (22.12); to it their type is unknown, as that of every signature it does not know.
    """
    try:
        answer = judges.pdfsig_answer(written.path)
    except subprocess.TimeoutExpired:
        return Opinion("cannot say", "no answer")
    if answer.status < 0:
        return Opinion("cannot say", "crash")
    signed = [s for s in answer.signatures if s.type is not None]
    if not signed:
        return Opinion("sees none") if answer.opened else Opinion("refuses", "does not read it")
    judged = [s for s in signed if s.type != "unknown"]
    wrong = [s for s in judged if not s.valid]
    if wrong:
        return _pdfsig_doubt(wrong)
    if not judged:
        return Opinion("cannot say", "not verified")
    if not any(s.covers_whole for s in signed):
        return Opinion("warns", "not total document signed")
    return Opinion("accepts")


def _pdfsig_doubt(wrong: Iterable[PdfsigSignature]) -> Opinion:
    """Return poppler's refusal of a signature, or that it did not even verify one."""
    said = {s.validation.removeprefix("Signature ").rstrip(".").lower() for s in wrong}
    verified = said - {"has not yet been verified"}
    return Opinion("refuses", _list(verified)) if verified else Opinion("cannot say", "not verified")


def _list(words: Iterable[str]) -> str:
    return ", ".join(sorted(set(words)))
