"""Declared areas choose rows in every service: each row is in the areas of its place, as the published places say."""

from __future__ import annotations

import csv
import io
import re
from collections import Counter
from urllib.parse import quote

import ckan.plugins.toolkit as tk
import pytest
from helpers.feeds import DATASET, write_sample
from helpers.files import get

from ckanext.cpdi import config
from ckanext.cpdi.catalog.parts import resource_id
from ckanext.cpdi.jobs import load
from ckanext.cpdi.pipeline import approval, publish
from ckanext.cpdi.sample import write_profile
from ckanext.cpdi.selection import frames

LAYER = "area.neighborhood"
SEED = 20260720


def _load(folder):
    """Load a sample of a department with invented neighbourhoods."""
    name = config.profile_name()
    path = config.sample_profile(name)
    path.parent.mkdir(parents=True, exist_ok=True)
    source = config.own_profile_path(name)
    write_profile(path, source, config.profile(source), SEED)
    with config.store() as store:
        approval.approve_demo(store, "")
    feed = write_sample(folder / "sample.csv", rows=3000)
    report = load.run(DATASET, str(feed), label="sample", trusted_path=True)
    assert report.state == "published", report.message
    publish.publish(DATASET, publish.profile_of(DATASET))
    return report


@pytest.fixture(params=[0, frames.LEAST], ids=["columnar", "database"])
def areas(request, once, app, monkeypatch):
    """The area of each row, None for none, by its number: a plain join of the CSV with the published places."""
    once(_load)
    monkeypatch.setattr(frames, "LEAST", request.param)
    places = {one["id"]: one["properties"] for one in get(app, "/data/places.geojson").json["features"]}
    rows = csv.DictReader(io.StringIO(get(app, f"/data/{DATASET}.csv").body))
    return {
        row["incident_number"]: places[row["place_id"]]["neighborhood"] if row["place_id"] else None for row in rows
    }


def numbers(rows):
    return sorted(row["incident_number"] for row in rows)


def of(areas, *wanted):
    return sorted(number for number, area in areas.items() if area in wanted)


@pytest.mark.parametrize("asked", [("Old Mill",), ("Harbor", "Old Mill")])
def test_a_link_has_the_same_rows_in_every_service(areas, app, asked):
    wanted = of(areas, *asked)
    assert 0 < len(wanted) < len(areas)
    link = "&".join(f"{LAYER}={quote(name)}" for name in asked)
    assert numbers(csv.DictReader(io.StringIO(get(app, f"/data/{DATASET}.csv?{link}").body))) == wanted
    features = get(app, f"/data/{DATASET}.geojson?{link}").json["features"]
    assert numbers(feature["properties"] for feature in features) == wanted
    server = f"/arcgis/rest/services/{DATASET}/FeatureServer/0/query"
    assert get(app, f"{server}?{link}&f=json&returnCountOnly=true").json["count"] == len(wanted)
    where = quote(f"{LAYER} IN ({', '.join(repr(name) for name in asked)})")
    found = get(app, f"{server}?where={where}&f=json&outFields=*&resultRecordCount=2000").json["features"]
    assert numbers(feature["attributes"] for feature in found) == wanted
    items = get(app, f"/ogc/collections/{DATASET}/items?{link}&limit=10000").json
    assert (items["numberMatched"], numbers(one["properties"] for one in items["features"])) == (len(wanted), wanted)
    text = quote(" OR ".join(f"{LAYER} = '{name}'" for name in asked))
    assert get(app, f"/ogc/collections/{DATASET}/items?filter={text}&limit=1").json["numberMatched"] == len(wanted)
    tile = app.get(f"/ogc/collections/{DATASET}/tiles/WebMercatorQuad/0/0/0?{link}")
    assert int(tile.headers["Cpdi-Rows"]) == len(wanted)


def test_rows_without_a_place_are_in_no_area(areas, app):
    assert of(areas, None)
    link = f"{LAYER}__empty=yes"
    assert numbers(csv.DictReader(io.StringIO(get(app, f"/data/{DATASET}.csv?{link}").body))) == of(areas, None)
    inverse = quote(f"NOT ({LAYER} = 'Old Mill')")
    others = set(areas.values()) - {"Old Mill", None}
    rows = csv.DictReader(io.StringIO(get(app, f"/data/{DATASET}.csv?filter={inverse}").body))
    assert numbers(rows) == of(areas, *others)


def test_sql_counts_by_area(areas):
    statement = f'SELECT {LAYER} AS area, count(*) AS calls FROM "{resource_id(DATASET)}" GROUP BY {LAYER}'
    found = tk.get_action("datastore_search_sql")({"user": ""}, {"sql": statement})["records"]
    assert {row["area"]: int(row["calls"]) for row in found} == Counter(areas.values())


@pytest.mark.parametrize(
    ("link", "words"),
    [
        ("area.town=Harbor", "there are no areas 'area.town'; there are area.neighborhood"),
        (f"{LAYER}=Old+Mil", "did you mean Old Mill? There are Harbor, Northside, Old Mill"),
        (f"filter={quote(LAYER + ' IN (1)')}", "has no '1'; there are Harbor"),
    ],
)
def test_what_there_is_not_is_refused_with_what_there_is(areas, app, link, words):
    answer = get(app, f"/data/{DATASET}.csv?{link}", status=400)
    assert words in answer.body
    assert words in get(app, f"/ogc/collections/{DATASET}/items?{link}", status=400).json["description"]


def test_areas_are_no_columns_of_an_answer(areas, app):
    """A field's name in an answer is one that the table has."""
    server = f"/arcgis/rest/services/{DATASET}/FeatureServer/0/query?where=1%3D1&f=json"
    for asked in (f"outFields={LAYER}", f"orderByFields={LAYER}"):
        assert "here is no column" in str(get(app, f"{server}&{asked}").json["error"])
    for asked in (f"properties={LAYER}", f"sortby={LAYER}"):
        get(app, f"/ogc/collections/{DATASET}/items?{asked}", status=400)


def test_what_filters_may_name_has_the_areas(areas, app):
    queryables = get(app, f"/ogc/collections/{DATASET}/queryables?f=json").json["properties"]
    assert queryables[LAYER]["enum"] == sorted(queryables[LAYER]["enum"])
    assert set(queryables[LAYER]["enum"]) >= set(areas.values()) - {None}
    described = get(app, "/openapi.json").json["paths"][f"/data/{DATASET}.{{extension}}"]["get"]["parameters"]
    assert {LAYER, f"{LAYER}__empty"} <= {one.get("name") for one in described}


def test_an_answer_is_another_where_the_places_are(areas, app):
    """The ETag of an answer has the version of the places."""
    version = get(app, "/data/places.geojson").headers["ETag"].strip('"').split("-")[0]
    assert version in get(app, f"/data/{DATASET}.csv?{LAYER}=Harbor").headers["ETag"]


def test_counts_have_the_areas_each_without_its_own_condition(areas, app):
    for link in ("", f"?{LAYER}=Harbor"):
        answer = get(app, f"/data/{DATASET}/counts{link}").json
        shown = next(one for one in answer["dimensions"] if one["name"] == LAYER)
        added = {name: sum(numbers) for name, numbers in zip(shown["values"], shown["counts"], strict=True)}
        added = {name: rows + sum(shown["coarse"]["counts"][place]) for place, (name, rows) in enumerate(added.items())}
        missing = sum(shown["missing"]) + sum(shown["coarse"]["missing"])
        assert Counter(added) + Counter({None: missing}) == Counter(areas.values())
        assert answer["rows"] == (len(of(areas, "Harbor")) if link else len(areas))


def test_an_address_finds_the_place_team_and_areas_that_rows_show(areas, app):
    features = get(app, "/data/places.geojson").json["features"]
    labels = re.compile(r"(\d+)(?: to \d+)? blocks? of (.+?)(?: and nearby)?")
    current = [one["properties"] for one in features if not one["properties"]["valid_to"]]
    place, said = next((one, found) for one in current if (found := labels.fullmatch(one["label"])))
    answer = get(app, f"/data/places/search?q={quote(f'{int(said[1]) + 7} {said[2].lower()}')}")
    assert answer.headers["Cache-Control"] in ("no-store", "no-cache, no-store", "private, no-store")
    found = {one["place_id"]: one for one in answer.json["places"]}
    shown = found[place["place_id"]]
    assert (shown["match"], shown["label"], shown["team"]) == ("block", place["label"], place["team"])
    assert shown["areas"] == ({"neighborhood": place["neighborhood"]} if place["neighborhood"] else {})
    assert shown["point"] == [place["longitude"], place["latitude"]]
    assert answer.json["contact"]["department"] == config.profile().agency.name.en
    assert set(shown) <= {*place, "match", "point", "areas"}


def test_what_is_looked_for_is_written_nowhere(areas, app, caplog):
    caplog.set_level(0)
    get(app, "/data/places/search?q=4711+Needle+St")
    get(app, "/data/places/search?q=" + "Needle" * 40, status=400)
    assert "needle" not in caplog.text.lower()
    files = [path for path in config.private_path().rglob("*") if path.is_file()]
    assert files
    assert not [path for path in files if b"Needle" in path.read_bytes()]


@pytest.mark.parametrize("query", ["", "q=", "q=%20", "q=a%00b", "q=" + "x" * 201])
def test_an_address_that_is_none_is_refused_in_words(areas, app, query):
    answer = get(app, f"/data/places/search?{query}", status=400)
    assert answer.body.startswith("q: ")
