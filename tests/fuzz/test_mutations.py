"""Mutations of valid copies: none is judged VALID; and the tools that make them do what they say."""

from __future__ import annotations

import itertools
import random

import pytest

from fuzz.__main__ import SEED
from fuzz.mutations import asn1
from fuzz.mutations.bytewise import ByteMutator
from fuzz.mutations.campaign import Tally, run
from fuzz.mutations.files import file_of
from fuzz.mutations.judging import judge
from fuzz.mutations.reach import REACHES, named_reach
from fuzz.mutations.report import is_set_apart, tell
from fuzz.mutations.structural import StructureMutator
from fuzz.mutations.surgery import ecdsa_twin, with_last_value
from fuzz.mutations.syntax import spans_of
from fuzz.mutations.victims import Victim, make_victims

BYTES, LOWER, STRUCTURES = 3000, 500, 500


@pytest.fixture(scope="module")
def victims() -> tuple[Victim, ...]:
    return make_victims()


@pytest.fixture(scope="module")
def tally() -> Tally:
    return run({"bytes": BYTES, "lower levels": LOWER, "structures": STRUCTURES}, seed=SEED, jobs=2)


def counted(tally: Tally, way: str, verdict: str | None = None) -> int:
    rows = tally.verdicts.items()
    return sum(n for (w, _, _, v), n in rows if w == way and verdict in (None, v))


def test_no_mutant_is_valid_and_none_fails(tally: Tally) -> None:
    assert tally.passed, "\n".join(text for text, _ in tally.faults)
    ways = "bytes", "lower levels", "structures"
    assert tuple(counted(tally, way) for way in ways) == (BYTES, LOWER, STRUCTURES)
    assert counted(tally, "bytes", "VALID") == 0
    assert sum(counted(tally, way, "VALID") for way in ways) == sum(tally.reaches.values())


def test_at_least_half_of_the_bytes_are_not_image_nor_signature_value(tally: Tally) -> None:
    apart = sum(n for (way, _, kind, _), n in tally.verdicts.items() if way == "bytes" and is_set_apart(kind))
    assert 0 < apart <= BYTES / 2
    text = tell(tally, seed=SEED)
    assert f"Outside image streams and /Contents: {BYTES - apart:,} of {BYTES:,}" in text


def test_spans_cover_a_copy_without_gap_or_overlap(victims: tuple[Victim, ...]) -> None:
    for victim in victims:
        spans = spans_of(victim.data)
        assert (spans[0].start, spans[-1].end) == (0, len(victim.data))
        assert all(a.end == b.start for a, b in itertools.pairwise(spans))
        assert all(span.end > span.start for span in spans)


def test_a_copy_put_together_again_is_the_same(victims: tuple[Victim, ...]) -> None:
    for victim in victims:
        assert file_of(victim.data).to_bytes() == victim.data


def test_every_kind_of_structure_change_is_made(tally: Tally) -> None:
    from fuzz.mutations.structural import _KINDS

    made = {kind for way, _, kind, _ in tally.verdicts if way == "structures"}
    assert made == set(_KINDS)


def test_the_same_number_draws_the_same_change(victims: tuple[Victim, ...]) -> None:
    victim = victims[0]
    makers = ByteMutator(victim.data), StructureMutator(victim.data, [v.data for v in victims[1:]])
    for maker in makers:
        first, again, other = (maker.draw(random.Random(n)) for n in (1, 1, 2))
        assert first == again != other
        assert first.data != victim.data


def test_an_asn1_tree_put_together_again_is_the_same(victims: tuple[Victim, ...]) -> None:
    for der in StructureMutator(victims[0].data, []).donors:
        assert asn1.parse(der).encoded() == der


# ── what no rule can reach ───────────────────────────────────────────────────────────────────────


def test_a_valid_mutant_without_a_reach_is_a_fault(victims: tuple[Victim, ...]) -> None:
    victim, other = victims[0], victims[1]
    outcome = judge(victim, other.data, [victim.data], render=True)
    assert (outcome.verdict, outcome.fault) == ("VALID", "it is VALID")
    assert judge(victim, victim.data[:-1], [victim.data], render=False).fault is None


def test_the_twin_of_an_ecdsa_value_is_valid_and_known(victims: tuple[Victim, ...]) -> None:
    """(r, n − s) is a signature wherever (r, s) is (FIPS 186-5, 6.4.2): no verifier can tell them apart."""
    victim = victims[0]
    mutant = with_last_value(victim.data, ecdsa_twin)
    assert victim.judge(mutant).verdict == "VALID"
    assert named_reach([victim.data], mutant) == "unsigned part of the last value"


def test_a_copy_cut_back_is_known(victims: tuple[Victim, ...]) -> None:
    data = victims[0].data
    cut = data[: data.rindex(b"%%EOF", 0, data.rindex(b"%%EOF")) + 6]
    assert named_reach([data], cut) == "cut back to an earlier revision"
    assert named_reach([data], cut[:-1]) is None
    assert len({r.name for r in REACHES}) == len(REACHES)
    assert all(len(r.proof) > 80 for r in REACHES)
