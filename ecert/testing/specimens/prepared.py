"""Prepared before signing, to be switched or to run later; every signature is good.

The second half of the shadow attacks (Mainka and others, NDSS 2021): the signer is shown a document that
already holds what will be seen afterwards. A copy's closed set of objects has no room for it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from ecert.formats.ecert1 import NUMBERS
from ecert.formats.pades.increments import begin_document_timestamp
from ecert.formats.pdf import Name, Ref, Stream, read_document
from ecert.formats.pdf.objects import PdfDict
from ecert.model.evidence import Evidence
from ecert.testing.specimens.dishonest import Objects, certified
from ecert.testing.specimens.increments import CONTENT, FORGED, PAGE, PAINT, append, changed, form, stream
from ecert.testing.specimens.registry import specimen
from ecert.testing.specimens.surgery import exchange
from ecert.trust.timestamps import request_timestamp

if TYPE_CHECKING:
    from ecert.testing.specimens.press import Press


@specimen(
    "shadow",
    "pages-differ",
    vi="Chuẩn bị trước khi ký: trang 1 có sẵn một khung che, chờ gỡ đi sau khi ký.",
    en="Prepared before signing: page 1 carries a cover, to be lifted afterwards.",
)
def shadow_prepared_cover(press: Press) -> bytes:
    def change(objects: Objects) -> None:
        objects[CONTENT] = stream(bytes(objects[CONTENT].data) + PAINT)

    return certified(press, change)


@specimen(
    "shadow",
    "pages-differ",
    "changed-after-seal",
    vi="Chuẩn bị trước khi ký rồi gỡ: khung che trên trang 1 được gỡ bằng một phiên bản sau con dấu.",
    en="Prepared before signing, then used: the cover on page 1 is lifted by a revision after the seal.",
)
def shadow_prepared_cover_lifted(press: Press) -> bytes:
    covered = shadow_prepared_cover(press)
    return append(covered, {CONTENT: read_document(press.copy).view()[CONTENT].value})


@specimen(
    "shadow",
    "not-pdfa",
    vi="Chuẩn bị trước khi ký: biểu mẫu có sẵn một ô nhập liệu đè lên lời chứng.",
    en="Prepared before signing: the form has a text field over the statement.",
)
def shadow_prepared_text_field(press: Press) -> bytes:
    def change(objects: Objects) -> None:
        number = max(objects) + 1
        objects[number] = {
            "Type": Name("Annot"),
            "Subtype": Name("Widget"),
            "FT": Name("Tx"),
            "T": b"note",
            "Rect": [60, 400, 360, 440],
            "AP": {"N": Ref(number + 1)},
            "P": Ref(NUMBERS.STATEMENT_PAGE),
        }
        objects[number + 1] = form(PAINT)
        acro = objects[NUMBERS.ACRO_FORM]
        objects[int(NUMBERS.ACRO_FORM)] = {**acro, "Fields": [*acro["Fields"], Ref(number)]}
        shown = objects[NUMBERS.ANNOTATIONS]
        objects[int(NUMBERS.ANNOTATIONS)] = [*shown, Ref(number)]

    return certified(press, change)


def _with_second_page(objects: Objects) -> None:
    number = max(objects) + 1
    objects[number] = {**objects[PAGE], "Contents": Ref(number + 1)}
    objects[number + 1] = FORGED


@specimen(
    "shadow",
    "pages-differ",
    vi="Chuẩn bị trước khi ký: tệp giấu sẵn một trang 1 khác mà chưa nơi nào trỏ tới.",
    en="Prepared before signing: the file hides another page 1 that nothing refers to yet.",
)
def shadow_prepared_second_page(press: Press) -> bytes:
    return certified(press, _with_second_page)


@specimen(
    "shadow",
    "pages-differ",
    "changed-after-seal",
    vi="Chuẩn bị trước khi ký rồi tráo: sau con dấu, cây trang trỏ sang trang 1 giấu sẵn.",
    en="Prepared before signing, then used: after the seal the page tree names the hidden page 1.",
)
def shadow_prepared_second_page_shown(press: Press) -> bytes:
    data = certified(press, _with_second_page)
    hidden = max(read_document(data).revisions[0].objects) - 1
    kids = [Ref(hidden), *changed(data, NUMBERS.PAGES)["Kids"][1:]]
    return append(data, {int(NUMBERS.PAGES): changed(data, NUMBERS.PAGES, Kids=kids)})


@specimen(
    "shadow",
    "not-pdfa",
    vi="Chuẩn bị trước khi ký: tài liệu có các lớp có thể bật tắt.",
    en="Prepared before signing: the document has layers that can be switched.",
)
def shadow_prepared_layers(press: Press) -> bytes:
    layers: PdfDict = {"OCGs": [], "D": {}}
    return certified(press, lambda o: o[NUMBERS.CATALOG].update({"OCProperties": layers}))


@specimen(
    "active-content",
    "not-pdfa",
    vi="Bản sao được ký khi đã có JavaScript chạy lúc mở tệp.",
    en="The copy was signed with JavaScript in it that runs when the file is opened.",
)
def script_before_signing(press: Press) -> bytes:
    action = {"S": Name("JavaScript"), "JS": b"app.alert(1)"}
    return certified(press, lambda o: o[NUMBERS.CATALOG].update({"OpenAction": action}))


@specimen(
    "metadata",
    "not-pdfa",
    vi="Bản sao được ký với tên tài liệu trong siêu dữ liệu khác với dữ liệu chứng thực.",
    en="The copy was signed with a title in its metadata that is not the record's.",
)
def title_before_signing(press: Press) -> bytes:
    def change(objects: Objects) -> None:
        old = objects[NUMBERS.METADATA]
        text = bytes(old.data).replace("Giấy xác nhận".encode(), "Bằng tốt nghiệp".encode())
        objects[int(NUMBERS.METADATA)] = Stream({**old.dict, "Length": len(text)}, text)

    return certified(press, change)


@specimen(
    "metadata",
    "signature-broken",
    "not-pdfa",
    vi="Siêu dữ liệu tự nhận là PDF/A-2 thay cho PDF/A-3, sửa ngay tại chỗ.",
    en="The metadata claims PDF/A-2 in place of PDF/A-3, edited in place.",
)
def another_part_of_pdfa(press: Press) -> bytes:
    return exchange(press.copy, b"<pdfaid:part>3<", b"<pdfaid:part>2<")


@specimen(
    "validation-data",
    "revocation-missing",
    verdict="INDETERMINATE",
    vi="Bản sao được lưu trữ chỉ với chứng thư số, không có CRL hay trả lời OCSP nào.",
    en="The copy was archived with certificates alone, without any CRL or OCSP answer.",
)
def certificates_alone(press: Press) -> bytes:
    document = read_document(press.bare)
    chain = (*press.office.key("signer").chain, *press.office.key("seal").chain)
    page = list(document.pages())[-1]
    pending = begin_document_timestamp(document, Evidence.of(chain), page=page, name="Archive1", room=8192)
    digest = pending.digest("sha256")
    return pending.finish(request_timestamp(digest, press.office.services, press.client).der)
