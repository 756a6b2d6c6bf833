"""The tree's types say what its schema says: the same keys, the same that may be missing, the same values."""

from __future__ import annotations

import sys
from pathlib import Path
from types import ModuleType, NoneType, UnionType
from typing import Any, Literal, NotRequired, Union, get_args, get_origin, get_type_hints, is_typeddict

import pytest

import ecert
from ecert.report import ReportContent, content, report_schema

#: A value's shape: what it may be, each a word, a constant, or a container with the shapes of what is in it.
Shape = frozenset[Any]
PLAIN = {str: "string", int: "integer", float: "number", bool: "boolean", NoneType: "null"}
ANYTHING: Shape = frozenset({"anything"})
#: Their types are tables with fixed keys, one value each.
TABLES = {"words", "checks"}


def of_type(found: Any) -> Shape:
    """Return the shape that a type has."""
    origin, args = get_origin(found), get_args(found)
    if found is Any:
        return ANYTHING
    if found in PLAIN:
        return frozenset({PLAIN[found]})
    if origin in (Union, UnionType):
        return frozenset().union(*map(of_type, args))
    if origin is Literal:
        return frozenset(("constant", value) for value in args)
    if origin is list:
        return frozenset({("list", of_type(args[0]))})
    if origin is dict and get_origin(args[0]) is Literal:
        return frozenset({("object", frozenset((key, True, of_type(args[1])) for key in get_args(args[0])))})
    if origin is dict:
        return frozenset({("map", of_type(args[1]))})
    assert is_typeddict(found), found
    return frozenset({("object", frozenset(keys_of(found)))})


def keys_of(found: Any) -> list[tuple[str, bool, Shape]]:
    """Return a TypedDict's keys, each with whether it is always there, and its shape."""
    keys = []
    for key, hint in get_type_hints(found, include_extras=True).items():
        optional = get_origin(hint) is NotRequired or not found.__total__
        inner = get_args(hint)[0] if get_origin(hint) is NotRequired else hint
        keys.append((key, not optional, of_type(inner)))
    return keys


def of_schema(schema: dict[str, Any]) -> Shape:
    """Return the shape that a JSON Schema describes; formats and patterns are its tests' own matter."""
    if "$ref" in schema:
        return of_schema(report_schema()["$defs"][schema["$ref"].rpartition("/")[2]])
    if "anyOf" in schema:
        return frozenset().union(*map(of_schema, schema["anyOf"]))
    if "const" in schema:
        return frozenset({("constant", schema["const"])})
    if "enum" in schema:
        return frozenset("null" if value is None else ("constant", value) for value in schema["enum"])
    kinds = schema["type"] if isinstance(schema["type"], list) else [schema["type"]]
    return frozenset(_of_kind(kind, schema) for kind in kinds)


def _of_kind(kind: str, schema: dict[str, Any]) -> Any:
    if kind == "array":
        return "list", of_schema(schema["items"])
    if kind != "object":
        return kind
    if "properties" not in schema:
        inner = schema["additionalProperties"]
        return "map", ANYTHING if inner is True else of_schema(inner)
    required = schema.get("required", [])
    return "object", frozenset((key, key in required, of_schema(s)) for key, s in schema["properties"].items())


def parts() -> dict[str, Any]:
    """Return the types of the tree's parts by name."""
    return {name: value for name, value in vars(content).items() if is_typeddict(value) and name != "ReportContent"}


DEFINITIONS = {
    name: schema for name, schema in report_schema()["$defs"].items() if "properties" in schema and name not in TABLES
}


def class_name(definition: str) -> str:
    return "".join(map(str.capitalize, definition.split("_"))) + "Part"


@pytest.mark.parametrize("definition", DEFINITIONS)
def test_every_definition_of_the_schema_has_a_type_of_its_name_and_shape(definition: str):
    assert of_type(parts()[class_name(definition)]) == of_schema(DEFINITIONS[definition])


def test_the_whole_tree_has_the_schemas_shape():
    assert of_type(ReportContent) == of_schema(report_schema())


def test_no_type_stands_outside_the_tree():
    def reached(found: Any) -> set[str]:
        names = {found.__name__} if is_typeddict(found) else set()
        inner = get_type_hints(found).values() if is_typeddict(found) else get_args(found)
        return names.union(*map(reached, inner))

    assert set(parts()) == reached(ReportContent) - {"ReportContent"}


@pytest.mark.parametrize(
    ("honest", "spoiled"),
    [
        ("proof_until: str | None", "proof_until: str"),
        ('covers: Literal["whole-file", ', "covers: Literal["),
        ('told_by: NotRequired[Literal["folder"]]', 'told_by: Literal["folder"]'),
        ("    sub_filter: str | None\n", ""),
        ("    names_certificate: bool\n", "    names_certificate: bool\n    unknown: bool\n"),
    ],
)
def test_every_difference_is_seen(honest: str, spoiled: str, monkeypatch: pytest.MonkeyPatch):
    source = Path(content.__file__).read_text(encoding="utf-8")
    assert source.count(honest) == 1
    module = ModuleType("spoiled")
    monkeypatch.setitem(sys.modules, module.__name__, module)  # where its types' names are looked up
    exec(compile(source.replace(honest, spoiled), module.__name__, "exec"), vars(module))
    assert of_type(vars(module)["ReportContent"]) != of_schema(report_schema())


def test_a_misspelt_key_does_not_type_check():
    """A type checker says so: it complains of an ignored error that is none."""
    document = ecert.verify_copy(b"").content["document"]
    with pytest.raises(KeyError):
        document["nam"]  # type: ignore[typeddict-item]
