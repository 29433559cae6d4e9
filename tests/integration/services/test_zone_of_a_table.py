"""A table that was loaded with another profile, in another zone than the site's: its days are those of that zone."""

from __future__ import annotations

import csv
import io
import shutil
import zipfile

import pytest
from helpers.feeds import DATASET, HEADER
from helpers.files import get
from helpers.profiles import use_profile

from ckanext.cpdi import config
from ckanext.cpdi.jobs import load
from ckanext.cpdi.pipeline import publish
from ckanext.cpdi.publish.rows.changes import Changes
from ckanext.cpdi.publish.rows.source import open_source
from ckanext.cpdi.services import zones
from ckanext.cpdi.site.portal import portal as portal_of_request

EVE = "12/31/2024 22:30:00"
"""In New York the new year has begun by then."""


@pytest.fixture
def denver(portal, folders, ckan_config, monkeypatch, tmp_path):
    """Calls of Denver on a portal whose own department is in New York; gives the profile's path."""
    zones.forget()
    own = ckan_config["ckanext.cpdi.profile"]
    use_profile(monkeypatch, ckan_config, tmp_path, lambda profile: profile.update(time_zone="America/Denver"))
    path = ckan_config["ckanext.cpdi.profile"]
    monkeypatch.setitem(ckan_config, "ckanext.cpdi.profile", own)
    feed = tmp_path / "calls.csv"
    calls = [
        f"24-{number:06},{EVE},Traffic Stop,{100 + number} Queen St,LPA_Patrol Area,{EVE},-79.93{number},32.77{number}"
        for number in range(1, 10)
    ]
    feed.write_text("\n".join([HEADER, *calls, ""]), encoding="utf-8")
    report = load.run(DATASET, str(feed), path, label="Denver", trusted_path=True)
    assert (report.state, report.published) == ("published", 9), report.message
    publish.publish(DATASET, publish.profile_of(DATASET))
    yield path
    zones.forget()


def rows(text: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(text)))


def test_files_and_changes_have_its_days(denver, app):
    assert config.profile().time_zone == "America/New_York"
    for path in ("", "/2024", "/changes"):
        found = rows(get(app, f"/data/{DATASET}{path}.csv").body)
        assert {(one["call_datetime"], one["utc_offset"]) for one in found} == {("2024-12-31 22:30:00", "-07:00")}
    get(app, f"/data/{DATASET}/2025.csv", status=404)
    assert get(app, f"/data/{DATASET}/datapackage.json").json["cpdi:timeZone"] == "America/Denver"


def test_frozen_years_have_its_days(denver, app):
    assert publish.freeze_years(DATASET, publish.profile_of(DATASET)) == [2024]
    archive = zipfile.ZipFile(io.BytesIO(get(app, f"/data/{DATASET}/archive/2024.zip").bytes))
    found = rows(archive.read(f"{DATASET}-2024.csv").decode())
    assert {one["call_datetime"] for one in found} == {"2024-12-31 22:30:00"}


def test_a_day_since_which_something_changed_begins_at_its_midnight(denver):
    with open_source(config.read_dsn()) as source:
        today = source.now().astimezone(config.profile_in("America/Denver").zone).date()
        changes = Changes.of(source, config.library().dataset(DATASET), "", config.profile_in)
        assert changes is not None
        assert changes.profile.time_zone == "America/Denver"
        assert changes.removed_until.isoformat() <= today.isoformat()


def test_pages_say_its_days(denver, app):
    with app.flask_app.test_request_context():
        shown = portal_of_request()
        assert shown.zone(config.library().dataset(DATASET)).key == "America/Denver"
    assert "31 Dec 2024" in get(app, f"/dataset/{DATASET}").body
    assert zones.zone_of(DATASET).key == "America/Denver"


def test_the_profile_stands_with_the_table(denver, folders):
    shutil.rmtree(folders["private"])
    folders["private"].mkdir()
    assert publish.profile_of(DATASET).time_zone == "America/Denver"
