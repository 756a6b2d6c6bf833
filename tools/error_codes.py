"""Find in the source every code of an error, and the classes that are raised with it."""

from __future__ import annotations

import ast
from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from functools import cache, cached_property
from pathlib import Path
from typing import get_args

import ecert
from ecert.errors import EcertError
from ecert.formats.pdf.faults import FaultCode
from ecert.report import VerificationError

ROOT = Path(__file__).parent.parent
PACKAGE = ROOT / "ecert"

#: exceptions that carry a code to where the error is raised: the class of that error
_CARRIERS: Mapping[str, str] = {"Fault": "ServiceError"}
#: what else has a ``code=``: an XML attribute, a value in a reason, and the classes' own constructors
_OTHERS = frozenset({"add", "Reason", "__init__"})
#: exceptions whose codes are findings, and become an error's where the document is only looked into
_FINDINGS: Mapping[str, tuple[str, ...]] = {"StructureFault": get_args(FaultCode)}


def error_classes() -> dict[str, type[EcertError]]:
    """Return every public class by name, the base first, each before those below it."""
    public = [value for name in ecert.__all__ if isinstance(value := getattr(ecert, name), type)]

    def below(found: type[EcertError]) -> Iterator[type[EcertError]]:
        if found in public:
            yield found
        for each in found.__subclasses__():
            yield from below(each)

    return {each.__name__: each for each in below(EcertError)}


def error_codes() -> dict[str, list[str]]:
    """Return code → the names of the public classes it is raised with, both sorted.

    A code is read where it is written: a literal, a constant of a module, or what a function of the same module is
    called with. Where it can be read nowhere an ``AssertionError`` names the line.
    """
    modules = [_Module.read(path) for path in sorted(PACKAGE.rglob("*.py"))]
    kinds = _kinds(modules)
    kinds |= {name: _Kind.of(error_classes()[raised]) for name, raised in _CARRIERS.items()}
    found: defaultdict[str, set[str]] = defaultdict(set)
    for module in modules:
        for call in module.calls:
            called = module.called(call)
            given = next((k.value for k in call.keywords if k.arg == "code"), None)
            if kind := kinds.get(called):
                for code in module.words(given, kinds) if given is not None else [None]:
                    found[code or kind.code].add(kind.public)
            elif given is not None and called not in _OTHERS | module.functions:
                raise module.unreadable(call)
    return {code: sorted(found[code]) for code in sorted(found)}


@dataclass(frozen=True)
class _Kind:
    """What is raised: its own code, and the public class that it is."""

    code: str
    public: str

    @classmethod
    def of(cls, found: type[EcertError]) -> _Kind:
        return cls(found.default_code, found.__name__)


def _kinds(modules: list[_Module]) -> dict[str, _Kind]:
    """Return every class of an error by name; one that is not public stands for the public one above it."""
    kinds = {name: _Kind.of(found) for name, found in error_classes().items()}
    classes = [node for module in modules for node in ast.walk(module.tree) if isinstance(node, ast.ClassDef)]
    before = 0
    while before < len(kinds):
        before = len(kinds)
        for node in classes:
            above = [kinds[name] for base in node.bases if (name := ast.unparse(base).rpartition(".")[2]) in kinds]
            if above and node.name not in kinds:
                own = [n.value for n in node.body if isinstance(n, ast.Assign) and _is_named(n, "default_code")]
                code = ast.literal_eval(own[0]) if own else above[0].code
                kinds[node.name] = _Kind(code, above[0].public)
    return kinds


def _is_named(node: ast.Assign, name: str) -> bool:
    return any(isinstance(target, ast.Name) and target.id == name for target in node.targets)


@dataclass(frozen=True, eq=False)
class _Module:
    path: Path
    tree: ast.Module

    @classmethod
    @cache
    def read(cls, path: Path) -> _Module:
        return cls(path, ast.parse(path.read_text(encoding="utf-8")))

    @cached_property
    def parents(self) -> dict[ast.AST, ast.AST]:
        return {child: node for node in ast.walk(self.tree) for child in ast.iter_child_nodes(node)}

    @cached_property
    def calls(self) -> list[ast.Call]:
        return [node for node in ast.walk(self.tree) if isinstance(node, ast.Call)]

    @cached_property
    def functions(self) -> set[str]:
        """Return the names of the module's own functions, which hand on what they are given."""
        return {node.name for node in self.tree.body if isinstance(node, ast.FunctionDef)}

    @staticmethod
    def called(call: ast.Call) -> str:
        """Return the name that is called, without what stands before its last dot."""
        return ast.unparse(call.func).rpartition(".")[2]

    def words(self, value: ast.expr, kinds: Collection[str]) -> Iterator[str | None]:
        """Yield every code that an expression can be; None is the class's own."""
        match value:
            case ast.Constant(value=str() | None as word):
                yield word
            case ast.IfExp(body=body, orelse=other):
                yield from self.words(body, kinds)
                yield from self.words(other, kinds)
            case ast.Name(id=name):
                yield from self._named(name, value, kinds)
            case ast.Call(func=ast.Name(id=name)):
                for node in ast.walk(self._function(name)):
                    if isinstance(node, ast.Return) and node.value is not None:
                        yield from self.words(node.value, kinds)
            case ast.Attribute(value=ast.Name(id=holder), attr="code"):
                yield from self._passed_on(holder, value, kinds)
            case _:
                raise self.unreadable(value)

    def _named(self, name: str, at: ast.AST, kinds: Collection[str]) -> Iterator[str | None]:
        """Yield what a name stands for: a parameter, a variable, what a loop goes through, or a constant."""
        for above in self._above(at):
            if isinstance(above, ast.FunctionDef):
                arguments = [a.arg for a in (*above.args.posonlyargs, *above.args.args)]
                if name in arguments:
                    yield from self._given(above.name, name, arguments.index(name), kinds)
                    return
                set_here = [n for n in ast.walk(above) if isinstance(n, ast.Assign) and _is_named(n, name)]
                for node in set_here:
                    yield from self.words(node.value, kinds)
                if set_here:
                    return
            if isinstance(above, ast.For) and isinstance(above.target, ast.Tuple) and isinstance(above.iter, ast.Name):
                names = [ast.unparse(each) for each in above.target.elts]
                rows = self._constant(above.iter.id)
                if name in names and isinstance(rows, ast.Tuple):
                    for row in rows.elts:
                        assert isinstance(row, ast.Tuple)
                        yield from self.words(row.elts[names.index(name)], kinds)
                    return
        constant = self._constant(name)
        if constant is None:
            raise self.unreadable(at)
        yield from self.words(constant, kinds)

    def _given(self, function: str, name: str, place: int, kinds: Collection[str]) -> Iterator[str | None]:
        for call in self.calls:
            if self.called(call) == function:
                given = [k.value for k in call.keywords if k.arg == name] or call.args[place : place + 1]
                if not given:
                    raise self.unreadable(call)
                yield from self.words(given[0], kinds)

    def _constant(self, name: str) -> ast.expr | None:
        """Return the value of a constant of this module, or of the module that it is imported from."""
        for node in self.tree.body:
            if isinstance(node, ast.Assign) and _is_named(node, name):
                return node.value
            if isinstance(node, ast.AnnAssign) and isinstance(node.target, ast.Name) and node.target.id == name:
                return node.value
            if isinstance(node, ast.ImportFrom) and node.module and any(a.name == name for a in node.names):
                path = ROOT.joinpath(*node.module.split("."))
                path = path / "__init__.py" if path.is_dir() else path.with_suffix(".py")
                return _Module.read(path)._constant(name) if path.exists() else None
        return None

    def _passed_on(self, holder: str, at: ast.AST, kinds: Collection[str]) -> Iterator[str | None]:
        """Yield the codes that another exception brings; one of ours brings none that is not found elsewhere."""
        kind = next(filter(None, (self._kind(holder, above) for above in self._above(at))), "")
        if kind in _FINDINGS:
            yield from _FINDINGS[kind]
        elif kind not in kinds:
            raise self.unreadable(at)

    @staticmethod
    def _kind(name: str, above: ast.AST) -> str:
        """Return the class that a name has within a handler or function, or nothing."""
        if isinstance(above, ast.ExceptHandler) and above.name == name and above.type is not None:
            return ast.unparse(above.type).rpartition(".")[2]
        if isinstance(above, ast.FunctionDef):
            hints = {a.arg: a.annotation for a in (*above.args.posonlyargs, *above.args.args)}
            hint = hints.get(name)
            return ast.unparse(hint).rpartition(".")[2] if hint is not None else ""
        return ""

    def _function(self, name: str) -> ast.FunctionDef:
        return next(n for n in self.tree.body if isinstance(n, ast.FunctionDef) and n.name == name)

    def _above(self, node: ast.AST) -> Iterator[ast.AST]:
        while node in self.parents:
            node = self.parents[node]
            yield node

    def unreadable(self, at: ast.AST) -> AssertionError:
        place = f"{self.path.relative_to(ROOT)}:{getattr(at, 'lineno', '?')}"
        return AssertionError(f"{place}: {ast.unparse(at)}: no code can be read here; see tools/error_codes.py")


def statuses(names: list[str]) -> str:
    """Return the exit statuses of some classes, such as ``4 or 6``."""
    found = {each for name in names for each in _status(error_classes()[name])}
    return " or ".join(map(str, sorted(found)))


def _status(found: type[EcertError]) -> tuple[int, ...]:
    return (1, 3) if found is VerificationError else (found.exit_status,)  # by the report's verdict
