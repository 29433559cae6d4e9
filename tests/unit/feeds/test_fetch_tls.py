"""With TLS the pinned address changes nothing: the name is asked for, and the certificate has to fit it."""

from __future__ import annotations

import dataclasses
import shutil
import socket
import ssl
import subprocess
from pathlib import Path

import pytest
from helpers.web import Request, Server

from ckanext.cpdi.feeds import FeedError, fetch

pytestmark = pytest.mark.skipif(not shutil.which("openssl"), reason="openssl makes the certificates of these tests")


@pytest.fixture(scope="module")
def authority(tmp_path_factory) -> Path:
    """A certificate authority, and a certificate of it for feeds.test."""
    folder = tmp_path_factory.mktemp("authority")

    def openssl(*words: str) -> None:
        subprocess.run(["openssl", *words], cwd=folder, check=True, capture_output=True)

    new = ("req", "-newkey", "rsa:2048", "-nodes", "-days", "2")
    openssl(*new, "-x509", "-subj", "/CN=Test authority", "-keyout", "ca.key", "-out", "ca.pem")
    openssl(*new, "-subj", "/CN=feeds.test", "-keyout", "feeds.key", "-out", "feeds.csr")
    (folder / "names").write_text("subjectAltName=DNS:feeds.test")
    issuer = ("-CA", "ca.pem", "-CAkey", "ca.key", "-CAcreateserial")
    openssl("x509", "-req", "-in", "feeds.csr", *issuer, "-days", "2", "-extfile", "names", "-out", "feeds.pem")
    return folder


@pytest.fixture
def secure(authority, monkeypatch):
    """A server with that certificate, under every name of the domain test."""
    names: list[str | None] = []
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(authority / "feeds.pem", authority / "feeds.key")
    context.sni_callback = lambda connection, name, own: names.append(name)
    real = socket.getaddrinfo
    monkeypatch.setattr(
        socket,
        "getaddrinfo",
        lambda host, *args, **more: real("127.0.0.1" if str(host).endswith(".test") else host, *args, **more),
    )

    class Secure(Server):
        def get_request(self):
            connection, address = super().get_request()
            connection.settimeout(5)
            return context.wrap_socket(connection, server_side=True), address

    import threading

    with Secure(lambda request: Request.send(request, b"a,b\n1,2\n")) as server:
        server.names = names
        thread = threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True)
        thread.start()
        yield server
        server.shutdown()
        thread.join()


@pytest.fixture
def trusting(settings, authority):
    return dataclasses.replace(settings, allowed_hosts=("feeds.test", "other.test"), ca_file=authority / "ca.pem")


def test_a_certificate_that_fits_the_name_is_taken_at_the_pinned_address(secure, trusting):
    with fetch(f"https://feeds.test:{secure.server_port}/feed.csv", trusting) as spool:
        assert spool.size == 8
    assert secure.names == ["feeds.test"]
    assert secure.seen[0].headers["Host"] == f"feeds.test:{secure.server_port}"


def test_a_certificate_of_another_name_is_refused(secure, trusting):
    with pytest.raises(FeedError) as caught:
        fetch(f"https://other.test:{secure.server_port}/feed.csv", trusting)
    assert caught.value.code == "refused"
    assert "certificate" in caught.value.message
    assert secure.seen == []


def test_a_certificate_of_an_authority_that_nobody_trusts_is_refused(secure, trusting):
    with pytest.raises(FeedError) as caught:
        fetch(f"https://feeds.test:{secure.server_port}/feed.csv", dataclasses.replace(trusting, ca_file=None))
    assert caught.value.code == "refused"


def test_an_authority_that_cannot_be_read_is_told_in_words(secure, trusting, tmp_path):
    for path in (tmp_path / "none.pem", tmp_path / "junk.pem"):
        (tmp_path / "junk.pem").write_text("junk")
        with pytest.raises(FeedError) as caught:
            fetch(f"https://feeds.test:{secure.server_port}/feed.csv", dataclasses.replace(trusting, ca_file=path))
        assert caught.value.code == "refused"


def test_a_redirect_out_of_tls_is_refused(secure, trusting):
    secure.handle_with = lambda request: request.send(b"", 302, Location="http://feeds.test/feed.csv")
    with pytest.raises(FeedError) as caught:
        fetch(f"https://feeds.test:{secure.server_port}/feed.csv", trusting)
    assert caught.value.code == "refused"


def test_a_body_that_is_cut_under_tls_is_truncated(secure, trusting):
    def handle(request):
        request.send_response(200)
        request.head(Content_Length="100")
        request.wfile.write(b"a,b\n")
        request.close_connection = True

    secure.handle_with = handle
    with pytest.raises(FeedError) as caught:
        fetch(f"https://feeds.test:{secure.server_port}/feed.csv", trusting)
    assert caught.value.code == "truncated"


@pytest.mark.parametrize("handshake", [True, False])
def test_a_server_that_stalls_under_tls_is_cut_at_the_deadline(secure, trusting, handshake):
    import time

    secure.handle_with = lambda request: time.sleep(8)
    trusting = dataclasses.replace(trusting, deadline_seconds=0.5)
    begin = time.monotonic()
    with socket.socket() as silent:
        silent.bind(("127.0.0.1", 0))
        silent.listen()
        port = silent.getsockname()[1] if handshake else secure.server_port
        with pytest.raises(FeedError) as caught:
            fetch(f"https://feeds.test:{port}/feed.csv", trusting)
    assert caught.value.code == "timeout"
    assert time.monotonic() - begin < 6
