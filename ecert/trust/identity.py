"""Who is who: does a certificate belong to the certifier, to the body, of a record?"""

from __future__ import annotations

from ecert.formats.record import Body, Certifier
from ecert.model.names import identifiers_agree, same_name
from ecert.trust.certificates import common_name, identifiers, organization


def is_certifier(certifier: Certifier, certificate: bytes) -> bool:
    """Tell whether the signer's certificate names the certifier: CN equals name."""
    return same_name(common_name(certificate), certifier.name)


def is_body(body: Body, certificate: bytes) -> bool:
    """Tell whether the seal's certificate is the body's.

    An identifier both have decides; else the name equals CN, and the parent O where it is given.
    """
    agree = identifiers_agree(body.identifiers, identifiers(certificate))
    if agree is not None:
        return agree
    if not bears_name(body, certificate):
        return False
    return body.parent is None or same_name(organization(certificate) or "", body.parent)


def bears_name(body: Body, certificate: bytes) -> bool:
    """Tell whether a certificate has the body's name as its CN, whatever identifiers say."""
    return same_name(common_name(certificate), body.name)
