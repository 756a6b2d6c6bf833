"""An encryption dictionary that an appended revision brings along (ISO 32000-1, 7.6; podofo/podofo, 361).

Readers that take it up decrypt what was never encrypted, or what it says is to be left alone; others
show the file as it was.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Final

from ecert.formats.pades.increments import next_number
from ecert.formats.pdf import Name, PdfValue, Ref, Stream, read_document
from ecert.formats.pdf.objects import PdfDict, write_value
from ecert.model.findings import Code
from ecert.testing.specimens.foreign import foreign
from ecert.testing.specimens.increments import append, append_section, end, numbered, stream
from ecert.testing.specimens.registry import Recipe, add

if TYPE_CHECKING:
    from ecert.testing.specimens.press import Press

#: the standard handler, told to leave streams and strings alone (7.6.5, /Identity)
_IDENTITY: Final[PdfDict] = {
    "Filter": Name("Standard"),
    "V": 4,
    "R": 4,
    "Length": 128,
    "P": -4,
    "O": b"o" * 32,
    "U": b"u" * 32,
    "StmF": Name("Identity"),
    "StrF": Name("Identity"),
    "CF": {"StdCF": {"CFM": Name("V2"), "AuthEvent": Name("DocOpen"), "Length": 16}},
}
#: the same handler, asked to decrypt everything
_RC4: Final[PdfDict] = {"Filter": Name("Standard"), "V": 1, "R": 2, "P": -4, "O": b"o" * 32, "U": b"u" * 32}


def _catalogue(data: bytes) -> dict[int, PdfValue]:
    """Return the catalogue, written once more as it is."""
    document = read_document(data)
    root = document.revisions[-1].trailer["Root"]
    return {root.num: document.root()}


def _by_a_stream(data: bytes) -> bytes:
    return append_section(data, _catalogue(data), Encrypt=_IDENTITY)


def _passed_over(data: bytes) -> bytes:
    """Announce encryption in one revision, and say nothing of it in the next."""
    first = append(data, {}, trailer={"Encrypq": _IDENTITY})
    return append(first, {}).replace(b"/Encrypq", b"/Encrypt")


def _by_name(data: bytes) -> bytes:
    """Name an object of its own, which the same revision brings."""
    number = next_number(read_document(data))
    return append(data, {number: _RC4}, trailer={"Encrypt": Ref(number)})


def _with_an_escape(data: bytes) -> bytes:
    """Write the key so that a search for it finds nothing."""
    return append(data, {}, trailer={"Encrypt": _IDENTITY}).replace(b"/Encrypt", b"/Encr#79pt")


def _hidden(data: bytes) -> bytes:
    """Announce it in the stream of a hybrid section alone (7.5.8.4), where newer readers look."""
    document = read_document(data)
    number, last = next_number(document), document.revisions[-1]
    head: PdfDict = {
        "Type": Name("XRef"),
        "W": [1, 4, 2],
        "Index": [number, 1],
        "Size": number + 1,
        "Encrypt": _IDENTITY,
    }
    rows = bytes([1]) + len(data).to_bytes(4, "big") + bytes(2)
    section: Stream = stream(rows, **head)
    out = data + numbered(number, section)
    table = b"xref\n%d 1\n%010d 00000 n \n" % (number, len(data))
    kept = {k: v for k, v in last.trailer.items() if k in ("Root", "Info", "ID")}
    values = {**kept, "Size": number + 1, "Prev": last.startxref, "XRefStm": len(data)}
    return out + table + b"trailer\n%s\n" % write_value(values) + end(len(out))


#: name → (what is appended, the victim in Vietnamese and English filled in)
_WAYS: Final[dict[str, tuple[Callable[[bytes], bytes], Code, str, str]]] = {
    "encrypted-by-a-stream": (
        _by_a_stream,
        "encrypted",
        "Luồng tham chiếu chéo nối vào {vi} báo tệp bị mã hóa nhưng miễn giải mã mọi thứ (/Identity).",
        "A cross-reference stream appended to {en} announces encryption and leaves all alone (/Identity).",
    ),
    "encrypted-in-between": (
        _passed_over,
        "encrypted",
        "Một phiên bản nối vào {vi} báo tệp bị mã hóa, phiên bản sau lại không nhắc tới nữa.",
        "A revision appended to {en} announces encryption, and the next says nothing of it.",
    ),
    "encrypted-by-an-object": (
        _by_name,
        "encrypted",
        "Một phiên bản nối vào {vi} trỏ tới từ điển mã hóa của riêng nó, bắt giải mã nội dung chưa hề mã hóa.",
        "A revision appended to {en} names an encryption dictionary: what never was encrypted is decrypted.",
    ),
    "encrypted-with-an-escape": (
        _with_an_escape,
        "parsers-disagree",
        "Phần kết nối vào {vi} viết khóa /Encrypt với ký tự thoát để phép tìm chữ không thấy.",
        "A trailer appended to {en} writes /Encrypt with an escape, so that a search does not find it.",
    ),
    "encrypted-in-a-hybrid": (
        _hidden,
        "encrypted",
        "Bảng tham chiếu lai nối vào {vi} chỉ báo mã hóa ở phần dành cho phần mềm mới.",
        "A hybrid section appended to {en} announces encryption where newer readers look alone.",
    ),
}


def _foreign(change: Callable[[bytes], bytes]) -> Callable[[Press], bytes]:
    return lambda press: change(foreign(press))


def _ours(change: Callable[[bytes], bytes]) -> Callable[[Press], bytes]:
    return lambda press: change(press.copy)


for _name, (_change, _code, _vi, _en) in _WAYS.items():
    add(Recipe(_name, "structure", _vi.format(vi="bản sao"), _en.format(en="the copy"), (_code,), _ours(_change)))
    add(
        Recipe(
            f"foreign-{_name}",
            "foreign-file",
            _vi.format(vi="biểu mẫu của nơi khác"),
            _en.format(en="a signed form of somebody else"),
            (_code,),
            _foreign(_change),
            policy="signatures",
            with_evidence=True,
        )
    )
