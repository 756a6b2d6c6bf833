"""Are two names the same? Vietnamese spelling has several ways to write one name."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection, Mapping

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
    """Return whether two names are the same name."""
    return normal_name(a) == normal_name(b)


def spelling(name: str, aliases: Mapping[str, str]) -> str:
    """Return how certificates write a name; ``aliases``: by the name, what they write.

    >>> spelling("Ủy ban nhân dân xã Mẫu", {"UỶ BAN NHÂN DÂN XÃ MẪU": "UBND XA MAU"})
    'UBND XA MAU'
    """
    return next((written for known, written in aliases.items() if same_name(known, name)), name)


def identifiers_agree(stated: Collection[str], known: Collection[str]) -> bool | None:
    """Return whether identifiers such as ``MST:0100109106`` mean the same body; None: they do not tell.

    Of every scheme that both sides have, one must agree; numbers of persons tell nothing about a body.

    >>> identifiers_agree(["MNS:H21.34"], ["mns:h21.34", "MST:0100109106"])
    True
    >>> identifiers_agree(["MNS:H21.34", "MST:1"], ["MNS:H21.34", "MST:2"])
    False
    >>> identifiers_agree(["CCCD:001099000001"], ["CCCD:001099000001"]) is None
    True
    """
    ours, theirs = _by_scheme(stated), _by_scheme(known)
    common = ours.keys() & theirs.keys()
    return all(ours[scheme] & theirs[scheme] for scheme in common) if common else None


#: Schemes of numbers that are a person's, folded: identity cards of all names, personal number, passport;
#: PNO, IDC and PAS with a country are those of ETSI EN 319 412-1, 5.1.3.
_PERSONAL = frozenset(
    {
        "cccd",
        "cc",
        "cancuoc",
        "cancuoccongdan",
        "cmnd",
        "cmtnd",
        "cmt",
        "chungminhnhandan",
        "cmsq",
        "cmqd",
        "pid",
        "ddcn",
        "sddcn",
        "sodinhdanh",
        "dinhdanhcanhan",
        "sodinhdanhcanhan",
        "hc",
        "hochieu",
        "passport",
        "pnovn",
        "idcvn",
        "pasvn",
    }
)
#: EN 319 412-1, 5.1.4: three letters for the kind, two for the country, such as VATVN-0100109106.
_ETSI_SCHEME = re.compile(r"[a-z]{5}(?=-)")
_PERSONAL_NUMBER = re.compile(r"[0-9]{12}")
_CARD_NUMBER = re.compile(r"[0-9]{9}(?:[0-9]{3})?")  # of the old identity card, and of the new ones


def is_personal(identifier: str) -> bool:
    """Return whether an identifier is a person's: such a number never says which body somebody is.

    >>> is_personal("Số CCCD: 001099000001"), is_personal("MST:0100109106")
    (True, False)
    """
    scheme, number = _parts(identifier)
    head = scheme or number.partition(next(filter(str.isdigit, number), ":"))[0]  # CCCD 001099000001
    words = re.findall(r"[a-z]+", _without_marks(head))
    # two letters alone are a scheme, beside other words they may be anything
    if not _PERSONAL.isdisjoint({"".join(words), *(word for word in words if len(word) > 2)}):
        return True
    if not scheme:
        return bool(_CARD_NUMBER.fullmatch(number))
    # since 1-Jul-2025 a person's tax code is the personal number; a body's has 10 or 13 digits
    return scheme == "mst" and bool(_PERSONAL_NUMBER.fullmatch(number))


def _by_scheme(identifiers: Collection[str]) -> dict[str, set[str]]:
    """Return the identifiers that may name a body, folded, by their schemes."""
    found: dict[str, set[str]] = {}
    for identifier in identifiers:
        if not is_personal(identifier):
            text = normal_name(identifier)
            found.setdefault(_parts(identifier)[0] or text, set()).add(text)
    return found


def _parts(identifier: str) -> tuple[str, str]:
    """Return scheme and number, folded; a bare number has no scheme."""
    text = normal_name(identifier)
    scheme, colon, number = text.partition(":")
    if colon:
        return scheme.strip(), number.strip()
    etsi = _ETSI_SCHEME.match(text)
    return (etsi[0], text[etsi.end() + 1 :]) if etsi else ("", text)


def _without_marks(text: str) -> str:
    letters = unicodedata.normalize("NFD", text.replace("đ", "d"))
    return "".join(c for c in letters if not unicodedata.combining(c))


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
