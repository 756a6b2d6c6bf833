"""What verification loads and needs: it shall be able to move to where there are no sockets, threads or processes.

Each test runs in a process of its own, on a copy whose pages are large enough for the thread that hashes them.
"""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.serialization import Encoding

import ecert
from ecert.testing import Office, sample_scan
from ecert.verify.stream_digests import MIN_BYTES

#: asn1crypto, cryptography, lxml, pyhanko-certvalidator, and what these need
OUTSIDE = {
    "_cffi_backend",
    "_openssl",  # of cryptography
    "asn1crypto",
    "cryptography",
    "cython_runtime",  # of lxml
    "ecert",
    "lxml",
    "oscrypto",
    "pyhanko_certvalidator",
    "uritools",  # of pyhanko-certvalidator
}
_VERIFY = """
import sys
before = set(sys.modules)
{prelude}
import datetime
import ecert
from pathlib import Path
trust = ecert.TrustStore.from_folder("anchors")
at = datetime.datetime.fromisoformat("{at}")
report = ecert.verify_copy(Path("copy.pdf").read_bytes(), trust=trust, at=at)
assert report.verdict == "VALID", report.codes()
print(*sorted(set(sys.modules) - before))
"""


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a folder with a certified copy and its anchors."""
    place = tmp_path_factory.mktemp("footprint")
    with Office.create(algorithm="p256") as office:
        copy = office.certify(pages=2, level="B-LTA")
        assert any(len(page) > MIN_BYTES for page in sample_scan(pages=2))
        (place / "copy.pdf").write_bytes(copy.to_bytes())
        (place / "at").write_text(office.clock.now().isoformat())
        (place / "anchors").mkdir()
        for number, anchor in enumerate(office.anchors):
            (place / "anchors" / f"{number}.der").write_bytes(anchor.public_bytes(Encoding.DER))
    return place


def loaded(folder: Path, prelude: str = "") -> set[str]:
    """Verify the copy in a fresh process; return the modules that were loaded meanwhile."""
    code = _VERIFY.format(prelude=prelude, at=(folder / "at").read_text())
    package = str(Path(ecert.__file__).parents[1])
    call = [sys.executable, "-c", f"import sys; sys.path.insert(0, {package!r})\n{code}"]
    done = subprocess.run(call, cwd=folder, capture_output=True, text=True, check=False, timeout=120)
    assert done.returncode == 0, done.stderr
    return set(done.stdout.split())


def test_verifying_loads_four_libraries_and_their_own_needs(folder: Path):
    modules = loaded(folder)
    outside = {name.partition(".")[0] for name in modules} - sys.stdlib_module_names
    assert {name for name in outside if not name.startswith("_cython_")} <= OUTSIDE
    assert not any(name.startswith(("ecert.trust.client", "ecert.sandbox", "ecert.capture")) for name in modules)


def test_verifying_needs_no_thread(folder: Path):
    assert loaded(
        folder,
        """
import _thread, threading
def refused(*args, **kwargs): raise RuntimeError("can't start new thread")
_thread.start_new_thread = threading._start_new_thread = refused
if hasattr(threading, "_start_joinable_thread"): threading._start_joinable_thread = refused
""",
    )


def test_verifying_needs_no_socket_and_no_process(folder: Path):
    assert loaded(
        folder,
        """
def watched(event, args):
    if event.startswith(("socket.", "subprocess.", "os.fork", "os.posix_spawn", "os.system", "os.exec")):
        raise RuntimeError(event)
sys.addaudithook(watched)
""",
    )
