"""What is in a file, and the file as it was after a revision."""

from __future__ import annotations

import json

import pytest

from ecert.errors import InputError
from ecert.operations import cut_back, look_inside
from ecert.testing import Press
from ecert.testing.hybrid import hybrid_pdf
from tests.kit import Desk


def test_a_copy_seen_from_inside(desk: Desk) -> None:
    data = desk.copy.to_bytes()
    seen = look_inside(data, "a.pdf")
    assert json.loads(json.dumps(seen)) == seen  # plain values
    assert seen["file"]["size"] == len(data)
    assert [s["field"] for s in seen["signatures"]][:2] == ["Signer", "Seal"]
    assert seen["record"]["id"] == desk.copy.record.id
    assert seen["validation_data"]["certificates"] > 0
    assert seen["revisions"][-1]["end"] == len(data)


def test_what_is_wrong_with_signatures_is_told_in_plain_values() -> None:
    with Press() as press:
        seen = look_inside(press.make("byte-range-missing").data, "a.pdf")
    assert json.loads(json.dumps(seen)) == seen
    problems = [problem for s in seen["signatures"] for problem in s["problems"]]
    assert "it has no usable /ByteRange" in problems


def test_an_office_export_is_one_revision() -> None:
    data = hybrid_pdf("word")
    seen = look_inside(data, "a.pdf")
    assert [r["end"] for r in seen["revisions"]] == [len(data)]
    assert cut_back(data, "a.pdf", 0) == data


def test_a_copy_cut_back_is_what_was_before(desk: Desk) -> None:
    data = desk.copy.to_bytes()
    assert cut_back(data, "a.pdf", 0) == desk.draft.to_bytes()
    assert cut_back(data, "a.pdf", 1) == desk.signed.to_bytes()
    last = len(look_inside(data, "a.pdf")["revisions"]) - 1
    assert cut_back(data, "a.pdf", last) == data


@pytest.mark.parametrize("revision", [-1, 99])
def test_a_revision_that_is_not_there(desk: Desk, revision: int) -> None:
    with pytest.raises(InputError) as caught:
        cut_back(desk.copy.to_bytes(), "a.pdf", revision)
    assert caught.value.code == "no-such-revision"


def test_what_cannot_be_read_is_refused_by_name() -> None:
    for call in (lambda: look_inside(b"no PDF", "a.pdf"), lambda: cut_back(b"no PDF", "a.pdf", 0)):
        with pytest.raises(InputError, match=r"a\.pdf cannot be looked into") as caught:
            call()
        assert caught.value.code == "not-a-pdf"
