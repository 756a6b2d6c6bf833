"""Pictures that readers show in two ways, certified by people who hold the keys: each decoder has its page.

Record, digest, dictionary and signatures all fit together, and so does the picture with what is stated of
it. What it leaves to the reader, in its colour profile, its markers or its palette, is the lie.
"""

from __future__ import annotations

import zlib
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from ecert.formats.ecert1 import ImageForm, build_first_revision
from ecert.formats.pdf import Stream
from ecert.model.profiles import get_profile
from ecert.testing import contested
from ecert.testing.specimens.dishonest import Objects, draft
from ecert.testing.specimens.increments import IMAGE
from ecert.testing.specimens.pictures import FORGED, certified_page, fax_data, sheet
from ecert.testing.specimens.registry import specimen
from ecert.testing.specimens.sheets import SIZE

if TYPE_CHECKING:
    from ecert.testing.specimens.press import Press


def _with_profile(press: Press, profile: bytes) -> bytes:
    """Let the office certify the honest first sheet with another colour profile."""
    return certified_page(press, press.sheets[0], icc=profile)


def _grey() -> Any:
    return sheet().convert("L")


# ── honest ones ──────────────────────────────────────────────────────────────────────────────────


@specimen(
    "control",
    verdict="VALID",
    vi="Bản sao nguyên vẹn có ảnh JPEG với dấu khởi động lại (restart) và hồ sơ màu đúng, và ảnh bảng màu ngắn.",
    en="An untouched copy of a JPEG with restart markers and an honest profile, and a picture of few colours.",
)
def uncommon_pictures(press: Press) -> bytes:
    profile = contested.rgb_profile(contested.gamma(2.2))
    first = contested.encoded(sheet(), "JPEG", quality=80, restart_marker_rows=1, icc_profile=profile, dpi=(200, 200))
    second = contested.encoded(sheet().quantize(20), "PNG", dpi=(200, 200))
    work = draft(press, sheets=[first, second])
    return work.sign("signer").sign("seal").archive()


@specimen(
    "pages",
    "pages-differ",
    vi="Hồ sơ màu của trang 1 biến màu xám nhạt thành đen.",
    en="The colour profile of page 1 turns light grey into black.",
)
def profile_that_blackens(press: Press) -> bytes:
    return _with_profile(press, contested.rgb_profile(contested.light_grey_is_black()))


@specimen(
    "pages",
    "pages-differ",
    vi="Hồ sơ màu của trang 1 làm chữ xám chìm vào nền trắng.",
    en="The colour profile of page 1 lets grey words vanish in the white around them.",
)
def profile_that_hides_words(press: Press) -> bytes:
    return _with_profile(press, contested.rgb_profile(contested.light_grey_is_white()))


@specimen(
    "pages",
    "pages-differ",
    vi="Hồ sơ màu của trang 1 đảo ngược một dải màu xám.",
    en="The colour profile of page 1 turns some greys over: its curve falls.",
)
def profile_with_a_falling_curve(press: Press) -> bytes:
    return _with_profile(press, contested.rgb_profile(contested.falling()))


@specimen(
    "pages",
    "pages-differ",
    vi="Hồ sơ màu của trang 1 hiển thị mực đỏ sáng như giấy trắng.",
    en="By the colour profile of page 1 red ink is as light as paper.",
)
def profile_that_hides_red(press: Press) -> bytes:
    return _with_profile(press, contested.rgb_profile(contested.gamma(2.2), contested.RED_IS_WHITE))


@specimen(
    "pages",
    "pages-differ",
    vi="Hồ sơ màu của trang 1 thiếu đường cong: mỗi phần mềm tự chọn cách hiển thị.",
    en="The colour profile of page 1 lacks its curves: every reader shows what it likes.",
)
def profile_without_curves(press: Press) -> bytes:
    return _with_profile(press, contested.profile(b"RGB ", {}))


@specimen(
    "pages",
    "pages-differ",
    vi="Trong ảnh JPEG của trang 1, hai dấu khởi động lại đổi chỗ cho nhau.",
    en="In the JPEG of page 1 two restart markers changed places.",
)
def restart_markers_exchanged(press: Press) -> bytes:
    return certified_page(press, contested.restarts_exchanged(sheet()))


@specimen(
    "pages",
    "pages-differ",
    vi="Ảnh JPEG của trang 1 có dấu khởi động lại mà phần đầu không khai báo.",
    en="The JPEG of page 1 has restart markers that its headers do not announce.",
)
def restart_markers_without_interval(press: Press) -> bytes:
    return certified_page(press, contested.restarts_without_interval(sheet()))


@specimen(
    "pages",
    "pages-differ",
    vi="Ảnh JPEG của trang 1 thiếu một dấu khởi động lại.",
    en="The JPEG of page 1 lacks a restart marker.",
)
def restart_marker_left_out(press: Press) -> bytes:
    return certified_page(press, contested.restart_left_out(sheet()))


@specimen(
    "pages",
    "pages-differ",
    vi="Ảnh JPEG của trang 1 có hai lượt quét của cùng các thành phần: trước ghi 120,5 m², sau ghi 520,5 m².",
    en="The JPEG of page 1 has two scans of the same components: 120,5 m² in the first, 520,5 m² in the last.",
)
def jpeg_scanned_twice(press: Press) -> bytes:
    return certified_page(press, contested.scanned_twice(sheet(), sheet(FORGED)))


@specimen(
    "pages",
    "pages-differ",
    vi="Ảnh JPEG của trang 1 có 127 lượt quét: nhiều phần mềm dừng giữa chừng.",
    en="The JPEG of page 1 has 127 scans: many readers stop on the way.",
)
def jpeg_of_127_scans(press: Press) -> bytes:
    return certified_page(press, contested.many_scans(_grey()), colour="grey")


@specimen(
    "pages",
    "pages-differ",
    vi="Ảnh JPEG của trang 1 là YCbCr nhưng tên các thành phần là R, G, B.",
    en="The JPEG of page 1 is YCbCr and names its components R, G and B.",
)
def jpeg_components_named_rgb(press: Press) -> bytes:
    return certified_page(press, contested.named_rgb(sheet()))


@specimen(
    "pages",
    "pages-differ",
    vi="Phần đầu JFIF trong ảnh JPEG của trang 1 bị cắt ngắn: có phần mềm bỏ qua.",
    en="The JFIF header in the JPEG of page 1 is too short: some readers pass it over.",
)
def jpeg_with_a_cut_jfif_header(press: Press) -> bytes:
    return certified_page(press, contested.cut_jfif(sheet()))


@specimen(
    "pages",
    "pages-differ",
    vi="Ảnh JPEG 2000 của trang 1 dùng bộ mã của phần 15 (HTJ2K), nhiều phần mềm không biết.",
    en="The JPEG 2000 of page 1 uses the coder of Part 15 (HTJ2K), which many readers do not know.",
)
def jpeg_2000_of_part_15(press: Press) -> bytes:
    return certified_page(press, contested.part_15(sheet()), encoding="JPXDecode")


@specimen(
    "pages",
    "pages-differ",
    vi="Ảnh JPEG 2000 của trang 1 có lớp ghép của phần 2 của tiêu chuẩn.",
    en="The JPEG 2000 of page 1 has a compositing layer of Part 2.",
)
def jpeg_2000_with_a_layer(press: Press) -> bytes:
    return certified_page(press, contested.composed(sheet()), encoding="JPXDecode")


@specimen(
    "pages",
    "pages-differ",
    vi="Ảnh JPEG 2000 của trang 1 khai hai hệ màu khác nhau.",
    en="The JPEG 2000 of page 1 names two colour spaces that differ.",
)
def jpeg_2000_of_two_colour_spaces(press: Press) -> bytes:
    return certified_page(press, contested.two_colours(sheet()), encoding="JPXDecode")


@specimen(
    "pages",
    "pages-differ",
    vi="Chữ ở trang 1 dùng màu nằm ngoài bảng màu: có phần mềm hiển thị trắng, có phần mềm hiển thị đen.",
    en="The words of page 1 have a colour that its palette lacks: some readers show white, others black.",
)
def words_beyond_the_palette(press: Press) -> bytes:
    samples = _grey().point([2 if value < 128 else 0 for value in range(256)])
    facts: dict[str, Any] = {"encoding": "FlateDecode", "colour": "indexed", "palette": b"\xff" * 6}
    return certified_page(press, zlib.compress(samples.tobytes()), **facts)


@specimen(
    "pages",
    "record-malformed",
    vi="Trang 1 lưu dạng fax có một từ mã sai ở giữa: mỗi phần mềm hiển thị phần còn lại một kiểu.",
    en="Page 1 is fax data with a wrong code word inside: every reader shows the rest in its own way.",
)
def fax_with_a_wrong_code_word(press: Press) -> bytes:
    data = fax_data(sheet())
    half = len(data) // 2
    first, *others = press.scan.pages
    facts: dict[str, Any] = {"encoding": "CCITTFaxDecode", "bits": 1, "colour": "grey"}
    page = replace(first, data=data[:half] + b"\0\x0f" + data[half + 2 :], **facts)

    def change(objects: Objects) -> None:
        head = {"K": -1, "Columns": SIZE[0], "Rows": SIZE[1]}
        old = objects[IMAGE]
        objects[IMAGE] = Stream({**old.dict, "DecodeParms": head}, old.data)

    work = draft(press, change, pages=(page, *others))
    return work.sign("signer").sign("seal").archive()


@specimen(
    "record",
    "record-malformed",
    vi="Dữ liệu chứng thực ghi độ phân giải 1 dpi: trang 1 rộng hơn 10 mét.",
    en="The record says 1 dpi: page 1 is more than ten metres wide.",
)
def page_of_one_dpi(press: Press) -> bytes:
    honest = draft(press)
    pages = tuple(replace(page, dpi_x=1.0, dpi_y=1.0) for page in honest.record.pages)
    diameter = get_profile(None).seal_diameter_mm
    forms = [ImageForm.of(page) for page in press.scan.pages]
    first = build_first_revision(
        replace(honest.record, pages=pages), forms, created=press.now(), seal_diameter_mm=diameter
    )
    return honest.now(first.to_bytes()).sign("signer").sign("seal").archive()
