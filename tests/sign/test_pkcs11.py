"""A token has one login in a process; threads share it, and a forked child has no part in it."""

from __future__ import annotations

import multiprocessing
import os
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

import ecert
from ecert.errors import EcertError, PinError, SigningKeyError
from ecert.sign.pkcs11 import TokenKey
from ecert.testing import SoftToken
from tests.judges import tools
from tests.kit import Desk

PIN = "246810"


def right(_: ecert.PinRequest) -> str:
    return PIN


def never(_: ecert.PinRequest) -> str:
    raise AssertionError("no PIN is wanted")


@pytest.fixture
def token(require: object) -> Iterator[SoftToken]:
    tools.require("softhsm")
    with SoftToken.create("Chairman", pin=PIN) as token:
        yield token


def refusal(uri: str, pin: Any, **options: Any) -> SigningKeyError:
    with pytest.raises(SigningKeyError) as caught:
        ecert.open_key(uri, pin=pin, **options)
    return caught.value


def test_a_second_opener_is_refused_by_name_and_asked_no_pin(desk: Desk, token: SoftToken) -> None:
    uris = [token.add(desk.office.signer, "sign"), token.add(desk.office.seal, "seal")]
    with ecert.open_key(uris[0], pin=right) as key:
        for uri in uris:  # any PIN opened it before
            error = refusal(uri, never)
            assert error.code == "token-in-use"
            assert "'Chairman'" in error.message
            assert error.exit_status == 5
        assert key.sign(b"data")  # nobody was logged out
    with ecert.open_key(uris[1], pin=right) as key:
        assert key.sign(b"data")


def test_keys_of_one_token_share_a_login_where_one_is_given(desk: Desk, token: SoftToken) -> None:
    uris = [token.add(desk.office.signer, "sign"), token.add(desk.office.seal, "seal")]
    signer = ecert.open_key(uris[0], pin=right)
    seal = ecert.open_key(uris[1], pin=never, beside=signer)
    assert refusal(uris[1].replace("object=seal", "object=x"), never, beside=signer).code == ("not-one-key")
    signer.close()
    signer.close()
    assert seal.sign(b"data")  # closing one logs nobody else out
    assert refusal(uris[0], never).code == "token-in-use"
    with pytest.raises(SigningKeyError) as caught:
        signer.sign(b"data")
    assert caught.value.code == "key-closed"
    seal.close()
    assert refusal(uris[0], lambda _: "000000", beside=signer).code == "pin-wrong"  # asked again
    with ecert.open_key(uris[0], pin=right) as again:
        assert again.sign(b"data")


def test_keys_of_two_tokens_are_two_logins(desk: Desk, token: SoftToken) -> None:
    with SoftToken.create("Office", pin=PIN) as store:
        uris = [token.add(desk.office.signer, "sign"), store.add(desk.office.seal, "seal")]
        with ecert.open_key(uris[0], pin=right) as signer, ecert.open_key(uris[1], pin=right, beside=signer) as seal:
            assert isinstance(signer, TokenKey)
            assert isinstance(seal, TokenKey)
            assert signer.login is not seal.login
            assert signer.sign(b"data")
            assert seal.sign(b"data")


def test_a_token_is_free_again_after_a_failure(desk: Desk, token: SoftToken) -> None:
    uri = token.add(desk.office.signer, "sign")
    assert refusal(uri, lambda _: "000000").code == "pin-wrong"
    assert refusal(uri, lambda _: "").code == "pin-refused"
    assert refusal(uri.replace("object=sign", "object=other"), right).code == "not-one-key"
    key = ecert.open_key(uri, pin=right)
    del key  # nobody closed it
    with ecert.open_key(uri, pin=right) as again:
        assert again.sign(b"data")


def test_while_a_pin_is_asked_for_others_sign_and_no_second_one_is_asked(desk: Desk, token: SoftToken) -> None:
    with SoftToken.create("Office", pin=PIN) as store:
        first = token.add(desk.office.signer, "sign")
        second = store.add(desk.office.seal, "seal")
        with ecert.open_key(first, pin=right) as signer:

            def slow(_: ecert.PinRequest) -> str:
                with ThreadPoolExecutor(1) as pool:
                    assert pool.submit(signer.sign, b"data").result(timeout=10)
                    error = pool.submit(refusal, second, never).result(timeout=10)
                assert error.code == "token-in-use"
                return PIN

            with ecert.open_key(second, pin=slow) as seal:
                assert seal.sign(b"data")


def test_eight_threads_share_one_key(desk: Desk, token: SoftToken) -> None:
    uri = token.add(desk.office.signer, "sign")
    start = threading.Barrier(8)
    with ecert.open_key(uri, pin=right) as key:

        def work(number: int) -> int:
            start.wait(timeout=10)
            for turn in range(25):
                assert key.sign(f"{number} {turn}".encode())  # checked with the certificate inside
            return 25

        with ThreadPoolExecutor(8) as pool:
            assert sum(pool.map(work, range(8))) == 200


def test_eight_threads_open_one_token(desk: Desk, token: SoftToken) -> None:
    uri = token.add(desk.office.signer, "sign")
    start = threading.Barrier(8)
    opened = threading.Event()

    def work(_: int) -> str:
        start.wait(timeout=10)
        try:
            with ecert.open_key(uri, pin=right) as key:
                assert key.sign(b"data")
                opened.wait(timeout=0.5)  # so that the others find it open
                return "signed"
        except SigningKeyError as error:
            return error.code

    with ThreadPoolExecutor(8) as pool:
        outcomes = list(pool.map(work, range(8)))
    assert outcomes.count("signed") >= 1
    assert set(outcomes) <= {"signed", "token-in-use"}


def test_closing_waits_for_who_signs(desk: Desk, token: SoftToken) -> None:
    uri = token.add(desk.office.signer, "sign")
    for _ in range(5):
        key = ecert.open_key(uri, pin=right)

        def work(_: int, key: ecert.SigningKey = key) -> str:
            try:
                while True:
                    key.sign(b"data")
            except SigningKeyError as error:
                return error.code

        with ThreadPoolExecutor(4) as pool:
            working = [pool.submit(work, n) for n in range(4)]
            key.close()
            assert {each.result(timeout=20) for each in working} == {"key-closed"}


@pytest.mark.skipif(not hasattr(os, "fork"), reason="there is no fork")
@pytest.mark.filterwarnings("ignore:.*fork.*:DeprecationWarning")
def test_a_forked_child_refuses(desk: Desk, token: SoftToken) -> None:
    uri = token.add(desk.office.signer, "sign")
    context = multiprocessing.get_context("fork")
    with ecert.open_key(uri, pin=right) as key:
        queue = context.Queue()

        def child() -> None:
            for call in (lambda: key.sign(b"data"), lambda: ecert.open_key(uri, pin=never)):
                try:
                    call()
                    queue.put("done")
                except EcertError as error:
                    queue.put(error.code)
            key.close()  # ends nothing: the login is the parent's

        process = context.Process(target=child)
        process.start()
        codes = [queue.get(timeout=20) for _ in range(2)]
        process.join(timeout=20)
        assert codes == ["token-after-fork", "token-after-fork"]
        assert process.exitcode == 0
        assert key.sign(b"data")


def test_a_token_somebody_else_opened_in_this_process_is_in_use(desk: Desk, token: SoftToken) -> None:
    import pkcs11

    uri = token.add(desk.office.signer, "sign")
    others = pkcs11.lib(str(token.module)).get_token(token_label="Chairman").open(user_pin=PIN)
    try:
        assert refusal(uri, lambda _: "000000").code == "token-in-use"
    finally:
        others.close()
    with ecert.open_key(uri, pin=right) as key:
        assert key.sign(b"data")


def test_whatever_a_driver_raises_is_ours(desk: Desk, token: SoftToken, monkeypatch: pytest.MonkeyPatch) -> None:
    import pkcs11

    uri = token.add(desk.office.signer, "sign")
    key = ecert.open_key(uri, pin=right)
    pkcs11.lib(str(token.module)).reinitialize()  # as if it had been pulled out and put back
    with pytest.raises(SigningKeyError) as caught:
        key.sign(b"data")
    assert caught.value.code == "token-failed"
    key.close()
    for fault in (pkcs11.exceptions.DeviceRemoved, ValueError, UnicodeError, NotImplementedError):
        with monkeypatch.context() as patch:

            def fail(*_: object, fault: type[Exception] = fault) -> None:
                raise fault

            patch.setattr("ecert.sign.pkcs11._public_key", fail)
            error = refusal(uri, right)
        assert error.code == "token-failed"
        assert fault.__name__ in error.message
    with ecert.open_key(uri, pin=right) as again:
        assert again.sign(b"data")


def test_a_library_that_is_no_driver_is_refused(tmp_path: Any) -> None:
    pytest.importorskip("pkcs11")
    (tmp_path / "driver.so").write_bytes(b"not a library")
    error = refusal(f"pkcs11:token=A?module-path={tmp_path / 'driver.so'}", never)
    assert error.code == "token-failed"
    assert not isinstance(error, PinError)
