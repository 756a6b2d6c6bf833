"""A signature is laid out for an identity; the key, wherever it is, gives the value alone."""

from __future__ import annotations

from dataclasses import replace

from cryptography.hazmat.primitives.serialization import Encoding

import ecert
from ecert.sign.identity import SigningIdentity
from ecert.sign.steps import finish_signature, lay_out_signature
from tests.kit import Desk


def test_the_value_may_come_from_elsewhere(desk: Desk):
    office, draft = desk.office, desk.draft
    key = office.key("signer")
    # all that is known where it is laid out: certificates and scheme
    identity = SigningIdentity(tuple(key.chain), key.scheme)
    laid_out = lay_out_signature(
        draft.document, "signer", draft.record, identity, office.clock.now(), None, timestamped=False
    )
    assert laid_out.identity == identity == key.identity
    data = finish_signature(laid_out, key.sign(laid_out.to_be_signed), None, None)
    assert len(data) == laid_out.pending.size
    assert ecert.SignedCopy.from_bytes(data).record == draft.record


def test_the_signature_holds_the_identitys_certificates(desk: Desk):
    office, draft = desk.office, desk.draft
    key = office.key("signer")
    root = office.root.certificate.public_bytes(Encoding.DER)
    longer = replace(key.identity, chain=(*key.chain, root))
    sizes = [
        lay_out_signature(
            draft.document, "signer", draft.record, identity, office.clock.now(), None, timestamped=False
        ).pending.size
        for identity in (key.identity, longer)
    ]
    assert sizes[1] - sizes[0] == 2 * len(root)  # in hexadecimal
