"""A time-stamping authority: request in, response out (RFC 3161, RFC 5816).

Tokens are put together from DER pieces made once per authority: benchmarks time our signing against
this TSA, so it must cost little beside its own signature.
"""

from __future__ import annotations

import hashlib
import itertools
import secrets
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import cached_property
from typing import Any

from asn1crypto import algos, core, tsp, x509

from ecert.testing import keys
from ecert.testing.pki import Identity, der
from ecert.testing.signing import OTHER_DATA

#: Policy of the kit's TSA, below the arc for examples (joint-iso-itu-t 999).
POLICY = "2.999.3161.1"

_DIGESTS = ("sha256", "sha384", "sha512")
_FAILURES = {"bad_alg": 0, "bad_request": 2, "bad_data_format": 5, "unaccepted_policy": 15}
_FAILURES |= {"time_not_available": 14, "unaccepted_extensions": 16}  # PKIFailureInfo (2.4.2)

_CONTENT_TYPE = core.ObjectIdentifier("1.2.840.113549.1.9.3").dump()
_MESSAGE_DIGEST = core.ObjectIdentifier("1.2.840.113549.1.9.4").dump()
_SIGNED_DATA = core.ObjectIdentifier("1.2.840.113549.1.7.2").dump()
_TST_INFO = core.ObjectIdentifier("1.2.840.113549.1.9.16.1.4").dump()
_SIGNING_CERTIFICATE_V2 = core.ObjectIdentifier("1.2.840.113549.1.9.16.2.47").dump()

_SEQUENCE, _SET, _OCTETS, _UTF8, _TIME = 0x30, 0x31, 0x04, 0x0C, 0x18


class _RejectedError(Exception):
    """The request is not answered with a token; the arguments are failInfo and text."""


@dataclass(frozen=True, eq=False)
class TimeStampAuthority:
    """Answer time-stamp requests with a key held in memory.

    ``accuracy_s`` stands in every token, in whole seconds; genTime has whole seconds too. A request
    with certReq gets the authority's certificate and those above it, the root left out. SHA-1
    imprints are taken by an authority that signs with SHA-1 itself. ``version``, ``name`` (the field tsa)
    and ``extensions`` (DER, one after the other) are what a TSTInfo says besides.
    """

    identity: Identity
    policy: str = POLICY
    accuracy_s: int = 1
    version: int = 1
    name: x509.Name | None = None
    extensions: bytes = b""
    _serials: Iterator[int] = field(default_factory=lambda: itertools.count(secrets.randbits(62)), repr=False)

    def answer(
        self, request: bytes, now: datetime, *, nonce_shift: int = 0, flip_imprint: bool = False, unsigned: bool = False
    ) -> bytes:
        """Return the DER of the TimeStampResp for a DER TimeStampReq, stamped with ``now``.

        A request that cannot be served gets a rejection with its failInfo, never an exception.
        ``nonce_shift``, ``flip_imprint`` and ``unsigned`` plant faults.
        """
        try:
            query = self._checked(request)
        except _RejectedError as rejection:
            return _rejection(*rejection.args)
        imprint = query["message_imprint"].dump()
        if flip_imprint:  # the digest ends the structure
            imprint = imprint[:-1] + bytes([imprint[-1] ^ 1])
        nonce = query["nonce"].native
        info = _tlv(
            _SEQUENCE,
            _integer(self.version),
            self._policy,
            imprint,
            _integer(next(self._serials)),
            _tlv(_TIME, now.astimezone(UTC).strftime("%Y%m%d%H%M%SZ").encode()),
            _tlv(_SEQUENCE, _integer(self.accuracy_s)),
            b"" if nonce is None else _integer(nonce + nonce_shift),
            b"" if self.name is None else _tlv(0xA0, _tlv(0xA4, self.name.dump())),
            _tlv(0xA1, self.extensions) if self.extensions else b"",
        )
        token = self._token(info, certificates=query["cert_req"].native, unsigned=unsigned)
        return _tlv(_SEQUENCE, _tlv(_SEQUENCE, _integer(0)), token)

    def refuse(self) -> bytes:
        """Return the DER of a TimeStampResp that gives no token: the clock is not to be had."""
        return _rejection("time_not_available", "the time is not to be had now")

    def _checked(self, request: bytes) -> Any:
        """Return the parsed request, or refuse what RFC 3161, 2.4.1 lets a TSA refuse."""
        try:
            query = tsp.TimeStampReq.load(request, strict=True)
            version, wanted = query["version"].native, query["req_policy"].native
            imprint, extensions = query["message_imprint"], query["extensions"].native
            algorithm = imprint["hash_algorithm"]["algorithm"].native
            digest = imprint["hashed_message"].native
        except (ValueError, TypeError) as error:
            raise _RejectedError("bad_data_format", "not a TimeStampReq") from error
        if version != "v1":
            raise _RejectedError("bad_request", "only version 1 is understood")
        if algorithm not in _DIGESTS and algorithm != self.identity.digest:
            raise _RejectedError("bad_alg", "use SHA-256, SHA-384 or SHA-512")
        if len(digest) != hashlib.new(algorithm).digest_size:
            raise _RejectedError("bad_data_format", "the imprint's length is not the digest's")
        if wanted not in (None, self.policy):
            raise _RejectedError("unaccepted_policy", f"the policy here is {self.policy}")
        if extensions:
            raise _RejectedError("unaccepted_extensions", "no extension is known here")
        return query

    def _token(self, info: bytes, *, certificates: bool, unsigned: bool) -> bytes:
        """Return the ContentInfo with SignedData around a DER TSTInfo (RFC 5652, 5)."""
        key, wanted = self.identity.key, self.identity.digest
        digest = hashlib.new(keys.hash_for(key, wanted).name, info).digest()
        attributes = _set_of(
            _tlv(_SEQUENCE, _CONTENT_TYPE, _tlv(_SET, _TST_INFO)),
            _tlv(_SEQUENCE, _MESSAGE_DIGEST, _tlv(_SET, _tlv(_OCTETS, digest))),
            self._signing_certificate,
        )
        signer = _tlv(
            _SEQUENCE,
            _integer(1),
            self._signer_identifier,
            self._digest_algorithm,
            b"\xa0" + attributes[1:],  # signed as SET OF, sent as [0] (5.4)
            self._signature_algorithm,
            _tlv(_OCTETS, keys.sign(key, OTHER_DATA if unsigned else attributes, wanted)),
        )
        data = _tlv(
            _SEQUENCE,
            _integer(3),  # because the content is not plain data (5.1)
            _tlv(_SET, self._digest_algorithm),
            _tlv(_SEQUENCE, _TST_INFO, _tlv(0xA0, _tlv(_OCTETS, info))),
            self._certificates if certificates else b"",
            _tlv(_SET, signer),
        )
        return _tlv(_SEQUENCE, _SIGNED_DATA, _tlv(0xA0, data))

    @cached_property
    def _policy(self) -> bytes:
        return bytes(core.ObjectIdentifier(self.policy).dump())

    @cached_property
    def _certificate(self) -> x509.Certificate:
        return x509.Certificate.load(der(self.identity.certificate))

    @cached_property
    def _certificates(self) -> bytes:
        chain = (self.identity.certificate, *self.identity.issuers)
        return b"\xa0" + _set_of(*(der(each) for each in chain))[1:]

    @cached_property
    def _signer_identifier(self) -> bytes:
        own = self._certificate
        return _tlv(_SEQUENCE, own.issuer.dump(), _integer(own.serial_number))

    @cached_property
    def _signing_certificate(self) -> bytes:
        """Return the signing-certificate-v2 attribute (RFC 5035, 3; SHA-256 is its default)."""
        own = self._certificate
        issuer = _tlv(_SEQUENCE, _tlv(0xA4, own.issuer.dump()))  # GeneralNames, directoryName
        entry = _tlv(
            _SEQUENCE,
            _tlv(_OCTETS, hashlib.sha256(own.dump()).digest()),
            _tlv(_SEQUENCE, issuer, _integer(own.serial_number)),
        )
        value = _tlv(_SEQUENCE, _tlv(_SEQUENCE, entry))
        return _tlv(_SEQUENCE, _SIGNING_CERTIFICATE_V2, _tlv(_SET, value))

    @cached_property
    def _digest_algorithm(self) -> bytes:
        name = keys.hash_for(self.identity.key, self.identity.digest).name
        return bytes(algos.DigestAlgorithm({"algorithm": name}).dump())

    @cached_property
    def _signature_algorithm(self) -> bytes:
        return bytes(keys.signature_algorithm(self.identity.key, self.identity.digest).dump())


def _rejection(failure: str, text: str) -> bytes:
    """Return a TimeStampResp without a token: rejection, text, failInfo."""
    bit = _FAILURES[failure]
    octets = bytearray(bit // 8 + 1)
    octets[-1] = 0x80 >> bit % 8
    unused = bytes([7 - bit % 8])
    status = _tlv(
        _SEQUENCE, _integer(2), _tlv(_SEQUENCE, _tlv(_UTF8, text.encode())), _tlv(0x03, unused, bytes(octets))
    )
    return _tlv(_SEQUENCE, status)


def _tlv(tag: int, *contents: bytes) -> bytes:
    """Return one DER element (X.690, 8.1)."""
    content = b"".join(contents)
    size = len(content)
    if size < 0x80:
        return bytes([tag, size]) + content
    octets = size.to_bytes((size.bit_length() + 7) // 8, "big")
    return bytes([tag, 0x80 | len(octets)]) + octets + content


def _integer(value: int) -> bytes:
    return _tlv(0x02, value.to_bytes(value.bit_length() // 8 + 1, "big", signed=True))


def _set_of(*elements: bytes) -> bytes:
    """Return a SET OF in DER order (X.690, 11.6)."""
    return _tlv(_SET, *sorted(elements))
