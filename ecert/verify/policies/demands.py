"""What a policy file can demand: a row for each demand, from which the rest follows.

A field of the three classes below is a demand. Its row says how it is read, what it means, which findings say
that it is not met, and with which base alone it goes. From the rows follow the reader of policy files, what the
report and its schema say of a policy, and the table in docs/reference/policy.md (``make docs``).

To add one: its row here; what holds a document against it, in ``DEMAND_CHECKS`` of :mod:`ecert.verify.demands`; the
finding, unless one fits (:mod:`ecert.model.findings`), with its advice; a test of a document that meets it and
of one that does not.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, fields
from typing import Annotated, Any, get_type_hints

from ecert.formats.pades.algorithms import HASHES
from ecert.model.levels import LEVELS, Level
from ecert.model.policy_names import POLICIES, PolicyName
from ecert.model.profiles import PROFILES
from ecert.model.schemes import SCHEME_KINDS
from ecert.model.tables import choice, flag, texts, whole
from ecert.model.toml_values import TomlValue
from ecert.verify.policies.files import MAX_POLICY_ITEMS

MAX_DAYS = 36_525  # a hundred years
ROLES = ("signer", "seal")  # and in no other order: NĐ 30/2020/NĐ-CP Đ.32.2(d)
CURVES = ("secp256r1", "secp384r1", "secp521r1")


@dataclass(frozen=True)
class Demand:
    """The row of one demand; the default of its field demands nothing."""

    read: Callable[[TomlValue], Any]
    meaning: str
    findings: tuple[str, ...]  # that say it is not met; none: those of the base
    base: PolicyName | None = None  # the one it goes with; ``signatures`` stands for every file that is no copy of ours
    is_stated: bool = False  # its base asks it in any case: it needs no check

    @property
    def bases(self) -> tuple[PolicyName, ...]:
        """Return the built-in policies that it goes with."""
        if self.base is None:
            return POLICIES
        return (self.base,) if self.base != "signatures" else ("signatures", "signed-and-sealed")

    def goes_with(self, base: str) -> bool:
        """Return whether a policy file with this base may demand it."""
        return base in self.bases


def _listed(*allowed: str) -> Callable[[TomlValue], tuple[str, ...]]:
    return texts(MAX_POLICY_ITEMS, least=1, allowed=allowed or None, distinct=True)


def _words(words: Iterable[str]) -> str:
    return " ".join(f"`{word}`" for word in words)


def _pdfa(value: TomlValue) -> bool:
    if not flag(value):
        hint = "certified-copy always asks for PDF/A-3b, signatures never; remove pdfa"
        raise value.wrong("possible: a policy file drops nothing", hint)
    return True


@dataclass(frozen=True)
class Requirements:
    """What must be there beyond what the base asks."""

    level: Annotated[
        Level | None,
        Demand(
            choice(LEVELS),
            f"the PAdES level each signature has reached, at least: {_words(LEVELS)}",
            ("level-too-low", "demand-unproven"),
        ),
    ] = None
    archive_timestamp: Annotated[
        bool,
        Demand(
            flag,
            "a document time-stamp that counts, after the last signature",
            ("archive-timestamp-missing", "demand-unproven"),
        ),
    ] = False
    signatures: Annotated[
        int | None,
        Demand(
            whole(1, 50),
            "at least so many signatures, time-stamps not counted",
            ("too-few-signatures",),
            base="signatures",
        ),
    ] = None
    fields: Annotated[
        tuple[str, ...],
        Demand(
            _listed(),
            "these fields are signed, in this order",
            ("field-unsigned", "signatures-out-of-order"),
            base="signatures",
        ),
    ] = ()
    no_added_fields: Annotated[
        bool,
        Demand(
            flag,
            "`true`: every visible signature field stood there when the first person signed",
            ("field-added-against-policy",),
            base="signatures",
        ),
    ] = False
    roles: Annotated[
        tuple[str, ...],
        Demand(
            _listed(),
            '`["signer", "seal"]`, which `certified-copy` asks in any case: stated for the reader',
            (),
            base="certified-copy",
            is_stated=True,
        ),
    ] = ()
    pdfa: Annotated[
        bool,
        Demand(
            _pdfa,
            "`true`, which `certified-copy` asks in any case; it cannot be dropped",
            ("not-pdfa",),
            base="certified-copy",
            is_stated=True,
        ),
    ] = False
    profiles: Annotated[
        tuple[str, ...],
        Demand(
            _listed(*PROFILES), "the record's profile is one of these", ("profile-not-accepted",), base="certified-copy"
        ),
    ] = ()


_NOT_PERMITTED = ("algorithm-not-permitted",)


@dataclass(frozen=True)
class Algorithms:
    """What signatures, and certificates on their paths, may be made with; empty: whatever the base takes."""

    digests: Annotated[
        tuple[str, ...],
        Demand(
            _listed(*HASHES), f"of signatures and of the certificates on their paths: {_words(HASHES)}", _NOT_PERMITTED
        ),
    ] = ()
    signatures: Annotated[
        tuple[str, ...], Demand(_listed(*SCHEME_KINDS), f"likewise: {_words(SCHEME_KINDS)}", _NOT_PERMITTED)
    ] = ()
    curves: Annotated[
        tuple[str, ...],
        Demand(_listed(*CURVES), f"of elliptic keys, the anchor's included: {_words(CURVES)}", _NOT_PERMITTED),
    ] = ()
    rsa_bits: Annotated[
        int | None, Demand(whole(2048, 16_384), "bits of RSA keys, the anchor's included, at least", _NOT_PERMITTED)
    ] = None


@dataclass(frozen=True)
class Ages:
    """How many days may lie between two moments; None: no limit."""

    seal_days: Annotated[
        int | None,
        Demand(
            whole(1, MAX_DAYS),
            "days from the signature to the seal, at most. Both times must be proven",
            ("sealed-too-late", "demand-unproven"),
            base="certified-copy",
        ),
    ] = None
    copy_days: Annotated[
        int | None,
        Demand(
            whole(0, MAX_DAYS),
            "days from the record's date, or an earlier proven day, to the time of validation, at most; counted in "
            "the zone of the record's office",
            ("copy-too-old",),
            base="certified-copy",
        ),
    ] = None
    revocation_days: Annotated[
        int | None,
        Demand(
            whole(0, MAX_DAYS),
            "days from the issuing of revocation data to the proven time of the signature it is for (without a "
            "proof: the time of validation), at most",
            ("revocation-too-old",),
        ),
    ] = None


DemandTable = Requirements | Algorithms | Ages
#: a policy's tables of demands, in the order in which they are read and checked
DEMAND_TABLES: Mapping[str, type[DemandTable]] = {"require": Requirements, "algorithms": Algorithms, "ages": Ages}


def demands_of(kind: type[DemandTable]) -> Mapping[str, Demand]:
    """Return the demands of a table by name."""
    hints = get_type_hints(kind, include_extras=True)
    return {name: row for name, hint in hints.items() for row in hint.__metadata__}


def demanded(part: DemandTable) -> dict[str, Any]:
    """Return the demands that are set, by name."""
    return {f.name: value for f in fields(part) if (value := getattr(part, f.name)) != f.default}
