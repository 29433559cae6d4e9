"""The pages on runs: what everybody sees of a night, what only staff see, and the release of a held one.

The tests share three nights. Those that change something come last, each where the ones after it do not see the change.
"""

import csv
import re
from datetime import UTC, datetime
from types import SimpleNamespace

import ckan.plugins.toolkit as tk
import pytest
from ckan.lib.redis import connect_to_redis
from helpers import feeds, harvest
from helpers.users import browser

from ckanext.cpdi import config
from ckanext.cpdi.catalog.people import portal_user
from ckanext.cpdi.errors import Said, of_system
from ckanext.cpdi.jobs import load
from ckanext.cpdi.pipeline import clock, publish
from ckanext.cpdi.services import heartbeat
from ckanext.cpdi.services.http import access
from ckanext.cpdi.store import Clock

TABLE = f"/status/{feeds.DATASET}"
BAD = [
    ",03/01/2025 10:00:00,Traffic Stop,100 Queen St,LPA_Patrol Area,03/01/2025 10:59:00,-79.93,32.77",
    "25-9,soon,Traffic Stop,100 Queen St,LPA_Patrol Area,03/01/2025 10:59:00,-79.93,32.77",
    "25-8,soon <b>,Traffic Stop,100 Queen St,LPA_Patrol Area,03/01/2025 10:59:00,-79.93,32.77",
]


def night(path, numbers, more=()):
    """Load calls of these ``numbers``, and lines as they stand; return the run's number."""
    feeds.write_calls(path, numbers)
    with path.open("a", encoding="utf-8") as file:
        file.writelines(f"{line}\n" for line in more)
    return load.run(feeds.DATASET, str(path), label=path.name, trusted_path=True).run


@pytest.fixture
def runs(once):
    """A good night with three bad lines, one that is held since it lost most rows, one that failed."""

    def fill(folder):
        made = SimpleNamespace(good=night(folder / "good.csv", range(1, 201), BAD))
        publish.publish(feeds.DATASET, config.profile())
        made.held = night(folder / "held.csv", range(1, 21))
        (folder / "failed.csv").write_text("<html>Please sign in</html>")
        made.failed = load.run(feeds.DATASET, str(folder / "failed.csv"), label="failed.csv", trusted_path=True).run
        return made

    return once(fill)


def url(number, rest=""):
    return f"/status/runs/{number}{rest}"


def text(response):
    """What a reader reads, with one space between words."""
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", response.get_data(as_text=True)))


def released(number):
    with config.store() as store:
        return store.ledger.run(number).released


def make_private():
    tk.get_action("package_patch")(portal_user(), {"id": feeds.DATASET, "private": True})
    access.forget()


def test_everybody_sees_what_became_of_the_rows_and_no_line_and_no_message(app, runs, stranger):
    for headers in ({}, stranger["headers"]):
        response = app.get(url(runs.good), headers=headers, status=200)
        read = text(response)
        assert "200 rows were read." in read
        assert "Published 200" in read
        assert "Set aside &lt; 10" in read
        assert "Other reasons, each of fewer than ten rows" in read
        assert "A time that cannot be read" not in read
        assert "Checking and masking" in read
        assert "For staff" not in read
        assert "good.csv" not in read
        assert '<form action="/status' not in response.get_data(as_text=True)


def test_a_held_or_failed_run_is_told_in_plain_words(app, runs):
    held, failed = text(app.get(url(runs.held))), text(app.get(url(runs.failed)))
    assert "waits until staff have looked at it" in held
    assert "shrink" not in held
    assert "rows were read" not in held
    assert "could not be finished" in failed
    assert "web page" not in failed
    assert "could not be finished" in text(app.get("/status"))


def test_a_readers_page_may_be_kept_for_a_minute_and_a_staff_page_never(app, runs, editor):
    for path in ("/status", "/status/runs", url(runs.held), TABLE):
        public = app.get(path).headers
        assert (public["Cache-Control"], public["Vary"]) == ("public, max-age=60", "Cookie")
        assert "Set-Cookie" not in public
        assert app.get(path, headers=editor["headers"]).headers["Cache-Control"] == "private, no-store"


def test_staff_see_the_differences_that_held_a_run(app, runs, editor):
    body = app.get(url(runs.held), headers=editor["headers"]).get_data(as_text=True)
    row = re.search(r'<th scope="row">(The table would shrink.*?)</tr>', body, re.DOTALL)[1]
    assert re.findall(r"</span>([\d,]+)</td>", row) == ["200", "20"]
    assert "web page" in text(app.get(url(runs.failed), headers=editor["headers"]))


def test_staff_see_exact_counts_and_lines_and_no_value(app, runs, editor):
    response = app.get(url(runs.good), headers=editor["headers"])
    lines = re.findall(r'<tr><th scope="row">(\d+)</th><td>([^<]+)</td>', response.get_data(as_text=True))
    assert lines == [
        ("202", "Without a record number"),
        ("203", "A time that cannot be read"),
        ("204", "A time that cannot be read"),
    ]
    assert "soon" not in response.get_data(as_text=True)
    chosen = app.get(url(runs.good, "?reason=key_missing"), headers=editor["headers"]).get_data(as_text=True)
    assert re.findall(r'<tr><th scope="row">(\d+)</th>', chosen) == ["202"]


def test_lines_can_be_downloaded_by_staff_alone(app, runs, editor, stranger):
    response = app.get(url(runs.good, "/lines.csv"), headers=editor["headers"])
    assert list(csv.reader(response.get_data(as_text=True).splitlines())) == [
        ["line", "reason", "field"],
        ["202", "key_missing", "incident_number"],
        ["203", "time_unreadable", "call_datetime"],
        ["204", "time_unreadable", "call_datetime"],
    ]
    assert response.headers["Cache-Control"] == "private, no-store"
    only = app.get(url(runs.good, "/lines.csv?reason=key_missing"), headers=editor["headers"])
    assert only.get_data(as_text=True).count("\n") == 2
    app.get(url(10**9, "/lines.csv"), headers=editor["headers"], status=404)
    for headers in ({}, stranger["headers"]):
        app.get(url(runs.good, "/lines.csv"), headers=headers, status=403)


def test_a_form_without_the_token_of_the_session_releases_nothing(app, runs, editor, monkeypatch):
    app.post(url(runs.held, "/release"), status=403)  # such a request takes the view out of CKAN's own check
    client = browser(app, editor["name"])
    monkeypatch.setitem(app.flask_app.config, "WTF_CSRF_ENABLED", True)
    assert client.post(url(runs.held, "/release")).status_code == 403
    assert released(runs.held) is None


def test_the_page_of_a_table_says_what_the_public_file_says(app, runs):
    told = csv.DictReader(app.get(f"/data/{feeds.DATASET}/completeness.csv").get_data(as_text=True).splitlines())
    rows = filled = 0
    for one in told:
        if one["field"] == "closed_datetime":
            rows, filled = rows + int(one["rows"]), filled + int(one["filled"])
    assert rows == 200
    body = app.get(TABLE).get_data(as_text=True)
    shown = re.search(r'Time of closing</span> <span class="cp-strip-share">([^<]+)<', body)[1]
    assert shown == f"{100 * filled / rows:.1f}%".replace(".0%", "%")
    assert body.count('role="img" aria-label="') == len(config.library().dataset(feeds.DATASET).rows.fields) + 2
    assert "For staff" not in body


def test_staff_see_the_last_nights(app, runs, editor):
    body = app.get(TABLE, headers=editor["headers"]).get_data(as_text=True)
    assert body.count('<title id="t-') == body.count('<desc id="d-') == 6
    row = re.search(r'<tr><th scope="row"><a href="/status/runs/(\d+)">', body)[1]
    assert int(row) == runs.failed
    assert f">run {runs.held}</a>" in body


def test_a_missing_night_shows(app, runs, ckan_config, monkeypatch):
    assert "Late:" not in text(app.get("/status"))
    monkeypatch.setitem(ckan_config, "ckanext.cpdi.late_after", -1)
    assert "Late: no good run since" in text(app.get("/status"))
    assert "Late: no good run since" in text(app.get(TABLE))


def test_a_page_can_be_read_in_spanish(app, runs):
    read = text(app.get(f"/es{url(runs.held)}"))
    assert "Retenida para revisión" in read
    assert "espera a que el personal la revise" in read
    assert "Con un punto en el mapa" in text(app.get(f"/es{TABLE}"))


def test_without_the_database_a_run_cannot_be_shown_and_nothing_is_told_of_it(app, runs, ckan_config, monkeypatch):
    monkeypatch.setitem(ckan_config, "ckan.datastore.read_url", "postgresql://nobody:hush@127.0.0.1:9/nowhere")
    for path in (url(runs.good), "/status/runs"):
        assert "hush" not in app.get(path, status=503).get_data(as_text=True)
    assert "Nothing has been counted yet" in text(app.get(TABLE, status=200))


def test_readers_are_told_where_nobody_does_the_nights(app, runs, clean_queues, ckan_config, monkeypatch):
    connect_to_redis().delete(*(heartbeat._key(name) for name in heartbeat.NAMES))
    assert "at the moment" not in text(app.get("/status"))
    harvest.source()
    assert "Nobody works on runs yet." in text(app.get("/status"))
    for name in heartbeat.NAMES:
        heartbeat.beat(name)
    assert "runs yet" not in text(app.get("/status"))
    monkeypatch.setitem(ckan_config, "ckanext.cpdi.silent_after", 0)
    read = text(app.get("/status"))
    assert "Nothing starts new runs at the moment: the scheduler gave its last sign on" in read
    assert "The data shown stay as they are until then." in read


def test_the_list_has_every_run_page_by_page(app, runs):
    with config.store() as store:
        for _ in range(30):
            store.ledger.fail(store.ledger.start("electronic-citations", "feed", "0" * 64, "1", "1", "1"), "")
    numbers = []
    for page in ("", "?page=2", "?page=99"):
        body = app.get(f"/status/runs{page}").get_data(as_text=True)
        numbers.append(re.findall(r'href="/status/runs/(\d+)"', body))
    assert [len(one) for one in numbers] == [30, 3, 3]
    assert numbers[1] == [str(one) for one in (runs.failed, runs.held, runs.good)]
    body = app.get(f"/status/runs?dataset={feeds.DATASET}&page=<b>").get_data(as_text=True)
    assert re.findall(r'href="/status/runs/(\d+)"', body) == numbers[1]


def test_staff_release_a_held_run_and_nobody_else(app, runs, editor, stranger):
    for headers in ({}, stranger["headers"]):
        app.post(url(runs.held, "/release"), headers=headers, status=403)
    assert released(runs.held) is None
    answer = app.post(url(runs.held, "/release"), headers=editor["headers"], follow_redirects=False)
    assert answer.headers["Location"].endswith(url(runs.held))
    assert released(runs.held) is not None
    read = text(app.get(url(runs.held), headers=editor["headers"]))
    assert "Released on" in read
    assert "Release this run" not in read
    app.post(url(runs.good, "/release"), headers=editor["headers"], follow_redirects=False, status=302)


def ended(message, state="hold"):
    """Write a run that was held or failed with ``message``; return its number."""
    with config.store() as store:
        run = store.ledger.start(feeds.DATASET, "calls.csv", "", "", "", "1")
        getattr(store.ledger, state)(run, message)
    return run


def test_staff_read_why_a_run_failed_or_is_held_in_spanish(app, runs, editor):
    clocks = clock.Reading(Clock(datetime(2026, 11, 27, tzinfo=UTC), "", 0), datetime(2026, 11, 24, tzinfo=UTC))
    held = ended(clock.objection(clocks, None))
    failed = ended(Said("The log has it: {doing}", doing="x"), "fail"), ended(of_system(OSError(28, "")), "fail")
    body = app.get("/es" + url(held), headers=editor["headers"]).get_data(as_text=True)
    assert "<strong>El reloj del portal marca 2026-11-27 00:00 UTC, el de la base de datos" in body
    assert "Libere esta ejecución si el motivo de arriba" in body
    assert "The portal&#39;s clock says" in app.get(url(held), headers=editor["headers"]).get_data(as_text=True)
    unknown, known = (app.get("/es" + url(run), headers=editor["headers"]).get_data(as_text=True) for run in failed)
    assert '<strong lang="en">The log has it: x</strong>' in unknown
    assert "<strong>no queda espacio en el disco</strong>" in known


def test_what_is_not_there_is_404(app, runs, sysadmin):
    for path in (url(10**9), url(10**30), url("x"), "/status/nothing", "/status/runs?dataset=nothing"):
        app.get(path, status=404)
    make_private()
    for path in (url(runs.good), TABLE, f"/status/runs?dataset={feeds.DATASET}"):
        app.get(path, status=404)
        app.get(path, headers=sysadmin["headers"], status=200)
    assert "Calls for Service" not in text(app.get("/status"))
