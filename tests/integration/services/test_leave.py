"""A query ends with its client."""

from __future__ import annotations

import socket
import threading
import time

import psycopg
import pytest
from flask import Flask

from ckanext.cpdi import config
from ckanext.cpdi.selection.errors import TooSlowError
from ckanext.cpdi.selection.pool import transaction
from ckanext.cpdi.services.http.leave import cancelled_with_client


@pytest.fixture
def client():
    """The two ends of a client's connection: the server's, and the client's own."""
    server, own = socket.socketpair()
    with server, own:
        yield server, own


def asleep(server: socket.socket, seconds: float) -> float:
    """Let the database sleep for a client; return the seconds until it ended."""
    started = time.monotonic()
    with (
        Flask(__name__).test_request_context(environ_overrides={"gunicorn.socket": server}),
        transaction(config.read_dsn(), 30) as connection,
        cancelled_with_client(connection),
    ):
        connection.execute("SELECT pg_sleep(%s)", (seconds,))
    return time.monotonic() - started


def test_what_a_client_asked_for_is_cancelled_when_it_leaves(standing, client):
    server, own = client
    threading.Timer(0.3, own.close).start()
    started = time.monotonic()
    with pytest.raises(TooSlowError):
        asleep(server, 20)
    assert time.monotonic() - started < 10


def test_the_connection_serves_the_next_client(standing, client):
    server, own = client
    threading.Timer(0.2, own.close).start()
    with pytest.raises(TooSlowError):
        asleep(server, 20)
    other, kept = socket.socketpair()
    with other, kept:
        assert asleep(other, 0.01) < 10


def test_who_stays_gets_the_answer(standing, client):
    assert asleep(client[0], 0.2) >= 0.2


def test_who_leaves_after_the_answer_ends_nobody_elses_query(standing, client):
    server, own = client
    asleep(server, 0.01)
    own.close()
    with transaction(config.read_dsn(), 30) as connection:
        assert connection.execute("SELECT 1 FROM pg_sleep(0.3)").fetchone() == (1,)


def test_without_a_socket_nothing_is_watched(standing):
    with psycopg.connect(config.read_dsn()) as connection, cancelled_with_client(connection):
        assert connection.execute("SELECT 1").fetchone() == (1,)
