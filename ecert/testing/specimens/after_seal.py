"""Plain changes in a revision after the seal: pages, record, metadata, validation data, active content."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from ecert.formats.ecert1 import NUMBERS
from ecert.formats.pdf import Name, PdfValue, Ref, Stream, read_document
from ecert.testing.specimens.increments import CONTENT, FORGED, FREE, PAGE, append, changed, cut, numbered, stream
from ecert.testing.specimens.registry import Make, Recipe, add, specimen
from ecert.testing.specimens.specimen import AttackClass

if TYPE_CHECKING:
    from ecert.testing.specimens.press import Press

_JAVASCRIPT: Final = {"S": Name("JavaScript"), "JS": b"app.alert(1)"}
_LAST, _SECOND = Ref(NUMBERS.STATEMENT_PAGE), Ref(PAGE + 4)

#: class → name → (object, its new entries, in Vietnamese, in English)
_ENTRIES: Final[dict[AttackClass, dict[str, tuple[int, dict[str, PdfValue], str, str]]]] = {
    "pages": {
        "pages-in-another-order": (
            NUMBERS.PAGES,
            {"Kids": [_SECOND, Ref(PAGE), _LAST]},
            "Đổi thứ tự các trang.",
            "The pages were put in another order.",
        ),
        "page-removed": (NUMBERS.PAGES, {"Kids": [Ref(PAGE), _LAST], "Count": 2}, "Bỏ trang 2.", "Page 2 was removed."),
        "page-rotated": (NUMBERS.PAGES, {"Rotate": 180}, "Xoay ngược mọi trang.", "All pages were turned upside down."),
        "page-resized": (PAGE, {"MediaBox": [0, 0, 10, 10]}, "Thu nhỏ khổ trang 1.", "Page 1 was made smaller."),
        "page-with-another-content": (
            PAGE,
            {"Contents": Ref(NUMBERS.STATEMENT_CONTENT)},
            "Trang 1 lấy nội dung của trang lời chứng.",
            "Page 1 shows the content of the statement page.",
        ),
    },
    "record": {
        "record-renamed": (
            NUMBERS.RECORD_SPEC,
            {"UF": b"other.xml"},
            "Đổi tên tệp dữ liệu chứng thực đính kèm.",
            "The attached record was renamed.",
        ),
        "record-called-a-source": (
            NUMBERS.RECORD_SPEC,
            {"AFRelationship": Name("Source")},
            "Đổi quan hệ của tệp dữ liệu chứng thực với tài liệu.",
            "The record's relation to the document was changed.",
        ),
        "record-left-out-of-the-names": (
            NUMBERS.CATALOG,
            {"Names": None, "AF": None},
            "Gỡ dữ liệu chứng thực khỏi danh sách tệp đính kèm.",
            "The record was taken off the list of attached files.",
        ),
    },
    "metadata": {
        "another-language": (
            NUMBERS.CATALOG,
            {"Lang": b"en"},
            "Đổi ngôn ngữ của tài liệu.",
            "The document's language was changed.",
        ),
        "title-no-longer-shown": (
            NUMBERS.CATALOG,
            {"ViewerPreferences": None},
            "Thanh tiêu đề hiện tên tệp thay cho tên tài liệu.",
            "The window shows the file's name in place of the document's title.",
        ),
        "page-labels": (
            NUMBERS.CATALOG,
            {"PageLabels": {"Nums": [0, {"P": b"7"}]}},
            "Đánh lại số trang hiển thị.",
            "The pages were given other numbers to show.",
        ),
        "outline-added": (
            NUMBERS.CATALOG,
            {"Outlines": {"Type": Name("Outlines"), "Count": 0}},
            "Thêm mục lục.",
            "An outline was added.",
        ),
        "output-intent-removed": (
            NUMBERS.CATALOG,
            {"OutputIntents": None},
            "Gỡ cấu hình màu của PDF/A.",
            "The colour intent of PDF/A was taken out.",
        ),
    },
    "active-content": {
        "open-action": (
            NUMBERS.CATALOG,
            {"OpenAction": _JAVASCRIPT},
            "Chạy JavaScript khi mở tệp.",
            "JavaScript runs when the file is opened.",
        ),
        "scripts-by-name": (
            NUMBERS.CATALOG,
            {"Names": {"JavaScript": {"Names": [b"a", _JAVASCRIPT]}}},
            "Thêm JavaScript vào danh sách tên của tài liệu.",
            "JavaScript was put into the document's names.",
        ),
        "actions-of-the-document": (
            NUMBERS.CATALOG,
            {"AA": {"WC": _JAVASCRIPT}},
            "Chạy JavaScript khi đóng tệp.",
            "JavaScript runs when the file is closed.",
        ),
        "actions-of-a-page": (
            PAGE,
            {"AA": {"O": _JAVASCRIPT}},
            "Chạy JavaScript khi mở trang 1.",
            "JavaScript runs when page 1 is opened.",
        ),
        "page-turning-by-itself": (
            PAGE,
            {"Dur": 1},
            "Trang 1 tự lật sau một giây.",
            "Page 1 turns by itself after a second.",
        ),
        "layers": (
            NUMBERS.CATALOG,
            {"OCProperties": {"OCGs": [], "D": {}}},
            "Thêm các lớp có thể bật tắt.",
            "Layers were added that can be switched on and off.",
        ),
        "form-in-xfa": (NUMBERS.ACRO_FORM, {"XFA": []}, "Thêm biểu mẫu XFA.", "An XFA form was added."),
        "calculation-order": (
            NUMBERS.ACRO_FORM,
            {"CO": [Ref(NUMBERS.SEAL)]},
            "Đặt thứ tự tính toán cho biểu mẫu.",
            "The form was given an order of calculation.",
        ),
        "portfolio": (
            NUMBERS.CATALOG,
            {"Collection": {"D": b"other.pdf"}},
            "Biến tệp thành bộ sưu tập, mở tệp đính kèm thay cho bản sao.",
            "The file became a portfolio that opens an attached file in the copy's place.",
        ),
    },
    "validation-data": {
        "validation-data-removed": (
            NUMBERS.CATALOG,
            {"DSS": None},
            "Gỡ toàn bộ dữ liệu kiểm tra.",
            "All validation data was taken out.",
        ),
        "validation-data-with-a-foreign-entry": (
            NUMBERS.CATALOG,
            {"DSS": {"Certs": [], "Other": 1}},
            "Dữ liệu kiểm tra bị thay, có một mục lạ.",
            "The validation data was replaced, with a foreign entry.",
        ),
    },
}


def _with(num: int, entries: dict[str, PdfValue]) -> Make:
    return lambda press: append(press.copy, {int(num): changed(press.copy, num, **entries)})


for _class, _rows in _ENTRIES.items():
    for _name, (_num, _new, _vi, _en) in _rows.items():
        add(Recipe(_name, _class, _vi, _en, ("changed-after-seal",), _with(_num, _new)))


@specimen("pages", "pdf-damaged", vi="Trang 1 đứng hai lần trong tài liệu.", en="Page 1 stands twice in the document.")
def page_repeated(press: Press) -> bytes:
    pages = changed(press.copy, NUMBERS.PAGES, Kids=[Ref(PAGE), Ref(PAGE), _SECOND, _LAST], Count=4)
    return append(press.copy, {int(NUMBERS.PAGES): pages})


@specimen(
    "pages",
    "changed-after-seal",
    vi="Thêm một trang vào cuối tài liệu.",
    en="A page was added at the end of the document.",
)
def page_added(press: Press) -> bytes:
    pages = changed(press.copy, NUMBERS.PAGES)
    page = {"Type": Name("Page"), "Parent": Ref(NUMBERS.PAGES), "MediaBox": [0, 0, 99, 99]}
    more = {**pages, "Kids": [*pages["Kids"], Ref(FREE)], "Count": pages["Count"] + 1}
    return append(press.copy, {FREE: page, int(NUMBERS.PAGES): more})


@specimen(
    "record",
    "changed-after-seal",
    vi="Thay dữ liệu chứng thực đính kèm, số chứng thực 152 thành 999.",
    en="The attached record was replaced: number 152 became 999.",
)
def record_replaced(press: Press) -> bytes:
    old = read_document(press.copy).view()[NUMBERS.RECORD_FILE].value
    text = old.encoded().replace(b">152<", b">999<")
    return append(press.copy, {int(NUMBERS.RECORD_FILE): Stream(old.dict, text)})


@specimen(
    "record",
    "changed-after-seal",
    vi="Đính kèm thêm một tệp dữ liệu chứng thực thứ hai.",
    en="A second record was attached beside the first.",
)
def second_record(press: Press) -> bytes:
    other = read_document(press.other.to_bytes()).view()
    spec = {**other[NUMBERS.RECORD_SPEC].value, "EF": {"F": Ref(FREE + 1), "UF": Ref(FREE + 1)}}
    catalogue = changed(press.copy, NUMBERS.CATALOG, AF=[Ref(FREE), Ref(NUMBERS.RECORD_SPEC)])
    objects = {FREE: spec, FREE + 1: other[NUMBERS.RECORD_FILE].value}
    return append(press.copy, {**objects, int(NUMBERS.CATALOG): catalogue})


@specimen(
    "active-content",
    "changed-after-seal",
    vi="Đính kèm thêm một tệp vào bản sao.",
    en="Another file was attached to the copy.",
)
def file_attached(press: Press) -> bytes:
    spec = {"Type": Name("Filespec"), "F": b"other.txt", "EF": {"F": Ref(FREE + 1)}}
    names = [b"ecert-record.xml", Ref(NUMBERS.RECORD_SPEC), b"other.txt", Ref(FREE)]
    catalogue = changed(press.copy, NUMBERS.CATALOG, Names={"EmbeddedFiles": {"Names": names}})
    file = stream(b"other", Type=Name("EmbeddedFile"))
    return append(press.copy, {int(NUMBERS.CATALOG): catalogue, FREE: spec, FREE + 1: file})


@specimen(
    "metadata",
    "changed-after-seal",
    vi="Đổi tên tài liệu trong siêu dữ liệu XMP.",
    en="The title in the XMP metadata was changed.",
)
def another_title(press: Press) -> bytes:
    old = read_document(press.copy).view()[NUMBERS.METADATA].value
    text = old.encoded().replace("Giấy xác nhận".encode(), "Bằng tốt nghiệp".encode())
    head = {**old.dict, "Length": len(text)}
    return append(press.copy, {int(NUMBERS.METADATA): Stream(head, text)})


@specimen(
    "metadata",
    "changed-after-seal",
    vi="Thêm thông tin tài liệu kiểu cũ với một tên khác.",
    en="An old-style information dictionary with another title was added.",
)
def information_added(press: Press) -> bytes:
    return append(press.copy, {FREE: {"Title": b"Another title"}}, trailer={"Info": Ref(FREE)})


@specimen(
    "metadata",
    "changed-after-seal",
    vi="Ghi thêm tên phần mềm vào thông tin tài liệu sau dấu thời gian cuối.",
    en="The name of a program was put into the information dictionary after the last time-stamp.",
)
def producer_after_the_last_time_stamp(press: Press) -> bytes:
    return append(press.copy, {FREE: {"Producer": b"Editor"}}, trailer={"Info": Ref(FREE)})


# ── validation data ──────────────────────────────────────────────────────────────────────────────


def _store(press: Press) -> tuple[int, dict[str, Any]]:
    document = read_document(press.copy)
    ref = document.root()["DSS"]
    return ref.num, document.dictionary(ref)


@specimen(
    "control",
    verdict="VALID",
    vi="Dữ liệu kiểm tra nhận thêm một mục sau dấu thời gian cuối: điều này được phép.",
    en="The validation data was given one more item after the last time-stamp, which is permitted.",
)
def validation_data_added(press: Press) -> bytes:
    num, store = _store(press)
    grown = {**store, "Certs": [*store["Certs"], Ref(FREE)]}
    item = read_document(press.copy).view()[store["Certs"][0].num].value
    return append(press.copy, {num: grown, FREE: item})


@specimen(
    "validation-data",
    "changed-after-seal",
    vi="Ghi đè một chứng thư số trong dữ liệu kiểm tra.",
    en="A certificate of the validation data was written over.",
)
def certificate_written_over(press: Press) -> bytes:
    _, store = _store(press)
    return append(press.copy, {store["Certs"][0].num: FORGED})


@specimen(
    "validation-data",
    "changed-after-seal",
    vi="Ghi đè một trả lời OCSP trong dữ liệu kiểm tra.",
    en="An OCSP answer of the validation data was written over.",
)
def ocsp_written_over(press: Press) -> bytes:
    _, store = _store(press)
    return append(press.copy, {store["OCSPs"][0].num: FORGED})


@specimen(
    "validation-data",
    "changed-after-seal",
    vi="Gỡ các CRL khỏi dữ liệu kiểm tra.",
    en="The CRLs were taken out of the validation data.",
)
def crls_removed(press: Press) -> bytes:
    num, store = _store(press)
    return append(press.copy, {num: {k: v for k, v in store.items() if k != "CRLs"}})


@specimen(
    "validation-data",
    "changed-after-seal",
    vi="Nội dung trang 1 trước hết bị khai là dữ liệu kiểm tra, rồi bị thay như dữ liệu kiểm tra.",
    en="The content of page 1 was first declared validation data, then replaced as such.",
)
def content_as_validation_data(press: Press) -> bytes:
    num, store = _store(press)
    once = append(press.copy, {num: {**store, "VRI": Ref(CONTENT)}})
    return append(once, {CONTENT: FORGED})


@specimen(
    "validation-data",
    "changed-after-seal",
    vi="Mảng chú thích của trang bị khai là danh sách chứng thư số, rồi nhận thêm một chú thích.",
    en="The page's annotations were declared the list of certificates, then given an annotation more.",
)
def annotations_as_validation_data(press: Press) -> bytes:
    base, shown = cut(press.copy, 2), Ref(NUMBERS.ANNOTATIONS)
    catalogue = changed(base, NUMBERS.CATALOG, DSS={"Certs": shown})
    once = append(base, {int(NUMBERS.CATALOG): catalogue})
    stamp = {"Type": Name("Annot"), "Subtype": Name("Stamp"), "Rect": [0, 0, 99, 99]}
    entries = [*read_document(once).array(shown), Ref(FREE)]
    return append(once, {FREE: stamp, shown.num: entries})


@specimen(
    "validation-data",
    "parsers-disagree",
    vi="Một chứng thư số giả trong dữ liệu kiểm tra chứa sẵn nội dung khác cho trang 1.",
    en="What calls itself a certificate in the validation data holds another content of page 1.",
)
def page_hidden_in_a_certificate(press: Press) -> bytes:
    document = read_document(press.copy)
    root = document.revisions[-1].trailer["Root"].num
    store = document.dictionary(document.root()["DSS"])
    bait = stream(b"\n" + numbered(CONTENT, FORGED))
    longer = [*document.array(store["Certs"]), Ref(FREE)]
    catalogue = changed(press.copy, root, DSS={**store, "Certs": longer})
    return append(press.copy, {FREE: bait, root: catalogue})
