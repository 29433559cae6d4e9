"""The turn of the year, replayed: nothing is lost, and the year to date begins at the department's midnight."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from ckan.tests.helpers import call_action
from helpers import harvest
from helpers.clock import Clock
from helpers.feeds import write_citations
from helpers.profiles import use_profile

from ckanext.cpdi.catalog.parts import resource_id
from ckanext.cpdi.jobs import tick
from ckanext.cpdi.jobs.worker import Worker
from ckanext.cpdi.publish import snapshot_store

pytestmark = pytest.mark.usefixtures("portal", "clean_queues")

NAME = "electronic-citations"
URL = f"/data/{NAME}"
ZONE = ZoneInfo("America/New_York")


def local(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=ZONE)


def citation(number: int, when: datetime, **cells: str) -> dict[str, str]:
    return {"Citation_Number": f"E-{number:05}", "ViolationDate": f"{when:%m/%d/%Y %H:%M}", **cells}


def two_years(until: datetime) -> list[dict[str, str]]:
    """A citation each noon since 2025, and two around midnight of New Year's Eve, as far as they have happened."""
    days = [date(2025, 1, 1) + timedelta(days=step) for step in range(800)]
    times = [local(f"{day} 12:00") for day in days] + [local("2026-12-31 23:30"), local("2027-01-01 00:10")]
    return [citation(number, when) for number, when in enumerate(times) if when < until]


@pytest.fixture
def clock(monkeypatch, ckan_config, tmp_path):
    """A clock for the portal. The ledger's is PostgreSQL's own, so nobody can say here how old an export looks."""

    def never_stale(profile):
        profile["datasets"][NAME]["guard"] = {"stale_days": 10_000}

    use_profile(monkeypatch, ckan_config, tmp_path, never_stale)
    return Clock(monkeypatch)


@pytest.fixture
def night(clock, folders):
    """Let the department export its two years at a time of day, with ``rows`` beside or in place of them."""
    source = harvest.source("drop:citations.csv", "", source_type="cpdi_citations", name="tickets", title="Tickets")

    def run(instant: str, *rows: dict[str, str]) -> dict[str, int]:
        clock.set(local(instant))
        feed = {row["Citation_Number"]: row for row in (*two_years(local(instant)), *rows)}
        write_citations(folders["drop"] / "citations.csv", feed.values())
        job_id = harvest.start(source)
        Worker().run(drain=True)
        assert harvest.messages(job_id) == []
        return harvest.job(job_id)["stats"]

    return run


def counts(app) -> dict[str, int | None]:
    """Rows of the plain address, of each year and of all; None where there is no such file."""
    found = {}
    for name, path in {"to date": "", "2025": "/2025", "2026": "/2026", "2027": "/2027", "all": "/all"}.items():
        response = app.client.get(f"{URL}{path}.csv")
        found[name] = len(response.text.splitlines()) - 1 if response.status_code == 200 else None
    return found


def test_the_year_turns_at_the_departments_midnight_and_nothing_is_lost(app, clock, night):
    night("2026-12-30 03:10")
    # Rows wait a day: what happened until 03:10 of the 29th is out.
    assert counts(app) == {"to date": 362, "2025": 365, "2026": 362, "2027": None, "all": 727}
    clock.set(local("2026-12-31 00:00"))
    assert tick.tick().built == 1  # the files of the year to come, a day ahead
    assert tick.tick().built == 0
    assert counts(app)["2027"] == 0
    night("2026-12-31 03:10")
    # UTC is in the new year from 19:00 on, the department is not.
    clock.set(local("2026-12-31 19:00"))
    assert counts(app) == {"to date": 363, "2025": 365, "2026": 363, "2027": 0, "all": 728}
    clock.set(local("2026-12-31 23:59") + timedelta(seconds=59))
    assert counts(app)["to date"] == 363
    last_year = app.client.get(f"{URL}.csv")

    clock.set(local("2027-01-01 00:00"))
    assert counts(app) == {"to date": 0, "2025": 365, "2026": 363, "2027": 0, "all": 728}
    empty = app.client.get(f"{URL}.csv")
    assert empty.text.splitlines() == [last_year.text.splitlines()[0]]
    assert empty.headers["Content-Location"] == f"{URL}/2027.csv"
    assert "2027" in empty.headers["Content-Disposition"]
    # Whoever has last year's file is not told that it is still this year's.
    for header, of in (("If-None-Match", "ETag"), ("If-Modified-Since", "Last-Modified")):
        assert app.client.get(f"{URL}.csv", headers={header: last_year.headers[of]}).status_code == 200
    for extension in ("kml", "kmz", "geojson", "shp.zip", "gpkg", "parquet"):
        assert app.client.get(f"{URL}.{extension}").status_code == 200

    night("2027-01-01 03:10")
    assert counts(app) == {"to date": 0, "2025": 365, "2026": 364, "2027": 0, "all": 729}
    night("2027-01-02 03:10")
    assert counts(app) == {"to date": 0, "2025": 365, "2026": 365, "2027": 0, "all": 730}
    night("2027-01-03 03:10")
    assert counts(app) == {"to date": 2, "2025": 365, "2026": 366, "2027": 2, "all": 733}


def test_the_last_hours_of_the_year_are_of_the_old_year_although_utc_is_in_the_new_one(app, night):
    night("2027-01-03 03:10")
    (old,) = [line for line in app.client.get(f"{URL}/2026.csv").text.splitlines() if "2026-12-31 23:" in line]
    new = app.client.get(f"{URL}.csv").text.splitlines()[1]
    assert "2026-12-31 23:00:00,-05:00," in old
    assert "2027-01-01 00:00:00,-05:00," in new


def test_corrections_and_late_rows_of_a_closed_year_arrive_like_any_others(app, night, folders):
    night("2027-01-03 03:10")
    kept = {one.path.name for one in snapshot_store.files(folders["files"], NAME) if one.year == 2025}
    noon = local("2026-12-20 12:00")
    number = (noon.date() - date(2025, 1, 1)).days
    stats = night(
        "2027-01-04 03:10",
        citation(number, noon, Violation="Seat belt violation"),
        citation(90001, local("2026-12-15 09:00")),
        citation(number + 1, local("2027-01-01 08:00")),  # the 21st was a clerk's error: it was New Year's Day
    )
    assert (stats["added"], stats["updated"], stats["deleted"]) == (2, 2, 0)
    text = app.client.get(f"{URL}/2026.csv").text
    assert text.count("Seat belt violation") == 1
    assert counts(app) == {"to date": 4, "2025": 365, "2026": 366, "2027": 4, "all": 735}
    assert {one.path.name for one in snapshot_store.files(folders["files"], NAME) if one.year == 2025} == kept


def test_a_year_whose_files_are_still_to_be_built_is_asked_for_again_later(app, clock, night):
    """No tick came in the last day of the old year."""
    night("2026-12-30 03:10")
    clock.set(local("2027-01-01 00:01"))
    response = app.client.get(f"{URL}.csv")
    assert (response.status_code, response.headers["Retry-After"]) == (503, "300")
    assert app.client.get(f"{URL}.exe").status_code == 404
    assert tick.tick().built == 1
    assert counts(app)["to date"] == 0


def test_the_catalogue_and_the_page_say_since_when(app, clock, night, editor):
    night("2026-12-31 03:10")
    running, table = resource_id(NAME, "running/csv"), resource_id(NAME)
    shown = call_action("resource_show", id=running)
    assert (shown["name"], shown["rows"]) == ("Since January 1, 2026, as CSV", 363)
    assert shown["url"].endswith(f"{URL}.csv")
    shown = call_action("resource_show", id=table)
    assert (shown["name"], shown["rows"], shown["datastore_active"]) == ("All rows as CSV", 728, True)
    assert shown["url"].endswith(f"{URL}/all.csv")
    assert "Since January 1, 2026" in app.get(f"/dataset/{NAME}").body
    clock.set(local("2027-01-01 00:05"))
    kml = resource_id(NAME, "running/kml")
    call_action("resource_patch", context=dict(editor["context"]), id=kml, name="This year, for Google Earth")
    tick.tick()
    shown = call_action("resource_show", id=running)
    assert (shown["name"], shown["rows"]) == ("Since January 1, 2027, as CSV", 0)
    assert call_action("resource_show", id=kml)["name"] == "This year, for Google Earth"
    page = app.get(f"/dataset/{NAME}").body
    assert "Since January 1, 2027" in page
    assert "Since January 1, 2026" not in page


def test_descriptions_and_the_datastores_dump_lead_to_what_they_say(app, clock, night):
    night("2026-12-31 03:10")
    moved = app.client.get(f"{URL}.csv.datapackage.json", follow_redirects=False)
    assert (moved.status_code, moved.headers["Location"]) == (307, f"{URL}/2026.csv.datapackage.json")
    described = app.client.get(f"{URL}/all.csv.datapackage.json").json["resources"][0]
    assert (described["path"], described["cpdi:rows"]) == ("all.csv", 728)
    paths = [one["path"] for one in app.client.get(f"{URL}/datapackage.json").json["resources"]]
    assert f"http://test.ckan.net{URL}/all.csv" in paths
    assert f"http://test.ckan.net{URL}.csv" not in paths
    dump = app.client.get(f"/datastore/dump/{resource_id(NAME)}", follow_redirects=False)
    assert dump.headers["Location"].endswith(f"{URL}/all.csv")
