"""`IpAddress`: made of strings, integers, bytes and names; compared, hashed, copied; beside `ipaddress`."""

from __future__ import annotations

import copy
import ipaddress
import operator
import pickle
import socket
import threading
from datetime import timedelta
from ipaddress import IPv4Address, IPv6Address
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from peers import NOBODY
from sfml.network import IpAddress, SocketError, SocketNotReady
from sfml.system import Time, milliseconds, seconds
from sfml_network import Text

v4 = st.ip_addresses(v=4)
v6 = st.ip_addresses(v=6)
any_version = v4 | v6


def ours(address: IPv4Address | IPv6Address) -> IpAddress:
    return IpAddress(address)


def test_the_constants() -> None:
    texts = {
        "NONE": "0.0.0.0",
        "ANY": "0.0.0.0",
        "LOCAL_HOST": "127.0.0.1",
        "BROADCAST": "255.255.255.255",
        "ANY_V6": "::",
        "LOCAL_HOST_V6": "::1",
    }
    for name, text in texts.items():
        assert getattr(IpAddress, name).string == text
        assert bool(getattr(IpAddress, name)) is (name != "NONE")


def test_a_new_address_is_the_invalid_one() -> None:
    for nothing in (IpAddress(), IpAddress(None), IpAddress.NONE):
        assert nothing == IpAddress.NONE
        assert not nothing
        assert (nothing.integer, int(nothing), nothing.string, str(nothing)) == (0, 0, "0.0.0.0", "0.0.0.0")
        assert repr(nothing) == "IpAddress.NONE"
        assert (nothing.is_v4, nothing.is_v6) == (False, False)
        with pytest.raises(SocketError, match="no address"):
            nothing.to_ipaddress()


def test_the_invalid_address_is_not_that_of_every_interface() -> None:
    assert IpAddress.NONE != IpAddress.ANY
    assert IpAddress.ANY
    assert IpAddress.from_string("0.0.0.0") == IpAddress.ANY


def test_from_bytes() -> None:
    address = IpAddress.from_bytes(192, 168, 1, 56)
    assert address.string == "192.168.1.56"
    assert address == IpAddress.from_bytes(b0=192, b1=168, b2=1, b3=56)
    assert address == IpAddress.from_string("192.168.1.56")


@given(st.integers(0, 2**32 - 1))
def test_from_integer_has_the_most_significant_byte_first(integer: int) -> None:
    address = IpAddress.from_integer(integer)
    assert address.integer == int(address) == integer
    assert address == IpAddress.from_bytes(*integer.to_bytes(4, "big"))


@given(any_version)
def test_text_and_numbers_are_those_of_ipaddress(address: IPv4Address | IPv6Address) -> None:
    same = ours(address)
    assert ipaddress.ip_address(same.string) == address
    assert same.string == str(same) == f"{same}"
    if getattr(address, "ipv4_mapped", None) is None:  # before Python 3.13 these were written differently
        assert same.string == str(address)
    assert same.integer == int(same) == int(address)
    assert bytes(same) == address.packed
    assert (same.is_v4, same.is_v6) == (address.version == 4, address.version == 6)
    assert same.to_ipaddress() == address
    assert type(same.to_ipaddress()) is type(address)


@given(any_version)
def test_every_way_to_make_one_gives_the_same(address: IPv4Address | IPv6Address) -> None:
    assert ours(address) == IpAddress(str(address)) == IpAddress(address.packed)
    assert ours(address) == IpAddress.from_string(str(address))


@given(any_version)
def test_it_equals_and_hashes_as_its_ipaddress(address: IPv4Address | IPv6Address) -> None:
    assert ours(address) == address
    assert address == ours(address)
    assert hash(ours(address)) == hash(address)
    assert {address: 1}[ours(address)] == 1  # type: ignore[index]


@given(any_version)
def test_copies_are_equal(address: IPv4Address | IPv6Address) -> None:
    for twin in (
        copy.copy(ours(address)),
        copy.deepcopy(ours(address)),
        pickle.loads(pickle.dumps(ours(address))),
        eval(repr(ours(address)), {"IpAddress": IpAddress}),
    ):
        assert type(twin) is IpAddress
        assert twin == address
    assert pickle.loads(pickle.dumps(IpAddress.NONE)) == IpAddress.NONE


@given(v4, v4)
def test_v4_addresses_are_ordered_by_number(a: IPv4Address, b: IPv4Address) -> None:
    assert (ours(a) < ours(b), ours(a) <= ours(b)) == (a < b, a <= b)
    assert (ours(a) > b, ours(a) >= b) == (a > b, a >= b)


@given(v4, v6)
def test_v4_comes_before_v6_and_nothing_before_both(four: IPv4Address, six: IPv6Address) -> None:
    assert sorted([ours(six), IpAddress.NONE, ours(four)]) == [IpAddress.NONE, ours(four), ours(six)]
    assert ours(four) != ours(six)


def test_it_differs_from_everything_else() -> None:
    address = IpAddress.LOCAL_HOST
    others: tuple[Any, ...] = (None, 2130706433, "127.0.0.1", b"127.0.0.1", 1.0, ["127.0.0.1"])
    for other in others:
        assert address != other
        assert not operator.eq(address, other)
        for compare in (operator.lt, operator.le, operator.gt, operator.ge):
            with pytest.raises(TypeError, match="not supported"):
                compare(address, other)


def test_its_string_is_text_that_old_programs_may_take_for_bytes() -> None:
    string = IpAddress.LOCAL_HOST.string
    assert isinstance(string, str)
    assert type(string) is Text
    assert string == b"127.0.0.1"
    assert string.decode() == "127.0.0.1"


def test_it_formats_and_matches() -> None:
    assert f"{IpAddress.LOCAL_HOST:>12}|" == "   127.0.0.1|"
    assert repr(IpAddress.LOCAL_HOST_V6) == "IpAddress('::1')"
    match IpAddress.LOCAL_HOST:
        case IpAddress("127.0.0.1"):
            pass
        case _:
            pytest.fail("the pattern did not match")


def test_attributes_cannot_be_assigned() -> None:
    for name in ("string", "integer", "is_v4", "is_v6"):
        with pytest.raises(AttributeError):
            setattr(IpAddress.LOCAL_HOST, name, 1)


@pytest.mark.parametrize(
    "text",
    ["", "1", "127.1", "0x7f.0.0.1", "127.0.0.01", "256.0.0.1", "1.2.3", " 1.2.3.4", "1:::1", ":::", "g::"],
)
def test_the_constructor_takes_strict_numbers_only(text: str) -> None:
    with pytest.raises(ValueError, match="address"):
        IpAddress(text)


@pytest.mark.parametrize("size", [0, 3, 5, 15, 17])
def test_bytes_of_another_length_are_no_address(size: int) -> None:
    with pytest.raises(ValueError, match=f"4 or 16 bytes, not {size}"):
        IpAddress(bytes(size))


def test_from_string_looks_names_up() -> None:
    assert IpAddress.from_string("localhost") == IpAddress.LOCAL_HOST
    assert IpAddress.from_string("localhost", timeout=seconds(20)) == IpAddress.LOCAL_HOST
    assert IpAddress.from_string("::1") == IpAddress.LOCAL_HOST_V6
    assert IpAddress.from_string("255.255.255.255") == IpAddress.BROADCAST


@pytest.mark.parametrize("name", ["", "no-such-host.invalid", "256.0.0.1", "a b", "a\0b", "x" * 300])
def test_from_string_of_an_unknown_name_is_none(name: str) -> None:
    assert IpAddress.from_string(name, 10) == IpAddress.NONE


@pytest.mark.parametrize("name", ["localhost", "127.0.0.1", "::1"])
def test_resolve_agrees_with_getaddrinfo(name: str) -> None:
    theirs = [info[4][0] for info in socket.getaddrinfo(name, None, type=socket.SOCK_STREAM)]
    found = IpAddress.resolve(name, 20)
    assert isinstance(found, tuple)
    assert {str(address) for address in found} == {str(address) for address in theirs}


@pytest.mark.parametrize("name", ["no-such-host.invalid", "", "a\0b", "x" * 300])
def test_resolve_says_what_it_could_not_find(name: str) -> None:
    with pytest.raises(SocketError) as caught:
        IpAddress.resolve(name, 20)
    assert "address" in str(caught.value) or "name" in str(caught.value)


def test_a_lookup_that_takes_too_long_is_given_up() -> None:
    # Even a nanosecond may be enough, for an answer that is at hand.
    def is_given_up() -> bool:
        try:
            IpAddress.resolve("localhost", 1e-9)
        except SocketNotReady:
            return True
        return False

    assert any(is_given_up() for _ in range(1000))
    assert any(not IpAddress.from_string("localhost", 1e-9) for _ in range(1000))


@pytest.mark.parametrize(
    "limit", [None, 0, 0.0, Time.ZERO, timedelta(0), 20, milliseconds(20_000), timedelta(seconds=20)]
)
def test_each_kind_of_time_limit_is_taken(limit: Time | timedelta | float | None) -> None:
    assert IpAddress.LOCAL_HOST in IpAddress.resolve("localhost", limit)


def test_the_local_address_is_one_of_this_computer() -> None:
    address = IpAddress.get_local_address()
    if address:
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
            probe.bind((str(address), 0))
        assert address.is_v4
    assert IpAddress.get_local_address(ipv6=True).is_v4 is False


def test_the_public_address_is_none_when_nobody_answers() -> None:
    assert IpAddress.get_public_address(services=NOBODY) == IpAddress.NONE
    assert IpAddress.get_public_address(seconds(5), services=NOBODY) == IpAddress.NONE
    assert IpAddress.get_public_address(timeout=5, services=NOBODY) == IpAddress.NONE
    assert IpAddress.get_public_address(time=seconds(5), services=NOBODY) == IpAddress.NONE


def test_lookups_of_many_threads_do_not_disturb_each_other() -> None:
    found: list[IpAddress] = []
    threads = [
        threading.Thread(target=lambda: found.append(IpAddress.from_string("localhost", 20)))
        for _ in range(16)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert found == [IpAddress.LOCAL_HOST] * 16


def test_a_subclass_is_an_address_too() -> None:
    class Home(IpAddress):
        pass

    assert Home("127.0.0.1") == IpAddress.LOCAL_HOST
    assert type(copy.copy(Home("127.0.0.1"))) is Home
    assert Home("127.0.0.1") in {IpAddress.LOCAL_HOST}


def test_what_ipaddress_makes_of_it() -> None:
    assert ipaddress.ip_address(str(IpAddress.LOCAL_HOST)).is_loopback
    assert ipaddress.ip_address(bytes(IpAddress.LOCAL_HOST_V6)).is_loopback
