"""``ecert demo``: the whole story on one screen, from nothing."""

from __future__ import annotations

import shlex
import sys
import textwrap
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import click

from ecert.cli import options
from ecert.cli.session import Session
from ecert.cli.words import megabytes

WIDTH = 92  # characters, as in the report

_STORY: dict[str, dict[str, str]] = {
    "vi": {
        "title": "Một văn phòng giả định chứng thực bản sao điện tử. Mọi khóa đều là khóa dùng thử; không cần mạng.",
        "office": "Lập văn phòng: tổ chức cấp chứng thư, khóa của người ký và của con dấu, dịch vụ "
        "dấu thời gian, OCSP, CRL",
        "scan": "{officer} đối chiếu và quét bản chính, {pages} trang, {size} → scan/, record.toml",
        "prepare": "Lập bản dự thảo PDF/A-3b có lời chứng → draft.pdf",
        "sign": "{certifier}, {title}, ký số, có dấu thời gian → signed.pdf",
        "seal": "{body} đóng dấu số mức B-LTA, {size} → certified.pdf",
        "verify": "Người nhận kiểm tra certified.pdf, không cần mạng → report.txt, report.json",
        "tamper": "Kẻ gian sửa 120,5 m² thành 520,5 m² trên trang 1 → tampered.pdf; kiểm tra lại",
        "seconds": "{n}\u00a0giây",
        "VALID": "HỢP LỆ",
        "INVALID": "KHÔNG HỢP LỆ",
        "next": "Thử tiếp (lệnh cuối chỉ dùng được trong ngày, vì lời chứng ghi ngày hôm nay):",
    },
    "en": {
        "title": "A fictitious office certifies an electronic copy. Every key is a throwaway; no network is needed.",
        "office": "Found an office: certification authority, keys of signer and seal, time-stamps, OCSP, CRL",
        "scan": "{officer} compares and scans the original, {pages} pages, {size} → scan/, record.toml",
        "prepare": "Prepare the draft, PDF/A-3b with its statement → draft.pdf",
        "sign": "{certifier}, {title}, signs; time-stamped → signed.pdf",
        "seal": "{body} seals at level B-LTA, {size} → certified.pdf",
        "verify": "Anybody verifies certified.pdf, without network → report.txt, report.json",
        "tamper": "A forger turns 120,5 m² into 520,5 m² on page 1 → tampered.pdf; verify again",
        "seconds": "{n}\u00a0s",
        "VALID": "VALID",
        "INVALID": "INVALID",
        "next": "Try next (the last one works today only: the record bears today's date):",
    },
}


@click.command(short_help="Try it all with a throwaway office.")
@click.argument("folder", type=options.FILE, default="ecert-demo", metavar="[DIR]")
@click.option("--force", is_flag=True, help="Replace the files of an earlier demo in DIR.")
@options.with_session
def demo(session: Session, folder: Path, force: bool) -> int:
    """Show it all: a throwaway office certifies a drawn scan into DIR (default ecert-demo).

    Needs no settings, no keys and no network. Leaves the copy of each stage, its report, a forged
    copy, and the anchors to verify with.
    """
    from ecert.testing.demo import make_demo

    story = _STORY[session.lang]
    number = 0

    def tell(step: str, seconds: float, facts: Mapping[str, Any]) -> None:
        nonlocal number
        number += 1
        if session.quiet:
            return
        told = dict(facts)
        if "size" in told:
            told["size"] = megabytes(told["size"], session.lang)
        took = f"{seconds:.2f}".replace(".", "," if session.lang == "vi" else ".")
        took = story["seconds"].format(n=took)
        session.print(_wrapped(f"{number}. {story[step].format_map(told)} ({took})"))
        if "report" in facts:
            report = facts["report"]
            verdict = f"{story[report.verdict]}: {_reason(report, session.lang)}"
            session.print("   " + _wrapped(verdict))
        sys.stdout.flush()

    if not session.quiet:
        session.print(textwrap.fill(story["title"], WIDTH) + "\n")
    make_demo(folder, tell=tell, lang=session.lang, force=force)
    if session.quiet:
        session.print(str(folder))
        return 0
    place = shlex.quote(str(folder))
    session.print(f"\n{story['next']}")
    session.print(f"  ecert verify {place}/certified.pdf --trust {place}/anchors")
    session.print(f"  ecert verify {place}/tampered.pdf --trust {place}/anchors")
    session.print(f"  ecert inspect {place}/certified.pdf")
    session.print(
        f"  ecert certify {place}/scan/*.jpg --record {place}/record.toml "
        f"--config {place}/ecert.toml --level B-B -o ban-sao.pdf"
    )
    return 0


def _wrapped(text: str) -> str:
    return textwrap.fill(text, WIDTH, subsequent_indent="   ", break_on_hyphens=False)


def _reason(report: Any, lang: str) -> str:
    """Return the sentence that says most: of a forgery what was changed, else the summary."""
    content = report.to_dict()
    for finding in content["findings"]:
        if finding["code"] == "pages-differ":
            return str(finding["text"][lang])
    return str(content["summary"][lang])
