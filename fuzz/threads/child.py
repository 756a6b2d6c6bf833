"""One fresh process: ``python -m fuzz.threads.child ACT BEGIN FOLDER``; prints what each thread found as JSON.

The threads change places every ten microseconds, so that they meet inside whatever is made on first use.
"""

from __future__ import annotations

import json
import sys
import threading
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Any

THREADS = 8
SWITCH_S = 1e-5


def main(act: str, begin: str, folder: Path) -> None:
    """Let eight threads do ``act``; ``begin`` "loaded" imports the library first, "bare" leaves that to them."""
    import ecert

    if begin == "loaded":
        for name in ecert.__all__:
            getattr(ecert, name)
    facts = json.loads((folder / "facts.json").read_text(encoding="utf-8"))
    barrier = threading.Barrier(THREADS)
    found: list[str] = [""] * THREADS

    def work(number: int) -> None:
        barrier.wait()
        try:
            found[number] = ACTS[act](folder, facts)
        except BaseException as exc:  # noqa: BLE001  whatever it is, it is what came out
            found[number] = f"{type(exc).__name__}: {exc}"

    sys.setswitchinterval(SWITCH_S)
    threads = [threading.Thread(target=work, args=(n,), daemon=True) for n in range(THREADS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    print(json.dumps(found))


def _verify(folder: Path, facts: dict[str, Any]) -> str:
    return _said(_judged(folder, facts))


def _gather(folder: Path, facts: dict[str, Any]) -> str:
    """Gather for a copy without validation data, and judge it with what was found."""
    import ecert

    path, trust = folder / "signed-only.pdf", ecert.TrustStore.from_folder(folder / "anchors")
    at = datetime.fromisoformat(facts["at"])
    evidence = ecert.gather_evidence(path, _services(facts), trust=trust, at=at)
    report = ecert.verify_copy(path, trust=trust, at=at, evidence=evidence)
    return f"{_said(report)} {sorted(a.outcome for a in evidence.attempts)}"


def _sign(folder: Path, facts: dict[str, Any]) -> str:
    """Sign a draft of today with the time-stamp, and say what the signed copy is."""
    import ecert

    draft = ecert.Draft.open(folder / "draft.pdf")
    key = ecert.open_key(f"file:{folder}/signer.p12", pin=lambda _: facts["pin"])
    trust = ecert.TrustStore.from_folder(folder / "anchors")
    at = datetime.fromisoformat(facts["at"])
    signed = ecert.sign_copy(draft, key, trust=trust, services=_services(facts), at=at)
    return _said(signed.report)


def _certify(folder: Path, facts: dict[str, Any]) -> str:
    """Do the whole act up to the archive time-stamp, and judge the copy."""
    import ecert

    scan = ecert.Scan.from_files([folder / "scan.jpg"])
    record = ecert.CertificationRecord.from_file(folder / "record.json")
    keys = {who: ecert.open_key(f"file:{folder}/{who}.p12", pin=lambda _: facts["pin"]) for who in ("signer", "seal")}
    trust = ecert.TrustStore.from_folder(folder / "anchors")
    at = datetime.fromisoformat(facts["at"])
    copy = ecert.certify_copy(
        scan, record, signer=keys["signer"], seal=keys["seal"], trust=trust, services=_services(facts), at=at
    )
    return _said(ecert.verify_copy(copy.to_bytes(), trust=trust, at=at))


def _cross_check(folder: Path, facts: dict[str, Any]) -> str:
    return _said(_judged(folder, facts, cross_check=True))


def _judged(folder: Path, facts: dict[str, Any], *, cross_check: bool = False) -> Any:
    import ecert

    trust = ecert.TrustStore.from_folder(folder / "anchors")
    at = datetime.fromisoformat(facts["at"])
    return ecert.verify_copy(folder / "copy.pdf", trust=trust, at=at, cross_check=cross_check)


def _services(facts: dict[str, Any]) -> Any:
    import ecert

    return ecert.Services(timestamps=(ecert.TimestampService(facts["tsa"]),), allow_hosts=frozenset({"127.0.0.1"}))


def _said(report: Any) -> str:
    return f"{report.verdict} {[(f.code, str(dict(f.data))) for f in report.findings]}"


ACTS: dict[str, Callable[[Path, dict[str, Any]], str]] = {
    "verify": _verify,
    "sign": _sign,
    "gather": _gather,
    "certify": _certify,
    "cross-check": _cross_check,
}


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2], Path(sys.argv[3]))
