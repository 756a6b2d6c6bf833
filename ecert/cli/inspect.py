"""``ecert inspect``: what is in a file, without judging it."""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from ecert.cli import options
from ecert.cli.session import Session
from ecert.errors import EcertError, InputError, UsageError

if TYPE_CHECKING:
    from ecert.formats.pades.fields import PdfSignature
    from ecert.formats.pdf import Document, StructureFault
    from ecert.formats.record import CopyRecord


@click.command(short_help="What is in a file, without judging it.")
@click.argument("file", type=options.FILE)
@options.format_option
@click.option(
    "--revision",
    type=click.IntRange(min=0),
    metavar="N",
    help="Write out the file as it was after revision N, which a signer had before him; needs -o.",
)
@click.option("-o", "--output", type=options.FILE, metavar="FILE", help="The PDF to write.")
@click.option("--force", is_flag=True, help="Replace an existing output file.")
@options.with_session
def inspect(session: Session, file: Path, format_: str, revision: int | None, output: Path | None, force: bool) -> int:
    """Show what is in FILE: revisions, signatures, record, pages, validation data.

    With --revision N and -o FILE the file as it was then is written out instead. Nothing is judged: whether it is a
    certified copy is said by "ecert verify".
    """
    from ecert.cli.files import choose_output, read_document
    from ecert.model.files import write_file

    if (revision is None) != (output is None):
        raise UsageError("--revision and -o go together", hint="ecert inspect FILE --revision 1 -o signed.pdf")
    try:
        if revision is not None:
            path = choose_output(output, None, [file], "", force=force)
            then = cut_back(read_document(session, file), file.name, revision)
            write_file(path, then, force=force)
            return 0
        content = look_inside(read_document(session, file), file.name)
    except EcertError as exc:
        if format_ == "json":
            session.print_json_error(exc)
            return exc.exit_status
        raise
    if format_ == "json":
        session.print_json(content)
    else:
        from ecert.cli.inspect_text import inspection_text

        session.print(inspection_text(content, session.lang))
    return 0


def cut_back(data: bytes, name: str, revision: int) -> bytes:
    """Return a file as it was after one of its revisions (ISO 32000-1, 7.5.6).

    Raises:
        InputError: the strict reader cannot read it, or it has no such revision.
    """
    found = _read(data, name).revisions
    if revision >= len(found):
        raise InputError(
            f"{name} has no revision {revision}: its last one is {len(found) - 1}",
            code="no-such-revision",
            hint=f'"ecert inspect {name}" lists them',
        )
    return data[: found[revision].end]


def _read(data: bytes, name: str) -> Document:
    from ecert.formats.pdf import StructureFault, read_document

    try:
        return read_document(data)
    except StructureFault as fault:
        raise _unreadable(name, fault) from fault


def _unreadable(name: str, fault: StructureFault) -> InputError:
    return InputError(
        f"{name} cannot be looked into: {fault.reason}",
        code=fault.code,
        hint=f'"ecert verify {name}" says what that means',
    )


def look_inside(data: bytes, name: str) -> dict[str, Any]:
    """Return the content of a file as plain values.

    Raises:
        InputError: the strict reader cannot read it; its code is the finding's.
    """
    from ecert.cli.evidence import SUFFIXES, evidence_inside
    from ecert.formats.pades.fields import read_signatures, signature_fields
    from ecert.formats.pdf import StructureFault

    document = _read(data, name)
    try:
        fields = signature_fields(document)
        signatures = read_signatures(document)
        pages = sum(1 for _ in document.pages())
    except StructureFault as fault:
        raise _unreadable(name, fault) from fault
    record, reason = _read_record(document)
    signed = {s.name for s in signatures}
    evidence = evidence_inside(document)
    return {
        "file": {"name": name, "size": len(data), "sha256": hashlib.sha256(data).hexdigest()},
        "pages": pages,
        "revisions": [
            {
                "revision": r.index,
                "start": r.start,
                "end": r.end,
                "objects": len(r.objects),
                "signatures": [s.name for s in signatures if s.revision == r.index],
            }
            for r in document.revisions
        ],
        "bytes_unaccounted": sum(gap.end - gap.start for gap in document.gaps if gap.kind != "white-space"),
        "fields": [{"field": f.name, "signed": f.name in signed} for f in fields],
        "signatures": [_signature(s, len(data)) for s in signatures],
        "record": record.to_dict() if record else None,
        "record_problem": reason,
        "validation_data": {kind: len(getattr(evidence, kind)) for kind in SUFFIXES},
    }


def _signature(s: PdfSignature, size: int) -> dict[str, Any]:
    from ecert.formats.pades.cms import CmsFault, der_length, read_signed_data, read_timestamp
    from ecert.model.times import rfc3339
    from ecert.trust.certificates import common_name, organization

    told: dict[str, Any] = {
        "field": s.name,
        "kind": "timestamp" if s.is_timestamp else "signature",
        "revision": s.revision,
        "covers": "whole-file" if s.byte_range and sum(s.byte_range[2:]) == size else "revision",
        "certificate": None,
        "claimed_time": rfc3339(s.claimed_time) if s.claimed_time else None,
        "timestamps": [],
        "algorithms": None,
        "problems": list(s.faults),
    }
    try:
        contents = s.contents[: der_length(s.contents)]
        if s.is_timestamp:
            token = read_timestamp(contents)
            message, tokens = token.message, [token]
        else:
            message = read_signed_data(contents)
            tokens = [read_timestamp(der) for der in message.timestamps]
    except CmsFault as fault:
        told["problems"].append(str(fault))
        return told
    der = message.signer_certificate
    if der:
        told["certificate"] = {"name": common_name(der), "organization": organization(der)}
    told["algorithms"] = {"digest": message.digest_algorithm, "signature": message.scheme.kind}
    told["timestamps"] = [
        {"authority": common_name(t.message.signer_certificate or b""), "time": rfc3339(t.time)} for t in tokens
    ]
    return told


def _read_record(document: Document) -> tuple[CopyRecord | None, str | None]:
    """Return the embedded record, or why there is none."""
    from ecert.errors import RecordError
    from ecert.formats.pdf import Stream
    from ecert.formats.record import embedded_record, read_record_xml
    from ecert.formats.record.fields import MAX_RECORD_BYTES

    stream = embedded_record(document)
    if stream is None:
        return None, None
    if not isinstance(stream, Stream) or len(stream.data) > MAX_RECORD_BYTES:
        return None, "it is not a readable stream"
    try:
        return read_record_xml(stream.encoded()), None
    except RecordError as exc:
        return None, exc.message
