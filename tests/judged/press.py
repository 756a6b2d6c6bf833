"""Make the copies that are judged: each once per process, from the public steps alone."""

from __future__ import annotations

import hashlib
import io
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal, Self

from PIL import Image

import ecert
from ecert.model.levels import DEFAULT_LEVEL
from ecert.model.profiles import DEFAULT_PROFILE
from ecert.model.schemes import Algorithm as Scheme
from ecert.testing import Office, SoftToken
from ecert.testing.keys import Algorithm
from tests.judged.inputs import Input, a4_scan, get_input, orientations

Stamps = Literal["none", "opaque", "alpha"]
KeyKind = Literal["rsa-pkcs1", "rsa-pss", "p256", "p384", "p521"]

ALGORITHMS: dict[KeyKind, tuple[Algorithm, Scheme]] = {
    "rsa-pkcs1": ("rsa2048", "auto"),
    "rsa-pss": ("rsa2048", "rsa-pss"),
    "p256": ("p256", "auto"),
    "p384": ("p384", "auto"),
    "p521": ("p521", "auto"),
}
_PASS_PHRASE = "throwaway"


@dataclass(frozen=True)
class Case:
    """One copy to make: small and quick where nothing is said, level and profile the default ones."""

    name: str
    input: str = "rgb.jpg"
    level: str = DEFAULT_LEVEL
    key: KeyKind = "p256"
    token: bool = False  # keys in a SoftHSM2 token instead of files
    stamps: Stamps = "none"
    profile: str = DEFAULT_PROFILE.id

    @property
    def inputs(self) -> tuple[Input, ...]:
        """Return the files to certify."""
        if self.input == "orientations":
            return orientations()
        if self.input == "scan":
            return (a4_scan(),)
        return (get_input(self.input),)

    def __str__(self) -> str:
        return self.name


@dataclass(frozen=True)
class Stage:
    """A file as a step handed it out, and where it was written."""

    name: str
    data: bytes = field(repr=False)
    path: Path

    @property
    def sha256(self) -> str:
        """Return the digest of what was handed out, whatever stands on the disk."""
        return hashlib.sha256(self.data).hexdigest()


@dataclass(frozen=True)
class Copy:
    """The three files of one case, and who is to be trusted about them."""

    case: Case
    draft: Stage
    signed: Stage
    sealed: Stage
    record: ecert.CopyRecord
    anchors: tuple[Path, ...]
    trust: ecert.TrustStore

    @property
    def stages(self) -> tuple[Stage, Stage, Stage]:
        """Return draft, signed and sealed file."""
        return self.draft, self.signed, self.sealed


@dataclass(frozen=True)
class Keyring:
    """An office with its keys opened: what a program that certifies has in its hands."""

    office: Office
    signer: ecert.SigningKey
    seal: ecert.SigningKey
    anchors: tuple[Path, ...]
    trust: ecert.TrustStore
    services: ecert.Services

    def record(self, pages: int = 1) -> ecert.CertificationRecord:
        """Return a record of today that fits the keys."""
        return ecert.CertificationRecord.from_dict(self.office.record(pages=pages))


class Press:
    """Makes copies on demand and keeps them; offices and keys are shared between cases."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._open = ExitStack()
        self._offices: dict[Algorithm, Office] = {}
        self._keyrings: dict[tuple[KeyKind, bool], Keyring] = {}
        self._copies: dict[str, Copy] = {}

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._open.close()

    def copy(self, case: Case) -> Copy:
        """Return the case's three files, made at the first call."""
        if case.name not in self._copies:
            with self._opened(case.key, token=case.token) as keys:
                self._copies[case.name] = self._make(case, keys)
        return self._copies[case.name]

    def keyring(self, key: KeyKind = "p256") -> Keyring:
        """Return an office with keys from files."""
        if (key, False) not in self._keyrings:
            office = self._office(key)
            uris = (self.folder / f"{key}-signer.p12", self.folder / f"{key}-seal.pem")
            office.signer.write_pkcs12(uris[0], _PASS_PHRASE)
            office.seal.write_pem(uris[1], _PASS_PHRASE)
            self._keyrings[key, False] = self._furnish(office, key, [f"file:{p}" for p in uris])
        return self._keyrings[key, False]

    @contextmanager
    def _opened(self, key: KeyKind, *, token: bool) -> Iterator[Keyring]:
        if not token:
            yield self.keyring(key)
            return
        office = self._office(key)
        with (
            SoftToken.create("Chairman", pin=_PASS_PHRASE) as chairman,
            SoftToken.create("Office", pin=_PASS_PHRASE) as store,
        ):
            uris = [chairman.add(office.signer, "sign", issuers=True), store.add(office.seal, "seal")]
            keys = self._furnish(office, key, uris)
            with keys.signer, keys.seal:
                yield keys

    def _office(self, key: KeyKind) -> Office:
        algorithm = ALGORITHMS[key][0]
        if algorithm not in self._offices:
            self._offices[algorithm] = self._open.enter_context(Office.create(algorithm=algorithm))
        return self._offices[algorithm]

    def _furnish(self, office: Office, key: KeyKind, uris: list[str]) -> Keyring:
        algorithm, scheme = ALGORITHMS[key]
        folder = self.folder / f"anchors-{algorithm}"
        anchors = tuple(office.write_anchors(folder))
        signer, seal = (ecert.open_key(uri, pin=lambda request: _PASS_PHRASE, algorithm=scheme) for uri in uris)
        services = ecert.Services(
            timestamps=(ecert.TimestampService(office.tsa_url),), allow_hosts=frozenset({"127.0.0.1"})
        )
        trust = ecert.TrustStore.from_folder(folder)
        return Keyring(office, signer, seal, anchors, trust, services)

    def _make(self, case: Case, keys: Keyring) -> Copy:
        files = [each.data for each in case.inputs]
        scan = ecert.Scan.from_files(files, dpi=case.inputs[0].dpi)
        signature, seal = _stamps(keys.office, case.stamps)
        draft = ecert.prepare_copy(scan, keys.record(len(scan.pages)), profile=case.profile, level=case.level)
        signed = ecert.sign_copy(draft, keys.signer, trust=keys.trust, services=keys.services, image=signature)
        sealed = ecert.seal_copy(signed, keys.seal, trust=keys.trust, services=keys.services, image=seal)
        folder = self.folder / case.name
        folder.mkdir()
        return Copy(
            case,
            self._keep(folder, "draft", draft),
            self._keep(folder, "signed", signed),
            self._keep(folder, "sealed", sealed),
            sealed.record,
            keys.anchors,
            keys.trust,
        )

    def _keep(self, folder: Path, name: str, stage: ecert.Draft | ecert.SignedCopy | ecert.CertifiedCopy) -> Stage:
        path = folder / f"{name}.pdf"
        stage.write(path)
        return Stage(name, stage.to_bytes(), path)


def _stamps(office: Office, kind: Stamps) -> tuple[bytes | None, bytes | None]:
    """Return the pictures of signature and seal: as the kit draws them, or on white, as JPEG."""
    if kind == "none":
        return None, None
    pictures = office.signature_image, office.seal_image
    return pictures if kind == "alpha" else (_opaque(pictures[0]), _opaque(pictures[1]))


def _opaque(png: bytes) -> bytes:
    out = io.BytesIO()
    with Image.open(io.BytesIO(png)) as image:
        white = Image.new("RGBA", image.size, "white")
        Image.alpha_composite(white, image).convert("RGB").save(out, "JPEG", quality=90)
    return out.getvalue()
