"""Slow readers, costly questions, floods: pages and health go on, and who is refused is told so in words."""

from __future__ import annotations

import json
import os
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from pathlib import Path

import psycopg
import pytest
from helpers.files import URL
from psycopg import sql

from ckanext.cpdi import config
from ckanext.cpdi.catalog.parts import resource_id

SLOW = 30
"""More than there are threads."""
MANY_SECONDS = 10
SECRET = "Schlaraffenstrasse"


def quick(front, path):
    """Ask for ``path`` as somebody else, and say whether it came within seconds."""
    began = time.monotonic()
    answer = front.ask(path, person="127.0.0.77")
    assert time.monotonic() - began < MANY_SECONDS
    return answer


def search(front, person="127.0.0.1", **asked):
    body = json.dumps({"resource_id": resource_id("calls-for-service"), **asked}).encode()
    return front.ask("/api/3/action/datastore_search", "POST", body, person=person, Content_Type="application/json")


@pytest.fixture
def locked(front):
    """A table that nobody can read until the block ends: each question to it takes as long."""
    with psycopg.connect(config.read_dsn().replace("datastore_read@", "ckan@")) as connection:
        connection.execute(
            sql.SQL("LOCK TABLE {} IN ACCESS EXCLUSIVE MODE").format(sql.Identifier(resource_id("calls-for-service")))
        )
        yield connection


def test_slow_readers_hold_neither_pages_nor_health_nor_files(front):
    with ExitStack() as stack:
        for number in range(SLOW):
            one = stack.enter_context(front.read_nothing(f"{URL}.kml", f"127.0.1.{number % 3}"))
            assert one.recv(12) == b"HTTP/1.1 200"
        assert quick(front, "/healthz").status == 200
        assert quick(front, "/help").status == 200
        assert quick(front, f"{URL}.csv").status == 200
        assert search(front, limit=1).status == 200


def test_slow_senders_hold_no_thread(front):
    with ExitStack() as stack:
        for number in range(SLOW):
            one = stack.enter_context(front.read_nothing("/", f"127.0.1.{number % 3}"))
            one.sendall(b"POST /api/3/action/package_list HTTP/1.1\r\nHost: x\r\nContent-Length: 100\r\n\r\n{")
        assert quick(front, "/healthz").status == 200
        assert search(front, limit=1).status == 200


def test_costly_questions_wait_for_their_turn_and_pages_do_not(front, locked):
    with ThreadPoolExecutor(20) as crowd:
        waiting = [crowd.submit(search, front, f"127.0.2.{number % 2}", limit=1) for number in range(20)]
        time.sleep(2)
        assert not any(one.done() for one in waiting)
        assert quick(front, "/healthz").status == 200
        refused = search(front, "127.0.2.1", limit=1)
        locked.rollback()
        assert [one.result().status for one in waiting] == [200] * 20
    assert (refused.status, refused.headers["retry-after"]) == (429, "5")
    assert refused.headers["access-control-allow-origin"] == "*"
    error = json.loads(refused.body)
    assert (error["success"], error["error"]["__type"]) == (False, "Too Many Requests")


def test_who_asks_too_often_is_told_so_in_words_and_others_are_not_refused(front):
    with ThreadPoolExecutor(80) as crowd:
        answers = list(crowd.map(lambda _: front.ask("/es/help", person="127.0.3.1"), range(120)))
    refused = [one for one in answers if one.status == 429]
    assert {one.status for one in answers} == {200, 429}
    assert "Vuelva a intentarlo" in refused[0].text
    assert refused[0].headers["retry-after"] == "5"
    assert refused[0].headers["content-type"] == "text/plain; charset=utf-8"
    assert quick(front, "/help").status == 200


BROWSER = {"Accept": "text/html,application/xhtml+xml,*/*;q=0.8", "Accept-Language": "es"}


@pytest.mark.parametrize(
    ("path", "headers", "kind", "says"),
    [
        ("/help", BROWSER, "text/html", "<h1>This is too large</h1>"),
        ("/es/help", BROWSER, "text/html", "<h1>Esto es demasiado grande</h1>"),
        ("/ogc", BROWSER, "text/html", "<h1>This is too large</h1>"),
        ("/ogc", {"Accept-Language": "es"}, "text/plain", "Esto es demasiado grande. "),
        ("/api/3", {}, "text/plain", "This is too large. "),
    ],
)
def test_what_nginx_refuses_itself_is_a_page_for_a_browser_and_a_sentence_for_a_program(
    front, path, headers, kind, says
):
    sent = {name.replace("-", "_"): value for name, value in headers.items()}
    answer = front.ask(path, "POST", b"x" * 13_000_000, person="127.0.6.1", **sent)
    assert answer.status == 413
    assert answer.headers["content-type"] == f"{kind}; charset=utf-8"
    assert says in answer.text
    assert "$" not in answer.text
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert answer.headers.get("content-security-policy", "").startswith("default-src 'none'") == (kind == "text/html")


@pytest.mark.parametrize("path", ["/", "/ogc/collections", "/data/calls-for-service.csv"])
def test_a_method_that_nginx_refuses_itself_is_answered_with_those_there_are(front, path):
    answer = front.ask(path, "TRACE")
    assert (answer.status, answer.headers["allow"]) == (405, "GET, HEAD, POST, OPTIONS")


def test_what_is_within_the_limits_is_not_refused(front):
    with ThreadPoolExecutor(30) as crowd:
        answers = list(crowd.map(lambda _: front.ask("/help", person="127.0.4.1"), range(30)))
    assert [one.status for one in answers] == [200] * 30


def test_a_page_is_kept_for_readers_and_never_for_whoever_has_a_cookie(front, folder):
    assert "max-age=60" in front.ask("/").headers["cache-control"]
    kept = [path for path in (folder / "run/nginx/cache").iterdir() if path.is_file()]
    assert kept
    front.ask("/status", Cookie="ckan=1")
    front.ask("/status", Authorization="x")
    front.ask(f"/?q={SECRET}")
    assert [path for path in (folder / "run/nginx/cache").iterdir() if path.is_file()] == kept


def test_nothing_that_somebody_searches_for_is_written_down(front, locked):
    def unanswered():
        with front.read_nothing(f"/api/3/action/datastore_search?resource_id=x&q={SECRET}", "127.0.5.1") as one:
            one.settimeout(0.2)

    with ThreadPoolExecutor(40) as crowd:
        waiting = [crowd.submit(search, front, "127.0.5.2", q=SECRET) for _ in range(20)]
        time.sleep(1)
        for _ in range(5):
            unanswered()
        locked.rollback()
        statuses = {one.result().status for one in waiting}
    assert statuses == {200, 429}
    assert front.ask(f"/dataset/?q={SECRET}").status == 200
    assert front.ask(f"/no-such?bbox={SECRET}").status == 404
    assert front.ask("/api/3/action/x", "POST", b"x" * 20_000_000, Referer=SECRET).status == 413
    assert SECRET.encode() not in front.written()


def test_a_portal_whose_python_is_away_says_when_to_come_again(front):
    assert front.script("status").stdout.splitlines() == ["front up", "pages up", "services up", "api up", "streams up"]
    front.script("stop", "pages")
    try:
        answer = front.ask("/help?kept=by-no-cache")
        assert (answer.status, answer.headers["retry-after"]) == (503, "30")
        assert answer.text.startswith("The portal is away for a moment")
        assert SECRET.encode() not in front.written()
    finally:
        assert front.script("start").returncode == 0
    assert front.ask("/help?kept=by-no-cache").status == 200


def test_services_and_the_api_stand_behind_the_pages(front):
    """By their niceness, which each worker takes when it is ready: a start has the processor as pages do."""
    assert front.ask("/api/3").status == front.ask("/ogc").status == 200
    assert {name: niceness(front, name) for name in ("pages", "services", "api")} == {
        "pages": {0},
        "services": {5},
        "api": {10},
    }


def niceness(front, name):
    """Return that of each thread of a pool's workers, beyond that of the tests."""
    parent = (front.run / f"{name}.pid").read_text().strip()
    workers = Path(f"/proc/{parent}/task/{parent}/children").read_text().split()
    threads = [int(one.name) for worker in workers for one in Path(f"/proc/{worker}/task").iterdir()]
    return {os.getpriority(os.PRIO_PROCESS, one) - os.getpriority(os.PRIO_PROCESS, 0) for one in threads}
