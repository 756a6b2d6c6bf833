"""The report in words: what an officer reads aloud is no more than what was proven."""

from __future__ import annotations

import io
from collections.abc import Callable
from typing import Any

import pytest
from lxml import etree
from PIL import Image

import ecert
from ecert.model.audiences import AUDIENCES, Audience
from ecert.model.languages import Lang
from ecert.report import Report
from ecert.testing import make
from tests.kit import Desk

Reports = Callable[[str], Report]


@pytest.mark.parametrize(
    ("lang", "proven"), [("vi", "đã được dấu thời gian xác nhận"), ("en", "confirmed by a time-stamp")]
)
def test_a_time_is_proven_only_by_an_authority_that_counts(desk: Desk, lang: str, proven: str):
    data = desk.copy.to_bytes()
    trusted, alone = (
        " ".join(ecert.verify_copy(data, trust=trust).to_text(lang).split())  # lines are wrapped
        for trust in (desk.office.trust, None)
    )
    assert trusted.count(proven) == 3  # signer, seal and archive time-stamp
    assert proven not in alone


def test_nothing_from_a_file_leaves_its_line(desk: Desk):
    """A name on disk, or in a certificate, may hold line ends, terminal commands and turned text."""
    report = ecert.verify_copy(desk.copy.to_bytes())
    content: Any = report.to_dict() | {
        "document": {**report.content["document"], "name": "a\nVERDICT: VALID\x1b[31m\u202egpj.pdf"}
    }
    text = ecert.Report(report.verdict, report.findings, content).to_text("en")
    assert "File: a VERDICT: VALID[U+001B][31m[U+202E]gpj.pdf" in text.splitlines()
    assert not set("\x1b\u202e") & set(text)


def flat(report: Report, lang: str) -> str:
    """Return the text without its line breaks."""
    return " ".join(report.to_text(lang).split())


def shown(report: Report, lang: str) -> str:
    """Return the words of the page."""
    return str(etree.fromstring(report.to_html(lang).encode()).xpath("string(body)"))


NO_REGISTRY = {
    "vi": "Chưa kiểm tra: người ký có thẩm quyền tại cơ quan này vào ngày đó hay không (không có danh mục cơ quan và "
    "người có thẩm quyền chứng thực).",
    "en": "Not checked: whether this person could certify for this body on that day (no registry was given).",
}


@pytest.mark.parametrize("lang", ["vi", "en"])
def test_a_valid_copy_says_that_nobody_asked_about_competence(desk: Desk, report_of: Reports, lang: str):
    assert NO_REGISTRY[lang] in flat(report_of("level-B-LTA"), lang)
    for other in ("untrusted", "no-seal", "signatures", "draft", "signed"):
        assert NO_REGISTRY[lang] not in flat(report_of(other), lang)


@pytest.mark.parametrize("form", ["text", "html"])
def test_lasting_evidence_is_told_of_valid_files_with_a_time_stamp_alone(desk: Desk, report_of: Reports, form: str):
    def told(report: Report) -> str:
        if form == "text":
            return flat(report, "en")
        return shown(report, "en")

    holds, none = "this file can be verified by what it holds itself", "The file does not hold what it takes"
    never = "This is not an expiry date of the copy."
    assert holds in told(report_of("level-B-LTA"))
    assert holds in told(report_of("level-B-T-if-present"))
    bare = report_of("level-B-B-if-present")
    assert bare.verdict == "VALID"
    name = bare.to_dict()["proof_limit"]["name"]
    assert f", when the certificate of {name} expires, its signatures are hard to verify. {never}" in told(bare)
    assert never in told(report_of("level-B-LTA"))
    assert holds not in told(bare)
    for situation in ("untrusted", "no-seal", "level-B-B", "draft", "no-pdf"):
        assert holds not in told(report_of(situation)), situation
        assert none not in told(report_of(situation)), situation


@pytest.mark.parametrize("audience", AUDIENCES)
@pytest.mark.parametrize("lang", ["vi", "en"])
def test_only_what_decided_the_verdict_comes_with_what_to_do(
    desk: Desk, report_of: Reports, lang: Lang, audience: Audience
):
    """Under a refusal “nothing needs to be done” would contradict it."""
    for situation, deciding in (("no-seal", "error"), ("level-B-B", "unknown"), ("level-B-B-if-present", "warning")):
        report = report_of(situation)
        findings = report.to_dict()["findings"]
        assert deciding in {f["severity"] for f in findings}
        text = " ".join(report.to_text(lang, audience=audience).split())
        page = str(etree.fromstring(report.to_html(lang, audience=audience).encode()).xpath("string(body)"))
        wanted = [f for f in findings if f["severity"] == deciding]
        others = [f for f in findings if f["severity"] != deciding]
        for finding in wanted:
            assert finding["remedy"][audience][lang] in text
            assert finding["remedy"][audience][lang] in page
        for finding in others:
            assert finding["text"][lang] in page
        kept = {f["remedy"][audience][lang] for f in wanted}
        for remedy in {f["remedy"][who][lang] for f in others for who in AUDIENCES} - kept:
            assert remedy not in text
            assert remedy not in page


@pytest.mark.parametrize("lang", ["vi", "en"])
def test_the_page_tells_both_audiences_and_the_citizen_first(report_of: Reports, lang: Lang):
    report = report_of("no-seal")
    remedy = report.to_dict()["findings"][0]["remedy"]
    page = shown(report, lang)
    assert 0 < page.index(remedy["citizen"][lang]) < page.index(remedy["desk"][lang])
    assert remedy["citizen"][lang] not in report.to_html(lang, audience="desk")
    assert remedy["desk"][lang] in flat(report, lang), "an officer reads the text"


@pytest.mark.parametrize("render", [Report.to_text, Report.to_html])
def test_another_audience_is_refused_by_name(report_of: Reports, render: Any):
    with pytest.raises(ecert.UsageError, match="unknown audience 'judge'") as caught:
        render(report_of("no-pdf"), audience="judge")
    assert caught.value.hint == "choose citizen or desk"


@pytest.mark.parametrize("lang", ["vi", "en"])
def test_what_is_undecided_stands_behind_a_refusal(report_of: Reports, lang: Lang):
    """It could not change the verdict: by its codes in the text, folded on the page."""
    report = report_of("cut")
    assert report.verdict == "INVALID"
    text, page = flat(report, lang), etree.fromstring(report.to_html(lang).encode())
    undecided = [f for f in report.to_dict()["findings"] if f["severity"] == "unknown"]
    assert undecided
    (folded,) = page.findall("body/main/details[@class='folded']")[:1]
    for finding in undecided:
        assert finding["text"][lang] not in text
        assert finding["code"] in text
        assert finding["text"][lang] in str(folded.xpath("string()"))
    assert folded.get("open") is None


@pytest.mark.parametrize(("lang", "words"), [("vi", "khớp với phần đã ký"), ("en", "matches the part it signed")])
def test_under_a_refusal_no_signature_is_called_valid(desk: Desk, lang: Lang, words: str):
    report = ecert.verify_copy(desk.copy.to_bytes() + bytes(31), trust=desk.office.trust)
    assert report.verdict == "INVALID"
    assert "TOTAL-PASSED" in {s["indication"] for s in report.to_dict()["signatures"]}
    assert words in flat(report, lang)
    assert words in shown(report, lang).lower()


def test_a_print_is_told_from_a_draft(desk: Desk):
    """Who hands in a print needs the file itself, not two signatures; and an invoice may be no print at all."""
    plain = io.BytesIO()
    Image.new("L", (40, 40)).save(plain, "PDF")
    printed = ecert.verify_copy(plain.getvalue(), trust=desk.office.trust)
    draft = ecert.verify_copy(desk.draft.to_bytes(), trust=desk.office.trust)
    assert {"unsigned", "record-missing"} <= set(printed.codes("error"))
    assert "có thể đây là bản in ra PDF hoặc bản lưu lại" in flat(printed, "vi")
    unfinished = "Tệp này chưa làm xong. Hãy liên hệ cơ quan thực hiện chứng thực"
    assert unfinished not in printed.to_text("vi", audience="citizen")
    assert unfinished in draft.to_text("vi", audience="citizen")


def test_the_ways_out_are_the_same_behind_a_sandbox(desk: Desk):
    """The parent makes the sentences anew from what its child found."""
    plain = io.BytesIO()
    Image.new("L", (40, 40)).save(plain, "PDF")
    given: dict[str, Any] = {"trust": desk.office.trust, "at": desk.office.clock.now()}
    alone = ecert.verify_copy(plain.getvalue(), **given)
    confined = ecert.Sandbox().verify_copy(plain.getvalue(), **given)
    assert confined.to_dict()["findings"] == alone.to_dict()["findings"]


@pytest.mark.parametrize(
    ("name", "stated", "told"),
    [
        ("sealed-by-a-company-of-that-tax-code", "Ủy ban nhân dân xã Mẫu", "CÔNG TY TNHH DỊCH VỤ MẪU"),
        (
            "sealed-below-another-province",
            "Ủy ban nhân dân xã Mẫu (Ủy ban nhân dân tỉnh Khác)",
            "ỦY BAN NHÂN DÂN XÃ MẪU (ỦY BAN NHÂN DÂN TỈNH MẪU)",
        ),
        ("signed-by-somebody-else", "Nguyễn Văn Mẫu, Chủ tịch", "Phạm Văn Khác"),
    ],
)
def test_the_certificates_name_stands_beside_the_records(desk: Desk, name: str, stated: str, told: str):
    report = make(name, office=desk.office).judge()
    label = "Tên trên chứng thư số"
    lines = [line.strip() for line in report.to_text("vi").splitlines()]
    (at,) = (i for i, line in enumerate(lines) if line == f"{label}: {told}")
    assert lines[at - 1].endswith(f": {stated}")
    page = etree.fromstring(report.to_html("vi").encode())
    rows = [r for table in page.iter("{*}table") if table.get("class") == "rows" for r in table.iter("{*}tr")]
    cells = [["".join(map(str, cell.itertext())) for cell in row] for row in rows]
    (at,) = (i for i, row in enumerate(cells) if row == [label, told])
    assert cells[at - 1][1] == stated
    assert told.partition(" (")[0] in report.content["summary"]["vi"]


def test_a_name_in_another_spelling_is_no_other_name(desk: Desk, report_of: Reports):
    report = report_of("level-B-LTA")
    assert desk.office.seal.name != report.to_dict()["copy"]["body"]["name"]
    assert report.to_dict()["copy"]["body"]["names_agree"] is True
    assert report.to_dict()["copy"]["body"]["certificate_name"] == desk.office.seal.name
    assert "Name on the certificate" not in report.to_text("en") + shown(report, "en")


def test_the_summary_names_both_whatever_decided(desk: Desk):
    specimen = make("sealed-by-a-company-of-that-tax-code", office=desk.office)
    report = ecert.verify_copy(specimen.data, at=specimen.at)  # nobody is believed
    assert report.findings[0].code != "body-name-differs"
    beside = "Ủy ban nhân dân xã Mẫu (on the certificate: CÔNG TY TNHH DỊCH VỤ MẪU)"
    assert report.content["summary"]["en"].endswith(f" The statement names {beside}.")


@pytest.mark.parametrize("render", [Report.to_text, Report.to_html])
def test_another_language_is_refused_by_name(report_of: Reports, render: Callable[[Report, str], str]):
    with pytest.raises(ecert.UsageError, match="unknown language 'fr'") as caught:
        render(report_of("no-pdf"), "fr")
    assert caught.value.hint == "choose vi or en"
