"""Connections that go to an address that was checked, and nowhere else; with TLS or without."""

from __future__ import annotations

import socket
import ssl
from pathlib import Path

import certifi
from urllib3.connection import HTTPConnection, HTTPSConnection

from ckanext.cpdi.feeds.errors import FeedError
from ckanext.cpdi.feeds.network.address import IPAddress
from ckanext.cpdi.feeds.network.deadline import Deadline

_CONNECT_SECONDS = 30.0


def pinned(
    host: str, port: int, addresses: list[IPAddress], deadline: Deadline, secured: ssl.SSLContext | None
) -> HTTPConnection:
    """Return a connection to ``host`` that is made to the first of ``addresses`` that answers, within the deadline."""
    made: _Pinned
    if secured is None:
        made = _Pinned(host, port)
    else:
        made = _PinnedTLS(host, port, ssl_context=secured, cert_reqs="CERT_REQUIRED")
    made.addresses = addresses
    made.deadline = deadline
    return made


def connected(addresses: list[IPAddress], port: int, deadline: Deadline) -> socket.socket:
    """Return a socket to the first of ``addresses`` that answers; it is cut when the time is up. Raises OSError."""
    fault = OSError("no address")
    for address in addresses:
        seconds = min(deadline.left(), _CONNECT_SECONDS)
        try:
            made = socket.create_connection((str(address), port), seconds)
        except OSError as error:
            fault = error
            continue
        deadline.guard(made)
        made.settimeout(deadline.left())
        return made
    raise fault


def trusted(ca_file: Path | None) -> ssl.SSLContext:
    """Return a context that trusts the system's authorities, the bundled ones and the operator's own.

    Raises FeedError (refused) where the operator's cannot be read.
    """
    context = ssl.create_default_context()
    context.load_verify_locations(certifi.where())
    if ca_file:
        try:
            context.load_verify_locations(ca_file)
        except OSError:
            raise FeedError("refused", "The certificate authority in the settings cannot be read.") from None
    return context


class _Pinned(HTTPConnection):
    """A connection to one of the addresses that were checked, in place of whatever the name resolves to now."""

    addresses: list[IPAddress]
    deadline: Deadline

    def _new_conn(self) -> socket.socket:
        return connected(self.addresses, self.port or 0, self.deadline)


class _PinnedTLS(_Pinned, HTTPSConnection):
    """The same with TLS: the name is still what is asked for (SNI) and what the certificate has to fit."""
