"""Changes of PDF values: one place of an object, drawn at random."""

from __future__ import annotations

import copy
import random
import zlib
from collections.abc import Callable, Iterator
from typing import Any, Final

from ecert.formats.pdf import Name, PdfValue, Ref, Stream

#: Keys that mean something to readers, wherever they are put.
_KEYS: Final = (
    "AA",
    "A",
    "AP",
    "Annots",
    "BBox",
    "Contents",
    "DSS",
    "F",
    "Filter",
    "Group",
    "Kids",
    "Length",
    "Lock",
    "Matrix",
    "MediaBox",
    "Metadata",
    "NM",
    "OC",
    "OpenAction",
    "P",
    "Parent",
    "Perms",
    "Rect",
    "Resources",
    "Rotate",
    "Subtype",
    "T",
    "TU",
    "Type",
    "UserUnit",
    "V",
    "VRI",
)
_NAMES: Final = ("Page", "Pages", "Widget", "Sig", "DocTimeStamp", "XObject", "Image", "Form", "Type1", "Identity-H")

Holder = dict[str, Any] | list[Any]


def holders(value: PdfValue) -> Iterator[Holder]:
    """Yield every dictionary and array of a value that holds something."""
    inner = value.dict if isinstance(value, Stream) else value
    if isinstance(inner, dict | list) and inner:
        yield inner
        for item in list(inner.values()) if isinstance(inner, dict) else inner:
            yield from holders(item)


def _place(rnd: random.Random, holder: Holder) -> Any:
    return rnd.choice(list(holder)) if isinstance(holder, dict) else rnd.randrange(len(holder))


def _drop(rnd: random.Random, holder: Any) -> None:
    del holder[_place(rnd, holder)]


def _double(rnd: random.Random, holder: Any) -> None:
    item = copy.deepcopy(holder[_place(rnd, holder)])
    if isinstance(holder, dict):
        holder[rnd.choice(_KEYS)] = item
    else:
        holder.insert(rnd.randrange(len(holder) + 1), item)


def _rename(rnd: random.Random, holder: Any) -> None:
    if isinstance(holder, dict):
        holder[rnd.choice(_KEYS)] = holder.pop(_place(rnd, holder))
    else:
        rnd.shuffle(holder)


def _swap(rnd: random.Random, holder: Any) -> None:
    a, b = _place(rnd, holder), _place(rnd, holder)
    holder[a], holder[b] = holder[b], holder[a]


def _change(rnd: random.Random, holder: Any) -> None:
    place = _place(rnd, holder)
    holder[place] = _other(rnd, holder[place])


def _retype(rnd: random.Random, holder: Any) -> None:
    holder[_place(rnd, holder)] = rnd.choice(
        (None, True, False, 0, -1, 1.5, Ref(rnd.randrange(60)), Name(rnd.choice(_NAMES)), b"x", [], {})
    )


def _other(rnd: random.Random, value: PdfValue) -> PdfValue:
    match value:
        case bool():
            return not value
        case Ref(num, gen):
            return rnd.choice((Ref(num, gen + 1), Ref(num + 1, gen), Ref(rnd.randrange(60), gen)))
        case int() | float():
            return value + rnd.choice((-1, 1, 0.5, 10, -value, 100000))
        case Name():
            return Name(rnd.choice((*_NAMES, value + "x", value.lower())))
        case bytes():
            at = rnd.randrange(len(value) + 1)
            return value[:at] + bytes([rnd.randrange(32, 127)]) + value[at + rnd.randrange(2) :]
        case list():
            return value[::-1] if rnd.random() < 0.5 else [*value, *value]
        case _:
            return None


CHANGES: Final[dict[str, Callable[[random.Random, Any], None]]] = {
    "drop": _drop,
    "double": _double,
    "rename": _rename,
    "swap": _swap,
    "change": _change,
    "retype": _retype,
}


def mutated(rnd: random.Random, value: PdfValue, other: PdfValue) -> tuple[str, PdfValue]:
    """Return a changed copy of a value, with the name of the change; ``other`` may lend its data."""
    value = _own(value)
    if isinstance(value, Stream) and rnd.random() < 0.5:
        return _with_data(rnd, value, other)
    places = list(holders(value))
    if not places:
        return "change", _other(rnd, value)
    name = rnd.choice(list(CHANGES))
    CHANGES[name](rnd, rnd.choice(places))
    return name, value


def _own(value: PdfValue) -> PdfValue:
    if isinstance(value, Stream):
        return Stream(copy.deepcopy(value.dict), bytes(value.data))
    return copy.deepcopy(value)


def _with_data(rnd: random.Random, stream: Stream, other: PdfValue) -> tuple[str, Stream]:
    """Change a stream's data; its length follows."""
    data = bytes(stream.data)
    name = rnd.choice(("data byte", "data cut", "data longer", "data of another", "data packed anew"))
    if name == "data byte" and data:
        at = rnd.randrange(len(data))
        data = data[:at] + bytes([data[at] ^ 1 << rnd.randrange(8)]) + data[at + 1 :]
    elif name == "data cut":
        data = data[: rnd.randrange(len(data) + 1)]
    elif name == "data longer":
        data += rnd.choice((b" ", b"\n", b"\0", b" q Q", b"<!-- -->"))
    elif name == "data of another" and isinstance(other, Stream):
        data = bytes(other.data)
    elif name == "data packed anew" and stream.dict.get("Filter") == "FlateDecode":
        data = zlib.compress(zlib.decompress(data), rnd.randrange(1, 10))
    elif name == "data packed anew":
        packed = zlib.compress(data)
        entries = {**stream.dict, "Filter": Name("FlateDecode"), "Length": len(packed)}
        return name, Stream(entries, packed)
    return name, Stream({**stream.dict, "Length": len(data)}, data)
