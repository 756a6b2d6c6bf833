"""The registry: which bodies certify, with which seal keys, and who certifies for them by which decision.

It answers questions about one day; what the answers mean is said in :mod:`ecert.verify.competence`.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cached_property, lru_cache
from typing import Any, TypeVar

from ecert.formats.record import Body as StatedBody
from ecert.formats.record.fields import Capacity
from ecert.model.names import identifiers_agree, normal_name, same_name
from ecert.trust.certificates import fingerprint, identifiers, public_key_info
from ecert.trust.identity import named_otherwise
from ecert.verify.policies.rules import Rule, Span

_T = TypeVar("_T")


@dataclass(frozen=True)
class NamedKeys:
    """Whose keys are meant: digests of certificates or public keys, identifiers of the subject; any of them."""

    certificates: tuple[str, ...] = ()  # SHA-256 of the DER, lower-case hex
    public_keys: tuple[str, ...] = ()  # SHA-256 of the SubjectPublicKeyInfo (RFC 5280, 4.1.2.7)
    identifiers: tuple[str, ...] = ()  # such as MNS:H21.34

    @cached_property
    def marks(self) -> frozenset[str]:
        """Return everything that names a key, comparable with :func:`marks_of`."""
        return frozenset(
            (
                *(f"certificate {digest}" for digest in self.certificates),
                *(f"public-key {digest}" for digest in self.public_keys),
                *(f"identifier {normal_name(text)}" for text in self.identifiers),
            )
        )

    def has(self, certificate: bytes) -> bool:
        """Return whether a certificate is one of them."""
        return not self.marks.isdisjoint(marks_of(certificate))


@lru_cache(maxsize=256)
def marks_of(certificate: bytes) -> frozenset[str]:
    """Return what a registry may know a certificate by."""
    own = NamedKeys((fingerprint(certificate),), _key_digests(certificate), identifiers(certificate))
    return own.marks


@dataclass(frozen=True)
class BodyName:
    """What a body is called, below which body, and when."""

    text: str
    parent: str | None
    span: Span


@dataclass(frozen=True)
class SealKeys:
    """Keys a body seals with, and when."""

    keys: NamedKeys
    span: Span


@dataclass(frozen=True)
class RegisteredBody:
    """A body that certifies copies."""

    id: str
    kind: str
    span: Span
    names: tuple[BodyName, ...]
    identifiers: tuple[str, ...] = ()
    seal_keys: tuple[SealKeys, ...] = ()

    def is_stated(self, stated: StatedBody, day: date | None) -> bool:
        """Return whether a record means this body: an identifier both have decides, else the name.

        The name is the one of ``day``; None: of any day. The parent counts where both name one.
        """
        agree = identifiers_agree(stated.identifiers, self.identifiers)
        if agree is not None:
            return agree
        return any(
            same_name(name.text, stated.name)
            and (not name.parent or not stated.parent or same_name(name.parent, stated.parent))
            for name in self.names
            if day is None or name.span.covers(day)
        )

    def bears(self, name: str, day: date, parent: str | None = None) -> bool:
        """Return whether the body had a name on a day, below ``parent`` if given, whatever its identifiers say."""
        return any(
            same_name(n.text, name) and (parent is None or same_name(n.parent or "", parent))
            for n in self.names
            if n.span.covers(day)
        )

    def seals_with(self, certificate: bytes, day: date | None) -> bool:
        """Return whether a seal's key is this body's on a day; None: on any day."""
        return any(row.keys.has(certificate) for row in self.seal_keys if day is None or row.span.covers(day))


@dataclass(frozen=True)
class Appointment:
    """That a person certifies for a body in a capacity, and when; ``title`` and ``scope`` are for people."""

    name: str
    keys: NamedKeys
    body: str
    capacity: Capacity
    span: Span
    decision: str | None = None
    title: str | None = None
    scope: str | None = None


@dataclass(frozen=True)
class Registry:
    """Bodies, appointments and rules, and the days they speak for."""

    id: str
    version: str
    sha256: str
    span: Span
    bodies: tuple[RegisteredBody, ...]
    appointments: tuple[Appointment, ...]
    rules: tuple[Rule, ...]

    def describe(self) -> dict[str, Any]:
        """Return what a report says of the registry: nothing about bodies and persons."""
        first, last = self.span.first, self.span.last
        return {
            "id": self.id,
            "version": self.version,
            "sha256": self.sha256,
            "valid_from": first.isoformat() if first else None,
            "valid_to": last.isoformat() if last else None,
        }

    def bodies_stated(self, stated: StatedBody, seal: bytes, day: date) -> list[RegisteredBody]:
        """Return whom a record of ``day`` can mean, the seal's key deciding among namesakes.

        First those of that name on that day, else those that ever had it, so that a body which had ended
        by then is still found.
        """
        marks = [normal_name(stated.name), *map(normal_name, stated.identifiers)]
        near = list(dict.fromkeys(b for mark in marks for b in self._by_mark.get(mark, ())))
        found = [b for b in near if b.span.covers(day) and b.is_stated(stated, day)]
        found = found or [b for b in near if b.is_stated(stated, None)]
        own = [b for b in found if b.seals_with(seal, None)]
        return own if len(found) > 1 and own else found

    def vouches_for(self, stated: StatedBody, seal: bytes, day: date, sealed: date) -> bool:
        """Return whether the body a record of ``day`` names had this seal, though it bears another name.

        It must have had the record's name on that day, and the parent too where the certificate does not
        bear it out; and the key on the day it ``sealed``, or an identifier of the certificate.
        """
        found = self.bodies_stated(stated, seal, day)
        if len(found) != 1 or not self.span.covers(day):
            return False
        (body,) = found
        parent = stated.parent if "parent" in named_otherwise(stated, seal) else None
        if not body.span.covers(day) or not body.bears(stated.name, day, parent):
            return False
        if body.seals_with(seal, sealed):
            return True
        return identifiers_agree(body.identifiers, identifiers(seal)) is True

    def bodies_sealing(self, certificate: bytes) -> list[RegisteredBody]:
        """Return the bodies whose seal's key it is or was."""
        near = [b for mark in marks_of(certificate) for b in self._by_seal.get(mark, ())]
        return list(dict.fromkeys(near))

    def appointments_of(self, name: str, certificate: bytes) -> list[Appointment]:
        """Return the appointments of a person: name and key must both agree."""
        return [a for a in self._by_name.get(normal_name(name), ()) if a.keys.has(certificate)]

    def rule_of(self, kind: str, day: date) -> Rule | None:
        """Return the rule of a kind of body on a day; None: it did not certify then."""
        return next((r for r in self.rules if r.kind == kind and r.span.covers(day)), None)

    @cached_property
    def _by_mark(self) -> Mapping[str, list[RegisteredBody]]:
        return _index(
            (normal_name(mark), body)
            for body in self.bodies
            for mark in (*(name.text for name in body.names), *body.identifiers)
        )

    @cached_property
    def _by_seal(self) -> Mapping[str, list[RegisteredBody]]:
        return _index((mark, body) for body in self.bodies for row in body.seal_keys for mark in row.keys.marks)

    @cached_property
    def _by_name(self) -> Mapping[str, list[Appointment]]:
        return _index((normal_name(a.name), a) for a in self.appointments)


def _index(pairs: Iterable[tuple[str, _T]]) -> Mapping[str, list[_T]]:
    found: dict[str, list[_T]] = {}
    for mark, value in pairs:
        found.setdefault(mark, []).append(value)
    return found


def _key_digests(certificate: bytes) -> tuple[str, ...]:
    try:
        return (hashlib.sha256(public_key_info(certificate)).hexdigest(),)
    except ValueError:
        return ()
