"""Who signs a copy, the competent person and then the body, and the form fields they sign in."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal, get_args

#: as what a key signs a copy
Role = Literal["signer", "seal"]
#: as what a signature stands in a document: of a copy's own, an archive time-stamp, or somebody else's
SignatureRole = Role | Literal["timestamp", "other"]
#: what a trust anchor is believed for
AnchorRole = Literal["signer", "seal", "timestamp"]
ANCHOR_ROLES: tuple[AnchorRole, ...] = get_args(AnchorRole)

SIGNER_FIELD, SEAL_FIELD = "Signer", "Seal"
_ROLE_OF_FIELD: Mapping[str, Role] = {SIGNER_FIELD: "signer", SEAL_FIELD: "seal"}
_FIELD_OF_ROLE: Mapping[Role, str] = {role: name for name, role in _ROLE_OF_FIELD.items()}


def role_of_field(name: str) -> Role | None:
    """Return the role of the form field with this name, or None if it is not one of a copy's two."""
    return _ROLE_OF_FIELD.get(name)


def field_of_role(role: Role) -> str:
    """Return the name of the form field in which a role signs."""
    return _FIELD_OF_ROLE[role]
