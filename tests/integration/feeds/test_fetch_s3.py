"""Objects of a real S3-speaking store: signed, asked for under a condition, whole, or refused in words."""

from __future__ import annotations

import dataclasses
import hashlib
import logging
import stat
import time

import pytest
from helpers.relay import relay
from helpers.s3 import KEY, SECRET, s3_store
from helpers.web import serving

from ckanext.cpdi.feeds import FeedError, Unchanged, fetch
from ckanext.cpdi.feeds.protocols.s3 import S3Access

CSV = b"a,b\n" + b"1,2\n" * 1_500_000


@pytest.fixture(scope="module")
def bucket(tmp_path_factory):
    with s3_store(tmp_path_factory.mktemp("s3")) as started:
        yield started


@pytest.fixture
def settings(settings, bucket):
    return dataclasses.replace(settings, access=bucket.access)


@pytest.fixture
def export(bucket):
    return bucket.put("export/calls.csv", CSV)


def behind(settings, port: int, **changes):
    """The settings of a store that is reached through ``port``."""
    return dataclasses.replace(settings, access={**settings.access, "endpoint": f"http://127.0.0.1:{port}"}, **changes)


def refused(location: str, settings, **changes) -> FeedError:
    """Return the error; nothing may stay behind in the spool folder."""
    with pytest.raises(FeedError) as caught:
        fetch(location, dataclasses.replace(settings, **changes))
    assert not settings.spool_dir.exists() or list(settings.spool_dir.rglob("*")) == []
    return caught.value


def test_an_object_comes_as_it_is(settings, export):
    with fetch(export, settings) as spool:
        assert (spool.name, spool.size) == ("calls.csv", len(CSV))
        assert spool.version.sha256 == hashlib.sha256(CSV).hexdigest()
        assert spool.version.etag
        assert stat.S_IMODE(spool.path.stat().st_mode) == 0o600
    assert list(settings.spool_dir.iterdir()) == []


@pytest.mark.parametrize("key", ["calls 2026.csv", "a+b=c&d.csv", "año/calls.csv", "a%41.csv", "calls(1)~.csv"])
def test_odd_names_of_objects_work(settings, bucket, key):
    with fetch(bucket.put(key, b"a,b\n1,2\n"), settings) as spool:
        assert (spool.name, spool.size) == (key.rpartition("/")[2], 8)


def test_an_unchanged_object_costs_one_request(settings, bucket, export):
    with fetch(export, settings) as known:
        pass
    with pytest.raises(Unchanged):
        fetch(export, settings, known.version)
    bucket.put("export/calls.csv", CSV + b"3,4\n")
    with fetch(export, settings, known.version) as spool:
        assert spool.size == len(CSV) + 4


def test_what_one_bucket_said_is_not_asked_of_another(settings, bucket, export):
    with fetch(export, settings) as known:
        pass
    with fetch(bucket.put("export/other.csv", CSV), settings, known.version) as spool:
        assert spool.size == len(CSV)


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"access_key": "AKIASOMEBODYELSE"}, "status"),
        ({"secret_key": "S3CRET-but-wrong"}, "status"),
        ({"access_key": "", "secret_key": ""}, "status"),
        ({"endpoint": "ftp://127.0.0.1"}, "refused"),
        ({"endpoint": "http://us3r:S3CRET@127.0.0.1"}, "refused"),
        ({"endpoint": "S3CRET"}, "refused"),
        ({"secret_key": ["S3CRET"]}, "refused"),
        ({"addressing": "S3CRET"}, "refused"),
        ({"colour": "S3CRET"}, "refused"),
    ],
)
def test_wrong_credentials_are_told_and_shown_nowhere(settings, export, change, code, caplog):
    caplog.set_level(logging.DEBUG)
    error = refused(export, settings, access={**settings.access, **change})
    chain, one = [], error
    while one:
        chain.append(f"{one!r} {one}")
        one = one.__cause__ or (None if one.__suppress_context__ else one.__context__)
    assert error.code == code
    shown = " ".join(chain) + caplog.text
    assert "S3CRET" not in shown
    assert "us3r" not in shown


def test_the_log_of_a_good_night_shows_no_key_and_no_signature(settings, export, caplog):
    caplog.set_level(logging.DEBUG)
    with fetch(export, settings):
        pass
    assert KEY not in caplog.text
    assert SECRET not in caplog.text
    assert "Signature" not in caplog.text


def test_nothing_is_taken_from_elsewhere_where_the_settings_lack_it(settings, export, monkeypatch):
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", KEY)
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", SECRET)
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:1")
    access = {"endpoint": settings.access["endpoint"]}
    assert refused(export, settings, access=access).code == "status"


def test_an_object_or_bucket_that_is_not_there_is_missing(settings, export):
    assert refused("s3://feeds/export/none.csv", settings).code == "missing"
    assert refused("s3://no-such-bucket/calls.csv", settings).code in ("missing", "status")


def test_an_object_that_is_too_large_is_refused_unread(settings, export):
    begin = time.monotonic()
    assert refused(export, settings, max_bytes=len(CSV) - 1).code == "too_large"
    assert time.monotonic() - begin < 10


def test_a_connection_that_breaks_is_tried_again_until_the_object_is_whole(settings, bucket, export):
    with relay(bucket.port) as line:
        line.most, line.times = 1 << 20, 2
        with fetch(export, behind(settings, line.port)) as spool:
            assert spool.version.sha256 == hashlib.sha256(CSV).hexdigest()
        assert line.connections == 3


def test_an_object_that_is_cut_every_time_is_truncated(settings, bucket, export):
    with relay(bucket.port) as line:
        line.most = 1 << 20
        assert refused(export, behind(settings, line.port)).code == "truncated"
        assert line.connections == 3


@pytest.mark.parametrize("after", [0, 1 << 20])
def test_a_store_that_stalls_is_cut_at_the_deadline(settings, bucket, export, after):
    begin = time.monotonic()
    with relay(bucket.port) as line:
        line.most, line.stalls = after, True
        assert refused(export, behind(settings, line.port, deadline_seconds=2)).code == "timeout"
    assert time.monotonic() - begin < 10


def test_an_endpoint_inside_the_network_is_refused_unless_it_is_listed(settings, export):
    error = refused(export, settings, allowed_hosts=())
    assert (error.code, "public internet" in error.message) == ("refused", True)


@pytest.mark.parametrize("location", ["http://10.0.0.1/calls.csv", "http://169.254.169.254/latest/meta-data/"])
def test_a_redirect_into_the_network_is_refused(settings, location):
    with serving(lambda request: request.send(b"", 307, Location=location)) as server:
        assert refused("s3://feeds/calls.csv", behind(settings, server.server_port)).code == "refused"


def test_another_host_that_the_endpoint_redirects_to_sees_no_signature(settings):
    with (
        serving(lambda request: request.send(b"a,b\n1,2\n")) as other,
        serving(lambda request: request.send(b"", 307, Location=f"http://{other.host}/calls.csv")) as first,
        fetch("s3://feeds/calls.csv", behind(settings, first.server_port)),
    ):
        assert "Signature" in first.seen[0].headers["Authorization"]
        assert other.seen[0].headers["Authorization"] is None


def test_a_passing_fault_is_signed_and_asked_anew(settings):
    seen = []

    def handle(request):
        seen.append(request.headers["X-Amz-Date"])
        request.send(b"a,b\n1,2\n", 503 if len(seen) == 1 else 200)

    with serving(handle) as server, fetch("s3://feeds/calls.csv", behind(settings, server.server_port)):
        assert len(seen) == 2
        assert all(seen)


@pytest.mark.parametrize(
    "location",
    ["s3://", "s3:///calls.csv", "s3://feeds", "s3://feeds/", "s3://feeds/x/", "s3://feeds/../x", "s3://feeds:9/x"],
)
def test_a_location_that_names_no_bucket_and_object_is_refused(settings, location):
    assert refused(location, settings).code == "refused"


@pytest.mark.parametrize(
    ("access", "url"),
    [
        ({}, "https://feeds.s3.us-east-1.amazonaws.com/a%20b.csv"),
        ({"region": "us-gov-west-1"}, "https://feeds.s3.us-gov-west-1.amazonaws.com/a%20b.csv"),
        ({"endpoint": "https://minio.example.gov:9000/"}, "https://minio.example.gov:9000/feeds/a%20b.csv"),
        ({"endpoint": "https://s3.example.gov", "addressing": "host"}, "https://feeds.s3.example.gov/a%20b.csv"),
        ({"addressing": "path"}, "https://s3.us-east-1.amazonaws.com/feeds/a%20b.csv"),
    ],
)
def test_the_bucket_stands_where_the_store_wants_it(access, url):
    assert S3Access(**access).url("feeds", "a b.csv") == url


def test_a_bucket_with_dots_stands_in_the_path_where_a_certificate_would_not_fit_it():
    assert S3Access().url("feeds.example.gov", "x") == "https://s3.us-east-1.amazonaws.com/feeds.example.gov/x"
