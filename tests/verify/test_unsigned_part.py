"""What no signature covers behind the last one: it has one form, or the copy is not VALID."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from ecert.formats.ecert1.fonts import regular
from ecert.formats.pades.cms import der_length, read_signed_data
from ecert.formats.pades.fields import PdfSignature, read_signatures
from ecert.formats.pades.unsigned_part import has_standard_form
from ecert.formats.pdf import read_document
from ecert.report import Report
from ecert.testing.specimens.increments import append
from ecert.trust.certificates import try_load
from ecert.trust.revocation import made_at
from ecert.verify.copy import verify_copy
from fuzz.mutations.asn1 import Node, parse
from tests.kit import Desk

NULL = Node(0x05, b"")


def last_of(data: bytes) -> PdfSignature:
    return read_signatures(read_document(data))[-1]


def value_of(data: bytes) -> bytes:
    contents = last_of(data).contents
    return contents[: der_length(contents)]


def with_tree(data: bytes, change: Callable[[Node], object]) -> bytes:
    """Return a copy whose archive time-stamp was changed as a tree of ASN.1 values."""
    tree = parse(value_of(data))
    change(tree)
    gap = last_of(data).gap
    assert gap is not None
    digits = tree.encoded().hex().encode()
    return data[: gap[0] + 1] + digits.ljust(gap[1] - gap[0] - 2, b"0") + data[gap[1] - 1 :]


def judge(desk: Desk, data: bytes) -> Report:
    return verify_copy(data, trust=desk.office.trust)


def signed_data(tree: Node) -> Node:
    return tree.members[1].members[0]


def signer(tree: Node) -> Node:
    return signed_data(tree).members[-1].members[0]


def certificates(tree: Node) -> list[Node]:
    return signed_data(tree).members[3].members


def issuing(tree: Node) -> Node:
    """Return the first field of the certificate that the token carries beside its signer's."""
    number = signer(tree).members[1].members[1].content
    others = [c for c in certificates(tree) if c.members[0].members[1].content != number]
    return others[0].members[0]


def _spoil(node: Node) -> None:
    node.content = bytes([node.content[0] ^ 1]) + node.content[1:]


FORMS: dict[str, Callable[[Node], object]] = {
    "another version": lambda t: setattr(signed_data(t).members[0], "content", b"\x01"),
    "another version of the signer": lambda t: setattr(signer(t).members[0], "content", b"\x03"),
    "a second digest algorithm": lambda t: (
        signed_data(t).members[1].members.append(signed_data(t).members[1].members[0])
    ),
    "no digest algorithm": lambda t: signed_data(t).members[1].members.clear(),
    "a longer length": lambda t: setattr(signed_data(t), "long_form", True),
    "a certificate twice": lambda t: certificates(t).append(certificates(t)[0]),
    "no certificate but something": lambda t: certificates(t).append(NULL),
    "revocation data beside": lambda t: signed_data(t).members.insert(4, Node(0xA1, b"\x05\x00")),
    "something behind the signer": lambda t: signer(t).members.append(NULL),
    "parameters that mean nothing": lambda t: signer(t).members[2].members.append(Node(4, b"x")),
    "another name of the issuer": lambda t: signer(t).members[1].members[0].members.reverse(),
}


@pytest.mark.parametrize("name", FORMS)
def test_the_unsigned_part_has_one_form(desk: Desk, name: str) -> None:
    data = with_tree(desk.copy.to_bytes(), FORMS[name])
    assert data != desk.copy.to_bytes()
    assert not has_standard_form(value_of(data))
    report = judge(desk, data)
    assert report.verdict == "INVALID"
    assert {"timestamp-broken", "signature-malformed"} & set(report.codes())


def test_what_we_and_the_kit_write_has_it(desk: Desk) -> None:
    found = read_signatures(read_document(desk.copy.to_bytes()))
    assert len(found) == 3
    assert all(has_standard_form(s.contents[: der_length(s.contents)]) for s in found)
    assert not has_standard_form(b"")
    assert not has_standard_form(value_of(desk.copy.to_bytes()) + b"\0")


def test_parameters_may_be_null_or_absent(desk: Desk) -> None:
    def add_or_drop(tree: Node) -> None:
        for algorithm in (signed_data(tree).members[1].members[0], signer(tree).members[2]):
            if len(algorithm.members) > 1:
                del algorithm.members[1:]
            else:
                algorithm.members.append(NULL)

    data = with_tree(desk.copy.to_bytes(), add_or_drop)
    assert data != desk.copy.to_bytes()
    assert judge(desk, data).verdict == "VALID"


def test_a_carried_certificate_that_nobody_issued_is_no_certificate(desk: Desk) -> None:
    data = with_tree(desk.copy.to_bytes(), lambda t: _spoil(issuing(t).members[1]))
    report = judge(desk, data)
    assert report.verdict == "INDETERMINATE"
    assert report.codes("unknown") == ["structure-unsupported"]


def test_a_spoilt_authority_does_not_pass_for_a_strange_one(desk: Desk) -> None:
    """At the signed stage nothing else leads to the time-stamp's root: a warning alone would not do."""
    data = desk.signed.to_bytes()
    message = read_signed_data(value_of(data))
    (token,) = [read_signed_data(der) for der in message.timestamps]
    (other,) = [c for c in token.certificates if c != token.signer_certificate]
    spoilt = other[:-1] + bytes([other[-1] ^ 1])
    changed = data.replace(other.hex().encode(), spoilt.hex().encode())
    assert changed != data
    policy = type(desk.signed).policy
    found = [verify_copy(d, trust=desk.office.trust, policy=policy, revocation="if-present") for d in (data, changed)]
    assert [r.verdict for r in found] == ["VALID", "INDETERMINATE"]
    assert "structure-unsupported" in found[1].codes()


def test_white_space_in_the_padding_is_seen(desk: Desk) -> None:
    data = desk.copy.to_bytes()
    gap = last_of(data).gap
    assert gap is not None
    spaced = data[: gap[1] - 3] + b"0\n" + data[gap[1] - 1 :]
    report = judge(desk, spaced)
    assert len(spaced) == len(data)
    assert report.verdict == "INVALID"
    assert "signature-malformed" in report.codes()


def test_a_certificate_with_an_unreadable_name_is_no_certificate(desk: Desk) -> None:
    data = desk.copy.to_bytes()
    certificate = read_signed_data(value_of(data)).signer_certificate
    assert certificate is not None
    tree = parse(certificate)
    name = tree.members[0].members[5].members[0].members[0].members[1]
    name.tag = 0x0D  # a relative object identifier
    assert try_load(tree.encoded()) is None
    changed = data.replace(certificate.hex().encode(), tree.encoded().hex().encode())
    report = judge(desk, changed)
    assert report.verdict == "INVALID"
    assert "verifier-fault" not in report.codes()


def test_an_object_is_not_written_again_behind_the_archive_timestamp(desk: Desk) -> None:
    data = desk.copy.to_bytes()
    document = read_document(data)
    page = next(document.pages())
    report = judge(desk, append(data, {page.num: document.dictionary(page)}))
    assert report.verdict == "INVALID"
    assert report.codes("error") == ["changed-after-seal"]


@pytest.mark.parametrize("rect", [[0, 0, 3, 100], [10, 10], [0, 0, 0, 0], ["a", 1, 2, 3]])
def test_a_field_too_small_for_its_words_is_judged(desk: Desk, rect: list[object]) -> None:
    data = desk.copy.to_bytes()
    field = read_signatures(read_document(data))[0].field
    values = [v.encode() if isinstance(v, str) else v for v in rect]
    report = judge(desk, append(data, {field.ref.num: {**field.widget, "Rect": values}}))
    assert report.verdict == "INVALID"
    assert "verifier-fault" not in report.codes()


def test_text_that_cannot_be_broken_is_refused() -> None:
    with pytest.raises(ValueError, match="no letter is as narrow as 1 points"):
        regular().wrapped("chữ", 10, 1)


def test_a_crl_of_a_version_that_does_not_exist_says_nothing(desk: Desk) -> None:
    office = desk.office
    crl = office.crl(office.root)
    assert made_at(crl) is not None
    tree = parse(crl)
    assert tree.members[0].members[0].content == b"\x01"
    tree.members[0].members[0].content = b"\x23"
    assert made_at(tree.encoded()) is None
