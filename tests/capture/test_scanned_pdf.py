"""Scanner PDFs: one image per page is passed through; whatever else a PDF can hold is refused."""

from __future__ import annotations

import base64
import io
import zlib
from collections.abc import Callable
from pathlib import Path
from typing import Any

import img2pdf
import pikepdf
import pytest
from pikepdf import Array, Dictionary, Name, Pdf, Stream
from PIL import Image, ImageChops

from ecert.capture.scan import Scan
from ecert.errors import InputError
from ecert.model.images import StoredImage
from tests.capture.images import encode, jpeg, picture
from tests.capture.reader import bilevel, render, samples

WIDTH, HEIGHT = 61, 43
PLACE = f"{WIDTH} 0 0 {HEIGHT} 0 0 cm /I Do"
Edit = Callable[[Pdf], None]


def scanned(
    data: bytes,
    filters: Any = Name.DCTDecode,
    *,
    draw: str = PLACE,
    edit: Edit | None = None,
    pages: int = 1,
    **facts: Any,
) -> bytes:
    """Return a PDF of one image of 61 x 43 pixels per page, at 72 dpi."""
    with pikepdf.new() as pdf:
        for _ in range(pages):
            pdf.add_blank_page(page_size=(WIDTH, HEIGHT))
            image = Stream(pdf, data)
            known = {"ColorSpace": Name.DeviceRGB, "BitsPerComponent": 8, "Filter": filters}
            named = {"Type": Name.XObject, "Subtype": Name.Image, "Width": WIDTH, "Height": HEIGHT}
            for key, value in (named | known | facts).items():
                if value is not None:
                    image[f"/{key}"] = value
            page = pdf.pages[-1]
            page.Resources = Dictionary(XObject=Dictionary(I=image))
            page.Contents = Stream(pdf, draw.encode())
        if edit:
            edit(pdf)
        out = io.BytesIO()
        pdf.save(out, compress_streams=False, stream_decode_level=pikepdf.StreamDecodeLevel.none)
        return out.getvalue()


def only(data: bytes) -> StoredImage:
    (page,) = Scan.from_files([data]).pages
    return page


def code(data: bytes) -> str:
    with pytest.raises(InputError) as caught:
        Scan.from_files([data])
    assert caught.value.hint
    assert caught.value.message.startswith("input 1")
    return caught.value.code


RAW = picture("RGB").tobytes()
FLATE = zlib.compress(RAW)


def test_jpeg_is_passed_through():
    data = jpeg()
    stored = only(scanned(data))
    assert (stored.data, stored.encoding, stored.reencoded) == (data, "DCTDecode", False)
    assert (stored.dpi, stored.size_points) == ((72.0, 72.0), (61.0, 43.0))


def test_filters_around_jpeg_are_taken_off():
    data = jpeg()
    both = Array([Name.FlateDecode, Name.DCTDecode])
    assert only(scanned(zlib.compress(data), both)).data == data
    text = Array([Name.ASCII85Decode, Name.DCTDecode])
    assert only(scanned(base64.a85encode(data) + b"~>", text)).data == data
    three = Array([Name.ASCIIHexDecode, Name.FlateDecode, Name.DCTDecode])
    assert only(scanned(zlib.compress(data).hex().encode() + b">", three)).data == data


@pytest.mark.parametrize(
    ("mode", "format_", "options"),
    [
        ("RGB", "JPEG", {}),
        ("CMYK", "JPEG", {}),
        ("L", "PNG", {}),
        ("P", "PNG", {}),
        ("1", "PNG", {}),
        ("1", "TIFF", {"compression": "group4"}),
        ("I;16", "PNG", {}),
    ],
)
def test_what_img2pdf_writes(mode: str, format_: str, options: dict[str, Any], tmp_path: Path):
    image = picture(mode)
    stored = only(img2pdf.convert(encode(image, format_, **options)))
    assert stored.reencoded is (format_ == "TIFF")  # fax data is decoded
    assert stored.dpi == (300.0, 300.0)
    if mode in ("L", "P", "1"):
        shown = render([stored], tmp_path)[0]
        assert shown.convert("RGB").tobytes() == image.convert("RGB").tobytes()


def test_flate_without_and_with_predictors():
    stored = only(scanned(FLATE, Name.FlateDecode))
    assert (stored.data, stored.predictor, stored.reencoded) == (FLATE, False, False)
    rows = b"".join(b"\0" + RAW[n : n + 3 * WIDTH] for n in range(0, len(RAW), 3 * WIDTH))
    parms = Dictionary(Predictor=12, Colors=3, BitsPerComponent=8, Columns=WIDTH)
    stored = only(scanned(zlib.compress(rows), Name.FlateDecode, DecodeParms=parms))
    assert (stored.data, stored.predictor) == (zlib.compress(rows), True)
    assert samples(stored) == RAW
    wrong = Dictionary(Predictor=12, Colors=1, BitsPerComponent=8, Columns=WIDTH)
    assert code(scanned(zlib.compress(rows), Name.FlateDecode, DecodeParms=wrong)) == "damaged-image"
    differences = b""
    for at in range(0, len(RAW), 3 * WIDTH):
        line = RAW[at : at + 3 * WIDTH]
        differences += line[:3] + bytes((b - a) % 256 for a, b in zip(line, line[3:], strict=False))
    parms = Dictionary(Predictor=2, Colors=3, BitsPerComponent=8, Columns=WIDTH)
    stored = only(scanned(zlib.compress(differences), Name.FlateDecode, DecodeParms=parms))
    assert stored.reencoded
    assert samples(stored) == RAW


def test_other_lossless_encodings_are_stored_again():
    runs = b"".join(bytes([len(RAW[n : n + 128]) - 1]) + RAW[n : n + 128] for n in range(0, len(RAW), 128))
    lzw = encode(picture("RGB"), "TIFF", compression="tiff_lzw", tiffinfo={278: HEIGHT})
    with Image.open(io.BytesIO(lzw)) as image:
        start, size = image.tag_v2[273][0], image.tag_v2[279][0]  # type: ignore[attr-defined]
    for data, name in (
        (RAW, None),
        (base64.a85encode(RAW) + b"~>", Name.ASCII85Decode),
        (runs + b"\x80", Name.RunLengthDecode),
        (lzw[start : start + size], Name.LZWDecode),
    ):
        stored = only(scanned(data, name))
        assert (stored.encoding, stored.reencoded) == ("FlateDecode", True)
        assert samples(stored) == RAW
        assert code(scanned(data[: len(data) // 2], name)) in ("truncated", "damaged-image")


def test_jpeg_2000_and_group_4():
    data = encode(picture(), "JPEG2000")
    assert only(scanned(data, Name.JPXDecode, ColorSpace=None)).data == data
    image = picture("1")
    tiff = encode(image, "TIFF", compression="group4", tiffinfo={262: 0})
    with Image.open(io.BytesIO(tiff)) as file:
        (at,), (size,) = file.tag_v2[273], file.tag_v2[279]  # type: ignore[attr-defined]
    fax = tiff[at : at + size]
    parms = Dictionary(K=-1, Columns=WIDTH, Rows=HEIGHT)
    facts: dict[str, Any] = {"ColorSpace": Name.DeviceGray, "BitsPerComponent": 1}
    facts["DecodeParms"] = parms
    stored = only(scanned(fax, Name.CCITTFaxDecode, **facts))
    assert (stored.encoding, stored.reencoded, stored.inverted) == ("FlateDecode", True, False)
    assert bilevel(stored) == image
    parms = Dictionary(K=-1, Columns=WIDTH, BlackIs1=True)
    turned = only(scanned(fax, Name.CCITTFaxDecode, **facts | {"DecodeParms": parms}))
    assert bilevel(turned) == ImageChops.invert(image)
    turned = only(scanned(fax, Name.CCITTFaxDecode, Decode=Array([1, 0]), **facts))
    assert bilevel(turned) == ImageChops.invert(image)
    group_3 = facts | {"DecodeParms": Dictionary(K=0, Columns=WIDTH)}
    assert code(scanned(fax, Name.CCITTFaxDecode, **group_3)) == "unsupported-format"
    assert code(scanned(fax[:-9], Name.CCITTFaxDecode, **facts)) == "truncated"


def test_a_black_stencil_is_a_black_and_white_image(tmp_path: Path):
    raw = picture("1").tobytes()
    facts: dict[str, Any] = {"ImageMask": True, "ColorSpace": None, "BitsPerComponent": 1}
    for decode, inverted in (([0, 1], False), ([1, 0], True)):
        stored = only(scanned(zlib.compress(raw), Name.FlateDecode, Decode=Array(decode), **facts))
        assert (stored.colour, stored.bits, stored.inverted) == ("grey", 1, inverted)
    red = scanned(zlib.compress(raw), Name.FlateDecode, draw=f"1 0 0 rg {PLACE}", **facts)
    assert code(red) == "unsupported-format"
    black = scanned(zlib.compress(raw), Name.FlateDecode, draw=f"0 0 0 rg {PLACE}", **facts)
    assert samples(only(black)) == raw


def test_decode_arrays():
    assert only(scanned(FLATE, Name.FlateDecode, Decode=Array([1, 0] * 3))).inverted
    assert not only(scanned(FLATE, Name.FlateDecode, Decode=Array([0, 1] * 3))).inverted
    assert code(scanned(FLATE, Name.FlateDecode, Decode=Array([0, 0.5] * 3))) == "unsupported-format"


def test_colour_spaces():
    from PIL import ImageCms

    profile = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()

    def with_icc(content: bytes, channels: int = 3) -> Edit:
        def edit(pdf: Pdf) -> None:
            stream = Stream(pdf, content)
            stream.N = channels
            space = Array([Name.ICCBased, pdf.make_indirect(stream)])
            pdf.pages[0].Resources.XObject.I.ColorSpace = space

        return edit

    assert only(scanned(FLATE, Name.FlateDecode, edit=with_icc(profile))).icc == profile
    assert only(scanned(FLATE, Name.FlateDecode, edit=with_icc(b"no profile"))).icc is None
    calibrated = Array([Name.CalRGB, Dictionary(Gamma=Array([2.2, 2.2, 2.2]))])
    assert only(scanned(FLATE, Name.FlateDecode, ColorSpace=calibrated)).colour == "rgb"
    linear = Array([Name.CalRGB, Dictionary(WhitePoint=Array([1, 1, 1]))])
    assert code(scanned(FLATE, Name.FlateDecode, ColorSpace=linear)) == "unsupported-format"
    grey = zlib.compress(bytes(WIDTH * HEIGHT))
    indexed = Array([Name.Indexed, Name.DeviceGray, 1, pikepdf.String(b"\x10\x20")])
    stored = only(scanned(grey, Name.FlateDecode, ColorSpace=indexed))
    assert stored.palette == b"\x10\x10\x10\x20\x20\x20"
    separation = Array([Name.Separation, Name("/Red"), Name.DeviceRGB, Dictionary()])
    assert code(scanned(grey, Name.FlateDecode, ColorSpace=separation)) == "unsupported-format"


@pytest.mark.parametrize("rotate", [0, 90, 180, 270, -90])
@pytest.mark.parametrize("mirrored", [False, True])
@pytest.mark.parametrize("turn", ["upright", "left", "upside-down", "right"])
def test_orientation_is_what_poppler_shows(rotate: int, mirrored: bool, turn: str, tmp_path: Path):
    """The page as another program shows the scanner's PDF is the page as it shows ours."""
    size = WIDTH
    image = picture("L", (size, size))
    matrix = {
        "upright": (1, 0, 0, 1, 0, 0),
        "left": (0, 1, -1, 0, 1, 0),
        "upside-down": (-1, 0, 0, -1, 1, 1),
        "right": (0, -1, 1, 0, 0, 1),
    }[turn]
    inset = size - 0.5
    flip = f"-1 0 0 1 {size} 0 cm" if mirrored else ""
    draw = f"{flip} {inset} 0 0 {inset} .25 .25 cm {' '.join(map(str, matrix))} cm /I Do"

    def edit(pdf: Pdf) -> None:
        pdf.pages[0].MediaBox = Array([0, 0, size, size])
        pdf.pages[0].Rotate = rotate

    facts: dict[str, Any] = {"ColorSpace": Name.DeviceGray, "Height": size}
    data = scanned(zlib.compress(image.tobytes()), Name.FlateDecode, draw=draw, edit=edit, **facts)
    import subprocess

    (tmp_path / "scan.pdf").write_bytes(data)
    command = ["pdftoppm", "-r", "72", "-gray", str(tmp_path / "scan.pdf"), str(tmp_path / "seen")]
    subprocess.run(command, check=True)
    seen = Image.open(next(tmp_path.glob("seen*.pgm")))
    assert render([only(data)], tmp_path)[0].convert("L").tobytes() == seen.tobytes()


def test_resolution_is_pixels_over_place():
    def edit(pdf: Pdf) -> None:
        pdf.pages[0].MediaBox = Array([10, 10, 10 + WIDTH / 4, 10 + HEIGHT / 2])

    stored = only(scanned(jpeg(), draw=f"{WIDTH / 4} 0 0 {HEIGHT / 2} 10 10 cm /I Do", edit=edit))
    assert stored.dpi == (288.0, 144.0)
    assert stored.size_points == (15.25, 21.5)


@pytest.mark.parametrize(
    "draw",
    [
        f"q {PLACE} Q",
        f"q 0 0 {WIDTH} {HEIGHT} re W n {PLACE} Q",
        f"/P <</MCID 0>> BDC q {PLACE} Q EMC",
        f"BT ET 0.5 w 1 J {PLACE}",
        f"q 2 0 0 2 0 0 cm {WIDTH / 2} 0 0 {HEIGHT / 2} 0 0 cm /I Do Q",
    ],
)
def test_harmless_operators(draw: str):
    assert only(scanned(jpeg(), draw=draw)).data == jpeg()


@pytest.mark.parametrize(
    ("draw", "wanted"),
    [
        (f"{PLACE} BT /F 9 Tf (x) Tj ET", "text-layer"),
        (f"BT 3 Tr /F 9 Tf [(x)] TJ ET {PLACE}", "text-layer"),
        (f"0 0 5 5 re f {PLACE}", "vector-paint"),
        (f"{PLACE} 0 0 m 9 9 l S", "vector-paint"),
        (f"/Sh sh {PLACE}", "vector-paint"),
        (f"0 0 m 9 9 l 9 0 l W n {PLACE}", "vector-paint"),
        (f"{PLACE} BI /W 1 /H 1 /BPC 8 /CS /G ID x EI", "inline-image"),
        (f"q {PLACE} Q {PLACE}", "several-images"),
        ("", "page-layout"),
        (f"{WIDTH / 2} 0 0 {HEIGHT} 0 0 cm /I Do", "page-layout"),
        (f"{WIDTH} 0 0 {HEIGHT} 9 9 cm /I Do", "page-layout"),
        (f"0 0 30 {HEIGHT} re W n {PLACE}", "page-layout"),
        (f"{WIDTH} 9 -9 {HEIGHT} 0 0 cm /I Do", "page-layout"),
        ("0 0 0 0 0 0 cm /I Do", "page-layout"),
        (f"/OC /L BDC {PLACE} EMC", "optional-content"),
        (f"{PLACE} bogus", "damaged-pdf"),
        (f"Q {PLACE}", "damaged-pdf"),
        ("/J Do", "damaged-pdf"),
        (f"1e99 0 0 1 0 0 cm {PLACE}", "damaged-pdf"),
        ("% " + "x" * 70_000, "vector-paint"),
    ],
)
def test_what_else_shows_is_refused(draw: str, wanted: str):
    assert code(scanned(jpeg(), draw=draw)) == wanted


def on_root(**entries: Any) -> Edit:
    def edit(pdf: Pdf) -> None:
        for key, value in entries.items():
            pdf.Root[f"/{key}"] = value

    return edit


def on_page(**entries: Any) -> Edit:
    def edit(pdf: Pdf) -> None:
        for key, value in entries.items():
            pdf.pages[0].obj[f"/{key}"] = value

    return edit


def attach(name: str) -> Edit:
    def edit(pdf: Pdf) -> None:
        pdf.attachments[name] = b"x"

    return edit


@pytest.mark.parametrize(
    ("edit", "wanted"),
    [
        (on_page(Annots=Array([Dictionary(Subtype=Name.Stamp)])), "annotations"),
        (on_root(AcroForm=Dictionary(Fields=Array([Dictionary(FT=Name.Tx)]))), "form"),
        (on_root(AcroForm=Dictionary(Fields=Array([Dictionary(FT=Name.Sig)]))), "source-is-a-copy"),
        (on_root(OpenAction=Dictionary(S=Name.JavaScript, JS="x")), "javascript"),
        (on_root(OCProperties=Dictionary()), "optional-content"),
        (on_root(OpenAction=Dictionary(S=Name.Launch)), "active-content"),
        (on_page(AA=Dictionary()), "active-content"),
        (attach("notes.txt"), "embedded-files"),
        (attach("ecert-record.xml"), "source-is-a-copy"),
    ],
)
def test_what_else_a_pdf_holds_is_refused(edit: Edit, wanted: str):
    assert code(scanned(jpeg(), edit=edit)) == wanted


@pytest.mark.parametrize(
    ("facts", "wanted"),
    [
        ({"Filter": Name.JBIG2Decode}, "jbig2"),
        ({"Filter": Name("/MadeUp")}, "unsupported-format"),
        ({"SMask": Dictionary()}, "transparency"),
        ({"Mask": Array([0, 0])}, "transparency"),
        ({"SMaskInData": 1}, "transparency"),
        ({"Width": 60}, "damaged-image"),
        ({"ColorSpace": Name.DeviceGray}, "damaged-image"),
        ({"ColorSpace": Name.Pattern}, "unsupported-format"),
        ({"DecodeParms": Dictionary(ColorTransform=0)}, "unsupported-format"),
        ({"Width": 40_000}, "too-large"),
        ({"Width": Name.x}, "damaged-pdf"),
        ({"BitsPerComponent": 3}, "unsupported-format"),
    ],
)
def test_images_that_are_refused(facts: dict[str, Any], wanted: str):
    data = without_markers() if "DecodeParms" in facts else jpeg()
    assert code(scanned(data, **facts)) == wanted


def without_markers() -> bytes:
    from tests.capture.images import without_segments

    return without_segments(jpeg(), 0xE0)


def test_transparent_graphics_state():
    def edit(pdf: Pdf) -> None:
        pdf.pages[0].Resources.ExtGState = Dictionary(G=Dictionary(ca=0.5), H=Dictionary(ca=1))

    assert code(scanned(jpeg(), draw=f"/G gs {PLACE}", edit=edit)) == "transparency"
    assert only(scanned(jpeg(), draw=f"/H gs {PLACE}", edit=edit)).encoding == "DCTDecode"


def test_encrypted_and_damaged_files():
    data = scanned(jpeg())
    for user in ("", "secret"):
        with pikepdf.open(io.BytesIO(data)) as pdf:
            out = io.BytesIO()
            pdf.save(out, encryption=pikepdf.Encryption(owner="owner", user=user))
        assert code(out.getvalue()) == "encrypted"
    assert code(data[: len(data) // 2]) == "damaged-pdf"
    assert code(data.replace(b"startxref", b"startxxxx")) == "damaged-pdf"


def test_pages_are_counted_before_they_are_read():
    data = scanned(b"not a jpeg", pages=1001)
    assert code(data) == "too-many-pages"
    stored = Scan.from_files([scanned(jpeg(), pages=3)]).pages
    assert [page.source for page in stored] == [f"input 1, page {n}" for n in (1, 2, 3)]


def test_data_bombs():
    bomb = zlib.compress(bytes(1 << 26))
    assert code(scanned(bomb, Name.FlateDecode)) == "decompression-bomb"
    chain = Array([Name.FlateDecode, Name.DCTDecode])
    assert code(scanned(zlib.compress(bytes(201 << 20)), chain)) == "decompression-bomb"
