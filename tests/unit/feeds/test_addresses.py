"""Feeds come from the public internet, or from a host that the operator lists."""

from __future__ import annotations

import ipaddress
import socket

import pytest
from helpers.web import serving

from ckanext.cpdi.feeds import FeedError, fetch
from ckanext.cpdi.feeds.network.address import is_public, resolve
from ckanext.cpdi.feeds.network.deadline import Deadline


@pytest.mark.parametrize(
    "address",
    [
        "0.0.0.0",
        "0.1.2.3",
        "10.1.2.3",
        "100.64.0.1",
        "100.127.255.255",
        "127.0.0.1",
        "127.255.255.254",
        "169.254.169.254",
        "172.16.0.1",
        "172.31.255.255",
        "192.0.0.8",
        "192.0.2.1",
        "192.168.1.1",
        "198.18.0.1",
        "198.51.100.1",
        "203.0.113.1",
        "224.0.0.1",
        "239.255.255.255",
        "240.0.0.1",
        "255.255.255.255",
        "::",
        "::1",
        "::7f00:1",
        "::ffff:127.0.0.1",
        "::ffff:10.0.0.1",
        "::ffff:169.254.169.254",
        "64:ff9b::10.0.0.1",
        "64:ff9b:1::a00:1",
        "2001::1",
        "2001:db8::1",
        "2002:a00:1::",
        "2002:7f00:1::1",
        "fc00::1",
        "fd12:3456::1",
        "fe80::1",
        "fec0::1",
        "ff02::1",
        "ff0e::1",
        "100::1",
    ],
)
def test_an_address_that_is_not_public_is_known(address):
    assert not is_public(ipaddress.ip_address(address))


@pytest.mark.parametrize(
    "address",
    [
        "8.8.8.8",
        "100.63.255.255",
        "100.128.0.0",
        "172.32.0.1",
        "223.255.255.1",
        "2606:4700::1111",
        "64:ff9b::8.8.8.8",
        "::ffff:8.8.8.8",
    ],
)
def test_a_public_address_is_known(address):
    assert is_public(ipaddress.ip_address(address))


@pytest.mark.parametrize(
    "host",
    [
        "127.0.0.1",
        "localhost",
        "LOCALHOST",
        "localhost.",
        "127.1",
        "0x7f000001",
        "2130706433",
        "0177.0.0.1",
        "[::1]",
        "[::ffff:127.0.0.1]",
        "0",
    ],
)
def test_every_spelling_of_this_machine_is_refused(settings, host):
    settings = type(settings)(spool_dir=settings.spool_dir)
    with pytest.raises(FeedError) as caught:
        fetch(f"http://{host}:9/feed.csv", settings)
    assert caught.value.code in ("refused", "unreachable")
    assert caught.value.code == "refused" or host in ("localhost.",)


@pytest.mark.parametrize(
    ("listed", "allowed"),
    [
        ("127.0.0.1", True),
        ("127.0.0.1:{port}", True),
        ("localhost", False),
        ("127.0.0.1:1", False),
        ("", False),
        ("127.0.0", False),
    ],
)
def test_a_host_is_listed_with_or_without_its_port(settings, listed, allowed):
    with serving(lambda request: request.send(b"a,b\n")) as server:
        settings = type(settings)(spool_dir=settings.spool_dir, allowed_hosts=(listed.format(port=server.server_port),))
        if allowed:
            with fetch(f"http://{server.host}/feed.csv", settings) as spool:
                assert spool.size == 4
        else:
            with pytest.raises(FeedError) as caught:
                fetch(f"http://{server.host}/feed.csv", settings)
            assert caught.value.code == "refused"
            assert server.seen == []


def test_one_private_address_among_public_ones_is_enough_to_refuse(monkeypatch):
    answer = [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (address, 80)) for address in ("8.8.8.8", "10.0.0.1")]
    monkeypatch.setattr(socket, "getaddrinfo", lambda *args, **more: answer)
    with pytest.raises(FeedError) as caught:
        resolve("example.org", 80, (), Deadline(5))
    assert caught.value.code == "refused"


def test_a_name_is_resolved_once_and_never_again(settings, monkeypatch):
    """A name server that answers differently the second time cannot lead to another machine."""
    asked = []
    real = socket.getaddrinfo

    def answering(host, *args, **more):
        asked.append(host)
        if host != "feeds.test":
            return real(host, *args, **more)
        address = "127.0.0.1" if asked.count("feeds.test") == 1 else "127.0.0.99"
        return real(address, *args, **more)

    monkeypatch.setattr(socket, "getaddrinfo", answering)
    faults = [503, 503]

    def handle(request):
        request.send(b"a,b\n", faults.pop() if faults else 200)

    with serving(handle) as server:
        settings = type(settings)(spool_dir=settings.spool_dir, allowed_hosts=("feeds.test",), backoff_seconds=0.01)
        with fetch(f"http://feeds.test:{server.server_port}/feed.csv", settings):
            pass
        assert len(server.seen) == 3
        assert {request.headers["Host"] for request in server.seen} == {f"feeds.test:{server.server_port}"}
    assert asked.count("feeds.test") == 1


def test_a_name_server_that_does_not_answer_is_held_to_the_deadline(monkeypatch):
    import threading

    stop = threading.Event()
    monkeypatch.setattr(socket, "getaddrinfo", lambda *args, **more: [stop.wait(5)][:0])
    with pytest.raises(FeedError) as caught:
        resolve("example.org", 80, (), Deadline(0.2))
    stop.set()
    assert caught.value.code == "timeout"


def test_a_name_that_is_not_known_is_unreachable(settings):
    with pytest.raises(FeedError) as caught:
        fetch("http://no-such-host.invalid/feed.csv", settings)
    assert caught.value.code == "unreachable"
