"""Where ``ecert extend`` and ``ecert verify`` write: every input is mapped to its output before any work.

Over no input, not even with ``--force``, and no two inputs to one file; what an archive holds once is
not to be lost by a name.
"""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from ecert.cli.files import choose_output, find_documents
from ecert.errors import InputError, UsageError
from ecert.model.files import UnreadableError, read, read_head
from ecert.model.limits import MAX_FILE_BYTES


@dataclass(frozen=True)
class Planned:
    """One input, or why it cannot be opened, and the file made from it; None: no file is made."""

    item: Path | InputError
    output: Path | None = None


def plan(
    inputs: Sequence[Path], output: Path | None, out_dir: Path | None, *, force: bool, suffix: str = ""
) -> list[Planned]:
    """Return every input, folders opened up, with its output; a file that is met again counts once.

    ``suffix`` takes the place of the input's own where what is written is no PDF, such as ``.html``.

    Raises:
        InputError: an output is an input too, or ``-o`` exists already.
        UsageError: ``-o`` for several inputs, two inputs of one output, or ``--out-dir`` in an input folder.
    """
    if output is not None:
        _check_single(inputs, output, force=force)
        return [Planned(inputs[0], output)]
    if out_dir is not None:
        _check_folder(inputs, out_dir)
    found = [
        Planned(item, _below(out_dir, base, item, suffix) if out_dir else None)
        for base in inputs
        for item in find_documents(base)
    ]
    return list(_apart(found))


def _check_single(inputs: Sequence[Path], output: Path, *, force: bool) -> None:
    if len(inputs) > 1 or inputs[0].is_dir():
        raise UsageError("-o names one file", hint="use --out-dir DIR for several")
    if not (output.exists() and _begins_with(output, inputs[0])):
        choose_output(output, None, inputs, "", force=force)


def _begins_with(output: Path, given: Path) -> bool:
    """Return whether an earlier run may have written this output from this input."""
    try:
        data = read(given, MAX_FILE_BYTES)
        return not output.samefile(given) and read_head(output, len(data)) == data
    except (OSError, UnreadableError):
        return False


def _check_folder(inputs: Sequence[Path], out_dir: Path) -> None:
    """Refuse a folder whose content the next run would take for input."""
    goal = _real(out_dir)
    for base in inputs:
        if base.is_dir() and _real(base) in (goal, *goal.parents):
            raise UsageError(
                f"the folder {out_dir} for what is written lies in the input folder {base}",
                hint="name one beside it, such as renewed",
            )


def _below(out_dir: Path, base: Path, item: Path | InputError, suffix: str) -> Path | None:
    if isinstance(item, InputError):
        return None
    if str(item) == "-":
        return out_dir / f"stdin{suffix}"
    path = out_dir / (item.name if base == item else item.relative_to(base))
    return path.with_suffix(suffix) if suffix else path


def _apart(found: Sequence[Planned]) -> Iterator[Planned]:
    """Yield each input once, after all outputs proved to be files of their own."""
    inputs = {mark: p.item for p in found if isinstance(p.item, Path) for mark in _marks(p.item)}
    taken: dict[object, Path] = {}
    kept: dict[tuple[object, object], Planned] = {}
    for number, planned in enumerate(found):
        item, output = planned.item, planned.output
        if isinstance(item, InputError):
            kept[number, None] = planned
            continue
        same = (_real(item), output and _real(output))
        if same in kept:
            continue
        kept[same] = planned
        for mark in _marks(output) if output else ():
            if mark in inputs:
                raise InputError(
                    f"{output}, where {item} would be written, is the input {inputs[mark]}",
                    code="output-is-input",
                    hint="name another folder with --out-dir",
                )
            if mark in taken:
                raise UsageError(
                    f"{taken[mark]} and {item} would both be written to {output}",
                    hint="name them in runs of their own, with an --out-dir each",
                )
            taken[mark] = item
    yield from kept.values()


def _real(path: Path) -> Path:
    """Return a path without links, in the one spelling a system that ignores case has for it."""
    return Path(os.path.normcase(os.path.realpath(path)))


def _marks(path: Path) -> list[object]:
    """Return what tells that two paths are one file: the path itself and, of a file, where it lies.

    Hard links are one file under two names; only the second mark shows it.
    """
    try:
        found = path.stat()
    except OSError:
        return [_real(path)]
    return [_real(path), (found.st_dev, found.st_ino)]
