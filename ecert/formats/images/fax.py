"""The end of Group 4 fax data (ITU-T T.6): the end-of-block code, once, with nothing behind it.

No line of a picture holds eleven 0 bits before a 1, so the first such run is the end. Some readers
go on behind it and show other rows than those that stop there, so there may be nothing to go on
with. How many rows stand before it, and how wide they are, only decoding would tell: that is not
done, but every row takes at least one bit.
"""

from __future__ import annotations

import re

from ecert.errors import InputError
from ecert.formats.images import refusals

_MAX_TAIL = 20  # bytes from the code on: some encoders write six end-of-line codes and whole words
#: two end-of-line codes (T.6, 2.4.1.1) or more, then 0 bits up to a whole byte or word; or what is
#: left of a last word written twice, as some encoders do: too short for anything to be seen
_END = re.compile(r"0{11,}1(?:0{11,}1)+(?:0*|[01]{,16})")


def _low_bits_zero(count: int) -> bytes:
    """Return a character class of the bytes whose last ``count`` bits are 0."""
    return b"[" + re.escape(bytes(range(0, 256, 1 << count))) + b"]"


#: the second byte of eleven 0 bits in a row; where that is a zero byte, they may go on in the third
_ELEVEN_ZEROS = re.compile(
    b"[\\x00-\\x0f](?:(?<=%b.)|(?<=%b[\\x00-\\x07])|(?<=%b[\\x00-\\x03])|(?<=%b[\\x00-\\x01])"
    b"|(?<=%b\\x00)|(?<=%b\\x00)(?=[\\x00-\\x7f])|(?<=%b\\x00)(?=[\\x00-\\x3f])"
    b"|(?<=\\x00)(?=[\\x00-\\x1f]))" % tuple(_low_bits_zero(n) for n in (7, 6, 5, 4, 3, 2, 1)),
    re.DOTALL,
)


def check_end(data: bytes, rows: int, *, name: str) -> None:
    """Refuse fax data that does not end with the end-of-block code, or goes on behind it.

    PDF writers add line ends; they count for nothing.

    Raises:
        InputError: ``truncated``, ``damaged-image``.
    """
    data = data.rstrip(b"\r\n")
    hit = _ELEVEN_ZEROS.search(data)
    if hit is None:
        raise no_eofb(name)
    first = max(hit.start() - 1, 0)
    if len(data) - first > _MAX_TAIL:
        raise refusals.damaged(name, "fax data with bytes behind its end code")
    bits = f"{int.from_bytes(data[first:], 'big'):0{8 * (len(data) - first)}b}"
    last = bits.rfind("1", 0, 8) + 1 if hit.start() else 0  # the picture's last bits
    if not _END.fullmatch(bits, last):
        raise no_eofb(name)
    if 8 * first + last < rows:
        raise refusals.truncated(name, f"fax data of less than {rows:,} rows")


def no_eofb(name: str) -> InputError:
    """Return the refusal of a fax page whose end cannot be seen."""
    return refusals.truncated(name, "the fax data has no end code (T.6 EOFB)")
