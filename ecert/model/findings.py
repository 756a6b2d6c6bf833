"""The findings: everything a report can say, its severity, the check it belongs to, and its words.

Here stand a finding's Vietnamese and English; the reasons put into them are in ``model.phrases``. A finding's code is a
stable kebab-case word (docs/reference/findings.md is generated from here).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from ecert.model.names import common_name_of
from ecert.model.phrases import vietnamese_values

Severity = Literal["error", "unknown", "warning", "info"]
Check = Literal[
    "structure",
    "integrity",
    "signer",
    "seal",
    "order",
    "time",
    "trust",
    "record",
    "statement",
    "pages",
    "pdfa",
    "competence",
]
CHECKS: tuple[Check, ...] = (
    "structure",
    "integrity",
    "signer",
    "seal",
    "order",
    "time",
    "trust",
    "record",
    "statement",
    "pages",
    "pdfa",
    "competence",
)
SEVERITIES: tuple[Severity, ...] = ("error", "unknown", "warning", "info")


@dataclass(frozen=True)
class Words:
    """A sentence in both languages; ``{name}`` is filled from the finding's data."""

    vi: str
    en: str

    def filled(self, data: Mapping[str, Any]) -> dict[str, str]:
        """Return both sentences with the data put in; of a certificate's subject its common name.

        In Vietnamese phrases are translated, and times told as offices tell them.
        """
        values = dict(data)
        if isinstance(data.get("subject"), str):
            values["subject"] = common_name_of(data["subject"])
        return {"vi": self.vi.format_map(_Filler(vietnamese_values(values))), "en": self.en.format_map(_Filler(values))}


class _Filler(dict[str, Any]):
    def __missing__(self, key: str) -> str:
        return "?"


@dataclass(frozen=True)
class FindingKind:
    """One row of the catalogue."""

    code: str
    severity: Severity
    check: Check
    text: Words
    remedy: Words


@dataclass(frozen=True)
class Finding:
    """Something a check has to say about this document.

    ``where`` holds any of field, page, object, revision, offset, path; ``data`` the values in the text.
    ``raised`` is a policy's severity where it is not the catalogue's, ``way_out`` the remedy where the
    catalogue's does not fit this document.
    """

    code: str
    where: Mapping[str, Any] = field(default_factory=dict)
    data: Mapping[str, Any] = field(default_factory=dict)
    raised: Severity | None = None
    way_out: Words | None = None

    @property
    def kind(self) -> FindingKind:
        """Return the catalogue row."""
        return CATALOGUE[self.code]

    @property
    def severity(self) -> Severity:
        """Return how much the verdict leans on this finding."""
        return self.raised or self.kind.severity

    @property
    def check(self) -> Check:
        """Return the check this finding belongs to."""
        return self.kind.check

    def to_dict(self) -> dict[str, Any]:
        """Return the finding as it stands in the report, version 1."""
        values = {**self.where, **self.data}
        return {
            "code": self.code,
            "severity": self.severity,
            "check": self.check,
            "where": dict(self.where),
            "data": dict(self.data),
            "text": self.kind.text.filled(values),
            "remedy": (self.way_out or self.kind.remedy).filled(values),
        }


_ASK_AGAIN = Words(
    "Hãy đề nghị cơ quan chứng thực cấp lại bản sao và lấy tệp trực tiếp từ nơi cấp.",
    "Ask the certifying body to issue the copy again and take the file directly from it.",
)
_GET_ORIGINAL_FILE = Words(
    "Hãy dùng đúng tệp nhận từ cơ quan chứng thực; không ghép, nén, in lại hay chỉnh sửa tệp.",
    "Use the very file received from the certifying body; do not merge, compress, reprint or edit it.",
)
_FINISH = Words(
    "Hãy hoàn tất các bước còn thiếu ở cơ quan chứng thực: người có thẩm quyền ký, sau đó văn thư đóng dấu.",
    "Let the certifying body finish the missing steps: the competent person signs, then the clerk seals.",
)
_RENEW_SOFTWARE = Words(
    "Hãy cập nhật phần mềm kiểm tra rồi thử lại; nếu vẫn vậy, hãy báo cho nhóm phát triển.",
    "Update the verifying software and try again; if it stays, tell its developers.",
)
_GIVE_ANCHORS = Words(
    "Hãy khai báo chứng thư số gốc mà cơ quan của bạn tin cậy (--trust), rồi kiểm tra lại.",
    "Name the root certificates your office trusts (--trust) and verify again.",
)
_CHECK_THE_CLOCK = Words(
    "Hãy kiểm tra đồng hồ của máy, hoặc thời điểm đã nêu (--at).",
    "Check this machine's clock, or the time that was named (--at).",
)
_GET_REVOCATION = Words(
    "Hãy kiểm tra lại khi có mạng (--online), hoặc cung cấp CRL hay trả lời OCSP của tổ chức cấp chứng thư "
    "(--evidence).",
    "Verify again with the network (--online), or supply CRLs or OCSP answers of the certificate's issuer "
    "(--evidence).",
)
_EXTEND = Words(
    "Hãy đề nghị cơ quan chứng thực gia hạn bản sao (ecert extend) khi còn kịp.",
    "Ask the certifying body to extend the copy (ecert extend) in good time.",
)
_FINISH_SIGNING = Words(
    "Hãy gửi lại tài liệu để ký đủ và đúng thứ tự theo yêu cầu của nơi nhận.",
    "Return the document to be signed as the receiver asks, in full and in order.",
)
_ASK_POLICY = Words(
    "Hãy hỏi nơi nhận về yêu cầu của họ đối với bản sao, rồi đề nghị cơ quan chứng thực cấp bản sao đáp ứng "
    "yêu cầu đó.",
    "Ask the receiver what they accept, and the certifying body for a copy that meets it.",
)
_ASK_REGISTRY = Words(
    "Hãy hỏi cơ quan ghi trong lời chứng, qua địa chỉ bạn tự tìm, xem họ có cấp bản sao này không; nếu có thì đề nghị "
    "nơi quản lý sổ đăng ký sửa lại.",
    "Ask the body named in the statement, at an address you found yourself, whether it issued this copy; if so, have "
    "the registry corrected by its keeper.",
)
_RENEW_REGISTRY = Words(
    "Hãy lấy sổ đăng ký mới nhất từ nơi quản lý rồi kiểm tra lại; nếu vẫn vậy, hãy hỏi cơ quan ghi trong lời chứng.",
    "Get the newest registry from its keeper and verify again; if it stays, ask the body named in the statement.",
)
#: of a file that is neither signed nor ever was a copy, as :func:`~ecert.report.sort_findings` finds
NO_COPY = Words(
    "Tệp này là bản in hoặc bản lưu lại, không phải bản sao chứng thực; hãy nộp đúng tệp nhận từ cơ quan chứng thực.",
    "This is a print or a re-save, not the certified copy: hand in the very file the certifying body gave.",
)
_SEE_THE_REASON = Words(
    "Tùy lý do vừa nêu: thiếu dữ liệu thu hồi thì kiểm tra lại khi có mạng (--online) hoặc kèm dữ liệu (--evidence); "
    "không dẫn tới gốc tin cậy thì khai báo chứng thư số gốc của dịch vụ cấp dấu thời gian (--trust); muộn hơn thời "
    "điểm kiểm tra thì xem lại đồng hồ của máy; đã hết hạn, bị thu hồi hay sai thì đề nghị cơ quan chứng thực gia hạn "
    "khi còn kịp, hoặc chứng thực lại.",
    "See the reason: where revocation data is missing, verify again with the network (--online) or supply the data "
    "(--evidence); where no trusted root is found, name that of the time-stamping service (--trust); where it is "
    "later than the time of validation, check this machine's clock; where something has expired, was revoked or is "
    "wrong, ask the certifying body to extend the copy in good time, or to certify again.",
)
#: of a time that a time-stamp would prove if the verifier believed it
SEE_THE_TIME_STAMP = Words(
    "Tệp có dấu thời gian nhưng dấu đó không được tính; hãy xem lý do ở mục về dấu thời gian.",
    "There is a time-stamp, but it does not count: see the reason told about it.",
)
_COMPARE_REVISIONS = Words(
    "Hãy so trang đó với bản mà người ký đầu tiên đã thấy (ecert inspect TỆP --revision {signed} -o ban-da-ky.pdf).",
    "Compare that page with what the first signer had before him (ecert inspect FILE --revision {signed} -o "
    "signed.pdf).",
)
_NOTHING = Words("Không cần làm gì.", "Nothing needs to be done.")


def _row(code: str, severity: Severity, check: Check, vi: str, en: str, remedy: Words) -> FindingKind:
    return FindingKind(code, severity, check, Words(vi, en), remedy)


_ROWS = (
    # ── error: the copy must be refused ──────────────────────────────────────────────────────────
    _row(
        "not-a-pdf",
        "error",
        "structure",
        "Tệp này không phải là tệp PDF.",
        "This file is not a PDF.",
        Words("Hãy chọn đúng tệp bản sao có đuôi .pdf.", "Choose the copy's own .pdf file."),
    ),
    _row(
        "pdf-damaged",
        "error",
        "structure",
        "Tệp PDF bị hỏng: {reason}.",
        "The PDF is damaged: {reason}.",
        _GET_ORIGINAL_FILE,
    ),
    _row(
        "encrypted",
        "error",
        "structure",
        "Tệp PDF bị mã hóa; bản sao chứng thực không bao giờ bị mã hóa.",
        "The PDF is encrypted; a certified copy never is.",
        _GET_ORIGINAL_FILE,
    ),
    _row(
        "saved-anew",
        "error",
        "structure",
        "Tệp đã bị một phần mềm lưu lại, nên các chữ ký số trong tệp không còn dùng được.",
        "Some program saved the file anew; its digital signatures can no longer be used.",
        _GET_ORIGINAL_FILE,
    ),
    _row(
        "parsers-disagree",
        "error",
        "structure",
        "Các phần mềm đọc khác nhau sẽ hiểu tệp này khác nhau: {reason}.",
        "Different programs would read this file differently: {reason}.",
        _GET_ORIGINAL_FILE,
    ),
    _row(
        "bytes-unaccounted",
        "error",
        "structure",
        "Trong tệp có {count} byte không thuộc phần nào của tài liệu (tại vị trí {offset}).",
        "Bytes in the file that belong to no part of the document: {count} (at offset {offset}).",
        _GET_ORIGINAL_FILE,
    ),
    _row(
        "changed-after-signer",
        "error",
        "integrity",
        "Tài liệu đã bị thay đổi sau khi người có thẩm quyền ký: {what}.",
        "The document was changed after the competent person signed: {what}.",
        _GET_ORIGINAL_FILE,
    ),
    _row(
        "changed-after-seal",
        "error",
        "integrity",
        "Tài liệu đã bị thay đổi sau khi đóng dấu: {what}.",
        "The document was changed after it was sealed: {what}.",
        _GET_ORIGINAL_FILE,
    ),
    _row(
        "changed-after-signature",
        "error",
        "integrity",
        "Tài liệu đã bị thay đổi sau chữ ký «{field}»: {what}.",
        "The document was changed after the signature “{field}”: {what}.",
        _GET_ORIGINAL_FILE,
    ),
    _row(
        "unsigned",
        "error",
        "signer",
        "Tài liệu không có chữ ký số nào.",
        "The document has no digital signature at all.",
        _FINISH,
    ),
    _row(
        "signer-missing",
        "error",
        "signer",
        "Chưa có chữ ký số của người có thẩm quyền chứng thực.",
        "The competent person's digital signature is missing.",
        _FINISH,
    ),
    _row(
        "seal-missing",
        "error",
        "seal",
        "Chưa có chữ ký số (dấu) của cơ quan chứng thực.",
        "The certifying body's digital seal is missing.",
        _FINISH,
    ),
    _row(
        "seal-before-signer",
        "error",
        "order",
        "Cơ quan đã đóng dấu trước khi người có thẩm quyền ký.",
        "The body sealed before the competent person signed.",
        _ASK_AGAIN,
    ),
    _row(
        "extra-signature",
        "error",
        "order",
        "Có chữ ký ngoài chữ ký của người có thẩm quyền và dấu của cơ quan: «{field}».",
        "There is a signature besides the competent person's and the body's: “{field}”.",
        _ASK_AGAIN,
    ),
    _row(
        "same-key-twice",
        "error",
        "order",
        "Chữ ký cá nhân và dấu của cơ quan dùng cùng một khóa.",
        "The signature and the seal were made with the same key.",
        _ASK_AGAIN,
    ),
    _row(
        "signature-broken",
        "error",
        "integrity",
        "Chữ ký «{field}» không khớp với nội dung: {reason}.",
        "The signature “{field}” does not match the content: {reason}.",
        _GET_ORIGINAL_FILE,
    ),
    _row(
        "signature-malformed",
        "error",
        "integrity",
        "Chữ ký «{field}» sai cấu trúc: {reason}.",
        "The signature “{field}” is malformed: {reason}.",
        _GET_ORIGINAL_FILE,
    ),
    _row(
        "certificate-wrong-usage",
        "error",
        "trust",
        "Chứng thư số của «{field}» không được dùng để ký tài liệu: {reason}.",
        "The certificate of “{field}” may not sign documents: {reason}.",
        _ASK_AGAIN,
    ),
    _row(
        "algorithm-too-weak",
        "error",
        "integrity",
        "Chữ ký «{field}» dùng thuật toán không còn an toàn: {algorithm}.",
        "The signature “{field}” uses an algorithm that is no longer safe: {algorithm}.",
        _ASK_AGAIN,
    ),
    _row(
        "revoked-before-signing",
        "error",
        "trust",
        "Chứng thư số «{subject}» đã bị thu hồi ngày {time}, trước khi ký.",
        "The certificate “{subject}” was revoked on {time}, before the signature.",
        _ASK_AGAIN,
    ),
    _row(
        "not-valid-at-signing",
        "error",
        "trust",
        "Chứng thư số «{subject}» không có hiệu lực vào lúc ký ({reason}).",
        "The certificate “{subject}” was not valid when the signature was made ({reason}).",
        _ASK_AGAIN,
    ),
    _row(
        "timestamp-broken",
        "error",
        "time",
        "Dấu thời gian của «{field}» không hợp lệ: {reason}.",
        "The time-stamp of “{field}” is not valid: {reason}.",
        _ASK_AGAIN,
    ),
    _row(
        "record-missing",
        "error",
        "record",
        "Tệp không có dữ liệu chứng thực; đây không phải bản sao do ecert tạo.",
        "The file holds no certification record; it is not a copy made by ecert.",
        _GET_ORIGINAL_FILE,
    ),
    _row(
        "record-malformed",
        "error",
        "record",
        "Dữ liệu chứng thực trong tệp không đúng: {reason}.",
        "The certification record in the file is wrong: {reason}.",
        _ASK_AGAIN,
    ),
    _row(
        "statement-differs",
        "error",
        "statement",
        "Lời chứng trên trang giấy khác với dữ liệu chứng thực ({what}).",
        "The statement on the page differs from the certification record ({what}).",
        _ASK_AGAIN,
    ),
    _row(
        "pages-differ",
        "error",
        "pages",
        "Các trang quét khác với dữ liệu chứng thực: {what}.",
        "The scanned pages differ from the certification record: {what}.",
        _ASK_AGAIN,
    ),
    _row(
        "certifier-differs",
        "error",
        "record",
        "Người ký («{certificate}») không phải người chứng thực ghi trong lời chứng («{record}»).",
        "The signer (“{certificate}”) is not the certifier named in the statement (“{record}”).",
        _ASK_AGAIN,
    ),
    _row(
        "body-differs",
        "error",
        "record",
        "Dấu là của «{certificate}», không phải của cơ quan ghi trong lời chứng («{record}»).",
        "The seal is that of “{certificate}”, not of the body named in the statement (“{record}”).",
        _ASK_AGAIN,
    ),
    _row(
        "not-pdfa",
        "error",
        "pdfa",
        "Tệp không đúng định dạng lưu trữ PDF/A-3b như đã ghi: {what}.",
        "The file is not the PDF/A-3b it claims to be: {what}.",
        _ASK_AGAIN,
    ),
    _row(
        "second-opinion-differs",
        "error",
        "integrity",
        "Phần mềm đối chiếu {tool} kết luận khác: {reason}.",
        "The second opinion of {tool} differs: {reason}.",
        _RENEW_SOFTWARE,
    ),
    _row(
        "level-too-low",
        "error",
        "time",
        "Tài liệu chưa đạt mức {required} mà chính sách kiểm tra đòi hỏi: {what}.",
        "The document is not at level {required}, which the policy asks for: {what}.",
        _EXTEND,
    ),
    _row(
        "archive-timestamp-missing",
        "error",
        "time",
        "Chính sách kiểm tra đòi hỏi dấu thời gian lưu trữ cho toàn bộ tài liệu, nhưng tệp không có.",
        "The policy asks for a time-stamp over the whole document, and there is none.",
        _EXTEND,
    ),
    _row(
        "too-few-signatures",
        "error",
        "signer",
        "Tài liệu có {count} chữ ký, ít hơn số mà chính sách kiểm tra đòi hỏi ({required}).",
        "Signatures of the document: {count}, fewer than the policy asks for ({required}).",
        _FINISH_SIGNING,
    ),
    _row(
        "field-unsigned",
        "error",
        "signer",
        "Chính sách kiểm tra đòi hỏi chữ ký ở trường «{name}», nhưng trường đó chưa được ký.",
        "The policy asks for a signature in the field “{name}”, which is not signed.",
        _FINISH_SIGNING,
    ),
    _row(
        "signatures-out-of-order",
        "error",
        "order",
        "Các chữ ký không theo thứ tự mà chính sách kiểm tra đòi hỏi ({fields}).",
        "The signatures are not in the order that the policy asks for ({fields}).",
        _FINISH_SIGNING,
    ),
    _row(
        "profile-not-accepted",
        "error",
        "record",
        "Chính sách kiểm tra không chấp nhận bản sao lập theo bộ quy tắc «{profile}».",
        "The policy accepts no copies made under the profile “{profile}”.",
        _ASK_POLICY,
    ),
    _row(
        "algorithm-not-permitted",
        "error",
        "integrity",
        "Chữ ký «{field}», hoặc chứng thư số của chữ ký đó, dùng {algorithm}; chính sách kiểm tra không cho phép.",
        "The signature “{field}”, or a certificate it rests on, uses {algorithm}, which the policy does not permit.",
        _ASK_POLICY,
    ),
    _row(
        "sealed-too-late",
        "error",
        "order",
        "Cơ quan đóng dấu {count} ngày sau khi người có thẩm quyền ký; chính sách kiểm tra cho phép tối đa "
        "{limit} ngày.",
        "The body sealed too late after the signature (days: {count}); the policy permits {limit}.",
        _ASK_POLICY,
    ),
    _row(
        "copy-too-old",
        "error",
        "record",
        "Bản sao được chứng thực cách đây {count} ngày; chính sách kiểm tra chấp nhận tối đa {limit} ngày.",
        "The copy was certified too long ago (days: {count}); the policy accepts {limit}.",
        Words("Hãy đề nghị cơ quan chứng thực cấp bản sao mới.", "Ask the certifying body for a new copy."),
    ),
    _row(
        "body-not-competent",
        "error",
        "competence",
        "Ngày {day}, «{body}» không có thẩm quyền chứng thực: {reason}.",
        "On {day} “{body}” was not competent to certify: {reason}.",
        _ASK_REGISTRY,
    ),
    _row(
        "certifier-not-competent",
        "error",
        "competence",
        "Ngày {day}, «{certifier}» không có thẩm quyền chứng thực tại «{body}»: {reason}.",
        "On {day} “{certifier}” was not competent to certify for “{body}”: {reason}.",
        _ASK_REGISTRY,
    ),
    _row(
        "seal-key-not-of-body",
        "error",
        "competence",
        "Khóa đóng dấu không phải của «{body}»: {reason}.",
        "The seal's key does not belong to “{body}”: {reason}.",
        _ASK_REGISTRY,
    ),
    # ── unknown: it cannot be decided with what is at hand ───────────────────────────────────────
    _row(
        "over-limit",
        "unknown",
        "structure",
        "Tệp vượt giới hạn kiểm tra: {what} (tối đa {limit}).",
        "The file is beyond what is judged here: {what} (at most {limit}).",
        _GET_ORIGINAL_FILE,
    ),
    _row(
        "structure-unsupported",
        "unknown",
        "structure",
        "Tệp dùng cấu trúc mà phần mềm không đánh giá: {reason}.",
        "The file uses a structure that is not judged here: {reason}.",
        _GET_ORIGINAL_FILE,
    ),
    _row(
        "signed-in-the-future",
        "unknown",
        "time",
        "Theo đồng hồ của máy kiểm tra, tài liệu này được ký trong tương lai.",
        "By this machine's clock the document was signed in the future.",
        _CHECK_THE_CLOCK,
    ),
    _row(
        "no-anchors",
        "unknown",
        "trust",
        "Chưa khai báo chứng thư số gốc tin cậy nên không thể kết luận về người ký.",
        "No trusted root certificate was given, so nothing can be said about who signed.",
        _GIVE_ANCHORS,
    ),
    _row(
        "signer-not-trusted",
        "unknown",
        "trust",
        "Chứng thư số của người ký không dẫn tới gốc tin cậy nào đã khai báo: {reason}.",
        "The signer's certificate does not lead to a trusted root that was given: {reason}.",
        _GIVE_ANCHORS,
    ),
    _row(
        "seal-not-trusted",
        "unknown",
        "trust",
        "Chứng thư số của con dấu không dẫn tới gốc tin cậy nào đã khai báo: {reason}.",
        "The seal's certificate does not lead to a trusted root that was given: {reason}.",
        _GIVE_ANCHORS,
    ),
    _row(
        "signature-not-trusted",
        "unknown",
        "trust",
        "Chứng thư số của chữ ký «{field}» không dẫn tới gốc tin cậy nào đã khai báo: {reason}.",
        "The certificate of “{field}” does not lead to a trusted root that was given: {reason}.",
        _GIVE_ANCHORS,
    ),
    _row(
        "revocation-missing",
        "unknown",
        "trust",
        "Chưa biết chứng thư số của «{subject}» có bị thu hồi hay không; không có dữ liệu thu hồi nào được tính.",
        "It is not known whether the certificate of “{subject}” was revoked; there is no revocation data that counts.",
        _GET_REVOCATION,
    ),
    _row(
        "revocation-stale",
        "unknown",
        "trust",
        "Dữ liệu thu hồi của chứng thư số «{subject}» đã cũ (hết hạn {time}).",
        "The revocation data of the certificate “{subject}” is out of date (since {time}).",
        _GET_REVOCATION,
    ),
    _row(
        "revocation-unproven-time",
        "unknown",
        "trust",
        "Dữ liệu thu hồi của chứng thư số «{subject}» do một tổ chức có chứng thư số nay đã hết hạn hoặc bị "
        "thu hồi ký; không có bằng chứng rằng dữ liệu đó có từ trước.",
        "The revocation data of the certificate “{subject}” was signed by an authority that has expired or "
        "been revoked since; nothing proves that the data is older.",
        _GET_REVOCATION,
    ),
    _row(
        "revoked-unproven-time",
        "unknown",
        "trust",
        "Chứng thư số «{subject}» bị thu hồi ngày {time}; không có bằng chứng rằng chữ ký có trước đó.",
        "The certificate “{subject}” was revoked on {time}; nothing proves that the signature is older.",
        _ASK_AGAIN,
    ),
    _row(
        "expired-unproven-time",
        "unknown",
        "trust",
        "Chứng thư số «{subject}» đã hết hạn ngày {time}; không có bằng chứng rằng chữ ký có trước đó.",
        "The certificate “{subject}” expired on {time}; nothing proves that the signature is older.",
        _ASK_AGAIN,
    ),
    _row(
        "certificate-suspended",
        "unknown",
        "trust",
        "Chứng thư số «{subject}» bị tạm dừng từ {time} và chưa được khôi phục.",
        "The certificate “{subject}” has been suspended since {time}.",
        Words(
            "Hãy kiểm tra lại sau khi tổ chức cấp chứng thư khôi phục hoặc thu hồi chứng thư số đó.",
            "Verify again once the certificate's issuer has reinstated or revoked it.",
        ),
    ),
    _row(
        "algorithm-unproven-time",
        "unknown",
        "time",
        "Chữ ký «{field}» dùng {algorithm}, không còn được tin cậy từ {time}; không có bằng chứng rằng "
        "chữ ký có trước đó.",
        "The signature “{field}” uses {algorithm}, which has not been relied on since {time}; nothing "
        "proves that the signature is older.",
        _ASK_AGAIN,
    ),
    _row(
        "not-yet-valid",
        "unknown",
        "trust",
        "Chứng thư số «{subject}» chỉ có hiệu lực từ {time}, sau thời điểm kiểm tra.",
        "The certificate “{subject}” is valid only from {time}, after the time of validation.",
        _CHECK_THE_CLOCK,
    ),
    _row(
        "record-too-new",
        "unknown",
        "record",
        "Dữ liệu chứng thực thuộc phiên bản mới hơn ({version}).",
        "The certification record is of a newer version ({version}).",
        _RENEW_SOFTWARE,
    ),
    _row(
        "demand-unproven",
        "unknown",
        "time",
        "Chưa chứng minh được điều mà chính sách kiểm tra đòi hỏi: {what}.",
        "What the policy asks for is not proven: {what}.",
        _GIVE_ANCHORS,
    ),
    _row(
        "revocation-too-old",
        "unknown",
        "trust",
        "Dữ liệu thu hồi của chứng thư số «{subject}» có từ {time}, cũ hơn mức mà chính sách kiểm tra chấp nhận.",
        "The revocation data of the certificate “{subject}” is of {time}, older than the policy accepts.",
        _GET_REVOCATION,
    ),
    _row(
        "registry-out-of-date",
        "unknown",
        "competence",
        "Sổ đăng ký cơ quan và người chứng thực không có dữ liệu cho ngày {day}.",
        "The registry of bodies and certifiers does not speak for {day}.",
        _RENEW_REGISTRY,
    ),
    _row(
        "body-not-registered",
        "unknown",
        "competence",
        "Chưa xác định được «{body}» trong sổ đăng ký: {reason}.",
        "“{body}” could not be found in the registry: {reason}.",
        _RENEW_REGISTRY,
    ),
    _row(
        "certifier-not-registered",
        "unknown",
        "competence",
        "Sổ đăng ký không có người chứng thực «{certifier}» với chứng thư số đã dùng để ký.",
        "The registry knows no certifier “{certifier}” with this certificate.",
        _RENEW_REGISTRY,
    ),
    _row(
        "seal-key-not-registered",
        "unknown",
        "competence",
        "Sổ đăng ký không có khóa đóng dấu này của «{body}».",
        "The registry does not know this seal's key of “{body}”.",
        _RENEW_REGISTRY,
    ),
    _row(
        "competence-unproven-time",
        "unknown",
        "competence",
        "Không có bằng chứng rằng bản sao được ký và đóng dấu khi còn thẩm quyền; chỉ chứng minh được là có từ "
        "ngày {day} ({reason}).",
        "Nothing proves that the copy was signed and sealed in time; it is proven to exist only on {day} ({reason}).",
        _ASK_AGAIN,
    ),
    _row(
        "undeclared-signature",
        "unknown",
        "integrity",
        "Tệp chứa chữ ký mà biểu mẫu của tệp không khai báo ({count}, đối tượng {object}); phần mềm đọc có thể hiển "
        "thị chữ ký đó nhưng không ai kiểm tra được.",
        "The file holds signatures that its form does not declare ({count}, object {object}); readers may show them, "
        "and nobody can verify them.",
        Words(
            "Hãy dùng đúng tệp đã được ký, không phải trang tách ra hay ghép lại từ tệp đó.",
            "Use the very file that was signed, not pages taken out of it or merged into another.",
        ),
    ),
    _row(
        "unlisted-object",
        "unknown",
        "structure",
        "Giữa các phần của tệp có một bản khác của đối tượng {object} mà không bảng nào liệt kê (tại vị trí "
        "{offset}); phần mềm tự sửa tệp sẽ hiển thị bản đó.",
        "Between the parts of the file stands another object {object}, which no table lists (at offset {offset}); "
        "programs that repair files would show it.",
        _GET_ORIGINAL_FILE,
    ),
    _row(
        "field-added-by-another",
        "unknown",
        "integrity",
        "Sau khi đã có người ký, ô chữ ký «{field}» được thêm vào, hiện trên trang {pages}, và chưa xác nhận được chữ "
        "ký trong ô đó («{signer}»).",
        "After others had signed, the visible signature field “{field}” was added on page {pages}, and its own "
        "signature (“{signer}”) could not be confirmed.",
        Words(
            "Hãy khai báo gốc tin cậy của người ký sau (--trust) hoặc lấy dữ liệu thu hồi (--online) rồi kiểm tra "
            "lại; nếu không được, chỉ dựa vào bản mà người ký đầu tiên đã thấy (ecert inspect TỆP --revision "
            "{signed} -o ban-da-ky.pdf).",
            "Name the later signer's root (--trust) or get revocation data (--online) and verify again; failing "
            "that, rely only on what the first signer had before him (ecert inspect FILE --revision {signed} -o "
            "signed.pdf).",
        ),
    ),
    _row(
        "field-covers-page",
        "unknown",
        "integrity",
        "Ô chữ ký «{field}», ký sau khi đã có người ký, có thể che mất nội dung trang {page}: {what}.",
        "The signature field “{field}”, signed after others had signed, can hide what page {page} says: {what}.",
        _COMPARE_REVISIONS,
    ),
    _row(
        "appearance-not-proven",
        "unknown",
        "integrity",
        "Sau chữ ký «{field}», không chứng minh được nội dung hiển thị còn đúng: {what}.",
        "After the signature “{field}” it is not proven what is shown: {what}.",
        Words(
            "Hãy dùng tệp như lúc được ký, hoặc đề nghị mọi người ký ký lại sau khi điền.",
            "Use the file as it was signed, or let all signers sign again after it was filled in.",
        ),
    ),
    _row(
        "timestamps-contradict",
        "unknown",
        "time",
        "Các dấu thời gian mâu thuẫn nhau: dấu của «{field}» ghi {time}, còn dấu được đóng sau đó lại chứng minh "
        "rằng tài liệu đã có từ {until}.",
        "The time-stamps contradict each other: that of “{field}” says {time}, and one made after it that all this "
        "existed by {until}.",
        _ASK_AGAIN,
    ),
    _row(
        "verifier-fault",
        "unknown",
        "structure",
        "Phần mềm kiểm tra gặp lỗi khi đánh giá tệp này ({fault}).",
        "The verifier itself failed on this file ({fault}).",
        _RENEW_SOFTWARE,
    ),
    _row(
        "body-name-differs",
        "unknown",
        "record",
        "Lời chứng ghi cơ quan «{record}», nhưng chứng thư số của con dấu mang tên «{certificate}»; mã định danh thì "
        "trùng nhau.",
        "The statement names the body “{record}”, but the seal's certificate is that of “{certificate}”; their "
        "identifiers agree.",
        Words(
            "Hãy hỏi cơ quan ghi trong lời chứng xem con dấu này có phải của mình không; nếu có sổ đăng ký cơ "
            "quan, hãy kiểm tra lại theo sổ đó.",
            "Ask the body named in the statement whether this seal is its own; with a registry of bodies, verify "
            "again by it.",
        ),
    ),
    # ── warning: worth knowing, the verdict stands ───────────────────────────────────────────────
    _row(
        "time-not-proven",
        "warning",
        "time",
        "Không có dấu thời gian chứng minh lúc ký «{field}».",
        "No time-stamp proves when “{field}” was signed.",
        _EXTEND,
    ),
    _row(
        "timestamp-not-trusted",
        "warning",
        "time",
        "Dấu thời gian của «{field}» không được tính: {reason}.",
        "The time-stamp of “{field}” does not count: {reason}.",
        _SEE_THE_REASON,
    ),
    _row(
        "revocation-not-checked",
        "warning",
        "trust",
        "Chưa kiểm tra việc thu hồi của chứng thư số «{subject}».",
        "Revocation of the certificate “{subject}” was not checked.",
        _GET_REVOCATION,
    ),
    _row(
        "archive-status-dated",
        "warning",
        "time",
        "Tình trạng của tổ chức cấp dấu thời gian chỉ được biết đến ngày {time}.",
        "The status of the time-stamping authority is known only up to {time}.",
        _GET_REVOCATION,
    ),
    _row(
        "claimed-time-7h-off",
        "warning",
        "time",
        "Giờ ký tự khai của «{field}» lệch đúng 7 giờ so với dấu thời gian.",
        "The claimed signing time of “{field}” is off by exactly 7 hours.",
        _NOTHING,
    ),
    _row(
        "claimed-time-ahead",
        "warning",
        "time",
        "Giờ ký tự khai của «{field}» muộn hơn thời điểm được chứng minh.",
        "The claimed signing time of “{field}” is later than the time that is proven.",
        _NOTHING,
    ),
    _row(
        "algorithm-ageing",
        "warning",
        "time",
        "«{field}» dùng {algorithm}; dự kiến thuật toán này chỉ được tin cậy đến {time}.",
        "“{field}” uses {algorithm}, which was expected to be reliable only until {time}.",
        _EXTEND,
    ),
    _row(
        "date-differs",
        "warning",
        "record",
        "Ngày trong lời chứng ({record}) khác ngày ký ({signed}).",
        "The date of the statement ({record}) differs from the day of signing ({signed}).",
        Words(
            "Nếu ngày có ý nghĩa với hồ sơ, hãy hỏi cơ quan chứng thực.",
            "Where the day matters, ask the certifying body.",
        ),
    ),
    _row(
        "level-below-promise",
        "warning",
        "time",
        "Bản sao hứa mức {promised} nhưng mới đạt mức {reached}.",
        "The copy promises level {promised} but has only reached {reached}.",
        _EXTEND,
    ),
    _row(
        "evidence-after-time",
        "warning",
        "time",
        "Bỏ qua {count} bằng chứng có sau thời điểm kiểm tra.",
        "Evidence younger than the time of validation was ignored (items: {count}).",
        _NOTHING,
    ),
    _row(
        "anchor-is-not-a-ca",
        "warning",
        "trust",
        "«{subject}» được tin cậy trực tiếp dù không phải là chứng thư số của tổ chức cấp phát.",
        "“{subject}” is trusted by itself although it is not a CA certificate.",
        _GIVE_ANCHORS,
    ),
    _row(
        "trust-stale",
        "warning",
        "trust",
        "Gói tin cậy «{id}» lẽ ra phải được cập nhật trước {time}.",
        "The trust bundle “{id}” should have been renewed before {time}.",
        Words(
            "Hãy lấy bản mới nhất từ nơi phát hành gói tin cậy rồi kiểm tra lại.",
            "Get the newest bundle from its publisher and verify again.",
        ),
    ),
    _row(
        "unusual-structure",
        "warning",
        "structure",
        "Cấu trúc tệp có điểm lạ nhưng không làm thay đổi nội dung: {what}.",
        "The file's structure is unusual, without effect on the content: {what}.",
        _NOTHING,
    ),
    _row(
        "form-filled-in",
        "warning",
        "integrity",
        "Sau chữ ký «{field}» có nội dung được điền thêm trong phạm vi cho phép ({what}).",
        "After the signature “{field}” something was filled in, within what it permits ({what}).",
        _NOTHING,
    ),
    _row(
        "field-added-and-signed",
        "warning",
        "integrity",
        "Sau khi đã có người ký, «{signer}» thêm ô chữ ký «{field}» hiện trên trang {pages} và ký vào đó (rộng "
        "{width} mm, cao {height} mm; cách mép trái {left} mm, mép trên {top} mm).",
        "After others had signed, “{signer}” added the visible field “{field}” on page {pages} and signed it ({width} "
        "mm wide, {height} mm high; {left} mm from the left, {top} mm from the top).",
        _COMPARE_REVISIONS,
    ),
    _row(
        "annotation-added",
        "warning",
        "integrity",
        "Sau chữ ký «{field}», trang {page} có thêm chú thích loại /{kind}, như người ký cho phép.",
        "After the signature “{field}” an annotation of the type /{kind} was added to page {page}, as its signer "
        "permits.",
        _NOTHING,
    ),
    _row(
        "second-opinion-unavailable",
        "warning",
        "integrity",
        "Phần mềm đối chiếu {tool} không đánh giá được tệp này: {reason}.",
        "The second opinion {tool} could not judge this file: {reason}.",
        _NOTHING,
    ),
    _row(
        "revocation-older-than-signature",
        "warning",
        "trust",
        "Dữ liệu về việc thu hồi chứng thư số «{subject}» có từ {time}, {gap} trước khi ký «{field}» ({signed}); "
        "nếu chứng thư số bị thu hồi trong khoảng đó thì dữ liệu này chưa cho biết.",
        "What is known of the revocation of the certificate “{subject}” is of {time}, {gap} before “{field}” was "
        "signed ({signed}); a revocation in between would not show in it.",
        Words(
            "Muốn chắc chắn, hãy kiểm tra lại khi có mạng (--online): tổ chức cấp chứng thư cho biết tình trạng "
            "hiện nay.",
            "To be sure, verify again with the network (--online): the certificate's issuer tells its present status.",
        ),
    ),
    # ── info ─────────────────────────────────────────────────────────────────────────────────────
    _row(
        "archive-timestamp-due",
        "info",
        "time",
        "Nên gia hạn dấu thời gian lưu trữ trước {time}: {reason}.",
        "The archive time-stamp should be renewed before {time}: {reason}.",
        _EXTEND,
    ),
    _row(
        "evidence-replayed",
        "info",
        "trust",
        "Dữ liệu kiểm tra được lấy từ thư mục đã lưu khi kiểm tra lúc {time}.",
        "The evidence was taken from a folder that kept it from a verification of {time}.",
        Words(
            "Muốn biết tình trạng hiện nay, hãy kiểm tra lại khi có mạng (--online).",
            "For the present status, verify again with the network (--online).",
        ),
    ),
)

#: code → row, in the order worst first
CATALOGUE: Mapping[str, FindingKind] = {row.code: row for row in _ROWS}
