"""Read files up to a limit, and nothing that never ends; write them atomically, never over the input, never half."""

from __future__ import annotations

import errno
import os
import secrets
import stat
from contextlib import suppress
from pathlib import Path

from ecert.errors import InputError

READABLE, PRIVATE = 0o666, 0o600  # permissions of a new file, the umask apart
#: a file that nobody had before, and no link
_NEW = (
    os.O_WRONLY
    | os.O_CREAT
    | os.O_EXCL
    | getattr(os, "O_NOFOLLOW", 0)
    | getattr(os, "O_CLOEXEC", 0)
    | getattr(os, "O_BINARY", 0)
)
_PIPE_BYTES = 64 * 1024  # what a pipe holds
_PACKAGE = Path(__file__).resolve().parents[1]


def packaged(name: str) -> bytes:
    """Return a file that comes with the package, such as ``formats/ecert1/icc/sRGB-v2-micro.icc``.

    Plain paths: ``importlib.resources`` loads archives and temporary files with it, at every start.
    """
    return _PACKAGE.joinpath(name).read_bytes()


class UnreadableError(InputError):
    """A file cannot be read whole: it is missing, a folder, forbidden, a pipe that nobody fills, or too large.

    ``why`` says which, without the path; ``code`` is ``not-readable`` or ``too-large``.
    """

    default_code = "not-readable"

    def __init__(self, path: Path, why: str, *, code: str | None = None) -> None:
        super().__init__(f"cannot read {path}: {why}", code=code, hint="check the path")
        self.why = why


def read(path: Path, most: int) -> bytes:
    """Return a whole file of at most ``most`` bytes; an endless one, such as ``/dev/zero``, is not read on.

    Raises:
        UnreadableError: it cannot be read, or is larger.
    """
    try:
        data = read_head(path, most + 1)
    except OSError as exc:
        raise UnreadableError(path, exc.strerror or "the system refuses") from exc
    if len(data) > most:
        raise UnreadableError(path, f"it has more than {most} bytes", code="too-large")
    return data


def read_head(path: Path, most: int) -> bytes:
    """Return the first bytes of a file, at most ``most``: for those who judge by them what is longer.

    Raises:
        OSError: it cannot be read, or no file can have such a path.
    """
    try:
        with open(path, "rb", opener=_open_at_once) as file:
            first = _first_of_pipe(file.fileno(), most)
            if hasattr(os, "O_NONBLOCK"):
                os.set_blocking(file.fileno(), True)
            return first + file.read(most - len(first))
    except ValueError as exc:
        raise OSError(errno.EINVAL, "the path holds a character that no path holds") from exc


def _open_at_once(path: str, flags: int) -> int:
    """Open without waiting: a pipe opens once somebody opens its other end, and that may be never."""
    return os.open(path, flags | getattr(os, "O_NONBLOCK", 0))


def _first_of_pipe(descriptor: int, most: int) -> bytes:
    """Return what stands in a pipe already; of anything else nothing.

    Raises:
        OSError: nothing does, and nobody holds the end at which it is filled.
    """
    if not stat.S_ISFIFO(os.fstat(descriptor).st_mode):
        return b""
    try:
        first = os.read(descriptor, min(most, _PIPE_BYTES))
    except BlockingIOError:  # somebody holds that end and has not written yet: worth waiting for
        return b""
    if not first:
        raise OSError(errno.ENXIO, "nobody writes into this pipe")
    return first


def is_folder(path: Path) -> bool:
    """Return whether a path leads to a folder; one that leads nowhere, or cannot be followed, does not."""
    try:
        return path.is_dir()
    except OSError:  # such as a name that is too long
        return False


def write_file(path: Path, data: bytes, *, force: bool = False, mode: int = READABLE) -> None:
    """Write ``data`` to ``path``: whole or not at all, and to no one whom ``mode`` and the umask keep out.

    A file that is replaced keeps out whom it kept out before; of a link the link itself is replaced.

    Raises:
        InputError: the file exists and ``force`` is not set, or it cannot be written.
    """
    if path.exists() and not force:
        raise _exists(path)
    try:
        if force and (before := _mode_of(path)) is not None:
            mode &= before
        name = path.with_name(f".{path.name}.{secrets.token_hex(4)}")
        try:
            with os.fdopen(os.open(name, _NEW, mode), "wb") as file:
                file.write(data)
                file.flush()
                os.fsync(file.fileno())
            if force:
                name.replace(path)
            else:
                os.link(name, path)
                name.unlink()
        except BaseException:
            name.unlink(missing_ok=True)
            raise
    except FileExistsError as exc:
        raise _exists(path) from exc
    except OSError as exc:
        raise InputError(f"cannot write {path}: {exc.strerror}", code="not-writable", hint="check the folder") from exc


def write_below(folder: Path, name: str, data: bytes, *, mode: int = READABLE) -> None:
    """Write or replace ``name``, such as ``keys/pins.txt``, in a folder in which anything may lie already.

    No link below ``folder`` is followed: one in the file's place is replaced, one in a folder's place refused.

    Raises:
        InputError: a link stands in the way, or it cannot be written.
    """
    path = folder / name
    try:
        folder.mkdir(parents=True, exist_ok=True)
        parents = [each for each in reversed(path.parents) if each.is_relative_to(folder)][1:]
        if os.open in os.supports_dir_fd and os.rename in os.supports_dir_fd:
            _write_at(folder, [each.name for each in parents], path.name, data, mode)
            return
        for parent in parents:  # a system without links to folders, or without much of them
            parent.mkdir(exist_ok=True)
            if parent.is_symlink():
                raise NotADirectoryError(errno.ENOTDIR, os.strerror(errno.ENOTDIR))
    except OSError as exc:
        raise InputError(
            f"cannot write {path}: {exc.strerror}",
            code="not-writable",
            hint="check the folder; links in it are not followed",
        ) from exc
    write_file(path, data, force=True, mode=mode)


def _write_at(folder: Path, parents: list[str], name: str, data: bytes, mode: int) -> None:
    """Write a file below an open folder, each step from the one before: nobody can exchange one meanwhile."""
    place = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        for parent in parents:
            with suppress(FileExistsError):
                os.mkdir(parent, dir_fd=place)
            flags = os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW | os.O_CLOEXEC
            inside = os.open(parent, flags, dir_fd=place)
            os.close(place)
            place = inside
        new = f".{name}.{secrets.token_hex(4)}"
        try:
            with os.fdopen(os.open(new, _NEW, mode, dir_fd=place), "wb") as file:
                file.write(data)
            os.rename(new, name, src_dir_fd=place, dst_dir_fd=place)
        except BaseException:
            with suppress(OSError):
                os.unlink(new, dir_fd=place)
            raise
    finally:
        os.close(place)


def _mode_of(path: Path) -> int | None:
    """Return the permissions of a file that is there; None: none is, or a link is."""
    try:
        found = path.lstat()
    except OSError:
        return None
    return None if stat.S_ISLNK(found.st_mode) else stat.S_IMODE(found.st_mode)


def _exists(path: Path) -> InputError:
    return InputError(f"{path} exists already", code="output-exists", hint="choose another name, or --force")
