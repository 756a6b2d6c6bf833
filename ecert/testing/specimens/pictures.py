"""Pictures that are not what record and dictionary say of them, signed by people who hold the keys.

Record, digest, dictionary and signatures all fit together; only the stored picture itself has another
size, other colours or other data. Readers then differ in what they show.
"""

from __future__ import annotations

import io
import zlib
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from PIL import Image

from ecert.formats.pdf import Stream
from ecert.model.images import StoredImage
from ecert.testing.specimens.dishonest import Objects, draft
from ecert.testing.specimens.increments import IMAGE
from ecert.testing.specimens.registry import specimen
from ecert.testing.specimens.sheets import SIZE, draw_sheet, draw_sheets, lines_of_first_sheet

if TYPE_CHECKING:
    from ecert.testing.specimens.press import Press

_TIMES = 4  # what the stored picture's sides are of the stated ones
FORGED = "520,5"


def sheet(area: str | None = None) -> Image.Image:
    given = {} if area is None else {"area": area}
    return Image.open(io.BytesIO(draw_sheet(lines_of_first_sheet(**given), quality=95)))


def _two_in_one() -> Image.Image:
    """Return a forged sheet, enlarged, that is the honest one where only the stated pixels are read.

    A reader with the stated size takes row after row of the honest sheet from the top of the large one.
    """
    width, height = SIZE
    honest = sheet()
    large = sheet(FORGED).resize((width * _TIMES, height * _TIMES), Image.Resampling.NEAREST)
    for row in range(height):
        line = honest.crop((0, row, width, row + 1))
        large.paste(line, (row % _TIMES * width, row // _TIMES))
    return large


def _encoded(picture: Image.Image, format_: str, **options: Any) -> bytes:
    out = io.BytesIO()
    picture.save(out, format_, **options)
    return out.getvalue()


def fax_data(picture: Image.Image) -> bytes:
    """Return a picture as Group 4 fax data, its end code included."""
    data = _encoded(picture.convert("1"), "TIFF", compression="group4", strip_size=1 << 20)
    with Image.open(io.BytesIO(data)) as file:
        tags: Any = file.tag_v2  # type: ignore[attr-defined]
        (offset,), (size,) = tags[273], tags[279]
    return data[offset : offset + size]


def _flate(press: Press, data: bytes) -> bytes:
    """Let the office certify a page of Flate data, 8-bit RGB without predictor."""
    return certified_page(press, data, encoding="FlateDecode", predictor=False)


def certified_page(press: Press, data: bytes, **facts: Any) -> bytes:
    """Let the office certify a first page of this data; what is not given is the honest page's."""
    first, *others = press.scan.pages
    page: StoredImage = replace(first, data=data, **facts)
    work = draft(press, pages=(page, *others))
    return work.sign("signer").sign("seal").archive()


@specimen(
    "pages",
    "pages-differ",
    vi="Ảnh JPEG lưu ở trang 1 lớn gấp bốn lần kích thước đã ghi: mỗi phần mềm hiển thị một ảnh khác.",
    en="The JPEG stored for page 1 is four times as large as stated: every reader shows another picture.",
)
def jpeg_larger_than_stated(press: Press) -> bytes:
    return certified_page(press, _encoded(_two_in_one(), "JPEG", quality=70))


@specimen(
    "pages",
    "pages-differ",
    vi="Ảnh JPEG 2000 lưu ở trang 1 lớn gấp bốn lần kích thước đã ghi.",
    en="The JPEG 2000 picture stored for page 1 is four times as large as stated.",
)
def jpeg_2000_larger_than_stated(press: Press) -> bytes:
    data = _encoded(_two_in_one(), "JPEG2000", irreversible=True, quality_layers=[40])
    return certified_page(press, data, encoding="JPXDecode")


@specimen(
    "pages",
    "pages-differ",
    vi="Ảnh JPEG màu ở trang 1 được ghi là ảnh xám.",
    en="The colour JPEG of page 1 is stated to be grey.",
)
def colour_jpeg_stated_as_grey(press: Press) -> bytes:
    return certified_page(press, press.sheets[0], colour="grey")


@specimen(
    "pages",
    "pages-differ",
    vi="Ở trang 1 có byte lạ đứng trước ảnh JPEG.",
    en="On page 1, bytes stand before the beginning of the JPEG.",
)
def bytes_before_a_jpeg(press: Press) -> bytes:
    return certified_page(press, b"\n% " + press.sheets[0])


@specimen(
    "pages",
    "pages-differ",
    vi="Sau ảnh JPEG của trang 1 có một ảnh JPEG nữa, của giấy tờ khác.",
    en="Behind the JPEG of page 1 stands another JPEG, of another paper.",
)
def two_jpegs_in_one_page(press: Press) -> bytes:
    return certified_page(press, press.sheets[0] + draw_sheets(area=FORGED)[0])


@specimen("pages", "pages-differ", vi="Luồng ảnh của trang 1 rỗng.", en="The picture of page 1 is an empty stream.")
def page_without_image_data(press: Press) -> bytes:
    return certified_page(press, b"")


@specimen(
    "pages",
    "record-malformed",
    vi="Trang 1 lưu dạng fax, mà bản sao không bao giờ chứa, với các dòng ảnh khác sau mã kết thúc.",
    en="Page 1 is fax data, which no copy holds, and goes on behind its end code with other rows.",
)
def fax_rows_behind_the_end(press: Press) -> bytes:
    width, height = SIZE
    upper = fax_data(sheet().crop((0, 0, width, height // 2)))
    lower = fax_data(sheet(FORGED).crop((0, 0, width, height // 2)))
    facts: dict[str, Any] = {"encoding": "CCITTFaxDecode", "bits": 1, "colour": "grey"}
    first, *others = press.scan.pages
    page: StoredImage = replace(first, data=upper + lower, **facts)

    def change(objects: Objects) -> None:
        head = {"K": -1, "Columns": width, "Rows": height}
        old = objects[IMAGE]
        objects[IMAGE] = Stream({**old.dict, "DecodeParms": head}, old.data)

    work = draft(press, change, pages=(page, *others))
    return work.sign("signer").sign("seal").archive()


@specimen(
    "pages",
    "pages-differ",
    vi="Dữ liệu nén của trang 1 chỉ có nửa số dòng ảnh đã ghi.",
    en="The Flate data of page 1 has half the rows that are stated.",
)
def flate_of_half_the_rows(press: Press) -> bytes:
    pixels = sheet().tobytes()
    return _flate(press, zlib.compress(pixels[: len(pixels) // 2]))


@specimen(
    "pages",
    "pages-differ",
    vi="Dữ liệu nén của trang 1 gồm hai luồng nối nhau; phần mềm đọc một hoặc cả hai.",
    en="The Flate data of page 1 is two streams in a row; readers read one of them, or both.",
)
def two_flate_streams_in_one_page(press: Press) -> bytes:
    honest, forged = sheet().tobytes(), sheet(FORGED).tobytes()
    half = len(honest) // 2
    return _flate(press, zlib.compress(honest[:half]) + zlib.compress(forged[:half]))


@specimen(
    "pages",
    "pages-differ",
    vi="Dữ liệu nén của trang 1 có phần đầu zlib sai: có phần mềm đọc được, có phần mềm không.",
    en="The Flate data of page 1 has a broken zlib header: some readers read it, others do not.",
)
def broken_zlib_header(press: Press) -> bytes:
    packed = bytearray(zlib.compress(sheet().tobytes()))
    packed[1] ^= 1
    return _flate(press, bytes(packed))
