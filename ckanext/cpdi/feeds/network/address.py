"""Which network addresses a feed may come from: a host's name in, addresses that may be connected to out.

A name is resolved once, and connections go to the addresses that were checked, so that a second answer of the name
server cannot lead elsewhere (DNS rebinding).
"""

from __future__ import annotations

import ipaddress
import queue
import socket
import threading
from collections.abc import Collection

from ckanext.cpdi.errors import Said
from ckanext.cpdi.feeds.errors import FeedError
from ckanext.cpdi.feeds.network.deadline import Deadline

IPAddress = ipaddress.IPv4Address | ipaddress.IPv6Address

# Networks that Python's `is_global` lets through in some versions.
_REFUSED = tuple(
    ipaddress.ip_network(network)
    for network in (
        "0.0.0.0/8",
        "100.64.0.0/10",  # carrier-grade NAT
        "192.0.0.0/24",
        "192.88.99.0/24",  # 6to4 relays
        "198.18.0.0/15",
        "224.0.0.0/4",
        "240.0.0.0/4",
        "::/96",  # IPv4-compatible, unspecified and loopback
        "100::/64",
        "2001::/23",  # Teredo, ORCHID and other protocol assignments
        "2001:db8::/32",
        "5f00::/16",
        "fc00::/7",  # unique local
        "fe80::/10",
        "fec0::/10",  # site local
        "ff00::/8",
    )
)
_NAT64 = (ipaddress.IPv6Network("64:ff9b::/96"), ipaddress.IPv6Network("64:ff9b:1::/48"))


def is_public(address: IPAddress) -> bool:
    """Say whether ``address``, and an IPv4 address wrapped in it, belong to the public internet."""
    inner = _wrapped(address)
    if inner is not None:
        return is_public(inner)
    return address.is_global and not any(address in network for network in _REFUSED)


def resolve(host: str, port: int, allowed_hosts: Collection[str], deadline: Deadline) -> list[IPAddress]:
    """Return the addresses of ``host`` that may be connected to, in the order of preference.

    Raises FeedError: unreachable where the name is not known, refused where one of its addresses is not public and the
    operator does not list the host, timeout where the name server does not answer in time.
    """
    addresses = _look_up(host, port, deadline)
    if not _listed(host, port, allowed_hosts) and not all(is_public(address) for address in addresses):
        raise FeedError(
            "refused",
            Said(
                "The host {host} has an address that is not on the public internet. If the feed is "
                "really there, the operator has to list the host in the settings.",
                host=host,
            ),
        )
    return addresses


def _wrapped(address: IPAddress) -> ipaddress.IPv4Address | None:
    """Return the IPv4 address that an IPv6 one stands for: mapped, 6to4 or NAT64."""
    if isinstance(address, ipaddress.IPv4Address):
        return None
    if any(address in network for network in _NAT64):
        return ipaddress.IPv4Address(int(address) & 0xFFFFFFFF)
    return address.ipv4_mapped or address.sixtofour


def _listed(host: str, port: int, allowed_hosts: Collection[str]) -> bool:
    """Say whether the operator lists ``host``, alone or with its port."""
    name = host.lower().rstrip(".")
    shown = f"[{name}]" if ":" in name else name
    return bool({name, shown, f"{shown}:{port}"} & {entry.strip().lower() for entry in allowed_hosts})


def _look_up(host: str, port: int, deadline: Deadline) -> list[IPAddress]:
    """Ask the system's resolver, in a thread of its own, since it has no deadline."""
    answers: queue.Queue[list[IPAddress] | OSError | UnicodeError] = queue.Queue()

    def ask() -> None:
        try:
            records = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
            # An IPv6 zone (%eth0) names an interface of this machine; such an address is link-local and refused.
            answers.put([ipaddress.ip_address(str(record[4][0]).partition("%")[0]) for record in records])
        except (OSError, UnicodeError) as error:
            answers.put(error)

    threading.Thread(target=ask, daemon=True, name="cpdi-resolve").start()
    try:
        answer = answers.get(timeout=deadline.remaining())
    except queue.Empty:
        raise deadline.error() from None
    if isinstance(answer, list) and answer:
        return list(dict.fromkeys(answer))
    raise FeedError("unreachable", Said("The name of the host {host} is not known.", host=host))
