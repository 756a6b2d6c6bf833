"""Copies cut back to an earlier state, which is byte for byte what an honest office had in its hands."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ecert.testing.specimens.increments import cut
from ecert.testing.specimens.registry import specimen

if TYPE_CHECKING:
    from ecert.testing.specimens.press import Press


@specimen(
    "cut-back",
    "seal-missing",
    vi="Cắt bỏ mọi thứ sau chữ ký của người ký.",
    en="Everything after the signer was cut off.",
)
def cut_back_to_the_signer(press: Press) -> bytes:
    return cut(press.copy, 1)


@specimen(
    "cut-back",
    "unsigned",
    vi="Cắt bỏ mọi chữ ký số, chỉ còn bản dự thảo.",
    en="All signatures were cut off, what is left is the draft.",
)
def cut_back_to_the_draft(press: Press) -> bytes:
    return cut(press.copy, 0)


@specimen(
    "cut-back",
    "bytes-unaccounted",
    "seal-missing",
    vi="Tệp bị cắt ở giữa giá trị chữ ký số của con dấu, như khi tải dở dang.",
    en="The file ends in the middle of the seal's value, as after a broken download.",
)
def cut_in_the_middle(press: Press) -> bytes:
    return press.copy[: len(cut(press.copy, 1)) + 5000]


@specimen(
    "cut-back",
    "revocation-missing",
    verdict="INDETERMINATE",
    vi="Cắt bỏ dữ liệu kiểm tra và dấu thời gian lưu trữ: không còn biết chứng thư số có bị thu hồi.",
    en="Validation data and archive time-stamp were cut off: whether a certificate was revoked is unknown.",
)
def cut_back_to_the_seal(press: Press) -> bytes:
    return press.bare


@specimen(
    "control",
    "level-below-promise",
    verdict="VALID",
    with_evidence=True,
    vi="Bản sao mức B-T như ngay sau khi đóng dấu, được kiểm tra cùng CRL của tổ chức cấp chứng thư.",
    en="The copy as it was right after the seal, level B-T, judged with the CRLs of its authorities.",
)
def level_b_t(press: Press) -> bytes:
    return press.bare
