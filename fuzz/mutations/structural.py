"""Changes of structure: values, signatures, revisions, written back with offsets and lengths that fit."""

from __future__ import annotations

import random
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Final

from ecert.formats.pades.cms import der_length
from ecert.formats.pades.fields import PdfSignature, read_signatures
from ecert.formats.pdf import Document, PdfValue, Ref, Stream, read_document
from ecert.testing.specimens.increments import append, append_packed, append_section
from fuzz.mutations import asn1, values
from fuzz.mutations.bytewise import Mutant
from fuzz.mutations.files import File, Part, file_of

_NUMBER: Final = re.compile(rb"\d+")
#: arrays whose order tells something
_ORDERED: Final = ("Kids", "Annots", "Fields", "Certs", "CRLs", "OCSPs", "ByteRange", "ID", "Reference", "Rect")


@dataclass(frozen=True)
class StructureMutator:
    """Draws changes of one copy; ``others`` are copies that lend parts."""

    data: bytes = field(repr=False)
    others: Sequence[bytes] = field(repr=False)

    @cached_property
    def document(self) -> Document:
        """Return the copy as it was read."""
        return read_document(self.data)

    @cached_property
    def signatures(self) -> list[PdfSignature]:
        """Return its signatures."""
        return read_signatures(self.document)

    @cached_property
    def donors(self) -> list[bytes]:
        """Return signature values of this copy and the others."""
        files = [self.signatures, *(read_signatures(read_document(d)) for d in self.others)]
        return [s.contents[: der_length(s.contents)] for found in files for s in found]

    def draw(self, rnd: random.Random) -> Mutant:
        """Return a mutant that differs from the copy."""
        while True:
            names, weights = zip(*((n, w) for n, (_, w) in _KINDS.items()), strict=True)
            (kind,) = rnd.choices(names, weights)
            found = _KINDS[kind][0](self, rnd)
            if found is not None and found[1] != self.data:
                return Mutant(found[1], kind, found[0])

    def number(self, rnd: random.Random, index: int = -1) -> int:
        """Return the number of an object; cross-cutting ones are drawn more often than plain ones."""
        view = self.document.view(index)
        if rnd.random() < 0.3:
            named = [s.ref.num for s in self.signatures] + [s.field.ref.num for s in self.signatures]
            named += [r.num for r in (self.document.root(index).get(k) for k in _ORDERED) if isinstance(r, Ref)]
            named.append(self.document.revisions[index].trailer["Root"].num)
            return rnd.choice([n for n in named if n in view] or list(view))
        return rnd.choice(list(view))

    def changed(self, rnd: random.Random) -> tuple[str, int, PdfValue]:
        """Return an object's number and its changed value, with the name of the change."""
        view = self.document.view()
        number = self.number(rnd)
        name, value = values.mutated(rnd, view[number].value, view[rnd.choice(list(view))].value)
        return name, number, value


Found = tuple[str, bytes] | None


def _rewritten(m: StructureMutator, rnd: random.Random) -> Found:
    """Change an object where it was written; everything behind it moves along."""
    file = file_of(m.data)
    part = rnd.choice(file.parts)
    index = file.parts.index(part)
    number = rnd.choice(list(part.objects))
    entry = m.document.revisions[index].objects[number]
    others = m.document.revisions[index].objects
    name, value = values.mutated(rnd, entry.value, others[rnd.choice(list(others))].value)
    part.put(number, value)
    return name, file.to_bytes()


def _removed(m: StructureMutator, rnd: random.Random) -> Found:
    """Leave an object out, give it another's number, or a second time in another revision."""
    file = file_of(m.data)
    part, target = rnd.choice(file.parts), rnd.choice(file.parts)
    number = rnd.choice(list(part.objects))
    name = rnd.choice(("left out", "moved to another revision", "renumbered"))
    chunk = part.objects.pop(number)
    if name == "moved to another revision":
        target.objects[number] = chunk
    elif name == "renumbered":
        new = rnd.choice((number + 1, rnd.randrange(1, 70)))
        part.objects[new] = chunk.replace(b"%d 0 obj" % number, b"%d 0 obj" % new, 1)
    return name, file.to_bytes()


def _reordered(m: StructureMutator, rnd: random.Random) -> Found:
    """Change the order of items that stand in an array."""
    file = file_of(m.data)
    places = [
        (index, num, key)
        for index, revision in enumerate(m.document.revisions)
        for num, entry in revision.objects.items()
        for holder in values.holders(entry.value)
        if isinstance(holder, dict)
        for key in _ORDERED
        if isinstance(holder.get(key), list) and len(holder[key]) > 1
    ]
    index, num, key = rnd.choice(places)
    value = read_document(m.data).revisions[index].objects[num].value
    for holder in values.holders(value):
        if isinstance(holder, dict) and isinstance(holder.get(key), list):
            rnd.shuffle(holder[key])
    file.parts[index].put(num, value)
    file.parts[index].keep_ranges = key == "ByteRange"
    return f"/{key}", file.to_bytes()


def _trailer(m: StructureMutator, rnd: random.Random) -> Found:
    file = file_of(m.data)
    part = rnd.choice(file.parts)
    name, part.trailer = values.mutated(rnd, part.trailer, None)
    return name, file.to_bytes()


def _appended(m: StructureMutator, rnd: random.Random) -> Found:
    """Append a revision that writes over an object or two: table, stream, or packed."""
    name, number, value = m.changed(rnd)
    objects = {number: value}
    if rnd.random() < 0.3:
        _, second, other = m.changed(rnd)
        objects[second] = other
    return _written(m, rnd, name, objects)


def _repeated(m: StructureMutator, rnd: random.Random) -> Found:
    """Append a revision in which one object stands for another, or for what it was before."""
    view = m.document.view(rnd.randrange(len(m.document.revisions)))
    objects = {m.number(rnd): view[rnd.choice(list(view))].value for _ in range(rnd.randint(1, 3))}
    return _written(m, rnd, "one for another", objects)


def _written(m: StructureMutator, rnd: random.Random, name: str, objects: dict[int, PdfValue]) -> Found:
    form = rnd.choice(("table", "stream", "packed", "generation", "freed"))
    if form == "packed" and not any(isinstance(v, Stream) for v in objects.values()):
        return f"{name}, packed", append_packed(m.data, objects)
    if form in ("stream", "packed"):
        return f"{name}, stream", append_section(m.data, objects)
    if form == "freed":
        return f"{name}, freed", append(m.data, objects, freed=(rnd.randrange(1, 70),))
    generation = rnd.randint(1, 2) if form == "generation" else 0
    return f"{name}, {form}", append(m.data, objects, generation=generation)


def _spliced(m: StructureMutator, rnd: random.Random) -> Found:
    """Put revisions of several copies into one file, or some of one in another order."""
    files = [file_of(d) for d in (m.data, *m.others)]
    parts: list[Part] = [rnd.choice(files[:2]).parts[0]]
    for index in range(1, rnd.randint(2, 6)):
        donor = rnd.choice(files[:2] if rnd.random() < 0.8 else files)
        straight = rnd.random() < 0.6 and index < len(donor.parts)
        parts.append(donor.parts[index] if straight else rnd.choice(donor.parts))
    return "revisions", File(parts).to_bytes()


def _glued(m: StructureMutator, rnd: random.Random) -> Found:
    """Cut copies at the ends of revisions and lay the pieces behind each other as they are."""
    pieces: list[bytes] = []
    for _ in range(rnd.randint(1, 4)):
        data = rnd.choice((m.data, *m.others))
        revision = rnd.choice(read_document(data).revisions)
        pieces.append(data[: revision.end] if not pieces else data[revision.start : revision.end])
    return "pieces", b"".join(pieces)


def _contents(m: StructureMutator, rnd: random.Random) -> Found:
    """Change the ASN.1 of a signature value in its place; what it does not cover matters most."""
    target = m.signatures[-1] if rnd.random() < 0.7 else rnd.choice(m.signatures)
    der = target.contents[: der_length(target.contents)]
    name, new = asn1.mutated(rnd, der, rnd.choice(m.donors))
    return _filled(m.data, target, name, new)


def _exchanged(m: StructureMutator, rnd: random.Random) -> Found:
    """Put another signature's value, of this copy or another, into a signature."""
    return _filled(m.data, rnd.choice(m.signatures), "value of another", rnd.choice(m.donors))


def _filled(data: bytes, target: PdfSignature, name: str, der: bytes) -> Found:
    assert target.gap is not None
    start, end = target.gap[0] + 1, target.gap[1] - 1
    digits = der.hex().encode()
    if len(digits) > end - start:
        return None
    return name, data[:start] + digits.ljust(end - start, b"0") + data[end:]


def _byte_range(m: StructureMutator, rnd: random.Random) -> Found:
    """Change a byte range in its place."""
    target = rnd.choice(m.signatures)
    start = m.document.view()[target.ref.num].start
    place = m.data.index(b"/ByteRange [", start) + len(b"/ByteRange [")
    end = m.data.index(b"]", place)
    numbers = [int(n) for n in _NUMBER.findall(m.data[place:end])]
    numbers[rnd.randrange(4)] += rnd.choice((-1, 1, 2, -20, 20, 1000))
    text = b" ".join(b"%d" % n for n in numbers)
    room = m.data.index(b"\n", end) - place - 1
    if len(text) > room:
        return None
    written = (text + b"]").ljust(room + 1)
    return "numbers", m.data[:place] + written + m.data[place + room + 1 :]


def _validation_data(m: StructureMutator, rnd: random.Random) -> Found:
    """Exchange, drop or spoil what the DSS names, where it stands or in a revision more."""
    store = m.document.dictionary(m.document.root().get("DSS"))
    refs = [r for key in ("Certs", "CRLs", "OCSPs") for r in store.get(key, [])]
    if not refs:
        return None
    view = m.document.view()
    a, b = rnd.choice(refs), rnd.choice(refs)
    value = view[b.num].value
    name = "of another"
    if a == b:
        der = asn1.mutated(rnd, bytes(value.data), bytes(view[rnd.choice(refs).num].value.data))[1]
        name, value = "spoilt", Stream({"Length": len(der)}, der)
    if rnd.random() < 0.5:
        return _written(m, rnd, name, {a.num: value})
    file = file_of(m.data)
    holder = next(p for p in reversed(file.parts) if a.num in p.objects)
    holder.put(a.num, value)
    return name, file.to_bytes()


_KINDS: Final[dict[str, tuple[Callable[[StructureMutator, random.Random], Found], int]]] = {
    "object rewritten": (_rewritten, 20),
    "object removed": (_removed, 6),
    "array reordered": (_reordered, 6),
    "trailer": (_trailer, 6),
    "revision appended": (_appended, 16),
    "old value again": (_repeated, 8),
    "revisions spliced": (_spliced, 6),
    "revisions glued": (_glued, 4),
    "ASN.1 of /Contents": (_contents, 20),
    "/Contents exchanged": (_exchanged, 4),
    "/ByteRange": (_byte_range, 4),
    "validation data": (_validation_data, 8),
}
