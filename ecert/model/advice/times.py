"""Advice about time: time-stamps, claimed times, ageing algorithms, levels and renewal."""

from __future__ import annotations

from ecert.model.advice import shared
from ecert.model.advice.shared import Advice
from ecert.model.findings import Words

_EXTEND_AT_THE_BODY = Words(
    "Có thể tiếp nhận bản sao hợp lệ. Ở nơi cấp: gia hạn tệp lưu bằng ecert extend và gửi lại cho người giữ.",
    "A valid copy may be accepted. At the certifying body: extend the file in the archive (ecert extend) and "
    "send it to its holder.",
)
_ASK_FOR_THE_EXTENDED_COPY = Words(
    "Bản sao vẫn dùng được; nếu cần giữ lâu, đề nghị cơ quan chứng thực cấp bản đã gia hạn.",
    "The copy can still be used; to keep it for long, ask the certifying body for the extended one.",
)
_RUN_EXTEND = Words(
    "ecert extend --due-within 365d liệt kê và gia hạn; cần [[services.timestamp]] và dịch vụ thu hồi còn trả "
    "lời. proof_until và proof_limit nêu thời hạn và lý do.",
    "ecert extend --due-within 365d lists and extends; it needs [[services.timestamp]] and revocation services "
    "that still answer. proof_until and proof_limit say until when, and why.",
)

_ISSUE_ANEW_OVER_TIME = Words(
    "Chưa kết luận được và kiểm tra lại cũng không đổi: đề nghị cấp bản sao mới, và báo cho cơ quan chứng thực "
    "biết dịch vụ cấp dấu thời gian của họ sai giờ.",
    "It cannot be decided, and checking again will not help: ask for a new copy, and tell the certifying body that "
    "its time-stamping service is wrong about the time.",
)

TIMES = {
    "timestamp-broken": Advice(
        cause=Words(
            "Dấu thời gian được chép từ tệp khác, bị sửa, hoặc dịch vụ cấp dấu thời gian viết sai chuẩn RFC 3161.",
            "The time-stamp was copied from another file or altered, or its service does not keep to RFC 3161.",
        ),
        clerk=shared.ISSUE_AGAIN,
        citizen=shared.ASK_THE_BODY,
        developer=Words(
            "data.reason nêu chỗ sai; thử một dịch vụ khác trong [[services.timestamp]]. Khi ký, ecert từ chối "
            "dấu thời gian sai trước khi ghi vào tệp.",
            "data.reason names the fault; try another service in [[services.timestamp]]. When signing, ecert "
            "refuses a wrong time-stamp before it is written.",
        ),
    ),
    "algorithm-unproven-time": Advice(
        cause=Words(
            "Tài liệu ký từ nhiều năm trước bằng SHA-1 hay khóa ngắn, không được gia hạn bằng dấu thời gian "
            "mới khi thuật toán đó còn được tin cậy.",
            "Signed years ago with SHA-1 or a short key, and not renewed by a new time-stamp while that was "
            "still relied on.",
        ),
        clerk=Words(
            "Chưa kết luận được và kiểm tra lại cũng không đổi: đề nghị bản sao mới hoặc văn bản xác nhận của nơi cấp.",
            "It cannot be decided, and checking again will not help: ask for a new copy or a written "
            "confirmation of its issuer.",
        ),
        citizen=Words("Mang bản chính đi chứng thực lại.", "Have the original certified again."),
        developer=Words(
            "data.algorithm và data.time lấy từ bảng thuật toán có ngày (ETSI TS 119 312); nếu có bản cũ hơn "
            "mang dấu thời gian lưu trữ thì kiểm tra bản đó.",
            "data.algorithm and data.time come from the dated table of algorithms (ETSI TS 119 312); if there "
            "is a file with an archive time-stamp of that time, verify that one.",
        ),
    ),
    "time-not-proven": Advice(
        cause=Words(
            "Bản sao mức B-B, hoặc công cụ ký không được cấu hình dịch vụ cấp dấu thời gian; giờ ký chỉ là giờ "
            "của máy người ký.",
            "A B-B copy, or a signing tool without a time-stamp service; the time is that of the signer's "
            "machine alone.",
        ),
        clerk=Words(
            "Có thể tiếp nhận bản sao hợp lệ; lưu ý sau khi chứng thư số hết hạn hoặc bị thu hồi sẽ không kết "
            "luận được nữa, nên tiếp nhận và kiểm tra ngay.",
            "A valid copy may be accepted, but once its certificates end or are revoked nothing can be decided "
            "any more: check and keep the result now.",
        ),
        citizen=_ASK_FOR_THE_EXTENDED_COPY,
        developer=Words(
            "Khai báo [[services.timestamp]] và dùng mức B-LTA; bản đã cấp được nâng bằng ecert extend --level "
            "B-LTA khi chứng thư số còn hiệu lực.",
            "Name [[services.timestamp]] and use level B-LTA; copies that exist are raised by ecert extend "
            "--level B-LTA while their certificates live.",
        ),
    ),
    "timestamp-not-trusted": Advice(
        cause=Words(
            "Chưa khai báo gốc của tổ chức cấp dấu thời gian (thường khác gốc của người ký), thiếu dữ liệu thu "
            "hồi của tổ chức đó, hoặc tổ chức đó đã hết hạn hay bị thu hồi.",
            "The time-stamping authority's root was not named (often another than the signer's), its "
            "revocation data is missing, or the authority has expired or been revoked.",
        ),
        clerk=Words(
            "Nếu kết luận là hợp lệ thì có thể tiếp nhận; nếu chưa kết luận được, kiểm tra lại trên máy có mạng và "
            "đúng giờ, hoặc báo bộ phận kỹ thuật xem gốc tin cậy cho dấu thời gian.",
            "Accept it if the verdict is valid; if it is open, check again on a machine with a network and the "
            "right time, or have your technicians look at the anchors for time-stamps.",
        ),
        citizen=shared.ASK_FOR_A_NEW_CHECK,
        developer=Words(
            "data.reason nêu lý do. Không dẫn tới gốc: thêm gốc vào thư mục timestamp/ của [trust] paths. Thiếu "
            "dữ liệu thu hồi: --online hoặc --evidence. Muộn hơn thời điểm kiểm tra: đồng bộ giờ (NTP), bỏ hoặc sửa "
            "--at. Đã hết hạn: chạy ecert extend khi còn kịp. timestamps[].counts cho biết dấu nào được tính.",
            "data.reason says why. No path to a root: add the root to the folder timestamp/ of [trust] paths. "
            "Revocation data missing: --online or --evidence. Later than the time of validation: synchronise the "
            "clock (NTP), drop or correct --at. Expired: run ecert extend in good time. timestamps[].counts says "
            "which ones count.",
        ),
    ),
    "archive-status-dated": Advice(
        cause=Words(
            "Bình thường khi kiểm tra không có mạng: dữ liệu trong tệp chỉ nói về tổ chức cấp dấu thời gian "
            "đến kỳ cập nhật kế tiếp sau lần đóng dấu cuối.",
            "Ordinary without the network: the file can only say what was known of the time-stamping authority "
            "until the next update after the last time-stamp.",
        ),
        clerk=Words(
            "Có thể tiếp nhận; nếu quy định của cơ quan đòi tình trạng mới nhất, kiểm tra lại khi có mạng.",
            "It may be accepted; where your rules ask for the newest status, check again with the network.",
        ),
        citizen=shared.NOTHING_TO_DO,
        developer=Words(
            "data.time là thời điểm cuối được biết; --online lấy dữ liệu mới, ecert extend ghi dữ liệu mới vào tệp.",
            "data.time is the last that is known; --online gets newer data, ecert extend writes it into the file.",
        ),
    ),
    "claimed-time-7h-off": Advice(
        cause=Words(
            "Công cụ ký ghi giờ Việt Nam (+07:00) như giờ UTC, hoặc ngược lại; lỗi quen thuộc của một số công "
            "cụ ký trong nước.",
            "The signing tool writes Vietnam's local time (+07:00) as UTC, or the reverse; a known habit of "
            "some domestic tools.",
        ),
        clerk=Words(
            "Có thể tiếp nhận; lấy giờ của dấu thời gian làm giờ ký.",
            "It may be accepted; take the time-stamp's time as the time of signing.",
        ),
        citizen=shared.NOTHING_TO_DO,
        developer=Words(
            "Hiển thị best_signature_time, không hiển thị claimed_time; báo lỗi múi giờ cho nơi phát triển công cụ ký.",
            "Show best_signature_time and not claimed_time; tell the signing tool's developers about the time zone.",
        ),
    ),
    "claimed-time-ahead": Advice(
        cause=Words(
            "Đồng hồ của máy ký chạy nhanh, hoặc người ký ghi giờ muộn hơn; dấu thời gian chứng minh chữ ký đã "
            "có trước giờ tự khai.",
            "The signing machine's clock was fast, or a later time was written; the time-stamp proves that the "
            "signature existed before the time it claims.",
        ),
        clerk=Words(
            "Có thể tiếp nhận; lấy thời điểm được chứng minh. Nếu lệch cả ngày, hỏi cơ quan chứng thực.",
            "It may be accepted; take the proven time. If it is off by days, ask the certifying body.",
        ),
        citizen=shared.NOTHING_TO_DO,
        developer=Words(
            "So claimed_time với best_signature_time; đồng bộ giờ máy ký (NTP).",
            "Compare claimed_time with best_signature_time; synchronise the signing machine's clock (NTP).",
        ),
    ),
    "algorithm-ageing": Advice(
        cause=Words(
            "Thuật toán trong bản sao, chẳng hạn RSA-2048, đã quá mốc mà bảng dự báo coi là còn an toàn; đây "
            "là dự báo, chưa phải là bị phá.",
            "An algorithm of the copy, such as RSA-2048, has passed the date until which it was forecast to be "
            "safe; a forecast, not a break.",
        ),
        clerk=_EXTEND_AT_THE_BODY,
        citizen=_ASK_FOR_THE_EXTENDED_COPY,
        developer=Words(
            "Gia hạn bằng ecert extend với dịch vụ cấp dấu thời gian dùng ECDSA hoặc RSA dài hơn; cập nhật "
            "ecert để có bảng thuật toán mới.",
            "Run ecert extend with a time-stamp service that has ECDSA or longer RSA keys; update ecert for "
            "the newest table of algorithms.",
        ),
    ),
    "level-below-promise": Advice(
        cause=Words(
            "Khi đóng dấu, dịch vụ cấp dấu thời gian hoặc dịch vụ thu hồi không trả lời nên bản sao được đóng "
            "ở mức thấp hơn và chờ gia hạn; hoặc phần gia hạn đã bị cắt khỏi tệp.",
            "A time-stamp or revocation service did not answer when the copy was sealed, so it was sealed "
            "lower and waits to be extended; or what had been added was cut off.",
        ),
        clerk=_EXTEND_AT_THE_BODY,
        citizen=_ASK_FOR_THE_EXTENDED_COPY,
        developer=Words(
            "Chạy ecert extend cho tệp lưu khi dịch vụ hoạt động lại; copy.level là mức đã hứa, "
            "signatures[].level là mức đạt được.",
            "Run ecert extend on the archived file once the services are back; copy.level is the promise, "
            "signatures[].level what was reached.",
        ),
    ),
    "signed-in-the-future": Advice(
        cause=Words(
            "Đồng hồ của máy kiểm tra chậm, hoặc thời điểm --at sớm hơn lúc ký mà dấu thời gian ghi lại.",
            "The verifier's clock is slow, or --at is earlier than the signing that a time-stamp records.",
        ),
        clerk=Words(
            "Xem ngày giờ của máy đang kiểm tra; chỉnh đúng rồi kiểm tra lại.",
            "Look at the date and time of the machine that checks, set them right and check again.",
        ),
        citizen=shared.ASK_FOR_A_NEW_CHECK,
        developer=Words(
            "So validation_time với thời điểm của các dấu thời gian (signatures[].timestamps); đồng bộ giờ "
            "(NTP), bỏ hoặc sửa --at.",
            "Compare validation_time with the time-stamps' times (signatures[].timestamps); synchronise the "
            "clock (NTP), drop or correct --at.",
        ),
    ),
    "evidence-after-time": Advice(
        cause=Words(
            "Kiểm tra cho một thời điểm trong quá khứ (--at), hoặc đồng hồ của máy kiểm tra chậm hơn dịch vụ "
            "đã cấp dữ liệu.",
            "The check is for a moment in the past (--at), or the verifier's clock is behind that of the services.",
        ),
        clerk=Words(
            "Xem ngày giờ của máy kiểm tra; nếu đúng thì không cần làm gì.",
            "Look at the date and time of the machine that checks; if they are right, nothing needs to be done.",
        ),
        citizen=shared.NOTHING_TO_DO,
        developer=Words(
            "So validation_time với giờ thật; bỏ --at nếu muốn tính cả bằng chứng mới.",
            "Compare validation_time with the true time; leave out --at to have newer evidence counted.",
        ),
    ),
    "archive-timestamp-due": Advice(
        cause=Words(
            "Chứng thư số của tổ chức cấp dấu thời gian hoặc một thuật toán trong đó còn chưa tới một năm là "
            "hết hạn; mọi bản lưu lâu năm đều gặp.",
            "The time-stamping authority's certificate, or an algorithm of it, ends within a year; every copy "
            "that is kept for long comes to this.",
        ),
        clerk=_EXTEND_AT_THE_BODY,
        citizen=_ASK_FOR_THE_EXTENDED_COPY,
        developer=_RUN_EXTEND,
    ),
    "timestamps-contradict": Advice(
        cause=Words(
            "Đồng hồ của một dịch vụ cấp dấu thời gian sai nhiều hơn năm phút, hoặc có người dùng được khóa của "
            "một dịch vụ như thế.",
            "The clock of a time-stamping service was wrong by more than five minutes, or somebody could use such a "
            "service's key.",
        ),
        clerk=_ISSUE_ANEW_OVER_TIME,
        citizen=shared.ASK_THE_BODY,
        developer=Words(
            "data.time là giờ ghi trong dấu thời gian của where.field, data.until là lúc dấu bao trùm nó chứng minh; "
            "sai số khai trong dấu (accuracy) đã được tính. Xem signatures[].timestamps, và bỏ dịch vụ sai giờ khỏi "
            "[[services.timestamp]].",
            "data.time is what the time-stamp of where.field says, data.until what the one over it proves; the "
            "accuracy they state is allowed for. See signatures[].timestamps, and take the service whose clock is "
            "wrong out of [[services.timestamp]].",
        ),
    ),
}
