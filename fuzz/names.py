"""The targets' names, known before anything of ecert is imported: atheris instruments while importing."""

from __future__ import annotations

from typing import Final

NAMES: Final = ("verify", "record", "images", "bundle", "trusted-list", "evidence", "tables")
