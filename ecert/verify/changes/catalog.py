"""The catalogue key by key: DSS, permissions, XMP, and the document information beside it."""

from __future__ import annotations

import re

from ecert.errors import Reason
from ecert.formats.pdf import Ref, Stream
from ecert.formats.pdf.objects import PdfDict, PdfValue, same
from ecert.formats.xmp_changes import says_the_same
from ecert.verify.changes.form import compare_form
from ecert.verify.changes.history import TRAILER
from ecert.verify.changes.update import Update

_DEVELOPER = re.compile(r"[A-Z]{4}")  # a registered prefix (annex E)
_VERSIONS = {f"1.{minor}" for minor in range(8)} | {"2.0"}
_INFO_DATES = {"Producer", "ModDate"}
_DSS_KEYS = {"Type", "Certs", "OCSPs", "CRLs"}
_PLAIN_FILTERS = (None, "FlateDecode", ["FlateDecode"])


def compare_catalog(update: Update) -> None:
    document, index = update.document, update.index
    old, new = document.root(index - 1), document.root(index)
    for key in sorted(old.keys() | new.keys()):
        before, after = old.get(key), new.get(key)
        if key == "DSS":
            _compare_dss(update, before, after)
        elif update.archive_only:
            if not same(before, after):
                update.forbid(Reason("changes.catalogue-changed", key=key))
        elif key == "AcroForm":
            compare_form(update, before, after)
        elif key == "Metadata":
            _compare_metadata(update, before, after)
        elif key == "Extensions" and (not update.rules.ours or _are_extensions(update, after)):
            update.may_replace(before, update.root_number)
            update.explain(after)
        elif same(before, after):
            continue
        elif key == "Perms" and before is None and _is_permission(update, after):
            update.explain(after)
        elif key == "Version" and not update.rules.ours:
            continue
        else:
            update.forbid(Reason("changes.catalogue-changed", key=key))


def _are_extensions(update: Update, value: PdfValue) -> bool:
    """Return whether /Extensions names developers and their levels, and nothing else (7.12)."""
    known = {"Type", "BaseVersion", "ExtensionLevel"}
    for prefix, entry in update.document.dictionary(value, update.index).items():
        if prefix == "Type":
            continue
        plain = isinstance(entry, dict) and entry.keys() <= known
        if not _DEVELOPER.fullmatch(prefix) or not plain:
            return False
        if entry.get("Type", "DeveloperExtensions") != "DeveloperExtensions":
            return False
        version, level = entry.get("BaseVersion"), entry.get("ExtensionLevel")
        if not isinstance(version, str) or version not in _VERSIONS or type(level) is not int:
            return False
    return True


def _is_permission(update: Update, value: PdfValue) -> bool:
    """Return whether /Perms names this revision's DocMDP signature and nothing else (12.8.4)."""
    permissions = update.document.dictionary(value, update.index)
    own = [s.ref for s in update.signatures if s.docmdp is not None]
    return set(permissions) == {"DocMDP"} and permissions["DocMDP"] in own


def _compare_dss(update: Update, before: PdfValue, after: PdfValue) -> None:
    """The DSS may grow; what it held stays (EN 319 142-1, 5.4.2.2). Ours has no /VRI."""
    if before is not None and after is None:
        update.forbid(Reason("changes.dss-removed"))
        return
    old = update.document.dictionary(before, update.index - 1)
    new = update.document.dictionary(after, update.index)
    holder = update.may_replace(before, update.root_number)
    for value in old.values():
        update.may_replace(value, holder)
    update.explain(after)
    for value in new.values():
        update.explain(value)
    if update.rules.ours:
        _judge_our_dss(update, old, new)


def _judge_our_dss(update: Update, old: PdfDict, new: PdfDict) -> None:
    """In a copy the DSS has no /VRI, and its arrays only grow, by streams that readers in need do not look into."""
    for key in sorted(new.keys() - _DSS_KEYS):
        update.forbid(Reason("changes.dss-foreign-key", key=key))
    if new.get("Type", "DSS") != "DSS":
        update.forbid(Reason("changes.dss-another-type"))
    for key in ("Certs", "OCSPs", "CRLs"):
        was = update.document.array(old.get(key), update.index - 1)
        now = update.document.array(new.get(key), update.index)
        if not _begins(now, was):
            update.forbid(Reason("changes.dss-lost-entry", key=key))
        for item in now[len(was) :]:
            if not _is_plain_stream(update.new(item)):
                number = item.num if isinstance(item, Ref) else None
                update.forbid(Reason("changes.dss-holds-no-plain-stream", key=key), number=number)


def _is_plain_stream(value: PdfValue) -> bool:
    """Return whether a stream holds bytes, compressed or not, and says nothing else about them."""
    if not isinstance(value, Stream) or not value.dict.keys() <= {"Length", "Filter"}:
        return False
    return type(value.dict.get("Length")) is int and value.dict.get("Filter") in _PLAIN_FILTERS


def _begins(longer: list[PdfValue], shorter: list[PdfValue]) -> bool:
    """Return whether an array begins with all of another's items."""
    return same(longer[: len(shorter)], shorter)


def _compare_metadata(update: Update, before: PdfValue, after: PdfValue) -> None:
    old, new = update.old(before), update.new(after)
    update.may_replace(before, update.root_number)
    if isinstance(old, Stream) and isinstance(new, Stream):
        if old.data == new.data and same(before, after) and same(old.dict, new.dict):
            return
        kept = [{k: v for k, v in s.dict.items() if k != "Length"} for s in (old, new)]
        if same(*kept) and says_the_same(old.encoded(), new.encoded()):
            update.explain(after)
            return
    elif before is None and after is None:
        return
    update.tell(Reason("changes.metadata-changed"))
    update.explain(after)


def compare_info(update: Update) -> None:
    document, index = update.document, update.index
    old_ref = document.revisions[index - 1].trailer.get("Info")
    new_ref = document.revisions[index].trailer.get("Info")
    old, new = document.dictionary(old_ref, index - 1), document.dictionary(new_ref, index)
    update.may_replace(old_ref, TRAILER)
    update.explain(new_ref)
    for key in sorted(old.keys() | new.keys()):
        if key not in _INFO_DATES and not same(update.old(old.get(key)), update.new(new.get(key))):
            update.tell(Reason("changes.information-changed", key=key))
