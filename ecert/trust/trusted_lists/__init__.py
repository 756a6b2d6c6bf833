"""Trusted lists (ETSI TS 119 612, v2.1.1 to v2.4.1, XML) as a source of anchors.

A list is believed when

1. it is plain UTF-8 XML without DTD, and its one signature, made by a pinned publisher with strong
   algorithms, covers the whole of it (:mod:`~ecert.trust.trusted_lists.signature`);
2. its version and type are those of a list of services (5.3.1, 5.3.3), not of other lists;
3. it is of its time: issued (5.3.14), its next update (5.3.15) not passed; a closed list has none;
4. its sequence number (5.3.2) is not below one that was seen before.

Its services become anchors by :mod:`~ecert.trust.trusted_lists.services`. Where a list can be read in
two ways, the one that trusts less is taken. Pointers to other lists are not followed: each list is
named by hand, with its publishers.

* :mod:`~ecert.trust.trusted_lists.xml` and :mod:`~ecert.trust.trusted_lists.faults`: a list's elements, read
  strictly; why a list is refused.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from ecert.errors import SettingsError
from ecert.model.times import CLOCK_TOLERANCE, rfc3339
from ecert.trust.anchors import TrustAnchor, read_bytes
from ecert.trust.manifest import MAX_NUMBER, ListSource
from ecert.trust.pins import Publisher, pinned
from ecert.trust.trusted_lists.faults import malformed

if TYPE_CHECKING:
    from lxml.etree import _Element

MAX_LIST_BYTES = 16 * 1024 * 1024  # the largest national lists have 5 MB
VERSIONS = ("5", "6")  # TSLVersionIdentifier of v2.1.1 to v2.2.1, and from v2.3.1 (5.3.1)
TSL_TAG = "http://uri.etsi.org/19612/TSLTag"  # 5.2.1
_TYPE = "http://uri.etsi.org/TrstSvc/TrustedList/TSLType/"
EU_TYPE = f"{_TYPE}EUgeneric"  # D.5


@dataclass(frozen=True)
class TrustedList:
    """What a list says of itself, and the anchors its services make; ``next_update`` None: closed."""

    territory: str
    type: str
    operator: str
    sequence: int
    issued: datetime
    next_update: datetime | None
    sha256: str
    anchors: tuple[TrustAnchor, ...]

    @property
    def key(self) -> str:
        """Return what tells this list from others, from issue to issue."""
        return f"{self.territory} {self.type}"

    @property
    def source(self) -> ListSource:
        """Return the line a bundle keeps about it."""
        return ListSource(self.key, self.operator, self.sequence, self.sha256)

    def check(self, at: datetime, minimum: int | None, name: str) -> None:
        """Refuse a list that is not of its time, older than one seen before, or of no use.

        Raises:
            SettingsError: ``list-from-the-future``, ``list-expired``, ``list-sequence-decreased`` or
                ``list-without-anchors``.
        """
        self._check_time(at, name)
        if minimum is not None and self.sequence < minimum:  # 5.3.2
            raise SettingsError(
                f"{name} has the sequence number {self.sequence}, below {minimum}",
                code="list-sequence-decreased",
                hint="it is older than a list seen before; get its newest issue",
            )
        if not self.anchors:
            raise SettingsError(
                f"{name} names no service that signers, seals or time-stamps could lean on",
                code="list-without-anchors",
                hint="check that it is the right list",
            )

    def _check_time(self, at: datetime, name: str) -> None:
        """Refuse a list of the future or the past, or a closed one (5.3.14, 5.3.15)."""
        if self.issued > at + CLOCK_TOLERANCE:
            raise SettingsError(
                f"{name} is issued in the future ({rfc3339(self.issued)})",
                code="list-from-the-future",
                hint="check this machine's clock",
            )
        if self.next_update is None:
            raise SettingsError(
                f"{name} is closed: it announces no next update",
                code="list-expired",
                hint="ask its operator which list follows",
            )
        if at > self.next_update:
            raise SettingsError(
                f"{name} has expired ({rfc3339(self.next_update)})",
                code="list-expired",
                hint="get its newest issue from its operator",
            )


def read_trusted_list(
    path: Path, publishers: Iterable[Publisher], at: datetime, minimum_sequence: int | None = None
) -> TrustedList:
    """Read a trusted list's file as of ``at``.

    Raises:
        SettingsError: see :meth:`ecert.trust.store.TrustStore.from_trusted_list`.
    """
    data = read_bytes(path, MAX_LIST_BYTES, "trusted list")
    found = open_trusted_list(data, publishers, at, str(path))
    found.check(at, minimum_sequence, f"the trusted list {path}")
    return found


def open_trusted_list(data: bytes, publishers: Iterable[Publisher], at: datetime, name: str) -> TrustedList:
    """Check a list's signature (its publisher valid at ``at``) and read it, whatever its own time.

    Raises:
        SettingsError: ``list-altered``, ``list-wrong-signer``, ``list-malformed``, ``list-wrong-type``,
            or nobody is named as its signer.
    """
    pins = pinned(publishers)
    if not pins:
        raise SettingsError(
            f"{name} is a trusted list and nobody is named as its signer",
            code="list-without-signer",
            hint="name its operator's certificate: signers in [[trust.list]], --list-signer, --signer",
        )
    from ecert.trust.trusted_lists.services import read_anchors
    from ecert.trust.trusted_lists.signature import signed_content
    from ecert.trust.trusted_lists.xml import child, name_in, text_of, time_of

    root = signed_content(data, pins, at, name)
    scheme = child(root, "SchemeInformation")
    if scheme is None or root.get("TSLTag") != TSL_TAG:
        raise malformed(name, "it is not a trusted list of TS 119 612")
    territory = text_of(child(scheme, "SchemeTerritory")) or ""
    kind = _type(scheme, territory, name)
    issued = time_of(child(scheme, "ListIssueDateTime"))
    if issued is None:
        raise malformed(name, "it has no time of issue")
    sequence = text_of(child(scheme, "TSLSequenceNumber")) or ""
    if not re.fullmatch(r"[0-9]{1,9}", sequence) or not 1 <= int(sequence) <= MAX_NUMBER:
        raise malformed(name, "it has no sequence number")
    label = f"{territory} {sequence}"
    return TrustedList(
        territory,
        kind,
        name_in(child(scheme, "SchemeOperatorName")),
        int(sequence),
        issued,
        _next_update(scheme, name),
        hashlib.sha256(data).hexdigest(),
        read_anchors(root, label),
    )


def _type(scheme: _Element, territory: str, name: str) -> str:
    """Return the list's type where it is a list of services (5.3.3, D.5, D.6)."""
    from ecert.trust.trusted_lists.xml import child, text_of

    version = text_of(child(scheme, "TSLVersionIdentifier"))
    kind = text_of(child(scheme, "TSLType"))
    of_community = f"{_TYPE}{territory}list" if re.fullmatch("[A-Z]{2}", territory) else None
    if version not in VERSIONS or kind is None or kind not in (EU_TYPE, of_community):
        raise SettingsError(
            f"the trusted list {name} is of a version or type that is not read here (version {version}, type {kind})",
            code="list-wrong-type",
            hint="name a list of services after TS 119 612 v2, not a list of lists",
        )
    if not territory:
        raise malformed(name, "it has no territory")
    return kind


def _next_update(scheme: _Element, name: str) -> datetime | None:
    from ecert.trust.trusted_lists.xml import child, time_of

    element = child(scheme, "NextUpdate")
    if element is None:
        raise malformed(name, "it has no next update")
    if not len(element) and not (element.text or "").strip():
        return None
    time = time_of(child(element, "dateTime"))
    if time is None:
        raise malformed(name, "its next update is not a time")
    return time


def looks_like_list(data: bytes) -> bool:
    """Return whether a file begins as XML does, not as a certificate or a bundle."""
    return data.lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"<")
