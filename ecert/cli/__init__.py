"""The command line: one module per command, loaded when it is named.

:func:`main` is the console entry. Commands return their exit status or raise; what they raise is
put into words and a status here alone:

0 VALID or done · 1 INVALID · 3 INDETERMINATE · 2 usage or settings · 4 input refused or not
readable · 5 key, token, PIN · 6 a service did not answer · 70 our fault · 130 interrupted.

A command ``ecert NAME`` is the module ``NAME``. What several share:

* :mod:`~ecert.cli.session` and :mod:`~ecert.cli.options`: one run: language, settings, what every command shares.
* :mod:`~ecert.cli.files`, :mod:`~ecert.cli.outputs` and :mod:`~ecert.cli.results`: what a command takes in, where it
  writes, what it prints.
* :mod:`~ecert.cli.keys`: keys and PINs.
* :mod:`~ecert.cli.progress`, :mod:`~ecert.cli.moments` and :mod:`~ecert.cli.terminal`: progress; times and spans;
  text that a terminal may show.
* :mod:`~ecert.cli.reports`: reports that are files of their own.
* :mod:`~ecert.cli.trust_sources`, :mod:`~ecert.cli.trust_text`, :mod:`~ecert.cli.inspect_text` and
  :mod:`~ecert.cli.kit_serving`: what ``trust``, ``inspect`` and ``kit serve`` stand on.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence
from importlib import import_module
from pathlib import Path

import click

from ecert.cli.session import INTERNAL, INTERRUPTED, USAGE, Session
from ecert.errors import EcertError
from ecert.version import __version__

COMMANDS = ("certify", "prepare", "sign", "seal", "verify", "extend", "inspect", "trust", "demo", "kit")


class _Commands(click.Group):
    """The commands, each imported when it is asked for."""

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002
        return list(COMMANDS)

    def get_command(
        self,
        ctx: click.Context,  # noqa: ARG002
        cmd_name: str,
    ) -> click.Command | None:
        if cmd_name not in COMMANDS:
            return None
        command = getattr(import_module(f"ecert.cli.{cmd_name}"), cmd_name)
        assert isinstance(command, click.Command)
        return command


@click.group(cls=_Commands, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="ecert", message="%(prog)s %(version)s")
def cli() -> None:
    """Certified electronic copies: make them, and tell true ones from false ones.

    \b
    ecert demo                                  try it: needs nothing, asks nobody
    ecert certify SCAN… --record record.toml …  scan → signed and sealed copy
    ecert verify copy.pdf --trust anchors/      one verdict, and why

    Exit status: 0 VALID or done, 1 INVALID, 3 INDETERMINATE, 2 usage or settings, 4 input refused,
    5 key or PIN, 6 a service did not answer, 70 a fault of ecert, 130 interrupted.
    """


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command line and return its exit status; raises nothing."""
    arguments = list(sys.argv[1:] if arguments is None else arguments)
    session = Session.first(arguments, os.environ)
    _prepare_streams()
    if not session.debug:
        _hush()
    try:
        status = cli.main(arguments, prog_name="ecert", obj=session, standalone_mode=False)
        sys.stdout.flush()
    except (KeyboardInterrupt, click.Abort):
        session.tell_interrupted()
        return INTERRUPTED
    except (BrokenPipeError, SystemExit):  # whoever read our results went away; click exits then
        _discard_results()
        return INTERRUPTED
    except click.ClickException as exc:
        session.tell_usage(exc)
        return USAGE
    except EcertError as exc:
        session.tell_error(exc)
        return exc.exit_status
    except GeneratorExit:
        raise
    except BaseException as exc:  # noqa: BLE001  (one line, a status of its own; see is_fault)
        session.tell_error(session.explain_fault(exc))
        _discard_results()
        return INTERNAL
    return status if isinstance(status, int) else 0


def _discard_results() -> None:
    """Drop what could not be written, so that leaving does not fail on it a second time."""
    try:
        sys.stdout.flush()
    except OSError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def _prepare_streams() -> None:
    """Let results be UTF-8 wherever they go, and let no character of a name stop them."""
    # closed by whoever started us
    sys.stdout = sys.stdout or Path(os.devnull).open("w")  # noqa: SIM115
    sys.stderr = sys.stderr or Path(os.devnull).open("w")  # noqa: SIM115
    for stream in (sys.stdout, sys.stderr):
        reconfigure = getattr(stream, "reconfigure", None)
        if reconfigure is not None and not stream.isatty():
            reconfigure(encoding="utf-8", errors="backslashreplace")
        elif reconfigure is not None:
            reconfigure(errors="backslashreplace")


def _hush() -> None:
    """Keep what libraries log and warn about off the terminal: it may hold names from documents."""
    import logging
    import warnings

    logging.getLogger().addHandler(logging.NullHandler())
    warnings.simplefilter("ignore")
