"""Judge one file in this process, which does nothing else; run as a script, also with another tree's ecert.

The last line on stdout is JSON: seconds of processor time, megabytes beyond what the process had before, what
came out. With ``calls`` the functions called are counted instead, which is the same on every machine.
"""

from __future__ import annotations

import json
import resource
import sys
import time
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Any

SECONDS, MEMORY = 60, 6 * 1024**3


def main(folder: Path, subject: str, *, counting: bool) -> None:
    """Judge ``folder/data`` as ``subject`` and print what it cost."""
    resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS))
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    work = prepared(folder, subject)
    calls = Calls()
    Path("/proc/self/clear_refs").write_text("5")  # forget the most memory ever held
    before, begin = _memory(), time.process_time()
    with calls if counting else _Nothing():
        told = work()
    answer = {
        "seconds": time.process_time() - begin,
        "megabytes": _memory() - before,
        "calls": calls.count,
        "told": told,
    }
    print(json.dumps(answer))


class _Nothing:
    def __enter__(self) -> None: ...
    def __exit__(self, *_: object) -> None: ...


class Calls:
    """Counts the functions called in this thread, those written in C included."""

    def __init__(self) -> None:
        self.count = 0

    def __enter__(self) -> Calls:
        sys.setprofile(self._seen)
        return self

    def __exit__(self, *_: object) -> None:
        sys.setprofile(None)

    def _seen(self, _frame: object, event: str, _argument: object) -> None:
        if event in ("call", "c_call"):
            self.count += 1


def prepared(folder: Path, subject: str) -> Callable[[], str]:
    """Return what judges the file; libraries are loaded, and everything done once, before."""
    path = folder / "data"
    if subject in ("copy", "signatures"):
        return _document(folder, subject)
    from ecert.errors import EcertError

    def judged(read: Callable[[], object]) -> Callable[[], str]:
        def work() -> str:
            try:
                read()
            except EcertError as exc:
                return f"{exc.code}: {str(exc)[:60]}"
            return "read"

        return work

    return judged(_reader(path, subject))


def _reader(path: Path, subject: str) -> Callable[[], object]:
    if subject == "anchors":
        from ecert.trust.store import TrustStore

        return lambda: TrustStore.from_paths([path])
    if subject == "evidence":
        from ecert.trust.evidence_folders import EvidenceFolder

        return lambda: EvidenceFolder.read(path.parent)
    if subject == "policy":
        from ecert.verify.policies import get_policy

        return lambda: get_policy(str(path), None)
    if subject == "registry":
        from ecert.verify.policies.registry_reader import read_registry

        return lambda: read_registry(path)
    if subject == "settings":
        from ecert.settings import Settings

        return lambda: Settings.from_file(path)
    from ecert.formats.record import CertificationRecord

    named = path.with_name("data." + subject.rpartition(".")[2])
    named.write_bytes(path.read_bytes())
    return lambda: CertificationRecord.from_file(named)


def _document(folder: Path, subject: str) -> Callable[[], str]:
    from cryptography import x509

    from ecert.trust.store import TrustStore
    from ecert.verify.copy import verify_copy

    given: dict[str, Any] = json.loads((folder / "given.json").read_text())
    anchors = [x509.load_der_x509_certificate(bytes.fromhex(a)) for a in given["anchors"]]
    trust = TrustStore.from_certificates(anchors)
    policy = "certified-copy" if subject == "copy" else "signatures"
    conditions: dict[str, Any] = {"trust": trust, "at": datetime.fromisoformat(given["at"])}
    for sound in ("certified-copy", "signatures"):
        verify_copy(bytes.fromhex(given["sound"]), policy=sound, **conditions)
    data = (folder / "data").read_bytes()

    def work() -> str:
        report = verify_copy(data, policy=policy, **conditions)
        return f"{report.verdict} {','.join(dict.fromkeys(report.codes()))}"

    return work


def _memory() -> float:
    status = Path("/proc/self/status").read_text()
    line = next(line for line in status.splitlines() if line.startswith("VmHWM"))
    return int(line.split()[1]) / 1024


if __name__ == "__main__":
    main(Path(sys.argv[1]), sys.argv[2], counting="calls" in sys.argv[3:])
