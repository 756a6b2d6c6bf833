"""Copies that other systems made: signed and sealed well, and nothing that ecert could confirm.

The record, the statement and the roles are what a certified copy of this format is confirmed by. A document without
any trace of them is no forged one. Where two keys or more have signed it well and the last stands over everything, it
is judged by its signatures, and one finding says what ecert cannot tell; the verdict is INDETERMINATE at best.
"""

from __future__ import annotations

from dataclasses import replace
from itertools import takewhile

from ecert.errors import Reason
from ecert.model.indications import Indication
from ecert.model.times import rfc3339
from ecert.trust.certificates import public_key_info
from ecert.verify.additions import signer_name
from ecert.verify.case import Case, SignatureCase
from ecert.verify.last_signature import last_signature, stands_over_all
from ecert.verify.policies import Policy
from ecert.verify.traces import holds_traces, is_marked

_LEAST_KEYS = 2  # of a person and of a body: NĐ 45/2020/NĐ-CP Đ.10.3
_MOST_NAMES = 10  # that the finding lists
_SIGNATURE = b"/ByteRange"


def policy_for_others(policy: Policy, data: bytes) -> Policy | None:
    """Return how to judge a file that another system may have made: by its signatures; None: it made none of it.

    A look at the bytes decides, so that judging a copy of ours costs nothing more.
    """
    if policy.stage != "certified" or is_marked(data) or data.count(_SIGNATURE) < _LEAST_KEYS:
        return None
    return replace(policy, stage=None)


def is_of_another_system(case: Case) -> bool:
    """Return whether a document, judged by its signatures, is signed and sealed by others and bears no trace of us."""
    last = last_signature(case)
    if case.document is None or last is None or last.indication is not Indication.TOTAL_PASSED:
        return False
    keys = {_key(s) for s in case.signed if s.indication is Indication.TOTAL_PASSED}
    return len(keys) >= _LEAST_KEYS and stands_over_all(case, last) and not holds_traces(case.document)


def report_other_system(case: Case) -> None:
    """Add the finding that names who signed and who sealed."""
    last = last_signature(case)
    assert last is not None
    earlier = [signer_name(s) for s in takewhile(lambda s: s is not last, case.signed)]
    names = "; ".join(earlier[:_MOST_NAMES]) + ("; …" if len(earlier) > _MOST_NAMES else "")
    case.add("other-system", field=last.name, signers=names, sealer=signer_name(last), when=_when(case, last))


def _when(case: Case, s: SignatureCase) -> Reason:
    claimed = s.signature.claimed_time
    if case.is_proven(s) and s.best_signature_time is not None:
        return Reason("order.proven-by-time-stamp", time=rfc3339(s.best_signature_time))
    if claimed is not None:
        return Reason("order.claimed-by-itself", time=rfc3339(claimed))
    return Reason("order.no-time")


def _key(s: SignatureCase) -> bytes:
    return public_key_info(s.certificate)
