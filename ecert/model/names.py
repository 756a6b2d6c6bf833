"""Are two names the same? Vietnamese spelling has several ways to write one name."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection

_TONES = {"\u0300", "\u0301", "\u0303", "\u0309", "\u0323"}  # grave, acute, tilde, hook, dot below
_SPACES = re.compile(r"\s+")


_PART = re.compile(r"((?:\\.?|[^\\,+])*)(?:[,+]|$)", re.DOTALL)


def common_name_of(subject: str) -> str:
    r"""Return the common name in a subject's text (RFC 4514); the whole text where it has none.

    >>> common_name_of(r"CN=Mẫu\, Nguyễn Văn,O=ỦY BAN NHÂN DÂN XÃ MẪU,C=VN")
    'Mẫu, Nguyễn Văn'
    """
    names = [part[3:] for part in _PART.findall(subject) if part.startswith("CN=")]
    # the text begins with the certificate's last part
    return re.sub(r"\\(.)", r"\1", names[-1], flags=re.DOTALL) if names and names[-1] else subject


def normal_name(name: str) -> str:
    """Return a name for comparison: NFC, case folded, spaces collapsed, tone marks in one place.

    >>> normal_name("ỦY BAN  NHÂN DÂN") == normal_name("Uỷ ban nhân dân")
    True
    """
    text = _SPACES.sub(" ", unicodedata.normalize("NFC", name)).strip().casefold()
    return unicodedata.normalize("NFC", " ".join(_tone_last(word) for word in text.split(" ")))


def same_name(a: str, b: str) -> bool:
    """Tell whether two names are the same name."""
    return normal_name(a) == normal_name(b)


def identifiers_agree(stated: Collection[str], known: Collection[str]) -> bool | None:
    """Tell whether identifiers such as ``MST:0100109106`` mean the same body; None: they cannot tell.

    Those of a scheme that both sides have decide, and all of them must agree.

    >>> identifiers_agree(["MNS:H21.34"], ["mns:h21.34", "MST:0100109106"])
    True
    """
    schemes = {_scheme(i) for i in known}
    common = {normal_name(i) for i in stated if _scheme(i) in schemes}
    return common <= {normal_name(i) for i in known} if common else None


def _scheme(identifier: str) -> str:
    return normal_name(identifier.partition(":")[0])


def _tone_last(word: str) -> str:
    """Move a tone mark of ``oa oe uy`` to its second vowel (``hòa`` → ``hoà``), else leave it."""
    letters = unicodedata.normalize("NFD", word)
    tones = [c for c in letters if c in _TONES]
    if len(tones) != 1:
        return word
    bare = "".join(c for c in letters if c not in _TONES)
    composed = unicodedata.normalize("NFC", bare)
    found = re.search(r"(o[ae]|uy)$", composed)
    if not found or composed[: found.start()].endswith("q"):
        return word
    clusters = re.findall(r"[^\u0300-\u036f][\u0300-\u036f]*", letters)
    position = next(i for i, c in enumerate(clusters) if any(t in c for t in tones))
    if position not in (found.start(), found.start() + 1):
        return word
    return composed[: found.end()] + tones[0] + composed[found.end() :]
