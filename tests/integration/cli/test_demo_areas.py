"""The areas of the invented city that come with a demo's sample; the tests share the demo."""

from __future__ import annotations

import csv
import re
from typing import Any

import pytest
from helpers.demo import run
from helpers.feeds import write_calls

from ckanext.cpdi import config
from ckanext.cpdi.publish import place_files
from ckanext.cpdi.services.http import access


@pytest.fixture
def shown(once, cities) -> str:
    """A demo, and what it printed."""
    return once(lambda folder: run("demo", "--rows", 600))


def units() -> list[dict[str, Any]]:
    """Return the published places."""
    files = place_files.find(config.files_path())
    assert files is not None
    with files.path("csv").open(encoding="utf-8") as lines:
        return list(csv.DictReader(lines))


def test_the_samples_places_lie_in_one_team_and_area_of_the_invented_city_beside_force_and_complaints(shown, app):
    access.forget()
    assert "given areas of the invented city" in shown
    assert set(config.profile().areas) == {"neighborhood"}
    assert config.profile().version.endswith("-sample")
    found = units()
    assert {"Harbor", "Old Mill"} < {unit["neighborhood"] for unit in found}
    assert len({(unit["team"], unit["neighborhood"]) for unit in found}) > len({unit["team"] for unit in found})
    assert "neighborhood" in app.get("/data/places.geojson").get_data(as_text=True)
    for table in ("use-of-force", "use-of-force-subjects", "complaints"):
        lines = app.get(f"/data/{table}.csv", status=200).get_data(as_text=True).splitlines()
        assert len(lines) > 1, (table, shown)
        app.get(f"/dataset/{config.library().owner(table)}", status=200)  # it was made after its rules were approved
    for series, owner in (("response-to-resistance", "use-of-force"), ("closed-investigations", "complaints")):
        page = app.get(f"/es/dataset/{series}", status=200).get_data(as_text=True)
        assert re.search(f'<a href="[^"]*/dataset/{owner}">[^<]*</a>: lo que cuentan estos informes', page), series
    again = run("demo")
    assert "areas" not in again
    assert again.count("unchanged") >= 2


def test_a_real_portal_never_takes_the_profile_of_a_demo(shown, ckan_config, monkeypatch):
    assert config.profile().areas
    monkeypatch.setitem(ckan_config, "ckanext.cpdi.production", True)
    assert config.profile().areas == {}


def test_the_areas_go_with_the_sample_and_a_profile_that_is_named_has_none(shown, tmp_path):
    """It comes last, since it takes the sample out."""
    run("demo", "--feed", write_calls(tmp_path / "real.csv", range(1, 41)))
    assert config.profile().areas == {}
    assert "unchanged" in run("demo")
    assert config.profile().areas == {}
    assert all("neighborhood" not in unit for unit in units())
    run("demo", "--rows", 300, "--profile", "charleston")
    assert config.profile().areas == {}
