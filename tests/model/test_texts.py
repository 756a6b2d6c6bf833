"""PEM and TOML are read in one pass, whatever they hold."""

from __future__ import annotations

import base64

import pytest

from ecert.model.limits import MAX_TOML_KEY_PARTS
from ecert.model.pem import decode_pem, pem_blocks
from ecert.model.toml import read_toml


def block(label: bytes, der: bytes, end: bytes | None = None) -> bytes:
    text = base64.encodebytes(der)
    return b"-----BEGIN %s-----\n%s-----END %s-----\n" % (label, text, label if end is None else end)


def test_blocks_of_a_file() -> None:
    data = b"text\n" + block(b"CERTIFICATE", b"one") + b"text" + block(b"X509 CRL", b"two")
    assert [(k, decode_pem(v)) for k, v in pem_blocks(data)] == [(b"CERTIFICATE", b"one"), (b"X509 CRL", b"two")]


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"-----BEGIN CERTIFICATE-----\n" * 1000,
        b"-----BEGIN " * 1000 + b"-----END ",
        block(b"A", b"one", end=b"B"),
        b"-----END A-----" * 100,
        b"-----BEGIN " + b"A" * 500 + b"-----\nAAAA\n-----END " + b"A" * 500 + b"-----",
    ],
)
def test_what_is_no_block(data: bytes) -> None:
    assert list(pem_blocks(data)) == []


def test_a_block_stands_after_beginnings_that_do_not_end() -> None:
    data = b"-----BEGIN B-----\n" * 50 + block(b"A", b"one")
    assert [(k, decode_pem(v)) for k, v in pem_blocks(data)] == [(b"A", b"one")]


@pytest.mark.parametrize("text", [b"", b"AAA", b"AA=A", b"A:B", "Ầ".encode()])
def test_a_text_that_is_no_base64(text: bytes) -> None:
    assert decode_pem(text) is None


def dotted(parts: int, part: str = "a") -> str:
    return ".".join([part] * parts)


@pytest.mark.parametrize("part", ["a", '"="', "'.'", '"\\""', "-_9"])
@pytest.mark.parametrize("form", ["{} = 1", "[{}]", "[[{}]]", "x = {{y = 1, {} = 1}}", "x = [{{ {} = 1 }}]"])
def test_keys_of_many_parts(part: str, form: str) -> None:
    read_toml(form.format(dotted(MAX_TOML_KEY_PARTS, part)))
    for joint in (".", " . ", "\t.  "):
        with pytest.raises(ValueError, match="parts"):
            read_toml("a.b = 1\n" + form.format(joint.join([part] * (MAX_TOML_KEY_PARTS + 1))))


@pytest.mark.parametrize(
    "text",
    [
        f'a = "{"." * 500}"',
        f"a = '{dotted(400, 'word')}'",
        f'a = "{"Điều 1. Khoản 2. " * 100}"',
        f"# {dotted(20)} {'. ' * 300}",
        f"a = [{'1.5, ' * 300}]",
        "a = 1.5\n" * 0 + "\n".join(f"k{i} = 0.5" for i in range(500)),
        f'a = """\n{"một câu. hai câu. " * 100}\n"""',
    ],
)
def test_dots_that_join_nothing(text: str) -> None:
    assert "a" in read_toml(text) or "k1" in read_toml(text) or text.startswith("#")
