"""What is trusted, in words that an officer can read aloud; see :mod:`ecert.cli.trust`."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from ecert.model.times import office_time

_WORDS: dict[str, dict[str, str]] = {
    "vi": {
        "certificates": "Chứng thư số được khai báo: {path}",
        "bundle": "Gói tin cậy {id}, bản {version}: {path}",
        "list": "Danh sách tin cậy {id}, số {sequence}, của {operator}: {path}",
        "times": "Phát hành {issued}; phải cập nhật trước {next_update}; hết hạn {expires}",
        "times-of-list": "Phát hành {issued}; hết hạn {expires}",
        "closed": "Phát hành {issued}; danh sách đã đóng",
        "current": "Tình trạng: dùng được",
        "stale": "Tình trạng: vẫn dùng được nhưng lẽ ra đã phải cập nhật",
        "refused": "Tình trạng: KHÔNG DÙNG ĐƯỢC",
        "from-list": "Lấy từ danh sách tin cậy {list}, số {sequence}, của {name}",
        "for": "Tin cậy cho",
        "signer": "người ký",
        "seal": "con dấu",
        "timestamp": "dấu thời gian",
        "direct": "Chỉ tin cậy chính chứng thư số này, không tin các chứng thư số do nó cấp",
        "window": "Tin cậy từ {start} đến trước {end}",
        "since": "Tin cậy từ {start}",
        "until": "Tin cậy đến trước {end}",
        "always": "Tin cậy trong suốt thời hạn của chứng thư số",
        "ends": "Chứng thư số hết hạn {time}",
        "source": "Nguồn",
        "nothing": "Không có chứng thư số nào",
        "good": "DÙNG ĐƯỢC: {path}",
        "bad": "KHÔNG DÙNG ĐƯỢC: {path}",
        "bundle-altered": "Gói tin cậy đã bị sửa đổi, hoặc không phải gói tin cậy có chữ ký.",
        "bundle-wrong-signer": "Gói tin cậy không do người ký đã khai báo phát hành, hoặc nằm ngoài thời "
        "hạn của chứng thư số người ký.",
        "bundle-malformed": "Nội dung gói tin cậy không đúng quy cách.",
        "bundle-expired": "Gói tin cậy đã hết hạn.",
        "bundle-from-the-future": "Gói tin cậy có ngày phát hành ở tương lai; hãy kiểm tra đồng hồ của máy.",
        "list-altered": "Danh sách tin cậy đã bị sửa đổi, hoặc chữ ký của nó không bao trùm toàn bộ.",
        "list-wrong-signer": "Danh sách tin cậy không do người ký đã khai báo phát hành.",
        "list-malformed": "Danh sách tin cậy không đúng quy cách.",
        "list-wrong-type": "Danh sách tin cậy thuộc loại hoặc phiên bản không được hỗ trợ.",
        "list-expired": "Danh sách tin cậy đã hết hạn hoặc đã đóng.",
        "list-from-the-future": "Danh sách tin cậy có ngày phát hành ở tương lai; hãy kiểm tra đồng hồ của máy.",
        "list-without-anchors": "Danh sách tin cậy không có dịch vụ nào dùng được cho người ký, con dấu hay "
        "dấu thời gian.",
        "list-sequence-decreased": "Danh sách tin cậy cũ hơn bản đã biết trước đó.",
        "trust-stale": "Lẽ ra phải cập nhật trước {time}; hãy lấy bản mới nhất.",
        "anchor-expires-soon": "«{name}» chỉ còn được tin cậy đến {time}.",
        "anchor-expired": "«{name}» đã hết hạn {time}.",
        "anchor-weak": "Khóa của «{name}» quá yếu ({what}).",
        "built": "Gói tin cậy {id}, bản {version}, gồm {anchors} chứng thư số; phải cập nhật trước "
        "{next_update}; hết hạn {expires}.",
        "signer-is": "Người nhận phải khai báo chứng thư số của người ký, SHA-256:",
    },
    "en": {
        "certificates": "Certificates named: {path}",
        "bundle": "Trust bundle {id}, version {version}: {path}",
        "list": "Trusted list {id}, number {sequence}, of {operator}: {path}",
        "times": "Issued {issued}; to be renewed before {next_update}; expires {expires}",
        "times-of-list": "Issued {issued}; expires {expires}",
        "closed": "Issued {issued}; the list is closed",
        "current": "Status: usable",
        "stale": "Status: still usable, but should have been renewed",
        "refused": "Status: NOT USABLE",
        "from-list": "Taken from the trusted list {list}, number {sequence}, of {name}",
        "for": "Trusted for",
        "signer": "signers",
        "seal": "seals",
        "timestamp": "time-stamps",
        "direct": "This certificate alone is trusted, none that it issued",
        "window": "Trusted from {start} until just before {end}",
        "since": "Trusted from {start}",
        "until": "Trusted until just before {end}",
        "always": "Trusted throughout the certificate's validity",
        "ends": "The certificate ends {time}",
        "source": "Source",
        "nothing": "No certificate",
        "good": "USABLE: {path}",
        "bad": "NOT USABLE: {path}",
        "bundle-altered": "The trust bundle was altered, or is not a signed trust bundle.",
        "bundle-wrong-signer": "The trust bundle is not issued by the signer that was named, or is outside "
        "the validity of the signer's certificate.",
        "bundle-malformed": "The content of the trust bundle is malformed.",
        "bundle-expired": "The trust bundle has expired.",
        "bundle-from-the-future": "The trust bundle is issued in the future; check this machine's clock.",
        "list-altered": "The trusted list was altered, or its signature does not cover all of it.",
        "list-wrong-signer": "The trusted list is not issued by the signer that was named.",
        "list-malformed": "The trusted list is malformed.",
        "list-wrong-type": "The trusted list is of a type or version that is not supported.",
        "list-expired": "The trusted list has expired or is closed.",
        "list-from-the-future": "The trusted list is issued in the future; check this machine's clock.",
        "list-without-anchors": "The trusted list names no service for signers, seals or time-stamps.",
        "list-sequence-decreased": "The trusted list is older than one that was known before.",
        "trust-stale": "It should have been renewed before {time}; get the newest one.",
        "anchor-expires-soon": "“{name}” is trusted only until {time}.",
        "anchor-expired": "“{name}” expired {time}.",
        "anchor-weak": "The key of “{name}” is too weak ({what}).",
        "built": "Trust bundle {id}, version {version}, certificates: {anchors}; to be renewed before "
        "{next_update}; expires {expires}.",
        "signer-is": "Receivers must name the signer's certificate, SHA-256:",
    },
}

#: codes of refusals that :func:`check_text` has a sentence for
REFUSALS = frozenset(key for key in _WORDS["en"] if key.startswith(("bundle-", "list-")))


def source_text(facts: Mapping[str, Any], lang: str) -> str:
    """Return a source and its anchors, for people."""
    words = _WORDS[lang]
    told = _with_times(facts)
    lines = [words[facts["kind"]].format_map(told)]
    if facts["kind"] == "bundle":
        lines.append("  " + words["times"].format_map(told))
    elif facts["kind"] == "list":
        lines.append("  " + words["times-of-list" if facts["expires"] else "closed"].format_map(told))
    lines.append("  " + words[facts["status"]])
    if facts["code"]:
        lines.append("  " + words[facts["code"]])
    lines += ["  " + words["from-list"].format_map(s) for s in facts.get("sources", ())]
    for number, anchor in enumerate(facts["anchors"], 1):
        lines += ["", *_anchor(number, anchor, words)]
    return "\n".join(lines if facts["anchors"] else [*lines, "  " + words["nothing"]])


def check_text(outcome: Mapping[str, Any], lang: str) -> str:
    """Return whether a source may be used, why not, and what to see to."""
    words = _WORDS[lang]
    error = outcome["error"]
    lines = [words["bad" if error else "good"].format_map(outcome)]
    if error:
        told = words[error["code"]] if error["code"] in REFUSALS else None
        lines += [f"  {told}"] if told else [f"  {error['message']}", f"  {error['hint']}"]
    lines += ["  " + words[w["code"]].format_map(_with_times(w)) for w in outcome["warnings"]]
    return "\n".join(lines)


def built_text(facts: Mapping[str, Any], lang: str) -> str:
    """Return what was built, and what its receivers must name."""
    words = _WORDS[lang]
    lines = [facts["file"], words["built"].format_map(_with_times(facts)), words["signer-is"]]
    return "\n".join([*lines, *_pairs(facts["signer"], "  ")])


def _anchor(number: int, anchor: Mapping[str, Any], words: Mapping[str, str]) -> list[str]:
    of = f" ({anchor['organization']})" if anchor["organization"] else ""
    start, end = _time(anchor["valid_from"]), _time(anchor["valid_until"])
    window = "window" if start and end else "since" if start else "until" if end else "always"
    rows = [
        f"{words['for']}: {', '.join(words[r] for r in anchor['roles'])}",
        words[window].format(start=start, end=end),
        words["ends"].format(time=_time(anchor["certificate_ends"])),
        *([words["direct"]] if anchor["direct"] else []),
        *([f"{words['source']}: {anchor['source']}"] if anchor["source"] else []),
        "SHA-256:",
    ]
    title = f"  {number}. {anchor['name']}{of}"
    return [title, *(f"     {row}" for row in rows), *_pairs(anchor["sha256"], "       ")]


def _pairs(digest: str, indent: str) -> Sequence[str]:
    """Return a fingerprint in pairs, sixteen to a line."""
    pairs = [digest[i : i + 2].upper() for i in range(0, len(digest), 2)]
    return [indent + " ".join(pairs[i : i + 16]) for i in range(0, len(pairs), 16)]


def _with_times(facts: Mapping[str, Any]) -> dict[str, Any]:
    keys = ("issued", "next_update", "expires", "time")
    return {k: _time(v) if k in keys else v for k, v in facts.items()}


def _time(text: str | None) -> str | None:
    return office_time(datetime.fromisoformat(text), 7) if text else None
