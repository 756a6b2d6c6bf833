"""Digests of the scanned images, made beside the rest of the judging: hashlib lets other threads run."""

from __future__ import annotations

import hashlib
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import suppress
from types import TracebackType
from typing import Self

from ecert.formats.pdf import Document, Stream

MIN_BYTES = 64 * 1024  # smaller streams are hashed when asked for: a thread would cost more


def sha256_hex(data: bytes | memoryview) -> str:
    """Return a SHA-256 in lower-case hex."""
    return hashlib.sha256(data).hexdigest()


class StreamDigests:
    """SHA-256 of streams, each made once; with ``begin`` the first revision's large images are started at once."""

    def __init__(self, document: Document, *, begin: bool) -> None:
        self._made: dict[int, str] = {}
        self._worker = ThreadPoolExecutor(max_workers=1, thread_name_prefix="ecert-digests")
        self._begun: dict[int, Future[str]] = {}
        if begin:
            with suppress(RuntimeError):  # where no thread can be started, streams are hashed when asked for
                self._begin(document)

    def _begin(self, document: Document) -> None:
        for _, _, value, _, _ in document.revisions[0].objects.values():
            if isinstance(value, Stream) and len(value.data) >= MIN_BYTES and value.dict.get("Subtype") == "Image":
                self._begun[value.start] = self._worker.submit(sha256_hex, value.data)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, value: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self._worker.shutdown(wait=True, cancel_futures=True)

    def sha256(self, stream: Stream) -> str:
        """Return the SHA-256 of a stream's encoded data, in lower-case hex."""
        begun = self._begun.get(stream.start)
        if begun is not None:
            return begun.result()
        if stream.start not in self._made:
            self._made[stream.start] = sha256_hex(stream.data)
        return self._made[stream.start]
