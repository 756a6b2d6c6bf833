"""Hold what ecert says and draws today against what another tree of it said: byte for byte, or named.

    python -m tools.same_reports inputs FOLDER           keep every specimen, corpus and field file with its question
    python -m tools.same_reports answers FOLDER NAME     judge and draft all of it with the ecert that is imported
    python -m tools.same_reports compare FOLDER ONE TWO  count what is equal, name what is not

The second may run with another tree before this one on ``PYTHONPATH``: nothing but public names is used.
Corpora and files of the field are looked for in ``ECERT_CORPORA`` and ``ECERT_FIELD``.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import importlib
import json
import os
import signal
import sys
from collections import Counter
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from typing import Any

POLICIES = ("certified-copy", "signatures")
CROSS_CHECKED = ("field/", "pyhanko/", "signed-then-changed/")  # by pyHanko and pypdf, which take their time
AT = "2026-11-28T06:00:00Z"  # files of the field, and of corpora that name no time
SECONDS = 120  # for one document
_DATE = dt.date(2026, 10, 1)
_ID = "0199a1b2-0000-7000-8000-000000000001"


def main() -> int:
    """Do what the command line asks for; 1: two sides differ."""
    act, folder, *names = sys.argv[1:]
    if act == "inputs":
        keep_inputs(Path(folder))
    elif act == "answers":
        keep_answers(Path(folder), names[0])
    else:
        return compare(Path(folder), *names)
    return 0


# ── what is asked ─────────────────────────────────────────────────────────────────────────────────


def keep_inputs(folder: Path) -> None:
    """Write every document, and beside them what to trust and when to judge; drawn pictures are kept too."""
    cases = [*_specimens(folder), *_corpora(), *_field()]
    (folder / "cases.json").write_text(json.dumps(cases, indent=1))
    print(len(cases), "documents")


def _specimens(folder: Path) -> Iterator[dict[str, Any]]:
    from ecert.testing import Press

    with Press() as press:
        for specimen in press.all():
            specimen.write(folder / "specimens")
            evidence = sorted((folder / "specimens" / "evidence" / specimen.name).glob("*.der"))
            yield {
                "name": f"specimens/{specimen.name}",
                "file": str(folder / "specimens" / f"{specimen.name}.pdf"),
                "trust": [str(p) for p in sorted((folder / "specimens" / "anchors").glob("*.pem"))],
                "evidence": [str(p) for p in evidence],
                "at": specimen.at.isoformat(),
            }


def _corpora() -> Iterator[dict[str, Any]]:
    from tests.corpora.plan import questions

    corpora = Path(os.environ.get("ECERT_CORPORA", "../shared/corpora")).resolve()
    for name in ("pyhanko", "signed-then-changed", "malformed", "verapdf", "bfo-pdfa"):
        for question in questions(corpora / name):
            yield {
                "name": f"{name}/{question.file}",
                "file": str(corpora / name / question.file),
                "trust": [str(corpora / name / anchor) for anchor in question.trust],
                "evidence": [],
                "at": question.at or AT,
            }


def _field() -> Iterator[dict[str, Any]]:
    signed = Path(os.environ.get("ECERT_FIELD", "../shared/field")).resolve() / "signed"
    roots = [str(p) for p in sorted(signed.glob("root-*.pem"))]
    for path in sorted(signed.glob("*.pdf")):
        yield {"name": f"field/{path.name}", "file": str(path), "trust": roots, "evidence": [], "at": AT}


# ── what is answered ──────────────────────────────────────────────────────────────────────────────


def keep_answers(folder: Path, name: str) -> None:
    """Judge every case under every policy and draft every picture; write what came of it, by name."""
    answers: dict[str, Any] = {}
    for case in json.loads((folder / "cases.json").read_text()):
        for policy in POLICIES:
            answers[f"{case['name']} [{policy}]"] = _told(partial(_report, case, policy))
        if case["name"].startswith(CROSS_CHECKED):
            answers[f"{case['name']} [cross-checked]"] = _told(partial(_report, case, "signatures", cross_check=True))
    for label, make in _drafts(folder):
        answers[f"draft of {label}"] = _told(make)
    (folder / f"{name}.json").write_text(json.dumps(answers, ensure_ascii=False, indent=1))
    print(len(answers), "answers")


def _told(make: Callable[[], Any]) -> Any:
    signal.signal(signal.SIGALRM, _too_long)
    signal.alarm(SECONDS)
    try:
        return make()
    except Exception as error:  # noqa: BLE001  a refusal is an answer, too: its class, code and sentence
        return {"raised": type(error).__name__, "code": getattr(error, "code", ""), "text": str(error)}
    finally:
        signal.alarm(0)


def _too_long(_number: int, _frame: object) -> None:
    raise TimeoutError


def _report(case: dict[str, Any], policy: str, *, cross_check: bool = False) -> dict[str, str]:
    from cryptography import x509

    import ecert

    roots = [x509.load_pem_x509_certificate(Path(p).read_bytes()) for p in case["trust"]]
    kinds: dict[str, list[bytes]] = {"certificates": [], "ocsps": [], "crls": []}
    for path in case["evidence"]:
        kinds[Path(path).name.split("-")[0]].append(Path(path).read_bytes())
    data = Path(case["file"]).read_bytes()
    report = ecert.verify_copy(
        data,
        trust=ecert.TrustStore.from_certificates(roots) if roots else None,
        policy=policy,
        at=dt.datetime.fromisoformat(case["at"]),
        evidence=ecert.Evidence.of(**kinds),
        cross_check=cross_check,
        revocation=None if case["name"].startswith("specimens/") else "if-present",
    )
    found = {"json": report.to_json(), "etsi": _digest(report.to_etsi())}
    for lang in ("vi", "en"):
        found[f"text {lang}"] = report.to_text(lang)
        found[f"html {lang}"] = _digest(report.to_html(lang).encode())
    found["html with pages"] = _digest(report.to_html("vi", document=data).encode())
    return found


def _drafts(folder: Path) -> Iterator[tuple[str, Callable[[], Any]]]:
    corpora = Path(os.environ.get("ECERT_CORPORA", "../shared/corpora")).resolve()
    kept = folder / "scans"
    if not kept.is_dir():
        kept.mkdir()
        inputs: Any = importlib.import_module("tests.judged.inputs")
        for name in inputs.INPUTS:
            (kept / name).write_bytes(inputs.get_input(name).data)
    images = sorted(p for p in (corpora / "images").rglob("*") if p.is_file() and p.suffix != ".csv")
    for path in [*sorted(kept.iterdir()), *images]:
        for profile in ("vn-2025-11", "vn-2025-11-en"):
            yield f"{path.name} [{profile}]", partial(_draft, path, profile)


def _draft(path: Path, profile: str) -> dict[str, str]:
    import ecert
    from ecert.testing.records import record

    scan = ecert.Scan.from_files([path], dpi=300)
    stated = ecert.CertificationRecord.from_dict(record(date=_DATE, pages=len(scan.pages), changes={"id": _ID}))
    at = dt.datetime(2026, 10, 1, 2, 3, 4, tzinfo=dt.UTC)
    return {"draft": _digest(ecert.prepare_copy(scan, stated, profile=profile, at=at).to_bytes())}


def _digest(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


# ── whether it is the same ────────────────────────────────────────────────────────────────────────


def compare(folder: Path, one: str, two: str) -> int:
    """Print how many answers are equal, and which are not; return 1 if any."""
    before, after = (json.loads((folder / f"{name}.json").read_text()) for name in (one, two))
    same, differing = Counter[str](), list[str]()
    for name in sorted(before.keys() | after.keys()):
        old, new = before.get(name), after.get(name)
        if old == new:
            same["refusals" if "raised" in old else "drafts" if "draft" in old else "reports"] += 1
        else:
            parts = {k for k in {*(old or {}), *(new or {})} if (old or {}).get(k) != (new or {}).get(k)}
            differing.append(f"{name}: {', '.join(sorted(parts))}")
    print("equal:", ", ".join(f"{count} {kind}" for kind, count in sorted(same.items())))
    print("\n".join([f"differing: {len(differing)}", *differing]))
    return 1 if differing else 0


if __name__ == "__main__":
    sys.exit(main())
