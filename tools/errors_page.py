"""Write docs/reference/errors.md: every code of an error, from the source, with its words in both languages."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from pathlib import Path

from ecert.model.languages import LANGS, Lang
from ecert.words import table
from tools.error_codes import error_classes, error_codes, statuses

PAGE = Path(__file__).parent.parent / "docs" / "reference" / "errors.md"
_HEAD = """\
# Errors

Written from the source and `ecert/words/*/errors.toml` by `make docs`; do not edit here.

Every exception that ecert raises on purpose is an `ecert.EcertError` with a `code`, a stable word for programs, a
`message` that names file and value, and a `hint`. A bad *document* is no error but a result: a report with
[findings](findings.md). The command line prints message and hint, in JSON the code too, and ends with the
[exit status](cli.md#exit-status) of the class; `ecert trust check` ends with 1 where a bundle or list itself is refused
(`bundle-…` and `list-…`, but for `…-without-signer`).

Mỗi lỗi có một mã cố định (`code`), lớp lỗi và trạng thái thoát của dòng lệnh; dưới đây là ý nghĩa và cách xử lý của
từng mã."""
_WAY_OUT = {"vi": "Cách xử lý", "en": "Way out"}


def words(lang: Lang) -> Mapping[str, Mapping[str, str]]:
    """Return code → ``meaning`` and ``way_out`` in a language."""
    return table("errors", lang)


def page() -> str:
    """Return the page's text."""
    codes = error_codes()
    by_class = defaultdict[str, list[str]](list)
    for code, names in codes.items():
        for name in names:
            by_class[name].append(code)
    lines = [_HEAD, "", "| class | exit status | codes |", "|---|---|---|"]
    for name in error_classes():
        links = " · ".join(f"[`{code}`](#{code})" for code in by_class[name])
        lines.append(f"| `{name}` | {statuses([name])} | {links} |")
    told = {lang: words(lang) for lang in LANGS}
    for code, names in codes.items():
        lines += ["", f"## `{code}`", f"{', '.join(f'`{n}`' for n in names)}, exit status {statuses(names)}."]
        for lang in LANGS:
            row = told[lang][code]
            lines += ["", f"> {row['meaning']}", "", f"* **{_WAY_OUT[lang]}:** {row['way_out']}"]
    return "\n".join(lines) + "\n"


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")
