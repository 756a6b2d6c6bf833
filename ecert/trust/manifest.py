"""The manifest of a trust bundle: a closed JSON document, read strictly, written in one way.

Rules the reader enforces:

1. Strict JSON: UTF-8, no key twice, no fraction, no NaN, no number beyond nine digits.
2. The keys are exactly those of this version; another version is refused.
3. Every statement that can be checked is: the fingerprint is the certificate's, ``direct`` says that
   it is no CA, times stand in order, nothing stands twice.
"""

from __future__ import annotations

import base64
import json
import re
import unicodedata
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, NoReturn

from ecert.errors import SettingsError
from ecert.model.roles import ANCHOR_ROLES, AnchorRole
from ecert.model.times import CLOCK_TOLERANCE, rfc3339
from ecert.trust.anchors import TrustAnchor, is_ca_der
from ecert.trust.certificates import fingerprint

BUNDLE_FORMAT = "ecert-trust-bundle"
BUNDLE_FORMAT_VERSION = 1
MAX_ANCHORS = 5000  # of one bundle: all trusted lists of the EU together name about 3,000
MAX_SOURCES = 200  # trusted lists behind one bundle: there are about 35 in the EU
MAX_BUNDLE_TEXT = 300  # characters of a source or a name
MAX_NUMBER = 999_999_999  # a version or sequence number: daily issues for 2.7 million years
_ID = re.compile(r"[a-z0-9][a-z0-9._-]{0,63}")
_TIME = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ")
_BUNDLE_KEYS = frozenset(
    {"format", "format_version", "id", "version", "issued", "next_update", "expires", "sources", "anchors"}
)
_SOURCE_KEYS = frozenset({"list", "name", "sequence", "sha256"})
_ANCHOR_KEYS = frozenset({"certificate", "sha256", "roles", "valid_from", "valid_until", "source", "direct"})


@dataclass(frozen=True)
class ListSource:
    """A trusted list the anchors were taken from, in this bundle or one before it.

    ``list`` tells it from other lists (territory and type), ``sequence`` may never decrease.
    """

    list: str
    name: str
    sequence: int
    sha256: str


@dataclass(frozen=True)
class Manifest:
    """What a bundle says: anchors, and for how long it may be used."""

    id: str
    version: int
    issued: datetime
    next_update: datetime
    expires: datetime
    anchors: tuple[TrustAnchor, ...]
    sources: tuple[ListSource, ...] = ()

    def __post_init__(self) -> None:
        """Refuse what could not be read back."""
        fault = _fault(self)
        if fault:
            raise _malformed(fault)

    def check_time(self, at: datetime, name: str) -> None:
        """Refuse a bundle of the future or the past.

        Raises:
            SettingsError: ``bundle-from-the-future`` or ``bundle-expired``.
        """
        if self.issued > at + CLOCK_TOLERANCE:
            raise SettingsError(
                f"{name} is issued in the future ({rfc3339(self.issued)})",
                code="bundle-from-the-future",
                hint="check this machine's clock",
            )
        if at > self.expires:
            raise SettingsError(
                f"{name} has expired ({rfc3339(self.expires)})",
                code="bundle-expired",
                hint="get the newest bundle from its publisher",
            )

    def to_json(self) -> bytes:
        """Return the manifest's bytes."""
        document = {
            "format": BUNDLE_FORMAT,
            "format_version": BUNDLE_FORMAT_VERSION,
            "id": self.id,
            "version": self.version,
            "issued": rfc3339(self.issued),
            "next_update": rfc3339(self.next_update),
            "expires": rfc3339(self.expires),
            "sources": [vars(s) for s in self.sources],
            "anchors": [_anchor_json(a) for a in self.anchors],
        }
        return json.dumps(document, ensure_ascii=False, indent=1).encode() + b"\n"


def _anchor_json(anchor: TrustAnchor) -> dict[str, Any]:
    return {
        "certificate": base64.b64encode(anchor.certificate).decode(),
        "sha256": fingerprint(anchor.certificate),
        "roles": sorted(anchor.roles),
        "valid_from": rfc3339(anchor.valid_from) if anchor.valid_from else None,
        "valid_until": rfc3339(anchor.valid_until) if anchor.valid_until else None,
        "source": anchor.source,
        "direct": anchor.direct,
    }


def read_manifest(data: bytes) -> Manifest:
    """Read a manifest's bytes.

    Raises:
        SettingsError: ``bundle-malformed``, with what is wrong.
    """
    try:
        document = json.loads(
            data.decode("utf-8"),
            object_pairs_hook=_once,
            parse_int=_whole,
            parse_float=_no_fraction,
            parse_constant=_no_fraction,
        )
    except (ValueError, RecursionError) as exc:
        reason = str(exc) if type(exc) is ValueError else "it is not strict JSON"
        raise _malformed(reason) from exc
    _keys(document, _BUNDLE_KEYS, "it")
    version = document["format_version"]
    if document["format"] != BUNDLE_FORMAT or type(version) is not int or version != BUNDLE_FORMAT_VERSION:
        raise _malformed(f"it is not {BUNDLE_FORMAT} {BUNDLE_FORMAT_VERSION}")
    return Manifest(
        id=_text(document["id"], "id"),
        version=_number(document["version"], "version"),
        issued=_time(document["issued"], "issued"),
        next_update=_time(document["next_update"], "next_update"),
        expires=_time(document["expires"], "expires"),
        anchors=_items(document["anchors"], "anchors", MAX_ANCHORS, _anchor),
        sources=_items(document["sources"], "sources", MAX_SOURCES, _source),
    )


def _malformed(reason: str) -> SettingsError:
    return SettingsError(
        f"the trust bundle is malformed: {reason}",
        code="bundle-malformed",
        hint="correct it, or ask its publisher for a good one",
    )


# ── strict JSON ──────────────────────────────────────────────────────────────────────────────────


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise ValueError("a key stands twice")
    return found


def _whole(text: str) -> int:
    if len(text) > len(str(MAX_NUMBER)):
        raise ValueError("a number is too large")
    return int(text)


def _no_fraction(text: str) -> NoReturn:
    raise ValueError(f"{text[:20]} is not a whole number")


def _keys(value: Any, keys: frozenset[str], place: str) -> None:
    if not isinstance(value, dict):
        raise _malformed(f"{place} is not an object")
    missing, unknown = sorted(keys - value.keys()), sorted(value.keys() - keys)
    if missing:
        raise _malformed(f"{place} has no {missing[0]}")
    if unknown:
        raise _malformed(f"{place} has an unknown key {unknown[0][:40]!r}")


def _text(value: Any, place: str) -> str:
    if not isinstance(value, str) or len(value) > MAX_BUNDLE_TEXT or not _printable(value):
        raise _malformed(f"{place} is not a short printable text")
    return value


def _printable(text: str) -> bool:
    return not any(unicodedata.category(c) in ("Cc", "Cf", "Cs", "Zl", "Zp") for c in text)


def _number(value: Any, place: str) -> int:
    if type(value) is not int:
        raise _malformed(f"{place} is not a whole number")
    return value


def _time(value: Any, place: str) -> datetime:
    if isinstance(value, str) and _TIME.fullmatch(value):
        try:
            return datetime.fromisoformat(value).astimezone(UTC)
        except (ValueError, OverflowError):
            pass
    raise _malformed(f"{place} is not a time such as 2026-10-01T02:03:04Z")


def _items(value: Any, place: str, limit: int, read: Callable[[Any, str], Any]) -> tuple[Any, ...]:
    if not isinstance(value, list) or len(value) > limit:
        raise _malformed(f"{place} is not a list of at most {limit}")
    return tuple(read(item, f"{place}[{i}]") for i, item in enumerate(value))


def _source(value: Any, place: str) -> ListSource:
    _keys(value, _SOURCE_KEYS, place)
    return ListSource(
        _text(value["list"], f"{place}.list"),
        _text(value["name"], f"{place}.name"),
        _number(value["sequence"], f"{place}.sequence"),
        _text(value["sha256"], f"{place}.sha256"),
    )


def _anchor(value: Any, place: str) -> TrustAnchor:
    _keys(value, _ANCHOR_KEYS, place)
    der, direct = _certificate(value["certificate"], place)
    if value["sha256"] != fingerprint(der):
        raise _malformed(f"{place}.sha256 is not the certificate's")
    if value["direct"] is not direct:
        raise _malformed(f"{place}.direct is not what the certificate says")
    return TrustAnchor(
        der,
        _roles(value["roles"], place),
        direct=direct,
        valid_from=_bound(value, "valid_from", place),
        valid_until=_bound(value, "valid_until", place),
        source=_text(value["source"], f"{place}.source"),
    )


def _certificate(value: Any, place: str) -> tuple[bytes, bool]:
    """Return the certificate, DER, and whether it is no CA."""
    try:
        der = base64.b64decode(value, validate=True) if isinstance(value, str) else b""
        return der, not is_ca_der(der)
    except ValueError as exc:
        raise _malformed(f"{place}.certificate is not a certificate") from exc


def _roles(value: Any, place: str) -> frozenset[AnchorRole]:
    roles = frozenset(r for r in ANCHOR_ROLES if isinstance(value, list) and r in value)
    if not roles or value != sorted(roles):
        raise _malformed(f"{place}.roles is not a sorted list of {', '.join(sorted(ANCHOR_ROLES))}")
    return roles


def _bound(value: Mapping[str, Any], key: str, place: str) -> datetime | None:
    return None if value[key] is None else _time(value[key], f"{place}.{key}")


# ── what must hold together ──────────────────────────────────────────────────────────────────────


def _fault(m: Manifest) -> str | None:
    """Return what contradicts itself, or None."""
    rows = [a.row for a in m.anchors]
    if not _ID.fullmatch(m.id):
        return "its id is not of lower-case letters, digits, dots, hyphens"
    if not 1 <= m.version <= MAX_NUMBER:
        return f"its version is not from 1 to {MAX_NUMBER}"
    if not m.issued < m.next_update <= m.expires:
        return "issued, next_update and expires are not in order"
    if not rows:
        return "it names no anchor"
    if len(set(rows)) != len(rows):
        return "an anchor stands twice"
    if len({s.list for s in m.sources}) != len(m.sources):
        return "a trusted list stands twice"
    for anchor in m.anchors:
        if anchor.valid_from and anchor.valid_until and anchor.valid_from >= anchor.valid_until:
            return "an anchor's window is empty"
    for source in m.sources:
        good = re.fullmatch(r"[0-9a-f]{64}", source.sha256) and source.list
        if not good or not 1 <= source.sequence <= MAX_NUMBER:
            return "a trusted list has no digest or sequence number"
    return None
