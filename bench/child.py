"""One job in a process of its own, for its peak memory: ``python -m bench.child certify|verify FOLDER``."""

from __future__ import annotations

import json
import pickle
import re
import sys
from pathlib import Path

# everything a job loads late is loaded here, so that it counts as imports
import pikepdf.pdfa  # noqa: F401
import pyhanko_certvalidator.validate  # noqa: F401

from bench.work import NO_LIMIT_MB, load_key
from ecert.capture.scan import Scan
from ecert.certify import certify_copy
from ecert.formats.record import CertificationRecord
from ecert.trust.store import TrustStore
from ecert.verify.copy import verify_copy


def main() -> None:
    """Do the job; print bytes: ``baseline`` after the imports, ``peak``, ``size`` of the copy."""
    job, folder = sys.argv[1], Path(sys.argv[2])
    trust = TrustStore.from_folder(folder / "anchors")
    copy = folder / "memory" / "big.pdf"
    baseline = _memory("VmRSS")
    if job == "certify":
        _certify(folder, trust, copy)
    else:
        report = verify_copy(copy, trust=trust, revocation="if-present")
        assert report.verdict == "VALID", report.to_text("en")
    answer = {"baseline": baseline, "peak": _memory("VmHWM"), "size": copy.stat().st_size}
    print(json.dumps(answer))


def _certify(folder: Path, trust: TrustStore, out: Path) -> None:
    work = folder / "memory"
    made = certify_copy(
        Scan.from_files(sorted(work.glob("*.jpg"))),
        CertificationRecord.from_dict(pickle.loads((work / "record.pickle").read_bytes())),
        signer=load_key(folder / "signer.p12"),
        seal=load_key(folder / "seal.p12"),
        trust=trust,
        level="B-B",
        max_output_mb=NO_LIMIT_MB,
    )
    made.write(out)


def _memory(field: str) -> int:
    """Return a figure of this process in bytes; unlike getrusage's, not the parent's (proc(5))."""
    status = Path("/proc/self/status").read_text("ascii")
    found = re.search(rf"^{field}:\s+(\d+) kB$", status, re.MULTILINE)
    assert found is not None
    return int(found[1]) * 1024


if __name__ == "__main__":
    main()
