"""Addresses: what is public, what a URL means, how it is shown."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ecert.trust.addresses import MAX_SHOWN, Target, is_public, plain_host, read_url, shown_address


@pytest.mark.parametrize(
    "address",
    [
        "8.8.8.8",
        "203.0.114.7",
        "2606:4700::1111",
        "2a00:1450:4001::1",
        "64:ff9b::8.8.8.8",
        "::ffff:8.8.8.8",
        "168.63.129.15",
        "168.63.129.17",
        "166.12.0.1",
        "2a00::1:5efe:808:808",
    ],
)
def test_public(address: str) -> None:
    assert is_public(address)


@pytest.mark.parametrize(
    "address",
    [
        "0.0.0.0",
        "0.1.2.3",
        "10.0.0.1",
        "100.64.0.1",
        "100.127.255.255",
        "127.0.0.1",
        "127.9.9.9",
        "169.254.169.254",
        "172.16.0.1",
        "172.31.255.255",
        "192.0.0.1",
        "192.0.0.9",
        "192.0.2.1",
        "192.88.99.1",
        "192.168.0.1",
        "198.18.0.1",
        "198.51.100.1",
        "203.0.113.1",
        "224.0.0.1",
        "168.63.129.16",
        "::ffff:168.63.129.16",
        "64:ff9b::168.63.129.16",
        "100.100.100.200",
        "192.0.0.192",
        "161.26.0.10",
        "166.8.0.1",
        "166.11.255.255",
        "fd00:ec2::254",
        "fd20:ce::254",
        "2a00::5efe:8.8.8.8",
        "2a00::200:5efe:10.0.0.1",
        "239.255.255.255",
        "240.0.0.1",
        "255.255.255.255",
        "::",
        "::1",
        "::127.0.0.1",
        "::8.8.8.8",
        "::ffff:10.0.0.1",
        "::ffff:169.254.169.254",
        "64:ff9b::10.0.0.1",
        "64:ff9b::127.0.0.1",
        "64:ff9b:1::8.8.8.8",
        "100::1",
        "2001::1",
        "2001:0:4136:e378:8000:63bf:f5ff:fffe",
        "2001:10::1",
        "2001:db8::1",
        "2002:7f00:1::1",
        "2002:808:808::1",
        "3fff::1",
        "5f00::1",
        "fc00::1",
        "fd12::1",
        "fe80::1",
        "fe80::1%eth0",
        "fec0::1",
        "ff02::1",
        "ff0e::1",
    ],
)
def test_not_public(address: str) -> None:
    assert not is_public(address)


@pytest.mark.parametrize(
    ("name", "plain"),
    [
        ("Example.ORG.", "example.org"),
        ("[::1]", "::1"),
        ("::FFFF:1", "::ffff:1"),
        ("Bộ.vn", "xn--b-8xm.vn"),
        ("127.0.0.1", "127.0.0.1"),
        ("a_b-c", "a_b-c"),
    ],
)
def test_hosts_are_compared_in_one_form(name: str, plain: str) -> None:
    assert plain_host(name) == plain


@pytest.mark.parametrize(
    "name", ["", ".", "a..b", "a b", "a/b", "a:80", "http://a", "[::1", "fe80::1%lo", "*", "a" * 64]
)
def test_what_is_no_host(name: str) -> None:
    with pytest.raises(ValueError, match=r"."):
        plain_host(name)


def test_a_url_is_read_into_its_parts() -> None:
    assert read_url("HTTP://CA.example.:8080?q#f") == Target("http", "ca.example", 8080, "/?q")
    assert read_url("https://[2001:DB8::1]/a").url == "https://[2001:db8::1]/a"
    assert read_url("http://h:80/").authority == "h"
    assert read_url("https://h:80/").authority == "h:80"
    assert read_url("http://a/x", {"A.": "B."}).url == "http://b/x"
    assert read_url("http://a/x", {"a": "b", "b": "c"}).host == "b"


@given(st.text(max_size=40).map(lambda text: f"http://{text}") | st.text(max_size=40))
def test_any_text_is_a_target_or_refused(url: str) -> None:
    try:
        target = read_url(url)
    except ValueError:
        return
    assert target.url.isascii()
    assert target.url.isprintable()
    assert " " not in target.url
    assert read_url(target.url) == target


@given(st.text(max_size=300))
def test_what_is_shown_is_one_short_line(url: str) -> None:
    assert len(shown_address(url)) <= MAX_SHOWN
    assert shown_address(url).isprintable()


def test_a_password_is_not_shown() -> None:
    assert shown_address("http://user:secret@h/x@y") == "http://…@h/x@y"
    assert shown_address(f"http://h/ocsp?{MAX_SHOWN * 'q'}") == "http://h/ocsp…"
