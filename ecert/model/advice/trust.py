"""Advice about certificates: whom the verifier believes, validity, revocation."""

from __future__ import annotations

from ecert.model.advice import shared
from ecert.model.advice.shared import Advice
from ecert.model.findings import Words

_GIVE_THE_ROOT = Words(
    "Chưa từ chối: báo bộ phận kỹ thuật thêm chứng thư số gốc đúng (lấy từ trang chính thức của tổ chức cấp), "
    "rồi kiểm tra lại. Không tin chứng thư số gốc do người nộp gửi kèm.",
    "Do not refuse it yet: have your technicians add the right root certificate, taken from its authority's "
    "own site, and check again. Never trust a root that the applicant sends along.",
)
_ADD_ANCHORS = Words(
    "ecert trust show cho biết đang tin cậy ai; thêm gốc vào [trust] paths hoặc --trust (thư mục signer/, "
    "seal/, timestamp/ cho từng vai trò). Chuỗi thiếu chứng thư số trung gian: --online hoặc --evidence. Xem "
    "signatures[].chain.",
    "ecert trust show says who is trusted; add the root to [trust] paths or --trust (folders signer/, seal/, "
    "timestamp/ for one role each). Where an intermediate is missing: --online or --evidence. See "
    "signatures[].chain.",
)
_REVOCATION_SOURCES = Words(
    "Chạy với --online, hoặc --evidence với thư mục CRL/OCSP; attempts nêu địa chỉ đã hỏi và kết quả. Máy chủ "
    "nội bộ: services.map_hosts, allow_hosts. Khi phát hành, dùng B-LT hoặc B-LTA để dữ liệu nằm sẵn trong "
    "tệp.",
    "Run with --online, or --evidence and a folder of CRLs and OCSP answers; attempts lists who was asked, "
    "with what result. Internal hosts: services.map_hosts, allow_hosts. Issue at B-LT or B-LTA to have the "
    "data in the file.",
)
_NO_PROOF = Words(
    "Không có cách bổ sung bằng chứng về sau. Khi phát hành: khai báo [[services.timestamp]], dùng mức B-LTA, "
    "và chạy ecert extend --due-within 365d định kỳ. Xem best_signature_time và timestamps[].counts.",
    "Proof cannot be made up afterwards. When issuing: name [[services.timestamp]], use level B-LTA and run "
    "ecert extend --due-within 365d regularly. See best_signature_time and timestamps[].counts.",
)
_ISSUE_ANEW = Words(
    "Chưa kết luận được và kiểm tra lại cũng không đổi: đề nghị cấp bản sao mới. Cơ quan chứng thực có thể xác "
    "nhận bằng văn bản theo sổ chứng thực.",
    "It cannot be decided, and checking again will not help: ask for a new copy. The certifying body can "
    "confirm the entry in its register in writing.",
)
_TAKE_A_NEW_COPY = Words(
    "Mang bản chính đi chứng thực lại; bản sao cũ không có bằng chứng về thời điểm ký.",
    "Have the original certified again; the old copy does not prove when it was signed.",
)
_NOT_TRUSTED = Words(
    "Máy kiểm tra chưa có chứng thư số gốc của hệ thống đã cấp (chuyên dùng Chính phủ và công cộng là hai hệ "
    "thống riêng, có nhiều thế hệ gốc), chữ ký thiếu chứng thư số trung gian, hoặc người ký tự tạo chứng thư "
    "số để giả mạo.",
    "The verifier lacks the root of the hierarchy that issued it (the Government's and the public one are "
    "separate, with several generations of roots), the signature brings no intermediate, or a forger made a "
    "certificate himself.",
)

TRUST = {
    "certificate-wrong-usage": Advice(
        cause=Words(
            "Người ký dùng nhầm chứng thư số trên thiết bị (chứng thư số máy chủ, dấu thời gian, hoặc của "
            "chính tổ chức cấp) thay vì chứng thư số ký tài liệu.",
            "The wrong certificate of a token was used (a server's, a time-stamp's, a CA's own) instead of one "
            "for signing documents.",
        ),
        clerk=shared.ISSUE_AGAIN,
        citizen=shared.ASK_THE_BODY,
        developer=Words(
            "data.reason nêu mục đích sử dụng khóa; chọn khóa khác bằng URI pkcs11:…;object=…, hoặc xin cấp "
            "chứng thư số có digitalSignature hay nonRepudiation.",
            "data.reason names the key usage; choose another key by its URI, pkcs11:…;object=…, or have a "
            "certificate issued with digitalSignature or nonRepudiation.",
        ),
    ),
    "revoked-before-signing": Advice(
        cause=Words(
            "Thiết bị ký đã báo mất, người ký đã thôi chức hay cơ quan đã sáp nhập mà vẫn ký, hoặc người khác "
            "dùng thiết bị bị mất.",
            "The token had been reported lost, the signer had left office or the body had been merged, and it "
            "was used all the same; or somebody else used a lost token.",
        ),
        clerk=shared.REFUSE_AND_ASK_THE_BODY,
        citizen=shared.ASK_THE_BODY,
        developer=Words(
            "data.time là lúc thu hồi; chain[].revocation nêu nguồn. Ở nơi cấp: ecert kiểm tra chứng thư số "
            "trước khi ký khi có services và trust.",
            "data.time is when it was revoked, chain[].revocation names the source. When issuing, ecert checks "
            "the certificate before it signs, given services and trust.",
        ),
    ),
    "not-valid-at-signing": Advice(
        cause=Words(
            "Chứng thư số đã hết hạn hoặc chưa tới ngày hiệu lực khi ký: quên gia hạn, đồng hồ máy ký sai, "
            "hoặc ký lùi ngày.",
            "The certificate had expired, or was not yet valid, when it signed: nobody renewed it, the signing "
            "machine's clock was wrong, or the date was set back.",
        ),
        clerk=shared.ISSUE_AGAIN,
        citizen=shared.ASK_THE_BODY,
        developer=Words(
            "So claimed_time, best_signature_time với certificate.not_before và not_after; kiểm tra đồng hồ "
            "máy ký và hạn của chứng thư số.",
            "Compare claimed_time and best_signature_time with certificate.not_before and not_after; look at "
            "the signing machine's clock and the certificate's end.",
        ),
    ),
    "no-anchors": Advice(
        cause=Words(
            "Lệnh kiểm tra chạy mà không khai báo tin cậy ai: ecert không tự tin cậy bất kỳ chứng thư số gốc nào.",
            "The verifier was run without naming anybody to trust: ecert believes no root by itself.",
        ),
        clerk=_GIVE_THE_ROOT,
        citizen=shared.ASK_FOR_A_NEW_CHECK,
        developer=Words(
            "Khai báo --trust, [trust] paths hoặc tham số trust=TrustStore.from_folder(…); tệp cấu hình không "
            "được đọc từ thư mục hiện hành.",
            "Name --trust, [trust] paths, or pass trust=TrustStore.from_folder(…); settings are never read "
            "from the current folder.",
        ),
    ),
    "signer-not-trusted": Advice(
        cause=_NOT_TRUSTED, clerk=_GIVE_THE_ROOT, citizen=shared.ASK_FOR_A_NEW_CHECK, developer=_ADD_ANCHORS
    ),
    "seal-not-trusted": Advice(
        cause=_NOT_TRUSTED, clerk=_GIVE_THE_ROOT, citizen=shared.ASK_FOR_A_NEW_CHECK, developer=_ADD_ANCHORS
    ),
    "signature-not-trusted": Advice(
        cause=_NOT_TRUSTED, clerk=_GIVE_THE_ROOT, citizen=shared.ASK_FOR_A_NEW_CHECK, developer=_ADD_ANCHORS
    ),
    "revocation-missing": Advice(
        cause=Words(
            "Kiểm tra không có mạng một bản sao mức B-B hay B-T, vốn không kèm dữ liệu thu hồi; hoặc dịch vụ "
            "CRL/OCSP không trả lời, địa chỉ ghi trong chứng thư số là máy chủ nội bộ.",
            "A B-B or B-T copy, which carries no revocation data, was checked offline; or the CRL or OCSP "
            "service did not answer, or the certificate names an internal host.",
        ),
        clerk=shared.CHECK_AGAIN_ONLINE,
        citizen=shared.ASK_FOR_A_NEW_CHECK,
        developer=_REVOCATION_SOURCES,
    ),
    "revocation-stale": Advice(
        cause=Words(
            "Dữ liệu thu hồi trong tệp hoặc trong --evidence đã quá hạn cập nhật, thường do bản sao mức thấp "
            "được kiểm tra nhiều ngày sau khi cấp.",
            "The revocation data in the file or under --evidence has passed its next update, mostly because a "
            "copy of a low level is checked days after it was issued.",
        ),
        clerk=shared.CHECK_AGAIN_ONLINE,
        citizen=shared.ASK_FOR_A_NEW_CHECK,
        developer=_REVOCATION_SOURCES,
    ),
    "revocation-unproven-time": Advice(
        cause=Words(
            "Dữ liệu thu hồi có trong tệp, nhưng tổ chức ký dữ liệu đó nay đã hết hạn hoặc bị thu hồi, và bản "
            "sao không có dấu thời gian lưu trữ bao lên dữ liệu.",
            "The revocation data is there, but the authority that signed it has expired or been revoked since, "
            "and no archive time-stamp covers the data.",
        ),
        clerk=_ISSUE_ANEW,
        citizen=_TAKE_A_NEW_COPY,
        developer=_NO_PROOF,
    ),
    "revoked-unproven-time": Advice(
        cause=Words(
            "Chứng thư số bị thu hồi sau này (đổi chức vụ, mất thiết bị, sáp nhập đơn vị) mà chữ ký không có "
            "dấu thời gian được tính, nên không biết ký trước hay sau khi thu hồi.",
            "The certificate was revoked later (a new post, a lost token, a merger) and no time-stamp counts "
            "for the signature, so nobody can tell which came first.",
        ),
        clerk=_ISSUE_ANEW,
        citizen=_TAKE_A_NEW_COPY,
        developer=_NO_PROOF,
    ),
    "expired-unproven-time": Advice(
        cause=Words(
            "Bản sao cũ, ký không có dấu thời gian hoặc dấu thời gian không được tính; chứng thư số hết hạn "
            "theo lẽ thường.",
            "An old copy, signed without a time-stamp or with one that does not count; the certificate ended "
            "in the ordinary way.",
        ),
        clerk=_ISSUE_ANEW,
        citizen=_TAKE_A_NEW_COPY,
        developer=_NO_PROOF,
    ),
    "certificate-suspended": Advice(
        cause=Words(
            "Tổ chức cấp chứng thư tạm dừng chứng thư số theo yêu cầu, ví dụ thiết bị thất lạc, trong lúc xác minh.",
            "The issuer put the certificate on hold on request, for instance while a mislaid token is looked for.",
        ),
        clerk=Words(
            "Chưa tiếp nhận và chưa từ chối: hỏi cơ quan chứng thực, kiểm tra lại khi chứng thư số được khôi "
            "phục hoặc thu hồi hẳn.",
            "Neither accept nor refuse it: ask the certifying body, and check again once the certificate is "
            "reinstated or revoked.",
        ),
        citizen=Words(
            "Chờ hoặc đề nghị cơ quan chứng thực cấp bản sao mới bằng chứng thư số đang có hiệu lực.",
            "Wait, or ask the certifying body for a new copy under a certificate in force.",
        ),
        developer=Words(
            "Dữ liệu thu hồi ghi lý do certificateHold từ data.time; lấy dữ liệu mới bằng --online khi kiểm tra lại.",
            "The revocation data says certificateHold since data.time; get new data with --online when checking again.",
        ),
    ),
    "not-yet-valid": Advice(
        cause=Words(
            "Đồng hồ của máy kiểm tra chậm, thời điểm --at quá sớm, hoặc chứng thư số mới cấp được dùng trước "
            "ngày hiệu lực.",
            "The verifier's clock is slow, --at is too early, or a new certificate was used before its first day.",
        ),
        clerk=Words(
            "Xem ngày giờ của máy đang kiểm tra; chỉnh đúng rồi kiểm tra lại.",
            "Look at the date and time of the machine that checks, set them right and check again.",
        ),
        citizen=shared.ASK_FOR_A_NEW_CHECK,
        developer=Words(
            "So validation_time với certificate.not_before; đồng bộ giờ (NTP), bỏ hoặc sửa --at.",
            "Compare validation_time with certificate.not_before; synchronise the clock (NTP), drop or correct --at.",
        ),
    ),
    "revocation-not-checked": Advice(
        cause=Words(
            "Chính sách kiểm tra được đặt ở mức --revocation if-present và không có dữ liệu thu hồi cho chứng "
            "thư số này.",
            "The verifier was told --revocation if-present, and there is no revocation data for this certificate.",
        ),
        clerk=Words(
            "Bản sao có thể do chứng thư số đã thu hồi ký; với hồ sơ quan trọng, kiểm tra lại khi có mạng.",
            "A revoked certificate may have signed it; for matters of weight check again with the network.",
        ),
        citizen=shared.NOTHING_TO_DO,
        developer=Words(
            'Đặt verify.revocation = "require" (mặc định) và cung cấp dữ liệu bằng --online hoặc --evidence.',
            'Set verify.revocation = "require", the default, and supply the data with --online or --evidence.',
        ),
    ),
    "anchor-is-not-a-ca": Advice(
        cause=Words(
            "Chứng thư số của chính người ký hay con dấu được khai báo làm gốc tin cậy, thường để thử nghiệm "
            "hoặc vì thiếu chuỗi chứng thư số.",
            "The signer's or seal's own certificate was named as an anchor, mostly for a trial or because its "
            "chain was not at hand.",
        ),
        clerk=shared.ACCEPT_AS_IT_IS,
        citizen=shared.NOTHING_TO_DO,
        developer=Words(
            "Chứng thư số này chỉ đại diện cho chính nó và không được kiểm tra thu hồi như khi có nơi cấp; "
            "thay bằng chứng thư số gốc trong [trust] paths.",
            "Such a certificate stands for itself alone, without an issuer who could revoke it; put its root "
            "into [trust] paths instead.",
        ),
    ),
    "trust-stale": Advice(
        cause=Words(
            "Gói tin cậy (.ecb) hoặc danh sách tin cậy trên máy này đã quá hạn cập nhật; nơi phát hành có thể "
            "đã bỏ hoặc thêm tổ chức.",
            "The bundle (.ecb) or trusted list on this machine has passed its next update; its publisher may "
            "have dropped or added authorities.",
        ),
        clerk=Words(
            "Kết luận không thay đổi; báo bộ phận kỹ thuật cập nhật gói tin cậy trong ngày.",
            "The verdict stands; have your technicians bring in the new bundle today.",
        ),
        citizen=shared.NOTHING_TO_DO,
        developer=Words(
            "Thay tệp trong [trust] paths bằng bản mới; ecert trust check kiểm tra trước khi dùng và báo khi "
            "sắp hết hạn.",
            "Replace the file in [trust] paths by the new one; ecert trust check says beforehand whether it "
            "may be used and what is about to end.",
        ),
    ),
    "revocation-older-than-signature": Advice(
        cause=Words(
            "Tổ chức cấp chứng thư chỉ công bố danh sách thu hồi (CRL) theo kỳ, hoặc bản sao được đóng dấu bằng dữ "
            "liệu lấy từ trước; hiếm hơn, người ký dùng khóa vừa bị thu hồi với dữ liệu cũ.",
            "The issuer publishes lists (CRLs) at intervals only, or the copy was sealed with data fetched before; "
            "more rarely, somebody used a key that had just been revoked, with older data.",
        ),
        clerk=Words(
            "Kết luận vẫn đúng theo dữ liệu hiện có; với hồ sơ quan trọng, kiểm tra lại trên máy có mạng (--online) "
            "trước khi tiếp nhận.",
            "The verdict is right by what is at hand; for matters of weight, check again on a machine with a network "
            "(--online) before accepting.",
        ),
        citizen=shared.NOTHING_TO_DO,
        developer=Words(
            "data.gap là khoảng cách giữa data.time (thisUpdate của dữ liệu mới nhất được tính) và data.signed (lúc "
            'ký được chứng minh). --online hỏi lại; [severities] revocation-older-than-signature = "unknown" để '
            "không chấp nhận. Ở nơi cấp: khai báo OCSP trước CRL (services.revocation).",
            "data.gap lies between data.time (thisUpdate of the newest statement that counts) and data.signed (the "
            'proven time of signing). --online asks anew; [severities] revocation-older-than-signature = "unknown" '
            "accepts no such copy. When issuing, ask OCSP before CRLs (services.revocation).",
        ),
    ),
    "evidence-replayed": Advice(
        cause=Words(
            "Lệnh kiểm tra dùng --evidence với thư mục do --evidence-out ghi cho chính tệp này.",
            "The verifier was given --evidence and a folder that --evidence-out wrote for this very file.",
        ),
        clerk=shared.ACCEPT_AS_IT_IS,
        citizen=shared.NOTHING_TO_DO,
        developer=Words(
            'data.time là thời điểm kiểm tra đã lưu; attempts[].told_by = "folder" là việc hỏi của lần đó. Điều gì '
            "trong thư mục nói «bị thu hồi» vẫn được tính, dù không có trong danh sách.",
            'data.time is the time of the validation that was kept; attempts[].told_by = "folder" marks what was '
            "asked then. Whatever else lies in the folder and says revoked counts, listed or not.",
        ),
    ),
}
