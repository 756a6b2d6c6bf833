"""Who is who: does a certificate belong to the certifier, to the body, of a record?

The record's writer chooses what stands in it; a name and an identifier in a certificate are what an authority
attests. So an identifier never outranks the name, it can only contradict it.
"""

from __future__ import annotations

from ecert.formats.record import Body, Certifier
from ecert.model.names import identifiers_agree, is_personal, same_name
from ecert.trust.certificates import common_name, identifiers, organization

_MOST_IDENTIFIERS = 3  # that are told of either side


def is_certifier(certifier: Certifier, certificate: bytes) -> bool:
    """Return whether the signer's certificate names the certifier: CN equals name."""
    return same_name(common_name(certificate), certifier.name)


def is_body(body: Body, certificate: bytes) -> bool:
    """Return whether the seal's certificate is the body's: its name, and no identifier that contradicts.

    The name equals CN, and the parent O where it is given; of every scheme of identifiers that both have,
    one must agree.
    """
    contradicted = identifiers_agree(body.identifiers, identifiers(certificate)) is False
    return not contradicted and not named_otherwise(body, certificate)


def shares_identifier(body: Body, certificate: bytes) -> bool:
    """Return whether identifiers of record and certificate agree, whatever the names are."""
    return identifiers_agree(body.identifiers, identifiers(certificate)) is True


def named_otherwise(body: Body, certificate: bytes) -> dict[str, str | None]:
    """Return the certificate's ``name`` and ``parent`` of a body, those alone that the record has otherwise."""
    found: dict[str, str | None] = {}
    if not same_name(common_name(certificate), body.name):
        found["name"] = common_name(certificate)
    if body.parent is not None and not same_name(organization(certificate) or "", body.parent):
        found["parent"] = organization(certificate)
    return found


def names_of_both(body: Body, certificate: bytes) -> tuple[str, str]:
    """Return what record and certificate call the body, with what else tells the two apart."""
    ours, theirs = body.name, common_name(certificate)
    otherwise = named_otherwise(body, certificate)
    if "parent" in otherwise:
        ours += f" ({body.parent})"
        theirs += f" ({otherwise['parent']})" if otherwise["parent"] else ""
    if not otherwise and not is_body(body, certificate):
        ours += _listed(body.identifiers)
        theirs += _listed(identifiers(certificate))
    return ours, theirs


def _listed(found: tuple[str, ...]) -> str:
    told = [identifier for identifier in found if not is_personal(identifier)]
    more = ", …" if len(told) > _MOST_IDENTIFIERS else ""
    return f" [{', '.join(told[:_MOST_IDENTIFIERS])}{more}]"
