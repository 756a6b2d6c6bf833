"""The services of a trusted list as anchors: which, for which roles, from when to when.

| what a service must say | clause | taken as |
|---|---|---|
| type ``…/Svctype/CA/QC`` | 5.5.1.1 | signer and seal |
| type ``…/Svctype/CA/PKC`` | 5.5.1.2 | signer and seal |
| type ``…/Svctype/TSA/QTST`` | 5.5.1.1 | timestamp |
| type ``…/Svctype/TSA`` | 5.5.1.2 | timestamp |
| extension ``…/SvcInfoExt/ForeSignatures`` | 5.5.9.4 | signer alone, unless ForeSeals stands too |
| extension ``…/SvcInfoExt/ForeSeals`` | 5.5.9.4 | seal alone, unless ForeSignatures stands too |
| extension ``…/SvcInfoExt/ForWebSiteAuthentication`` alone | 5.5.9.4 | nothing |
| status ``…/Svcstatus/granted``, ``…/recognisedatnationallevel`` | 5.5.4 | from its starting time (5.5.5) |
| status ``…/undersupervision``, ``…/accredited``, in the history only | 5.5.4, 5.6.4 | likewise |

A state lasts from its starting time until just before the next one's (5.6). Anything else (other types
and states, unknown critical extensions, times that cannot be read, history of another key) makes no
anchor.
"""

from __future__ import annotations

import base64
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime

from cryptography import x509
from lxml.etree import QName, _Element

from ecert.model.roles import AnchorRole
from ecert.trust.anchors import TrustAnchor, is_ca_der
from ecert.trust.certificates import public_key_info
from ecert.trust.extensions import helping
from ecert.trust.trusted_lists.xml import child, children, name_in, text_of, time_of

_SERVICE = "http://uri.etsi.org/TrstSvc/Svctype/"
_EXTENSION = "http://uri.etsi.org/TrstSvc/TrustedList/SvcInfoExt/"
_STATUS = "http://uri.etsi.org/TrstSvc/TrustedList/Svcstatus/"
ROLES_OF_TYPE: dict[str, frozenset[AnchorRole]] = {
    f"{_SERVICE}CA/QC": frozenset({"signer", "seal"}),
    f"{_SERVICE}CA/PKC": frozenset({"signer", "seal"}),
    f"{_SERVICE}TSA/QTST": frozenset({"timestamp"}),
    f"{_SERVICE}TSA": frozenset({"timestamp"}),
}
ROLES_OF_USE: dict[str, frozenset[AnchorRole]] = {
    f"{_EXTENSION}ForeSignatures": frozenset({"signer"}),
    f"{_EXTENSION}ForeSeals": frozenset({"seal"}),
    f"{_EXTENSION}ForWebSiteAuthentication": frozenset(),
}
GRANTED = frozenset({f"{_STATUS}granted", f"{_STATUS}recognisedatnationallevel"})
GRANTED_ONCE = GRANTED | {f"{_STATUS}undersupervision", f"{_STATUS}accredited"}
#: Extensions that are understood, or change nothing about who is believed (5.5.9.1 to 5.5.9.4).
_KNOWN_EXTENSIONS = frozenset(
    {"AdditionalServiceInformation", "Qualifications", "TakenOverBy", "ExpiredCertsRevocationInfo"}
)


@dataclass(frozen=True)
class _State:
    """One state of a service: the current one, or one of its history."""

    element: _Element
    start: datetime
    end: datetime | None
    granted: frozenset[str]

    @property
    def roles(self) -> frozenset[AnchorRole]:
        """Return whom it serves; empty: nobody."""
        roles = ROLES_OF_TYPE.get(text_of(child(self.element, "ServiceTypeIdentifier")) or "")
        if roles is None or text_of(child(self.element, "ServiceStatus")) not in self.granted:
            return frozenset()
        uses = _uses(self.element)
        if uses is None:
            return frozenset()
        return roles & frozenset().union(*uses) if uses and "timestamp" not in roles else roles


def read_anchors(root: _Element, label: str) -> tuple[TrustAnchor, ...]:
    """Return the anchors of a list; ``label`` (territory and number) goes into their source."""
    found: list[TrustAnchor] = []
    for provider in children(child(root, "TrustServiceProviderList"), "TrustServiceProvider"):
        operator = name_in(child(child(provider, "TSPInformation"), "TSPName"))
        for service in children(child(provider, "TSPServices"), "TSPService"):
            information = child(service, "ServiceInformation")
            named = name_in(child(information, "ServiceName"))
            source = f"{label}: {operator}, {named}"
            found += [replace(a, source=source) for a in _anchors(service)]
    return tuple(dict.fromkeys(found))


def _anchors(service: _Element) -> Iterator[TrustAnchor]:
    current = child(service, "ServiceInformation")
    if current is None:
        return
    for der in _certificates(current):
        windows: list[TrustAnchor] = []
        for state in _states(service, current):
            if not state.roles or not _same_key(state.element, der):
                continue
            anchor = TrustAnchor(der, state.roles, not is_ca_der(der), state.start, state.end)
            before = windows[-1] if windows else None
            if before and before.valid_until == state.start and before.roles == state.roles:
                windows[-1] = replace(before, valid_until=state.end)
            else:
                windows.append(anchor)
        yield from windows


def _states(service: _Element, current: _Element) -> list[_State]:
    """Return the states, oldest first; each ends where the next begins, so windows never overlap.

    A history that contradicts itself is not used; one that is newer than the current state: nothing is.
    """
    start = time_of(child(current, "StatusStartingTime"))
    history = list(children(child(service, "ServiceHistory"), "ServiceHistoryInstance"))
    begins = [time_of(child(instance, "StatusStartingTime")) for instance in history]
    if start is None or any(begin is not None and begin > start for begin in begins):
        return []
    dated = sorted(
        ((b, i) for b, i in zip(begins, history, strict=True) if b is not None and b < start), key=lambda item: item[0]
    )
    if len({begin for begin, _ in dated}) != len(history):
        dated = []  # a time that cannot be read, or two states from one time on
    ends = [begin for begin, _ in dated[1:]] + [start]
    states = [_State(instance, begin, end, GRANTED_ONCE) for (begin, instance), end in zip(dated, ends, strict=False)]
    return [*states, _State(current, start, None, GRANTED)]


def _uses(state: _Element) -> list[frozenset[AnchorRole]] | None:
    """Return what the uses named in extensions allow; None: an extension is not understood (5.5.9)."""
    uses: list[frozenset[AnchorRole]] = []
    for extension in children(child(state, "ServiceInformationExtensions"), "Extension"):
        critical = extension.get("Critical") not in ("false", "0")
        parts = list(extension.iterchildren("*"))
        known = all(QName(p).localname in _KNOWN_EXTENSIONS for p in parts)
        if critical and not (parts and known):
            return None
        for information in children(extension, "AdditionalServiceInformation"):
            use = ROLES_OF_USE.get(text_of(child(information, "URI")) or "")
            if use is not None:
                uses.append(use)
    return uses


def _certificates(state: _Element) -> list[bytes]:
    """Return the certificates of a service's digital identity (5.5.3) that can be read."""
    found: list[bytes] = []
    for identity in children(child(state, "ServiceDigitalIdentity"), "DigitalId"):
        for element in children(identity, "X509Certificate"):
            try:
                der = base64.b64decode("".join((text_of(element) or "").split()), validate=True)
                is_ca_der(der)
            except ValueError:
                continue
            found.append(der)
    return list(dict.fromkeys(found))


def _same_key(state: _Element, der: bytes) -> bool:
    """Return whether a state is about this certificate's key: by certificate, else by SKI (5.5.3, 5.6.3)."""
    named = _certificates(state)
    try:
        if named:
            key = public_key_info(der)
            return any(public_key_info(other) == key for other in named)
    except ValueError:
        return False
    identifier = helping(der, x509.SubjectKeyIdentifier)
    if identifier is None:
        return False
    own = base64.b64encode(identifier.digest).decode()
    identities = children(child(state, "ServiceDigitalIdentity"), "DigitalId")
    return any(
        "".join((text_of(ski) or "").split()) == own for identity in identities for ski in children(identity, "X509SKI")
    )
