"""The rows measured in this process: certify, verify, and what one more megabyte costs."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from statistics import median

from bench.measure import Row, slope, take_turns
from bench.peers import PyHanko
from bench.work import Work, forget
from tests.judges import dss
from tests.judges.tools import missing

MB = 1_000_000


@dataclass(frozen=True)
class Effort:
    """How often to measure, and how big the files get."""

    runs: int
    dss_runs: int  # 0: not asked; its first answers alone take twenty seconds
    processes: int
    sizes_mb: tuple[float, ...]
    slope_runs: int
    memory_mb: float


FULL = Effort(9, 3, 9, (1, 8, 32, 64), 5, 170)
QUICK = Effort(2, 0, 2, (1, 8, 16), 1, 40)


def speed_rows(work: Work, effort: Effort) -> Iterator[Row]:
    """Yield the rows of certifying and verifying J."""
    plain, holding = PyHanko(work, plain=True), PyHanko(work, plain=False)
    yield from _basic(work, effort, plain, holding)
    yield from _archival(work, effort, holding)


def _basic(work: Work, effort: Effort, plain: PyHanko, holding: PyHanko) -> Iterator[Row]:
    copies: list[bytes] = []
    pages = work.pages
    ours, usual, held = take_turns(
        effort.runs,
        lambda _: copies.append(work.certify(pages)),
        lambda _: plain.certify(pages),
        lambda _: holding.certify(pages),
    )
    what = "certify J, B-B, self-check included"
    yield Row(what, "ms", ours, usual, "img2pdf + pyHanko, plain, unchecked", 0.25)
    yield Row("", "ms", ours, held, "the same, key held, room known")
    stamps = (work.office.signature_image, work.office.seal_image)
    ours, held = take_turns(
        effort.runs, lambda _: work.certify(pages, images=True), lambda _: holding.certify(pages, images=stamps)
    )
    yield Row("  with pictures of signature and seal", "ms", ours, held, "the same, with stamps")
    what = "verify J, B-B, warm"
    yield from _verified(what, work, copies, holding.validate, "pyHanko, both signatures", (0.7,))


def _archival(work: Work, effort: Effort, peer: PyHanko) -> Iterator[Row]:
    copies: list[bytes] = []
    theirs: list[bytes] = []
    pages, asked = work.pages, work.office.responders.requests
    ours, signing, checking = take_turns(
        effort.runs,
        lambda _: copies.append(work.certify(pages, "B-LTA")),
        lambda _: theirs.append(peer.certify_lta(pages)),
        lambda n: peer.validate_lta(theirs[n]),
    )
    asked.clear()
    work.certify(pages, "B-LTA")
    ours_asked = sum(asked.values())
    peer.certify_lta(pages)
    note = f"requests to the loopback services: ours {ours_asked}, peer {sum(asked.values()) - ours_asked}"
    what = "certify J, B-LTA, self-check included"
    peer_name = "pyHanko: sign, seal, archive, validate"
    yield Row(what, "ms", ours, signing + checking, peer_name, 0.6, note)
    what = "verify J, B-LTA, warm"
    peer_name = "pyHanko ades_lta_validation, both"
    yield from _verified(what, work, copies, peer.validate_lta, peer_name, (0.4, 0.15))
    yield _against_dss(work, effort)


def _verified(
    what: str,
    work: Work,
    copies: list[bytes],
    validate: Callable[[bytes], object],
    against: str,
    targets: tuple[float, ...],
) -> Iterator[Row]:
    """Verify every copy once, then once more with empty caches each time.

    Certifying checked these very copies, so our caches are emptied first; what one copy then
    leaves behind for the next is what being warm means.
    """
    forget()
    ours, peer = take_turns(len(copies) - 1, lambda n: work.verify(copies[n]), lambda n: validate(copies[n]))
    for number, target in enumerate(targets):
        note = "the target in the end" if number else ""
        yield Row(what if not number else "", "ms", ours, peer, against, target, note)

    cold, _ = take_turns(len(copies) - 1, lambda n: work.verify(copies[n]), lambda _: forget())
    yield Row("  no certificate known yet", "ms", cold, peer, against)


def _against_dss(work: Work, effort: Effort) -> Row:
    what, against = "verify J, B-LTA, warm", "EU DSS, one warm JVM"
    reason = missing("dss") if effort.dss_runs else "left out by --quick"
    if reason:
        return Row(what, "ms", None, None, against, 0.01, f"skipped: {reason}")
    copies = [work.certify(work.pages, "B-LTA") for _ in range(effort.dss_runs + 1)]
    paths = [work.folder / f"copy-{number}.pdf" for number in range(len(copies))]
    for path, copy in zip(paths, copies, strict=True):
        path.write_bytes(copy)
    forget()

    def ask(number: int) -> None:
        answer = dss(paths[number], work.anchor_files)
        assert all(s.indication == "TOTAL-PASSED" for s in answer.signatures), answer

    ours, peer = take_turns(effort.dss_runs, lambda n: work.verify(copies[n]), ask)
    return Row(what, "ms", ours, peer, against, 0.01)


def slope_rows(work: Work, effort: Effort) -> Iterator[Row]:
    """Yield what one more megabyte costs, in passes of SHA-256 over it."""
    page = len(work.pages[0])
    sets = [work.many_pages(max(1, round(size * MB / page))) for size in effort.sizes_mb]
    sizes = [sum(map(len, pages)) / MB for pages in sets]
    block = os.urandom(32 * MB)
    certifying: list[float] = [0] * len(sets)
    verifying: list[float] = [0] * len(sets)
    passes = []
    for number, pages in enumerate(sets):
        copies: list[bytes] = []
        certifying[number], verifying[number], one_pass = take_turns(
            effort.slope_runs,
            lambda _, p=pages, c=copies: c.append(work.certify(p)),  # type: ignore[misc]
            lambda n, c=copies: work.verify(c[n]),  # type: ignore[misc]
            lambda _: hashlib.sha256(block).digest(),
        )
        passes.append(one_pass * MB / len(block))
    one_pass = median(passes)
    span = f"{sizes[0]:.0f} to {sizes[-1]:.0f} MB"
    for what, times, target in (("certify", certifying, 2.0), ("verify", verifying, 1.5)):
        cost = slope(list(zip(sizes, times, strict=True)))
        note = ", ".join(f"{s:.0f} MB {t:.0f} ms" for s, t in zip(sizes, times, strict=True))
        row = f"{what} at B-B, one more MB ({span})"
        yield Row(row, "ms", cost, one_pass, "one pass of SHA-256", target, note)
