"""An office as a whole: clock, anchors, records that fit the certificates."""

import datetime as dt
import subprocess
import sys

import pytest

import ecert.testing
from ecert.testing import Clock, Office, person_name

NOW = dt.datetime(2026, 10, 1, 20, tzinfo=dt.UTC)  # the second of October in Vietnam


@pytest.fixture(scope="module")
def still():
    """An office that does not listen and whose clock stands."""
    return Office.create(NOW, algorithm="p256", responders=False)


class TestRecord:
    def test_it_fits_the_certificates(self, still):
        record = still.record(pages=3)
        assert record["certifier"]["name"] == still.signer.name
        assert record["body"]["name"].casefold() == still.seal.name.casefold()
        assert record["body"]["name"] != still.seal.name
        assert record["original"]["pages"] == 3

    def test_its_date_is_the_day_in_vietnam(self, still):
        assert still.record()["date"] == dt.date(2026, 10, 2)
        assert type(still.record()["date"]) is dt.date
        assert still.record()["book"] == "01/2026"

    def test_changes_are_laid_over_it(self, still):
        record = still.record(number=7, original={"kind": "giấy"}, series=None)
        assert record["number"] == 7
        assert record["original"] == {"title": "Giấy xác nhận (mẫu)", "pages": 1, "kind": "giấy"}
        assert "series" not in record
        assert still.record()["number"] == 152


class TestClock:
    def test_it_follows_real_time_until_set(self):
        clock = Clock()
        assert abs(clock.now() - dt.datetime.now(dt.UTC)) < dt.timedelta(seconds=5)
        clock.advance(days=2)
        ahead = clock.now() - dt.datetime.now(dt.UTC)
        assert dt.timedelta(days=1, hours=23) < ahead < dt.timedelta(days=2, hours=1)
        clock.set(NOW)
        assert clock.now() == clock.now() == NOW
        clock.advance(hours=-1, minutes=30)
        assert clock.now() == NOW - dt.timedelta(minutes=30)
        clock.set(None)
        assert clock.now() > NOW or dt.datetime.now(dt.UTC) < NOW

    def test_naive_times_are_refused(self):
        with pytest.raises(ValueError, match="aware"):
            Clock(dt.datetime(2026, 1, 1))  # noqa: DTZ001


class TestAnchors:
    def test_one_root_is_written(self, still, tmp_path):
        files = still.write_anchors(tmp_path / "anchors")
        assert [file.name for file in files] == ["root.pem"]
        assert still.anchors == [still.root.certificate]

    def test_time_stamps_may_have_a_root_of_their_own(self, tmp_path):
        office = Office.create(NOW, algorithm="p256", responders=False, separate_tsa_root=True)
        names = [file.name for file in office.write_anchors(tmp_path)]
        assert names == ["root.pem", "tsa-root.pem"]
        assert office.tsa.chain[-1] == office.tsa_root.certificate != office.root.certificate
        assert office.crl(office.tsa_root)


def test_only_own_certificates_are_revoked(still):
    stranger = Office.create(NOW, algorithm="p256", responders=False)
    with pytest.raises(ValueError, match="not issued by this office"):
        still.revoke(stranger.signer)
    with pytest.raises(ValueError, match="bored"):
        still.revoke("signer", reason="bored")
    other = still.issue(person_name("Lê Thị Khác"), algorithm="p256")
    still.revoke(other)
    assert other.certificate.serial_number in still.responders.revocations["issuing"]


def test_an_office_that_does_not_listen_has_no_address(still):
    assert still.tsa_url == "http://ecert.invalid/tsa/office"


def test_the_clock_of_a_running_office_is_real_time():
    with Office.create(algorithm="p256") as office:
        assert office.tsa_url.startswith("http://127.0.0.1:")
        assert abs(office.clock.now() - dt.datetime.now(dt.UTC)) < dt.timedelta(seconds=5)
    office.close()  # twice does no harm


def test_names_are_resolved_when_used():
    for name in ecert.testing.__all__:
        assert getattr(ecert.testing, name).__name__ == name
    assert set(ecert.testing.__all__) <= set(dir(ecert.testing))
    with pytest.raises(AttributeError, match="nobody"):
        _ = ecert.testing.nobody


def test_importing_the_kit_is_cheap():
    code = "import sys, ecert.testing; print(*(m for m in sys.modules if '.' not in m))"
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert not {"cryptography", "PIL", "asn1crypto", "pkcs11", "http"} & set(run.stdout.split())
