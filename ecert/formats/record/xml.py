"""``ecert-record.xml``: the record as XML, its schema, and the way back.

XML and dictionary are the same tree: an element a key, repeated elements a list, text by the
schema's type. Reading loads no DTD and no entity and asks no network.
"""

from __future__ import annotations

from collections.abc import Mapping
from html import escape
from threading import local
from typing import Any

from lxml import etree

from ecert.errors import Reason, RecordError
from ecert.formats.record.fields import CopyRecord
from ecert.model.files import packaged

RECORD_NAMESPACE = "urn:ecert:record:1"
RECORD_FILE_NAME = "ecert-record.xml"

MAX_DIGITS = 18  # of a whole number: the library refuses thousands in an error of its own
#: order of the elements, as in the schema
_ORDER = {
    "record": (
        "format",
        "profile",
        "language",
        "level",
        "template",
        "id",
        "replaces",
        "verify_at",
        "number",
        "series",
        "book",
        "date",
        "original",
        "body",
        "certifier",
        "officer",
        "capture",
        "pages",
    ),
    "original": ("title", "pages", "kind", "number", "issuer", "date"),
    "body": ("name", "parent", "identifiers"),
    "certifier": ("name", "title", "capacity", "legal_basis", "delegation"),
    "delegation": ("decision", "scope", "valid_from", "valid_to"),
    "officer": ("name", "confirms"),
    "capture": ("device", "software", "time"),
    "pages": (
        "width",
        "height",
        "dpi_x",
        "dpi_y",
        "orientation",
        "colour",
        "bits",
        "encoding",
        "inverted",
        "predictor",
        "black_is_1",
        "reencoded",
        "alpha_flattened",
        "sha256",
        "palette_sha256",
        "profile_sha256",
    ),
}
_LISTS = {"replaces": "record", "identifiers": "body", "confirms": "officer", "pages": "record"}
_INTEGERS = {"number": "record", "width": "pages", "height": "pages", "orientation": "pages", "bits": "pages"}
_NUMBERS = {"dpi_x", "dpi_y"}
_FLAGS = {"inverted", "predictor", "black_is_1", "reencoded", "alpha_flattened"}


def write_record_xml(record: CopyRecord) -> bytes:
    """Return the record as XML: UTF-8, two spaces of indentation, always the same bytes."""
    lines = ['<?xml version="1.0" encoding="UTF-8"?>', f'<record xmlns="{RECORD_NAMESPACE}">']
    _write_children(lines, "record", record.to_dict(), 1)
    return ("\n".join([*lines, "</record>"]) + "\n").encode()


def _write_children(lines: list[str], name: str, values: Mapping[str, Any], depth: int) -> None:
    indent = "  " * depth
    for key in _ORDER[name]:
        if key not in values:
            continue
        value = values[key]
        for item in value if isinstance(value, list) else [value]:
            if isinstance(item, Mapping):
                lines.append(f"{indent}<{key}>")
                _write_children(lines, key, item, depth + 1)
                lines.append(f"{indent}</{key}>")
            else:
                lines.append(f"{indent}<{key}>{escape(_text(item), quote=False)}</{key}>")


def _text(value: Any) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float):
        return f"{value:.3f}".rstrip("0").rstrip(".")
    return str(value)


def read_record_xml(data: bytes) -> CopyRecord:
    """Read ``ecert-record.xml``, checked against the schema.

    Raises:
        RecordError: it is not XML, not valid against the schema, or a field is impossible.
            ``code`` is ``record-too-new`` where only the version is unknown.
    """
    return CopyRecord.from_dict(read_values(data, root="record"))


def read_values(data: bytes, *, root: str) -> dict[str, Any]:
    """Return the plain values of a record in XML, valid against the packaged schema.

    Raises:
        RecordError: it is not XML, or not valid.
    """
    parser = etree.XMLParser(
        resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False, remove_comments=True, remove_pis=True
    )
    try:
        tree = etree.fromstring(data, parser)
    except (etree.XMLSyntaxError, ValueError) as exc:
        raise RecordError(Reason("record.not-well-formed", error=str(exc))) from exc
    if tree.getroottree().docinfo.internalDTD is not None:
        raise RecordError(Reason("record.document-type"))
    space, _, name = str(tree.tag).rpartition("}")
    if name == root and space != "{" + RECORD_NAMESPACE:
        raise RecordError(Reason("record.namespace", namespace=f"{space[1:]!r}"), code="record-too-new")
    if name != root:
        raise RecordError(Reason("record.root-element", found=f"{name!r}", wanted=f"{root!r}"))
    schema = _own.schema
    if not schema.validate(tree):
        error = str(schema.error_log).splitlines()[0].rpartition(": ")[2]
        raise RecordError(Reason("record.schema", error=error))
    return _read_children(tree, "record")


def _read_children(element: etree._Element, name: str) -> dict[str, Any]:
    values: dict[str, Any] = {}
    for child in element:
        key = etree.QName(child).localname
        value = _read_children(child, key) if len(child) else _value(key, name, child.text or "")
        if _LISTS.get(key) == name:
            values.setdefault(key, []).append(value)
        else:
            values[key] = value
    return values


def _value(key: str, parent: str, text: str) -> Any:
    if key in _FLAGS:
        return text == "true"
    if key in _NUMBERS:
        return float(text)
    if _INTEGERS.get(key) == parent or (key == "pages" and parent == "original"):
        if len(text) > MAX_DIGITS:
            raise RecordError(Reason("record.too-many-digits", count=len(text), most=MAX_DIGITS), path=key)
        return int(text)
    return text


class _Own(local):
    """What each thread has for itself: a schema that two validate with at once may never come to an end."""

    def __init__(self) -> None:
        self.schema = etree.XMLSchema(etree.fromstring(packaged("formats/record/ecert-record-1.xsd")))


_own = _Own()
