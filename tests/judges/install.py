"""Fetch the Java judges with Maven and compile their runners, into ``.cache/judges/``.

Folders are named after what went into them, so a finished one is never touched again::

    lib-dss-<digest of pom.xml and jars.sha256>/       the jars, each compared with its locked digest
    classes-dss-<digest of that and the sources>/      the runner

``python tests/judges/install.py`` fills the cache, ``--lock`` writes ``jars.sha256`` anew.
"""

from __future__ import annotations

import hashlib
import os
import shutil
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path

HERE = Path(__file__).resolve().parent
CACHE = HERE.parents[1] / ".cache" / "judges"
COPY_DEPENDENCIES = "org.apache.maven.plugins:maven-dependency-plugin:3.8.1:copy-dependencies"


@dataclass(frozen=True)
class JavaJudge:
    """A Java program under ``tests/judges/``: its pom in ``<name>/``, its sources in ``java/``."""

    name: str
    main: str

    @property
    def pom(self) -> Path:
        return HERE / self.name / "pom.xml"

    @property
    def locked(self) -> Path:
        return HERE / self.name / "jars.sha256"

    @property
    def sources(self) -> list[Path]:
        return [HERE / "java" / f"{unit}.java" for unit in ("Judge", "Reply", self.main)]

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


DSS = JavaJudge("dss", "DssRunner")
VERA = JavaJudge("vera", "VeraRunner")


def install(judge: JavaJudge) -> None:
    """Fetch and compile one judge; refuse jars that differ from the locked ones."""
    if not judge.jars.is_dir():
        with tempfile.TemporaryDirectory(dir=CACHE) as scratch:
            folder = _fetch(judge, Path(scratch) / "lib")
            if _listing(folder) != judge.locked.read_text("ascii"):
                sys.exit(f"the jars of {judge.name} are not those of {judge.locked}; see make lock")
            folder.rename(judge.jars)
    if not judge.classes.is_dir():
        with tempfile.TemporaryDirectory(dir=CACHE) as scratch:
            folder = Path(scratch) / "classes"
            command = ["javac", "--release", "17", "-cp", str(judge.jars / "*"), "-d", str(folder)]
            subprocess.run([*command, *map(str, judge.sources)], check=True)
            folder.rename(judge.classes)


def lock(judge: JavaJudge) -> None:
    """Write down the digests of the jars that the pom leads to today."""
    with tempfile.TemporaryDirectory(dir=CACHE) as scratch:
        judge.locked.write_text(_listing(_fetch(judge, Path(scratch) / "lib")), "ascii")


def _fetch(judge: JavaJudge, folder: Path) -> Path:
    maven = shutil.which("mvn") or "mvn"
    options = ["-q", "-B", "--strict-checksums", "-f", str(judge.pom)]
    done = subprocess.run(
        [maven, *options, COPY_DEPENDENCIES, f"-DoutputDirectory={folder}"],
        check=False,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    if done.returncode:
        sys.exit(f"{done.stdout}\nMaven could not fetch {judge.name}")
    return folder


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
    CACHE.mkdir(parents=True, exist_ok=True)
    for _judge in (DSS, VERA):
        if "--lock" in sys.argv:
            lock(_judge)
        else:
            install(_judge)
