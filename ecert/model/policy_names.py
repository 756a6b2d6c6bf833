"""What a caller may ask of verification by name, without a policy file."""

from __future__ import annotations

from typing import Literal, get_args

#: the built-in policies that are public
PolicyName = Literal["certified-copy", "signed-and-sealed", "signatures"]
POLICIES: tuple[PolicyName, ...] = get_args(PolicyName)
#: whether a certificate whose revocation status is not known leaves the verdict open, or is a warning
RevocationRule = Literal["require", "if-present"]
REVOCATION_RULES: tuple[RevocationRule, ...] = get_args(RevocationRule)
