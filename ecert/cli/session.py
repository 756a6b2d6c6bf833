"""One run of the command line: its language, its settings, and how it speaks.

Results go to stdout, everything else to stderr.
"""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from ecert.cli.terminal import one_line, printable
from ecert.errors import EcertError, UsageError
from ecert.model.languages import Lang
from ecert.model.profiles import utc_offset_of
from ecert.settings import Settings
from ecert.words import fill, table

if TYPE_CHECKING:
    from ecert.trust.pins import Publisher
    from ecert.trust.store import TrustStore

USAGE, INTERNAL, INTERRUPTED = 2, 70, 130
#: Of several inputs the first of these that occurred is the exit status.
ORDER = (70, 2, 5, 6, 4, 1, 3, 0)


def worst(statuses: Iterable[int]) -> int:
    """Return the exit status of several."""
    return min(statuses, key=ORDER.index, default=0)


def is_fault(raised: BaseException) -> bool:
    """Return whether it is a fault, not a wish to stop: a library in Rust panics with what is no ``Exception``."""
    return not isinstance(raised, KeyboardInterrupt | SystemExit | GeneratorExit)


@dataclass
class Session:
    """What every command has: language, settings, a way to speak."""

    lang: Lang = "vi"
    quiet: bool = False
    debug: bool = False
    settings: Settings = field(default_factory=Settings)
    bundle_signers: tuple[str, ...] = ()  # of --trust-signer

    @classmethod
    def first(cls, arguments: Sequence[str], environ: Mapping[str, str]) -> Session:
        """Return a session that can complain in the right language before anything is read."""
        wanted = environ.get("ECERT_LANG", "vi")
        for i, argument in enumerate(arguments):
            if argument == "--lang":
                wanted = (*arguments, "")[i + 1]
            elif argument.startswith("--lang="):
                wanted = argument.removeprefix("--lang=")
        debug = environ.get("ECERT_DEBUG") == "1"
        return cls(lang="en" if wanted == "en" else "vi", debug=debug)

    def open(self, config: Path | None, lang: Lang | None, *, quiet: bool) -> None:
        """Read the settings; flags win over variables, which win over the file."""
        self.quiet = quiet
        self.settings = Settings.load(config, os.environ)
        self.lang = lang or self.settings.lang

    def office_time(self, time: datetime) -> str:
        """Return a time as the office of the settings' profile tells it."""
        from ecert.model.times import office_time

        return office_time(time, utc_offset_of(self.settings.profile))

    def words(self, key: str, **values: object) -> str:
        """Return a sentence in the session's language."""
        return fill(table("cli/messages", self.lang)[key], values)

    def trust(self, paths: Sequence[Path]) -> TrustStore | None:
        """Return the anchors that flags name, else those of the settings, else None.

        Raises:
            SettingsError: an anchor, bundle or list is refused.
            UsageError: signers of bundles are named, but no bundle.
        """
        if not paths and self.bundle_signers:
            raise UsageError("--trust-signer names no anchors", hint="name the bundle with --trust")
        if not paths:
            return self.settings.trust
        from ecert.trust.store import TrustStore

        signers, state = self.publishers(self.bundle_signers), self.settings.trust_settings.state_dir
        return TrustStore.from_paths(paths, signers=signers, state=state)

    def publishers(self, named: Sequence[str]) -> tuple[Publisher, ...]:
        """Return who may have signed a bundle: those a flag names, else those of the settings."""
        from ecert.trust.pins import read_publishers

        return read_publishers(named or self.settings.trust_settings.bundle_signers)

    # ── stdout: results ──────────────────────────────────────────────────────────────────────

    def print(self, text: str) -> None:
        """Print one result."""
        print(printable(text))

    def print_json(self, value: object) -> None:
        """Print one result as one line of JSON."""
        text = json.dumps(value, ensure_ascii=False)
        print(text.encode("utf-8", "surrogatepass").decode("utf-8", "replace"))

    def print_json_error(self, error: EcertError) -> None:
        """Print, as one line of JSON, why an input has no result."""
        told = {"code": error.code, "message": error.message, "hint": error.hint}
        self.print_json({"error": told})

    # ── stderr: everything else ──────────────────────────────────────────────────────────────

    def tell(self, kind: str, message: str, hint: str = "") -> None:
        """Say something on stderr in one line, with its way out on a line of its own."""
        print(f"ecert: {self.words(kind)}: {one_line(message)}", file=sys.stderr)
        if hint:
            print(f"       {self.words('hint')}: {one_line(hint)}", file=sys.stderr)

    def tell_error(self, error: EcertError) -> None:
        """Say what was refused and what to do."""
        self.tell("error", error.message, error.hint)

    def tell_usage(self, error: click.ClickException) -> None:
        """Say what is wrong with the call; no command at all: the help."""
        ctx = getattr(error, "ctx", None)
        if isinstance(error, click.exceptions.NoArgsIsHelpError):
            error.show()
            return
        command = ctx.command_path if ctx else "ecert"
        self.tell("error", error.format_message(), self.words("usage-hint", command=command))

    def explain_fault(self, fault: BaseException) -> EcertError:
        """Put a fault of ours into words: its type alone, for a message could hold a name or a PIN."""
        if self.debug:
            import traceback

            if isinstance(fault, Exception):
                traceback.print_exception(fault)
            else:  # a panic's words may hold the values it was given, a PIN among them
                traceback.print_tb(fault.__traceback__)
        if isinstance(fault, OSError) and fault.strerror:  # such as a full disk
            return EcertError(self.words("system", reason=fault.strerror), code="system")
        words = self.words("fault", name=type(fault).__name__)
        return EcertError(words, code="fault", hint=self.words("fault-hint"))

    def tell_interrupted(self) -> None:
        """Say that somebody stopped us."""
        print(f"\necert: {self.words('interrupted')}", file=sys.stderr)
