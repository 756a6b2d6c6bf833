"""What a file is that is no PDF, by its first bytes: people hand in what a phone, a portal or a mailbox gave them."""

from __future__ import annotations

import re
from typing import Literal

FileKind = Literal["empty", "cut-off", "archive", "office-file", "picture", "web-page", "xml-file"]

_HEAD = 4096  # bytes that are looked at
#: what an OOXML or OpenDocument file has among its first names: both are ZIP archives
_OFFICE_NAMES = (b"[Content_Types].xml", b"_rels/.rels", b"mimetypeapplication/vnd.oasis", b"word/", b"xl/", b"ppt/")
_STARTS: tuple[tuple[bytes, FileKind], ...] = (
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "office-file"),  # OLE2: Word and Excel up to 2003
    (b"{\\rtf", "office-file"),
    (b"Rar!\x1a\x07", "archive"),
    (b"7z\xbc\xaf\x27\x1c", "archive"),
    (b"\x1f\x8b", "archive"),
    (b"\xff\xd8\xff", "picture"),  # JPEG
    (b"\x89PNG", "picture"),
    (b"GIF8", "picture"),
    (b"II*\x00", "picture"),  # TIFF
    (b"MM\x00*", "picture"),
    (b"BM", "picture"),
)
_PICTURE_BRANDS = (b"heic", b"heix", b"mif1", b"msf1", b"avif", b"jxl ", b"jp2 ")  # of ISO 14496-12
_WEB_PAGE = re.compile(rb"<!doctype\s+html|<html|<head|<body|<script|HTTP/1\.", re.IGNORECASE)
_MESSAGE = re.compile(rb'\{\s*"')  # JSON: what a service says instead of the file
_PDF = b"%PDF-"


def kind_of(data: bytes) -> FileKind | None:
    """Return what a file that should be a PDF is instead; None: a PDF, or nobody knows."""
    if not data:
        return "empty"
    head = data[:_HEAD]
    if head.startswith(_PDF):
        return None
    if _PDF.startswith(head) or not data.strip(b"\x00\t\r\n "):
        return "cut-off"  # broken off at once, or room that was never filled
    if head.startswith(b"PK\x03\x04"):
        return "office-file" if any(name in head for name in _OFFICE_NAMES) else "archive"
    if head.startswith(b"RIFF") and head[8:12] == b"WEBP":
        return "picture"
    if head[4:8] == b"ftyp" and head[8:12] in _PICTURE_BRANDS:
        return "picture"
    for start, kind in _STARTS:
        if head.startswith(start):
            return kind
    text = head.removeprefix(b"\xef\xbb\xbf").lstrip()
    if _WEB_PAGE.match(text) or _MESSAGE.match(text):
        return "web-page"
    if text.startswith(b"<?xml"):
        return "web-page" if _WEB_PAGE.search(text) else "xml-file"
    return None
