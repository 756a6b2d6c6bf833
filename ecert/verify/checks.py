"""The checks of a report: what may pass, by what was there to check; one rule for all of them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from ecert.model.findings import CHECKS, Check
from ecert.model.indications import Indication
from ecert.report import Finding, check_statuses
from ecert.report.content import CheckStatus
from ecert.verify.case import Case, SignatureCase


def statuses(case: Case, findings: Iterable[Finding]) -> dict[Check, CheckStatus]:
    """Return the status of every check; none passes on what is not there.

    The worst finding decides. Without one ``signer`` and ``seal`` are ``not-checked`` where the signature
    is missing or TOTAL-FAILED: nobody can say whose it is. Then nobody checked their order either, nor
    time and trust where a signature is TOTAL-FAILED.
    """
    not_checked = set(CHECKS) - case.checked
    absent = set(_absent(case))
    if absent:
        not_checked |= {"order", *absent}
    if any(map(_is_broken, case.signed)):
        not_checked |= {"order", "time", "trust"}
    return check_statuses(findings, not_checked)


def _absent(case: Case) -> Iterator[Check]:
    """Yield which of signer and seal is demanded and does not hold, as far as they were looked for."""
    demanded: dict[Check, list[SignatureCase]] = {"signer": case.signed}  # of any signed PDF: all
    if case.policy.is_copy:
        demanded = {"signer": case.by_role("signer"), "seal": case.by_role("seal")}
    for check, signatures in demanded.items():
        if check in case.checked and (not signatures or any(map(_is_broken, signatures))):
            yield check


def _is_broken(s: SignatureCase) -> bool:
    return s.indication is Indication.TOTAL_FAILED
