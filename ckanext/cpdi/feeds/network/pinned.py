"""Connections to an address that was checked, and to no other; with TLS or without."""

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


def pinned_connection(
    host: str, port: int, addresses: list[IPAddress], deadline: Deadline, tls: ssl.SSLContext | None
) -> HTTPConnection:
    """Return a connection to ``host``, not yet open, that goes to the first of ``addresses`` that answers."""
    connection: _Pinned
    if tls is None:
        connection = _Pinned(host, port)
    else:
        connection = _PinnedTLS(host, port, ssl_context=tls, cert_reqs="CERT_REQUIRED")
    connection.addresses = addresses
    connection.deadline = deadline
    return connection


def connect(addresses: list[IPAddress], port: int, deadline: Deadline) -> socket.socket:
    """Return a socket to the first of ``addresses`` that answers, shut at the deadline. Raises OSError."""
    fault = OSError("no address")
    for address in addresses:
        seconds = min(deadline.remaining(), _CONNECT_SECONDS)
        try:
            connection = socket.create_connection((str(address), port), seconds)
        except OSError as error:
            fault = error
            continue
        deadline.watch(connection)
        connection.settimeout(deadline.remaining())
        return connection
    raise fault


def tls_context(ca_file: Path | None) -> ssl.SSLContext:
    """Return a context that trusts the system's certificate authorities, the bundled ones and the operator's own.

    Raises FeedError (refused) where the operator's file cannot be read.
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
    """A connection to one of the addresses that were checked; the host's name is not resolved again."""

    addresses: list[IPAddress]
    deadline: Deadline

    def _new_conn(self) -> socket.socket:
        return connect(self.addresses, self.port or 0, self.deadline)


class _PinnedTLS(_Pinned, HTTPSConnection):
    """The same with TLS: SNI and the certificate are still those of the host's name."""
