"""What stands on the sample scan: the words of a confirmation that no office ever issued."""

from __future__ import annotations

STATE = ("CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM", "Độc lập - Tự do - Hạnh phúc")
BODY = ("ỦY BAN NHÂN DÂN", "XÃ MẪU - TỈNH MẪU")
NUMBER = "Số: 15/GXN-UBND"
PLACE = "Xã Mẫu, ngày 12 tháng 3 năm 2026"
TITLE = ("GIẤY XÁC NHẬN", "Về việc cư trú và thành phần hộ gia đình")
MARK = "MẪU"
FOOTER = "Giấy tờ mẫu do ecert.testing vẽ ra để thử phần mềm, không có giá trị sử dụng"


def _paragraphs(text: str) -> tuple[str, ...]:
    return tuple(" ".join(each.split()) for each in text.split("\n\n"))


OPENING = _paragraphs("""
Căn cứ Luật Tổ chức chính quyền địa phương; căn cứ sổ theo dõi cư trú đang lưu tại Ủy ban nhân dân
xã Mẫu và kết quả xác minh của công chức tư pháp - hộ tịch;

Xét đơn đề nghị ngày 09 tháng 3 năm 2026 của ông Lê Văn Ví Dụ, sinh ngày 01 tháng 01 năm 1980,
thường trú tại thôn Thử Nghiệm, xã Mẫu, tỉnh Mẫu, Ủy ban nhân dân xã Mẫu xác nhận:

1. Ông Lê Văn Ví Dụ là chủ hộ, hiện đang cư trú ổn định tại địa chỉ nêu trên từ năm 2004 đến nay,
chấp hành đầy đủ chủ trương, chính sách và các quy ước của thôn.

2. Tại thời điểm xác nhận, những người sau đây cùng sinh sống và có tên trong hộ gia đình:
""")

#: Numbered from 3 on, again and again on as many pages as there are.
FACTS = _paragraphs("""
Thửa đất số 00, tờ bản đồ số 00, diện tích 120,5 m² mà hộ đang sử dụng không có tranh chấp, không
thuộc diện quy hoạch, giải tỏa theo hồ sơ địa chính lưu tại xã.

Các thông tin nêu trên được đối chiếu với sổ gốc; mọi sửa chữa, tẩy xóa đều làm cho giấy này mất
giá trị. Người được xác nhận chịu trách nhiệm về những lời khai của mình.

Về quá trình cư trú: từ năm 2004 đến năm 2011, hộ gia đình ở tại khu dân cư số 2; từ năm 2012
chuyển về thôn Thử Nghiệm và đã làm thủ tục điều chỉnh thông tin theo đúng quy định.

Về nghĩa vụ đóng góp: hộ gia đình đã nộp đủ quỹ phòng, chống thiên tai, quỹ đền ơn đáp nghĩa và
tham gia ngày công xây dựng đường liên thôn trong các năm 2023, 2024 và 2025.

Về học tập: hai con của ông Lê Văn Ví Dụ đang theo học tại Trường Tiểu học và Trường Trung học cơ
sở xã Mẫu, được nhà trường đánh giá hoàn thành tốt nhiệm vụ.

Về bảo hiểm y tế: tất cả thành viên trong hộ đều có thẻ còn thời hạn sử dụng; thẻ của bà Trần Thị
Thử do cơ quan bảo hiểm xã hội cấp lại ngày 20 tháng 11 năm 2025.

Những nội dung không được nêu trong giấy này thì thực hiện theo sổ gốc lưu tại Ủy ban nhân dân xã
Mẫu. Khi có thay đổi, chủ hộ có trách nhiệm thông báo trong vòng ba mươi ngày.
""")

(CLOSING,) = _paragraphs("""
Giấy xác nhận này được cấp theo đề nghị của người có tên trên để bổ sung hồ sơ, có giá trị trong
thời hạn sáu tháng kể từ ngày ký và được lập thành hai bản, mỗi bên giữ một bản.
""")

COLUMNS = ("STT", "Họ và tên", "Ngày sinh", "Quan hệ với chủ hộ", "Ghi chú")
WIDTHS = (0.08, 0.31, 0.18, 0.25, 0.18)  # shares of the text's width
ROWS = (
    ("1", "Lê Văn Ví Dụ", "01/01/1980", "Chủ hộ", ""),
    ("2", "Trần Thị Thử", "02/02/1982", "Vợ", ""),
    ("3", "Lê Thị Mẫu Đơn", "03/03/2008", "Con", "Đang đi học"),
    ("4", "Lê Văn Thí Điểm", "04/04/2013", "Con", "Đang đi học"),
    ("5", "Nguyễn Thị Giả Định", "05/05/1951", "Mẹ", ""),
)

RECEIVERS = ("Nơi nhận:", "- Như đề nghị;", "- Lưu: VT, TP-HT.")
OFFICE = ("TM. ỦY BAN NHÂN DÂN", "CHỦ TỊCH")
SIGNATORY = "Nguyễn Văn Mẫu"
