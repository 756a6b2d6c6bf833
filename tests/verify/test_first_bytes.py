"""What a file is by its first bytes: told to people, never a reason to accept anything."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ecert.verify.first_bytes import kind_of


@given(st.binary(max_size=200))
def test_any_bytes_have_a_kind_or_none(data: bytes) -> None:
    assert kind_of(b"%PDF-" + data) is None
    assert (kind_of(data) == "empty") == (not data)


@pytest.mark.parametrize(
    ("data", "kind"),
    [
        (b"%P", "cut-off"),
        (b"\x00\r\n \x00", "cut-off"),
        (b"PK\x03\x04" + bytes(26) + b"ban-sao.pdf", "archive"),
        (b"PK\x03\x04" + bytes(26) + b"_rels/.rels", "office-file"),
        (b"{\\rtf1", "office-file"),
        (b"RIFF\x00\x00\x00\x00WEBPVP8 ", "picture"),
        (b"RIFF\x00\x00\x00\x00WAVEfmt ", None),
        (b"\x00\x00\x00\x18ftypmp42", None),
        (b"HTTP/1.1 302 Found\r\n", "web-page"),
        (b'<?xml version="1.0"?><html xmlns="x">', "web-page"),
        (b'<?xml version="1.0"?><HDon>', "xml-file"),
        (b"  <HTML>", "web-page"),
        (b"{not json", None),
        (b"hello", None),
    ],
)
def test_kinds(data: bytes, kind: str | None) -> None:
    assert kind_of(data) == kind
