"""Advice about the file as a file: its structure, limits, and programs that do not agree on it."""

from __future__ import annotations

from ecert.model.advice import shared
from ecert.model.advice.shared import Advice
from ecert.model.findings import Words

STRUCTURE = {
    "not-a-pdf": Advice(
        cause=Words(
            "Thường là ảnh chụp, tệp Word, tệp nén .zip, trang báo lỗi của cổng dịch vụ được lưu với đuôi "
            ".pdf, hoặc tệp tải về dở dang.",
            "Usually a photograph, a Word file, a .zip, a portal's error page saved as .pdf, or a download "
            "that broke off.",
        ),
        clerk=Words(
            "Không tiếp nhận; hướng dẫn người nộp chọn đúng tệp .pdf của bản sao, không nộp ảnh hay tệp nén.",
            "Do not accept it; have the applicant choose the copy's own .pdf, not a picture or an archive.",
        ),
        citizen=Words(
            "Tải lại bản sao từ nơi cấp và nộp đúng tệp .pdf đó.",
            "Download the copy again from its issuer and hand in that .pdf.",
        ),
        developer=Words(
            "Đọc vài byte đầu của tệp (phải là %PDF-); kiểm tra xem việc tải lên có gửi biểu mẫu HTML, base64 "
            "hay mã lỗi HTTP thay cho nội dung.",
            "Look at the first bytes (they must be %PDF-); see whether the upload passes on an HTML form, "
            "base64 or an HTTP error instead of the content.",
        ),
    ),
    "pdf-damaged": Advice(
        cause=Words(
            "Tệp bị cắt cụt khi tải hay gửi thư, bị một phần mềm «sửa» PDF ghi lại sai, hoặc bị chỉnh sửa bằng "
            "tay để giả mạo.",
            "The file was cut off in a download or mail, rewritten badly by a PDF “repair” tool, or edited by "
            "hand to forge it.",
        ),
        clerk=shared.REFUSE_AND_ASK_FOR_THE_FILE,
        citizen=shared.SEND_THE_FILE,
        developer=Words(
            "Xem data.reason và where.offset để biết chỗ hỏng; trình xem PDF tự sửa lỗi nên vẫn mở được, điều "
            "đó không chứng tỏ tệp nguyên vẹn. So kích thước và document.sha256 với tệp ở nơi cấp.",
            "data.reason and where.offset name the place; that viewers open the file proves nothing, for they "
            "repair. Compare size and document.sha256 with the file at its issuer.",
        ),
    ),
    "encrypted": Advice(
        cause=Words(
            "Có người đặt mật khẩu mở hoặc mật khẩu hạn chế in, sửa cho tệp sau khi nhận, hoặc cổng dịch vụ tự "
            "khóa tệp.",
            "Somebody set a password against opening, printing or editing after the copy was issued, or a "
            "portal locks files by itself.",
        ),
        clerk=Words(
            "Không tiếp nhận và không hỏi mật khẩu; đề nghị người nộp gửi tệp gốc, không đặt mật khẩu.",
            "Do not accept it and do not ask for the password; have the applicant send the file as issued, "
            "without one.",
        ),
        citizen=Words(
            "Nộp tệp gốc không đặt mật khẩu; bỏ mật khẩu khỏi tệp đã khóa không khôi phục được chữ ký số.",
            "Hand in the file as issued, without a password; taking the password off a locked file does not "
            "bring the signatures back.",
        ),
        developer=Words(
            "Không giải mã rồi kiểm tra: việc đó tạo ra một tệp khác. Tắt chức năng khóa PDF trên đường đi của tệp.",
            "Do not decrypt and verify: that makes another file. Switch off whatever locks PDFs on the way.",
        ),
    ),
    "parsers-disagree": Advice(
        cause=Words(
            "Tệp được viết sao cho hai phần mềm thấy hai nội dung khác nhau: dấu hiệu điển hình của giả mạo, "
            "đôi khi do công cụ ghép tệp hoặc phần mềm ghi PDF quá cũ.",
            "The file is written so that two programs see two contents: typical of forgery, sometimes of "
            "merging tools and very old PDF writers.",
        ),
        clerk=shared.REFUSE_AND_ASK_THE_BODY,
        citizen=shared.SEND_THE_FILE,
        developer=Words(
            "Giữ tệp làm chứng cứ; data.reason nêu chỗ mập mờ, where.object hoặc where.offset nêu vị trí. "
            "Không «sửa» tệp rồi kiểm tra lại.",
            "Keep the file as evidence; data.reason names the ambiguity, where.object or where.offset its "
            "place. Do not repair and verify again.",
        ),
    ),
    "saved-anew": Advice(
        cause=Words(
            "Một phần mềm đã mở bản sao rồi ghi lại toàn bộ: nén, xoay hay ghép trang, “in ra PDF”, hoặc lưu "
            "lại khi xem. Các bước ký của cơ quan không còn nằm riêng trong tệp.",
            "A program opened the copy and wrote all of it again: to compress it, to turn or join pages, or when "
            "it was viewed. The office's steps no longer stand one behind the other in the file.",
        ),
        clerk=shared.REFUSE_AND_ASK_FOR_THE_FILE,
        citizen=shared.SEND_THE_FILE,
        developer=shared.CHECK_THE_TRANSPORT,
    ),
    "bytes-unaccounted": Advice(
        cause=Words(
            "Dữ liệu được chèn vào giữa hoặc nối vào cuối tệp: máy chủ thư thêm dòng cuối, công cụ đánh dấu, "
            "tệp ghép, hoặc nội dung giấu để dùng cho việc giả mạo.",
            "Data was put into the file or behind its end: a mail gateway's footer, a marking tool, two files "
            "glued together, or something hidden for a forgery.",
        ),
        clerk=shared.REFUSE_AND_ASK_FOR_THE_FILE,
        citizen=shared.SEND_THE_FILE,
        developer=shared.CHECK_THE_TRANSPORT,
    ),
    "over-limit": Advice(
        cause=Words(
            "Tệp lớn hoặc phức tạp hơn mức phần mềm chịu kiểm tra: bản quét quá nặng, hồ sơ hàng nghìn trang, "
            "hoặc tệp được làm để gây quá tải.",
            "The file is larger or more involved than is judged here: a huge scan, thousands of pages, or a "
            "file made to overload programs.",
        ),
        clerk=Words(
            "Chưa kết luận: hỏi cơ quan chứng thực tệp này có đúng do họ cấp không; nên chia hồ sơ thành nhiều "
            "bản sao ngay khi chứng thực.",
            "Nothing is decided: ask the certifying body whether the file is theirs; long dossiers are better "
            "certified as several copies.",
        ),
        citizen=Words(
            "Không nén hay tách tệp vì sẽ mất chữ ký số; đề nghị nơi cấp làm nhiều bản sao nhỏ hơn.",
            "Do not compress or split the file, which destroys the signatures; ask its issuer for several "
            "smaller copies.",
        ),
        developer=Words(
            "data.what và data.limit nêu giới hạn bị vượt; các giới hạn đếm khối lượng công việc, không phụ "
            "thuộc tốc độ máy. Giới hạn do bạn đặt thấp hơn nằm ở [limits].",
            "data.what and data.limit name the limit; limits count work and do not depend on the machine's "
            "speed. Lower ones of your own stand in [limits].",
        ),
    ),
    "structure-unsupported": Advice(
        cause=Words(
            "Tệp dùng tính năng PDF hiếm gặp hoặc thuật toán ký mà phần mềm không đánh giá; bản sao do ecert "
            "tạo không dùng những thứ đó.",
            "The file uses a rare feature of PDF, or a signature algorithm that is not judged here; copies "
            "made by ecert have neither.",
        ),
        clerk=shared.GIVE_TO_TECHNICIANS,
        citizen=shared.ASK_ANOTHER_DESK,
        developer=Words(
            "data.reason nêu tính năng; với tệp ký không phải bản sao chứng thực, dùng thêm một phần mềm kiểm "
            "tra khác và ghi lại kết luận của nó.",
            "data.reason names the feature; for signed files that are no certified copies ask another verifier "
            "too, and keep its answer.",
        ),
    ),
    "unlisted-object": Advice(
        cause=Words(
            "Một chương trình ghi tệp còn sót dữ liệu cũ, hoặc ai đó giấu một bản khác của nội dung giữa các phần của "
            "tệp.",
            "A program left old data behind when it wrote the file, or somebody hid another version of the content "
            "between its parts.",
        ),
        clerk=Words(
            "Chưa tiếp nhận: đề nghị gửi đúng tệp từ nơi phát hành; nếu vẫn vậy, mở tệp trong hai phần mềm và so sánh.",
            "Do not accept it yet: ask for the file as it was issued; if it stays, open it in two programs and "
            "compare.",
        ),
        citizen=shared.SEND_THE_FILE,
        developer=Words(
            "where.object là số của đối tượng đang dùng, where.offset là chỗ có bản không được liệt kê; phần mềm dựng "
            "lại bảng tham chiếu sẽ lấy bản cuối cùng.",
            "where.object is the number in use, where.offset where the unlisted one stands; readers that rebuild the "
            "table take the last one they find.",
        ),
    ),
    "verifier-fault": Advice(
        cause=Words(
            "Lỗi của chính phần mềm kiểm tra, thường do một tệp được làm hỏng theo cách chưa gặp; không nói "
            "lên điều gì về bản sao.",
            "A fault of the verifier itself, mostly met with files broken in a way not seen before; it says "
            "nothing about the copy.",
        ),
        clerk=shared.GIVE_TO_TECHNICIANS,
        citizen=shared.ASK_ANOTHER_DESK,
        developer=shared.SEND_US_THE_REPORT,
    ),
    "unusual-structure": Advice(
        cause=Words(
            "Phần mềm tạo tệp viết PDF theo cách khác thường: khoảng trống dài, phần đệm sau chữ ký, dữ liệu "
            "lặp trong kho chứng cứ; nội dung được ký không bị ảnh hưởng.",
            "The program that wrote the file has odd habits: long white space, padding behind a signature, "
            "something twice in the evidence store; what was signed is not touched.",
        ),
        clerk=shared.ACCEPT_AS_IT_IS,
        citizen=shared.NOTHING_TO_DO,
        developer=Words(
            "data.what và where.offset nêu chỗ lạ; chỉ cần báo cho nơi phát triển phần mềm ký nếu gặp ở mọi tệp.",
            "data.what and where.offset name the oddity; tell the signing software's developers if every file has it.",
        ),
    ),
    "second-opinion-differs": Advice(
        cause=Words(
            "Một phần mềm đọc khác (pyHanko hoặc pypdf) thấy nội dung, phạm vi ký hay thay đổi khác với ecert: "
            "hoặc tệp được làm để đánh lừa, hoặc một trong hai phần mềm sai.",
            "Another reader (pyHanko or pypdf) sees other content, coverage or changes than ecert: the file is "
            "made to deceive, or one of the two programs errs.",
        ),
        clerk=shared.REFUSE_AND_ASK_THE_BODY,
        citizen=shared.ASK_ANOTHER_DESK,
        developer=Words(
            "data.tool và data.reason nêu chỗ khác nhau; kiểm tra lại không có --cross-check để xem kết luận "
            "riêng của ecert, rồi báo cho nhóm phát triển.",
            "data.tool and data.reason name the difference; verify without --cross-check to see what ecert "
            "says by itself, then tell its developers.",
        ),
    ),
    "second-opinion-unavailable": Advice(
        cause=Words(
            "Phần mềm đối chiếu chưa được cài, dừng lại vì lỗi, hoặc từ chối một tính năng của tệp.",
            "The other program is not installed, broke down, or refuses a feature of the file.",
        ),
        clerk=shared.ACCEPT_AS_IT_IS,
        citizen=shared.NOTHING_TO_DO,
        developer=Words(
            "data.reason nêu lý do; cài phần mềm còn thiếu, hoặc bỏ --cross-check nếu không cần ý kiến thứ hai.",
            "data.reason says why; install what is missing, or leave out --cross-check where no second opinion "
            "is wanted.",
        ),
    ),
}
