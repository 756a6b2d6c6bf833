"""Reports that are files of their own: which forms there are, and where ``ecert verify`` writes them."""

from __future__ import annotations

import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from ecert.cli.outputs import Planned, plan
from ecert.errors import InputError, UsageError

if TYPE_CHECKING:
    from ecert.model.languages import Lang
    from ecert.report import Report

#: Makes a report's text from the report, the document's bytes (None: not to be read here), the language, the audience.
Render = Callable[["Report", bytes | None, "Lang", str | None], str]


@dataclass(frozen=True)
class ReportForm:
    """One form: what its files are called, and how it is made."""

    suffix: str
    render: Render


def _html(report: Report, data: bytes | None, lang: Lang, audience: str | None) -> str:
    return report.to_html(lang, document=data, audience=audience)


def _etsi(report: Report, _data: bytes | None, _lang: Lang, _audience: str | None) -> str:
    """Return the XML of ETSI TS 119 102-2, which speaks both languages to both audiences and has no pictures."""
    return report.to_etsi().decode()


#: ``--format`` → form; text and json, which put several inputs on one stdout, are none of these.
FORMS: Mapping[str, ReportForm] = {"html": ReportForm(".html", _html), "etsi": ReportForm(".xml", _etsi)}


def plan_reports(
    name: str, inputs: Sequence[Path], output: Path | None, out_dir: Path | None, *, force: bool
) -> list[Planned]:
    """Return every input with the file its report goes to; None: stdout.

    Raises:
        InputError: a report would be written over an input, or over a file without ``--force``.
        UsageError: several reports, and no folder for them; or one, and stdout is a terminal.
    """
    if output is not None and out_dir is not None:
        raise UsageError("give either -o FILE or --out-dir DIR", hint="-o names one report")
    if output is None and out_dir is None:
        if len(inputs) > 1 or inputs[0].is_dir():
            raise UsageError(f"--format {name} makes a file for each input", hint="name a folder: --out-dir DIR")
        if sys.stdout.isatty():
            raise UsageError(
                f"a report in {name} is not for a terminal", hint=f"write it to a file: -o report{FORMS[name].suffix}"
            )
        return [Planned(inputs[0])]
    found = plan(inputs, output, out_dir, force=force, suffix=FORMS[name].suffix)
    for planned in found:
        if planned.output is not None and planned.output.exists() and not force:
            raise InputError(
                f"{planned.output} exists already", code="output-exists", hint="choose another folder, or --force"
            )
    return found


def print_report(text: str) -> None:
    """Write a report to stdout in UTF-8, whatever the terminal's own encoding."""
    sys.stdout.flush()
    sys.stdout.buffer.write(text.encode())
    sys.stdout.buffer.flush()


def write_report(text: str, output: Path, *, force: bool) -> None:
    """Write a report to its file.

    Raises:
        InputError: it cannot be written, or exists and ``force`` is not set.
    """
    from ecert.model.files import write_file
    from ecert.operations.files import prepare_folder

    prepare_folder(output)
    write_file(output, text.encode(), force=force)
