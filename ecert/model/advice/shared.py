"""A finding explained at length, and the advice that several findings share."""

from __future__ import annotations

from dataclasses import dataclass

from ecert.model.findings import Words


@dataclass(frozen=True)
class Advice:
    """What usually causes a finding, and what each kind of reader does about it.

    ``clerk`` is the officer at a receiving desk or of the certifying body, ``citizen`` the holder of
    the copy, ``developer`` who runs or embeds the verifier.
    """

    cause: Words
    clerk: Words
    citizen: Words
    developer: Words


# ── citizens ─────────────────────────────────────────────────────────────────────────────────────
SEND_THE_FILE = Words(
    "Nộp đúng tệp đã nhận từ cơ quan chứng thực, không mở ra lưu lại, không in, không chụp màn hình; nếu không "
    "còn tệp đó, đề nghị nơi cấp gửi lại.",
    "Hand in the very file you got from the certifying body, not one saved again, printed or photographed; if "
    "you no longer have it, ask that body to send it again.",
)
ASK_THE_BODY = Words(
    "Mang bản chính đến cơ quan đã chứng thực và đề nghị cấp lại bản sao điện tử; lỗi này không phải do cách "
    "bạn giữ tệp.",
    "Take the original to the body that certified it and ask for a new electronic copy; nothing you did to the "
    "file caused this.",
)
ASK_FOR_A_NEW_CHECK = Words(
    "Bản sao của bạn chưa bị coi là sai: đề nghị nơi tiếp nhận kiểm tra lại, không cần làm gì với tệp.",
    "Nobody says that your copy is wrong: ask the receiving desk to check again, and leave the file as it is.",
)
ASK_ANOTHER_DESK = Words(
    "Gửi lại tệp cho nơi tiếp nhận khác hoặc cơ quan đã cấp để kiểm tra; không chuyển đổi hay nén tệp cho «dễ mở».",
    "Let another desk or the issuing body check the file; do not convert or compress it to make it “easier to open”.",
)
NOTHING_TO_DO = Words("Không cần làm gì.", "Nothing needs to be done.")

# ── clerks ───────────────────────────────────────────────────────────────────────────────────────
REFUSE_AND_ASK_FOR_THE_FILE = Words(
    "Không tiếp nhận tệp này; hướng dẫn người nộp gửi tệp gốc nhận từ cơ quan chứng thực. Nếu tệp gốc cũng có "
    "kết quả này, báo cho cơ quan đó.",
    "Do not accept this file; have the applicant send the file as the certifying body issued it. If that file "
    "gives the same result, tell the body.",
)
REFUSE_AND_ASK_THE_BODY = Words(
    "Không tiếp nhận; liên hệ cơ quan chứng thực theo số điện thoại hoặc địa chỉ đã biết (không lấy trong tệp) "
    "để đối chiếu số chứng thực.",
    "Do not accept it; ask the certifying body, at a number or address known to you and not taken from the "
    "file, about this certification number.",
)
ISSUE_AGAIN = Words(
    "Không tiếp nhận; đề nghị cơ quan chứng thực cấp lại. Ở nơi cấp: chứng thực lại từ bản chính, không sửa tệp cũ.",
    "Do not accept it; let the certifying body issue the copy again. At that body: certify the original again, "
    "and do not mend the old file.",
)
CHECK_AGAIN_ONLINE = Words(
    "Chưa từ chối: kiểm tra lại trên máy có mạng. Nếu vẫn chưa kết luận được, hỏi cơ quan chứng thực hoặc tổ "
    "chức cấp chứng thư số.",
    "Do not refuse it yet: check again on a machine with a network. If it stays open, ask the certifying body "
    "or the certificate's issuer.",
)
GIVE_TO_TECHNICIANS = Words(
    "Chưa từ chối và chưa tiếp nhận: chuyển tệp cho bộ phận kỹ thuật, trong lúc chờ hãy hỏi cơ quan chứng thực.",
    "Neither refuse nor accept it: pass the file to your technicians, and ask the certifying body meanwhile.",
)
ACCEPT_AS_IT_IS = Words(
    "Kết luận không thay đổi; có thể tiếp nhận nếu bản sao hợp lệ.",
    "The verdict stands; a copy that is valid may be accepted.",
)

# ── developers ───────────────────────────────────────────────────────────────────────────────────
CHECK_THE_TRANSPORT = Words(
    "So document.sha256 của báo cáo với tệp ở nơi cấp; tìm khâu đã ghi lại tệp: cổng tiếp nhận, bộ quét mã "
    "độc, máy chủ thư, phần mềm nén hay thêm chữ chìm. Chuyển tệp nguyên từng byte.",
    "Compare the report's document.sha256 with the file at its issuer; look for the step that rewrites files: "
    "a portal, a malware filter, a mail gateway, a compressor, a watermark. Pass files on byte for byte.",
)
SEND_US_THE_REPORT = Words(
    "Cập nhật ecert và chạy lại; nếu vẫn vậy, báo lỗi kèm mã, data và phiên bản (generator), không kèm tệp có "
    "dữ liệu cá nhân.",
    "Update ecert and run it again; if it stays, report the code, data and version (generator), without a file "
    "that holds personal data.",
)
FIX_THE_ISSUER = Words(
    "Lỗi nằm ở phần mềm tạo bản sao: gửi báo cáo JSON (code, where, data) cho nơi phát triển phần mềm đó. Bản "
    "sao do ecert tạo đã tự kiểm tra trước khi xuất.",
    "The fault lies in the software that made the copy: send its developers the JSON report (code, where, "
    "data). What ecert writes has passed this check before it is handed out.",
)
