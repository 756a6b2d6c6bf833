"""What findings say in their data, in Vietnamese.

A finding's ``reason`` and ``what`` are English phrases, said where the fault is found and stable in
a report's ``data``. This table turns them into Vietnamese for the sentences that people read.
``{name}`` stands for what differs from case to case and is kept; ``{reason}`` and ``{part}`` stand
for phrases, which have rows of their own. Times and days are told as offices tell them. What has no row
is data, such as a name, and stays as it is.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import datetime
from functools import cache
from typing import Any

from ecert.model.times import office_time

MAX_PHRASE = 1000  # characters: what is longer quotes the document at length and stays as it is
_MAX_NESTING = 3  # phrases within phrases
_IN_WORDS = ("reason", "what", "version", "gap")  # the data of a finding that is a phrase
_NESTED = ("reason", "part")
_FIELDS = ("field", "name")  # a form field's name, which may be one of the two of a copy
_FIELD_NAMES = {"Signer": "Người ký (Signer)", "Seal": "Dấu (Seal)"}
_TIMES = ("time", "signed", "day", "record", "since", "until")
_TIME = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ")
_DAY = re.compile(r"\d{4}-\d\d-\d\d")
_PATTERNS = {"path": r"[a-z0-9_.\[\]]+"}  # a field of the record, such as original.pages

#: English → Vietnamese, by the module that says it
PHRASES: Mapping[str, str] = {
    # ── formats/pdf: the strict reader ───────────────────────────────────────────────────────────
    # document
    "no PDF header": "không có phần đầu của PDF",
    "the file does not begin with a PDF header": "tệp không bắt đầu bằng phần đầu của PDF",
    "the trailer names an encryption dictionary": "phần cuối tệp (trailer) khai báo mã hóa",
    "the file has no end mark": "tệp không có dấu kết thúc (%%EOF)",
    "the file's end mark is malformed": "dấu kết thúc tệp (%%EOF) viết sai",
    "a cross-reference offset ({offset}) lies outside the file": "vị trí của một bảng tham chiếu chéo ({offset}) nằm ngoài tệp",
    "the cross-reference sections form a loop": "các bảng tham chiếu chéo dẫn vòng về nhau",
    "a revision has no end mark": "một phiên bản cập nhật không có dấu kết thúc (%%EOF)",
    "a revision's startxref names another section": "startxref của một phiên bản cập nhật chỉ đến bảng tham chiếu chéo khác",
    "the revisions overlap": "các phiên bản cập nhật chồng lên nhau",
    "revisions": "số phiên bản cập nhật",
    "objects": "số đối tượng",
    "object {number} is listed outside its revision": "đối tượng {number} được khai ở vị trí nằm ngoài phiên bản cập nhật của nó",
    "object {number} is listed twice": "đối tượng {number} được khai hai lần",
    "object {number} differs for older readers": "đối tượng {number} sẽ khác đi trong các phần mềm đọc đời cũ",
    "a trailer has no /Size": "phần cuối tệp (trailer) không có /Size",
    "object {number} lies beyond the trailer's /Size {size}": "đối tượng {number} vượt quá /Size {size} ghi ở phần cuối tệp (trailer)",
    "a name holds a # that escapes nothing": "một tên (name) có dấu # không phải là mã thoát",
    "object {number} holds what readers in need take for objects": "đối tượng {number} chứa nội dung mà phần mềm đọc, khi gặp khó, sẽ tưởng là các đối tượng",
    "the trailer holds what readers in need take for objects": "phần trailer chứa nội dung mà phần mềm đọc, khi gặp khó, sẽ tưởng là các đối tượng",
    "a cross-reference stream calls itself object {number}": "bảng tham chiếu chéo tự nhận là đối tượng {number}",
    "a structural stream has the foreign key /{key}": "một luồng dữ liệu cấu trúc có mục lạ /{key}",
    "a trailer writes a letter of a name as an escape": "phần trailer viết một chữ cái trong tên (name) ở dạng mã thoát",
    "object 0 is listed as in use": "đối tượng số 0 được khai là đang dùng",
    "a cross-reference row has the type {number}": "một dòng của bảng tham chiếu chéo có loại {number}, không ai định nghĩa",
    "a cross-reference row names {number}": "một dòng của bảng tham chiếu chéo nêu số {number}, vượt quá mức các phần mềm đọc chấp nhận",
    "object {number} stood in an object stream that was replaced": "đối tượng {number} từng nằm trong một luồng đối tượng đã bị thay thế",
    "a stream's /Filter and /DecodeParms do not match": "/Filter và /DecodeParms của một luồng dữ liệu không khớp nhau",
    "a predictor's parameters are no whole numbers": "tham số của bộ dự đoán (predictor) không phải là số nguyên",
    "object {number} lies beyond what readers take": "đối tượng {number} có số vượt quá mức các phần mềm đọc chấp nhận",
    "object {number} does not stand where it is listed": "đối tượng {number} không nằm ở vị trí đã khai",
    "a stream's length leads nowhere": "độ dài của một luồng dữ liệu không dẫn tới đâu",
    "a stream has no length": "một luồng dữ liệu không ghi độ dài",
    "an object stream of an earlier revision is used again": "luồng đối tượng của phiên bản cập nhật trước được dùng lại",
    "object {number} is not an object stream": "đối tượng {number} không phải là luồng đối tượng",
    "an object stream lacks /N or /First": "một luồng đối tượng thiếu /N hoặc /First",
    "an object stream's /Extends is malformed": "/Extends của một luồng đối tượng viết sai",
    "an object stream holds a number twice": "một luồng đối tượng chứa hai đối tượng trùng số",
    "object {number} is not where its object stream says": "đối tượng {number} không nằm ở vị trí mà luồng đối tượng ghi",
    "an object stream's offset lies outside it": "một vị trí ghi trong luồng đối tượng nằm ngoài luồng đó",
    "an object stream's member does not end at the next": "một đối tượng trong luồng đối tượng không kết thúc ở chỗ đối tượng kế tiếp bắt đầu",
    "objects overlap": "các đối tượng chồng lên nhau",
    "references lead to references": "tham chiếu dẫn tới tham chiếu khác quá nhiều lần",
    "the page tree is malformed": "cây trang (page tree) sai cấu trúc",
    "the page tree leads nowhere": "cây trang (page tree) không dẫn tới trang nào",
    # xref
    "no cross-reference section stands where one is announced": "không có bảng tham chiếu chéo ở vị trí đã khai",
    "a cross-reference entry is malformed": "một dòng của bảng tham chiếu chéo viết sai",
    "the trailer is not a dictionary": "phần cuối tệp (trailer) không phải là một từ điển (dictionary)",
    "/XRefStm points outside the file": "/XRefStm chỉ ra ngoài tệp",
    "a cross-reference stream has no direct length": "một luồng tham chiếu chéo không ghi trực tiếp độ dài",
    "“stream” is not followed by a line end": "sau chữ «stream» không có dấu xuống dòng",
    "a stream runs past the end of the file": "một luồng dữ liệu vượt quá cuối tệp",
    "a stream's length is wrong": "độ dài của một luồng dữ liệu ghi sai",
    "a cross-reference stream lacks /W or /Size": "một luồng tham chiếu chéo thiếu /W hoặc /Size",
    "a cross-reference stream's /W is impossible": "/W của một luồng tham chiếu chéo có giá trị không thể có",
    "a cross-reference stream's /Index is malformed": "/Index của một luồng tham chiếu chéo viết sai",
    "a cross-reference stream is cut off": "một luồng tham chiếu chéo bị cắt cụt",
    "a cross-reference stream is too long": "một luồng tham chiếu chéo dài quá mức đã khai",
    # lexer
    "“{word}” is missing": "thiếu «{word}»",
    "a whole number is missing": "thiếu một số nguyên",
    "a value is missing": "thiếu một giá trị",
    "a number is malformed": "một con số viết sai",
    "a hexadecimal string is malformed": "một chuỗi thập lục phân viết sai",
    "a string does not end": "một chuỗi không có chỗ kết thúc",
    "an array does not end": "một mảng không có chỗ kết thúc",
    "a dictionary is malformed": "một từ điển (dictionary) viết sai",
    "the key /{key} stands twice": "mục /{key} xuất hiện hai lần trong cùng một từ điển",
    "values in the file": "số giá trị trong tệp",
    "nesting": "số tầng lồng nhau",
    "digits of a number": "số chữ số của một con số",
    # filters
    "decoded bytes": "số byte sau khi giải nén",
    "a stream filtered by {filter}": "luồng dữ liệu nén bằng {filter}",
    "compressed data is broken": "dữ liệu nén bị hỏng",
    "compressed data is cut off": "dữ liệu nén bị cắt cụt",
    "predictor {predictor}": "phép dự đoán (predictor) {predictor}",
    "a predictor's row length is impossible": "độ dài hàng của phép dự đoán (predictor) có giá trị không thể có",
    "a predicted row is cut off": "một hàng của phép dự đoán (predictor) bị cắt cụt",
    "an unknown row predictor": "không rõ kiểu dự đoán (predictor) của một hàng",
    # ── formats/pades: signature fields, CMS, DSS ────────────────────────────────────────────────
    # fields
    "a signature field without a number": "một trường chữ ký không có số đối tượng",
    "the form's fields form a loop": "các trường của biểu mẫu dẫn vòng về nhau",
    "form fields": "số trường của biểu mẫu",
    "signatures": "số chữ ký số và dấu thời gian",
    "two fields share one signature dictionary": "hai trường chữ ký dùng chung một từ điển chữ ký",
    "the field's value is not a signature dictionary": "giá trị của trường chữ ký không phải là từ điển chữ ký",
    "its /Type is {type}": "/Type là {type}",
    "a document time-stamp has the sub-filter {filter}": "dấu thời gian của tài liệu lại mang /SubFilter {filter}",
    "the sub-filter {filter} is not supported": "không hỗ trợ /SubFilter {filter}",
    "it has no usable /ByteRange": "không có vùng byte được ký (/ByteRange) dùng được",
    "its dictionary is not an object of its own": "từ điển chữ ký không phải là một đối tượng riêng",
    "its /Contents is not a hexadecimal string": "/Contents không phải là chuỗi thập lục phân",
    "its byte range does not begin at 0": "vùng byte được ký không bắt đầu từ đầu tệp",
    "its byte range leaves out more or less than /Contents": "phần bị bỏ ra khỏi vùng byte được ký không đúng bằng /Contents",
    "its byte range runs past the end of the file": "vùng byte được ký vượt quá cuối tệp",
    "its byte range does not end with its revision": "vùng byte được ký không kết thúc cùng phiên bản cập nhật của chữ ký",
    # cms
    "{part} cannot be read ({error})": "không đọc được {part} ({error})",
    "the signature value": "giá trị chữ ký",
    "the CMS structure": "cấu trúc CMS",
    "the time-stamp token": "dấu thời gian",
    "it is not a CMS SignedData": "không phải là cấu trúc CMS SignedData",
    "it has {count} signers, not one": "có {count} người ký thay vì một",
    "certificates of one signature": "số chứng thư số kèm theo một chữ ký",
    "time-stamps of one signature": "số dấu thời gian của một chữ ký",
    "values in one place of the CMS structure": "số giá trị tại một vị trí của cấu trúc CMS",
    "values of the CMS structure": "số giá trị của cấu trúc CMS",
    "bits of an RSA key": "số bit của khóa RSA",
    "bytes of /DSS": "số byte của kho dữ liệu xác thực (/DSS)",
    "revocation data of one signature": "số dữ liệu thu hồi kèm theo một chữ ký",
    "bytes of a certificate": "số byte của một chứng thư số",
    "values of a certificate": "số giá trị trong một chứng thư số",
    "bytes of an OCSP answer": "số byte của một trả lời OCSP",
    "values of an OCSP answer": "số giá trị trong một trả lời OCSP",
    "bytes of a CRL": "số byte của một danh sách thu hồi (CRL)",
    "values of a CRL": "số giá trị trong một danh sách thu hồi (CRL), không kể các dòng",
    "certificates of the file": "số chứng thư số trong tệp",
    "OCSP answers of the file": "số trả lời OCSP trong tệp",
    "CRLs of the file": "số danh sách thu hồi (CRL) trong tệp",
    "values of all signatures": "số giá trị trong tất cả các chữ ký",
    "time-stamps of all signatures": "số dấu thời gian của tất cả các chữ ký",
    "lengths of the file in byte ranges": "tổng các vùng byte được ký, tính theo độ dài của tệp",
    "the attribute {attribute} stands twice": "thuộc tính {attribute} xuất hiện hai lần",
    "the attribute {attribute} has {count} values": "thuộc tính {attribute} có {count} giá trị",
    "the RSA-PSS mask function differs from the hash": "hàm sinh mặt nạ của RSA-PSS không khớp với hàm băm",
    "the signature algorithm {algorithm}": "thuật toán ký {algorithm}",
    "the digest algorithm {algorithm}": "thuật toán băm {algorithm}",
    "the digest algorithms differ ({one}, {other})": "các thuật toán băm không khớp nhau ({one}, {other})",
    "it is not a time-stamp token": "không phải là dấu thời gian",
    # dss
    "entries of /DSS /{key}": "số mục trong /DSS /{key}",
    "/DSS /{key} holds something else than streams": "/DSS /{key} chứa thứ khác ngoài luồng dữ liệu",
    # ── formats/record, statement, fonts: the record and the statement it makes ──────────────────
    "{path}: {reason}": "mục {path}: {reason}",
    # table
    "must be a table": "phải là một nhóm mục",
    "is missing": "thiếu",
    "must be a list of at most {most} texts": "phải là danh sách không quá {most} đoạn chữ",
    "must be a text, not {value}": "phải là chữ, không phải {value}",
    "is empty": "để trống",
    "has {count} characters, more than {most}": "dài {count} ký tự, quá {most} ký tự",
    "has {count} digits, more than {most}": "có {count} chữ số, quá {most} chữ số",
    "holds a line break or control character": "chứa ký tự xuống dòng hoặc ký tự điều khiển",
    "{value} is not one of {allowed}": "{value} không thuộc các giá trị cho phép ({allowed})",
    "{value} is not a UUID": "{value} không phải là mã UUID",
    "must be a whole number, not {value}": "phải là số nguyên, không phải {value}",
    "{value} is not within {low} to {high}": "{value} nằm ngoài khoảng từ {low} đến {high}",
    "must be a number, not {value}": "phải là số, không phải {value}",
    "must be true or false, not {value}": "phải là true hoặc false, không phải {value}",
    "must be a date such as 2026-10-01, not {value}": "phải là ngày viết như 2026-10-01, không phải {value}",
    "must be a list of at most {most}": "phải là danh sách không quá {most} mục",
    "is not a field of the record": "không phải là mục của dữ liệu chứng thực",
    # fields
    "is before valid_from": "sớm hơn ngày valid_from",
    "is required when certifier.capacity is 'delegated'": "bắt buộc phải có khi certifier.capacity là 'delegated'",
    "is given, but certifier.capacity is {value}": "có ghi, dù certifier.capacity là {value}",
    "lacks {words}: the officer must confirm all six": "thiếu {words}: cán bộ phải xác nhận đủ cả sáu điều",
    "names a confirmation twice": "ghi một điều xác nhận hai lần",
    "must be a web address (https://…)": "phải là địa chỉ web (https://…)",
    "names the record's own id": "ghi chính mã của bản sao này",
    "does not cover the record's date {date}": "không có hiệu lực vào ngày chứng thực {date}",
    "is {value}, not {wanted}": "là {value}, không phải {wanted}",
    "is {stated}, but there are {count} pages": "là {stated}, nhưng có {count} trang",
    # xml
    "the record is not well-formed XML: {error}": "dữ liệu chứng thực không phải là XML đúng cú pháp: {error}",
    "the record has a document type declaration, which is not allowed": "dữ liệu chứng thực có khai báo DOCTYPE, điều không được phép",
    "unknown record namespace {namespace}": "không gian tên {namespace} của dữ liệu chứng thực chưa được biết đến",
    "the record's root element is {found}, not {wanted}": "phần tử gốc của dữ liệu chứng thực là {found}, không phải {wanted}",
    "the record does not fit its schema ({error})": "dữ liệu chứng thực không đúng lược đồ ({error})",
    "is a page of {across} x {down} points, not within {low} to {high}": "là một trang cỡ {across} x {down} điểm, nằm ngoài khoảng từ {low} đến {high}",
    # statement, fonts
    "unknown statement template {template}": "mẫu lời chứng {template} chưa được biết đến",
    "does not fit in two lines beside the signature": "không vừa hai dòng bên cạnh chữ ký",
    "the statement does not fit on one page": "lời chứng không vừa một trang",
    "the character {character} (U+{code}) cannot be printed": "không in được ký tự {character} (U+{code})",
    # ── trust: certificates, time-stamps, paths ──────────────────────────────────────────────────
    # usage
    "it is a CA certificate": "đây là chứng thư số của tổ chức cấp chứng thư (CA)",
    "its key usage is neither digitalSignature nor nonRepudiation": "mục đích sử dụng khóa không phải digitalSignature, cũng không phải nonRepudiation",
    "its extensions cannot be read": "không đọc được các phần mở rộng",
    "its extended key usage is {usage}": "mục đích sử dụng khóa mở rộng là {usage}",
    "its extended key usage allows no signing of documents": "mục đích sử dụng khóa mở rộng không cho phép ký tài liệu",
    "it lacks the extended key usage timeStamping": "chứng thư số không có mục đích sử dụng khóa mở rộng timeStamping",
    "its extended key usage is not timeStamping alone, critical": "mục đích sử dụng khóa mở rộng không phải chỉ riêng timeStamping và bắt buộc (critical)",
    # tokens
    "its authority's certificate is missing": "thiếu chứng thư số của tổ chức cấp dấu thời gian",
    "it has no signed attributes": "không có thuộc tính được ký",
    "its content-type attribute is wrong": "thuộc tính content-type sai",
    "its certificate or digest algorithm is not supported": "không hỗ trợ chứng thư số hoặc thuật toán băm được dùng",
    "its message digest is wrong": "giá trị băm (message digest) sai",
    "its signing-certificate attribute names another certificate": "thuộc tính signing-certificate ghi một chứng thư số khác",
    "its signature is wrong": "chữ ký số của dấu thời gian sai",
    "its version is not 1": "phiên bản của dấu thời gian không phải là 1",
    "it has a critical extension that is not known here": "có phần mở rộng bắt buộc (critical) mà phần mềm không biết",
    "it names another authority than its certificate": "tên tổ chức cấp dấu thời gian ghi bên trong khác với tên trong chứng thư số",
    "its signing-certificate attribute states another issuer or serial number": "thuộc tính signing-certificate ghi nơi cấp hoặc số sê-ri khác với chứng thư số",
    "the accuracy in the time-stamp token is malformed": "độ chính xác ghi trong dấu thời gian sai định dạng",
    "unsupported hash type {algorithm}": "không hỗ trợ thuật toán băm {algorithm}",
    # paths
    "the certificate cannot be read": "không đọc được chứng thư số",
    "its trust anchor is not believed at that time": "chứng thư số gốc của nó không được tin cậy vào thời điểm đó",
    "no anchor that is named for it is believed at that time": "các gốc tin cậy đã khai báo cho loại chứng thư số này đều không có hiệu lực vào lúc đó",
    "no anchor is named for it": "chưa khai báo gốc tin cậy nào cho loại chứng thư số này",
    "its issuer is not among the anchors or the given certificates": "nơi cấp không có trong các gốc tin cậy và các chứng thư số đã cung cấp",
    "a certificate of its path has expired": "một chứng thư số trong chuỗi chứng thư số đã hết hạn",
    "a certificate of its path is not yet valid": "một chứng thư số trong chuỗi chứng thư số chưa có hiệu lực",
    "its path cannot be read ({error})": "không đọc được chuỗi chứng thư số ({error})",
    "it has expired": "đã hết hạn",
    "it is not yet valid": "chưa có hiệu lực",
    "the extensions of a CA in its path cannot be read": "không đọc được phần mở rộng của một tổ chức cấp chứng thư (CA) trong chuỗi",
    "the extended key usage of a CA in its path allows no signing of documents": "mục đích sử dụng khóa mở rộng của một tổ chức cấp chứng thư (CA) trong chuỗi không cho phép ký tài liệu",
    "the extended key usage of a CA in its path allows no time-stamps": "mục đích sử dụng khóa mở rộng của một tổ chức cấp chứng thư (CA) trong chuỗi không cho phép cấp dấu thời "
    "gian",
    # pyhanko-certvalidator, through paths
    "the end-entity certificate": "chứng thư số đang xét",
    "intermediate certificate {number}": "chứng thư số trung gian thứ {number}",
    "the trust anchor": "chứng thư số gốc tin cậy",
    "there is no valid set of policies for {part}": "không có chính sách chứng thư nào hợp lệ cho {part}",
    "not all names of {part} are in the permitted namespace of the issuing authority. {reason}": "có tên trong {part} nằm ngoài phạm vi tên mà nơi cấp được phép dùng: {reason}",
    "some names of {part} are excluded from the namespace of the issuing authority. {reason}": "có tên trong {part} thuộc phạm vi tên mà nơi cấp không được dùng: {reason}",
    "The name {value} of type {kind} is not allowed": "tên {value} (loại {kind}) không được phép",
    "the signature of {part} uses the disallowed signature mechanism {algorithm}": "chữ ký của nơi cấp trên {part} dùng thuật toán không được phép: {algorithm}",
    "the signature of {part} uses the disallowed signature mechanism {algorithm}. Reason: {reason}": "chữ ký của nơi cấp trên {part} dùng thuật toán không được phép: {algorithm} ({reason})",
    "Key size {size} for algorithm {algorithm} is considered too small; "
    "policy mandates >= {least}": "khóa {algorithm} dài {size} bit là quá ngắn, phải từ {least} bit trở lên",
    "Digest algorithm {digest} is not allowed, "
    "which disqualifies the signature mechanism {algorithm} as well": "thuật toán băm không được phép ({digest}), nên {algorithm} cũng không được phép",
    "the signature parameters for {part} do not match the constraints on the public key": "tham số chữ ký của nơi cấp trên {part} không phù hợp với ràng buộc của khóa công khai",
    "the signature of {part} could not be verified": "chữ ký của nơi cấp trên {part} không đúng",
    "{part} issuer name could not be matched": "tên nơi cấp ghi trong {part} không khớp",
    "policy processing for {part} exceeds the size limit on the policy graph": "chính sách chứng thư của {part} vượt giới hạn xử lý",
    "{part} contains the following unsupported critical extension: {extensions}": "{part} có phần mở rộng bắt buộc (critical) không được hỗ trợ: {extensions}",
    "{part} contains the following unsupported critical extensions: {extensions}": "{part} có các phần mở rộng bắt buộc (critical) không được hỗ trợ: {extensions}",
    "it exceeds the maximum path length": "chuỗi chứng thư số dài quá mức cho phép",
    "{part} is not a CA": "{part} không phải là chứng thư số của tổ chức cấp chứng thư (CA)",
    "{part} is not allowed to sign certificates": "{part} không được phép dùng để cấp chứng thư số",
    # ── verify/structure ─────────────────────────────────────────────────────────────────────────
    "bytes": "số byte của tệp",
    "pages": "số trang của tệp",
    "seconds of work": "số giây xử lý",
    "megabytes of memory": "số megabyte bộ nhớ",
    "bytes of the report": "số byte của báo cáo",
    "bytes of the report's structure": "số byte cấu trúc của báo cáo",
    "crashes of the process that judges it": "số lần tiến trình kiểm tra tệp bị dừng đột ngột",
    "{count} bytes outside every object": "{count} byte nằm ngoài mọi đối tượng",
    # ── verify/integrity ─────────────────────────────────────────────────────────────────────────
    "{reason} is not supported": "không hỗ trợ {reason}",
    "there is something else than zeros behind the signature value": "sau giá trị chữ ký có dữ liệu khác ngoài các byte 0",
    "padding of /Contents is not zero": "phần đệm của /Contents không phải toàn byte 0",
    "/Contents is not written in plain hexadecimal": "/Contents không viết bằng số thập lục phân liền mạch, thống nhất chữ hoa hoặc chữ thường",
    "it is for other data": "dấu thời gian này được cấp cho dữ liệu khác",
    "it has unsigned attributes": "có thuộc tính không được ký",
    "what nothing signs in it is not as the standards write it": "phần không được ký bên trong không viết đúng theo tiêu chuẩn",
    "a signature carries a certificate that nobody known has issued": "chữ ký kèm theo một chứng thư số không do tổ chức nào đã biết cấp",
    "its certificate cannot be read": "không đọc được chứng thư số kèm theo chữ ký",
    "the signed bytes were changed": "phần dữ liệu được ký đã bị thay đổi",
    "the signature value is wrong": "giá trị chữ ký sai",
    "the signer's certificate is not in the signature": "chữ ký không kèm chứng thư số của người ký",
    "it is not detached": "chữ ký không phải dạng tách rời (detached)",
    "it signs something else than data": "nội dung được ký không thuộc kiểu data",
    "the protected algorithms differ from those used": "các thuật toán ghi trong phần được bảo vệ khác với các thuật toán đã dùng",
    "a mandatory signed attribute is missing or wrong": "một thuộc tính được ký bắt buộc bị thiếu hoặc sai",
    "it has no signing-certificate attribute": "không có thuộc tính signing-certificate",
    "it has a signing-time attribute, which PAdES forbids": "có thuộc tính signing-time, điều mà PAdES cấm",
    "its signed attributes are not in the order of DER": "các thuộc tính được ký không xếp theo thứ tự mà DER quy định",
    "it has more than one signing-certificate attribute": "có nhiều hơn một thuộc tính signing-certificate",
    "its signing-certificate attribute names the certificate by SHA-1 alone": "thuộc tính signing-certificate chỉ ghi chứng thư số bằng giá trị băm SHA-1",
    "it is for another signature": "dấu thời gian này được cấp cho chữ ký khác",
    # ── verify/order ─────────────────────────────────────────────────────────────────────────────
    "the catalogue does not name it as the certification signature": "danh mục tài liệu (catalogue) không ghi đây là chữ ký chứng nhận (DocMDP)",
    "/DSS holds something twice": "/DSS chứa một mục hai lần",
    "its transforms are not those of the format": ("các phép biến đổi (transform) của chữ ký không đúng khuôn dạng"),
    "its DocMDP permission is {value}, not 2": "mức cho phép thay đổi (DocMDP) là {value}, không phải 2",
    # ── verify: a policy's demands, competence ───────────────────────────────────────────────────
    "it has reached {level}": "mới đạt mức {level}",
    "no PAdES level is reached": "chưa đạt mức PAdES nào",
    "level {level}": "mức {level}",
    "a time-stamp over the whole document": "dấu thời gian cho toàn bộ tài liệu",
    "the time between signature and seal": "khoảng thời gian từ lúc ký đến lúc đóng dấu",
    "several registered bodies bear this name, and nothing tells them apart": "sổ đăng ký có nhiều cơ quan cùng tên này và không có gì để phân biệt",
    "the registry knows no such body": "sổ đăng ký không có cơ quan này",
    "the body did not exist then": "khi đó cơ quan này không tồn tại",
    "the body bore another name then": "khi đó cơ quan này mang tên khác",
    "bodies of its kind did not certify copies then": "khi đó loại cơ quan này không có thẩm quyền chứng thực",
    "the seal's key was the body's only until an earlier day": "khóa đóng dấu chỉ thuộc về cơ quan đến một ngày sớm hơn",
    "it was not the body's key then": "khi đó đây không phải là khóa của cơ quan",
    "it is the key of another body": "đây là khóa của cơ quan khác",
    "the registry knows the person at other bodies alone": "sổ đăng ký chỉ ghi người này ở cơ quan khác",
    "the registry knows the person in another capacity": "sổ đăng ký ghi người này ở cương vị khác",
    "no registered appointment covers that day": "theo sổ đăng ký, ngày đó không thuộc thời gian đương nhiệm",
    "the delegation does not cover that day": "việc ủy quyền không có hiệu lực vào ngày đó",
    "{basis} names nobody in this capacity": "{basis} không quy định cương vị này có thẩm quyền",
    # ── verify/changes: what later revisions did ─────────────────────────────────────────────────
    "pages and fields compared": "số trang và trường phải đối chiếu",
    "nesting of the page tree": "số tầng lồng nhau của cây trang",
    "objects one page shows": "số đối tượng mà một trang dùng đến",
    "page {page} shows something else": "trang {page} hiển thị khác đi",
    "page {page} shows something else: {reason}": "trang {page} hiển thị khác đi: {reason}",
    "nesting of form fields": "số tầng lồng nhau của các trường trong biểu mẫu",
    "another document catalogue": "tài liệu bị chuyển sang danh mục tài liệu (catalogue) khác",
    "an empty revision was appended": "một phiên bản cập nhật trống được nối vào cuối tệp",
    "object {number} was removed": "đối tượng {number} bị xóa",
    "the trailer has the foreign key /{key}": "phần cuối tệp (trailer) có mục lạ /{key}",
    "the file's identifier was changed": "mã định danh của tệp (/ID) bị thay đổi",
    "the trailer names other document information": "phần trailer trỏ tới thông tin tài liệu (/Info) khác",
    "object {number}, referred to but missing before, was added": "đối tượng {number}, trước đó được nhắc tới nhưng chưa có, nay được thêm vào",
    "object {number} was added without a use": "đối tượng {number} được thêm vào mà không dùng vào việc gì",
    "object {number} was written again without a use": "đối tượng {number} bị ghi lại mà không dùng vào việc gì",
    "object {number} was given another generation": "đối tượng {number} bị đổi số thế hệ (generation)",
    "object {number} was replaced, which has other uses": "đối tượng {number} bị thay thế trong khi còn được dùng ở chỗ khác",
    "object {number} was replaced": "đối tượng {number} bị thay thế",
    "/{key} of the catalogue was changed": "mục /{key} của danh mục tài liệu (catalogue) bị thay đổi",
    "/DSS of the catalogue was removed": "mục /DSS của danh mục tài liệu (catalogue) bị xóa",
    "/DSS has the foreign key /{key}": "/DSS có mục lạ /{key}",
    "/DSS has another type": "/Type của /DSS bị đổi",
    "/DSS /{key} holds something else than plain streams": "/DSS /{key} chứa thứ khác ngoài các luồng dữ liệu thuần túy",
    "/DSS /{key} lost an entry": "/DSS /{key} bị mất một mục đã có",
    "the metadata (XMP) was changed": "siêu dữ liệu (XMP) bị thay đổi",
    "/{key} of the document information was changed": "mục /{key} trong thông tin tài liệu bị thay đổi",
    "the form was removed": "biểu mẫu bị xóa",
    "/{key} of the form was changed": "mục /{key} của biểu mẫu bị thay đổi",
    "a form field was removed or stands twice": "một trường của biểu mẫu bị xóa hoặc xuất hiện hai lần",
    "the form field “{name}” was added": "trường biểu mẫu «{name}» được thêm vào",
    "a second form field “{name}” was added": "một trường biểu mẫu nữa mang tên «{name}» được thêm vào",
    "the form field “{name}” was added with an action": "trường biểu mẫu «{name}» được thêm vào kèm theo hành động (action)",
    "the empty signature field “{name}” was added": "trường chữ ký trống «{name}» được thêm vào",
    "the time-stamp field “{name}” is visible": "trường dấu thời gian «{name}» hiện trên trang",
    "the time-stamp field “{name}” has foreign keys ({keys})": "trường dấu thời gian «{name}» có mục lạ ({keys})",
    "the time-stamp field “{name}” is not as the format has it": "trường dấu thời gian «{name}» không đúng khuôn dạng",
    "the time-stamp field “{name}” stands on another page": "trường dấu thời gian «{name}» ghi một trang khác với trang chứa nó",
    "a time-stamp field has a name that can mislead": "một trường dấu thời gian mang tên dễ gây nhầm lẫn",
    "the signature field “{name}” was added": "trường chữ ký «{name}» được thêm vào",
    "the signature field “{name}” was added against the permissions": "trường chữ ký «{name}» được thêm vào ngoài phạm vi mà chữ ký trước đó cho phép",
    "the visible signature field “{name}” was added": "một trường chữ ký nhìn thấy được trên trang («{name}») được thêm vào",
    "the form field “{name}” was replaced": "trường biểu mẫu «{name}» bị thay thế",
    "the signed field “{name}” was changed ({keys})": "trường đã ký «{name}» bị thay đổi ({keys})",
    "the form field “{name}” was changed ({keys})": "trường biểu mẫu «{name}» bị thay đổi ({keys})",
    "the signature field “{name}” was changed ({keys})": "trường chữ ký «{name}» bị thay đổi ({keys})",
    "the field “{name}” was changed ({keys})": "trường «{name}» bị thay đổi ({keys})",
    "the field “{name}” was signed against the permissions": "trường «{name}» được ký ngoài phạm vi mà chữ ký trước đó cho phép",
    "the appearance of the field “{name}” has other uses": "phần hiển thị của trường «{name}» còn được dùng ở chỗ khác",
    "the form field “{name}” was filled in against the permissions": "trường biểu mẫu «{name}» được điền ngoài phạm vi mà chữ ký trước đó cho phép",
    "pages were added, removed or reordered": "có trang bị thêm, bớt hoặc đảo thứ tự",
    "page {page} was changed ({keys})": "trang {page} bị thay đổi ({keys})",
    "an annotation of page {page} was removed or moved": "một chú thích của trang {page} bị xóa hoặc đổi thứ tự",
    "/{key} of the trailer was changed": "mục /{key} ở phần cuối tệp (trailer) bị thay đổi",
    "objects added without a use: {count}": "số đối tượng được thêm mà không dùng vào đâu: {count}",
    "the annotation /{kind} on page {page} can hide what was signed": "chú thích /{kind} ở trang {page} có thể che nội dung đã ký",
    "a signature that grants usage rights": "một chữ ký cấp quyền sử dụng (usage rights), không phải chữ ký của người ký",
    "the signature field “{name}” was added, whose own signature is not valid": "ô chữ ký «{name}» được thêm vào, mà chữ ký trong ô đó không hợp lệ",
    "its place cannot be told": "không xác định được vị trí của ô",
    "it takes {share} of the page": "ô chiếm {share} trang",
    "it covers {share} of an earlier signature": "ô che {share} một chữ ký có trước",
    "an annotation was added to page {page}": "một chú thích được thêm vào trang {page}",
    "form fields held against their pictures": "số ô biểu mẫu được đối chiếu với hình của chúng",
    "the form field “{name}” = “{value}”": "trường «{name}» của biểu mẫu = «{value}»",
    "the form field “{name}”: {reason}": "trường biểu mẫu «{name}»: {reason}",
    "readers draw the form field “{name}” anew: {reason}": "phần mềm đọc tự vẽ lại trường biểu mẫu «{name}»: {reason}",
    "the picture of a button was exchanged": "hình của một nút bấm bị thay",
    "its picture was exchanged, its value was not": "hình của ô bị thay trong khi giá trị giữ nguyên",
    "its picture shows something else than its value": "hình của ô hiển thị khác với giá trị",
    "it shows another state than its value": "ô hiển thị một trạng thái khác với giá trị",
    "the form has a second description (/XFA)": "biểu mẫu còn một bản mô tả thứ hai (/XFA)",
    "its widgets were changed": "các ô của trường bị thay đổi",
    "no page shows it": "không trang nào hiển thị trường này",
    "its type is not judged": "loại trường này không được đánh giá",
    "it is a list box": "đây là danh sách nhiều dòng",
    "it is a field of a special kind": "đây là loại ô đặc biệt (mật khẩu, tệp, chữ có định dạng, ô kẻ sẵn)",
    "it has /{key}": "ô có /{key}",
    "its default value was changed": "giá trị mặc định của ô bị thay đổi",
    "it is hidden": "ô bị ẩn",
    "readers may hide it or show it": "phần mềm đọc có thể ẩn hoặc hiện ô này",
    "it is turned": "ô bị xoay",
    "it has two values": "ô có hai giá trị",
    "its value is no text": "giá trị của ô không phải là chữ",
    "its value is too long": "giá trị của ô quá dài",
    "/I names another option than its value": "/I chỉ một lựa chọn khác với giá trị",
    "its value is none of its options, or several": "giá trị của ô không ứng với đúng một lựa chọn",
    "its options cannot be read": "không đọc được các lựa chọn của ô",
    "its picture was removed": "hình của ô bị bỏ",
    "readers may draw a box where there was none": "phần mềm đọc có thể vẽ thêm khung nền vốn không có",
    "it has no picture, readers draw their own": "ô không có hình, mỗi phần mềm đọc tự vẽ",
    "its value has letters that its font does not have": "giá trị có chữ mà phông của ô không có",
    "its text does not fit in its box": "chữ không nằm gọn trong khung",
    "it has several pictures": "ô có nhiều hình",
    "its picture shows nothing": "hình của ô không hiển thị gì",
    "a script writes its picture": "hình của ô do một đoạn mã viết ra",
    "its picture has several lines": "hình của ô có nhiều dòng",
    "its picture paints more than text": "hình của ô vẽ thêm ngoài chữ",
    "its picture is drawn in a way that is not judged": "hình của ô được vẽ theo cách không đánh giá được",
    "its picture is moved or turned": "hình của ô bị dời hoặc xoay",
    "it has no default appearance (/DA)": "ô không có kiểu chữ mặc định (/DA)",
    "its default appearance (/DA) is not judged": "kiểu chữ mặc định (/DA) của ô không đánh giá được",
    "its font is another than its default appearance (/DA) says": "phông chữ khác với kiểu chữ mặc định (/DA) của ô",
    "its text has another size than its default appearance (/DA) says": "cỡ chữ khác với kiểu chữ mặc định (/DA) của ô",
    "its text is too small to be read": "chữ quá nhỏ, không đọc được",
    "its text has the colour of the background": "chữ trùng màu nền",
    "its colours cannot be read": "không đọc được màu của ô",
    "its picture has another size than its box": "hình có kích thước khác với khung",
    "it is a button, which has no value": "đây là nút bấm, không có giá trị",
    "the pictures of its states were exchanged": "hình của các trạng thái bị thay",
    "its value is none of its states": "giá trị không ứng với trạng thái nào của ô",
    "readers may draw another button": "phần mềm đọc có thể vẽ một nút khác",
    "its box cannot be read": "không đọc được khung của ô",
    "its picture is cut off": "hình của ô bị cắt bớt",
    "its flags cannot be read": "không đọc được các cờ của ô",
    "its picture cannot be read": "không đọc được hình của ô",
    "its picture names no font": "hình của ô không nêu phông chữ",
    "its picture names no colour": "hình của ô không nêu màu chữ",
    "its picture writes one line over another": "hình của ô viết dòng này đè lên dòng kia",
    "its picture puts its words apart": "hình của ô đặt các từ rời xa nhau",
    "its picture uses a character that readers show differently": "hình của ô dùng ký tự mà các phần mềm đọc hiển thị khác nhau",
    "its font is embedded or is none of the standard ones": "phông chữ được nhúng hoặc không phải là phông chuẩn",
    "its font has an encoding of its own": "phông chữ có bảng mã riêng",
    "{count} more changes": "và {count} thay đổi khác nữa",
    "the time in the time-stamp token is malformed": "thời điểm ghi trong dấu thời gian sai định dạng",
    # ── verify/validation ────────────────────────────────────────────────────────────────────────
    "its time {time} is after the time of validation": "thời điểm {time} ghi trong đó muộn hơn thời điểm kiểm tra",
    "it is not a PAdES signature": "không phải là chữ ký PAdES",
    "its authority's certificate was not valid at its time": "chứng thư số của tổ chức cấp dấu thời gian không có hiệu lực vào thời điểm ghi trong đó",
    "the certificate {subject} was revoked": "chứng thư số «{subject}» đã bị thu hồi",
    "the certificate {subject} was suspended": "chứng thư số «{subject}» bị tạm dừng",
    "{name} is not relied on since {time}": "{name} không còn được tin cậy từ {time}",
    "{name} is expected to be reliable only until then": "dự kiến {name} chỉ được tin cậy đến lúc đó",
    "the certificate {name} expires then": "chứng thư số «{name}» hết hạn lúc đó",
    "there is only stale revocation data for {subject}": "dữ liệu thu hồi của chứng thư số «{subject}» đã cũ",
    "there is no revocation data that counts for {subject}": "không có dữ liệu thu hồi nào có giá trị đối với chứng thư số «{subject}»",
    "expired {time}, signed {signed}": "hết hạn lúc {time}, ký lúc {signed}",
    "not valid before {time}": "chỉ có hiệu lực từ {time}",
    "{count} days": "{count} ngày",
    "{count} hours": "{count} giờ",
    "{count} minutes": "{count} phút",
    # ── verify/content: record, statement, pages, PDF/A ──────────────────────────────────────────
    "bytes of the record": "số byte của dữ liệu chứng thực",
    "page {page} has no scanned image": "trang {page} không có ảnh quét",
    "the palette or colour profile of page {page} is not the scanned one": (
        "bảng màu hoặc hồ sơ màu ở trang {page} không phải của ảnh đã quét"
    ),
    "the image of page {page} is not the scanned one": "ảnh ở trang {page} không phải là ảnh đã quét",
    # images
    "pixels of one picture": "số điểm ảnh của một ảnh quét",
    "bytes of all pictures once unpacked": "dung lượng của mọi ảnh quét sau khi giải nén",
    "the image of page {page} is of another size than stated": "ảnh lưu ở trang {page} có kích thước khác với kích thước đã ghi",
    "the image of page {page} is of other colours than stated": "ảnh lưu ở trang {page} có hệ màu hoặc độ sâu màu khác với nội dung đã ghi",
    "the image of page {page} is of a kind that no copy holds": "ảnh lưu ở trang {page} thuộc loại mà bản sao không bao giờ dùng",
    "the image data of page {page} is not one whole picture of its kind": "dữ liệu ảnh của trang {page} không phải là đúng một ảnh nguyên vẹn theo định dạng đã ghi",
    "the colour profile of page {page} shows other colours than are there": "hồ sơ màu (ICC) của trang {page} hiển thị màu khác với màu có trong ảnh",
    "colour profiles": "số hồ sơ màu (ICC)",
    "metadata or fields are not as the format writes them": "siêu dữ liệu hoặc các trường không đúng như định dạng quy định",
    "statement page": "trang lời chứng",
    "page {page}": "trang {page}",
    "the attached record is not canonical": "dữ liệu chứng thực đính kèm không ở dạng chuẩn",
    "object {number} is not as the format writes it": "đối tượng {number} không đúng như định dạng quy định",
    "the first revision is not written as the format writes it": "phiên bản đầu tiên của tệp không được viết đúng như định dạng quy định",
    "appearance of the signature": "phần hiển thị của chữ ký",
    "appearance of the seal": "phần hiển thị của con dấu",
    # ── verify/second_opinion ────────────────────────────────────────────────────────────────────
    "{module} is not installed": "chưa cài {module}",
    "it calls the file damaged ({error})": "cho rằng tệp bị hỏng ({error})",
    "it stopped with {error}": "dừng lại vì lỗi {error}",
    "it sees {theirs} pages, not {ours}": "thấy {theirs} trang thay vì {ours}",
    "it sees the signatures {theirs}, not {ours}": "thấy các chữ ký {theirs} thay vì {ours}",
    "it sees the attachments {theirs}": "thấy các tệp đính kèm {theirs}",
    "it sees something else on page {page} of revision {number}": "phần mềm đó thấy nội dung khác ở trang {page} của phiên bản cập nhật {number}",
    "it takes the signature for well-formed": "phần mềm đó coi chữ ký là đúng cấu trúc",
    "it permits the later changes ({name})": "phần mềm đó cho phép các thay đổi về sau ({name})",
    "it reads another record": "đọc ra dữ liệu chứng thực khác",
    "it does not read references that lead nowhere": "phần mềm đó không đọc tham chiếu không dẫn tới đâu",
    "it does not judge hybrid-reference files": "không đánh giá tệp có hai loại bảng tham chiếu chéo (hybrid-reference)",
    "it sees {theirs} revisions, not {ours}": "thấy {theirs} phiên bản cập nhật thay vì {ours}",
    "it finds the signed bytes changed": "thấy phần dữ liệu được ký đã bị thay đổi",
    "it finds the signature value wrong": "thấy giá trị chữ ký sai",
    "it finds digest and signature value right": "thấy giá trị băm và giá trị chữ ký đều đúng",
    "it finds the coverage {theirs}, not {ours}": "thấy phạm vi được ký là {theirs} thay vì {ours}",
    "it does not permit the later changes ({level})": "không cho phép các thay đổi về sau ({level})",
}


def in_vietnamese(text: str) -> str:
    """Return a phrase in Vietnamese; what has no row stays as it is.

    >>> in_vietnamese("page 3 was changed (/Contents)")
    'trang 3 bị thay đổi (/Contents)'
    """
    found = _translation(text)
    return text if found is None else found


def vietnamese_values(values: Mapping[str, Any]) -> dict[str, Any]:
    """Return a finding's data as its Vietnamese sentence needs it."""
    return {key: _value(key, value) for key, value in values.items()}


def _value(key: str, value: Any) -> Any:
    if key in _IN_WORDS and isinstance(value, str):
        return in_vietnamese(value)
    if key in _FIELDS:
        return _FIELD_NAMES.get(value, value)
    return _told(value) if key in _TIMES and isinstance(value, str) else value


def _told(text: str) -> str:
    """Return a time or day as offices tell it; any other text as it stands."""
    if _DAY.fullmatch(text):
        return "/".join(reversed(text.split("-")))
    try:
        return office_time(datetime.fromisoformat(text), 7) if _TIME.fullmatch(text) else text
    except ValueError:  # the thirteenth month
        return text


def _translation(text: str, depth: int = 0) -> str | None:
    if text in PHRASES:
        return PHRASES[text]
    if len(text) > MAX_PHRASE or depth > _MAX_NESTING:
        return None
    for parts, english in _rows():
        found = _pattern(parts).fullmatch(text) if _has_words(text, parts) else None
        values = _filling(found, depth) if found else None
        if values is not None:
            return PHRASES[english].format_map(values)
    return None


def _filling(found: re.Match[str], depth: int) -> dict[str, str] | None:
    """Return what the placeholders stand for; None where a phrase is wanted and none stands there."""
    values: dict[str, str] = {}
    for key, value in found.groupdict().items():
        filling = _translation(value, depth + 1) if key in _NESTED else _value(key, value)
        if filling is None:
            return None
        values[key] = filling
    return values


@cache
def _rows() -> list[tuple[tuple[str, ...], str]]:
    """Return the rows with placeholders: those around phrases first, then by their own words.

    Every other part of a row is a placeholder.
    """
    rows = {english: tuple(re.split(r"{(\w+)}", english)) for english in PHRASES if "{" in english}

    def rank(english: str) -> tuple[bool, int]:
        parts = rows[english]
        return not set(parts[1::2]) & set(_NESTED), -sum(map(len, parts[::2]))

    return [(rows[english], english) for english in sorted(rows, key=rank)]


def _has_words(text: str, parts: tuple[str, ...]) -> bool:
    """Tell whether a row may match at all: few do, and compiling every pattern costs more than a verdict."""
    return text.startswith(parts[0]) and text.endswith(parts[-1])


@cache
def _pattern(parts: tuple[str, ...]) -> re.Pattern[str]:
    """Return what matches a row."""
    pieces = (f"(?P<{part}>{_PATTERNS.get(part, '.*?')})" if i % 2 else re.escape(part) for i, part in enumerate(parts))
    return re.compile("".join(pieces), re.DOTALL)
