"""Inputs read within a limit that the office set, and folders for what is written."""

from __future__ import annotations

from pathlib import Path

from ecert.errors import InputError
from ecert.model import files
from ecert.model.limits import MAX_INPUT_BYTES

MIB = 1024 * 1024
MAX_INPUT_MB = MAX_INPUT_BYTES / MIB


def read_within(path: Path, limit_mb: float = MAX_INPUT_MB) -> bytes:
    """Return a file's bytes, which may be ``limit_mb`` (MiB) at most.

    Raises:
        InputError: it cannot be read, or is too large.
    """
    try:
        return files.read(path, max_bytes(limit_mb))
    except files.UnreadableError as exc:
        if exc.code == "too-large":
            raise too_large(path, limit_mb) from exc
        raise


def max_bytes(limit_mb: float) -> int:
    """Return how many bytes a limit in MiB lets pass."""
    return int(limit_mb * MIB)


def too_large(path: Path, limit_mb: float) -> InputError:
    """Return the refusal of an input above the limit."""
    return InputError(
        f"{path} is larger than {limit_mb:g} MB", code="too-large", hint="raise limits.file_mb (at most 200)"
    )


def prepare_folder(path: Path) -> None:
    """Make the folder in which ``path`` is to be written.

    Raises:
        InputError: it cannot be made.
    """
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
    except OSError as exc:
        raise InputError(f"cannot make the folder {path.parent}: {exc.strerror}", code="not-writable") from exc
