"""Fetch the judges, and the programs whose files they judge, into ``.cache/judges/``.

Java comes by Maven, Node's packages by npm, Go's program is built; every version is pinned with its digest. Folders are
named after what went into them, so a finished one is never touched again::

    lib-dss-<digest of pom.xml and jars.sha256>/       the jars, each compared with its locked digest
    classes-dss-<digest of that and the sources>/      the runner
    node-<digest of the lock file>/  pdfcpu-<…>/       what makes files for ``tests/judged/producers``

``python tests/judges/install.py`` fills the cache, ``--lock`` writes ``jars.sha256`` and the lock files anew.
"""

from __future__ import annotations

import hashlib
import os
import re
import shutil
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path

HERE = Path(__file__).resolve().parent
CACHE = HERE.parents[1] / ".cache" / "judges"
#: The programs that make and sign files for the tests. None of them is part of ecert or shipped with it.
MAKERS = HERE.parent / "judged" / "producers"
COPY_DEPENDENCIES = "org.apache.maven.plugins:maven-dependency-plugin:3.8.1:copy-dependencies"


@dataclass(frozen=True)
class JavaProgram:
    """A Java program that serves requests: its pom and the digests of its jars in ``folder``, and its sources."""

    name: str
    main: str
    folder: Path
    units: tuple[Path, ...]

    @property
    def pom(self) -> Path:
        return self.folder / "pom.xml"

    @property
    def locked(self) -> Path:
        return self.folder / "jars.sha256"

    @property
    def sources(self) -> list[Path]:
        return [HERE / "java" / "Judge.java", HERE / "java" / "Reply.java", *self.units]

    @property
    def jars(self) -> Path:
        return CACHE / f"lib-{self.name}-{_digest(self.pom, self.locked)}"

    @property
    def classes(self) -> Path:
        return CACHE / f"classes-{self.name}-{_digest(self.pom, self.locked, *self.sources)}"

    @property
    def classpath(self) -> str:
        return os.pathsep.join([str(self.classes), str(self.jars / "*")])

    @property
    def installed(self) -> bool:
        return self.jars.is_dir() and self.classes.is_dir()


def _judge(name: str, main: str) -> JavaProgram:
    return JavaProgram(name, main, HERE / name, (HERE / "java" / f"{main}.java",))


DSS = _judge("dss", "DssRunner")
VERA = _judge("vera", "VeraRunner")
#: PDFBox, EU DSS, iText Core and OpenPDF as makers of files.
PRODUCERS = JavaProgram("producers", "Producers", MAKERS / "java", tuple(sorted((MAKERS / "java").glob("*.java"))))


def node_modules() -> Path:
    """Return where Node's packages are, or will be: @signpdf, pdf-lib, PDFKit."""
    return CACHE / f"node-{_digest(*_NODE)}" / "node_modules"


def pdfcpu() -> Path:
    """Return where the program of Go is, or will be."""
    return CACHE / f"pdfcpu-{_digest(*(MAKERS / 'go' / name for name in ('go.mod', 'go.sum', 'main.go')))}" / "pdfcpu"


_NODE = (MAKERS / "node" / "package.json", MAKERS / "node" / "package-lock.json")
_NPM = ("--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error")


def install(program: JavaProgram) -> None:
    """Fetch and compile one program; refuse jars that differ from the locked ones."""
    CACHE.mkdir(parents=True, exist_ok=True)
    if not program.jars.is_dir():
        with tempfile.TemporaryDirectory(dir=CACHE) as scratch:
            folder = _fetch(program, Path(scratch) / "lib")
            if _listing(folder) != program.locked.read_text("ascii"):
                sys.exit(f"the jars of {program.name} are not those of {program.locked}; see make lock")
            folder.rename(program.jars)
    if not program.classes.is_dir():
        with tempfile.TemporaryDirectory(dir=CACHE) as scratch:
            folder = Path(scratch) / "classes"
            command = ["javac", "--release", "17", "-cp", str(program.jars / "*"), "-d", str(folder)]
            subprocess.run([*command, *map(str, program.sources)], check=True)
            folder.rename(program.classes)


def lock(program: JavaProgram) -> None:
    """Write down the digests of the jars that the pom leads to today."""
    CACHE.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=CACHE) as scratch:
        program.locked.write_text(_listing(_fetch(program, Path(scratch) / "lib")), "ascii")


def install_others() -> None:
    """Fetch Node's packages and build Go's program."""
    if not node_modules().is_dir():
        with tempfile.TemporaryDirectory(dir=CACHE) as scratch:
            folder = Path(scratch) / "node"
            folder.mkdir()
            for file in _NODE:
                shutil.copy(file, folder)
            _run("npm", "ci", *_NPM, folder=folder)
            folder.rename(node_modules().parent)
    if not pdfcpu().is_file() and not _go_knows_toolchains():
        sys.stderr.write("pdfcpu is left out, and so are the tests of other programs' files: it needs Go 1.25\n")
    elif not pdfcpu().is_file():
        with tempfile.TemporaryDirectory(dir=CACHE) as scratch:
            folder = Path(scratch) / "go"
            options = ("-mod=readonly", "-buildvcs=false")
            _run("go", "build", *options, "-o", str(folder / "pdfcpu"), ".", folder=MAKERS / "go")
            folder.rename(pdfcpu().parent)


def _go_knows_toolchains() -> bool:
    """Return whether this Go can have a newer one fetched where a module asks for it: since 1.21."""
    told = _run("go", "version", folder=MAKERS / "go")
    found = re.search(r"\bgo1\.(\d+)", told)
    return found is not None and int(found[1]) >= 21


def lock_others() -> None:
    """Write the lock files of Node and Go anew; they say which bytes are meant, not where a registry keeps them."""
    options = ("--package-lock-only", "--omit-lockfile-registry-resolved")
    _run("npm", "install", *options, *_NPM, folder=MAKERS / "node")
    _run("go", "mod", "tidy", folder=MAKERS / "go")


def _fetch(program: JavaProgram, folder: Path) -> Path:
    options = ["-q", "-B", "--strict-checksums", "-f", str(program.pom)]
    _run("mvn", *options, COPY_DEPENDENCIES, f"-DoutputDirectory={folder}", folder=HERE)
    return folder


def _run(command: str, *words: str, folder: Path) -> str:
    done = subprocess.run(
        [shutil.which(command) or command, *words],
        cwd=folder,
        check=False,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    if done.returncode:
        sys.exit(f"{done.stdout}\n{command} {' '.join(words)} failed in {folder}")
    return done.stdout


def _listing(folder: Path) -> str:
    """Return one line per jar in the form of sha256sum."""
    return "".join(
        f"{hashlib.sha256(jar.read_bytes()).hexdigest()}  {jar.name}\n" for jar in sorted(folder.glob("*.jar"))
    )


def _digest(*files: Path) -> str:
    together = hashlib.sha256()
    for file in files:
        together.update(hashlib.sha256(file.read_bytes() if file.exists() else b"").digest())
    return together.hexdigest()[:16]


if __name__ == "__main__":
    _locking = "--lock" in sys.argv
    for _each in (DSS, VERA, PRODUCERS):
        (lock if _locking else install)(_each)
    (lock_others if _locking else install_others)()
