"""Write what was measured about the kit's attacks into docs/reference/attacks.md and docs/explanation/attacks.md."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from pathlib import Path
from typing import Final

from ecert.testing.specimens import CLASSES, AttackClass, recipes
from tests.judged.attacks import OTHERS, Row, Table, read_table

ROOT: Final = Path(__file__).parent.parent
REFERENCE: Final = ROOT / "docs" / "reference" / "attacks.md"
EXPLANATION: Final = ROOT / "docs" / "explanation" / "attacks.md"
_MARKS: Final = ("<!-- measured: python -m tools.attacks_page -->\n", "<!-- end -->\n")

_JUDGES: Final = {"pyhanko": "pyHanko", "pdfsig": "`pdfsig`", "dss": "DSS", "dss-changes-fail": "DSS, changes fail"}
#: From worst to best for whoever trusts a spoiled file.
_WORDS: Final = ("accepts", "warns", "cannot say", "sees none", "refuses")

#: What is done, class by class.
WHAT: Final[dict[AttackClass, str]] = {
    "control": "nothing, or what is permitted",
    "universal-forgery": "an entry of the signature is removed, emptied or given another type",
    "incremental-saving": "a revision is appended, whole or without the parts that give it away",
    "signature-wrapping": "the signed bytes move elsewhere, something else takes their place",
    "byte-range": "the signature covers less than it seems to",
    "shadow": "content is hidden or exchanged after signing, prepared for it before or not",
    "certification": "annotations, fields and signatures are added; permissions are widened",
    "appearance": "the picture of a signature is exchanged, moved or hidden",
    "field-duplication": "a second field or widget shows a signature of the first",
    "time-stamp": "time-stamps that paint, carry changes along, or belong to other bytes",
    "unsigned-tail": "bytes that no object and no signature accounts for",
    "structure": "cross-reference sections that two readers read differently",
    "cut-back": "later revisions are cut off",
    "record": "the certification record is replaced, renamed, removed or doubled",
    "pages": "scanned pages are exchanged, removed, repeated, turned",
    "roles": "the wrong person, key or order signs and seals",
    "metadata": "title, language, labels, the claim of PDF/A",
    "look-alike": "names that look like others: Cyrillic letters, another tone mark",
    "validation-data": "the validation data is removed, replaced, or serves as an excuse",
    "active-content": "scripts, actions, layers, attachments",
    "foreign-file": "somebody else's signed form is changed beyond what its signature permits",
}


def reference(table: Table) -> str:
    """Return the page with a row for every specimen."""
    lines = [
        "# Attacks, file by file",
        "",
        "Written from `tests/judged/attacks.toml` by `python -m tools.attacks_page`; do not edit here.",
        "What the words mean, and what the attacks are: [What attacks do](../explanation/attacks.md).",
        "`ecert kit make NAME -o FOLDER` makes a file.",
        "",
        _releases(table),
    ]
    for attack in CLASSES:
        names = _names(table, attack)
        if names:
            lines += ["", f"## {attack}", "", f"{WHAT[attack].capitalize()}.", ""]
            lines += _row(["file", "ecert", *_JUDGES.values()])
            lines += _row(["---"] * (2 + len(OTHERS)))
            for name in names:
                lines += _row(_specimen(name, table.rows[name]))
    return "\n".join(lines) + "\n"


def _specimen(name: str, row: Row) -> list[str]:
    """Return the cells of one specimen."""
    codes = ", ".join(f"[`{code}`](findings.md#{code})" for code in row.codes)
    title = recipes()[name].en
    others = [_loud(row.others[judge], name) for judge in OTHERS]
    return [f"`{name}`: {title}", f"{row.ecert} {codes}".rstrip(), *others]


def _loud(opinion: str, name: str) -> str:
    """Set a spoiled file's acceptance in bold."""
    spoiled = recipes()[name].verdict != "VALID"
    return f"**{opinion}**" if spoiled and opinion == "accepts" else opinion


def summary(table: Table) -> str:
    """Return the table with a row for every class."""
    lines = [_releases(table), ""]
    lines += _row(["class", "files", "ecert", *_JUDGES.values()])
    lines += _row(["---"] * (3 + len(OTHERS)))
    for attack in CLASSES:
        rows = [table.rows[name] for name in _names(table, attack)]
        if rows:
            link = f"[{attack}](../reference/attacks.md#{attack}): {WHAT[attack]}"
            said = [_counts((row.word(judge) for row in rows), _WORDS) for judge in OTHERS]
            verdicts = _counts((row.ecert for row in rows), ("VALID", "INDETERMINATE", "INVALID"))
            lines += _row([link, str(len(rows)), verdicts, *said])
    return "\n".join([*lines, "", *_totals(table)]) + "\n"


def _totals(table: Table) -> list[str]:
    """Return how many spoiled files each verifier took without a word."""
    spoiled = [row for name, row in table.rows.items() if recipes()[name].verdict == "INVALID"]
    taken = {judge: sum(row.word(judge) in ("accepts", "warns") for row in spoiled) for judge in OTHERS}
    silent = {judge: sum(row.word(judge) == "accepts" for row in spoiled) for judge in OTHERS}
    lines = [f"Of the {len(spoiled)} files that a receiving office must refuse:", ""]
    for judge in OTHERS:
        said = f"* {_JUDGES[judge]} accepts {taken[judge]}"
        warned = taken[judge] > silent[judge]
        lines.append(f"{said}, {silent[judge]} of them without a word;" if warned else f"{said};")
    missed = sum(all(row.word(judge) == "accepts" for judge in OTHERS) for row in spoiled)
    lines.append(f"* {missed} are accepted by all of these without a word;")
    ours = sum(row.ecert == "INVALID" for row in spoiled)
    return [*lines, f"* ecert refuses {'all' if ours == len(spoiled) else ours}."]


def _names(table: Table, attack: AttackClass) -> list[str]:
    return [n for n, recipe in recipes().items() if recipe.attack == attack and n in table.rows]


def _counts(words: Iterable[str], order: Iterable[str]) -> str:
    """Return "refuses all", or each word with its number."""
    counted = Counter(words)
    if len(counted) == 1:
        return f"{next(iter(counted))} all" if counted.total() > 1 else next(iter(counted))
    return ", ".join(f"{word} {counted[word]}" for word in order if counted[word])


def _releases(table: Table) -> str:
    v = table.versions
    return f"Measured with pyHanko {v['pyhanko']}, poppler {v['pdfsig']} (`pdfsig`) and EU DSS {v['dss']}."


def _row(cells: Iterable[str]) -> list[str]:
    return ["| " + " | ".join(cells) + " |"]


def explanation(table: Table) -> str:
    """Return the hand-written page with today's table in its place."""
    text = EXPLANATION.read_text("utf-8")
    head, _, rest = text.partition(_MARKS[0])
    _, _, tail = rest.partition(_MARKS[1])
    return head + _MARKS[0] + summary(table) + _MARKS[1] + tail


def write() -> None:
    """Write both pages."""
    table = read_table()
    REFERENCE.write_text(reference(table), "utf-8")
    EXPLANATION.write_text(explanation(table), "utf-8")


if __name__ == "__main__":
    write()
