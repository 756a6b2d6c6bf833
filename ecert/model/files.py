"""Read files up to a limit; write them atomically, never over the input, never half."""

from __future__ import annotations

import errno
import os
from pathlib import Path

from ecert.errors import InputError

_PACKAGE = Path(__file__).resolve().parents[1]


def packaged(name: str) -> bytes:
    """Return a file that comes with the package, such as ``formats/icc/sRGB.icc``.

    Plain paths: ``importlib.resources`` loads archives and temporary files with it, at every start.
    """
    return _PACKAGE.joinpath(name).read_bytes()


def read_file(path: Path, most: int) -> bytes:
    """Return the first bytes of a file, at most ``most``: of an endless one too.

    Raises:
        OSError: it cannot be read, or no file can have such a path.
    """
    try:
        with path.open("rb") as file:
            return file.read(most)
    except ValueError as exc:
        raise OSError(errno.EINVAL, "the path holds a character that no path holds") from exc


def is_folder(path: Path) -> bool:
    """Tell whether a path leads to a folder; one that leads nowhere, or cannot be followed, does not."""
    try:
        return path.is_dir()
    except OSError:  # such as a name that is too long
        return False


def write_file(path: Path, data: bytes, *, force: bool = False, mode: int = 0o644) -> None:
    """Write ``data`` to ``path``: whole or not at all.

    Raises:
        InputError: the file exists and ``force`` is not set, or it cannot be written.
    """
    if path.exists() and not force:
        raise InputError(
            f"{path} exists already", code="output-exists", hint="choose another name, or --force"
        )
    import tempfile  # what only reads does without it

    try:
        handle, name = tempfile.mkstemp(prefix=f".{path.name}.", dir=path.parent)
        try:
            with os.fdopen(handle, "wb") as file:
                file.write(data)
                file.flush()
                os.fsync(file.fileno())
            Path(name).chmod(mode)
            if force:
                Path(name).replace(path)
            else:
                os.link(name, path)
                Path(name).unlink()
        except BaseException:
            Path(name).unlink(missing_ok=True)
            raise
    except FileExistsError as exc:
        raise InputError(
            f"{path} exists already", code="output-exists", hint="choose another name, or --force"
        ) from exc
    except OSError as exc:
        raise InputError(
            f"cannot write {path}: {exc.strerror}", code="not-writable", hint="check the folder"
        ) from exc
