"""A PKCS#11 token in a folder, by SoftHSM2: what a USB token looks like to a program.

Needs the extra ``pkcs11`` and the package ``softhsm2``. SoftHSM finds its tokens through the variable
``SOFTHSM2_CONF``, read when its library starts in a process. So all tokens of one process lie in one
temporary store, the variable points there as long as one of them is open (child processes see them
too), and the library is started again for each new token: sessions open at that moment are lost.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
from importlib import import_module
from pathlib import Path
from typing import Any, ClassVar
from urllib.parse import quote

from cryptography import x509
from cryptography.hazmat.primitives import serialization

from ecert.errors import UsageError
from ecert.testing.pki import Identity, der

_VARIABLE = "SOFTHSM2_CONF"
_LIBRARY = "softhsm/libsofthsm2.so"

#: Where distributions put the library; Debian's first.
_FOLDERS = ("/usr/lib", "/usr/lib64", "/usr/local/lib", "/opt/homebrew/lib")


class SoftToken:
    """One token with its own label and PIN; a context manager that deletes it again.

    Example::

        with SoftToken.create("Chairman") as token:
            uri = token.add(office.signer, "sign")
            # pkcs11:token=Chairman;object=sign?module-path=/usr/lib/softhsm/libsofthsm2.so
    """

    _store: ClassVar[_Store | None] = None

    def __init__(self, store: _Store, label: str, pin: str) -> None:
        """Take a token that ``create`` has initialised."""
        self.label = label
        self.pin = pin
        self.module = store.module
        self._open = True

    @classmethod
    def create(cls, label: str = "Chairman", *, pin: str = "123456") -> SoftToken:
        """Make an empty token.

        Raises:
            UsageError: SoftHSM2 or python-pkcs11 is missing, or an open token has this label.
        """
        store = cls._store or _Store()
        store.init_token(label, pin)
        SoftToken._store = store
        return cls(store, label, pin)

    @property
    def environment(self) -> dict[str, str]:
        """Return the variable by which another process finds the token."""
        return {_VARIABLE: str(self._held.folder / "softhsm2.conf")}

    def add(self, identity: Identity, label: str = "sign", *, issuers: bool = False) -> str:
        """Import key and certificate under ``label``; return the key's URI (RFC 7512).

        RSA and ECDSA keys work everywhere, Ed25519 where SoftHSM was built with it. With ``issuers``
        the authorities' certificates go in too, as some tokens hold them. One label may be used twice.
        """
        identifier = x509.SubjectKeyIdentifier.from_public_key(identity.key.public_key()).digest
        self._import_key(identity, label, identifier)
        self._write_certificate(identity.certificate, label, identifier)
        if issuers:
            for certificate in identity.issuers:
                key = certificate.public_key()
                digest = x509.SubjectKeyIdentifier.from_public_key(key).digest
                self._write_certificate(certificate, "issuer", digest)
        return self.uri(label)

    def uri(self, label: str | None = None) -> str:
        """Return the URI of an object of this token, or of the token alone (RFC 7512)."""
        path = f"pkcs11:token={quote(self.label, safe='')}"
        if label is not None:
            path += f";object={quote(label, safe='')}"
        return f"{path}?module-path={quote(str(self.module), safe='/')}"

    def close(self) -> None:
        """Delete the token; with the last one the whole store goes."""
        if not self._open:
            return
        self._open = False
        if not self._held.delete_token(self.label):
            SoftToken._store = None

    def __enter__(self) -> SoftToken:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    @property
    def _held(self) -> _Store:
        if SoftToken._store is None:
            raise UsageError(f"the token {self.label!r} is closed")
        return SoftToken._store

    def _import_key(self, identity: Identity, label: str, identifier: bytes) -> None:
        data = identity.key.private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        )
        path = self._held.folder / "import.pem"  # the folder is the user's own, mode 0700
        path.write_bytes(data)
        try:
            where = ["--token", self.label, "--pin", self.pin, "--label", label]
            _util("--import", str(path), *where, "--id", identifier.hex(), "--force")
        finally:
            path.unlink()

    def _write_certificate(self, certificate: x509.Certificate, label: str, identifier: bytes) -> None:
        pkcs11 = _pkcs11()
        attribute = pkcs11.Attribute
        template = {
            attribute.TOKEN: True,
            attribute.PRIVATE: False,
            attribute.CLASS: pkcs11.ObjectClass.CERTIFICATE,
            attribute.CERTIFICATE_TYPE: pkcs11.CertificateType.X_509,
            attribute.LABEL: label,
            attribute.ID: identifier,
            attribute.SUBJECT: certificate.subject.public_bytes(),
            attribute.ISSUER: certificate.issuer.public_bytes(),
            attribute.SERIAL_NUMBER: _der_integer(certificate.serial_number),
            attribute.VALUE: der(certificate),
        }
        token = pkcs11.lib(str(self.module)).get_token(token_label=self.label)
        with token.open(rw=True, user_pin=self.pin) as session:
            session.create_object(template)


class _Store:
    """The folder all tokens of this process lie in, and the variable that points there."""

    def __init__(self) -> None:
        self.module = _find_module()
        _pkcs11()
        self.labels: set[str] = set()
        self.folder = Path(tempfile.mkdtemp(prefix="ecert-softhsm-"))
        (self.folder / "tokens").mkdir()
        settings = self.folder / "softhsm2.conf"
        settings.write_text(
            f"directories.tokendir = {self.folder / 'tokens'}\nobjectstore.backend = file\nlog.level = ERROR\n"
        )
        self._before = os.environ.get(_VARIABLE)
        os.environ[_VARIABLE] = str(settings)

    def init_token(self, label: str, pin: str) -> None:
        try:
            if label in self.labels:
                hint = "close it, or take another label"
                raise UsageError(f"there is an open token {label!r}", hint=hint)
            _util("--init-token", "--free", "--label", label, "--pin", pin, "--so-pin", "12345678")
            self.labels.add(label)
            self._start_again()
        except BaseException:
            if not self.labels:
                self._remove()
            raise

    def delete_token(self, label: str) -> bool:
        """Delete one token; return whether others are left, and clean up where none is."""
        self.labels.discard(label)
        if self.labels:
            _util("--delete-token", "--token", label)
            self._start_again()
            return True
        self._remove()
        return False

    def _start_again(self) -> None:
        _pkcs11().lib(str(self.module)).reinitialize()  # a running library does not see new tokens

    def _remove(self) -> None:
        library = _pkcs11().lib(str(self.module))
        if library.initialized:
            library.finalize()
        if self._before is None:
            os.environ.pop(_VARIABLE, None)
        else:
            os.environ[_VARIABLE] = self._before
        shutil.rmtree(self.folder, ignore_errors=True)


def _find_module() -> Path:
    """Return SoftHSM's library.

    Raises:
        UsageError: neither the library nor its tool is installed.
    """
    for folder in map(Path, _FOLDERS):
        for path in (folder / _LIBRARY, *sorted(folder.glob(f"*-linux-gnu/{_LIBRARY}"))):
            if path.is_file() and shutil.which("softhsm2-util"):
                return path
    raise UsageError("SoftHSM2 is not installed", code="softhsm-missing", hint="on Debian: apt install softhsm2")


def _pkcs11() -> Any:
    try:
        return import_module("pkcs11")
    except ImportError as error:
        raise UsageError(
            "python-pkcs11 is not installed", code="pkcs11-missing", hint="pip install 'ecert[pkcs11]'"
        ) from error


def _util(*arguments: str) -> None:
    done = subprocess.run(["softhsm2-util", *arguments], capture_output=True, text=True, timeout=60, check=False)
    if done.returncode:
        said = (done.stderr or done.stdout).strip()
        raise UsageError(f"softhsm2-util {arguments[0]}: {said}", code="softhsm-failed")


def _der_integer(value: int) -> bytes:
    octets = value.to_bytes(value.bit_length() // 8 + 1, "big", signed=True)
    return bytes([0x02, len(octets)]) + octets
