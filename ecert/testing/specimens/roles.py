"""Who signed and who sealed: wrong keys, wrong order, too many, seals of other copies, and none at all."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from ecert.formats.ecert1 import NUMBERS
from ecert.formats.pades.cms_writer import build_signed_data, signed_attributes
from ecert.formats.pades.fields import signature_fields
from ecert.formats.pades.increments import begin_signature, next_number
from ecert.formats.pdf import Name, Ref, read_document
from ecert.model.roles import Role
from ecert.testing.extensions import TIME_STAMPING
from ecert.testing.names import body_name, person_name
from ecert.testing.specimens.dishonest import Objects, draft
from ecert.testing.specimens.registry import specimen

if TYPE_CHECKING:
    from ecert.testing.specimens.press import Press

_THIRD = "Third"


@specimen(
    "roles",
    "same-key-twice",
    "body-differs",
    vi="Người ký dùng khóa cá nhân của mình để đóng dấu thay cơ quan.",
    en="The signer sealed with their own key in the body's place.",
)
def sealed_with_the_signers_key(press: Press) -> bytes:
    return draft(press).sign("signer").sign("seal", press.office.key("signer")).archive()


@specimen(
    "roles",
    "same-key-twice",
    "certifier-differs",
    vi="Văn thư dùng khóa con dấu của cơ quan để ký thay người có thẩm quyền.",
    en="The body's seal signed in the competent person's place.",
)
def signed_with_the_seals_key(press: Press) -> bytes:
    return draft(press).sign("signer", press.office.key("seal")).sign("seal").archive()


@specimen(
    "roles",
    "certifier-differs",
    "body-differs",
    vi="Hai khóa bị dùng lẫn: con dấu ở ô người ký, người ký ở ô con dấu.",
    en="The keys changed places: the seal signed, the signer sealed.",
)
def keys_exchanged(press: Press) -> bytes:
    office = press.office
    work = draft(press).sign("signer", office.key("seal"))
    return work.sign("seal", office.key("signer")).archive()


@specimen(
    "roles",
    "seal-before-signer",
    vi="Cơ quan đóng dấu trước, người có thẩm quyền ký sau.",
    en="The body sealed first, the competent person signed afterwards.",
)
def sealed_before_signed(press: Press) -> bytes:
    return draft(press).sign("seal").sign("signer").archive()


@specimen(
    "roles",
    "signer-missing",
    vi="Chỉ có con dấu của cơ quan, người có thẩm quyền không ký.",
    en="Only the body's seal is there, the competent person did not sign.",
)
def seal_alone(press: Press) -> bytes:
    return draft(press).sign("seal").archive()


@specimen(
    "roles",
    "seal-missing",
    vi="Chỉ có chữ ký của người có thẩm quyền, được lưu trữ mà không có con dấu.",
    en="Only the competent person signed; it was archived without any seal.",
)
def signature_alone(press: Press) -> bytes:
    return draft(press).sign("signer").archive()


def _third_field(objects: Objects) -> None:
    """Prepare a third signature field, before anybody signs."""
    number = max(objects) + 1
    objects[number] = {**objects[NUMBERS.SEAL], "T": _THIRD.encode(), "Rect": [0, 0, 0, 0]}
    acro, shown = objects[NUMBERS.ACRO_FORM], objects[NUMBERS.ANNOTATIONS]
    objects[int(NUMBERS.ACRO_FORM)] = {**acro, "Fields": [*acro["Fields"], Ref(number)]}
    objects[int(NUMBERS.ANNOTATIONS)] = [*shown, Ref(number)]


def _signed_three_times(press: Press, who: Role) -> bytes:
    """Sign, let somebody sign the third field too, and seal."""
    work = draft(press, _third_field).sign("signer")
    document, key = read_document(work.data), press.office.key(who)
    field = next(f for f in signature_fields(document) if f.name == _THIRD)
    dictionary = {"Type": Name("Sig"), "Filter": Name("Adobe.PPKLite"), "SubFilter": Name("ETSI.CAdES.detached")}
    pending = begin_signature(
        document,
        field=field.ref,
        dictionary=dictionary,
        objects={},
        field_changes={},
        room=6000,
        signature_number=next_number(document),
    )
    attributes = signed_attributes(pending.digest(key.scheme.digest), key.certificate, key.scheme)
    value = build_signed_data(attributes, key.sign(attributes), key.scheme, key.chain)
    return work.now(pending.finish(value)).sign("seal").archive()


@specimen(
    "roles",
    "extra-signature",
    "not-pdfa",
    vi="Bản sao có hai con dấu: một ô thứ ba được chuẩn bị sẵn và cơ quan đóng dấu hai lần.",
    en="The copy has two seals: a third field was prepared, and the body sealed twice.",
)
def two_seals(press: Press) -> bytes:
    return _signed_three_times(press, "seal")


@specimen(
    "roles",
    "extra-signature",
    "not-pdfa",
    vi="Bản sao có hai người ký: một ô thứ ba được chuẩn bị sẵn cho chữ ký thứ hai.",
    en="The copy has two signers: a third field was prepared for the second signature.",
)
def two_signers(press: Press) -> bytes:
    return _signed_three_times(press, "signer")


@specimen(
    "roles",
    "certifier-differs",
    vi="Người khác, có chứng thư số thật, ký thay người ghi trong lời chứng.",
    en="Somebody else, with a true certificate, signed in place of the person the statement names.",
)
def signed_by_somebody_else(press: Press) -> bytes:
    other = press.office.issue(person_name("Phạm Văn Khác"), algorithm="p256")
    return draft(press).sign("signer", press.office.key(other)).sign("seal").archive()


@specimen(
    "roles",
    "body-differs",
    vi="Cơ quan khác, có chứng thư số thật, đóng dấu thay cơ quan ghi trong lời chứng.",
    en="Another body, with a true certificate, sealed in place of the one the statement names.",
)
def sealed_by_another_body(press: Press) -> bytes:
    name = body_name("ỦY BAN NHÂN DÂN XÃ KHÁC", identifiers=("MNS:H00.02",))
    other = press.office.issue(name, algorithm="p256")
    return draft(press).sign("signer").sign("seal", press.office.key(other)).archive()


@specimen(
    "roles",
    "certificate-wrong-usage",
    with_evidence=True,
    vi="Con dấu được tạo bằng chứng thư số chỉ dùng để cấp dấu thời gian.",
    en="The seal was made with a certificate that may only time-stamp.",
)
def sealed_with_a_time_stamp_certificate(press: Press) -> bytes:
    other = press.office.issue(body_name(), algorithm="p256", use=TIME_STAMPING)
    return draft(press).sign("signer").sign("seal", press.office.key(other)).data


@specimen(
    "roles",
    "revoked-before-signing",
    with_evidence=True,
    vi="Người ký dùng chứng thư số đã bị thu hồi từ hôm trước.",
    en="The signer's certificate had been revoked the day before.",
)
def signed_with_a_revoked_certificate(press: Press) -> bytes:
    other = press.office.issue(person_name(), algorithm="p256")
    press.office.revoke(other, at=press.now() - timedelta(days=1))
    return draft(press).sign("signer", press.office.key(other)).sign("seal").data


@specimen(
    "roles",
    "not-valid-at-signing",
    with_evidence=True,
    vi="Người ký dùng chứng thư số đã hết hạn từ hôm trước.",
    en="The signer's certificate had expired the day before.",
)
def signed_with_an_expired_certificate(press: Press) -> bytes:
    expired = press.now() - timedelta(days=1)
    other = press.office.issue(person_name(), algorithm="p256", not_after=expired)
    return draft(press).sign("signer", press.office.key(other)).sign("seal").data


@specimen(
    "roles",
    "signer-not-trusted",
    "seal-not-trusted",
    verdict="INDETERMINATE",
    vi="Bản sao do một văn phòng cùng tên nhưng không ai tin cậy lập ra, đúng mọi quy cách.",
    en="A copy by an office of the same names that nobody trusts, right in every other way.",
)
def copy_of_a_stranger(press: Press) -> bytes:
    return press.elsewhere.copy


@specimen(
    "roles",
    "seal-not-trusted",
    verdict="INDETERMINATE",
    vi="Người ký thật, con dấu của một văn phòng cùng tên nhưng không ai tin cậy.",
    en="A true signer, and a seal of an office of the same name that nobody trusts.",
)
def seal_of_a_stranger(press: Press) -> bytes:
    work = draft(press).sign("signer").sign("seal", press.stranger.key("seal"))
    return work.archive(press.stranger.trust)


@specimen(
    "certification",
    "signature-malformed",
    vi="Người ký cho phép thay đổi rộng hơn quy cách (P=3).",
    en="The signer permitted more changes than the format does (P=3).",
)
def signed_with_a_wider_permission(press: Press) -> bytes:
    work = draft(press).sign("signer", exchange=(b"/P 2 /V", b"/P 3 /V"))
    return work.sign("seal").archive()


@specimen(
    "certification",
    "signature-malformed",
    vi="Người ký không chứng nhận tài liệu mà chỉ ký phê duyệt.",
    en="The signer approved the document and did not certify it.",
)
def signed_without_certifying(press: Press) -> bytes:
    work = draft(press).sign("signer", exchange=(b"/TransformMethod /DocMDP", b"/TransformMethod /UR3"))
    return work.sign("seal").archive()


@specimen(
    "certification",
    "signature-malformed",
    vi="Con dấu không khóa ô của người ký.",
    en="The seal does not lock the signer's field.",
)
def sealed_without_the_lock(press: Press) -> bytes:
    old = b"/TransformMethod /FieldMDP"
    return draft(press).sign("signer").sign("seal", exchange=(old, b"/TransformMethod /None")).archive()


@specimen(
    "appearance",
    "statement-differs",
    vi="Hình của chữ ký được vẽ sai trước khi ký: thiếu hẳn dòng chữ.",
    en="The signature's picture was drawn wrong before signing: its text is missing.",
)
def signed_under_another_picture(press: Press) -> bytes:
    return draft(press).sign("signer", exchange=(b" Tj", b"")).sign("seal").archive()


@specimen(
    "appearance",
    "statement-differs",
    vi="Giờ ký khai trong chữ ký khác với giờ hiện trên hình chữ ký.",
    en="The time that the signature claims is not the one its picture shows.",
)
def shown_time_is_another(press: Press) -> bytes:
    year = b"/M (D:%d" % press.now().year
    other = b"/M (D:%d" % (press.now().year - 1)
    return draft(press).sign("signer", exchange=(year, other)).sign("seal").archive()
