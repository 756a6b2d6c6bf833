"""Settings: files, variables, places, refusals."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from ecert.errors import SettingsError
from ecert.model.fingerprints import read_fingerprint
from ecert.settings import Settings, TrustedListSettings, layers
from ecert.settings.readers import SettingValue
from ecert.settings.table import SETTINGS
from ecert.testing import Office
from ecert.trust.services import TimestampService

#: As in the reference.
EXAMPLE = """
lang = "vi"
profile = "vn-2025-11"
level = "B-LTA"
[keys.signer]                # [keys.seal] alike
uri = "pkcs11:token=Chairman;object=sign?module-path=/usr/lib/libbit4xpki.so"
pin_source = "prompt"
algorithm = "auto"
certificates = []            # issuers the token lacks
image = "ky.png"
[names]
aliases = {"Ủy ban nhân dân xã Mẫu" = "UBND XA MAU"}
[page]
seal_diameter_mm = 36
max_output_mb = 10
[trust]
paths = ["anchors/"]
bundle_signers = []          # certificates or fingerprints of who signs bundles
state_dir = ""               # empty: nothing is remembered
[[trust.list]]
path = "list.xml"
signers = ["operator.pem"]
minimum_sequence = 1
[services]
timeout_s = 10
max_fetches = 40
status_max_age_s = 300
revocation = ["ocsp", "crl"]
crl_files = []
fetch_issuers = true
allow_hosts = []             # private and loopback hosts, by name
map_hosts = {"ocsp.ca.ptc" = "ocsp.ca.gov.vn"}
proxy = ""
cache_dir = ""               # empty: memory
[[services.timestamp]]       # in order of preference
url = "http://ca.gov.vn/tsa"
retries = 2
[verify]
policy = "certified-copy"
revocation = "require"
online = false
sandbox = false
[limits]
file_mb = 200
pages = 1000
seconds = 20
memory_mb = 1024
"""


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "office" / "ecert.toml"


def read(file: Path, text: str) -> Settings:
    file.parent.mkdir(exist_ok=True)
    file.write_text(text, encoding="utf-8")
    return Settings.from_file(file)


def test_the_example_is_read_and_its_values_are_the_defaults(file: Path):
    settings, defaults = read(file, EXAMPLE), Settings()
    assert settings.source == file
    assert settings.keys.signer.image == file.parent / "ky.png"
    assert settings.trust_settings.paths == (file.parent / "anchors",)
    assert settings.services.timestamps == (TimestampService("http://ca.gov.vn/tsa", 2),)
    assert settings.names.aliases == {"Ủy ban nhân dân xã Mẫu": "UBND XA MAU"}
    assert settings.services.map_hosts == {"ocsp.ca.ptc": "ocsp.ca.gov.vn"}
    for name in ("lang", "profile", "level", "verify", "limits"):
        assert getattr(settings, name) == getattr(defaults, name)
    assert settings.page.max_output_mb == defaults.page.max_output_mb
    assert settings.keys.seal == defaults.keys.seal
    for name in ("timeout_s", "max_fetches", "status_max_age_s", "revocation", "fetch_issuers", "proxy"):
        assert getattr(settings.services, name) == getattr(defaults.services, name)


def test_every_setting_of_the_table_stands_in_the_example():
    import tomllib

    document = tomllib.loads(EXAMPLE.replace("[keys.signer]", "[keys.seal]\n[keys.signer]"))
    keys = {value.key for value in layers.flatten(SettingValue(document, "", "example", None))}
    assert {k for k in SETTINGS if not k.startswith("keys.seal.")} == keys


def test_paths_are_relative_to_the_file(file: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path):
    monkeypatch.chdir(tmp_path)
    settings = read(
        file,
        '[keys.signer]\nuri = "file:keys/a b.p12"\npin_source = "file:pins"\n'
        '[services]\ncrl_files = ["/abs/x.crl", "y.crl"]',
    )
    assert settings.keys.signer.uri == f"file:{file.parent}/keys/a%20b.p12"
    assert settings.keys.signer.pin_source == f"file:{file.parent / 'pins'}"
    assert settings.services.crl_files == (Path("/abs/x.crl"), file.parent / "y.crl")
    relative = Settings.from_file(file.relative_to(tmp_path))
    assert relative.keys == settings.keys


def test_signers_are_paths_or_fingerprints(file: Path):
    digest = "AB:" * 31 + "cd"
    settings = read(
        file,
        f'[trust]\nbundle_signers = ["a.pem", "{digest}", "sha256:{"0" * 64}"]\n'
        f'[[trust.list]]\npath = "list.xml"\nsigners = ["{digest}"]',
    )
    assert settings.trust_settings.bundle_signers == (file.parent / "a.pem", digest, f"sha256:{'0' * 64}")
    assert settings.trust_settings.lists == (TrustedListSettings(file.parent / "list.xml", (digest,)),)
    assert all(read_fingerprint(s) for s in settings.trust_settings.bundle_signers if isinstance(s, str))


def test_trust_is_read_when_it_is_used(file: Path):
    settings = read(file, '[trust]\npaths = ["anchors"]')
    with pytest.raises(SettingsError, match="anchors"):
        _ = settings.trust
    with Office.create(algorithm="p256", responders=False) as office:
        office.write_anchors(file.parent / "anchors")
    assert settings.trust is not None
    assert Settings().trust is None


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("levl = 'B-B'", ["levl", "did you mean level"]),
        ("[keys.signer]\npin_sorce = 'prompt'", ["keys.signer.pin_sorce", "keys.signer.pin_source"]),
        ("[service]\nproxy = ''", ["service is not a setting", "services"]),
        ("[[services.timestamp]]\nurl = 'http://a'\nretry = 1", ["services.timestamp[0].retry", "retries"]),
        ("[[services.timestamp]]\nretries = 1", ["services.timestamp[0] has no url"]),
        ("[services]\ntimestamp = 'http://a'", ["[[services.timestamp]]"]),
        ("trust = 'anchors'", ['trust = "anchors" is not a table', "write [trust]"]),
        ("level = 'B-LTX'", ['level = "B-LTX"', "B-LTA"]),
        ("profile = 'vn-1999'", ["vn-1999", "vn-2025-11"]),
        ("[verify]\npolicy = 'signature'", ['verify.policy = "signature"', "path of a policy file"]),
        ("[verify]\npolicy = 1", ["verify.policy = 1", "signatures"]),
        ("[services]\ntimeout_s = '10'", ['services.timeout_s = "10"', "a number"]),
        ("[services]\ntimeout_s = nan", ["a number"]),
        ("[services]\nstatus_max_age_s = -1", ["services.status_max_age_s = -1", "0 to 86400"]),
        ("[services]\nstatus_max_age_s = nan", ["services.status_max_age_s", "0 to 86400"]),
        ("[services]\nmax_fetches = true", ["services.max_fetches = true", "whole number"]),
        ("[services]\nfetch_issuers = 1", ["true or false"]),
        ("[services]\nrevocation = ['ocsp', 'ocsp']", ["services.revocation"]),
        ("[services]\nallow_hosts = 'a'", ["a list of texts", 'services.allow_hosts = ["…"]']),
        ("[services]\nmap_hosts = {a = 1}", ["a table of texts"]),
        ("[names]\naliases = ['UBND']", ["names.aliases", "a table of names"]),
        ("[names.aliases]\n'Xã Mẫu' = ' '", ["names.aliases", "name in the certificate"]),
        ("[names.aliases]\n'Xã Hòa' = 'A'\n'XÃ HOÀ' = 'B'", ['another name than "Xã Hòa"', "keep one"]),
        ("[names]\nalias = {}", ["names.alias is not a setting", "names.aliases"]),
        ("[trust]\npaths = ['']", ["a path"]),
        ("[trust]\nbundle_signers = 'a.pem'", ["a list of paths or fingerprints"]),
        ("[trust]\nbundle_signers = [1]", ["a path"]),
        ("[[trust.list]]\npath = 'list.xml'", ["trust.list[0] has no signers", "operator.pem"]),
        ("[[trust.list]]\npath = 'list.xml'\nsigners = []", ["trust.list[0] has no signers"]),
        ("[[trust.list]]\nsigners = ['a.pem']", ["trust.list[0] has no path"]),
        ("[[trust.list]]\npath = 'a'\nsigner = ['a']", ["trust.list[0].signer", "trust.list[0].signers"]),
        ("[[trust.list]]\npath = 'a'\nsigners = ['a']\nminimum_sequence = 0", ["from 1 to"]),
        ("[trust]\nlist = 'list.xml'", ["[[trust.list]]"]),
        ("[keys.seal]\nuri = 'C:\\keys'", ["keys.seal.uri is not a key URI"]),
        ("[keys.seal]\npin_source = '123456'", ["keys.seal.pin_source", "never the PIN itself"]),
        ("[page]\nseal_diameter_mm = 5", ["30 to 42"]),
        ("[limits]\nfile_mb = 1000", ["to 200"]),
        ("[limits]\nseconds = 0", ["a number from 0.1 to 3600"]),
        ("[limits]\nmemory_mb = 100", ["a whole number from 256 to 65536"]),
        ("[services]\ncache_dir = 'ecert.toml/answers'", ["services.cache_dir", "is something else"]),
        ("[services]\nproxy = 'https://a:1'", ["services.proxy", "is not a proxy"]),
        ("[services]\nproxy = 'http://u:123456@a:1'", ["services.proxy", "without a user name"]),
        ("[services]\nallow_hosts = ['a:80']", ["services.allow_hosts", "'a:80' is not a host"]),
        ("[services]\nmap_hosts = {a = 'http://b'}", ["services.map_hosts", "is not a host"]),
        ("[[services.timestamp]]\nurl = 'http:///x'", ["services.timestamp[0].url", "http or https"]),
        ("[[services.timestamp]]\nurl = 'http://a'\ntimeout_s = 0", ["services.timestamp[0].timeout_s"]),
        ("lang =", ["not valid TOML", "end of document"]),
    ],
)
def test_refusals_name_file_key_value_and_way_out(file: Path, text: str, words: list[str]):
    with pytest.raises(SettingsError) as caught:
        read(file, text)
    told = f"{caught.value.message} / {caught.value.hint}"
    for word in [*words, str(file)]:
        assert word in told
    assert caught.value.hint
    assert "123456" not in told
    assert caught.value.exit_status == 2


def test_files_that_cannot_be_read(tmp_path: Path):
    with pytest.raises(SettingsError, match=r"no\.toml"):
        Settings.from_file(tmp_path / "no.toml")
    (tmp_path / "latin.toml").write_bytes(b'lang = "\xff"')
    with pytest.raises(SettingsError, match="UTF-8"):
        Settings.from_file(tmp_path / "latin.toml")
    (tmp_path / "bom.toml").write_bytes(b'\xef\xbb\xbflang = "en"')
    assert Settings.from_file(tmp_path / "bom.toml").lang == "en"


def test_places_in_order(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(layers, "SYSTEM_FILE", tmp_path / "etc" / "ecert.toml")
    here = tmp_path / "here"
    here.mkdir()
    (here / "ecert.toml").write_text("nonsense")
    monkeypatch.chdir(here)
    environ = {"HOME": str(tmp_path / "home")}
    assert Settings.load(None, environ) == Settings()

    def put(path: Path, pages: int) -> None:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(f"[limits]\npages = {pages}")

    put(tmp_path / "etc" / "ecert.toml", 1)
    assert Settings.load(None, environ).limits.pages == 1
    put(tmp_path / "home" / ".config" / "ecert" / "ecert.toml", 2)
    assert Settings.load(None, environ).limits.pages == 2
    environ["XDG_CONFIG_HOME"] = "."  # relative: the standard says to ignore it
    assert Settings.load(None, environ).limits.pages == 2
    environ["XDG_CONFIG_HOME"] = str(tmp_path / "xdg")
    assert Settings.load(None, environ).limits.pages == 1
    put(tmp_path / "xdg" / "ecert" / "ecert.toml", 3)
    assert Settings.load(None, environ).limits.pages == 3
    put(tmp_path / "named.toml", 4)
    environ["ECERT_CONFIG"] = str(tmp_path / "named.toml")
    assert Settings.load(None, environ).limits.pages == 4
    put(tmp_path / "explicit.toml", 5)
    assert Settings.load(tmp_path / "explicit.toml", environ).limits.pages == 5
    environ["ECERT_CONFIG"] = str(tmp_path / "no.toml")
    with pytest.raises(SettingsError):
        Settings.load(None, environ)


@pytest.mark.parametrize(
    ("variable", "text", "path", "value"),
    [
        ("ECERT_LANG", "en", "lang", "en"),
        ("ECERT_VERIFY__REVOCATION", "if-present", "verify.revocation", "if-present"),
        ("ECERT_SERVICES__FETCH_ISSUERS", "false", "services.fetch_issuers", False),
        ("ECERT_SERVICES__TIMEOUT_S", "2.5", "services.timeout_s", 2.5),
        ("ECERT_SERVICES__REVOCATION", '["crl"]', "services.revocation", ("crl",)),
        ("ECERT_TRUST__PATHS", '["/etc/anchors"]', "trust_settings.paths", (Path("/etc/anchors"),)),
        ("ECERT_KEYS__SEAL__URI", "pkcs11:token=A", "keys.seal.uri", "pkcs11:token=A"),
        (
            "ECERT_SERVICES__TIMESTAMP",
            '[{url = "http://a/b"}]',
            "services.timestamps",
            (TimestampService("http://a/b"),),
        ),
    ],
)
def test_variables_win_over_the_file(file: Path, variable: str, text: str, path: str, value: Any):
    read(file, 'lang = "vi"\n[services]\ntimeout_s = 7')
    found: Any = Settings.load(file, {variable: text})
    for name in path.split("."):
        found = getattr(found, name)
    assert found == value


@pytest.mark.parametrize(
    ("variable", "text", "words"),
    [
        ("ECERT_VERIFY__ONLIN", "true", ["ECERT_VERIFY__ONLIN ", "ECERT_VERIFY__ONLINE"]),
        ("ECERT_TRUST", "/etc", ["ECERT_TRUST ", "ECERT_TRUST__PATHS"]),
        ("ECERT_VERIFY__ONLINE", "yes", ["a TOML value"]),
        ("ECERT_SERVICES__TIMEOUT_S", "1\nproxy = 'x'", ["a TOML value"]),
        ("ECERT_TRUST__PATHS", '["anchors"]', ["an absolute path"]),
        ("ECERT_LANG", "fr", ["ECERT_LANG", "vi, en"]),
    ],
)
def test_variables_refused(variable: str, text: str, words: list[str]):
    with pytest.raises(SettingsError) as caught:
        Settings.load(None, {variable: text})
    for word in words:
        assert word in f"{caught.value.message} / {caught.value.hint}"


def test_variables_that_are_no_settings(monkeypatch: pytest.MonkeyPatch, tmp_path: Path):
    monkeypatch.setattr(layers, "SYSTEM_FILE", tmp_path / "none")
    others = {
        "ECERT_CORPORA": "/x",
        "ECERT_FIELD": "/x",
        "ECERT_REQUIRE": "all",
        "ECERT_DEBUG": "1",
        "ECERT_PORT": "80",
    }
    assert Settings.load(None, others) == Settings()


def test_settings_cannot_be_changed():
    with pytest.raises(AttributeError):
        Settings().lang = "en"  # type: ignore[misc]
