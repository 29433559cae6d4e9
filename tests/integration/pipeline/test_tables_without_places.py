"""A table without places, a category and days: whatever the portal makes of a table follows from its declaration."""

import csv
import json

import ckan.plugins.toolkit as tk
import polars as pl
import pytest
from helpers.help import HELP
from helpers.tables import TABLES, department, publish

from ckanext.cpdi.catalog.parts import resource_id
from ckanext.cpdi.jobs import load
from ckanext.cpdi.pipeline import publish as files

NAME, EMPTY = "found-property", "use-of-force"
FEED = "Tag,Handed_In,Pieces\nFP-0001,2026-01-05,1\nFP-0002,February 2026,3\n"


@pytest.fixture(scope="module")
def settings(tmp_path_factory):
    folder = tmp_path_factory.mktemp("quillton")
    profile = department(folder, {NAME: {"default_class": "open"}, EMPTY: {"default_class": "open"}})
    return {"ckanext.cpdi.profile": str(profile), "ckanext.cpdi.declarations": [str(TABLES)]}


@pytest.fixture
def published(settings, ckan_config, monkeypatch, request):
    for key, value in settings.items():
        monkeypatch.setitem(ckan_config, key, value)

    def fill(folder):
        (folder / "found.csv").write_text(FEED, encoding="utf-8")
        (folder / "none.csv").write_text("Incident_Number,Date\n", encoding="utf-8")
        load.run(EMPTY, str(folder / "none.csv"), label="none.csv", trusted_path=True)
        files.publish(EMPTY, files.profile_of(EMPTY))
        return publish(NAME, folder / "found.csv")

    return request.getfixturevalue("once")(fill)


def lines(response):
    return list(csv.DictReader(response.get_data(as_text=True).splitlines()))


def test_its_rows_come_back_by_file_and_api(app, published):
    (resource,) = [
        one
        for one in app.get(f"/api/3/action/package_show?id={NAME}").json["result"]["resources"]
        if one.get("datastore_active")
    ]
    found = app.get(f"/api/3/action/datastore_search?resource_id={resource['id']}").json["result"]["records"]
    for given in (found, lines(app.get(f"/data/{NAME}.csv", status=200))):
        rows = sorted(
            (row["handed_in"][:10], row["time_precision"], row["tag"][0], str(row["pieces"])) for row in given
        )
        assert rows == [("2026-01-01", "month", "K", "1"), ("2026-02-01", "month", "K", "3")]
        assert "latitude" not in given[0]


def test_formats_with_points_are_not_offered_and_the_others_are(app, published, tmp_path):
    formats = {one["format"] for one in app.get(f"/api/3/action/package_show?id={NAME}").json["result"]["resources"]}
    assert formats == {"CSV", "API"}
    for extension in ("geojson", "kml", "kmz", "gpkg", "shp.zip"):
        refused = app.get(f"/data/{NAME}.{extension}", status=404).get_data(as_text=True)
        assert f"/data/{NAME}.csv" in refused
        assert f".{extension}\n" not in refused
    app.get(f"/data/{NAME}/changes.geojson", status=404)
    app.get(f"/data/{NAME}/changes.csv", status=200)
    (tmp_path / "f.parquet").write_bytes(app.get(f"/data/{NAME}.parquet", status=200).data)
    assert pl.read_parquet(tmp_path / "f.parquet")["pieces"].to_list() == [1, 3]
    assert pl.read_parquet_metadata(tmp_path / "f.parquet").get("geo") is None
    package = json.loads(app.get(f"/data/{NAME}/datapackage.json", status=200).data)
    assert {one["path"].rpartition(".")[2] for one in package["resources"]} == {"csv", "parquet"}


@pytest.mark.parametrize(
    "path", [f"/dataset/{NAME}", f"/status/{NAME}", "/status", *HELP, f"/dataset/{NAME}/changes", "/"]
)
@pytest.mark.parametrize("language", ["", "/es"])
def test_no_page_speaks_of_points_or_places_of_it(app, published, path, language):
    page = app.get(f"{language}{path}", status=200).get_data(as_text=True)
    for word in ("GeoJSON", "Shapefile", "GeoParquet", "KML", "With a point", "Con un punto"):
        assert word not in page, word


def test_its_rows_are_counted_in_whole_months(app, published):
    answer = app.get(f"/data/{NAME}/counts", status=200).json
    assert (answer["bin"], answer["period"]) == ("month", {"first": "2026-01-01", "last": "2026-02-28"})
    assert answer["total"]["counts"] == [1, 1]
    assert answer["days"]["coarse"] == [1, 1]
    assert answer["periods"]["this-year"] == ["2026-01-01", "2026-02-28"]
    assert "last-28-days" not in answer["periods"]
    assert "hours" not in answer


@pytest.mark.parametrize(("language", "words"), [("", "has no rows at present"), ("/es", "no tiene filas por ahora")])
def test_a_table_without_rows_is_a_sentence_and_no_face(app, published, language, words):
    page = app.get(f"{language}/dataset/{EMPTY}/explore", status=200).get_data(as_text=True)
    (view,) = tk.get_action("resource_view_list")({}, {"id": resource_id(EMPTY)})
    frame = app.get(f"{language}/dataset/{EMPTY}/resource/{resource_id(EMPTY)}/view/{view['id']}", status=200)
    for text in (page, frame.get_data(as_text=True)):
        assert words in text
        assert "/explore/start" not in text
        assert "data-cpdi-face" not in text


def test_completeness_counts_its_fields_alone(app, published):
    told = lines(app.get(f"/data/{NAME}/completeness.csv", status=200))
    assert {one["field"] for one in told} == {"tag", "handed_in", "time_precision", "pieces"}
    assert {(one["month"], one["category"]) for one in told} == {("2026-01", ""), ("2026-02", "")}


def test_it_has_no_area_and_no_point_in_the_store(app, published):
    from helpers.datastore import columns

    package = app.get(f"/api/3/action/package_show?id={NAME}").json["result"]
    assert not package.get("spatial")
    assert not {"_geom", "_geom_3857"} & set(columns(resource_id(NAME)))
