"""ASN.1 values as trees: taken apart, changed somewhere, put together (ITU-T X.690)."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Final

from ecert.formats.pades.cms import der_length
from ecert.formats.pades.der import tlv

_CONSTRUCTED: Final = 0x20


@dataclass
class Node:
    """One value: its members, or its contents where it has none; ``start`` and ``end`` in the whole."""

    tag: int
    content: bytes
    members: list[Node] = field(default_factory=list)
    start: int = 0
    end: int = 0
    long_form: bool = False  # writes its length with more bytes than needed

    def encoded(self) -> bytes:
        """Return the value's bytes."""
        content = b"".join(m.encoded() for m in self.members) if self.members else self.content
        if not self.long_form:
            return tlv(self.tag, content)
        return bytes((self.tag, 0x84)) + len(content).to_bytes(4, "big") + content

    def walk(self) -> Iterator[Node]:
        """Yield the value and everything in it."""
        yield self
        for member in self.members:
            yield from member.walk()


def parse(der: bytes, start: int = 0) -> Node:
    """Return the first value of DER as a tree."""
    size, pos = der[start + 1], start + 2
    if size & 0x80:
        count = size & 0x7F
        size = int.from_bytes(der[pos : pos + count], "big")
        pos += count
    node = Node(der[start], der[pos : pos + size], [], start, pos + size)
    while node.tag & _CONSTRUCTED and pos < node.end:
        node.members.append(parse(der, pos))
        pos = node.members[-1].end
    if node.members:
        node.content = b""
    return node


def cms_parts(contents: bytes) -> Iterator[tuple[int, int, str]]:
    """Yield (start, end, name) of the parts of a padded SignedData, without gap or overlap."""
    end = der_length(contents)
    data = parse(contents[:end]).members[1].members[0]
    signer = data.members[-1].members[0]
    named = {id(data.members[2]): "content", id(data.members[3]): "certificates"}
    for member in signer.members:
        if member.tag == 0xA0:
            named[id(member)] = "signed attributes"
        elif member.tag == 0xA1:
            named[id(member)] = "unsigned attributes"
        elif member.tag == 0x04:
            named[id(member)] = "signature value"
    pos = 0
    for member in sorted([*data.members[:-1], *signer.members], key=lambda m: m.start):
        if id(member) in named:
            yield pos, member.start, "frame"
            yield member.start, member.end, named[id(member)]
            pos = member.end
    yield pos, end, "frame"
    yield end, len(contents), "padding"


# ── changes ──────────────────────────────────────────────────────────────────────────────────────


def _drop(rnd: random.Random, parent: Node, _: Node) -> None:
    parent.members.pop(rnd.randrange(len(parent.members)))


def _double(rnd: random.Random, parent: Node, _: Node) -> None:
    parent.members.insert(rnd.randrange(len(parent.members) + 1), rnd.choice(parent.members))


def _shuffle(rnd: random.Random, parent: Node, _: Node) -> None:
    rnd.shuffle(parent.members)


def _retag(rnd: random.Random, parent: Node, _: Node) -> None:
    rnd.choice(parent.members).tag = rnd.choice((0x02, 0x04, 0x05, 0x0C, 0x30, 0x31, 0x80, 0xA0, 0xA1))


def _lengthen(rnd: random.Random, parent: Node, _: Node) -> None:
    rnd.choice(parent.members).long_form = True


def _empty(rnd: random.Random, parent: Node, _: Node) -> None:
    node = rnd.choice(parent.members)
    node.content, node.members = b"", []


def _rewrite(rnd: random.Random, parent: Node, _: Node) -> None:
    node = rnd.choice(list(parent.walk()))
    if node.content and not node.members:
        at = rnd.randrange(len(node.content))
        byte = bytes([node.content[at] ^ 1 << rnd.randrange(8)])
        node.content = node.content[:at] + byte + node.content[at + 1 :]


def _append_null(_: random.Random, parent: Node, __: Node) -> None:
    parent.members.append(Node(0x05, b""))


def _transplant(rnd: random.Random, parent: Node, donor: Node) -> None:
    tags = {m.tag for m in parent.members}
    fitting = [n for n in donor.walk() if n.tag in tags]
    place = rnd.randrange(len(parent.members))
    same = [n for n in fitting if n.tag == parent.members[place].tag]
    if same:
        parent.members[place] = rnd.choice(same)


Change = Callable[[random.Random, Node, Node], None]
CHANGES: Final[dict[str, Change]] = {
    "drop": _drop,
    "double": _double,
    "shuffle": _shuffle,
    "retag": _retag,
    "BER length": _lengthen,
    "empty": _empty,
    "rewrite": _rewrite,
    "append NULL": _append_null,
    "transplant": _transplant,
}


def mutated(rnd: random.Random, der: bytes, donor: bytes) -> tuple[str, bytes]:
    """Change one place of a value, with parts of another where asked; return the change's name too."""
    tree = parse(der)
    parents = [n for n in tree.walk() if n.members]
    # places near the top are as likely as the many within certificates
    depth = rnd.randrange(12)
    parent = rnd.choice(parents[: 2**depth] or parents)
    name = rnd.choice(list(CHANGES))
    CHANGES[name](rnd, parent, parse(donor))
    return name, tree.encoded()
