"""Errors are values: they pass between processes whole, with their words as they were."""

from __future__ import annotations

import copy
import pickle
from pathlib import Path

import pytest

import ecert
from ecert.errors import EcertError, InputError, Reason, RecordError, ServiceError, StageError, UsageError
from ecert.model.files import UnreadableError
from ecert.report import Report
from ecert.sign.steps import RevokedError
from ecert.stages import SelfCheckError

REPORT: Report = ecert.verify_copy(b"no PDF")


def every_kind(kind: type[EcertError] = EcertError) -> set[type[EcertError]]:
    """Return the class and all below it."""
    return {kind}.union(*(every_kind(each) for each in kind.__subclasses__()))


ERRORS: list[EcertError] = [
    UsageError("a", code="b", hint="c"),
    InputError("a"),
    StageError("a"),
    ServiceError(Reason("record.missing"), hint="c"),
    RecordError(Reason("record.not-one-of", value="x", allowed="y"), path="certifier.capacity", code="d"),
    UnreadableError(Path("nowhere.pdf"), "no such file", code="too-large"),
    RevokedError("a", code="certificate-revoked"),
    SelfCheckError(REPORT, "not VALID"),
    ecert.VerificationError("a", report=REPORT),
]


@pytest.mark.parametrize("error", ERRORS, ids=lambda error: type(error).__name__)
def test_they_are_pickled_and_copied_whole(error: EcertError) -> None:
    for other in (pickle.loads(pickle.dumps(error)), copy.copy(error), copy.deepcopy(error)):
        assert type(other) is type(error)
        assert (str(other), other.message, other.code, other.hint) == (
            str(error),
            error.message,
            error.code,
            error.hint,
        )
        assert (other.reason, other.exit_status) == (error.reason, error.exit_status)
        assert vars(other).keys() == vars(error).keys()


def test_every_kind_that_is_made_in_a_way_of_its_own_is_tried() -> None:
    own = {kind for kind in every_kind() if "__init__" in vars(kind) and kind.__module__.startswith("ecert.")}
    assert own - {type(error) for error in ERRORS} <= {EcertError}


def test_a_message_is_put_into_words_when_it_is_read() -> None:
    error = RecordError(Reason("record.missing"), path="original.pages", hint="count them")
    assert error.reason == Reason("record.at-path", path="original.pages", reason=Reason("record.missing"))
    assert str(error) == "original.pages: is missing (count them)"
