"""The programs that make and sign files, each asked in its own way; all work on files of one page of A4.

``make(maker, kind)`` gives an unsigned file, ``sign(program, data, order)`` the same with one more signature, appended.
"""

from __future__ import annotations

import asyncio
import io
import json
import os
import subprocess
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Final, Literal

from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.sign.fields import MDPPerm, SigFieldSpec, append_signature_field
from pyhanko.sign.signers import PdfSignatureMetadata, PdfSigner, SimpleSigner

from ecert.testing import Identity
from ecert.testing.hybrid import hybrid_pdf
from ecert.testing.pki import pem
from tests.judged.producers.cases import Maker, Program
from tests.judges.install import MAKERS, PRODUCERS, node_modules, pdfcpu
from tests.judges.jvm import Jvm

PASS_PHRASE: Final = "throwaway"
FIELDS: Final = ("Signature-1", "Signature-2", "Signature-3")
#: Where signatures are shown, in order: apart from each other, below the text (points).
PLACES: Final = ((72, 560, 252, 650), (320, 560, 500, 650), (72, 440, 182, 550))
SECONDS: Final = 120  # for one program on one file
_JAVA: Final = Jvm(PRODUCERS)

Place = tuple[int, int, int, int] | Literal["prepared"] | None


@dataclass(frozen=True)
class Order:
    """One signature to be made.

    ``rectangle`` is where it is shown on the page in points (llx, lly, urx, ury), None where it is not to be seen,
    "prepared" where the field is there and waits (not for PDFBox, DSS and @signpdf);
    ``permission`` is the P of a certification (ISO 32000-1, table 254), 0 where it does not certify. ``timestamps`` is
    the address of a time-stamp service: given, the signature is of level B-LTA, for which EU DSS and iText fetch
    revocation data too. @signpdf, EU DSS and, where nothing is seen, PDFBox name fields themselves.
    """

    identity: Identity
    field: str
    rectangle: Place
    permission: int = 0
    timestamps: str | None = None


def make(maker: Maker, kind: str) -> bytes:
    """Return a file that nobody has signed; what ``kind`` is, each program knows."""
    with tempfile.TemporaryDirectory() as scratch:
        out = Path(scratch) / "made.pdf"
        match maker:
            case "signpdf":
                _node("create", kind, str(out))
            case "pdfcpu":
                _pdfcpu(kind, Path(scratch), out)
            case "libreoffice":
                _libreoffice(_FILTERS[kind], out)
            case "office":
                return hybrid_pdf(kind)  # type: ignore[arg-type]
            case "pyhanko":
                return _with_fields(made("pdfbox", kind))
            case _:
                _JAVA.ask([maker, "create", kind, str(out)])
        return out.read_bytes()


def sign(program: Program, data: bytes, order: Order) -> bytes:
    """Return a file with one more signature."""
    if program == "pyhanko":
        return _sign_with_pyhanko(data, order)
    with tempfile.TemporaryDirectory() as scratch:
        given, out, pkcs12 = (Path(scratch) / name for name in ("in.pdf", "out.pdf", "key.p12"))
        given.write_bytes(data)
        order.identity.write_pkcs12(pkcs12, PASS_PHRASE)
        rectangle = order.rectangle if order.rectangle == "prepared" else " ".join(map(str, order.rectangle or ()))
        if program == "signpdf":
            if order.permission:
                raise ValueError("@signpdf does not certify")
            _node("sign", str(given), str(out), str(pkcs12), PASS_PHRASE, rectangle)
        else:
            anchor = Path(scratch) / "root.pem"
            anchor.write_bytes(pem(order.identity.chain[-1]))
            lasting = [order.timestamps, str(anchor)] if order.timestamps else ["", ""]
            how = [str(pkcs12), PASS_PHRASE, order.field, rectangle, str(order.permission), *lasting]
            _JAVA.ask([program, "sign", str(given), str(out), *how])
        return out.read_bytes()


def _with_fields(data: bytes) -> bytes:
    """Add the fields that the cases sign, empty."""
    writer, out = IncrementalPdfFileWriter(io.BytesIO(data)), io.BytesIO()
    for name, place in zip(FIELDS, PLACES, strict=True):
        append_signature_field(writer, SigFieldSpec(name, box=place))
    writer.write(out)
    return out.getvalue()


def _sign_with_pyhanko(data: bytes, order: Order) -> bytes:
    signer = SimpleSigner.load_pkcs12_data(order.identity.pkcs12(PASS_PHRASE), [], PASS_PHRASE.encode())
    assert signer is not None
    about = PdfSignatureMetadata(
        field_name=order.field,
        md_algorithm="sha256",
        certify=order.permission != 0,
        docmdp_permissions=MDPPerm(order.permission or 2),
    )
    place = None if order.rectangle == "prepared" else SigFieldSpec(order.field, box=order.rectangle)
    writer = IncrementalPdfFileWriter(io.BytesIO(data), strict=False)  # strict, it does not sign a hybrid file
    out = asyncio.run(PdfSigner(about, signer, new_field_spec=place).async_sign_pdf(writer))
    return bytes(out.getbuffer())


# ── programs of their own ────────────────────────────────────────────────────────────────────────

#: How an office's letter is exported (LibreOffice, "PDF export filter").
_FILTERS: Final[dict[str, dict[str, str | bool]]] = {
    "plain": {"UseTaggedPDF": False},
    "tagged": {"UseTaggedPDF": True},
    "pdfa": {"UseTaggedPDF": True, "SelectPdfVersion": "2"},
}


def _libreoffice(options: dict[str, str | bool], out: Path) -> None:
    typed = {
        name: {"type": "boolean" if isinstance(value, bool) else "long", "value": str(value).lower()}
        for name, value in options.items()
    }
    where = ["--outdir", str(out.parent), str(MAKERS / "letter.fodt")]
    _run(
        [
            *("soffice", f"-env:UserInstallation={(out.parent / 'profile').as_uri()}", "--headless"),
            *("--convert-to", f"pdf:writer_pdf_Export:{json.dumps(typed)}", *where),
        ]
    )
    (out.parent / "letter.pdf").rename(out)


def _pdfcpu(kind: str, scratch: Path, out: Path) -> None:
    created = out if kind == "created" else scratch / "created.pdf"
    _run([str(pdfcpu()), "created", str(MAKERS / "go" / "page.json"), str(created)])
    if kind != "created":
        _run([str(pdfcpu()), kind, str(created), str(out)])


def _node(*words: str) -> None:
    _run(["node", str(MAKERS / "node" / "produce.mjs"), *words], ECERT_NODE_MODULES=str(node_modules()))


def _run(command: Sequence[str], **more: str) -> None:
    done = subprocess.run(
        command,
        env={**os.environ, "LC_ALL": "C.UTF-8", **more},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        timeout=SECONDS,
        check=False,
    )
    if done.returncode:
        raise RuntimeError(f"{command[0]}: {done.stdout[-2000:]}")


@cache
def made(maker: Maker, kind: str) -> bytes:
    """Return a file as ``make`` does, made once for all that is signed on it."""
    return make(maker, kind)
