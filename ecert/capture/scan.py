"""The scan: files in the order of the original's pages, checked and ready to be stored."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from stat import S_ISREG

from ecert.capture.profiles import with_honest_profile
from ecert.errors import InputError, UsageError
from ecert.formats.images import read_pages, refusals, sniff, too_long
from ecert.formats.images.palette import check_samples
from ecert.model import files
from ecert.model.images import StoredImage
from ecert.model.limits import MAX_INPUT_BYTES, MAX_PAGES, MAX_PROFILES, MAX_SCAN_BYTES


@dataclass(frozen=True)
class Scan:
    """The pages of one original, in order; at least one, at most ``MAX_PAGES``."""

    pages: tuple[StoredImage, ...] = field(repr=False)

    def __post_init__(self) -> None:
        """Refuse an empty scan."""
        if not self.pages:
            raise UsageError("a scan without pages", code="no-pages", hint="name at least one file")

    @classmethod
    def from_files(
        cls,
        files: Sequence[Path | str | bytes],
        *,
        dpi: float | None = None,
        convert_profiles: bool = False,
        progress: Callable[[int, int], None] | None = None,
    ) -> Scan:
        """Read image files and scanner PDFs, as paths or as bytes, each with one or more pages.

        ``dpi`` serves the files that name no resolution of their own and overrides none.
        ``convert_profiles`` converts pages whose colour profile shows other colours than are there
        (``misleading-profile``) to what it shows, in sRGB, and stores their pixels without loss.
        ``progress`` is called after each file with (files done, files in all). In messages, bytes
        are named by their place: ``input 2``.

        Raises:
            UsageError: no file, or a single path where a list belongs, or an impossible ``dpi``.
            InputError: a file is refused, by name; see :func:`ecert.formats.images.read_pages`
                and :func:`ecert.capture.scanned_pdf.read_scanned_pdf` for the codes; also
                ``misleading-profile``, ``too-many-profiles``,
                ``not-readable``, ``too-many-pages`` and ``too-large`` for the scan as a whole.

        Example:
            >>> scan = Scan.from_files(["front.jpg", "back.jpg"], dpi=300)  # doctest: +SKIP
            >>> len(scan.pages)  # doctest: +SKIP
            2
        """
        if isinstance(files, (str, bytes, Path)):
            raise UsageError("one file where a list of files belongs", hint="write [file]")
        pages: list[StoredImage] = []
        profiles: set[bytes | None] = set()
        held = 0
        for number, file in enumerate(files, start=1):
            name = f"input {number}" if isinstance(file, bytes) else Path(file).name
            data = file if isinstance(file, bytes) else _content(Path(file), name)
            for page in _pages(data, name=name, dpi=dpi, max_pages=MAX_PAGES - len(pages)):
                if len(pages) == MAX_PAGES:
                    raise refusals.too_many_pages(name)
                _check_palette(page)
                page = with_honest_profile(page, convert=convert_profiles)
                pages.append(page)
                profiles.add(page.icc)
                if len(profiles - {None}) > MAX_PROFILES:
                    raise InputError(
                        f"{name}: more than {MAX_PROFILES} different colour profiles in one scan",
                        code="too-many-profiles",
                        hint="scan all pages with one device, or without colour profiles",
                    )
                held += len(page.data)
                if held > MAX_SCAN_BYTES:
                    raise InputError(
                        f"{name}: the scan holds more than {MAX_SCAN_BYTES:,} bytes",
                        code="too-large",
                        hint="scan at a lower resolution, or certify the original in parts",
                    )
            if progress is not None:
                progress(number, len(files))
        return cls(tuple(pages))


def _content(path: Path, name: str) -> bytes:
    with suppress(OSError, ValueError):  # reading says why
        status = path.stat()
        if not S_ISREG(status.st_mode):
            raise _unreadable(name, "not a file")
        if status.st_size > MAX_INPUT_BYTES:
            raise too_long(name, status.st_size)
    try:
        return files.read(path, MAX_INPUT_BYTES)
    except files.UnreadableError as error:
        raise _unreadable(name, error.why.lower()) from error


def _unreadable(name: str, reason: str) -> InputError:
    hint = "check the path and the permissions"
    return InputError(f"{name}: cannot be read: {reason}", code="not-readable", hint=hint)


def _check_palette(page: StoredImage) -> None:
    """Refuse a palette image with samples that its palette lacks; every kind of file ends here."""
    if page.palette is not None and page.encoding == "FlateDecode":
        check_samples(
            page.data,
            width=page.width,
            rows=page.height,
            bits=page.bits,
            entries=len(page.palette) // 3,
            filtered=page.predictor,
            name=page.source,
        )


def _pages(data: bytes, *, name: str, dpi: float | None, max_pages: int) -> Iterator[StoredImage]:
    if data and sniff(data, name=name) == "PDF":
        from ecert.capture.scanned_pdf import read_scanned_pdf

        return read_scanned_pdf(data, name=name, max_pages=max_pages)
    return read_pages(data, name=name, dpi=dpi, max_pages=max_pages)
