"""Policy files and registries for tests: one office of the kit as a registry sees it."""

from __future__ import annotations

import hashlib
from pathlib import Path

from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from ecert.testing import Office
from ecert.testing.pki import Identity
from ecert.testing.records import BODY


def certificate_digest(identity: Identity) -> str:
    return hashlib.sha256(identity.certificate.public_bytes(Encoding.DER)).hexdigest()


def key_digest(identity: Identity) -> str:
    key = identity.certificate.public_key()
    der = key.public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
    return hashlib.sha256(der).hexdigest()


def policy(folder: Path, text: str = "", *, base: str = "certified-copy", top: str = "") -> Path:
    """Write a policy file: ``top`` stands before the first table."""
    path = folder / "policy.toml"
    head = f'id = "vn.example.portal"\nversion = "3"\nbased_on = "{base}"\n{top}\n'
    path.write_text(head + text, encoding="utf-8")
    return path


def head(folder: Path, text: str, *, base: str = "certified-copy") -> Path:
    """Write a registry and a policy that names it; return the policy."""
    start = 'id = "vn.example.registry"\nversion = "2026-11-01"\n'
    (folder / "registry.toml").write_text(start + text, encoding="utf-8")
    return policy(folder, base=base, top='registry = "registry.toml"')


def body(
    office: Office,
    *,
    own: str = "xa-mau",
    kind: str = "commune",
    span: str = "",
    name: str = BODY,
    name_span: str = "",
    identifiers: str = 'identifiers = ["MNS:H00.01"]',
    key: str | None = None,
    key_span: str = "",
) -> str:
    """Return a [[body]] that is the office's, unless told otherwise; spans are lines of TOML."""
    key = f'public_keys = ["{key_digest(office.seal)}"]' if key is None else key
    keys = f"[[body.key]]\n{key}\n{key_span}\n" if key else ""
    return (
        f'[[body]]\nid = "{own}"\nkind = "{kind}"\n{span}\n{identifiers}\n'
        f'[[body.name]]\ntext = "{name}"\n{name_span}\n{keys}'
    )


def certifier(
    office: Office,
    *,
    capacity: str = "head",
    body: str = "xa-mau",
    span: str = "",
    name: str | None = None,
    key: str | None = None,
    more: str = "",
) -> str:
    """Return a [[certifier]] that is the office's signer, unless told otherwise."""
    key = f'certificates = ["{certificate_digest(office.signer)}"]' if key is None else key
    decision = 'decision = "12/QĐ-UBND"' if capacity == "delegated" else ""
    return (
        f'[[certifier]]\nname = "{name or office.signer.name}"\nbody = "{body}"\n'
        f'capacity = "{capacity}"\n{key}\n{span}\n{decision}\n{more}\n'
    )
