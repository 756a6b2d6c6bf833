"""Advice about competence: a registry's bodies, their seal keys and their certifiers."""

from __future__ import annotations

from ecert.model.advice import shared
from ecert.model.advice.shared import Advice
from ecert.model.findings import Words

_LOOK_AT_THE_REGISTRY = Words(
    "Chưa từ chối: hỏi cơ quan ghi trong lời chứng bằng địa chỉ tự tìm, và báo nơi quản lý sổ đăng ký bổ sung "
    "nếu đúng.",
    "Do not refuse it yet: ask the body named in the statement, at an address you found yourself, and have the "
    "registry completed if it is right.",
)
_REGISTRY_FILE = Words(
    "Sổ đăng ký là tệp mà khóa registry của tệp chính sách chỉ đến; where và data nêu người, cơ quan và ngày. "
    "Cập nhật [[body]], [[body.key]] hoặc [[certifier]] với from và to.",
    "The registry is the file that the policy file names under registry; where and data name person, body and "
    "day. Update [[body]], [[body.key]] or [[certifier]], with from and to.",
)

COMPETENCE = {
    "body-not-competent": Advice(
        cause=Words(
            "Cơ quan chưa thành lập, đã giải thể hay sáp nhập, mang tên khác, hoặc loại cơ quan đó không còn "
            "chứng thực (như phòng tư pháp cấp huyện); cũng có thể là giả mạo.",
            "The body did not exist yet or any more, bore another name, or its kind no longer certifies (such "
            "as district justice offices); or it is a forgery.",
        ),
        clerk=shared.REFUSE_AND_ASK_THE_BODY,
        citizen=shared.ASK_THE_BODY,
        developer=_REGISTRY_FILE,
    ),
    "certifier-not-competent": Advice(
        cause=Words(
            "Người ký đã thôi chức, chưa được bổ nhiệm, ủy quyền hết hạn, hoặc chức vụ đó không còn thẩm quyền "
            "(như Phó Chủ tịch khi không có ủy quyền).",
            "The signer had left office or was not appointed yet, a delegation had ended, or the post no "
            "longer certifies by itself (such as a Vice-Chairman without one).",
        ),
        clerk=shared.REFUSE_AND_ASK_THE_BODY,
        citizen=shared.ASK_THE_BODY,
        developer=_REGISTRY_FILE,
    ),
    "seal-key-not-of-body": Advice(
        cause=Words(
            "Dấu của cơ quan khác được dùng thay, khóa cũ được dùng ngoài thời gian của nó, hoặc giả mạo.",
            "Another body's seal was used instead, an old key was used outside its time, or it is a forgery.",
        ),
        clerk=shared.REFUSE_AND_ASK_THE_BODY,
        citizen=shared.ASK_THE_BODY,
        developer=_REGISTRY_FILE,
    ),
    "registry-out-of-date": Advice(
        cause=Words(
            "Sổ đăng ký trên máy này chưa hoặc không còn có hiệu lực cho ngày ký, thường vì chưa tải bản mới.",
            "The registry on this machine does not reach to the day of signing, mostly because the new one was "
            "not fetched.",
        ),
        clerk=Words(
            "Chưa từ chối: báo bộ phận kỹ thuật cập nhật sổ đăng ký rồi kiểm tra lại.",
            "Do not refuse it: have your technicians update the registry and check again.",
        ),
        citizen=shared.ASK_FOR_A_NEW_CHECK,
        developer=Words(
            "So data.day với valid_from và valid_to của tệp sổ đăng ký; thay bằng bản mới.",
            "Compare data.day with valid_from and valid_to of the registry file, and replace it by the new one.",
        ),
    ),
    "body-not-registered": Advice(
        cause=Words(
            "Cơ quan mới thành lập hay đổi tên mà sổ đăng ký chưa ghi, nhiều cơ quan trùng tên, hoặc tên cơ "
            "quan bịa ra.",
            "A new or renamed body that the registry lacks, several bodies of one name, or a body somebody made up.",
        ),
        clerk=_LOOK_AT_THE_REGISTRY,
        citizen=shared.ASK_FOR_A_NEW_CHECK,
        developer=_REGISTRY_FILE,
    ),
    "certifier-not-registered": Advice(
        cause=Words(
            "Người mới được bổ nhiệm hay ủy quyền, hoặc vừa đổi chứng thư số, mà sổ đăng ký chưa ghi; hoặc "
            "không phải là người chứng thực.",
            "Somebody newly appointed, or with a new certificate, whom the registry lacks; or no certifier at all.",
        ),
        clerk=_LOOK_AT_THE_REGISTRY,
        citizen=shared.ASK_FOR_A_NEW_CHECK,
        developer=_REGISTRY_FILE,
    ),
    "seal-key-not-registered": Advice(
        cause=Words(
            "Cơ quan vừa đổi thiết bị hay chứng thư số của dấu mà sổ đăng ký chưa ghi; hoặc dấu giả.",
            "The body has a new token or certificate for its seal that the registry lacks; or the seal is forged.",
        ),
        clerk=_LOOK_AT_THE_REGISTRY,
        citizen=shared.ASK_FOR_A_NEW_CHECK,
        developer=_REGISTRY_FILE,
    ),
    "competence-unproven-time": Advice(
        cause=Words(
            "Ngày ghi trong lời chứng nằm trong thời gian có thẩm quyền, nhưng dấu thời gian chỉ chứng minh "
            "một ngày muộn hơn, khi thẩm quyền đã hết: ký đúng hạn mà đóng dấu thời gian muộn, hoặc ký lùi "
            "ngày.",
            "The stated day lies within the competence, but what is proven is a later day, when it had ended: "
            "signed in time and stamped late, or set back.",
        ),
        clerk=Words(
            "Chưa kết luận được: đối chiếu với sổ chứng thực của cơ quan đó hoặc nơi tiếp quản, hay đề nghị "
            "bản sao mới.",
            "It cannot be decided: compare with the register of that body or its successor, or ask for a new copy.",
        ),
        citizen=shared.ASK_THE_BODY,
        developer=Words(
            "data.day là ngày được chứng minh; khi phát hành, đóng dấu thời gian ngay lúc ký (mức B-T trở lên).",
            "data.day is the proven day; when issuing, have a time-stamp made with the signature (level B-T and up).",
        ),
    ),
}
