"""Advice about a copy's content: its record, statement, pages, persons and format."""

from __future__ import annotations

from ecert.model.advice import shared
from ecert.model.advice.shared import Advice
from ecert.model.findings import Words

CONTENT = {
    "record-missing": Advice(
        cause=Words(
            "Tệp là tài liệu ký số loại khác (sao y, hợp đồng, hóa đơn), bản sao do phần mềm khác tạo, hoặc "
            "tệp đính kèm ecert-record.xml đã mất khi tệp được lưu lại.",
            "The file is another kind of signed document (an office's own copy, a contract, an invoice), a "
            "copy made by other software, or its attachment ecert-record.xml was lost when it was saved again.",
        ),
        clerk=Words(
            "Không tiếp nhận làm bản sao chứng thực dạng này. Nếu là tài liệu ký số loại khác, nhờ bộ phận kỹ "
            "thuật kiểm tra riêng chữ ký.",
            "Do not accept it as a certified copy of this format. If it is another kind of signed document, "
            "have its signatures checked by themselves.",
        ),
        citizen=shared.SEND_THE_FILE,
        developer=Words(
            "Với PDF ký số bất kỳ, dùng --policy signatures: chỉ đánh giá chữ ký, không đòi dữ liệu chứng thực.",
            "For any signed PDF use --policy signatures, which judges the signatures and asks for no record.",
        ),
    ),
    "record-malformed": Advice(
        cause=Words(
            "Cả tệp bị một phần mềm ghi lại (nén, tối ưu, «sửa» PDF); dữ liệu chứng thực do phần mềm khác viết "
            "không đúng lược đồ; hoặc dữ liệu bị sửa.",
            "A program rewrote the whole file (compressed, optimised or repaired it), other software wrote the "
            "record against its schema, or the record was altered.",
        ),
        clerk=shared.REFUSE_AND_ASK_FOR_THE_FILE,
        citizen=shared.SEND_THE_FILE,
        developer=Words(
            "where.path và data.reason nêu mục sai; đối chiếu với lược đồ XSD trong gói và trang record.",
            "where.path and data.reason name the field; hold it against the packaged schema (XSD) and the page "
            "on the record.",
        ),
    ),
    "record-too-new": Advice(
        cause=Words(
            "Bản sao do phiên bản ecert mới hơn tạo, theo định dạng mà phần mềm kiểm tra này chưa biết.",
            "A newer ecert made the copy, in a format that this verifier does not know yet.",
        ),
        clerk=shared.GIVE_TO_TECHNICIANS,
        citizen=shared.ASK_FOR_A_NEW_CHECK,
        developer=Words(
            "Cập nhật ecert; data.version nêu phiên bản của dữ liệu chứng thực.",
            "Update ecert; data.version names the record's version.",
        ),
    ),
    "statement-differs": Advice(
        cause=Words(
            "Lời chứng, hình chữ ký hay hình dấu trên trang bị thay để người đọc thấy khác với dữ liệu đã ký; "
            "hoặc phần mềm khác vẽ trang đó không theo mẫu.",
            "The statement or a stamp on the page was replaced so that people read something else than was "
            "recorded; or other software drew it against the template.",
        ),
        clerk=shared.REFUSE_AND_ASK_THE_BODY,
        citizen=shared.ASK_THE_BODY,
        developer=shared.FIX_THE_ISSUER,
    ),
    "pages-differ": Advice(
        cause=Words(
            "Có trang bị thay, thêm, bớt hoặc đảo thứ tự trước khi ký, hay ảnh quét bị nén lại, xoay, chỉnh "
            "màu sau khi lập dữ liệu chứng thực.",
            "A page was swapped, added, removed or moved before the signature, or a scan was compressed, "
            "turned or recoloured after the record was made.",
        ),
        clerk=shared.REFUSE_AND_ASK_THE_BODY,
        citizen=shared.ASK_THE_BODY,
        developer=Words(
            "where.page và data.what nêu trang; mã băm SHA-256 của từng trang nằm trong dữ liệu chứng thực, ai "
            "cũng tính lại được từ luồng ảnh.",
            "where.page and data.what name the page; each page's SHA-256 stands in the record, and anybody can "
            "compute it from the image stream.",
        ),
    ),
    "certifier-differs": Advice(
        cause=Words(
            "Người khác ký thay người ghi trong lời chứng, ghi sai họ tên, hoặc họ tên trong chứng thư số viết "
            "khác (thiếu dấu, thêm chức danh).",
            "Somebody else signed than the one named, the name was misspelt, or the certificate writes it "
            "differently (without accents, with a title).",
        ),
        clerk=Words(
            "Không tiếp nhận. Ở nơi cấp: lập lại bản sao với họ tên đúng như trong chứng thư số của người ký.",
            "Do not accept it. At the certifying body: make the copy again with the name as the signer's "
            "certificate has it.",
        ),
        citizen=shared.ASK_THE_BODY,
        developer=Words(
            "So data.certificate với data.record; certifier.name trong record.toml phải là CN của chứng thư "
            "số. Hoa thường, khoảng trắng, cách đặt dấu thanh không tính.",
            "Compare data.certificate with data.record; certifier.name in record.toml has to be the "
            "certificate's CN. Case, spaces and the placing of tone marks do not matter.",
        ),
    ),
    "body-differs": Advice(
        cause=Words(
            "Dấu của cơ quan khác, tên cơ quan đã đổi sau sáp nhập mà chứng thư số còn tên cũ, hoặc tên trong "
            "lời chứng viết tắt.",
            "Another body's seal, a name that changed with a merger while the certificate keeps the old one, "
            "or an abbreviated name in the statement.",
        ),
        clerk=Words(
            "Không tiếp nhận khi chưa rõ: hỏi cơ quan ghi trong lời chứng. Ở nơi cấp: dùng đúng chứng thư số "
            "của cơ quan, xin cấp lại nếu tên đã đổi.",
            "Do not accept it unexplained: ask the body named in the statement. At the certifying body: use "
            "its own certificate, and have it issued anew if the name has changed.",
        ),
        citizen=shared.ASK_THE_BODY,
        developer=Words(
            "body.name phải là CN, body.parent (nếu có) là O của chứng thư số; với loại mã định danh mà cả hai bên "
            "cùng có thì phải có mã trùng nhau. Số căn cước không xác định cơ quan. Xem cài đặt names.aliases.",
            "body.name has to be the certificate's CN, body.parent (if given) its O; of a scheme of identifiers that "
            "both have, one must agree. A citizen's number identifies no body. See the setting names.aliases.",
        ),
    ),
    "not-pdfa": Advice(
        cause=Words(
            "Công cụ ký hoặc chỉnh sửa khác đã ghi lại tệp không theo PDF/A (phông không nhúng, đối tượng lạ), "
            "hoặc bản sao do phần mềm khác tạo.",
            "Another tool rewrote the file against PDF/A (a font that is not embedded, foreign objects), or "
            "other software made the copy.",
        ),
        clerk=shared.REFUSE_AND_ASK_FOR_THE_FILE,
        citizen=shared.SEND_THE_FILE,
        developer=Words(
            "data.what và where.object nêu đối tượng; kiểm tra thêm bằng veraPDF. Ký bằng ecert, hoặc bằng "
            "công cụ chỉ thêm bản cập nhật vào trường đã chuẩn bị.",
            "data.what and where.object name the object; veraPDF says more. Sign with ecert, or with a tool "
            "that only appends to the prepared field.",
        ),
    ),
    "body-name-differs": Advice(
        cause=Words(
            "Cơ quan đổi tên sau khi được cấp chứng thư số, tên viết khác trên chứng thư số, hoặc lời chứng ghi tên cơ "
            "quan này với mã định danh của nơi khác để dùng con dấu của nơi đó.",
            "The body was renamed after its certificate was issued, the certificate writes the name otherwise, or the "
            "statement names one body with the identifier of somebody else, to use that one's seal.",
        ),
        clerk=Words(
            "Chưa tiếp nhận: mã định danh do người lập lời chứng ghi. Hỏi cơ quan ghi trong lời chứng; chỉ tiếp nhận "
            "khi cơ quan đó xác nhận con dấu là của mình.",
            "Do not accept it yet: who made the statement chose the identifier. Ask the body it names, and accept the "
            "copy only if that body says that the seal is its own.",
        ),
        citizen=Words(
            "Nếu nơi tiếp nhận không chấp nhận, đề nghị cơ quan chứng thực cấp lại với tên đúng như trên con dấu.",
            "If the receiving desk refuses it, ask the certifying body for a copy with the name on its seal.",
        ),
        developer=Words(
            "data.record là tên trong dữ liệu chứng thực, data.certificate là tên trên chứng thư số. Không còn khi sổ "
            "đăng ký của chính sách ghi rằng cơ quan này có khóa đó, hoặc có mã đó dưới tên đó, vào ngày đó.",
            "data.record is the name in the record, data.certificate that on the certificate. It does not arise where "
            "the policy's registry says that this body had this key, or this identifier under that name, on that day.",
        ),
    ),
    "date-differs": Advice(
        cause=Words(
            "Lập lời chứng hôm trước, hôm sau mới ký; ghi nhầm ngày; hoặc ký lùi ngày.",
            "The statement was made one day and signed on another, the date was mistyped, or it was set back.",
        ),
        clerk=Words(
            "Bản sao vẫn có thể tiếp nhận; ngày đáng tin là ngày của dấu thời gian. Nếu ngày có ý nghĩa với hồ "
            "sơ, hỏi cơ quan chứng thực.",
            "The copy may still be accepted; the time-stamp's day is the one to rely on. Where the day "
            "matters, ask the certifying body.",
        ),
        citizen=Words(
            "Nếu nơi tiếp nhận yêu cầu, đề nghị cơ quan chứng thực cấp lại với ngày đúng.",
            "If the receiving desk insists, ask the certifying body for a copy with the right date.",
        ),
        developer=Words(
            "data.record là ngày ghi, data.signed là ngày ký theo giờ +07:00; lập dự thảo và ký trong cùng một ngày.",
            "data.record is the stated day, data.signed the day of signing in +07:00; prepare and sign on the "
            "same day.",
        ),
    ),
}
