"""A client's connection is let go of when its question is answered (``services/http/leave.py``)."""

from __future__ import annotations

import socket
import time
from typing import Any, cast

from flask import Flask

from ckanext.cpdi.services.http.leave import cancelled_with_client

SECONDS = 5


def test_a_connection_that_the_server_closes_afterwards_is_closed_for_the_client():
    """What sleeps on a connection keeps it open: the client's next question on it would never be answered."""
    server, client = socket.socketpair()
    client.settimeout(SECONDS)
    no_query: Any = cast("Any", None)
    asking = Flask(__name__).test_request_context(environ_overrides={"gunicorn.socket": server})
    with asking, cancelled_with_client(no_query):
        time.sleep(0.2)  # the watch sleeps on it
    server.close()
    assert client.recv(1) == b""
