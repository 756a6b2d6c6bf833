"""Pictures of reports, to be looked at: ``python -m tests.report.pictures [FOLDER]``.

Without a folder the pictures of docs/how-to/report.md are made anew. With one, every accident's report is written
there: as a picture in light, in dark and as printed, and as text for both audiences, in both languages.
"""

from __future__ import annotations

import io
import subprocess
import sys
import tempfile
from pathlib import Path

from PIL import Image

import ecert
from ecert.model.audiences import AUDIENCES
from ecert.model.languages import LANGS
from ecert.report import Report
from ecert.testing import Office
from ecert.testing.demo import forge
from ecert.testing.drawing import sample_scan
from tests.kit import Desk
from tests.report.accidents import ACCIDENTS
from tests.report.chromium import Chromium, chromium

IMAGES = Path(__file__).parents[2] / "docs" / "images"
PHONE, WIDE = 390, 1000  # CSS pixels
_GROUND = "#f3f5f8"


class Studio:
    """A browser that takes pictures of reports."""

    def __init__(self, browser: Chromium, folder: Path) -> None:
        self.browser, self.folder = browser, folder

    def shoot(self, html: str, width: int, scheme: str = "light") -> Image.Image:
        """Return the whole page as somebody sees it."""
        self._open(html, width, scheme)
        return Image.open(io.BytesIO(self.browser.shoot())).convert("RGB")

    def sheets(self, html: str) -> list[Image.Image]:
        """Return the pages of A4 that it prints on."""
        self._open(html, WIDE, "light")
        (self.folder / "report.pdf").write_bytes(self.browser.print())
        subprocess.run(["pdftocairo", "-png", "-r", "90", "report.pdf", "sheet"], cwd=self.folder, check=True)
        found = sorted(self.folder.glob("sheet*.png"))
        pages = [Image.open(path).convert("RGB") for path in found]
        for path in found:
            path.unlink()
        return pages

    def top_of(self, selector: str) -> int:
        """Return where an element of the page that was shot last begins."""
        return int(self.browser.ask(f"document.querySelector('{selector}').getBoundingClientRect().top + scrollY"))

    def _open(self, html: str, width: int, scheme: str) -> None:
        path = self.folder / "report.html"
        path.write_text(html, encoding="utf-8")
        self.browser.prefer(scheme)
        self.browser.open(path, width=width)


def beside(pictures: list[Image.Image], height: int, ground: str = _GROUND) -> Image.Image:
    """Return pictures side by side, each cut to a height."""
    gap = 16
    width = sum(p.width for p in pictures) + gap * (len(pictures) + 1)
    sheet = Image.new("RGB", (width, height + 2 * gap), ground)
    x = gap
    for picture in pictures:
        sheet.paste(picture.crop((0, 0, picture.width, min(height, picture.height))), (x, gap))
        x += picture.width + gap
    return sheet


def _below(picture: Image.Image, top: int) -> Image.Image:
    return picture.crop((0, top, picture.width, picture.height))


def for_the_docs(studio: Studio) -> None:
    """Make docs/images/report-*.png."""
    with Office.create(algorithm="p256") as office:
        pages = sample_scan(2)
        copy = office.certify(pages=2, scan=ecert.Scan.from_files(pages))
        data, trust = copy.to_bytes(), office.trust
        forged = forge(copy, pages[0])
        valid = _named(data, "ban-sao.pdf", trust)
        altered = _named(forged, "ban-sao-sua.pdf", trust)
        open_ = _named(data, "ban-sao.pdf", None)
        whole = studio.shoot(valid.to_html("vi", document=data), PHONE)
        statement = _below(whole, studio.top_of("figure:last-of-type") - 8)
        _save(beside([whole, statement], 1150), "valid", 620)
        whole = studio.shoot(altered.to_html("vi", document=forged, audience="citizen"), PHONE)
        _save(beside([whole, _below(whole, studio.top_of(".pages"))], 1220), "invalid", 620)
        whole = studio.shoot(open_.to_html("en", document=data), WIDE)
        _save(whole.crop((0, 0, WIDE, 1470)), "undecided", 680)
        whole = studio.shoot(altered.to_html("en", document=forged), WIDE, "dark")
        _save(whole.crop((0, 0, WIDE, 900)), "dark", 680)
        sheets = studio.sheets(valid.to_html("vi", document=data)) + studio.sheets(
            altered.to_html("en", document=forged)
        )
        assert len(sheets) == 2
        _save(beside(sheets, sheets[0].height, "#e1e4e9"), "a4", 1250)


def _named(data: bytes, name: str, trust: ecert.TrustStore | None) -> Report:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, name)
        path.write_bytes(data)
        return ecert.verify_copy(path, trust=trust)


def _save(picture: Image.Image, name: str, width: int) -> None:
    small = picture.resize((width, round(picture.height * width / picture.width)), Image.Resampling.LANCZOS)
    small.quantize(128, dither=Image.Dither.NONE).save(IMAGES / f"report-{name}.png", optimize=True)


def accidents(studio: Studio, folder: Path) -> None:
    """Write what is said about every accident."""
    folder.mkdir(parents=True, exist_ok=True)
    with Office.create(algorithm="p256") as office:
        desk = Desk(office)
        for name, accident in ACCIDENTS.items():
            report, data = accident.report(desk)
            for lang in LANGS:
                html = report.to_html(lang, document=data)
                for scheme, width in (("light", WIDE), ("dark", PHONE)):
                    studio.shoot(html, width, scheme).save(folder / f"{name}-{lang}-{scheme}.png")
                (sheet,) = studio.sheets(html)
                sheet.save(folder / f"{name}-{lang}-print.png")
                for audience in AUDIENCES:
                    text = report.to_text(lang, audience=audience)
                    (folder / f"{name}-{lang}-{audience}.txt").write_text(text, encoding="utf-8")


def main() -> None:
    """Make what the arguments ask for."""
    with tempfile.TemporaryDirectory() as folder, chromium() as browser:
        studio = Studio(browser, Path(folder))
        if len(sys.argv) > 1:
            accidents(studio, Path(sys.argv[1]))
        else:
            for_the_docs(studio)


if __name__ == "__main__":
    main()
