"""What is claimed about a copy, each claim judged by an outsider: a list of complaints, empty if it holds.

The same functions judge the good files (``test_matrix``) and spoiled ones (``test_claims``), so
that no claim is a question that nothing could answer with no.
"""

from __future__ import annotations

import hashlib
import io
from collections.abc import Callable, Iterable, Set
from typing import Final, Literal

import pikepdf
from lxml import etree
from PIL import Image, ImageChops, ImageStat

import ecert
from tests import judges
from tests.judged.inputs import DPI, only_image
from tests.judged.press import Copy, Stage

Judge = Literal["dss", "dss-changes-fail", "pdfsig", "verapdf", "qpdf", "streams", "looks"]

#: The seal is drawn over part of the signature on purpose; DSS says so.
OVERLAP: Final = "BBB_FC_IAOD_ANS: Elements overlap on page(s) "

#: DSS's words where revocation data is missing: the chain's certificates, and what follows from it.
NO_REVOCATION_DATA: Final = {"BBB_XCV_SUB_ANS", "BBB_XCV_IRDPFC_ANS"}

#: The fields that are signed at each stage, in order.
FIELDS: Final = {"draft": [], "signed": ["Signer"], "sealed": ["Signer", "Seal"]}


def verapdf(stage: Stage) -> list[str]:
    """Return what veraPDF has against a file as PDF/A-3b."""
    result = judges.verapdf(stage.path, "3b")
    _same_file(stage, result.sha256)
    return list(result.failures) or ([] if result.passed else ["not passed"])


def dss(copy: Copy, stage: Stage, policy: Literal["default", "changes-fail"] = "default") -> list[str]:
    """Return what EU DSS has against a file, given the anchors alone.

    From B-LT up both signatures are TOTAL-PASSED at exactly that level, and the time-stamps with
    them; below, the missing revocation data is the only complaint. Never a word about changes.
    """
    result = judges.dss(stage.path, copy.anchors, policy=policy)
    _same_file(stage, result.sha256)
    wanted = FIELDS[stage.name]
    level = _reached(copy.case.level, stage.name)
    lasting = level in ("B-LT", "B-LTA")
    expected: Set[str] = frozenset() if lasting else NO_REVOCATION_DATA
    said = [f"refused: {result.refused}"] if result.refused else []
    found = [s.field for s in result.signatures]
    if found != wanted:
        said.append(f"signatures in {found}, not in {wanted}")
    for s in result.signatures:
        outcome = (s.indication, s.sub_indication)
        if outcome != (("TOTAL-PASSED", None) if lasting else ("INDETERMINATE", "CERTIFICATE_CHAIN_GENERAL_FAILURE")):
            said.append(f"{s.field}: {outcome}")
        if s.level != f"PAdES-BASELINE-{level[2:]}":
            said.append(f"{s.field}: {s.level}")
        said += _unexpected(s.field, s.errors, expected, s.warnings, s.changes)
    stamps = {"B-B": 0, "B-LTA": len(wanted) + 1}.get(level, len(wanted))
    if len(result.timestamps) != stamps:
        said.append(f"{len(result.timestamps)} time-stamps, not {stamps}")
    for t in result.timestamps:
        if lasting and t.indication != "PASSED":
            said.append(f"{t.type}: {t.indication} {t.sub_indication}")
        said += _unexpected(t.type, t.errors, expected, t.warnings, t.changes)
    return said


def _unexpected(
    who: str, errors: Iterable[str], expected: Set[str], warnings: Iterable[str], changes: Iterable[str]
) -> list[str]:
    said = [w for w in (*errors, *warnings) if w.partition(":")[0] not in expected]
    said = [w for w in said if not w.startswith(OVERLAP)]
    said += [c for c in changes if not c.startswith(("extension: ", "form-fill: "))]
    return [f"{who}: {words}" for words in said]


def pdfsig(stage: Stage) -> list[str]:
    """Return which signatures poppler does not call valid. Document time-stamps it cannot judge (22.12)."""
    wanted = FIELDS[stage.name]
    found = judges.pdfsig(stage.path)
    signatures = [s for s in found if s.type == "ETSI.CAdES.detached"]
    said = [] if len(signatures) == len(wanted) else [f"{len(signatures)} signatures"]
    for s, field in zip(signatures, wanted, strict=False):
        _same_file(stage, s.sha256)
        if not s.valid:
            said.append(f"{field}: {s.validation or 'not signed'}")
        if s.field not in (field, None):  # older than 22.08: not named
            said.append(f"{s.field} instead of {field}")
    return said


def qpdf(stage: Stage) -> list[str]:
    """Return what qpdf has against a file's structure."""
    result = judges.qpdf_check(stage.path)
    _same_file(stage, result.sha256)
    return [] if result.clean else [result.output]


def ecert_verdict(copy: Copy, stage: Stage) -> list[str]:
    """Return what our own verifier has against a finished copy: anything but VALID, or a word beside it.

    Below B-LT it may only miss the revocation data, and what rests on it.
    """
    report = ecert.verify_copy(stage.path, trust=copy.trust)
    _same_file(stage, str(report.content["document"]["sha256"]))
    if copy.case.level in ("B-LT", "B-LTA"):
        return [] if report.verdict == "VALID" and not report.findings else _words(report)
    said: list[str] = [] if report.verdict == "INDETERMINATE" else [report.verdict]
    if set(report.codes("error", "unknown")) != {"revocation-missing"}:
        said += _words(report)
    tolerant = ecert.verify_copy(stage.path, trust=copy.trust, revocation="if-present")
    return said if tolerant.verdict == "VALID" else [*said, *_words(tolerant)]


def second_opinions(copy: Copy, stage: Stage) -> list[str]:
    """Return where pyHanko and pypdf differ from us about a file, or could not be asked."""
    report = ecert.verify_copy(stage.path, trust=copy.trust, revocation="if-present", cross_check=True)
    _same_file(stage, str(report.content["document"]["sha256"]))
    opinions = [f for f in report.findings if f.code.startswith("second-opinion")]
    said: list[str] = [] if report.verdict == "VALID" else _words(report)
    return said + [str(f.to_dict()["text"]["en"]) for f in opinions]


def _words(report: ecert.Report) -> list[str]:
    return [report.verdict, *(str(f.to_dict()["text"]["en"]) for f in report.findings)]


def streams(copy: Copy, stage: Stage) -> list[str]:
    """Return which pages do not hold the input's own encoded data, or the record not its digest."""
    wanted = [page for each in copy.case.inputs for page in each.pages]
    said: list[str] = []
    with pikepdf.open(io.BytesIO(stage.data)) as pdf:
        record = etree.fromstring(pdf.attachments["ecert-record.xml"].get_file().read_bytes())
        digests = [str(e.text) for e in record.iter("{*}sha256")]
        pages = list(pdf.pages)[:-1]  # the statement is the last one
        if not len(pages) == len(digests) == len(wanted):
            return [f"{len(pages)} pages, {len(digests)} in the record, {len(wanted)} handed in"]
        for number, (page, digest, want) in enumerate(zip(pages, digests, wanted, strict=True), 1):
            image = only_image(page)
            raw = image.read_raw_bytes()
            if hashlib.sha256(raw).hexdigest() != digest:
                said.append(f"page {number}: the record has another digest")
            if want.stored is not None and raw != want.stored:
                said.append(f"page {number}: not the input's data")
            if str(image.Filter) != want.encoding:
                said.append(f"page {number}: {image.Filter}")
    return said


def looks(copy: Copy, stage: Stage) -> list[str]:
    """Return which pages do not look like their input, upright and at its size, in poppler's eyes."""
    wanted = [page for each in copy.case.inputs for page in each.pages]
    dpi = 100 if max(wanted[0].seen.size) > 1000 else DPI  # poppler takes 20 s for A4 at 300 dpi
    said = []
    for number, want in enumerate(wanted, 1):
        seen = judges.pdftoppm(stage.path, page=number, dpi=dpi).convert("RGB")
        size = tuple(round(side * dpi / want.dpi) for side in want.seen.size)
        if any(abs(a - b) > 1 for a, b in zip(seen.size, size, strict=True)):
            said.append(f"page {number}: {seen.size} pixels at {dpi} dpi, not {size}")
        elif (off := _difference(seen, want.seen.resize(seen.size))) > want.tolerance:
            said.append(f"page {number}: {off:.1f} off")
    return said


def _difference(seen: Image.Image, want: Image.Image) -> float:
    """Return by how much the channels of two pictures differ, on the average."""
    means = ImageStat.Stat(ImageChops.difference(seen, want)).mean
    return sum(means) / len(means)


#: Who is asked about a finished copy besides ecert and its second opinions.
JUDGES: Final[dict[Judge, Callable[[Copy, Stage], list[str]]]] = {
    "dss": dss,
    "dss-changes-fail": lambda copy, stage: dss(copy, stage, "changes-fail"),
    "pdfsig": lambda copy, stage: pdfsig(stage),
    "verapdf": lambda copy, stage: verapdf(stage),
    "qpdf": lambda copy, stage: qpdf(stage),
    "streams": streams,
    "looks": looks,
}


def _reached(level: str, stage: str) -> str:
    """Return the level of a stage's signatures: a signed copy is B-B or B-T."""
    return level if stage == "sealed" or level == "B-B" else "B-T"


def _same_file(stage: Stage, sha256: str) -> None:
    """Refuse an answer about any other file than the one the step handed out in this run."""
    assert sha256 == stage.sha256, f"{stage.path}: the judge saw another file"
