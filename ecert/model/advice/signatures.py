"""Advice about what was signed: missing and misplaced signatures, changes, broken values."""

from __future__ import annotations

from ecert.model.advice import shared
from ecert.model.advice.shared import Advice
from ecert.model.findings import Words

_CHANGES = Words(
    "data.what nêu từng thay đổi; signatures[].revision, changes_after và history cho biết phiên bản cập nhật "
    "nào của tệp đã đổi gì. Các byte đến hết signatures[].covers vẫn là bản đã ký.",
    "data.what names each change; signatures[].revision, changes_after and history say which revision of the "
    "file changed what. The bytes that the signature covers are still those that were signed.",
)
_FLATTENED = Words(
    "Tệp được in ra PDF, chụp màn hình, ghép hay nén nên mất chữ ký số, hoặc chỉ có hình chữ ký và hình dấu "
    "dán vào; hình dấu màu đỏ không phải là chữ ký số.",
    "The file was printed to PDF, photographed, merged or compressed and lost its signatures, or it only ever "
    "had pasted pictures; a red picture of a seal is no signature.",
)

SIGNATURES = {
    "changed-after-signer": Advice(
        cause=Words(
            "Giữa lúc ký và lúc đóng dấu, tệp được mở và lưu lại, thêm chú thích, đóng dấu văn bản đến, điền "
            "hay ghép trang; cũng có thể nội dung bị sửa có chủ ý trước khi văn thư đóng dấu.",
            "Between signature and seal the file was opened and saved, annotated, stamped on receipt, filled "
            "in or merged; or its content was altered on purpose before the clerk sealed it.",
        ),
        clerk=Words(
            "Không tiếp nhận. Ở nơi cấp: không đóng dấu tệp này; lấy lại đúng tệp người có thẩm quyền đã ký.",
            "Do not accept it. At the certifying body: do not seal this file; fetch the very file that the "
            "competent person signed.",
        ),
        citizen=shared.ASK_THE_BODY,
        developer=_CHANGES,
    ),
    "changed-after-seal": Advice(
        cause=Words(
            "Sau khi nhận, tệp được ghép với tệp khác, nén, thêm chú thích, điền và ký trong trình xem, ký "
            "thêm bằng công cụ khác, hoặc bị sửa để giả mạo. In ra PDF thì khác: khi đó chữ ký số mất hẳn.",
            "After it was issued the file was merged with another, compressed, annotated, filled in or signed "
            "in a viewer, signed by another tool, or altered to forge it. Printing to PDF is different: it "
            "removes the signatures altogether.",
        ),
        clerk=shared.REFUSE_AND_ASK_FOR_THE_FILE,
        citizen=shared.SEND_THE_FILE,
        developer=_CHANGES,
    ),
    "changed-after-signature": Advice(
        cause=Words(
            "Sau chữ ký này, tệp được sửa, ghép, thêm chú thích hay ký bằng công cụ ghi lại những phần đã ký; "
            "nếu là biểu mẫu, có thể điền quá phạm vi mà người ký cho phép.",
            "After this signature the file was edited, merged, annotated, or signed by a tool that rewrites "
            "what was signed; a form may have been filled in beyond what its signer permits.",
        ),
        clerk=Words(
            "Không tiếp nhận; đề nghị bên ký gửi lại tệp ngay sau khi ký, và ký theo đúng thứ tự đã thỏa thuận.",
            "Do not accept it; ask the signers for the file as it was after signing, and let them sign in the "
            "order agreed.",
        ),
        citizen=Words(
            "Nộp tệp đúng như nhận từ bên ký; không lưu lại từ trình xem.",
            "Hand in the file as you got it from the signers; do not save it from a viewer.",
        ),
        developer=_CHANGES,
    ),
    "undeclared-signature": Advice(
        cause=Words(
            "Trang đã ký được tách ra hay ghép vào tệp khác, nên hình chữ ký còn mà khai báo của chữ ký đã mất; cũng "
            "có thể ai đó chép chữ ký từ tệp khác sang.",
            "Signed pages were taken out of their file or merged into another, which keeps the picture of a signature "
            "and loses its declaration; or somebody copied a signature from another file.",
        ),
        clerk=Words(
            "Chưa tiếp nhận: đề nghị gửi đúng tệp đã ký. Không coi hình chữ ký hiện trên trang là chữ ký số.",
            "Do not accept it yet: ask for the very file that was signed. The picture of a signature on a page is no "
            "signature.",
        ),
        citizen=shared.SEND_THE_FILE,
        developer=Words(
            "Có từ điển /ByteRange và /Contents, hoặc widget chữ ký có /V, đang được dùng mà /AcroForm /Fields không "
            "dẫn tới; where.object là đối tượng đầu tiên, data.count là số lượng.",
            "A dictionary with /ByteRange and /Contents, or a signature widget with /V, is in use and not reached "
            "through /AcroForm /Fields; where.object is the first one, data.count how many there are.",
        ),
    ),
    "field-added-and-signed": Advice(
        cause=Words(
            "Nhiều bên cùng ký một văn bản và bên ký sau đặt chữ ký của mình lên trang; ô mới có thể che một phần nội "
            "dung mà bên trước đã ký.",
            "Several parties sign one document, and a later one places its signature on the page; the new field may "
            "hide a part of what the earlier ones signed.",
        ),
        clerk=Words(
            "Có thể tiếp nhận sau khi xem ô mới có che chữ nào trên trang hay không.",
            "It may be accepted once somebody has looked whether the new field hides anything on the page.",
        ),
        citizen=shared.NOTHING_TO_DO,
        developer=Words(
            "data.left, top, width, height tính bằng mm trên trang như hiển thị; data.signed là phiên bản cập nhật của "
            "người ký đầu tiên. Tạo sẵn mọi ô chữ ký trước khi ký thì không có cảnh báo này.",
            "data.left, top, width, height are in mm on the page as shown; data.signed is the first signer's revision. "
            "Fields that all exist before anybody signs do not cause this warning.",
        ),
    ),
    "field-added-by-another": Advice(
        cause=Words(
            "Một người ký thêm ô chữ ký hiện trên trang sau khi người khác đã ký, và chưa biết người đó là ai hoặc "
            "chứng thư số còn hiệu lực không.",
            "Somebody added a visible signature after others had signed, and it is not known who that is, or whether "
            "the certificate was revoked.",
        ),
        clerk=Words(
            "Chưa kết luận: kiểm tra lại với gốc tin cậy của người ký sau; nếu không có, hỏi người ký đầu tiên.",
            "Do not decide yet: check again with the later signer's root; where there is none, ask the first signer.",
        ),
        citizen=shared.ASK_FOR_A_NEW_CHECK,
        developer=Words(
            "Ô mới có thể vẽ bất cứ gì lên trang, nên chữ ký trong ô phải TOTAL-PASSED; signatures[].sub_indication "
            "cho biết còn thiếu gì.",
            "A new field can paint anything over the page, so its own signature must be TOTAL-PASSED; "
            "signatures[].sub_indication says what is missing.",
        ),
    ),
    "field-covers-page": Advice(
        cause=Words(
            "Người ký sau đặt chữ ký rất lớn, hoặc đặt đè lên chữ ký của người trước; cũng có thể cố ý che nội dung đã "
            "ký.",
            "A later signer placed a very large signature, or placed it over an earlier one; or meant to hide what was "
            "signed.",
        ),
        clerk=Words(
            "Chưa kết luận: so trang đó với bản mà người ký đầu tiên đã thấy, hoặc hỏi người ký đầu tiên.",
            "Do not decide yet: compare the page with what the first signer had before him, or ask him.",
        ),
        citizen=shared.ASK_FOR_A_NEW_CHECK,
        developer=Words(
            "Giới hạn: 12 % diện tích trang cho mỗi người ký sau, 40 % ô của một chữ ký trước; ô có NoZoom, NoRotate "
            "hoặc không xác định được vị trí cũng không được chấp nhận.",
            "The limits are 12 % of a page for each later signer and 40 % of an earlier signature's place; nor are "
            "fields accepted that have NoZoom or NoRotate, or whose place cannot be told.",
        ),
    ),
    "annotation-added": Advice(
        cause=Words(
            "Người ký cho phép chú thích về sau (P=3), và có người đã thêm.",
            "The signer permitted annotations later on (P=3), and somebody added one.",
        ),
        clerk=Words(
            "Có thể tiếp nhận; chú thích không phải là phần được ký xác nhận.",
            "It may be accepted; the signature does not vouch for the annotation.",
        ),
        citizen=shared.NOTHING_TO_DO,
        developer=Words(
            "data.kind là /Subtype; loại có thể vẽ lên trang thì thêm một kết quả chưa kết luận.",
            "data.kind is the /Subtype; a kind that can paint on the page brings a second finding, which is undecided.",
        ),
    ),
    "form-filled-in": Advice(
        cause=Words(
            "Người ký cho phép điền biểu mẫu hoặc ghi chú về sau, và có người đã làm vậy; đó không phải là nội "
            "dung mà chữ ký này xác nhận.",
            "The signer permitted filling in or commenting later on, and somebody did; this signature does not "
            "vouch for what was added.",
        ),
        clerk=Words(
            "Có thể tiếp nhận; chỉ coi phần có trước chữ ký là do người ký xác nhận.",
            "It may be accepted; take only what stood there before the signature as vouched for by its signer.",
        ),
        citizen=shared.NOTHING_TO_DO,
        developer=Words(
            "data.what nêu trường nào được điền, với giá trị gì; dùng DocMDP P=1 khi ký nếu không muốn cho phép. "
            "Bản sao chứng thực không có cảnh báo này.",
            "data.what names the field that was filled in, and its value; sign with DocMDP P=1 where that is "
            "not wanted. Certified copies never have this warning.",
        ),
    ),
    "unsigned": Advice(
        cause=_FLATTENED,
        clerk=Words(
            "Không tiếp nhận làm bản sao chứng thực điện tử, dù trông thấy hình dấu; yêu cầu tệp gốc có chữ ký "
            "số. Ở nơi cấp: đây là dự thảo, cần ký rồi đóng dấu.",
            "Do not accept it as an electronic certified copy, whatever seal is seen; ask for the file with "
            "the signatures. At the certifying body: this is a draft, to be signed and then sealed.",
        ),
        citizen=shared.SEND_THE_FILE,
        developer=Words(
            "Tìm khâu tạo lại PDF (in, chuyển ảnh, ghép, tối ưu) và bỏ khâu đó; ecert inspect cho biết tệp còn "
            "những gì.",
            "Look for the step that makes a new PDF (printing, rasterising, merging, optimising) and remove "
            "it; ecert inspect says what the file still holds.",
        ),
    ),
    "signer-missing": Advice(
        cause=Words(
            "Bản sao mới ở giữa quy trình, hoặc văn thư đóng dấu mà bỏ qua người có thẩm quyền, hoặc chữ ký đã bị gỡ.",
            "The copy is only half made, or the clerk sealed without the competent person, or the signature "
            "was taken out.",
        ),
        clerk=Words(
            "Không tiếp nhận. Ở nơi cấp: trình người có thẩm quyền ký bản dự thảo, rồi mới đóng dấu.",
            "Do not accept it. At the certifying body: have the competent person sign the draft, and seal only then.",
        ),
        citizen=shared.ASK_THE_BODY,
        developer=Words(
            "Dùng ecert sign cho draft.pdf trước ecert seal; trường «Signer» phải được ký bằng khóa của cá nhân.",
            "Run ecert sign on draft.pdf before ecert seal; the field “Signer” takes a person's key.",
        ),
    ),
    "seal-missing": Advice(
        cause=Words(
            "Bản sao được gửi đi ngay sau khi lãnh đạo ký, chưa qua văn thư; hoặc bị cắt lui về bản trước khi "
            "đóng dấu.",
            "The copy was sent out right after the signature, before the clerk had sealed it; or it was cut "
            "back to that state.",
        ),
        clerk=Words(
            "Không tiếp nhận. Ở nơi cấp: văn thư đóng dấu đúng tệp đã ký này, không cần ký lại.",
            "Do not accept it. At the certifying body: the clerk seals this signed file; it need not be signed again.",
        ),
        citizen=Words(
            "Liên hệ cơ quan chứng thực để nhận bản đã đóng dấu.", "Ask the certifying body for the sealed copy."
        ),
        developer=Words(
            "Dùng ecert seal cho tệp đã ký; chỉ phát hành tệp mà lệnh này hoặc CertifiedCopy trả về.",
            "Run ecert seal on the signed file; hand out only what that command or CertifiedCopy returns.",
        ),
    ),
    "seal-before-signer": Advice(
        cause=Words(
            "Văn thư đóng dấu trước, lãnh đạo ký sau, thường do dùng công cụ ký chung không kiểm soát thứ tự; "
            "hoặc cả tệp bị ghi lại thành một phiên bản nên không còn thứ tự (khi đó có thêm "
            "signature-malformed).",
            "The clerk sealed first and the competent person signed later, usual with general signing tools "
            "that keep no order; or the whole file was rewritten as one revision, which has no order "
            "(signature-malformed then stands beside it).",
        ),
        clerk=Words(
            "Không tiếp nhận; yêu cầu tệp gốc từ nơi cấp. Nếu tệp gốc cũng vậy, cơ quan chứng thực phải cấp "
            "lại từ bản chính.",
            "Do not accept it; ask for the file as it was issued. If that is the same, the body has to certify "
            "the original again.",
        ),
        citizen=shared.SEND_THE_FILE,
        developer=Words(
            "Thứ tự nằm trong các phiên bản cập nhật của tệp (signatures[].revision); không thể đổi, phải làm "
            "lại từ dự thảo bằng ecert sign rồi ecert seal.",
            "The order is that of the file's revisions (signatures[].revision); it cannot be changed, so start "
            "again from the draft: ecert sign, then ecert seal.",
        ),
    ),
    "extra-signature": Advice(
        cause=Words(
            "Có người ký thêm vào bản sao đã cấp, ví dụ người nộp hồ sơ ký «xác nhận đã nộp», hoặc cơ quan "
            "đóng dấu hai lần.",
            "Somebody signed a copy that was already issued, such as an applicant confirming a submission, or "
            "the body sealed twice.",
        ),
        clerk=Words(
            "Không tiếp nhận; yêu cầu bản chưa ký thêm. Nếu cần người nộp ký, ký vào tờ khai, không ký vào bản sao.",
            "Do not accept it; ask for the copy without the addition. An applicant signs the application, not "
            "the copy.",
        ),
        citizen=shared.SEND_THE_FILE,
        developer=Words(
            "where.field nêu chữ ký thừa; không cho cổng dịch vụ ký hay đóng dấu thời gian vào bản sao đã hoàn "
            "tất. Dấu thời gian lưu trữ thì dùng ecert extend.",
            "where.field names the addition; let no portal sign a finished copy. Archive time-stamps are added "
            "by ecert extend.",
        ),
    ),
    "same-key-twice": Advice(
        cause=Words(
            "Một thiết bị ký được dùng cho cả hai bước: lãnh đạo giữ luôn dấu, hoặc cấu hình trỏ hai khóa vào "
            "cùng một thiết bị.",
            "One token served for both steps: the competent person also seals, or the settings name one key twice.",
        ),
        clerk=shared.ISSUE_AGAIN,
        citizen=shared.ASK_THE_BODY,
        developer=Words(
            "Đặt keys.signer.uri và keys.seal.uri là hai khóa khác nhau, mỗi khóa có chứng thư số riêng.",
            "Let keys.signer.uri and keys.seal.uri name two keys, each with a certificate of its own.",
        ),
    ),
    "signature-broken": Advice(
        cause=Words(
            "Nội dung được ký đã đổi, dù chỉ một byte: tải lỗi, chuyển đổi xuống dòng, tệp bị ghi đè, hoặc bị "
            "sửa để giả mạo.",
            "What was signed has changed, if only by one byte: a faulty transfer, converted line ends, a file "
            "written over, or a forgery.",
        ),
        clerk=shared.REFUSE_AND_ASK_FOR_THE_FILE,
        citizen=shared.SEND_THE_FILE,
        developer=shared.CHECK_THE_TRANSPORT,
    ),
    "signature-malformed": Advice(
        cause=Words(
            "Cả tệp bị một phần mềm ghi lại (lưu thành tệp mới, nén, «sửa» PDF), nên chữ ký không còn đúng "
            "chỗ; hoặc công cụ ký không theo chuẩn PAdES (thiếu thuộc tính, sai vùng byte, thuật toán lạ); "
            "hoặc chữ ký bị can thiệp.",
            "A program rewrote the whole file (saved as new, compressed, repaired), so the signatures no "
            "longer stand where they did; or the signing tool does not keep to PAdES (a missing attribute, a "
            "wrong byte range, an odd algorithm); or somebody tampered with it.",
        ),
        clerk=shared.REFUSE_AND_ASK_FOR_THE_FILE,
        citizen=shared.SEND_THE_FILE,
        developer=Words(
            "data.reason nêu chỗ sai; nếu ký bằng công cụ ngoài, kiểm tra cấu hình PAdES (ETSI.CAdES.detached, "
            "signing-certificate, DER rồi đến các byte 0).",
            "data.reason names the fault; where an outside tool signs, see that it is set to PAdES "
            "(ETSI.CAdES.detached, signing-certificate, DER and then zeros).",
        ),
    ),
    "algorithm-too-weak": Advice(
        cause=Words(
            "Thiết bị hay phần mềm ký cũ còn dùng SHA-1 hoặc khóa RSA ngắn hơn 2048 bit.",
            "An old token or signing program still uses SHA-1, or an RSA key below 2048 bits.",
        ),
        clerk=shared.ISSUE_AGAIN,
        citizen=shared.ASK_THE_BODY,
        developer=Words(
            "signatures[].algorithms nêu thuật toán; đổi thiết bị hoặc chứng thư số, đặt keys.*.algorithm = "
            '"auto". Không có tùy chọn nào để chấp nhận thuật toán yếu.',
            "signatures[].algorithms names them; replace token or certificate and set keys.*.algorithm = "
            '"auto". No option accepts a weak algorithm.',
        ),
    ),
    "appearance-not-proven": Advice(
        cause=Words(
            "Biểu mẫu được điền sau khi ký bằng phần mềm vẽ ô theo cách riêng: phông chữ nhúng (mọi chữ tiếng Việt "
            "có dấu đều cần), ô nhiều lựa chọn, chữ quá nhỏ hay tràn khung; hoặc có thêm chú thích vẽ lên trang. Cũng "
            "có thể có người cố ý để ô hiển thị một đằng, giá trị một nẻo.",
            "The form was filled in after signing by software that draws fields in its own way: with an embedded "
            "font, as Vietnamese letters need, a list box, text too small or too long; or an annotation was added "
            "that paints. Or somebody wants a field to show one thing and to say another.",
        ),
        clerk=Words(
            "Chưa tiếp nhận; đề nghị các bên điền xong rồi mới ký, hoặc cùng ký lại bản đã điền.",
            "Do not accept it yet; ask the parties to fill in first and sign then, or all to sign what is filled in.",
        ),
        citizen=Words(
            "Điền đủ biểu mẫu trước khi ký, rồi nộp tệp vừa ký xong.",
            "Fill in the form before it is signed, and hand in the file as it was after signing.",
        ),
        developer=Words(
            "data.what nêu trường và lý do. Chấp nhận được: một phông chuẩn không nhúng, mỗi dòng một chuỗi, đúng "
            "giá trị của trường; hoặc làm phẳng (flatten) biểu mẫu trước khi ký.",
            "data.what names the field and why. What is accepted: one standard font that is not embedded, a string "
            "for each line, together the field's value; or flatten the form before it is signed.",
        ),
    ),
}
