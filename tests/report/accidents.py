"""What people do to a good copy without meaning harm, each as a file, and when it is checked.

Nothing here is an attack: a portal, a mailbox, a phone or a wrong clock was in the way. :data:`ACCIDENTS` names each
with what the report's first sentence has to say about it, in both languages.
"""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from PIL import Image

import ecert
from ecert.formats.pdf import read_document
from ecert.report import Report
from ecert.testing import make
from tests.kit import Desk

Make = Callable[[Desk], bytes]


@dataclass(frozen=True)
class Accident:
    """A file and what is said first: the cause's name, and words of the summary in both languages."""

    make: Make
    cause: str | None
    vi: str
    en: str
    policy: str = "certified-copy"
    #: how far the clock of the machine that checks is off
    clock: timedelta = timedelta(0)

    def report(self, desk: Desk) -> tuple[Report, bytes]:
        """Return the report about the file, and the file."""
        data = self.make(desk)
        at = desk.office.clock.now() + self.clock
        return ecert.verify_copy(data, trust=desk.office.trust, policy=self.policy, at=at), data


def _copy(desk: Desk) -> bytes:
    return desk.copy.to_bytes()


def _picture(kind: str) -> bytes:
    out = io.BytesIO()
    Image.new("RGB", (210, 297), "white").save(out, kind)
    return out.getvalue()


def _zipped(names: dict[str, bytes]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in names.items():
            archive.writestr(name, data)
    return out.getvalue()


def _printed(_: Desk) -> bytes:
    """Return what a print to PDF leaves: pages, and behind the header a comment as Ghostscript writes it."""
    plain = _picture("PDF")
    header, rest = plain.split(b"\n", 1)
    comment = b"%" + b"Invocation: gs -sDEVICE=pdfwrite ?".ljust(72, b"?")
    moved = len(comment) + 1
    body = header + b"\n" + comment + b"\n" + rest
    return _with_offsets_moved(body, moved)


def _with_offsets_moved(data: bytes, by: int) -> bytes:
    """Return a file whose table and pointer count ``by`` bytes that were put in before every object."""
    at = data.rindex(b"xref", 0, data.rindex(b"startxref"))
    table, tail = data[at:].split(b"trailer", 1)
    rows = table.split(b"\n")
    moved = [b"%010d" % (int(r[:10]) + by) + r[10:] if r[17:18] == b"n" else r for r in rows]
    pointer = tail.rindex(b"startxref")
    return data[:at] + b"\n".join(moved) + b"trailer" + tail[:pointer] + b"startxref\n%d\n%%%%EOF\n" % at


def _cut_within(revision: int) -> Make:
    """Return a download that broke off within a revision: its last thirtieth is missing, and all that follows it."""

    def make(desk: Desk) -> bytes:
        data = _copy(desk)
        found = read_document(data).revisions[revision]
        return data[: found.end - max(5, (found.end - found.start) // 30)]

    return make


def _altered(desk: Desk) -> bytes:
    return make("one-bit-of-a-picture", office=desk.office).data


def _annotated(desk: Desk) -> bytes:
    return make("annotation-freetext", office=desk.office).data


_CUT: dict[str, Any] = {
    "cause": "cut-off",
    "vi": "Tệp bị cắt cụt ở cuối, thường do tải về dở dang.",
    "en": "The file is cut off at its end, mostly because the download broke off.",
}
_UNSIGNED: dict[str, Any] = {
    "cause": "not-signed",
    "vi": "Tệp không có chữ ký số: có thể đây là bản in ra PDF hoặc bản lưu lại",
    "en": "The file has no digital signature: it may be a print to PDF or a re-saved file",
}
_OFFICE: dict[str, Any] = {"cause": "office-file", "vi": "Đây là tệp văn phòng", "en": "This is an office file"}
_PICTURE: dict[str, Any] = {"cause": "picture", "vi": "Đây là tệp ảnh", "en": "This is a picture"}
_ARCHIVE: dict[str, Any] = {"cause": "archive", "vi": "Đây là tệp nén", "en": "This is a compressed archive"}
_WEB: dict[str, Any] = {"cause": "web-page", "vi": "Đây là trang web", "en": "This is a web page"}
_EMPTY: dict[str, Any] = {"cause": "empty", "vi": "Tệp rỗng (0 byte).", "en": "The file is empty (0 bytes)."}
_SLOW: dict[str, Any] = {"cause": "clock-slow", "vi": "đồng hồ của máy có thể sai", "en": "its clock may be wrong"}

ACCIDENTS: dict[str, Accident] = {
    "printed": Accident(_printed, **_UNSIGNED),
    "invoice": Accident(lambda d: _picture("PDF"), **_UNSIGNED),
    "invoice-for-its-signatures": Accident(lambda d: _picture("PDF"), policy="signatures", **_UNSIGNED),
    "cut-5-kB-short": Accident(lambda d: _copy(d)[:-5000], **_CUT),
    "cut-3-bytes-short": Accident(lambda d: _copy(d)[:-3], **_CUT),
    "cut-early": Accident(lambda d: _copy(d)[:50_000], **_CUT),
    "cut-in-the-header": Accident(lambda d: _copy(d)[:3], **_CUT),
    "cut-within-the-draft": Accident(_cut_within(0), **_CUT),
    "cut-within-the-signature": Accident(_cut_within(1), **_CUT),
    "cut-within-the-seal": Accident(_cut_within(2), **_CUT),
    "cut-within-the-time-stamp": Accident(_cut_within(3), **_CUT),
    "cut-and-padded-with-zeros": Accident(lambda d: _copy(d)[:-5000] + bytes(5000), **_CUT),
    "room-never-filled": Accident(lambda d: bytes(4096), **_CUT),
    "empty": Accident(lambda d: b"", **_EMPTY),
    "empty-for-its-signatures": Accident(lambda d: b"", policy="signatures", **_EMPTY),
    "zip": Accident(lambda d: _zipped({"ban-sao.pdf": _copy(d)}), **_ARCHIVE),
    "zip-stored": Accident(lambda d: b"PK\x03\x04" + b"ban-sao.pdf".rjust(37) + _copy(d), **_ARCHIVE),
    "rar": Accident(lambda d: b"Rar!\x1a\x07\x01\x00" + bytes(64), **_ARCHIVE),
    "docx": Accident(lambda d: _zipped({"[Content_Types].xml": b"<Types/>", "word/document.xml": b"<w/>"}), **_OFFICE),
    "odt": Accident(
        lambda d: b"PK\x03\x04" + bytes(26) + b"mimetypeapplication/vnd.oasis.opendocument.text" + bytes(99), **_OFFICE
    ),
    "doc": Accident(lambda d: bytes.fromhex("d0cf11e0a1b11ae1") + bytes(512), **_OFFICE),
    "jpeg": Accident(lambda d: _picture("JPEG"), **_PICTURE),
    "png": Accident(lambda d: _picture("PNG"), **_PICTURE),
    "tiff": Accident(lambda d: _picture("TIFF"), **_PICTURE),
    "heic": Accident(lambda d: b"\x00\x00\x00\x18ftypheic" + bytes(64), **_PICTURE),
    "login-page": Accident(lambda d: b"\xef\xbb\xbf\r\n<!DOCTYPE html>\n<html><body>x</body></html>", **_WEB),
    "error-of-a-service": Accident(lambda d: b'{"error": "session expired"}', **_WEB),
    "invoice-in-xml": Accident(
        lambda d: b'<?xml version="1.0"?>\n<HDon/>', "xml-file", "Đây là tệp XML", "This is an XML file"
    ),
    "something-else": Accident(
        lambda d: b"no PDF at all", None, "Tệp này không phải là tệp PDF.", "This file is not a PDF."
    ),
    "31-bytes-appended": Accident(
        lambda d: _copy(d) + b"\r\n-- scanned by mail gateway --",
        "appended",
        "Cuối tệp bị thêm 31 byte lạ",
        "Foreign bytes were added at the end of the file (31)",
    ),
    "bytes-at-the-head": Accident(
        lambda d: b"From: x\n" + _copy(d),
        "put-before",
        "Đầu tệp bị thêm 8 byte lạ",
        "Foreign bytes were put before the file (8)",
    ),
    "page-altered": Accident(
        _altered,
        "page-altered-after-seal",
        "Trang 1 đã bị sửa sau khi ký và đóng dấu.",
        "Page 1 was altered after signing and sealing.",
    ),
    "note-by-a-reader": Accident(
        _annotated,
        "page-changed-after-seal",
        "Trang 1 đã bị thay đổi (thêm chú thích, chữ hoặc hình) sau khi đóng dấu.",
        "Page 1 was changed (a note, text or picture was added) after sealing.",
    ),
    "clock-slow-by-an-hour": Accident(_copy, **_SLOW, clock=-timedelta(hours=1)),
    "clock-slow-by-years": Accident(_copy, **_SLOW, clock=-timedelta(days=3650)),
    "clock-fast-by-decades": Accident(
        _copy,
        "clock-fast",
        "mọi chứng thư số trong tệp đều đã hết hạn",
        "every certificate in the file has expired",
        clock=timedelta(days=11_000),
    ),
}
