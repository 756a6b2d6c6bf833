"""Every phrase that a finding can carry has a Vietnamese row, and every row is used.

The phrases are collected from the source: what is handed to faults, problems and findings. Each
placeholder of an f-string is filled with a sample, which must come back in the Vietnamese.
"""

from __future__ import annotations

import ast
import itertools
import re
import unicodedata
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import pyhanko_certvalidator.validate
import pytest

import ecert
from ecert.model import phrases
from ecert.model.findings import Finding
from ecert.model.phrases import MAX_PHRASE, PHRASES, in_vietnamese

PACKAGE = Path(ecert.__file__).parent
#: modules whose words reach a report
SAYING = [
    *sorted((PACKAGE / "verify").rglob("*.py")),
    PACKAGE / "sandbox" / "box.py",
    *(PACKAGE / "trust" / f"{name}.py" for name in ("usage", "tokens", "paths", "pathcheck")),
    *sorted((PACKAGE / "formats").glob("pdf/*.py")),
    *sorted((PACKAGE / "formats").glob("pades/*.py")),
    *sorted((PACKAGE / "formats").glob("record/*.py")),
    PACKAGE / "formats" / "asn1_bounds.py",
    PACKAGE / "formats" / "ecert1" / "statement.py",
    PACKAGE / "formats" / "ecert1" / "fonts" / "__init__.py",
]
LIBRARY = Path(pyhanko_certvalidator.validate.__file__)
#: call → which argument is a phrase
CALLS = {
    "damaged": 0,
    "StructureFault": 1,
    "CmsFault": 0,
    "CmsUnsupported": 0,
    "CmsOverLimit": 0,
    "_OverLimit": 0,
    "Excess": 0,
    "PathFault": 1,
    "RecordError": 0,
    "_reading": 0,
    "tell": 0,
    "differs": 0,
    "permits": 0,
    "is_unavailable": 0,
    "from_state": 0,
    "forbid": 0,
    "_forbid": 2,
    "_tell": 2,
    "leave_open": 0,
    "NotProven": 0,
    "Contradiction": 0,
}
LISTS = {"faults", "filled"}  # what is appended to these is a phrase
KEYWORDS = {"reason", "what", "version", "gap"}  # of find(), as in model.phrases
VARIABLES = {"reason", "what", "problem", "words"}
ANSWERS = {
    "refuse_document_signing",
    "refuse_time_stamping",
    "token_fault",
    "_format_fault",
    "_doubt",
    "_revocation_doubt",
    "_algorithm_doubt",
    "_more",
    "_incompetence",
    "refuse_issuing",
    "statement_fault",
    "certificate_id_fault",
    "_signed_part_fault",
    "_info_fault",
    "_in_words",
}
PROPERTIES = {"reason"}  # what these return is a phrase too
NOT_REPORTED = {"from_file"}  # functions that read what an office states, not a copy
HANDED_ON = ANSWERS | {"str", "_words"}  # calls whose phrases are collected elsewhere
_DISALLOWED = "the signature of the trust anchor uses the disallowed signature mechanism «1». Reason: "
#: placeholders that stand for phrases → one of them
NESTED = {
    "what": "the CMS structure",  # cms._reading
    "doubt.reason": "its picture cannot be read",
    "fault.reason": "it shows another state than its value",
    "fault": "the digest algorithm md4",  # a CmsUnsupported
    "proc_state.describe_cert()": "the end-entity certificate",
    "whitelist_result.error_message": "The name 'a' of type dns is not allowed",
    "blacklist_result.error_message": "The name 'a' of type dns is not allowed",
}
#: what libraries say, where their source does not hold it in one piece
BORROWED = [
    "unsupported hash type «1»",
    "the end-entity certificate",
    "the trust anchor",
    "intermediate certificate «1»",
    "the signature of the trust anchor uses the disallowed signature mechanism «1»",
    f"{_DISALLOWED}Key size «2» for algorithm «3» is considered too small; policy mandates >= «4»",
    (f"{_DISALLOWED}Digest algorithm «2» is not allowed, which disqualifies the signature mechanism «3» as well"),
]


class Phrase(NamedTuple):
    """A phrase with its samples, and where it is said."""

    text: str
    samples: tuple[str, ...]
    place: str


class _Collector(ast.NodeVisitor):
    def __init__(self, path: Path) -> None:
        own = path.is_relative_to(PACKAGE)
        self.name = path.relative_to(PACKAGE).as_posix() if own else path.name
        self.found: list[Phrase] = []
        self.functions: list[str] = []

    def visit_FunctionDef(self, node: ast.FunctionDef) -> None:
        self.functions.append(node.name)
        self.generic_visit(node)
        self.functions.pop()

    def visit_Call(self, node: ast.Call) -> None:
        function = node.func
        name = function.attr if isinstance(function, ast.Attribute) else ""
        name = function.id if isinstance(function, ast.Name) else name
        if name in CALLS and len(node.args) > CALLS[name]:
            pathed = name == "RecordError" and any(k.arg == "path" for k in node.keywords)
            self.take(node.args[CALLS[name]], path=pathed)
        elif name == "append" and isinstance(function, ast.Attribute):
            holder = function.value
            if isinstance(holder, ast.Attribute) and holder.attr in LISTS:
                self.take(node.args[0])
        if name == "find":
            for keyword in node.keywords:
                if keyword.arg in KEYWORDS:
                    self.take(keyword.value)
        self.generic_visit(node)

    def visit_Assign(self, node: ast.Assign) -> None:
        if any(isinstance(t, ast.Name) and t.id in VARIABLES for t in node.targets):
            self.take(node.value)
        self.generic_visit(node)

    def visit_Return(self, node: ast.Return) -> None:
        if node.value is not None and self.functions and self.functions[-1] in ANSWERS | PROPERTIES:
            value = node.value.elts[0] if isinstance(node.value, ast.Tuple) else node.value
            self.take(value)
        self.generic_visit(node)

    def take(self, node: ast.expr, *, path: bool = False) -> None:
        """Collect the phrases an expression can be; what is not understood fails the test."""
        place = f"{self.name}:{node.lineno}"
        if NOT_REPORTED & set(self.functions):
            return
        for text, samples in _texts(node, place):
            self.found.append(Phrase(text, samples, place))
            if path:
                self.found.append(Phrase(f"original.pages: {text}", samples, place))


def _texts(node: ast.expr, place: str) -> Iterator[tuple[str, tuple[str, ...]]]:
    """Yield every text an expression can be, with the samples its placeholders were given."""
    match node:
        case ast.Constant(str(text)):
            yield text, ()
        case ast.Constant(None):
            return
        case ast.JoinedStr(parts):
            yield from _filled(parts, place)
        case ast.IfExp(body=one, orelse=other):
            yield from _texts(one, place)
            yield from _texts(other, place)
        case ast.Subscript(value=ast.Dict(values=values)) | ast.List(elts=values):
            for value in values:
                yield from _texts(value, place)
        case ast.Starred():  # items that are collected where they are added
            return
        case _:
            if isinstance(node, ast.Call):
                node = node.func
                assert ast.unparse(node) in HANDED_ON, f"{place}: {ast.unparse(node)}"
            # collected where it is assigned, raised or returned
            assert isinstance(node, ast.Name | ast.Attribute), f"{place}: {ast.unparse(node)}"


def _filled(parts: list[ast.expr], place: str) -> Iterator[tuple[str, tuple[str, ...]]]:
    choices: list[list[str]] = []
    samples: list[str] = []
    for part in parts:
        if isinstance(part, ast.Constant):
            choices.append([str(part.value)])
            continue
        assert isinstance(part, ast.FormattedValue)
        source = ast.unparse(part.value)
        if isinstance(part.value, ast.IfExp):  # a plural's ending
            choices.append([text for text, _ in _texts(part.value, place)])
        elif source in NESTED:
            choices.append([NESTED[source]])
        else:
            samples.append(f"«{len(samples) + 1}»")
            choices.append([samples[-1]])
    for pieces in itertools.product(*choices):
        yield "".join(pieces), tuple(samples)


def _collect() -> list[Phrase]:
    found: list[Phrase] = []
    for path in SAYING:
        collector = _Collector(path)
        collector.visit(ast.parse(path.read_text(encoding="utf-8")))
        found += collector.found
    return found


def _collect_library() -> list[Phrase]:
    """Return what certificate path validation says, revocation and attributes left out."""
    collector = _Collector(LIBRARY)
    collector.visit(ast.parse(LIBRARY.read_text(encoding="utf-8")))
    found = []
    for phrase in collector.found:
        if not phrase.text.strip("«1»") or re.search(r"\bAA\b|revocation|OCSP|CRL", phrase.text):
            continue
        text = phrase.text.removeprefix("The path could not be validated because ").rstrip(". ")
        found.append(phrase._replace(text=re.sub("^The ", "the ", text)))
    return found


SAID = _collect()
FROM_LIBRARY = [*_collect_library(), *(Phrase(text, tuple(re.findall("«.»", text)), "library") for text in BORROWED)]
ALL = sorted({p.text: p for p in [*SAID, *FROM_LIBRARY]}.values())


@pytest.mark.parametrize("phrase", ALL, ids=lambda p: f"{p.place} {p.text[:50]}")
def test_every_phrase_is_translated(phrase: Phrase) -> None:
    vietnamese = in_vietnamese(phrase.text)
    assert vietnamese != phrase.text, f"{phrase.place} says {phrase.text!r}: no row in PHRASES"
    for sample in phrase.samples:
        assert sample in vietnamese
    assert "{" not in vietnamese


def test_the_scan_finds_what_it_looks_for() -> None:
    files = {phrase.place.partition(":")[0] for phrase in SAID}
    assert {
        "verify/changes/form.py",
        "verify/content.py",
        "verify/integrity.py",
        "verify/order.py",
        "verify/second_opinion/pages.py",
        "verify/structure.py",
        "verify/validation/signers.py",
        "verify/validation/timestamps.py",
        "verify/case.py",
        "trust/usage.py",
        "trust/tokens.py",
        "trust/paths.py",
        "trust/pathcheck.py",
        "formats/pades/fields.py",
        "formats/pades/cms.py",
        "formats/pades/dss.py",
        "formats/pdf/document.py",
        "formats/record/table.py",
        "formats/record/xml.py",
        "formats/ecert1/statement.py",
    } <= files
    assert len(FROM_LIBRARY) > 15


def test_verify_says_nothing_that_is_not_collected() -> None:
    """A phrase that takes a way into a finding which the scan does not know fails here."""
    collected = {phrase.text for phrase in SAID}
    missed = []
    for path in sorted((PACKAGE / "verify").rglob("*.py")):
        if path.name in ("copy.py", "reporting.py") or path.parent.name == "policies":  # errors and summaries
            continue
        tree = ast.parse(path.read_text(encoding="utf-8"))
        docstrings = {id(n.value) for n in ast.walk(tree) if isinstance(n, ast.Expr)}
        strings = [n for n in ast.walk(tree) if isinstance(n, ast.JoinedStr | ast.Constant)]
        inside = {id(part) for n in strings if isinstance(n, ast.JoinedStr) for part in n.values}
        for node in strings:
            if id(node) in docstrings | inside or not isinstance(getattr(node, "value", ""), str):
                continue
            missed += [
                text
                for text, _ in _texts(node, path.name)
                if re.search(r"[a-z]{2,} [a-z]{2,}|[a-z]{3,} «|» [a-z]{3,}", text) and text not in collected
            ]
    # raised and caught in content.py
    assert missed == ["the picture is not an image", "the picture has no size"]


def test_every_row_is_used(monkeypatch) -> None:
    used: set[str] = set()

    class Recording(dict[str, str]):
        def __getitem__(self, english: str) -> str:
            used.add(english)
            return super().__getitem__(english)

    monkeypatch.setattr(phrases, "PHRASES", Recording(PHRASES))
    for phrase in ALL:
        in_vietnamese(phrase.text)
    assert set(PHRASES) - used == set()


@pytest.mark.parametrize(("english", "vietnamese"), PHRASES.items())
def test_every_row_is_well_formed(english: str, vietnamese: str) -> None:
    places = re.findall(r"{(\w+)}", english)
    assert sorted(places) == sorted(set(re.findall(r"{(\w+)}", vietnamese)))
    assert len(places) == len(set(places))
    assert vietnamese.strip()
    assert vietnamese == unicodedata.normalize("NFC", vietnamese)
    for text in (english, vietnamese):
        assert text == text.strip()
        assert not text.endswith((".", ":", ","))
        assert "  " not in text
    # a sentence goes on in lower case, but for names and abbreviations
    assert vietnamese[0] in "{/«" or vietnamese[0].islower()


def test_the_sentence_of_a_finding_is_vietnamese_and_its_data_stays() -> None:
    what = "the image of page 2 is not the scanned one"
    finding = Finding("pages-differ", {"page": 2}, {"what": what}).to_dict()
    assert finding["data"] == {"what": what}
    assert what in finding["text"]["en"]
    assert finding["text"]["vi"] == (
        "Các trang quét khác với dữ liệu chứng thực: ảnh ở trang 2 không phải là ảnh đã quét."
    )


def test_the_two_fields_of_a_copy_are_named_in_vietnamese() -> None:
    text = Finding("time-not-proven", {"field": "Signer"}).to_dict()["text"]
    assert text["vi"] == "Không có dấu thời gian chứng minh lúc ký «Người ký (Signer)»."
    assert text["en"] == "No time-stamp proves when “Signer” was signed."
    seal = in_vietnamese("the signed field “Seal” was changed (/AP)")
    assert seal == "trường đã ký «Dấu (Seal)» bị thay đổi (/AP)"


@pytest.mark.parametrize(
    ("english", "vietnamese"),
    [
        ("original.pages: is missing", "mục original.pages: thiếu"),
        ("the CMS structure cannot be read (ValueError)", "không đọc được cấu trúc CMS (ValueError)"),
        ("its path cannot be read (ValueError)", "không đọc được chuỗi chứng thư số (ValueError)"),
        ("the digest algorithm md4 is not supported", "không hỗ trợ thuật toán băm md4"),
        ("the sub-filter x is not supported", "không hỗ trợ /SubFilter x"),
        ("object 4 was replaced, which has other uses", "đối tượng 4 bị thay thế trong khi còn được dùng ở chỗ khác"),
        ("the form field “” was added", "trường biểu mẫu «» được thêm vào"),
        ("the form field “a\nb” was added", "trường biểu mẫu «a\nb» được thêm vào"),
        ("the form field “{x}” was added", "trường biểu mẫu «{x}» được thêm vào"),
    ],
)
def test_the_row_that_says_most_is_taken(english: str, vietnamese: str) -> None:
    assert in_vietnamese(english) == vietnamese


@pytest.mark.parametrize(
    "text",
    [
        "",
        "Nguyễn Văn A",
        "CN=A is not a CA",
        "whatever is not supported",
        "a: b",
        "the form field “" + MAX_PHRASE * "a" + "” was added",
        "a: " * 300 + "is missing",
    ],
    ids=range(7),
)
def test_what_has_no_row_stays_as_it_is(text: str) -> None:
    assert in_vietnamese(text) == text
