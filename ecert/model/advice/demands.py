"""Advice about what an office's policy asks beyond the format."""

from __future__ import annotations

from ecert.model.advice import shared
from ecert.model.advice.shared import Advice
from ecert.model.findings import Words

_ASK_FOR_WHAT_IS_ACCEPTED = Words(
    "Hỏi nơi tiếp nhận cần bản sao thế nào, rồi đề nghị cơ quan chứng thực cấp đúng như vậy; bản sao có thể "
    "vẫn hợp lệ ở nơi khác.",
    "Ask the receiving desk what it accepts, and the certifying body for a copy like that; the copy may still "
    "be valid elsewhere.",
)
_OUR_RULE = Words(
    "Đây là yêu cầu riêng của nơi tiếp nhận, không phải lỗi của bản sao: giải thích cho người nộp yêu cầu nào "
    "chưa đạt và đề nghị bản sao khác.",
    "This is your own office's demand and no fault of the copy: tell the applicant which one it misses, and "
    "ask for another copy.",
)
_POLICY_FILE = Words(
    "Yêu cầu nằm trong tệp chính sách (policy.id, policy.settings của báo cáo): sửa tệp đó nếu đặt quá chặt, "
    "hoặc dùng --policy certified-copy.",
    "The demand stands in the policy file (policy.id, policy.settings of the report): change that file if it "
    "asks too much, or use --policy certified-copy.",
)
_SIGN_IN_FULL = Words(
    "Không tiếp nhận; chuyển lại để những người còn thiếu ký, đúng trường và đúng thứ tự đã nêu.",
    "Do not accept it; return it to be signed by those who are missing, in the fields and the order named.",
)
_HAND_IN_THE_FULL_ONE = Words(
    "Đề nghị bên lập tài liệu gửi bản đã ký đủ; không tự ký thay hay ký thêm vào trường khác.",
    "Ask whoever drew up the document for the one that is signed in full; do not sign another field instead.",
)
DEMANDS = {
    "level-too-low": Advice(
        cause=Words(
            "Nơi tiếp nhận đòi mức cao hơn mức của bản sao, thường là B-LTA, trong khi bản sao được cấp ở mức "
            "B-B hoặc B-T vì không có dịch vụ cấp dấu thời gian.",
            "The receiver asks for a higher level, mostly B-LTA, and the copy was issued at B-B or B-T for "
            "want of a time-stamp service.",
        ),
        clerk=_OUR_RULE,
        citizen=_ASK_FOR_WHAT_IS_ACCEPTED,
        developer=Words(
            "ecert extend --level B-LTA nâng mức khi chứng thư số còn hiệu lực; yêu cầu nằm ở require.level "
            "của tệp chính sách.",
            "ecert extend --level B-LTA raises it while the certificates live; the demand is the policy file's "
            "require.level.",
        ),
    ),
    "archive-timestamp-missing": Advice(
        cause=Words(
            "Bản sao chưa được đóng dấu thời gian lưu trữ (mức dưới B-LTA), hoặc dấu đó đã bị cắt khỏi cuối tệp.",
            "The copy has not had an archive time-stamp (it is below B-LTA), or that was cut off the file's end.",
        ),
        clerk=_OUR_RULE,
        citizen=_ASK_FOR_WHAT_IS_ACCEPTED,
        developer=Words(
            "Chạy ecert extend --level B-LTA; yêu cầu nằm ở require.archive_timestamp của tệp chính sách.",
            "Run ecert extend --level B-LTA; the demand is the policy file's require.archive_timestamp.",
        ),
    ),
    "too-few-signatures": Advice(
        cause=Words(
            "Tài liệu được gửi đi khi chưa ký đủ, hoặc gửi nhầm bản giữa quy trình.",
            "The document was sent before everybody had signed, or the wrong version of it.",
        ),
        clerk=_SIGN_IN_FULL,
        citizen=_HAND_IN_THE_FULL_ONE,
        developer=_POLICY_FILE,
    ),
    "field-unsigned": Advice(
        cause=Words(
            "Người được chờ ký chưa ký, ký vào trường khác, hoặc công cụ ký tự tạo trường mới.",
            "The person awaited has not signed, signed another field, or the tool made a field of its own.",
        ),
        clerk=_SIGN_IN_FULL,
        citizen=_HAND_IN_THE_FULL_ONE,
        developer=Words(
            "So data.name với signatures[].field; đặt công cụ ký dùng trường có sẵn. Yêu cầu nằm ở "
            "require.fields của tệp chính sách.",
            "Compare data.name with signatures[].field; let the signing tool use the field that is there. The "
            "demand is the policy file's require.fields.",
        ),
    ),
    "signatures-out-of-order": Advice(
        cause=Words(
            "Có người ký trước lượt của mình, thường khi tài liệu được gửi đồng thời cho nhiều người.",
            "Somebody signed before their turn, mostly because the document went to several people at once.",
        ),
        clerk=Words(
            "Không tiếp nhận; đề nghị lập lại và ký lần lượt, vì thứ tự không thể sửa sau khi ký.",
            "Do not accept it; have it drawn up anew and signed in turn, for the order cannot be mended afterwards.",
        ),
        citizen=_HAND_IN_THE_FULL_ONE,
        developer=_POLICY_FILE,
    ),
    "profile-not-accepted": Advice(
        cause=Words(
            "Bản sao được lập theo bộ quy tắc khác (ví dụ bản tiếng Anh hoặc quy định cũ) mà nơi tiếp nhận không nhận.",
            "The copy was made under another profile, such as the English one or that of older rules, which "
            "this receiver does not take.",
        ),
        clerk=_OUR_RULE,
        citizen=_ASK_FOR_WHAT_IS_ACCEPTED,
        developer=_POLICY_FILE,
    ),
    "algorithm-not-permitted": Advice(
        cause=Words(
            "Chính sách chỉ cho phép một số thuật toán hoặc độ dài khóa, còn chữ ký hay một chứng thư số trong "
            "chuỗi dùng loại khác.",
            "The policy permits certain algorithms and key sizes alone, and the signature or a certificate "
            "above it uses another.",
        ),
        clerk=_OUR_RULE,
        citizen=_ASK_FOR_WHAT_IS_ACCEPTED,
        developer=Words(
            "So data.algorithm với mục [algorithms] của tệp chính sách.",
            "Compare data.algorithm with the policy file's table [algorithms].",
        ),
    ),
    "sealed-too-late": Advice(
        cause=Words(
            "Văn thư đóng dấu nhiều ngày sau khi lãnh đạo ký: tồn đọng, văn thư vắng, hoặc tệp đã ký được đem "
            "dùng lại.",
            "The clerk sealed days after the signature: a backlog, an absence, or a signed file that was used again.",
        ),
        clerk=Words(
            "Hỏi cơ quan chứng thực lý do chậm; theo quy định của nơi tiếp nhận thì không nhận bản này.",
            "Ask the certifying body why; by your own rule this copy is not taken.",
        ),
        citizen=_ASK_FOR_WHAT_IS_ACCEPTED,
        developer=Words(
            "data.count và data.limit tính bằng ngày giữa hai thời điểm được chứng minh; giới hạn là "
            "ages.seal_days của tệp chính sách.",
            "data.count and data.limit are days between the two proven times; the limit is the policy file's "
            "ages.seal_days.",
        ),
    ),
    "copy-too-old": Advice(
        cause=Words(
            "Nơi tiếp nhận chỉ nhận bản sao mới; bản sao chứng thực tự nó không có thời hạn.",
            "The receiver takes recent copies alone; a certified copy by itself has no expiry.",
        ),
        clerk=Words(
            "Chỉ từ chối nếu thủ tục có quy định thời hạn của bản sao; nếu không, báo bộ phận kỹ thuật bỏ giới "
            "hạn này.",
            "Refuse it only where your procedure sets an age for copies; otherwise have this limit removed.",
        ),
        citizen=Words(
            "Mang bản chính đi chứng thực lại, hoặc hỏi nơi tiếp nhận căn cứ của thời hạn.",
            "Have the original certified again, or ask the receiving desk what the limit rests on.",
        ),
        developer=Words(
            "Giới hạn là ages.copy_days của tệp chính sách; tính từ ngày chứng thực hoặc ngày được chứng minh sớm hơn.",
            "The limit is the policy file's ages.copy_days, counted from the day of certification or an "
            "earlier proven one.",
        ),
    ),
    "demand-unproven": Advice(
        cause=Words(
            "Điều chính sách đòi hỏi (mức, dấu thời gian, khoảng cách giữa ký và đóng dấu) có trong tệp nhưng "
            "chưa chứng minh được, thường vì chưa khai báo gốc của tổ chức cấp dấu thời gian.",
            "What the policy asks for (a level, a time-stamp, the time between signature and seal) is there "
            "but not proven, mostly because the time-stamping authority's root was not named.",
        ),
        clerk=shared.CHECK_AGAIN_ONLINE,
        citizen=shared.ASK_FOR_A_NEW_CHECK,
        developer=Words(
            "Xử lý các phát hiện timestamp-not-trusted và revocation-… đứng cạnh; thêm gốc vào thư mục "
            "timestamp/ của [trust] paths.",
            "See to the findings timestamp-not-trusted and revocation-… beside it; add the root to the folder "
            "timestamp/ of [trust] paths.",
        ),
    ),
    "revocation-too-old": Advice(
        cause=Words(
            "Dữ liệu thu hồi còn hạn nhưng được lập lâu trước khi ký; nhiều tổ chức chỉ phát hành CRL mỗi tuần "
            "hoặc mỗi tháng.",
            "The revocation data is still in force but was issued long before the signature; many authorities "
            "publish a CRL once a week or month.",
        ),
        clerk=shared.CHECK_AGAIN_ONLINE,
        citizen=shared.ASK_FOR_A_NEW_CHECK,
        developer=Words(
            "Giới hạn là ages.revocation_days của tệp chính sách; ưu tiên OCSP (services.revocation) khi phát "
            "hành, hoặc kiểm tra với --online.",
            "The limit is the policy file's ages.revocation_days; prefer OCSP (services.revocation) when "
            "issuing, or verify with --online.",
        ),
    ),
}
