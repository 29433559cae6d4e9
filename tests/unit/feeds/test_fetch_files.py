"""Fetching a file from servers that misbehave: it comes whole and unchanged, or it is refused in words."""

from __future__ import annotations

import dataclasses
import email.utils
import gzip
import hashlib
import logging
import socket
import stat
import struct
import time
from datetime import UTC, datetime, timedelta

import pytest
from helpers.web import serving

from ckanext.cpdi.declare import Feed
from ckanext.cpdi.feeds import FeedError, check_location, fetch, open_feed
from ckanext.cpdi.feeds.network import attempts, deadline

CSV = b"a,b\n" + b"1,2\n" * 5000
LONG_AGO = "Mon, 24 Nov 2025 04:00:00 GMT"


def at(server, path: str = "/feed.csv") -> str:
    return f"http://{server.host}{path}"


def refused(handle, settings, path: str = "/feed.csv", **changes) -> FeedError:
    """Return the error for what ``handle`` serves; nothing may stay behind in the spool folder."""
    settings = dataclasses.replace(settings, **changes)
    with serving(handle) as server, pytest.raises(FeedError) as caught:
        fetch(at(server, path), settings)
    assert list(settings.spool_dir.rglob("*")) == []
    return caught.value


def chunked(request, *chunks: bytes, end: bytes = b"0\r\n\r\n") -> None:
    request.send_response(200)
    request.head(Transfer_Encoding="chunked")
    for chunk in chunks:
        request.wfile.write(b"%x\r\n%s\r\n" % (len(chunk), chunk))
    request.wfile.write(end)
    request.close_connection = True


def reset(request) -> None:
    """Break the connection as a crashed server does."""
    request.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    request.connection.close()
    request.close_connection = True


def test_a_file_comes_as_it_is_with_its_checksum_and_version(settings):
    version = {"ETag": '"v1"', "Last_Modified": LONG_AGO}
    with serving(lambda request: request.send(CSV, **version)) as server:
        with fetch(at(server, "/a/calls%202026.csv?x=1"), settings) as spool:
            assert spool.path.read_bytes() == CSV
            assert spool.name == "calls 2026.csv"
            assert spool.version.sha256 == hashlib.sha256(CSV).hexdigest()
            assert spool.size == len(CSV)
            assert (spool.version.etag, spool.version.last_modified) == ('"v1"', LONG_AGO)
            assert stat.S_IMODE(spool.path.stat().st_mode) == 0o600
            assert stat.S_IMODE(spool.path.parent.stat().st_mode) == 0o700
        assert list(settings.spool_dir.iterdir()) == []


def test_a_chunked_file_comes_whole(settings):
    with serving(lambda request: chunked(request, CSV[:10], CSV[10:])) as server, fetch(at(server), settings) as spool:
        assert spool.path.read_bytes() == CSV


def test_a_compressed_answer_is_unpacked(settings):
    def handle(request):
        assert request.headers["Accept-Encoding"] == "gzip"
        request.send(gzip.compress(CSV), Content_Encoding="gzip")

    with serving(handle) as server, fetch(at(server), settings) as spool:
        assert spool.path.read_bytes() == CSV


@pytest.mark.parametrize(
    ("status", "code", "requests"),
    [
        (500, "status", 3),
        (503, "status", 3),
        (429, "status", 3),
        (400, "status", 1),
        (401, "status", 1),
        (403, "status", 1),
        (404, "missing", 1),
        (410, "missing", 1),
        (204, "status", 1),
        (206, "status", 1),
        (304, "status", 1),
    ],
)
def test_a_status_is_told_and_only_a_passing_one_is_tried_again(settings, status, code, requests):
    seen = []

    def handle(request):
        seen.append(request)
        request.send(b"" if status in (204, 304) else b"SECRET", status)

    error = refused(handle, settings)
    assert error.code == code
    assert len(seen) == requests
    assert "SECRET" not in str(error)


def test_a_passing_fault_is_tried_again_until_the_file_is_whole(settings):
    faults = [
        lambda request: request.send(b"", 503),
        lambda request: (
            request.send_response(200),
            request.head(Content_Length="900"),
            request.wfile.write(b"a,b\n"),
            reset(request),
        ),
    ]

    def handle(request):
        faults.pop(0)(request) if faults else request.send(CSV)

    with serving(handle) as server, fetch(at(server), settings) as spool:
        assert spool.path.read_bytes() == CSV


def test_retry_after_is_heeded(settings):
    times = []

    def handle(request):
        times.append(time.monotonic())
        if len(times) == 1:
            request.send(b"", 429, Retry_After="1")
        else:
            request.send(CSV)

    with serving(handle) as server, fetch(at(server), settings):
        assert times[1] - times[0] >= 1


@pytest.mark.parametrize("date", [False, True])
def test_a_server_that_asks_for_more_patience_than_the_deadline_is_given_up_at_once(settings, date):
    later = email.utils.format_datetime(datetime.now(UTC) + timedelta(hours=1), usegmt=True)
    begin = time.monotonic()
    error = refused(lambda request: request.send(b"", 503, Retry_After=later if date else "3600"), settings)
    assert error.code == "status"
    assert time.monotonic() - begin < 5


def test_a_reset_connection_is_unreachable_after_all_attempts(settings):
    seen = []
    assert refused(lambda request: (seen.append(1), reset(request)), settings).code == "unreachable"
    assert len(seen) == 3


def test_nobody_listening_is_unreachable(settings):
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    with pytest.raises(FeedError) as caught:
        fetch(f"http://127.0.0.1:{port}/feed.csv", settings)
    assert caught.value.code == "unreachable"


def test_a_file_shorter_than_announced_is_truncated(settings):
    def handle(request):
        request.send_response(200)
        request.head(Content_Length=str(len(CSV) + 1))
        request.wfile.write(CSV)
        request.close_connection = True

    assert refused(handle, settings).code == "truncated"


@pytest.mark.parametrize("end", [b"", b"1", b"ff\r\nabc", b"zz\r\n"])
def test_chunks_without_their_end_are_truncated(settings, end):
    assert refused(lambda request: chunked(request, CSV, end=end), settings).code == "truncated"


def until_closed(request, body: bytes) -> None:
    request.send_response(200)
    request.head(Connection="close")
    request.wfile.write(body)
    request.close_connection = True


def test_a_file_of_unknown_length_is_refused_since_it_may_be_cut(settings):
    assert refused(lambda request: until_closed(request, CSV), settings).code == "truncated"


@pytest.mark.parametrize("length", ["", "many", "-1", "9" * 5000])
def test_a_length_that_is_none_proves_nothing(settings, length):
    def handle(request):
        request.send_response(200)
        request.head(Content_Length=length)
        request.wfile.write(CSV)
        request.close_connection = True

    assert refused(handle, settings).code in ("truncated", "too_large")


@pytest.mark.parametrize("body", [gzip.compress(CSV, mtime=0), b'[{"a": "1"}]'])
def test_a_file_of_unknown_length_is_taken_where_its_format_has_an_end(settings, body):
    with serving(lambda request: until_closed(request, body)) as server, fetch(at(server), settings) as spool:
        assert spool.size == len(body)


def test_a_compressed_answer_that_is_cut_is_truncated(settings):
    body = gzip.compress(CSV)[:-10]
    assert refused(lambda request: request.send(body, Content_Encoding="gzip"), settings).code == "truncated"


def test_a_compression_that_was_not_asked_for_is_refused(settings):
    assert refused(lambda request: request.send(CSV, Content_Encoding="br"), settings).code == "unreadable"


def test_a_file_that_announces_too_much_is_refused_unread(settings):
    def handle(request):
        request.send_response(200)
        request.head(Content_Length=str(5 << 30))

    begin = time.monotonic()
    assert refused(handle, settings).code == "too_large"
    assert time.monotonic() - begin < 5


def test_a_file_that_does_not_end_is_refused_at_the_limit(settings):
    def handle(request):
        request.send_response(200)
        request.head(Transfer_Encoding="chunked")
        while True:
            request.wfile.write(b"10000\r\n" + b"x" * 0x10000 + b"\r\n")

    assert refused(handle, settings).code == "too_large"


def test_a_compressed_answer_that_is_a_bomb_is_refused(settings):
    bomb = gzip.compress(bytes(64 << 20))
    assert refused(lambda request: request.send(bomb, Content_Encoding="gzip"), settings).code == "too_large"


def test_a_compressed_answer_that_is_padded_without_end_is_refused(settings):
    def handle(request):
        request.send_response(200)
        request.head(Transfer_Encoding="chunked", Content_Encoding="gzip")
        packed = gzip.compress(CSV)
        request.wfile.write(b"%x\r\n%s\r\n" % (len(packed), packed))
        while True:
            request.wfile.write(b"10000\r\n" + bytes(0x10000) + b"\r\n")

    assert refused(handle, settings).code == "too_large"


def drip(request, head: bytes, step: bytes) -> None:
    """Send a byte now and then, for ever."""
    request.wfile.write(head)
    while True:
        request.wfile.write(step)
        time.sleep(0.05)


@pytest.mark.parametrize(
    "head",
    [
        b"",
        b"HTTP/1.1 200 OK\r\nX-Slow: ",
        b"HTTP/1.1 200 OK\r\nContent-Length: 100000\r\n\r\n",
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n",
        b"HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n",
    ],
)
def test_a_server_that_drips_is_cut_at_the_deadline(settings, head):
    begin = time.monotonic()
    assert refused(lambda request: drip(request, head, b"1"), settings, deadline_seconds=0.6).code == "timeout"
    assert time.monotonic() - begin < 6


def test_a_server_that_says_nothing_is_cut_at_the_deadline(settings):
    begin = time.monotonic()
    assert refused(lambda _: time.sleep(8), settings, deadline_seconds=0.5).code == "timeout"
    assert time.monotonic() - begin < 6


def test_attempts_share_the_deadline(settings, monkeypatch):
    """Pauses pass on a clock of the test's own, so that no load of the machine comes into it."""
    clock = Pauses()
    for module in (attempts, deadline):
        monkeypatch.setattr(module, "time", clock)
    changes = {"deadline_seconds": 60, "attempts": 100, "backoff_seconds": 5}
    assert refused(lambda request: request.send(b"", 500), settings, **changes).code == "status"
    assert 3 <= clock.count <= 6
    assert clock.now < 60


class Pauses:
    """A clock that only pauses move."""

    def __init__(self) -> None:
        self.now, self.count = 0.0, 0

    def monotonic(self) -> float:
        return self.now

    def sleep(self, seconds: float) -> None:
        self.now += seconds
        self.count += 1


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_a_redirect_is_followed(settings, status):
    def handle(request):
        if request.path == "/feed.csv":
            request.send(b"moved", status, Location="/there/calls.csv")
        else:
            request.send(CSV)

    with serving(handle) as server, fetch(at(server), settings) as spool:
        assert spool.name == "calls.csv"


def test_redirects_without_end_are_refused(settings):
    assert refused(lambda request: request.send(b"", 302, Location="/feed.csv"), settings).code == "status"


@pytest.mark.parametrize(
    "location",
    [
        "",
        "file:///etc/passwd",
        "ftp://example.org/feed.csv",
        "gopher://127.0.0.1:70/",
        "http://[::1",
        "http://10.0.0.1/feed.csv",
        "http://169.254.169.254/latest/meta-data/",
        "http://[::1]/feed.csv",
        "http://localhost/feed.csv",
        "http://[::ffff:10.0.0.1]/",
        "http://0x7f.2/",
        "http://2130706434/",
        "//192.168.0.1/feed.csv",
    ],
)
def test_a_redirect_to_where_the_feed_must_not_come_from_is_refused(settings, location):
    seen = []

    def handle(request):
        seen.append(request)
        request.send(b"", 302, **({"Location": location} if location else {}))

    assert refused(handle, settings).code == "refused"
    assert len(seen) == 1


def test_credentials_go_to_the_first_origin_alone(settings):
    settings = dataclasses.replace(settings, access={"headers": {"Authorization": "Bearer T0KEN", "X-Key": "K3Y"}})
    with (
        serving(lambda request: request.send(CSV)) as other,
        serving(lambda request: request.send(b"", 302, Location=at(other))) as first,
        fetch(at(first), settings),
    ):
        assert first.seen[0].headers["Authorization"] == "Bearer T0KEN"
        assert other.seen[0].headers["Authorization"] is None
        assert other.seen[0].headers["X-Key"] is None


def test_a_user_and_password_of_the_settings_are_sent_as_basic_authentication(settings):
    settings = dataclasses.replace(settings, access={"user": "user", "password": "p@ss"})
    with serving(lambda request: request.send(CSV)) as server, fetch(at(server), settings):
        assert server.seen[0].headers["Authorization"] == "Basic dXNlcjpwQHNz"


@pytest.mark.parametrize("user", ["us3r:S3CRET@", "us3r@", "@"])
def test_a_user_in_the_address_is_refused(settings, user):
    with serving(lambda request: request.send(CSV)) as server, pytest.raises(FeedError) as caught:
        fetch(f"http://{user}{server.host}/feed.csv", settings)
    assert caught.value.code == "refused"
    assert "us3r" not in str(caught.value)
    assert server.seen == []


@pytest.mark.parametrize("access", [{"header": {"A": "S3CRET"}}, {"headers": "S3CRET"}, {"password": ["S3CRET"]}])
def test_credentials_that_do_not_fit_are_told_without_showing_them(settings, access):
    with pytest.raises(FeedError) as caught:
        fetch("https://feeds.test/feed.csv", dataclasses.replace(settings, access=access))
    assert caught.value.code == "refused"
    assert "https://feeds.test" in str(caught.value)
    assert "S3CRET" not in str(caught.value)


@pytest.mark.parametrize(
    "handle",
    [
        lambda request: request.send(b"", 500),
        lambda request: request.send(b"", 403),
        lambda request: request.send(b"", 404),
        lambda request: request.send(CSV, Content_Encoding="br"),
        lambda request: request.send(b"", 302, Location="http://10.0.0.1/?sig=S3CRET"),
        lambda request: request.send(b"", 302, Location="/?sig=S3CRET"),
        lambda request: until_closed(request, CSV),
        reset,
        lambda request: chunked(request, CSV, end=b""),
    ],
)
def test_no_error_and_no_log_holds_credentials(settings, handle, caplog):
    caplog.set_level(logging.DEBUG)
    access = {"user": "us3r", "password": "S3CRET", "headers": {"X-Key": "S3CRET"}}
    settings = dataclasses.replace(settings, access=access)
    with serving(handle) as server, pytest.raises(FeedError) as caught:
        fetch(f"http://{server.host}/feed.csv?sig=S3CRET&token=S3CRET#S3CRET", settings)
    chain = []
    error: BaseException | None = caught.value
    while error:
        chain.append(f"{error!r} {error}")
        error = error.__cause__ or (None if error.__suppress_context__ else error.__context__)
    assert "S3CRET" not in " ".join(chain) + caplog.text
    assert "us3r" not in " ".join(chain) + caplog.text


@pytest.mark.parametrize("value", ["S3CRET\n", "S3CRET\r\nX-More: 1", "S3CRET\u2014"])
def test_a_header_in_the_settings_that_cannot_be_sent_is_not_shown(settings, value):
    settings = dataclasses.replace(settings, access={"headers": {"Authorization": value}})
    with serving(lambda request: request.send(CSV)) as server, pytest.raises(FeedError) as caught:
        fetch(at(server), settings)
    assert caught.value.code == "refused"
    assert "S3CRET" not in str(caught.value)
    assert caught.value.__suppress_context__


def test_line_ends_in_a_url_make_no_header_of_it(settings):
    with serving(lambda request: request.send(CSV)) as server, fetch(f"http://{server.host}/a\r\nX-More: 1", settings):
        assert server.seen[0].headers["X-More"] is None


def test_settings_do_not_show_their_credentials(settings):
    assert "T0KEN" not in repr(dataclasses.replace(settings, access={"headers": {"Authorization": "T0KEN"}}))


@pytest.mark.parametrize(
    "location", ["ftp://example.org/x.csv", "file:///etc/passwd", "/etc/passwd", "", "http:///x", "javascript:1"]
)
def test_a_location_that_is_no_web_address_is_refused(settings, location):
    with pytest.raises(FeedError) as caught:
        fetch(location, settings)
    assert caught.value.code == "refused"


def test_a_proxy_of_the_environment_is_not_used(settings, monkeypatch):
    monkeypatch.setenv("http_proxy", "http://127.0.0.1:1")
    monkeypatch.setenv("ALL_PROXY", "http://127.0.0.1:1")
    with serving(lambda request: request.send(CSV)) as server, fetch(at(server), settings) as spool:
        assert spool.size == len(CSV)


@pytest.mark.parametrize(
    ("body", "code"),
    [
        (b"", "empty"),
        (b"<!doctype html><title>Sign in</title>", "html"),
        (b'{"error": {"code": 499}}', "answer"),
        (gzip.compress(CSV, mtime=0)[:-5], "truncated"),
        (CSV + b"1", "truncated"),
        (b"%PDF-1.4 " + bytes(50), "unreadable"),
    ],
)
def test_a_file_that_came_whole_but_is_no_table_is_refused_when_it_is_opened(settings, body, code):
    with serving(lambda request: request.send(body)) as server, fetch(at(server), settings) as spool:
        with pytest.raises(FeedError) as caught:
            open_feed(spool, Feed())
        assert caught.value.code == code
    assert list(settings.spool_dir.iterdir()) == []


def test_a_packed_feed_from_the_web_is_read_to_its_last_row(settings, read):
    with (
        serving(lambda request: request.send(gzip.compress(CSV))) as server,
        fetch(at(server, "/x.gz"), settings) as spool,
    ):
        table = read(spool)
    assert (table.frame.height, table.lines[-1]) == (5000, 5001)


@pytest.mark.parametrize(
    "link",
    ['<https://a.example/x?page=2>; rel="next"', "</x>; rel=prev, </y>; title=b; rel=next", '</x>; rel="last next"'],
)
def test_a_first_page_is_not_taken_for_the_whole(settings, link):
    error = refused(lambda request: request.send(b"[]", Link=link), settings, "/items?limit=10")
    assert error.code == "truncated"
    assert "limit=10" not in error.message


@pytest.mark.parametrize(
    "link", ["<https://a.example/next>; rel=canonical", '</x>; rel="prev"', '</style>; rel="nextish"']
)
def test_other_links_of_an_answer_mean_nothing(settings, link):
    with serving(lambda request: request.send(CSV, Link=link)) as server, fetch(at(server), settings) as spool:
        assert spool.size == len(CSV)


@pytest.mark.parametrize(
    "path", ["/resource/abcd-1234.json", "/resource/abcd-1234.csv?$where=a=1", "/resource/abcd-1234"]
)
def test_an_address_that_gives_a_thousand_rows_and_no_word_of_more_is_refused(path):
    with pytest.raises(FeedError, match="the first 1,000 rows"):
        check_location(f"https://data.example.gov{path}")
    check_location(f"https://data.example.gov{path.partition('?')[0]}?$limit=9000000")
    check_location("https://data.example.gov/api/views/abcd-1234/rows.csv?accessType=DOWNLOAD")
