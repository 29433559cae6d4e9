"""A file that a source still has is not fetched again; but a source's word for that is taken only where it is good."""

from __future__ import annotations

import dataclasses
import email.utils
import time

import pytest
from helpers.web import serving

from ckanext.cpdi.feeds import FeedError, Unchanged, fetch

CSV = b"a,b\n" + b"1,2\n" * 500
LONG_AGO = "Mon, 24 Nov 2025 04:00:00 GMT"
EARLIER = "Sun, 23 Nov 2025 04:00:00 GMT"


def at(server, path: str = "/feed.csv") -> str:
    return f"http://{server.host}{path}"


class Versioned:
    """A file with validators, whose server answers 304 as ``condition`` says."""

    def __init__(self, condition=None, **said: str) -> None:
        self.said = said
        self.condition = condition or self.honest
        self.content = CSV

    def honest(self, request) -> bool:
        """Compare as RFC 9110 wants it: the ETag, and the date only where no ETag was asked for."""
        asked, etag = request.headers["If-None-Match"], self.said.get("ETag", "")
        if asked:
            return asked.removeprefix("W/") == etag.removeprefix("W/")
        return (
            bool(self.said.get("Last_Modified")) and request.headers["If-Modified-Since"] == self.said["Last_Modified"]
        )

    def __call__(self, request) -> None:
        if self.condition(request):
            request.send(b"", 304, **self.said)
        else:
            request.send(self.content, **self.said)


def known_of(server, settings, path: str = "/feed.csv"):
    with fetch(at(server, path), settings) as spool:
        return spool.version


@pytest.mark.parametrize(
    "said",
    [
        {"ETag": '"v1"'},
        {"ETag": 'W/"v1"'},
        {"ETag": "unquoted-v1"},
        {"ETag": '"v1"', "Last_Modified": LONG_AGO},
        {"Last_Modified": LONG_AGO},
    ],
)
def test_a_file_that_is_the_one_we_know_costs_one_request(settings, said):
    with serving(Versioned(**said)) as server:
        known = known_of(server, settings)
        with pytest.raises(Unchanged):
            fetch(at(server), settings, known)
        assert len(server.seen) == 2


def test_a_weak_and_a_strong_etag_of_one_name_are_the_same_state(settings):
    file = Versioned(ETag='"v1"')
    with serving(file) as server:
        known = known_of(server, settings)
        file.said = {"ETag": 'W/"v1"'}  # a proxy that compresses makes it weak
        with pytest.raises(Unchanged):
            fetch(at(server), settings, known)


@pytest.mark.parametrize("said", [{"ETag": '"v2"'}, {"Last_Modified": "Tue, 25 Nov 2025 04:00:00 GMT"}, {}])
def test_another_state_comes_in_full(settings, said):
    file = Versioned(**{name: {"ETag": '"v1"', "Last_Modified": LONG_AGO}[name] for name in said} or {"ETag": '"v1"'})
    with serving(file) as server:
        known = known_of(server, settings)
        file.said = said
        with fetch(at(server), settings, known) as spool:
            assert spool.size == len(CSV)


def test_where_there_is_an_etag_no_date_is_sent(settings):
    """A server may heed the date and answer 304 for a file that was changed twice in a second."""
    with serving(Versioned(ETag='"v1"', Last_Modified=LONG_AGO)) as server:
        known = known_of(server, settings)
        with pytest.raises(Unchanged):
            fetch(at(server), settings, known)
        assert server.seen[-1].headers["If-Modified-Since"] is None


def test_a_date_that_may_still_stand_for_two_states_is_not_trusted(settings):
    """Last-Modified counts seconds: what was written just now may be written again under the same date."""
    with serving(Versioned(Last_Modified=email.utils.formatdate(time.time() - 2, usegmt=True))) as server:
        known = known_of(server, settings)
        assert known.last_modified == ""
        with fetch(at(server), settings, known):
            assert server.seen[-1].headers["If-Modified-Since"] is None


@pytest.mark.parametrize(
    "date", ["", "yesterday", "Mon, 99 Nov 2025 04:00:00 GMT", LONG_AGO + "\t", LONG_AGO + " \x01"]
)
def test_a_date_that_is_none_is_not_sent_back(settings, date):
    with serving(Versioned(Last_Modified=date)) as server:
        assert known_of(server, settings).last_modified in ("", LONG_AGO)


def test_an_older_file_that_was_put_back_comes_although_the_server_says_not_newer(settings):
    """Servers that compare dates as "not newer" answer 304 for it, with the older date."""
    file = Versioned(Last_Modified=LONG_AGO)
    with serving(file) as server:
        known = known_of(server, settings)
        file.said, file.content = {"Last_Modified": EARLIER}, b"a,b\n3,4\n"
        file.condition = lambda request: request.headers["If-Modified-Since"]
        with fetch(at(server), settings, known) as spool:
            assert spool.size == 8
        assert len(server.seen) == 3


def test_a_304_that_names_another_etag_is_not_believed(settings):
    file = Versioned(ETag='"v1"')
    with serving(file) as server:
        known = known_of(server, settings)
        file.said, file.condition = {"ETag": '"v2"'}, lambda request: request.headers["If-None-Match"]
        with fetch(at(server), settings, known) as spool:
            assert spool.version.etag == '"v2"'


@pytest.mark.parametrize("known", [False, True])
def test_a_304_that_nobody_asked_for_is_an_error(settings, known):
    """Also where we know a file without validators: such a request has no condition."""
    file = Versioned(condition=lambda request: False)
    with serving(file) as server:
        version = known_of(server, settings) if known else None
        file.condition = lambda request: True
        with pytest.raises(FeedError) as caught:
            fetch(at(server), settings, version)
        assert caught.value.code == "status"


def test_a_server_that_answers_304_to_everything_is_an_error(settings):
    file = Versioned(ETag='"v1"')
    with serving(file) as server:
        known = known_of(server, settings)
        file.said, file.condition = {"ETag": '"v2"'}, lambda request: True
        with pytest.raises(FeedError) as caught:
            fetch(at(server), settings, known)
        assert caught.value.code == "status"


def test_what_another_address_said_is_not_asked_of_this_one(settings):
    with serving(Versioned(ETag='"v1"')) as server:
        known = known_of(server, settings)
        with fetch(at(server, "/other.csv"), settings, known):
            assert server.seen[-1].headers["If-None-Match"] is None
        with fetch(at(server, "/feed.csv?year=2024"), settings, known):
            assert server.seen[-1].headers["If-None-Match"] is None


def test_behind_a_redirect_only_the_address_that_said_it_is_asked(settings):
    """The night's redirect may lead to a new file that has an old one's ETag."""
    target = ["/monday.csv"]
    file = Versioned(ETag='"v1"')

    def handle(request):
        if request.path == "/feed.csv":
            request.send(b"", 302, Location=target[0])
        else:
            file(request)

    with serving(handle) as server:
        known = known_of(server, settings)
        with pytest.raises(Unchanged):
            fetch(at(server), settings, known)
        assert server.seen[-2].headers["If-None-Match"] is None
        target[0] = "/tuesday.csv"
        with fetch(at(server), settings, known) as spool:
            assert spool.name == "tuesday.csv"


@pytest.mark.parametrize("etag", ['"a b"', '"' + "x" * 600 + '"', "\x01", '"v1", "v2"', "*"])
def test_an_odd_etag_is_never_trusted_wrongly(settings, etag):
    with serving(Versioned(condition=lambda request: request.headers["If-None-Match"] == "*", ETag=etag)) as server:
        assert known_of(server, settings).etag == ""


def test_a_version_holds_no_address(settings):
    with serving(Versioned(ETag='"v1"')) as server:
        known = known_of(server, settings, "/feed.csv?token=S3CRET")
        assert "S3CRET" not in repr(dataclasses.astuple(known))
