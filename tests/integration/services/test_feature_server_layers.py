"""Layers follow from the declaration: the current year beside all years, and tables whose rows have no place."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from html import unescape

import orjson
import pytest
from helpers.arcgis import ask, attributes, error
from helpers.feeds import write_citations
from helpers.force import FEEDS, FILES, profile

from ckanext.cpdi import config
from ckanext.cpdi.jobs import load

CITATIONS = "/arcgis/rest/services/electronic-citations/FeatureServer"
PEOPLE = "/arcgis/rest/services/use-of-force-subjects/FeatureServer"


@pytest.fixture
def citations(portal, tmp_path) -> int:
    """Three citations of this year and two of the year before; gives this year."""
    year = datetime.now(UTC).astimezone(config.profile().zone).year
    days = [f"01/0{day}/{year} 10:00" for day in (1, 2, 3)] + [f"12/3{day}/{year - 1} 23:00" for day in (0, 1)]
    rows = [{"Citation_Number": f"E-{number}", "ViolationDate": day} for number, day in enumerate(days)]
    feed = write_citations(tmp_path / "citations.csv", rows)
    report = load.run("electronic-citations", str(feed), label="citations", trusted_path=True)
    assert (report.state, report.published) == ("published", len(rows)), report.message
    return year


def test_layer_0_is_the_current_year_and_layer_1_has_all(citations, app):
    layers = ask(app, CITATIONS)["layers"]
    assert [(layer["id"], str(citations) in layer["name"]) for layer in layers] == [(0, True), (1, False)]
    counts = [ask(app, f"{CITATIONS}/{number}/query", returnCountOnly="true")["count"] for number in (0, 1)]
    assert counts == [3, 5]
    first, last = ask(app, f"{CITATIONS}/0")["timeInfo"]["timeExtent"]
    zone = config.profile().zone
    assert {datetime.fromtimestamp(end / 1000, zone).year for end in (first, last)} == {citations}
    assert ask(app, f"{CITATIONS}/1")["timeInfo"]["timeExtent"][0] < first


def test_points_have_the_colours_of_the_map(standing, app):
    service = "/arcgis/rest/services/calls-for-service/FeatureServer"
    drawn = ask(app, f"{service}/0")["drawingInfo"]["renderer"]
    assert (drawn["type"], drawn["field1"]) == ("uniqueValue", "call_category")
    (described,) = re.findall(r'data-map="([^"]*)"', app.get("/dataset/calls-for-service").text)
    described = orjson.loads(unescape(described))
    on_the_map = {one["value"]: one["colour"] for one in described["categories"]}
    in_arcgis = {one["value"]: "#" + bytes(one["symbol"]["color"][:3]).hex() for one in drawn["uniqueValueInfos"]}
    assert in_arcgis == on_the_map
    assert len(in_arcgis) > 2
    assert "#" + bytes(drawn["defaultSymbol"]["color"][:3]).hex() == described["other"]


def test_the_year_belongs_to_the_etag_so_that_no_cache_keeps_the_year_before(citations, app):
    tag = app.get(f"{CITATIONS}/0/query?f=json").headers["ETag"]
    assert tag.endswith(f'-{citations}"')


def test_the_collection_of_the_ogc_api_has_all_years_and_a_filter_one(citations, app):
    items = "/ogc/collections/electronic-citations/items"
    whole = app.get(items).json
    assert (whole["numberMatched"], len(whole["features"])) == (5, 5)
    listed = next(one for one in app.get("/ogc/collections").json["collections"] if one["id"] == "electronic-citations")
    assert listed["extent"]["temporal"]["interval"][0][0].startswith(str(citations - 1))
    for question, number in (
        (f"from={citations}-01-01", 3),
        (f"datetime={citations - 1}-12-30/{citations - 1}-12-30", 1),
    ):
        assert app.get(f"{items}?{question}").json["numberMatched"] == number, question


@pytest.fixture
def people(request, ckan_config, monkeypatch, tmp_path_factory):
    """A department that publishes force, as its profile is before the portal is made."""
    monkeypatch.setitem(ckan_config, "ckanext.cpdi.profile", str(profile(tmp_path_factory.mktemp("town"))))
    request.getfixturevalue("portal")
    for table in ("use-of-force", "use-of-force-subjects"):
        report = load.run(table, str(FEEDS / FILES[table]), label=table, trusted_path=True)
        assert report.state == "published", report.message


def test_a_table_beside_another_is_a_service_and_rows_without_a_place_are_a_table(people, app):
    service = ask(app, PEOPLE)
    assert (service["layers"], [table["type"] for table in service["tables"]]) == ([], ["Table"])
    table = ask(app, f"{PEOPLE}/0")
    assert table["type"] == "Table"
    assert not {"geometryType", "extent", "drawingInfo"} & set(table)
    rows = ask(app, f"{PEOPLE}/0/query", outFields="*")
    assert attributes(rows)
    assert "spatialReference" not in rows
    assert all(set(feature) == {"attributes"} for feature in rows["features"])
    fields = {field["name"]: field["type"] for field in table["fields"]}
    time = table["timeInfo"]["startTimeField"]
    assert fields[time] == "esriFieldTypeDate"
    assert attributes(rows)[0][time] % 86_400_000 == 0
    assert "no geometry" in error(app, f"{PEOPLE}/0/query", geometry="-80,32,-79,33")
    assert app.get(f"{PEOPLE}/0/query?f=pbf").data
    box = orjson.loads(app.get(f"{PEOPLE}/0/query?f=geojson&returnExtentOnly=true").data)
    assert "bbox" not in box
