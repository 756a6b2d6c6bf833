"""Reasons, findings and causes in words: sentences of :mod:`ecert.words`, filled for a language and an office's clock.

Times and days are told in English as the data has them (RFC 3339), in any other language as offices tell them. The
two form fields of a copy are named in both languages; of a certificate's subject a sentence names the common name.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any

from ecert.errors import Reason
from ecert.model.findings import Found
from ecert.model.languages import LANGS, Lang
from ecert.model.names import common_name_of
from ecert.model.times import office_time, time_in_sentence
from ecert.report.causes import Cause
from ecert.report.content import RemedyPart, WordsPart
from ecert.words import Advice, cause_sentence, fill, finding_sentence, reason_sentence, shared_sentence, table

_FIELDS = ("field", "name")  # a form field's name, which may be one of the two of a copy
_TIMES = ("time", "signed", "day", "record", "since", "until")
_TIME = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ")
_DAY = re.compile(r"\d{4}-\d\d-\d\d")


def reason_text(reason: Reason, utc_offset_hours: int) -> WordsPart:
    """Return a reason's sentence by language."""
    return {lang: _reason(reason, lang, utc_offset_hours) for lang in LANGS}


def finding_text(found: Found, utc_offset_hours: int) -> WordsPart:
    """Return by language what a finding says."""
    sentences: WordsPart = {lang: finding_sentence(found.check, found.code, "text", lang) for lang in LANGS}
    return _filled(sentences, found, utc_offset_hours)


def finding_remedy(found: Found, utc_offset_hours: int) -> RemedyPart:
    """Return by audience and language what to do about a finding."""
    return _remedy(lambda part, lang: finding_sentence(found.check, found.code, part, lang), found, utc_offset_hours)


def cause_remedy(cause: Cause, utc_offset_hours: int) -> RemedyPart:
    """Return by audience and language what to do about a cause."""
    found = _behind(cause, utc_offset_hours)
    return _remedy(lambda part, lang: cause_sentence(cause.name, part, lang), found, utc_offset_hours)


def cause_text(cause: Cause, utc_offset_hours: int) -> WordsPart:
    """Return by language what a cause is, in the words of the summary."""
    sentences: WordsPart = {lang: cause_sentence(cause.name, "text", lang) for lang in LANGS}
    return _filled(sentences, _behind(cause, utc_offset_hours), utc_offset_hours)


def _behind(cause: Cause, utc_offset_hours: int) -> Found:
    """Return the finding behind a cause with the cause's values; the time of validation as the report's head has it."""
    time = cause.values.get("time")
    told = {"time": office_time(datetime.fromisoformat(time), utc_offset_hours)} if time else {}
    return replace(cause.found, values={**cause.values, **told})


def shared_remedy(name: str) -> RemedyPart:
    """Return a shared sentence as the remedy of everybody."""
    sentence: WordsPart = {lang: shared_sentence(f"@{name}", lang) for lang in LANGS}
    return {"citizen": dict(sentence), "desk": sentence}


def _remedy(sentence: Callable[[Advice, Lang], str], found: Found, utc_offset_hours: int) -> RemedyPart:
    citizen: WordsPart = {lang: sentence("citizen", lang) for lang in LANGS}
    desk: WordsPart = {lang: sentence("clerk", lang) for lang in LANGS}
    return {"citizen": _filled(citizen, found, utc_offset_hours), "desk": _filled(desk, found, utc_offset_hours)}


def _filled(sentences: WordsPart, found: Found, utc_offset_hours: int) -> WordsPart:
    values = {**found.where, **found.values}
    return {lang: fill(text, _told_values(values, lang, utc_offset_hours)) for lang, text in sentences.items()}


def _reason(reason: Reason, lang: Lang, utc_offset_hours: int) -> str:
    return fill(reason_sentence(reason.code, lang), _told_values(reason.values, lang, utc_offset_hours))


def _told_values(values: Mapping[str, Any], lang: Lang, utc_offset_hours: int) -> dict[str, Any]:
    return {key: _told(key, value, lang, utc_offset_hours) for key, value in values.items()}


def _told(key: str, value: Any, lang: Lang, utc_offset_hours: int) -> Any:
    if isinstance(value, Reason):
        return _reason(value, lang, utc_offset_hours)
    if key == "subject" and isinstance(value, str):
        return common_name_of(value)
    if key in _FIELDS:
        return table("fields", lang).get(value, value)
    if lang != "en" and key in _TIMES and isinstance(value, str):
        return _office_time(value, utc_offset_hours)
    return value


def _office_time(text: str, utc_offset_hours: int) -> str:
    """Return a time or day as an office writes it in a sentence; any other text as it stands."""
    if _DAY.fullmatch(text):
        return "/".join(reversed(text.split("-")))
    try:
        return time_in_sentence(datetime.fromisoformat(text), utc_offset_hours) if _TIME.fullmatch(text) else text
    except ValueError:  # the thirteenth month
        return text
