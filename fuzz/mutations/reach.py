"""Changes that no rule can reach, each with its proof. All other mutants must not be VALID.

A *reach* here is narrow on purpose: it holds of a pair of files, and is decided without the verifier's
own judgement of changes.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import Final, NamedTuple

from ecert.formats.pades.cms import CmsFault, SignedMessage, der_length, read_signed_data
from ecert.formats.pades.fields import PdfSignature, read_signatures
from ecert.formats.pades.unsigned_part import has_standard_form
from ecert.formats.pdf import Document, Ref, Revision, Stream, StructureFault, read_document
from ecert.formats.pdf.objects import PdfDict, same
from fuzz.mutations.surgery import ORDER, ecdsa_pair


class Reach(NamedTuple):
    """A change no rule can reach: its name, the proof, and how it is recognised."""

    name: str
    proof: str
    holds: Callable[[bytes, bytes], bool]


def named_reach(originals: Iterable[bytes], mutant: bytes) -> str | None:
    """Return the name of the reach in which a VALID mutant of one of these lies, or None: a rule is missing."""
    return next((r.name for o in originals for r in REACHES if r.holds(o, mutant)), None)


# ── cut back ─────────────────────────────────────────────────────────────────────────────────────


def _is_cut_back(original: bytes, mutant: bytes) -> bool:
    ends = [r.end for r in read_document(original).revisions[:-1]]
    return original.startswith(mutant) and len(mutant) in ends


# ── validation data behind the last signature ────────────────────────────────────────────────────


def _is_validation_data(original: bytes, mutant: bytes) -> bool:
    """Return whether the files are one up to the last signature, and behind it only the DSS was written."""
    try:
        document = read_document(mutant)
    except StructureFault:
        return False
    index = read_signatures(read_document(original))[-1].revision
    end = read_document(original).revisions[index].end
    if mutant[:end] != original[:end] or len(document.revisions) <= index:
        return False
    return all(_writes_validation_data(document, r) for r in document.revisions[index + 1 :])


def _writes_validation_data(document: Document, revision: Revision) -> bool:
    before, after = document.root(revision.index - 1), document.root(revision.index)
    if not same(_without_dss(before), _without_dss(after)):
        return False
    store = after.get("DSS")
    named = {revision.trailer["Root"].num, *_numbers(store)}
    named.update(n for v in document.dictionary(store, revision.index).values() for n in _numbers(v))
    return all(num in named or _is_section(entry.value) for num, entry in revision.objects.items())


def _without_dss(root: PdfDict) -> PdfDict:
    return {k: v for k, v in root.items() if k != "DSS"}


def _numbers(value: object) -> Iterator[int]:
    if isinstance(value, Ref):
        yield value.num
    elif isinstance(value, list):
        yield from (r.num for r in value if isinstance(r, Ref))


def _is_section(value: object) -> bool:
    return isinstance(value, Stream) and value.dict.get("Type") in ("XRef", "ObjStm")


# ── the unsigned part of the last signature ──────────────────────────────────────────────────────


def _is_unsigned_part(original: bytes, mutant: bytes) -> bool:
    """Return whether only the last value differs, and in it nothing that is signed or relied on."""
    last = read_signatures(read_document(original))[-1]
    assert last.gap is not None
    start, end = last.gap
    if mutant[:start] != original[:start] or mutant[end:] != original[end:]:
        return False
    try:
        found = read_signatures(read_document(mutant))[-1]
        return _signed_part(found) == _signed_part(last) and has_standard_form(_der(found))
    except (CmsFault, StructureFault):
        return False


def _der(signature: PdfSignature) -> bytes:
    return signature.contents[: der_length(signature.contents)]


def _signed_part(signature: PdfSignature) -> tuple[object, ...]:
    message = read_signed_data(_der(signature))
    return (
        message.to_be_verified,
        _value(message),
        message.content,
        message.signer_certificate,
        message.digest_algorithm,
        message.scheme,
    )


def _value(message: SignedMessage) -> object:
    """Return a signature value, the same for both that an ECDSA signature has."""
    if message.scheme.kind != "ecdsa":
        return message.signature
    r, s = ecdsa_pair(message.signature)
    return r, min(s, ORDER - s)


REACHES: Final = (
    Reach(
        "cut back to an earlier revision",
        "Every byte that is left was written by the office at an earlier step, and is what that step handed out. "
        "The report says “level-below-promise”: the record promises more.",
        _is_cut_back,
    ),
    Reach(
        "validation data behind the last signature",
        "EN 319 142-1, 5.4.2: the DSS is not signed, and anybody who augments a copy appends one. Everything up to "
        "the last signature is the same, behind it nothing is written but the DSS, and each item of the DSS proves "
        "itself by its issuer's signature or is not used.",
        _is_validation_data,
    ),
    Reach(
        "unsigned part of the last value",
        "RFC 5652, 5.1 and 5.4: certificates (which, and in which order), the NULL or absence of parameters "
        "(RFC 5754, 2) and unsigned attributes are in no digest; of an ECDSA value (r, s), (r, n − s) is as good "
        "(FIPS 186-5, 6.4.2). Everything signed is the same, the rest has standard form, and every certificate is "
        "one that somebody known has issued, or belongs to a time-stamp of strangers, which proves nothing: the "
        "report warns of it, and of the level, as if the time-stamp had been taken out.",
        _is_unsigned_part,
    ),
)
