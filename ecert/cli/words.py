"""The command line's own words, in Vietnamese and English; messages of the library stay as they are."""

from __future__ import annotations

WORDS: dict[str, dict[str, str]] = {
    "vi": {
        "error": "lỗi",
        "warning": "lưu ý",
        "hint": "gợi ý",
        "interrupted": "đã dừng theo yêu cầu",
        "fault": "lỗi của chính ecert ({name}); không có tệp nào được ghi",
        "fault-hint": "hãy chạy lại với ECERT_DEBUG=1 rồi gửi kết quả cho nhóm phát triển ecert",
        "system": "hệ điều hành từ chối: {reason}",
        "usage-hint": "xem '{command} --help'",
        "prepare": "Đang lập bản sao từ bản quét",
        "sign": "Đang ký",
        "seal": "Đang đóng dấu, xin dấu thời gian và dữ liệu kiểm tra",
        "read": "Đang đọc bản quét ({done}/{all})",
        "verify": "Đang kiểm tra ({done}/{all})",
        "extend": "Đang gia hạn ({done}/{all})",
        "kit": "Đang tạo mẫu thử ({done}/{all})",
        "reported": "{path}: {verdict} → {output}",
        "VALID": "HỢP LỆ",
        "INVALID": "KHÔNG HỢP LỆ",
        "INDETERMINATE": "CHƯA KẾT LUẬN ĐƯỢC",
        "extended": "{path}: đã gia hạn, mức {level}, bằng chứng còn giá trị đến {until} → {output}",
        "current": "{path}: chưa cần gia hạn, mức {level}, bằng chứng còn giá trị đến {until}",
        "due": "{path}: cần gia hạn, mức {level}, bằng chứng còn giá trị đến {until} ({reason})",
        "done-before": ("{path}: đã gia hạn từ trước, mức {level}, bằng chứng còn giá trị đến {until} → {output}"),
        "due-again": "; đã gia hạn từ trước vào {output}, hãy gia hạn tiếp từ tệp đó",
        "needs": "; chỉ gia hạn được với --level {level}",
        "no-end": "không xác định được thời hạn",
        "below-promise": "bản sao hứa mức {promised}",
        "extend-summary": (
            "{extended} tệp đã gia hạn, {due} tệp cần gia hạn, {current} tệp chưa cần, {refused} tệp không xử lý được."
        ),
        "prepared": "Bản dự thảo gồm {pages} trang, {size}; chờ {certifier} ký. Mã bản sao {id}.",
        "signed": "{certifier} đã ký, {size}; chờ {body} đóng dấu. Mã bản sao {id}.",
        "certified": (
            "Bản sao chứng thực gồm {pages} trang, mức {level}, {size}: {certifier} ký, "
            "{body} đóng dấu. Mã bản sao {id}."
        ),
        "pin": "Mã PIN của {label} ({role})",
        "pass-phrase": "Mật khẩu của {label} ({role})",
        "signer": "người ký",
        "seal-key": "con dấu",
        "not-in-colour": "trang {page} không phải ảnh màu",
        "signer-not-judged": ("chưa kiểm tra được chứng thư số của người ký trước khi đóng dấu, vì không có --trust"),
        "no-answer": "{url} không có câu trả lời dùng được ({outcome})",
    },
    "en": {
        "error": "error",
        "warning": "warning",
        "hint": "hint",
        "interrupted": "interrupted",
        "fault": "a fault of ecert itself ({name}); nothing was written",
        "fault-hint": "run it again with ECERT_DEBUG=1 and send what it prints to ecert's developers",
        "system": "the system refuses: {reason}",
        "usage-hint": "see '{command} --help'",
        "prepare": "Preparing the copy from the scan",
        "sign": "Signing",
        "seal": "Sealing, time-stamping, gathering validation data",
        "read": "Reading the scan ({done}/{all})",
        "verify": "Verifying ({done}/{all})",
        "extend": "Extending ({done}/{all})",
        "kit": "Making specimens ({done}/{all})",
        "reported": "{path}: {verdict} → {output}",
        "VALID": "VALID",
        "INVALID": "INVALID",
        "INDETERMINATE": "INDETERMINATE",
        "extended": "{path}: extended, level {level}, the proof holds until {until} → {output}",
        "current": "{path}: nothing is due, level {level}, the proof holds until {until}",
        "due": "{path}: due, level {level}, the proof holds until {until} ({reason})",
        "done-before": ("{path}: extended before, level {level}, the proof holds until {until} → {output}"),
        "due-again": "; it was extended before, to {output}: go on from that file",
        "needs": "; only --level {level} helps",
        "no-end": "a time that is not known",
        "below-promise": "the copy promises level {promised}",
        "extend-summary": "{extended} extended, {due} due, {current} not due, {refused} refused.",
        "prepared": "A draft of {pages} pages, {size}; waits for {certifier} to sign. Copy {id}.",
        "signed": "Signed by {certifier}, {size}; waits for {body} to seal. Copy {id}.",
        "certified": (
            "A certified copy of {pages} pages, level {level}, {size}: signed by {certifier}, "
            "sealed by {body}. Copy {id}."
        ),
        "pin": "PIN of {label} ({role})",
        "pass-phrase": "Pass phrase of {label} ({role})",
        "signer": "signer",
        "seal-key": "seal",
        "not-in-colour": "page {page} is not in colour",
        "signer-not-judged": ("the signer's certificate is not judged before sealing, for there is no --trust"),
        "no-answer": "{url} gave no answer of use ({outcome})",
    },
}


def megabytes(size: int, lang: str) -> str:
    """Return a size for people: 3,4 MB in Vietnamese, 3.4 MB in English, small ones in kB."""
    text = f"{size / 1_000_000:.1f} MB" if size >= 100_000 else f"{size / 1000:.1f} kB"
    return text.replace(".", ",") if lang == "vi" else text


def printable(text: str) -> str:
    """Return text that no terminal takes for commands: controls and direction marks are replaced.

    Names come from files that anybody may have made; line breaks and tabs stay.
    """
    return "".join(
        "\ufffd"
        if (c < " " and c not in "\n\t") or "\x7f" <= c <= "\x9f" or c in _DIRECTION_MARKS or "\ud800" <= c <= "\udfff"
        else c
        for c in text
    )


def one_line(text: str) -> str:
    """Return text as one line: a file's name may hold line breaks, and after one stand words in our name."""
    return printable(text.translate(_BREAKS))


_BREAKS = str.maketrans({"\n": "\\n", "\r": "\\r", "\t": "\\t"})
_DIRECTION_MARKS = frozenset("\u200e\u200f\u2028\u2029\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
