"""Fax data (ITU-T T.4 and T.6), decoded strictly: every code word must be one, and every row must fit.

Decoders go on behind a wrong code word in ways of their own, and show as many pages as there are decoders.
So fax pages are decoded here, where anything wrong is a refusal, and stored as Flate. Behind the last row
may stand end codes, zeros, and bits that are too few to be a picture.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal, NoReturn

from ecert.formats.images import refusals
from ecert.formats.images.fax_codes import HORIZONTAL, MODE_BITS, PASS, RUN_BITS, modes, runs
from ecert.model.limits import MAX_FAX_BYTES

#: T.6; T.4 with end-of-line codes, one- and two-dimensional; rows of T.4 that end with whole bytes
Coding = Literal["G4", "G3", "G3-2D", "rows"]

_EOL = re.compile(r"0{11,}1")  # with fill bits before it (T.4, 4.1.3)
_MAX_REST = 24  # bits: what writers leave of a last word, and a line end
_INVERT = bytes(255 - value for value in range(256))


def decode(data: bytes, *, width: int, rows: int, coding: Coding, name: str, inverted: bool = False) -> bytes:
    """Return packed rows as coded: a white run is 0 bits, ``inverted`` 1 bits.

    Raises:
        InputError: ``too-large``, ``truncated``, ``damaged-image``.
    """
    refusals.check_decoded(name, len(data), MAX_FAX_BYTES)
    decoder = _Decoder(data, width, coding, name)
    stride = (width + 7) // 8
    out = bytearray()
    above, last, packed = [width] * 3, [width] * 3, bytes(stride)
    for _ in range(rows):
        changes = decoder.row(above)
        if changes != last:
            packed, last = _packed(changes, width, stride), changes
        above = changes
        out += packed
    decoder.close()
    return bytes(out).translate(_INVERT) if inverted else bytes(out)


def _packed(changes: list[int], width: int, stride: int) -> bytes:
    """Return a row of pixels; at every change those to the right turn over."""
    bits = 8 * stride
    row = 0
    for at in changes:
        row ^= (1 << bits - at) - 1
    # an odd number of changes leaves the last run black up to the row's end
    return (row >> bits - width << bits - width).to_bytes(stride, "big")


@dataclass
class _Decoder:
    """Reads row after row as its changes of colour: white first, three times the width at the end."""

    data: bytes
    width: int
    coding: Coding
    name: str

    def __post_init__(self) -> None:
        """Spread the data out as bits; zeros behind it are no code word."""
        count = 8 * len(self.data)
        self._bits = f"{int.from_bytes(self.data, 'big'):0{count}b}" if count else ""
        self._bits += "0" * RUN_BITS
        self._end = count
        self._at = 0
        self._first = True

    def row(self, above: list[int]) -> list[int]:
        """Return the next row, coded by itself or by what differs from the one above."""
        if self.coding == "rows":
            self._at = -(-self._at // 8) * 8
        flat = self.coding != "G4"
        if self.coding in ("G3", "G3-2D"):
            hit = _EOL.match(self._bits, self._at, self._end)
            if hit is not None:
                self._at = hit.end()
            elif not self._first or self.coding == "G3-2D":
                self._refuse("fax data without an end-of-line code")
            if self.coding == "G3-2D":
                flat = self._bits[self._at] == "1"
                self._at += 1
        self._first = False
        if _EOL.match(self._bits, self._at, self._end) or self._at >= self._end:
            raise refusals.truncated(self.name, "the fax data ends before its last row")
        changes = self._flat() if flat else self._differing(above)
        changes += [self.width] * 3
        return changes

    def close(self) -> None:
        """Refuse a picture behind the last row."""
        at = self._at
        if at > self._end:
            raise refusals.truncated(self.name, "the fax data ends before its last row")
        while (hit := _EOL.match(self._bits, at, self._end)) is not None:
            at = hit.end() + (self.coding == "G3-2D")
        if len(self._bits[at : self._end].strip("0")) > _MAX_REST:
            raise refusals.damaged_image(self.name, "fax data that goes on behind its last row")

    def _flat(self) -> list[int]:
        """Return the changes of a row coded run by run (T.4, 4.1)."""
        changes: list[int] = []
        at, black = 0, 0
        while at < self.width:
            at += self._run(black)
            black ^= 1
            if at > self.width:
                self._refuse("a fax row that is too long")
            if changes and changes[-1] == at:  # a run of no pixels joins its neighbours
                changes.pop()
            else:
                changes.append(at)
        return changes

    def _differing(self, above: list[int]) -> list[int]:
        """Return the changes of a row coded by the one above (T.4, 4.2; T.6, 2.2)."""
        bits, width, table = self._bits, self.width, modes()
        changes: list[int] = []
        at, black, index = -1, 0, 0  # a0, its colour, and where in the row above b1 is
        while at < width:
            length, mode = table.get(bits[self._at : self._at + MODE_BITS], (0, 0))
            self._at += length
            while above[index] <= at:
                index += 2
            if -3 <= mode <= 3 and length:
                after = above[index] + mode
                black ^= 1
                index += -1 if index else 1
                changes.append(after)
            elif mode == HORIZONTAL:
                after = self._two_runs(at, black, changes)
            elif mode == PASS and above[index + 1] < width:
                after = above[index + 1]
            else:
                self._refuse("a wrong code word in fax data")
            if not at < after <= width:
                self._refuse("a fax row that goes back or is too long")
            at = after
        return changes

    def _two_runs(self, at: int, black: int, changes: list[int]) -> int:
        """Take a run of either colour and return where they end (T.4, 4.2.1.3.3)."""
        first, second = self._run(black), self._run(1 - black)
        middle = max(at, 0) + first
        end = middle + second
        if (not first and at >= 0) or (not second and end != self.width):
            self._refuse("a fax row with a run of no pixels")
        changes += (middle, end)
        return end

    def _run(self, black: int) -> int:
        """Return the length of the next run."""
        bits, table, total = self._bits, runs(black), 0
        while True:
            length, run = table.get(bits[self._at : self._at + RUN_BITS], (0, 0))
            if not length:
                self._refuse("a wrong code word in fax data")
            self._at += length
            total += run
            if run < 64:
                return total
            if total > self.width:
                self._refuse("a fax row that is too long")

    def _refuse(self, why: str) -> NoReturn:
        if self._at + RUN_BITS > self._end:
            raise refusals.truncated(self.name, "the fax data ends before its last row")
        raise refusals.damaged_image(self.name, why)
