"""ETSI trusted lists: which services become anchors, and which lists are not believed."""

from __future__ import annotations

import base64
import random
import re
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from cryptography import x509
from lxml import etree
from signxml.algorithms import CanonicalizationMethod
from signxml.verifier import SignatureConfiguration, XMLVerifier

from ecert.errors import SettingsError
from ecert.model.times import read_clock, rfc3339
from ecert.testing import Office, person_name
from ecert.testing.pki import der
from ecert.trust.store import TrustStore
from ecert.trust.trusted_lists import TrustedList, open_trusted_list
from tests.kit import Desk
from tests.trust.lists import DAY, DS, LONG_AGO, ListText, State, critical, for_use, service, sign_list

NOW = read_clock(None)
EIDAS = datetime(2021, 7, 1, tzinfo=UTC)
LATER = datetime(2023, 1, 1, tzinfo=UTC)


@pytest.fixture(scope="module")
def office(desk: Desk) -> Office:
    return desk.office


@pytest.fixture(scope="module")
def state(office: Office) -> State:
    return State(certificates=[office.root.certificate])


@pytest.fixture(scope="module")
def text(state: State) -> ListText:
    return ListText([service(state)])


@pytest.fixture(scope="module")
def good(office: Office, text: ListText) -> bytes:
    return sign_list(text.xml(), office.seal)


def read(data: bytes, office: Office, at: datetime = NOW) -> TrustedList:
    """Read a list that the office's seal must have signed, as of a time."""
    found = open_trusted_list(data, [office.seal.certificate], at, "it")
    if found.anchors:
        found.check(at, None, "it")
    return found


def code_of(data: bytes, office: Office, at: datetime = NOW) -> str:
    """Return the code under which a list is refused; fail where it is not."""
    with pytest.raises(SettingsError) as caught:
        read(data, office, at)
    assert caught.value.hint
    return caught.value.code


def anchors(office: Office, *services: str) -> list[tuple[Any, ...]]:
    """Return (roles, from, until) of what these services become."""
    found = read(sign_list(ListText(services).xml(), office.seal, form="xmldsig"), office)
    return [("+".join(sorted(a.roles)), a.valid_from, a.valid_until) for a in found.anchors]


# ── what is believed ─────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("form", ["xades", "xmldsig"])
@pytest.mark.parametrize("identifier", ["", "list"])
@pytest.mark.parametrize("algorithm", ["rsa2048", "p256"])
def test_signed_as_operators_do(office: Office, text: ListText, form: Any, identifier: str, algorithm: Any):
    operator = office.issue(person_name("Trần Thị Thử"), algorithm=algorithm)
    data = sign_list(replace(text, id=identifier).xml(), operator, form=form)
    assert f'URI="{identifier and "#list"}"'.encode() in data
    found = open_trusted_list(data, [operator.certificate], NOW, "it")
    assert (found.territory, found.operator, found.sequence) == ("VN", "Sample operator", 7)
    assert found.key == "VN http://uri.etsi.org/TrstSvc/TrustedList/TSLType/VNlist"
    (anchor,) = found.anchors
    assert anchor.certificate == der(office.root.certificate)
    assert anchor.source == "VN 7: Sample TSP, Sample service"


def test_a_store_of_a_list(office: Office, good: bytes, text: ListText, tmp_path: Path):
    path = tmp_path / "list.xml"
    path.write_bytes(good)
    signers = [office.seal.certificate]
    store = TrustStore.from_trusted_list(path, signers, minimum_sequence=7)
    assert store.expires == text.now + 30 * DAY
    assert store.stale_since is None
    assert len(store.for_role("signer", NOW)) == 1
    assert store.for_role("timestamp") == ()
    with pytest.raises(SettingsError, match="sequence number 7, below 8") as caught:
        TrustStore.from_trusted_list(path, signers, minimum_sequence=8)
    assert caught.value.code == "list-sequence-decreased"
    with pytest.raises(SettingsError, match="has expired"):
        TrustStore.from_trusted_list(path, signers, NOW + 31 * DAY)
    with pytest.raises(SettingsError, match="nobody is named") as caught:
        TrustStore.from_trusted_list(path, [])
    assert caught.value.code == "list-without-signer"
    path.write_bytes(sign_list(ListText().xml(), office.seal))
    with pytest.raises(SettingsError, match="names no service") as caught:
        TrustStore.from_trusted_list(path, signers)
    assert caught.value.code == "list-without-anchors"
    path.write_bytes(b" " * (16 * 1024 * 1024 + 1))
    with pytest.raises(SettingsError, match="more than"):
        TrustStore.from_trusted_list(path, signers)


@pytest.mark.parametrize(
    ("change", "roles"),
    [
        ({}, "seal+signer"),
        ({"kind": "CA/PKC"}, "seal+signer"),
        ({"kind": "TSA/QTST"}, "timestamp"),
        ({"kind": "TSA"}, "timestamp"),
        ({"kind": "TSA", "status": "recognisedatnationallevel"}, "timestamp"),
        ({"kind": "TSA", "extensions": for_use("ForeSeals")}, "timestamp"),
        ({"extensions": for_use("ForeSignatures")}, "signer"),
        ({"extensions": for_use("ForeSeals")}, "seal"),
        ({"extensions": for_use("ForeSeals") + for_use("ForeSignatures")}, "seal+signer"),
        ({"extensions": for_use("ForeSeals") + for_use("ForWebSiteAuthentication")}, "seal"),
        ({"extensions": for_use("RootCA-QC")}, "seal+signer"),
        ({"extensions": critical("<Qualifications/>") + for_use("ForeSeals")}, "seal"),
        ({"extensions": critical("<Unheard/>", "false")}, "seal+signer"),
        ({"extensions": for_use("ForWebSiteAuthentication")}, None),
        ({"extensions": critical("<Unheard/>")}, None),
        ({"extensions": critical("<Unheard/>", "1") + for_use("ForeSeals")}, None),
        ({"extensions": critical("by agreement")}, None),
        ({"status": "withdrawn"}, None),
        ({"status": "undersupervision"}, None),
        ({"status": "accredited"}, None),
        ({"status": "granted/"}, None),
        ({"status": "gran<?x?>ted"}, None),
        ({"kind": "Certstatus/OCSP"}, None),
        ({"kind": "TSA/TSS-QC"}, None),
        ({"kind": "NationalRootCA-QC"}, None),
        ({"kind": "CA/QC/"}, None),
        ({"start": "soon"}, None),
        ({"start": "2019-01-01T00:00:00+07:00"}, None),
        ({"start": "2019-13-01T00:00:00Z"}, None),
        ({"identity": "<DigitalId><X509SubjectName>CN=x</X509SubjectName></DigitalId>"}, None),
        ({"identity": "<DigitalId><X509Certificate>AAAA</X509Certificate></DigitalId>"}, None),
        ({"identity": "<DigitalId><X509Certificate>?</X509Certificate></DigitalId>"}, None),
    ],
)
def test_types_uses_and_states(office: Office, state: State, change: dict[str, Any], roles: str | None):
    expected = [(roles, LONG_AGO, None)] if roles else []
    assert anchors(office, service(replace(state, **change))) == expected


def test_a_state_lasts_until_the_next(office: Office, state: State):
    granted = replace(state, start=LONG_AGO)
    withdrawn = replace(state, status="withdrawn", start=LATER)
    old = replace(state, status="undersupervision", start=LONG_AGO)
    new = replace(state, start=EIDAS)
    seals = replace(state, start=EIDAS, extensions=for_use("ForeSeals"))
    both = "seal+signer"
    assert anchors(office, service(withdrawn, granted)) == [(both, LONG_AGO, LATER)]
    assert anchors(office, service(new, old)) == [(both, LONG_AGO, None)]
    assert anchors(office, service(seals, old)) == [(both, LONG_AGO, EIDAS), ("seal", EIDAS, None)]
    assert anchors(office, service(withdrawn, seals, old)) == [(both, LONG_AGO, EIDAS), ("seal", EIDAS, LATER)]
    again = replace(state, start=LATER)
    gap = replace(state, status="withdrawn", start=EIDAS)
    for history in ((gap, granted), (granted, gap)):  # in any order
        assert anchors(office, service(again, *history)) == [(both, LONG_AGO, EIDAS), (both, LATER, None)]


def test_a_history_that_contradicts_itself_gives_nothing(office: Office, state: State):
    new = replace(state, start=EIDAS)
    only_new = [("seal+signer", EIDAS, None)]
    unread = replace(state, start="once")
    gone = replace(state, status="withdrawn")
    assert anchors(office, service(new, state, unread)) == only_new
    assert anchors(office, service(new, state, gone)) == only_new
    assert anchors(office, service(new, replace(state, start=EIDAS))) == only_new
    assert anchors(office, service(new, replace(gone, start=LATER))) == []


def test_history_counts_for_the_same_key_alone(office: Office, state: State):
    new = replace(state, start=EIDAS)
    root = office.root.certificate
    ski = root.extensions.get_extension_for_class(x509.SubjectKeyIdentifier).value.digest

    def by_ski(value: bytes) -> State:
        text = base64.b64encode(value).decode()
        return replace(state, identity=f"<DigitalId><X509SKI>{text}</X509SKI></DigitalId>")

    whole = [("seal+signer", LONG_AGO, None)]
    part = [("seal+signer", EIDAS, None)]
    assert anchors(office, service(new, by_ski(ski))) == whole
    assert anchors(office, service(new, by_ski(b"\0" + ski[1:]))) == part
    other = replace(state, certificates=[office.issuing.certificate])
    assert anchors(office, service(new, other)) == part
    none = replace(state, certificates=[], identity="<DigitalId/>")
    assert anchors(office, service(new, none)) == part


def test_a_certificate_that_is_no_ca_stands_for_itself(office: Office):
    unit = State("TSA/QTST", certificates=[office.tsa.certificate, office.tsa_authority.certificate])
    found = read(sign_list(ListText([service(unit)]).xml(), office.seal), office).anchors
    assert [a.direct for a in found] == [True, False]
    assert {a.roles for a in found} == {frozenset({"timestamp"})}


def test_the_same_anchor_of_two_services_stands_once(office: Office, state: State):
    assert len(anchors(office, service(state), service(state))) == 1


# ── which lists ──────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"version": "5"}, None),
        ({"type": "EUgeneric", "territory": "SK"}, None),
        ({"version": "4"}, "list-wrong-type"),
        ({"version": "7"}, "list-wrong-type"),
        ({"version": "5.0"}, "list-wrong-type"),
        ({"type": "EUlistofthelists", "territory": "EU"}, "list-wrong-type"),
        ({"type": "VNlistofthelists"}, "list-wrong-type"),
        ({"type": "SKlist"}, "list-wrong-type"),
        ({"type": "list", "territory": ""}, "list-wrong-type"),
        ({"type": "EUgeneric", "territory": ""}, "list-malformed"),
        ({"tag": "http://uri.etsi.org/02231/TSLTag"}, "list-malformed"),
        ({"sequence": "0"}, "list-malformed"),
        ({"sequence": "-1"}, "list-malformed"),
        ({"sequence": "9" * 10}, "list-malformed"),
        ({"sequence": "٧"}, "list-malformed"),
        ({"sequence": "7</TSLSequenceNumber><TSLSequenceNumber>8"}, "list-malformed"),
        ({"issued": "yesterday"}, "list-malformed"),
        ({"issued": rfc3339(NOW + timedelta(minutes=4))}, None),
        ({"issued": rfc3339(NOW + timedelta(minutes=6))}, "list-from-the-future"),
        ({"next_update": ""}, "list-expired"),
        ({"next_update": f"<dateTime>{rfc3339(NOW - DAY)}</dateTime>"}, "list-expired"),
        ({"next_update": "<dateTime>2101-01-01T00:00:00.000Z</dateTime>"}, None),
        ({"next_update": "<dateTime>2101-01-01</dateTime>"}, "list-malformed"),
        ({"next_update": "2101-01-01T00:00:00Z"}, "list-malformed"),
        ({"next_update": "</NextUpdate><NextUpdate>"}, "list-malformed"),
    ],
)
def test_version_type_time_and_number(office: Office, text: ListText, change: dict[str, Any], code: str | None):
    data = sign_list(replace(text, **change).xml(), office.seal)
    if code is None:
        assert read(data, office).anchors
    else:
        assert code_of(data, office) == code


def test_a_list_expires_with_its_next_update(office: Office, good: bytes, text: ListText):
    end = text.now + 30 * DAY
    assert read(good, office, end).next_update == end
    assert code_of(good, office, end + timedelta(seconds=1)) == "list-expired"


# ── who signed it, and how ───────────────────────────────────────────────────────────────────────


def test_another_signer_is_refused_and_named(office: Office, text: ListText):
    data = sign_list(text.xml(), office.signer)
    with pytest.raises(SettingsError, match=r"it brings [0-9A-F]{2}:") as caught:
        read(data, office)
    assert caught.value.code == "list-wrong-signer"


def test_a_signer_must_be_valid_at_the_time(office: Office, text: ListText):
    late = replace(text, next_update="<dateTime>2101-01-01T00:00:00Z</dateTime>")
    data = sign_list(late.xml(), office.seal)
    end = office.seal.certificate.not_valid_after_utc
    assert read(data, office, end).anchors
    assert code_of(data, office, end + timedelta(seconds=1)) == "list-wrong-signer"


def test_sha1_and_short_keys_are_refused(office: Office, text: ListText):
    for algorithm, digest, words in (("rsa2048", "sha1", "too weak"), ("rsa1024", "sha256", "RSA-1024")):
        operator = office.issue(person_name("Trần Thị Thử"), algorithm=algorithm)  # type: ignore[arg-type]
        data = sign_list(text.xml(), operator, form="xmldsig", digest=digest)
        with pytest.raises(SettingsError, match=words) as caught:
            open_trusted_list(data, [operator.certificate], NOW, "it")
        assert caught.value.code == "list-altered"


def test_inclusive_canonical_form_is_refused(office: Office, text: ListText):
    for method in (
        CanonicalizationMethod.CANONICAL_XML_1_1,
        CanonicalizationMethod.EXCLUSIVE_XML_CANONICALIZATION_1_0_WITH_COMMENTS,
    ):
        data = sign_list(text.xml(), office.seal, form="xmldsig", canonical=method)
        assert code_of(data, office) == "list-altered"


def test_key_info_decides_nothing_alone(office: Office, text: ListText):
    data = sign_list(text.xml(), office.signer, form="xmldsig")
    own, other = (base64.b64encode(der(i.certificate)).decode() for i in (office.seal, office.signer))
    root = etree.fromstring(data)
    (shown,) = root.iter(f"{DS}X509Certificate")
    assert "".join((shown.text or "").split()) == other
    shown.text = own  # the pinned certificate beside the signature of another key
    assert code_of(etree.tostring(root, encoding="UTF-8"), office) == "list-altered"
    shown.text = None
    assert code_of(etree.tostring(root, encoding="UTF-8"), office) == "list-wrong-signer"
    (info,) = root.iter(f"{DS}KeyInfo")
    info.clear()
    etree.SubElement(info, f"{DS}KeyName").text = "seal"
    assert code_of(etree.tostring(root, encoding="UTF-8"), office) == "list-wrong-signer"


# ── what was altered ─────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("pattern", "by"),
    [
        (rb"<NextUpdate><dateTime>\d{4}", b"<NextUpdate><dateTime>2101"),
        (rb"<NextUpdate>.*</NextUpdate>", b"<NextUpdate/>"),
        (rb"Number>7<", b"Number>8<"),
        (rb"CA/QC<", b"TSA<"),
        (rb"Svcstatus/granted", b"Svcstatus/x"),
        (rb"<ServiceName>.*</ServiceName>", b""),
        (rb"<TSPService>", b"<TSPService> "),
        (rb'TSLTag="http', b'x="" TSLTag="http'),
        (rb"</TSPServices>", b"<TSPService/></TSPServices>"),
        (rb"<TSPInformation>", b"<?pi?><TSPInformation>"),
        (rb"<TSPServices>.*</TSPServices>", b"<TSPServices/>"),
    ],
)
@pytest.mark.parametrize("form", ["xades", "xmldsig"])
def test_changed_content_is_refused(office: Office, text: ListText, pattern: bytes, by: bytes, form: Any):
    data = sign_list(text.xml(), office.seal, form=form)
    altered, count = re.subn(pattern, by, data)
    assert count == 1
    assert code_of(altered, office) == "list-altered"


def test_no_flipped_bit_changes_what_is_read(office: Office, good: bytes):
    """What is not signed in an XML signature (white space in base64, say) must not matter either."""
    honest, chance, refused = read(good, office), random.Random(3), 0
    for place in chance.sample(range(len(good)), 600):
        altered = bytearray(good)
        altered[place] ^= 1 << chance.randrange(8)
        try:
            found = read(bytes(altered), office)
        except SettingsError:
            refused += 1
        else:
            assert replace(found, sha256=honest.sha256) == honest
    assert refused > 550


def test_unsigned_twice_signed_and_misplaced(office: Office, text: ListText, good: bytes):
    assert code_of(text.xml(), office) == "list-altered"
    root = etree.fromstring(good)
    (signature,) = root.iter(f"{DS}Signature")
    for where in (root[0], root[1], root[1][0]):
        where.append(signature)
        assert code_of(etree.tostring(root, encoding="UTF-8"), office) == "list-altered"
    root.insert(0, signature)
    assert code_of(etree.tostring(root, encoding="UTF-8"), office) == "list-altered"
    root.append(signature)
    assert read(etree.tostring(root, encoding="UTF-8"), office).anchors
    root.append(etree.fromstring(etree.tostring(signature)))
    assert code_of(etree.tostring(root, encoding="UTF-8"), office) == "list-altered"
    twice = sign_list(good, office.seal)
    assert code_of(twice, office) == "list-altered"


def test_a_wrapped_list_is_refused(office: Office, text: ListText, state: State):
    """The signed list is kept whole inside a forged one; its signature still holds over the old part."""
    root = etree.fromstring(sign_list(text.xml(), office.seal, form="xmldsig", uri="#list"))
    (signature,) = root.iter(f"{DS}Signature")
    root.remove(signature)
    forged_state = replace(state, certificates=[office.issuing.certificate])
    for wrapped_in in ("AdditionalInformation", f"{DS}Object"):
        forged = etree.fromstring(replace(text, services=[service(forged_state)]).xml())
        forged.set("Id", "forged")
        if wrapped_in.startswith(DS):
            etree.SubElement(signature, wrapped_in).append(root)
        else:
            etree.SubElement(forged, wrapped_in).append(root)
        forged.append(signature)
        data = etree.tostring(forged, encoding="UTF-8")
        assert code_of(data, office) == "list-altered"
        if not wrapped_in.startswith(DS):  # the library alone lets it pass, and hands out the old part
            config = SignatureConfiguration(location="./", expect_references=True)
            XMLVerifier().verify(data, x509_cert=office.seal.certificate, expect_config=config)
            forged.set("Id", "list")
            assert code_of(etree.tostring(forged, encoding="UTF-8"), office) == "list-altered"


def test_a_signature_of_a_part_is_refused(office: Office, text: ListText):
    """An honest signature, but over the scheme information alone."""
    part = text.xml().replace(b"<SchemeInformation>", b'<SchemeInformation Id="part">')
    data = sign_list(part, office.seal, form="xmldsig", uri="#part")
    assert code_of(data, office) == "list-altered"


def test_comments_hide_nothing(office: Office, text: ListText):
    """Canonical form drops comments; a text that one cuts in two is read whole."""
    data = sign_list(replace(text, sequence="700").xml(), office.seal)
    cut = data.replace(b"Number>700<", b"Number>7<!-- x -->00<").replace(
        b"Svcstatus/granted", b"Svcstatus/<!-- with -->granted"
    )
    assert cut != data
    assert replace(read(cut, office), sha256="") == replace(read(data, office), sha256="")
    assert read(cut, office).sequence == 700


# ── hostile XML ──────────────────────────────────────────────────────────────────────────────────

_LOL = "".join(f'<!ENTITY a{i} "{f"&a{i - 1};" * 10}">' for i in range(1, 10))


@pytest.mark.parametrize(
    "dtd",
    [
        "<!DOCTYPE TrustServiceStatusList>",
        '<!DOCTYPE TrustServiceStatusList SYSTEM "file:///etc/passwd">',
        '<!DOCTYPE x [<!ENTITY e "7">]>',
        f'<!DOCTYPE x [<!ENTITY a0 "lol">{_LOL}]>',
        '<!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]>',
        '<!DOCTYPE x [<!ENTITY % e SYSTEM "http://127.0.0.1:9/x.dtd"> %e;]>',
        '<!DOCTYPE x [<!ATTLIST TrustServiceStatusList Id ID "other">]>',
    ],
)
@pytest.mark.parametrize("use", ["", "&e;", "&a9;"])
def test_no_dtd_and_no_entities(office: Office, good: bytes, dtd: str, use: str):
    data = good.replace(b"?>", b"?>" + dtd.encode(), 1).replace(b"Number>7<", b"Number>" + (use or "7").encode() + b"<")
    assert code_of(data, office) == "list-malformed"


@pytest.mark.parametrize(
    "change",
    [
        lambda data: b"",
        lambda data: b"<",
        lambda data: data[:-1],
        lambda data: data + b"<x/>",
        lambda data: data.decode().replace("UTF-8", "UTF-16").encode("utf-16"),
        lambda data: data.replace(b"UTF-8", b"ISO-8859-1"),
        lambda data: data + b"\xff",
        lambda data: b"<x>" * 100_000,
        lambda data: b"<x>" * 300 + b"</x>" * 300,
        lambda data: data.replace(b"02231/v2#", b"02231/v1#"),
        lambda data: b"<x/>",
        lambda data: data.replace(b"TrustServiceStatusList", b"TrustServiceStatusLisT"),
        lambda data: data.replace(b"<TSPServices>", b'<TSPServices x="&lt" x="">'),
    ],
)
def test_what_is_no_plain_xml_list(office: Office, good: bytes, change: Callable[[bytes], bytes]):
    assert code_of(change(good), office) == "list-malformed"


@pytest.mark.parametrize(
    ("pattern", "by"),
    [
        (rb"<ds:SignedInfo>.*</ds:SignedInfo>", b""),
        (rb"<ds:SignatureValue>.*?<", b"<ds:SignatureValue><"),
        (rb"<ds:DigestMethod [^>]*>", b""),
        (rb'URI="" ?', b""),
        (rb'URI=""', b'URI="http://127.0.0.1:9/list.xml"'),
        (rb'URI=""', b'URI="#xpointer(/)"'),
        (rb'URI=""', b'URI="#nowhere"'),
        (rb"xmldsig-more#ecdsa-sha256", b"xmldsig-more#hmac-sha256"),
        (rb"xmldsig-more#ecdsa-sha256", b"xmldsig-more#unheard"),
        (rb"xmldsig#enveloped-signature", b"TR/1999/REC-xslt-19991116"),
    ],
)
def test_hostile_signatures_are_refused_by_name(office: Office, text: ListText, pattern: bytes, by: bytes):
    data = sign_list(replace(text, id="").xml(), office.seal, form="xmldsig")
    altered, count = re.subn(pattern, by, data, count=1, flags=re.DOTALL)
    assert count == 1
    assert code_of(altered, office) == "list-altered"
