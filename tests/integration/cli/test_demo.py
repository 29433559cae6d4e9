"""The demo: it starts whatever becomes of its sample, and becomes another department's where one is named."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from ckan import model
from ckan.tests.helpers import call_action
from helpers import datastore
from helpers.demo import run
from helpers.feeds import DATASET, write_calls

from ckanext.cpdi import config
from ckanext.cpdi.catalog.parts import resource_id
from ckanext.cpdi.services.http import access

pytestmark = pytest.mark.usefixtures("portal", "cities")

CITATIONS = "electronic-citations"
SERIES = ("compstat-reports", "closed-investigations", "response-to-resistance")
OLD, NEW = "Charleston Police Department", "Atlantis Police Department"


@pytest.fixture
def atlantis(tmp_path) -> str:
    """The profile of another department, as a file."""
    folder = Path(config.profile().folder)
    text = (folder / "charleston.yaml").read_text()
    text = text.replace("name: charleston", "name: atlantis").replace("charleston/", f"{folder}/charleston/")
    text = text.replace("city: Charleston", "city: Atlantis").replace("Charleston Police", "Atlantis Police")
    path = tmp_path / "atlantis.yaml"
    path.write_text(text)
    return str(path)


def package(name):
    return call_action("package_show", context={"ignore_auth": True}, id=name)


def test_a_feed_of_somebodys_own_that_cannot_be_read_ends_the_demo(tmp_path):
    page = tmp_path / "page.csv"
    page.write_text("<!DOCTYPE html><html><body>Sign in</body></html>")
    assert "Error: " in run("demo", "--feed", page, code=1)


def test_a_feed_takes_the_place_of_the_sample_in_everything(tmp_path, atlantis, ckan_config, monkeypatch, app):
    run("demo", "--rows", 400)
    assert datastore.rows(resource_id(CITATIONS))
    assert 1 < sum(len(package(series)["resources"]) for series in SERIES) <= 6
    monkeypatch.setitem(ckan_config, "ckanext.cpdi.profile", atlantis)
    said = run("demo", "--feed", write_calls(tmp_path / "real.csv", range(1, 41)), "--profile", atlantis)
    assert "taking out what the demo showed: calls-for-service, electronic-citations" in said
    assert "published 40" in said
    access.forget()
    assert datastore.rows(resource_id(DATASET)) == 40
    assert datastore.rows(resource_id(CITATIONS)) is None
    assert not list((config.files_path() / CITATIONS).glob("all.*"))
    assert app.get(f"/data/{CITATIONS}/all.csv").status_code in (404, 503)
    assert app.get(f"/data/{DATASET}.csv").get_data(as_text=True).count("\n") == 41
    for series in SERIES:
        assert package(series)["resources"] == []
    assert call_action("organization_show", id="police")["title"] == NEW
    assert package(CITATIONS)["spatial_text"] == package(DATASET)["spatial_text"] == "Atlantis, South Carolina"
    assert all("rows" not in one for one in package(CITATIONS)["resources"])
    assert {one["url"] for one in call_action("harvest_source_list") if one["active"]} == {"drop:real.csv"}
    for page in ("/", "/help", "/status", f"/dataset/{DATASET}", f"/dataset/{CITATIONS}", "/organization/police"):
        text = app.get(page).get_data(as_text=True)
        assert NEW in text, page
        assert OLD not in text, page
    again = run("demo")
    assert "unchanged" in again
    assert "writing" not in again
    assert datastore.rows(resource_id(DATASET)) == 40
    assert datastore.rows(resource_id(CITATIONS)) is None


def test_another_departments_sample_takes_the_place_of_the_sample(atlantis, ckan_config, monkeypatch):
    run("demo", "--rows", 300)
    monkeypatch.setitem(ckan_config, "ckanext.cpdi.profile", atlantis)
    said = run("demo", "--rows", 200, "--profile", atlantis)
    assert "writing 200 synthetic calls" in said
    assert "is held" not in said
    assert call_action("organization_show", id="police")["title"] == NEW
    assert config.places_path("atlantis").exists()
    assert not config.places_path("charleston").exists()


def test_what_somebody_loaded_is_not_taken_out_by_a_plain_demo(tmp_path, atlantis):
    run("load", DATASET, write_calls(tmp_path / "calls.csv", range(1, 2001)), "--profile", atlantis)
    run("demo", "--rows", 300)
    assert datastore.rows(resource_id(DATASET)) == 2000


def test_init_says_where_the_catalogue_names_another_department_and_changes_it_when_told(
    atlantis, ckan_config, monkeypatch
):
    assert run("init").strip() == "Everything is there."
    monkeypatch.setitem(ckan_config, "ckanext.cpdi.profile", atlantis)
    said = run("init")
    assert f"the organization has the title {OLD!r}, and not {NEW!r}" in said
    assert f"{DATASET} has the place 'Charleston, South Carolina', and not 'Atlantis, South Carolina'" in said
    assert model.Group.get("police").title == OLD
    assert NEW in run("init", "--describe")
    assert call_action("organization_show", id="police")["title"] == NEW
    assert package("compstat-reports")["spatial_text"] == "Atlantis, South Carolina"
    assert run("init").strip() == "Everything is there."


@pytest.fixture
def lonely(atlantis) -> str:
    """A department that has calls and nothing else."""
    path = Path(atlantis)
    text = re.sub(r"(?s)  electronic-citations:.*", "", path.read_text())
    path.write_text(re.sub(r"(?m)^reports:.*$", "", text))
    return atlantis


ABSENT = (CITATIONS, *SERIES)


def listed(app) -> str:
    """Return what anybody finds in the catalogue, by the API and on pages."""
    names = [*call_action("package_list"), *(one["name"] for one in call_action("package_search", rows=100)["results"])]
    access.forget()
    return " ".join([*names, *(app.get(page).get_data(as_text=True) for page in ("/", "/dataset/", "/status"))])


def test_what_a_department_does_not_have_is_not_shown_as_its_own(tmp_path, lonely, ckan_config, monkeypatch, app):
    own = ckan_config["ckanext.cpdi.profile"]
    run("demo", "--rows", 300)
    before = listed(app)
    assert [name for name in ABSENT if name not in before] == []
    monkeypatch.setitem(ckan_config, "ckanext.cpdi.profile", lonely)
    said = run("demo", "--feed", write_calls(tmp_path / "real.csv", range(1, 41)), "--profile", lonely)
    assert "made electronic-citations private, which the profile has no feed of" in said
    after = listed(app)
    assert [name for name in ABSENT if name in after] == []
    assert "Electronic Citations" not in after
    assert DATASET in after
    assert package("places")["spatial_text"] == "Atlantis, South Carolina"
    assert all("Atlantis" in package(name)["spatial_text"] for name in ABSENT)
    assert "private" not in run("demo", "--profile", lonely)
    monkeypatch.setitem(ckan_config, "ckanext.cpdi.profile", own)
    run("demo", "--rows", 200, "--profile", own)
    again = listed(app)
    assert [name for name in ABSENT if name not in again] == []


def test_init_withdraws_what_the_profile_does_not_name_and_holds_nothing(lonely, ckan_config, monkeypatch, tmp_path):
    run("load", DATASET, write_calls(tmp_path / "calls.csv", range(1, 41)))
    monkeypatch.setitem(ckan_config, "ckanext.cpdi.profile", lonely)
    assert f"{CITATIONS} is public, and the profile has no feed of it" in run("init")
    assert not package(CITATIONS)["private"]
    said = run("init", "--describe")
    assert f"made {CITATIONS} private, which the profile has no feed of" in said
    assert all(package(name)["private"] for name in ABSENT)
    assert not package(DATASET)["private"]
    assert run("init").strip() == "Everything is there."


def test_rows_that_a_feed_has_brought_are_public_though_the_profile_names_no_feed_of_them(
    lonely, ckan_config, monkeypatch, tmp_path
):
    run("load", DATASET, write_calls(tmp_path / "calls.csv", range(1, 41)))
    calls = Path(lonely).read_text()
    Path(lonely).write_text(calls[: calls.index("datasets:")] + "datasets: {}\n")
    monkeypatch.setitem(ckan_config, "ckanext.cpdi.profile", lonely)
    run("init", "--describe")
    assert not package(DATASET)["private"]
