"""An anchor's belief ends for what its key signs, too: whole copies, judged with data made before and after."""

from __future__ import annotations

from datetime import datetime

from cryptography.hazmat.primitives.serialization import Encoding

import ecert
from ecert.model.roles import ANCHOR_ROLES
from ecert.testing import Office
from ecert.trust.anchors import TrustAnchor
from ecert.trust.store import TrustStore
from tests.time.journeys import DAY, certify, office


def _trust(made_by: Office, until: datetime | None) -> TrustStore:
    """Believe the signers' root until then, that of the time-stamps without end."""
    anchors = [(made_by.root, until), (made_by.tsa_root, None)]
    return TrustStore(
        tuple(
            TrustAnchor(a.certificate.public_bytes(Encoding.DER), frozenset(ANCHOR_ROLES), valid_until=end)
            for a, end in anchors
        )
    )


def test_what_the_key_of_a_withdrawn_anchor_signs_proves_nothing():
    with office(separate_tsa_root=True) as o:
        copy = certify(o, "B-T").to_bytes()
        o.clock.advance(days=1)
        told = ecert.Evidence.of(
            ocsps=[o.ocsp(who) for who in (o.signer, o.seal, o.tsa)], crls=[o.crl(o.root), o.crl(o.tsa_root)]
        )
        o.clock.advance(hours=1)
        until = o.clock.now()

        def verdict(end: datetime | None) -> str:
            trust = _trust(o, end)
            return str(ecert.verify_copy(copy, trust=trust, at=until, evidence=told).verdict)

        assert verdict(None) == "VALID"
        assert verdict(until + DAY) == "VALID"
        assert verdict(until) == "INDETERMINATE", "nothing proves that it was made before"
