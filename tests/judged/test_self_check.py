"""What we write, we verify: every writing step is made to write something wrong, and is stopped.

Each test puts a fault into one private writer, leaves the verifier alone, and calls the public step:
it must raise, so that nothing is handed out. What gets through is data, with its reason.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from _pytest.mark import ParameterSet
from cryptography.hazmat.primitives.serialization import Encoding

import ecert
from ecert.formats import ecert1
from ecert.formats.ecert1 import NUMBERS, FirstRevision, ImageForm, build_first_revision
from ecert.formats.ecert1.revision0 import page_numbers
from ecert.formats.pades import increments
from ecert.formats.pades.increments import PendingSignature
from ecert.formats.pdf.objects import Name, Ref, Stream
from ecert.model.evidence import Evidence
from ecert.sign import steps
from ecert.stages import signing as stages
from ecert.testing.responders import FAULTS, FaultKind
from ecert.trust.timestamps import request_timestamp
from tests.judged.inputs import get_input
from tests.judged.wrong_writers import rewritten, rewritten_bytes, with_visible_timestamp, write_with
from tests.kit import Desk, small_page

Objects = dict[int, Any]
Patch = pytest.MonkeyPatch
Wrong = Callable[[Patch], None]

PAGE, CONTENT, IMAGE, _ = page_numbers(0)
PAINT = b"1 g 0 0 9 9 re f\n"  # a white box where none belongs


@pytest.fixture(autouse=True)
def made(desk: Desk) -> None:
    """Make the stages that the steps begin with, before anything is spoiled."""
    assert desk.signed.to_bytes()


def prepare(desk: Desk) -> ecert.Draft:
    return ecert.prepare_copy(desk.scan, desk.record)


def sign(desk: Desk) -> ecert.SignedCopy:
    office = desk.office
    return ecert.sign_copy(
        desk.draft, office.key("signer"), trust=office.trust, services=office.services, image=office.signature_image
    )


def seal(desk: Desk) -> ecert.CertifiedCopy:
    office = desk.office
    return ecert.seal_copy(
        desk.signed, office.key("seal"), trust=office.trust, services=office.services, image=office.seal_image
    )


def stopped(step: Callable[[Desk], object], desk: Desk, code: str) -> None:
    """Expect the step's own verification to stop it, for this reason among others ("": any)."""
    with pytest.raises(ecert.SelfCheckError) as caught:
        step(desk)
    assert not code or code in caught.value.report.codes("error", "unknown")


def faults(rows: dict[str, tuple[Wrong, str]]) -> list[ParameterSet]:
    """Return the rows as parameters."""
    return [pytest.param(wrong, code, id=name) for name, (wrong, code) in rows.items()]


@pytest.mark.parametrize("step", [prepare, sign, seal])
def test_the_steps_pass_where_nothing_is_wrong(
    desk: Desk, step: Callable[[Desk], ecert.Draft | ecert.SignedCopy | ecert.CertifiedCopy]
) -> None:
    assert step(desk).to_bytes()


# ── prepare: the objects of revision 0, and their bytes ──────────────────────────────────────────


def objects(change: Callable[[Objects], object]) -> Wrong:
    """Change objects of revision 0."""
    return lambda patch: write_with(patch, "ecert.capture.draft", build_first_revision=rewritten(change))


def stream(number: int, change: Callable[[bytes], bytes]) -> Wrong:
    """Change the data of one of its streams."""

    def apply(found: Objects) -> None:
        data = change(bytes(found[number].data))
        assert data != bytes(found[number].data)
        found[number] = Stream({**found[number].dict, "Length": len(data)}, data)

    return objects(apply)


def revision(change: Callable[[bytes], bytes]) -> Wrong:
    """Change the bytes of revision 0."""
    return lambda patch: write_with(patch, "ecert.capture.draft", build_first_revision=rewritten_bytes(change))


def tail(data: bytes) -> bytes:
    return data + b"\n%more\n"


PREPARE: dict[str, tuple[Wrong, str]] = {
    "record-says-another-number": (
        stream(NUMBERS.RECORD_FILE, lambda d: d.replace(b">152<", b">153<")),
        "statement-differs",
    ),
    "record-has-another-digest": (
        stream(NUMBERS.RECORD_FILE, lambda d: re.sub(rb"<sha256>..", b"<sha256>zz", d, count=1)),
        "record-malformed",
    ),
    "record-is-cut-off": (stream(NUMBERS.RECORD_FILE, lambda d: d[:-9]), "record-malformed"),
    "record-is-not-attached": (objects(lambda o: o[NUMBERS.CATALOG].pop("Names")), "record-missing"),
    "record-is-not-associated": (objects(lambda o: o[NUMBERS.CATALOG].pop("AF")), "not-pdfa"),
    "statement-is-painted-over": (stream(NUMBERS.STATEMENT_CONTENT, lambda d: d + PAINT), "statement-differs"),
    "font-is-damaged": (stream(NUMBERS.REGULAR_FONT + 3, lambda d: d[:-4] + b"abcd"), "statement-differs"),
    "image-is-another": (stream(IMAGE, lambda d: small_page((1, 2, 3))), "pages-differ"),
    "image-has-a-changed-byte": (stream(IMAGE, lambda d: d[:-5] + b"\1" + d[-4:]), "pages-differ"),
    "page-is-moved": (stream(CONTENT, lambda d: b"1 0 0 1 5 5 cm " + d), "pages-differ"),
    "page-has-another-size": (objects(lambda o: o[PAGE].update(MediaBox=[0, 0, 100, 100])), "pages-differ"),
    "pages-are-swapped": (objects(lambda o: o[NUMBERS.PAGES]["Kids"].reverse()), "not-pdfa"),
    "metadata-claims-pdfa-2": (stream(NUMBERS.METADATA, lambda d: d.replace(b"part>3", b"part>2")), "not-pdfa"),
    "metadata-has-another-title": (
        stream(NUMBERS.METADATA, lambda d: d.replace(b"<dc:title>", b"<dc:title> ")),
        "not-pdfa",
    ),
    "output-intent-is-missing": (objects(lambda o: o[NUMBERS.CATALOG].pop("OutputIntents")), "not-pdfa"),
    "seal-locks-nothing": (objects(lambda o: o[NUMBERS.SEAL].pop("Lock")), "not-pdfa"),
    "seal-field-is-missing": (objects(lambda o: o[NUMBERS.ACRO_FORM].update(Fields=[Ref(NUMBERS.SIGNER)])), "not-pdfa"),
    "signer-field-is-elsewhere": (objects(lambda o: o[NUMBERS.SIGNER].update(Rect=[0, 0, 10, 10])), "not-pdfa"),
    "bytes-follow-the-end": (revision(tail), "bytes-unaccounted"),
    "cross-reference-is-off": (revision(lambda d: d.replace(b"0000000015", b"0000000016", 1)), "pdf-damaged"),
}


@pytest.mark.parametrize(("wrong", "code"), faults(PREPARE))
def test_preparing_is_stopped(desk: Desk, monkeypatch: pytest.MonkeyPatch, wrong: Wrong, code: str) -> None:
    wrong(monkeypatch)
    stopped(prepare, desk, code)


def test_the_pdfa_gate_stops_what_is_not_pdfa(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    def without_intent(*given: Any, **named: Any) -> FirstRevision:
        found = build_first_revision(*given, **named)
        data = found.to_bytes().replace(b"/OutputIntents", b"/OutputIntentX")
        return FirstRevision(found.objects, found.trailer, [data])

    write_with(monkeypatch, "ecert.capture.draft", build_first_revision=without_intent)
    with pytest.raises(ecert.InputError, match="would not be PDF/A"):
        prepare(desk)


def image(**entries: Any) -> Wrong:
    """Change entries of the first image's dictionary."""
    return objects(lambda found: found[IMAGE].dict.update(entries))


def form(**wrong: Any) -> Wrong:
    """Write another palette than the image's."""
    real = ImageForm.of
    return lambda patch: patch.setattr(ImageForm, "of", staticmethod(lambda i: replace(real(i), **wrong)))


@pytest.mark.parametrize(
    ("name", "wrong"),
    [
        ("bilevel.png", image(Decode=[1, 0])),  # white on black
        ("cmyk.jpg", image(Decode=[0, 1] * 4)),  # Adobe's inversion forgotten: a negative
        ("g4.tif", image(Decode=[1, 0])),
        ("palette.png", form(palette=bytes(48))),  # all black
        ("rgb.jpg", image(ColorSpace=Name("DeviceGray"))),  # colours read otherwise
    ],
    ids=["decode", "adobe-decode", "fax-decode", "palette", "colour-space"],
)
def test_an_image_shown_otherwise_is_stopped(
    desk: Desk, monkeypatch: pytest.MonkeyPatch, name: str, wrong: Wrong
) -> None:
    scan = ecert.Scan.from_files([get_input(name).data])
    record = ecert.CertificationRecord.from_dict(desk.office.record())
    assert ecert.prepare_copy(scan, record).report.verdict == "VALID"
    wrong(monkeypatch)
    with pytest.raises(ecert.EcertError):
        ecert.prepare_copy(scan, record)


# ── sign and seal: appearance, dictionary, revision, CMS, time-stamp, filling in ─────────────────


def result(holder: Any, name: str, change: Callable[[Any], Any], *, call: int | None = None) -> Wrong:
    """Change what a writer returns, at one of its calls alone or at each."""

    def apply(patch: Patch) -> None:
        real, calls = getattr(holder, name), iter(range(1, 1000))

        def wrong(*given: Any, **named: Any) -> Any:
            found = real(*given, **named)
            return change(found) if call in (None, next(calls)) else found

        patch.setattr(holder, name, wrong)

    return apply


def given(holder: Any, name: str, change: Callable[[dict[str, Any]], object]) -> Wrong:
    """Change what a writer is given, by the names of its parameters."""

    def apply(patch: Patch) -> None:
        real = getattr(holder, name)
        names = real.__code__.co_varnames

        def wrong(*positional: Any, **named: Any) -> Any:
            values = {**dict(zip(names, positional, strict=False)), **named}
            change(values)
            return real(**values)

        patch.setattr(holder, name, wrong)

    return apply


def dictionary(change: Callable[[dict[str, Any]], object]) -> Wrong:
    """Change the signature dictionary."""

    def apply(found: dict[str, Any]) -> dict[str, Any]:
        change(found)
        return found

    return result(steps, "signature_dictionary", apply)


def permission(level: int) -> Wrong:
    """Let DocMDP permit something else."""
    return dictionary(lambda d: d["Reference"][0]["TransformParams"].update(P=level))


def revision_also_holds(number: int, value: Any) -> Wrong:
    """Let the revision that signs hold one object more."""
    return given(steps, "begin_signature", lambda v: v.update(objects={**v["objects"], number: value}))


def filled_in(change: Callable[[bytes], bytes], *, call: int | None = None) -> Wrong:
    """Change the file after the signature value was filled in."""
    return result(PendingSignature, "finish", change, call=call)


def another_token(call: int) -> Wrong:
    """Let the ``call``-th time-stamp be one over other data, and believe it."""

    def apply(patch: Patch) -> None:
        calls = iter(range(1, 1000))

        def ask(imprint: bytes, *rest: Any) -> Any:
            other = hashlib.sha256(b"other data").digest()
            return request_timestamp(other if next(calls) == call else imprint, *rest)

        patch.setattr(steps, "request_timestamp", ask)

    return apply


def pixel(data: bytes) -> bytes:
    at = data.index(b"\xff\xd9", data.index(b"\xff\xd8")) - 5
    return data[:at] + bytes([data[at] ^ 1]) + data[at + 1 :]


def padding(data: bytes) -> bytes:
    at = data.rindex(b"0" * 64 + b">")
    return data[:at] + b"deadbeef" + data[at + 8 :]


def mixed_case(data: bytes) -> bytes:
    (*_, last) = re.finditer(rb"/Contents <([0-9a-f]+)>", data)
    at = last.start(1)
    return data[: at + 100] + data[at + 100 : at + 200].upper() + data[at + 200 :]


BLANK = Stream({"Length": 0}, b"")


def painted_over(*given: Any) -> bytes:
    return ecert1.draw_appearance(*given) + PAINT


def boxed_otherwise(*given: Any, **named: Any) -> dict[int, Stream]:
    return {
        number: Stream({**s.dict, "BBox": [0, 0, 5, 5]}, s.data) if "BBox" in s.dict else s
        for number, s in ecert1.appearance_objects(*given, **named).items()
    }


def wrong_drawing(patch: Patch) -> None:
    write_with(patch, "ecert.sign.steps", draw_appearance=painted_over)


def wrong_boxes(patch: Patch) -> None:
    write_with(patch, "ecert.sign.steps", appearance_objects=boxed_otherwise)


FLIPPED_VALUE = given(
    steps, "build_signed_data", lambda v: v.update(signature=v["signature"][:-1] + bytes([v["signature"][-1] ^ 1]))
)
NO_TIMESTAMP = given(steps, "build_signed_data", lambda v: v.update(timestamp=None))

SIGN: dict[str, tuple[Wrong, str]] = {
    "appearance-is-painted-over": (wrong_drawing, "statement-differs"),
    "appearance-has-another-box": (wrong_boxes, "statement-differs"),
    "docmdp-is-missing": (
        given(steps, "signature_dictionary", lambda v: v.update(docmdp=False)),
        "signature-malformed",
    ),
    "docmdp-permits-nothing": (permission(1), "signature-malformed"),
    "docmdp-permits-comments": (permission(3), "signature-malformed"),
    "claimed-time-is-missing": (dictionary(lambda d: d.pop("M")), "statement-differs"),
    "claimed-time-is-another": (dictionary(lambda d: d.update(M=b"D:20010101000000+07'00'")), "statement-differs"),
    "subfilter-is-not-pades": (dictionary(lambda d: d.update(SubFilter=Name("adbe.pkcs7.detached"))), ""),
    "perms-are-missing": (given(steps, "begin_signature", lambda v: v.update(perms=False)), "signature-malformed"),
    "revision-blanks-a-page": (revision_also_holds(CONTENT, BLANK), "not-pdfa"),
    "revision-replaces-the-record": (revision_also_holds(NUMBERS.RECORD_FILE, BLANK), "not-pdfa"),
    "revision-holds-a-script": (revision_also_holds(900, {"JS": b"app.alert(1)"}), "not-pdfa"),
    "field-is-the-seals": (
        given(steps, "begin_signature", lambda v: v.update(field=Ref(NUMBERS.SEAL))),
        "signer-missing",
    ),
    "digest-is-of-other-data": (
        given(steps, "signed_attributes", lambda v: v.update(digest=bytes(32))),
        "signature-broken",
    ),
    "signature-value-is-flipped": (FLIPPED_VALUE, "signature-broken"),
    "certificate-is-left-out": (
        given(steps, "build_signed_data", lambda v: v.update(certificates=v["certificates"][1:])),
        "signature-malformed",
    ),
    "issuer-is-left-out": (
        given(steps, "build_signed_data", lambda v: v.update(certificates=v["certificates"][:1])),
        "signer-not-trusted",
    ),
    "timestamp-is-dropped": (NO_TIMESTAMP, ""),
    "timestamp-is-over-other-data": (another_token(1), "timestamp-broken"),
    "value-is-filled-in-with-damage": (filled_in(pixel), "signature-broken"),
    "padding-is-not-zero": (filled_in(padding), "signature-malformed"),
    "hex-digits-mix-their-case": (filled_in(mixed_case), "signature-malformed"),
    "bytes-follow-the-end": (filled_in(tail), "bytes-unaccounted"),
    "nothing-was-signed": (
        result(stages, "finish_signature", lambda data: data[: data.index(b"%%EOF\n") + 6]),
        "unsigned",
    ),
}


@pytest.mark.parametrize(("wrong", "code"), faults(SIGN))
def test_signing_is_stopped(desk: Desk, monkeypatch: pytest.MonkeyPatch, wrong: Wrong, code: str) -> None:
    wrong(monkeypatch)
    stopped(sign, desk, code)


def test_signing_is_stopped_where_the_signed_attributes_name_another_certificate(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    other = desk.office.seal.certificate.public_bytes(Encoding.DER)
    given(steps, "signed_attributes", lambda v: v.update(certificate=other))(monkeypatch)
    stopped(sign, desk, "signature-malformed")


def test_a_key_that_signs_something_else_is_refused(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    key = desk.office.key("signer")
    real = key._sign_data
    monkeypatch.setattr(key, "_sign_data", lambda data: real(data + b"!"))
    office = desk.office
    with pytest.raises(ecert.SigningKeyError, match="does not fit"):
        ecert.sign_copy(desk.draft, key, trust=office.trust, services=office.services)


def test_a_dropped_timestamp_is_noticed_without_anchors(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    draft = ecert.prepare_copy(desk.scan, desk.record, level="B-T")
    NO_TIMESTAMP(monkeypatch)
    with pytest.raises(ecert.SelfCheckError):
        ecert.sign_copy(draft, desk.office.key("signer"), services=desk.office.services)


@pytest.mark.parametrize("fault", [f for f in FAULTS if f not in ("slow", "drip")])
@pytest.mark.parametrize("step", [sign, seal])
def test_a_faulty_time_stamp_service_stops_the_step(
    desk: Desk, step: Callable[[Desk], object], fault: FaultKind
) -> None:
    responders = desk.office.responders
    responders.faults["/tsa"] = fault
    try:
        with pytest.raises(ecert.ServiceError):
            step(desk)
    finally:
        del responders.faults["/tsa"]


# ── seal: as signing, and then validation data and archive time-stamp ────────────────────────────


def evidence(change: Callable[[Evidence], Evidence]) -> Wrong:
    """Change the validation data that is to be embedded."""
    return result(steps, "_missing", change)


def store(change: Callable[[Objects, dict[str, Any]], tuple[Objects, dict[str, Any]]]) -> Wrong:
    """Change the objects of the DSS, or the DSS itself."""
    return result(increments, "dss_objects", lambda found: change(*found))


def damaged(found: Objects, dss: dict[str, Any]) -> tuple[Objects, dict[str, Any]]:
    return {n: Stream(s.dict, bytes(s.data)[:-1] + b"\0") for n, s in found.items()}, dss


SEAL: dict[str, tuple[Wrong, str]] = {
    "appearance-is-painted-over": (wrong_drawing, "statement-differs"),
    "appearance-has-another-box": (wrong_boxes, "statement-differs"),
    "signature-value-is-flipped": (FLIPPED_VALUE, "signature-broken"),
    "timestamp-is-dropped": (NO_TIMESTAMP, ""),
    "timestamp-is-over-other-data": (another_token(1), "timestamp-broken"),
    "field-is-the-signers": (
        given(steps, "begin_signature", lambda v: v.update(field=Ref(NUMBERS.SIGNER))),
        "seal-missing",
    ),
    "revision-blanks-a-page": (revision_also_holds(CONTENT, BLANK), "changed-after-signer"),
    "lock-is-dropped": (given(steps, "signature_dictionary", lambda v: v.update(lock=None)), "signature-malformed"),
    "lock-covers-every-field": (
        given(steps, "signature_dictionary", lambda v: v.update(lock={"Action": Name("All")})),
        "signature-malformed",
    ),
    "seal-certifies-too": (
        given(steps, "signature_dictionary", lambda v: v.update(docmdp=True)),
        "signature-malformed",
    ),
    "value-is-filled-in-with-damage": (filled_in(pixel, call=1), "signature-broken"),
    "padding-is-not-zero": (filled_in(padding, call=1), "signature-malformed"),
    "archive-is-not-written": (
        lambda patch: patch.setattr(stages, "append_archive", lambda data, *_, **__: data),
        "revocation-missing",
    ),
    "archive-follows-the-signer-alone": (
        result(stages, "append_archive", lambda data: data[: _end_of_revision(data, 2)]),
        "seal-missing",
    ),
    "no-validation-data": (evidence(lambda e: Evidence()), "revocation-missing"),
    "an-ocsp-answer-is-missing": (evidence(lambda e: replace(e, ocsps=e.ocsps[1:])), "revocation-missing"),
    "a-crl-is-missing": (evidence(lambda e: replace(e, crls=e.crls[1:])), "revocation-missing"),
    "validation-data-is-damaged": (store(damaged), "revocation-missing"),
    "validation-data-stands-twice": (store(lambda found, dss: (found, {k: v * 2 for k, v in dss.items()})), ""),
    "archive-timestamp-is-over-other-data": (another_token(2), "timestamp-broken"),
    "archive-timestamp-is-visible": (
        lambda patch: patch.setattr(increments, "write_revision", with_visible_timestamp),
        "changed-after-seal",
    ),
    "archive-timestamp-has-no-field": (
        lambda patch: patch.setattr(increments, "_append", lambda *_: None),
        "changed-after-seal",
    ),
    "archive-timestamp-is-padded": (filled_in(padding, call=2), "signature-malformed"),
    "bytes-follow-the-end": (result(stages, "append_archive", tail), "bytes-unaccounted"),
}


def _end_of_revision(data: bytes, count: int) -> int:
    ends = [match.end() for match in re.finditer(rb"startxref\n\d+\n%%EOF\n", data)]
    return ends[count - 1]


@pytest.mark.parametrize(("wrong", "code"), faults(SEAL))
def test_sealing_is_stopped(desk: Desk, monkeypatch: pytest.MonkeyPatch, wrong: Wrong, code: str) -> None:
    wrong(monkeypatch)
    stopped(seal, desk, code)


def test_sealing_at_b_lt_without_validation_data_is_stopped(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    evidence(lambda e: Evidence(certificates=e.certificates))(monkeypatch)
    office = desk.office
    with pytest.raises(ecert.SelfCheckError) as caught:
        ecert.seal_copy(desk.signed, office.key("seal"), level="B-LT", trust=office.trust, services=office.services)
    assert "revocation-missing" in caught.value.report.codes("unknown")


# ── the whole act, and the disk ──────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    "wrong",
    [PREPARE["image-is-another"][0], SIGN["padding-is-not-zero"][0], SEAL["a-crl-is-missing"][0]],
    ids=["prepare", "sign", "seal"],
)
def test_the_whole_act_stops_where_a_step_does(desk: Desk, monkeypatch: pytest.MonkeyPatch, wrong: Wrong) -> None:
    wrong(monkeypatch)
    with pytest.raises(ecert.SelfCheckError):
        desk.office.certify(scan=desk.scan)


def test_a_file_that_cannot_be_finished_leaves_nothing(
    desk: Desk, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("ecert.model.files.os.fsync", full)
    with pytest.raises(ecert.InputError):
        desk.signed.write(tmp_path / "signed.pdf")
    assert not list(tmp_path.iterdir())
