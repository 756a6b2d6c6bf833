"""The record's two models and the rules their fields obey.

``CertificationRecord`` is what the office states. ``CopyRecord`` is what stands in the file: the
same, plus format, profile, language, level, template, an id where none was given, and the facts of
every page, which ``prepare_copy`` measures and no caller may state.
"""

from __future__ import annotations

import hashlib
import json
import uuid
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, fields, is_dataclass
from datetime import date
from pathlib import Path
from typing import Any, Literal, TypeAlias, get_args

from ecert.errors import InputError, Reason, RecordError
from ecert.formats.record.refusals import RecordValue
from ecert.model import files
from ecert.model.images import StoredImage, fits_a_page, points_of
from ecert.model.languages import LANGS, Lang
from ecert.model.levels import LEVELS, Level
from ecert.model.limits import MAX_DPI, MAX_PAGE_POINTS, MAX_PAGES, MIN_DPI, MIN_PAGE_POINTS
from ecert.model.names import spelling
from ecert.model.tables import Table, choice, day_or_iso, decimal, flag, tables, text, texts, whole
from ecert.model.toml import read_toml

FORMAT = "ecert-1"
MAX_RECORD_BYTES = 1024 * 1024  # a record of 1,000 pages is about 400 kB of XML
MAX_RECORD_ITEMS = 50  # texts in one list of a record

Capacity = Literal["head", "deputy", "delegated", "notary", "consular"]
CAPACITIES: tuple[Capacity, ...] = get_args(Capacity)
#: What the officer confirms before signing (NĐ 23/2015/NĐ-CP, Đ.22).
CONFIRMATIONS = ("unaltered", "legible", "not-secret", "lawful", "legalised-or-exempt", "not-self-made")

_Table: TypeAlias = Table[RecordValue]
_texts = texts(MAX_RECORD_ITEMS)


@dataclass(frozen=True)
class Original:
    """The paper original; ``pages`` is counted on paper and must equal the scan."""

    title: str
    pages: int
    kind: str | None = None
    number: str | None = None
    issuer: str | None = None
    date: date | None = None

    @classmethod
    def read(cls, t: _Table) -> Original:
        """Read the ``original`` table."""
        result = cls(
            t.need("title", text),
            t.need("pages", whole(1, MAX_PAGES)),
            t.get("kind", text),
            t.get("number", text),
            t.get("issuer", text),
            t.get("date", day_or_iso),
        )
        t.close()
        return result


@dataclass(frozen=True)
class Body:
    """The certifying body, as its seal certificate names it."""

    name: str
    parent: str | None = None
    identifiers: tuple[str, ...] = ()

    @classmethod
    def read(cls, t: _Table) -> Body:
        """Read the ``body`` table."""
        result = cls(t.need("name", text), t.get("parent", text), t.get("identifiers", _texts) or ())
        t.close()
        return result


@dataclass(frozen=True)
class Delegation:
    """The decision by which somebody else may certify, and when it holds."""

    decision: str
    scope: str
    valid_from: date
    valid_to: date

    @classmethod
    def read(cls, t: _Table) -> Delegation:
        """Read the ``certifier.delegation`` table."""
        result = cls(
            t.need("decision", text),
            t.need("scope", text),
            t.need("valid_from", day_or_iso),
            t.need("valid_to", day_or_iso),
        )
        if result.valid_to < result.valid_from:
            raise RecordError(Reason("record.ends-before-it-begins"), path=t.key("valid_to"))
        t.close()
        return result


@dataclass(frozen=True)
class Certifier:
    """The competent person who signs; the name equals the CN of the signer's certificate."""

    name: str
    title: str
    capacity: Capacity
    legal_basis: str | None = None
    delegation: Delegation | None = None

    @classmethod
    def read(cls, t: _Table) -> Certifier:
        """Read the ``certifier`` table."""
        name, title = t.need("name", text), t.need("title", text)
        capacity = t.need("capacity", choice(CAPACITIES, trimmed=True))
        legal_basis = t.get("legal_basis", text)
        inner = t.get("delegation", Table)
        delegation = Delegation.read(inner) if inner else None
        if capacity == "delegated" and delegation is None:
            raise RecordError(
                Reason("record.delegation-required"), path=t.key("delegation"), code="record-field-missing"
            )
        if capacity != "delegated" and delegation is not None:
            raise RecordError(
                Reason("record.delegation-without-capacity", value=f"{capacity!r}"), path=t.key("delegation")
            )
        t.close()
        return cls(name, title, capacity, legal_basis, delegation)


@dataclass(frozen=True)
class Officer:
    """The officer who compared original and scan, and the six confirmations."""

    name: str
    confirms: tuple[str, ...]

    @classmethod
    def read(cls, t: _Table) -> Officer:
        """Read the ``officer`` table."""
        result = cls(t.need("name", text), t.get("confirms", _texts) or ())
        for i, word in enumerate(result.confirms):
            if word not in CONFIRMATIONS:
                raise RecordError(
                    Reason("record.not-one-of", value=f"{word!r}", allowed=", ".join(CONFIRMATIONS)),
                    path=f"{t.key('confirms')}[{i}]",
                )
        missing = [word for word in CONFIRMATIONS if word not in result.confirms]
        if missing:
            raise RecordError(
                Reason("record.confirmations-missing", words=", ".join(missing)),
                path=t.key("confirms"),
                code="confirmation-missing",
            )
        if len(result.confirms) != len(CONFIRMATIONS):
            raise RecordError(Reason("record.confirmation-twice"), path=t.key("confirms"))
        t.close()
        return cls(result.name, CONFIRMATIONS)


@dataclass(frozen=True)
class Capture:
    """How the scan was made; free text, optional."""

    device: str | None = None
    software: str | None = None
    time: str | None = None

    @classmethod
    def read(cls, t: _Table) -> Capture:
        """Read the ``capture`` table."""
        result = cls(t.get("device", text), t.get("software", text), t.get("time", text))
        t.close()
        return result


@dataclass(frozen=True)
class CertificationRecord:
    """What the office states about one act of certifying a copy.

    >>> CertificationRecord.from_dict({"number": 0})
    Traceback (most recent call last):
    ...
    ecert.errors.RecordError: number: 0 is not within 1 to 9999999
    """

    number: int
    series: str
    book: str
    date: date
    original: Original
    body: Body
    certifier: Certifier
    officer: Officer
    capture: Capture | None = None
    id: str | None = None
    replaces: tuple[str, ...] = ()
    verify_at: str | None = None

    @classmethod
    def from_dict(cls, values: Mapping[str, Any]) -> CertificationRecord:
        """Build a record from nested mappings shaped like ``record.toml``.

        Raises:
            RecordError: a field is missing, impossible or unknown; ``.path`` names it.
        """
        table = Table(RecordValue(values))
        record = cls.read(table)
        table.close()
        return record

    @classmethod
    def read(cls, t: _Table) -> CertificationRecord:
        """Take the office's fields out of a table that may hold more."""
        capture = None
        record = cls(
            number=t.need("number", whole(1, 9_999_999)),
            series=t.need("series", text),
            book=t.need("book", text),
            date=t.need("date", day_or_iso),
            original=Original.read(t.need("original", Table)),
            body=Body.read(t.need("body", Table)),
            certifier=Certifier.read(t.need("certifier", Table)),
            officer=Officer.read(t.need("officer", Table)),
            capture=Capture.read(inner) if (inner := t.get("capture", Table)) else capture,
            id=t.get("id", _uuid),
            replaces=_uuids(t.take("replaces")),
            verify_at=t.get("verify_at", text),
        )
        if record.verify_at and not record.verify_at.startswith(("https://", "http://")):
            raise RecordError(Reason("record.not-a-web-address"), path="verify_at")
        if record.id and record.id in record.replaces:
            raise RecordError(Reason("record.names-itself"), path="replaces")
        delegation = record.certifier.delegation
        if delegation and not delegation.valid_from <= record.date <= delegation.valid_to:
            raise RecordError(
                Reason("record.delegation-does-not-cover", date=str(record.date)), path="certifier.delegation"
            )
        return record

    @classmethod
    def from_file(cls, path: str | Path) -> CertificationRecord:
        """Read a record from a ``.toml``, ``.json`` or ``.xml`` file.

        Raises:
            InputError: the file cannot be read or parsed.
            RecordError: a field is missing, impossible or unknown.
        """
        from ecert.formats.record.xml import read_values

        path = Path(path)
        try:
            data = files.read(path, MAX_RECORD_BYTES)
        except files.UnreadableError as exc:
            raise InputError(f"cannot read the record {path}: {exc.why}", code=exc.code, hint=exc.hint) from exc
        match path.suffix.lower():
            case ".toml":
                try:
                    values = read_toml(data.decode("utf-8"))
                except (ValueError, RecursionError) as exc:
                    raise RecordError(Reason("record.not-toml", file=str(path), error=str(exc))) from exc
            case ".json":
                try:
                    values = json.loads(data.decode("utf-8"))
                except (ValueError, RecursionError) as exc:
                    raise RecordError(Reason("record.not-json", file=str(path), error=str(exc))) from exc
            case ".xml":
                values = read_values(data, root="certification")
            case suffix:
                raise InputError(f"the record {path} ends in {suffix!r}", hint="use .toml, .json or .xml")
        return cls.from_dict(values)

    def with_names(self, aliases: Mapping[str, str]) -> CertificationRecord:
        """Return the record with body, its parent and certifier named as their certificates name them.

        ``aliases`` has, by a name as records write it, what the certificate writes (setting ``names.aliases``).

        Raises:
            RecordError: what the certificate is said to write cannot stand in a record.
        """
        values = self.to_dict()
        for table, field in (("body", "name"), ("body", "parent"), ("certifier", "name")):
            if field in values[table]:
                values[table][field] = spelling(values[table][field], aliases)
        return self.from_dict(values)

    def to_dict(self) -> dict[str, Any]:
        """Return the record as nested plain values, dates as ISO 8601 text."""
        values: dict[str, Any] = _plain(self)
        return values


@dataclass(frozen=True)
class PageFacts:
    """What ``prepare_copy`` measured of one scanned page; sizes are of the stored stream."""

    width: int  # pixels
    height: int  # pixels
    dpi_x: float
    dpi_y: float
    orientation: int  # EXIF value 1 to 8
    colour: str
    bits: int  # per component
    encoding: str
    inverted: bool  # /Decode turns the samples over
    predictor: bool  # PNG predictors, FlateDecode only
    black_is_1: bool  # always false: of fax data, which no copy holds
    reencoded: bool
    alpha_flattened: bool
    sha256: str
    palette_sha256: str | None = None
    profile_sha256: str | None = None  # of the image's own ICC profile

    @classmethod
    def of(cls, image: StoredImage) -> PageFacts:
        """Return the facts of a stored image."""
        return cls(
            image.width,
            image.height,
            *image.dpi,
            image.orientation,
            image.colour,
            image.bits,
            image.encoding,
            image.inverted,
            image.predictor,
            False,
            image.reencoded,
            image.alpha_flattened,
            image.sha256,
            _digest(image.palette),
            _digest(image.icc),
        )

    @classmethod
    def read(cls, t: _Table) -> PageFacts:
        """Read one item of ``pages``."""
        facts = cls(
            t.need("width", whole(1, 60_000)),
            t.need("height", whole(1, 60_000)),
            t.need("dpi_x", decimal(MIN_DPI, MAX_DPI)),
            t.need("dpi_y", decimal(MIN_DPI, MAX_DPI)),
            t.need("orientation", whole(1, 8)),
            t.need("colour", choice(("grey", "rgb", "cmyk", "indexed"), trimmed=True)),
            t.need("bits", whole(1, 38)),
            t.need("encoding", choice(("DCTDecode", "FlateDecode", "JPXDecode"), trimmed=True)),
            t.need("inverted", flag),
            t.need("predictor", flag),
            t.need("black_is_1", flag),
            t.need("reencoded", flag),
            t.need("alpha_flattened", flag),
            t.need("sha256", text),
            t.get("palette_sha256", text),
            t.get("profile_sha256", text),
        )
        t.close()
        across, down = facts.size_points
        if not fits_a_page((across, down)):
            raise RecordError(
                Reason(
                    "record.page-size",
                    across=f"{across:g}",
                    down=f"{down:g}",
                    low=MIN_PAGE_POINTS,
                    high=MAX_PAGE_POINTS,
                ),
                path=t.key("width"),
            )
        return facts

    @property
    def size_points(self) -> tuple[float, float]:
        """Return the page's (width, height) in points, after orientation."""
        return points_of((self.width, self.height), (self.dpi_x, self.dpi_y), self.orientation)


@dataclass(frozen=True)
class CopyRecord:
    """What stands in the file: the office's statement and what ``prepare_copy`` added."""

    format: str
    profile: str
    language: Lang
    level: Level
    id: str
    template: str
    certification: CertificationRecord
    pages: tuple[PageFacts, ...]

    @classmethod
    def from_dict(cls, values: Mapping[str, Any]) -> CopyRecord:
        """Build a copy's record from nested mappings; the twin of :meth:`to_dict`.

        Raises:
            RecordError: a field is missing, impossible or unknown.
        """
        t = Table(RecordValue(values))
        version = t.need("format", text)
        if version != FORMAT:
            raise RecordError(
                Reason("record.another-format", value=f"{version!r}", wanted=f"{FORMAT!r}"),
                path="format",
                code="record-too-new",
            )
        profile, template = t.need("profile", text), t.need("template", text)
        language = t.need("language", choice(LANGS, trimmed=True))
        level = t.need("level", choice(LEVELS, trimmed=True))
        pages = tuple(PageFacts.read(page) for page in t.need("pages", _pages))
        certification = CertificationRecord.read(t)
        t.close()
        if certification.id is None:
            raise RecordError(Reason("record.missing"), path="id")
        if certification.original.pages != len(pages):
            raise RecordError(
                Reason("record.page-count", stated=certification.original.pages, count=len(pages)),
                path="original.pages",
            )
        return cls(version, profile, language, level, certification.id, template, certification, pages)

    def to_dict(self) -> dict[str, Any]:
        """Return the record as nested plain values: its JSON twin."""
        return {
            "format": self.format,
            "profile": self.profile,
            "language": self.language,
            "level": self.level,
            "template": self.template,
            **self.certification.to_dict(),
            "pages": [_plain(page) for page in self.pages],
        }

    def to_json(self) -> str:
        """Return the JSON twin, for export; it is never embedded."""
        return json.dumps(self.to_dict(), ensure_ascii=False, indent=2)


def _pages(value: RecordValue) -> Iterator[_Table]:
    return tables(value, MAX_PAGES)


def _uuid(value: RecordValue) -> str:
    """Read a UUID; it is kept in its canonical form."""
    found = text(value)
    try:
        return str(uuid.UUID(found))
    except ValueError:
        raise value.at(found, value.key).refuse("not-a-uuid") from None


def _uuids(value: RecordValue | None) -> tuple[str, ...]:
    """Read one UUID or a list of them; a refusal names the list."""
    if value is None:
        return ()
    if isinstance(value.given, str):
        value = value.at([value.given], value.key)
    return tuple(_uuid(value.at(found, value.key)) for found in _texts(value))


def _digest(data: bytes | None) -> str | None:
    return None if data is None else hashlib.sha256(data).hexdigest()


def _plain(value: Any) -> Any:
    """Return dataclasses as dicts without their empty fields."""
    if is_dataclass(value):
        items = ((f.name, getattr(value, f.name)) for f in fields(value))
        return {name: _plain(v) for name, v in items if v is not None and v != ()}
    if isinstance(value, tuple):
        return [_plain(v) for v in value]
    return value.isoformat() if isinstance(value, date) else value
