"""One long-lived JVM per judge: started at the first question, stopped at exit, safe to share between threads."""

from __future__ import annotations

import atexit
import contextlib
import json
import subprocess
import tempfile
import threading
from collections.abc import Sequence
from typing import IO, Any

from tests.judges.install import JavaProgram

ANSWER_SECONDS = 300  # a 300-dpi copy takes DSS about 5 s; beyond this the judge hangs


class JudgeFault(RuntimeError):
    """The judge itself failed; this says nothing about the file."""


class Jvm:
    """Ask a Java judge: a line of words in, an object out."""

    def __init__(self, judge: JavaProgram) -> None:
        self._judge = judge
        self._lock = threading.Lock()
        self._process: subprocess.Popen[str] | None = None
        self._log: IO[str] | None = None

    def ask(self, words: Sequence[str]) -> dict[str, Any]:
        """Return the answer; raise JudgeFault if the judge broke down, hung or could not start."""
        if any(c in word for word in words for c in "\t\r\n"):
            raise ValueError("tabs and line breaks separate requests and cannot be in them")
        with self._lock:
            process = self._running()
            assert process.stdin is not None
            assert process.stdout is not None
            watchdog = threading.Timer(ANSWER_SECONDS, process.kill)
            watchdog.start()
            try:
                process.stdin.write("\t".join(words) + "\n")
                process.stdin.flush()
                line = process.stdout.readline()
            except OSError:
                line = ""
            finally:
                watchdog.cancel()
            if not line:
                said = self._last_words()
                self._stop()
                raise JudgeFault(f"{self._judge.main} gave no answer for {words}\n{said}")
            answer: dict[str, Any] = json.loads(line)
            if "fault" in answer:
                raise JudgeFault(f"{self._judge.main}: {answer['fault']}\n{self._last_words()}")
        return answer

    def _running(self) -> subprocess.Popen[str]:
        if self._process is not None and self._process.poll() is None:
            return self._process
        self._stop()
        self._log = tempfile.TemporaryFile(  # noqa: SIM115 - lives as long as the process
            "w+", encoding="utf-8", errors="replace"
        )
        self._process = subprocess.Popen(
            [
                *("java", "-Xmx1g", "-XX:+UseSerialGC", "-Djava.awt.headless=true"),
                *("-Dfile.encoding=UTF-8", "-Duser.language=en", "-Duser.timezone=UTC"),
                *("-cp", self._judge.classpath, self._judge.main),
            ],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=self._log,
            encoding="utf-8",
        )
        atexit.register(self._stop)
        return self._process

    def _last_words(self) -> str:
        if self._log is None:
            return ""
        self._log.seek(0)
        return self._log.read()[-4000:]

    def _stop(self) -> None:
        process, self._process = self._process, None
        log, self._log = self._log, None
        atexit.unregister(self._stop)
        if process is not None:
            assert process.stdin is not None
            assert process.stdout is not None
            with contextlib.suppress(OSError):
                process.stdin.close()  # the end of its input is its word to stop
            try:
                process.wait(timeout=5)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()
            process.stdout.close()
        if log is not None:
            log.close()
