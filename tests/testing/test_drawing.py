"""Pictures: they decode, have the size and resolution they claim, and say that nobody may believe them."""

import io

import pikepdf
import pytest
from PIL import Image

from ecert.testing import sample_images, sample_scan, seal_image, signature_image
from ecert.testing.stamps import seal_mask


def opened(data):
    image = Image.open(io.BytesIO(data))
    image.load()
    return image


def share(image, box, wanted):
    """Return which part of a box's pixels fulfil a condition on (red, green, blue)."""
    part = image.crop(box).reduce(4)
    pixels = part.get_flattened_data()
    return sum(wanted(*pixel) for pixel in pixels) / len(pixels)


@pytest.fixture(scope="module")
def scan():
    return sample_scan(2)


class TestScan:
    def test_it_is_a_page_as_a_scanner_gives_it(self, scan):
        for data in scan:
            image = opened(data)
            assert (image.format, image.mode, image.size) == ("JPEG", "RGB", (2480, 3508))
            assert image.info["dpi"] == (300, 300)
            assert 1_200_000 < len(data) < 1_900_000

    def test_only_the_last_page_has_stamp_and_signature(self, scan):
        def red(r, g, b):
            return r > 150 and g < 120 and b < 120

        def blue(r, g, b):
            return b > 110 and r < 90 and g < 110

        everywhere = (0, 0, 2480, 3508)
        first, last = map(opened, scan)
        assert share(first, everywhere, red) == share(first, everywhere, blue) == 0
        assert share(last, everywhere, red) > 0.002
        assert share(last, everywhere, blue) > 0.0005

    def test_the_big_mark_and_the_paper_s_tone_are_on_every_page(self, scan):
        for data in scan:
            image = opened(data).resize((248, 351), Image.Resampling.BOX)
            pale = sum(r > 205 and r - g > 3 and g > 200 and g < 233 for r, g, b in image.get_flattened_data())
            assert pale > 0.04 * 248 * 351
            r, g, b = image.getpixel((230, 20))
            assert 235 < b < g < r <= 255

    def test_the_same_arguments_give_the_same_pixels(self, scan):
        assert sample_scan(2) == scan
        assert scan[0] != scan[1]

    @pytest.mark.parametrize(("dpi", "size"), [(72, (210, 297)), (100, (60, 80)), (150, (148, 105))])
    def test_other_sizes_are_drawn_to_scale(self, dpi, size):
        (data,) = sample_scan(dpi=dpi, size_mm=size)
        image = opened(data)
        assert image.size == tuple(round(side / 25.4 * dpi) for side in size)
        assert image.info["dpi"] == (dpi, dpi)

    def test_a_size_can_be_asked_for(self):
        for wanted in (60_000, 250_000):
            (data,) = sample_scan(dpi=100, target_bytes=wanted)
            assert abs(len(data) - wanted) < wanted / 5

    def test_impossible_pages_are_refused(self):
        with pytest.raises(ValueError, match="0 pages"):
            sample_scan(0)
        with pytest.raises(ValueError, match="8 × 8 pixels"):
            sample_scan(dpi=20, size_mm=(10, 10))


class TestMarks:
    @pytest.mark.parametrize(
        ("draw", "size", "colour"), [(signature_image, (1228, 567), 2), (seal_image, (850, 850), 0)]
    )
    def test_ink_on_nothing(self, draw, size, colour):
        image = opened(draw())
        assert (image.format, image.mode, image.size) == ("PNG", "RGBA", size)
        assert round(image.info["dpi"][0]) == 600
        lowest, highest = image.getchannel("A").getextrema()
        assert lowest == 0
        assert highest > 200
        ink = image.getpixel((0, 0))[:3]
        assert max(ink) == ink[colour]
        assert image.getchannel("A").getpixel((2, 2)) == 0
        assert len(draw()) < 150_000

    def test_the_seal_says_what_it_is_told(self):
        texts = ("HỘI ĐỒNG THỬ NGHIỆM", "XÃ MẪU")
        assert seal_image(texts) != seal_image()
        assert seal_mask(texts).getbbox() is not None
        with pytest.raises(ValueError, match="ring"):
            seal_image(("ỦY BAN NHÂN DÂN " * 4, "", ""))
        with pytest.raises(ValueError, match="middle"):
            seal_image(("", "", "KHÔNG CÓ GIÁ TRỊ"))
        with pytest.raises(ValueError, match="three lines"):
            seal_image(("A", "B", "C", "D"))

    def test_hands_differ(self):
        assert signature_image(2) != signature_image(1) == signature_image()


class TestSamples:
    EXPECTED = {  # noqa: RUF012
        "grey.jpg": ("JPEG", "L"),
        "rgb.jpg": ("JPEG", "RGB"),
        "progressive.jpg": ("JPEG", "RGB"),
        "oriented.jpg": ("JPEG", "RGB"),
        "cmyk.jpg": ("JPEG", "CMYK"),
        "bilevel.png": ("PNG", "1"),
        "grey.png": ("PNG", "L"),
        "grey16.png": ("PNG", "I;16"),
        "palette.png": ("PNG", "P"),
        "rgb.png": ("PNG", "RGB"),
        "rgba.png": ("PNG", "RGBA"),
        "g4.tif": ("TIFF", "1"),
        "lzw.tif": ("TIFF", "RGB"),
        "rgb.jp2": ("JPEG2000", "RGB"),
        "rgb.webp": ("WEBP", "RGB"),
    }

    def test_every_picture_is_what_its_name_says(self):
        samples = sample_images()
        assert set(samples) == {*self.EXPECTED, "scanner.pdf"}
        for name, expected in self.EXPECTED.items():
            image = opened(samples[name])
            assert (image.format, image.mode) == expected, name
            assert image.size == (60, 80)

    def test_the_odd_ones_are_odd(self):
        samples = sample_images()
        assert opened(samples["oriented.jpg"]).getexif()[0x0112] == 6
        assert opened(samples["progressive.jpg"]).info["progressive"]
        assert opened(samples["g4.tif"]).info["compression"] == "group4"
        assert opened(samples["lzw.tif"]).info["compression"] == "tiff_lzw"
        assert b"Adobe\x00" in samples["cmyk.jpg"]
        plain = opened(samples["rgb.jpg"]).getpixel((10, 8))
        cmyk = opened(samples["cmyk.jpg"]).convert("RGB").getpixel((10, 8))
        assert all(abs(a - b) < 12 for a, b in zip(plain, cmyk, strict=True))
        assert len(opened(samples["grey16.png"]).histogram()) >= 256
        assert opened(samples["rgba.png"]).getchannel("A").getextrema() == (0, 255)

    def test_the_pdf_holds_the_scanner_s_own_bytes(self):
        samples = sample_images()
        with pikepdf.open(io.BytesIO(samples["scanner.pdf"])) as pdf:
            stored = [page.Resources.XObject.Im0.read_raw_bytes() for page in pdf.pages]
            assert stored == [samples["rgb.jpg"], samples["grey.jpg"]]
            assert [float(side) for side in pdf.pages[0].MediaBox] == pytest.approx([0, 0, 28.8, 38.4])

    def test_each_call_gives_a_dict_of_its_own(self):
        sample_images().clear()
        assert sample_images()
