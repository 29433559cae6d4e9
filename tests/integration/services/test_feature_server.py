"""The FeatureServer as ArcGIS, QGIS, GDAL, esri-leaflet and their scripts ask it, request by request."""

from __future__ import annotations

import json
import re

import pytest
from helpers.arcgis import LAYER, QUERY, SERVICE, ask, attributes, error

from ckanext.cpdi import config
from ckanext.cpdi.query.writers.frame_answers import FrameAnswers
from ckanext.cpdi.selection import frames, offsets

pytestmark = pytest.mark.usefixtures("standing")
PAGE = FrameAnswers.page


@pytest.fixture
def published(standing) -> int:
    return standing.published


def test_a_client_that_adds_the_layer_finds_what_it_needs(app, published):
    assert ask(app, "/arcgis/rest/info")["authInfo"] == {"isTokenBasedSecurity": False}
    services = {service["name"]: service["url"] for service in ask(app, "/arcgis/rest/services")["services"]}
    assert services["calls-for-service"].endswith(SERVICE)
    service = ask(app, SERVICE)
    assert [(layer["id"], layer["type"]) for layer in service["layers"]] == [(0, "Feature Layer")]
    layer = ask(app, LAYER)
    assert (layer["geometryType"], layer["maxRecordCount"]) == ("esriGeometryPoint", 2000)
    assert "geoJSON" in layer["supportedQueryFormats"].split(", ")
    assert layer["extent"]["xmin"] < layer["extent"]["xmax"]
    assert layer["timeInfo"]["timeExtent"][0] < layer["timeInfo"]["timeExtent"][1]
    assert layer["objectIdField"] == "OBJECTID"
    assert ask(app, f"{SERVICE}/layers")["layers"] == [layer]


def test_fields_follow_from_the_declaration_and_have_no_type_that_clients_drop(app):
    fields = {field["name"]: field for field in ask(app, LAYER)["fields"]}
    table = config.library().dataset("calls-for-service").rows
    assert list(fields) == ["OBJECTID", *(field.name for field in table.fields)]
    assert not {field["type"] for field in fields.values()} & {"esriFieldTypeBigInteger", "esriFieldTypeDateOnly"}
    assert fields["call_datetime"]["type"] == "esriFieldTypeDate"
    assert "length" not in fields["call_datetime"]
    sources = table.field("call_source").constraints.enum
    assert tuple(value["code"] for value in fields["call_source"]["domain"]["codedValues"]) == sources
    assert fields["counts_as_event"]["domain"]["codedValues"][0] == {"name": "Yes", "code": 1}
    assert fields["team"]["alias"] == table.field("team").title.en


def test_desktop_gis_reads_all_ids_and_then_a_hundred_at_a_time(app, published):
    listed = ask(app, where="1=1", returnIdsOnly="true", inSR="", outSR="")
    assert listed["objectIdFieldName"] == "OBJECTID"
    ids = listed["objectIds"]
    assert ids == sorted(set(ids))
    assert len(ids) == published
    rows = []
    for start in range(0, len(ids), 100):
        batch = ids[start : start + 100]
        page = ask(app, objectIds=",".join(map(str, batch)), outFields="*", inSR="", outSR="", returnM="false")
        assert [row["OBJECTID"] for row in attributes(page)] == batch
        rows += attributes(page)
    assert len(rows) == published


def test_pages_by_offset_are_full_until_the_last_and_say_that_more_follow(app, published):
    seen, size = [], 80
    while True:
        page = ask(app, outFields="OBJECTID", resultOffset=len(seen), resultRecordCount=size, returnGeometry="false")
        seen += [row["OBJECTID"] for row in attributes(page)]
        if not page.get("exceededTransferLimit"):
            break
        assert len(page["features"]) == size
    assert seen == ask(app, returnIdsOnly="true")["objectIds"]


def test_a_page_deep_in_a_result_is_that_which_counting_through_would_give(app, monkeypatch):
    asked = {"orderByFields": "team DESC,call_datetime", "outFields": "OBJECTID,team", "resultRecordCount": 50}
    plain = ask(app, **asked, resultOffset=120)
    by_id = ask(app, outFields="*", resultOffset=120, resultRecordCount=50)
    filtered = ask(app, where="team IS NOT NULL", outFields="OBJECTID", resultOffset=3, resultRecordCount=5)
    monkeypatch.setattr(offsets, "DEEP", 1)
    offsets.forget()
    assert ask(app, **asked, resultOffset=120) == plain
    assert ask(app, outFields="*", resultOffset=120, resultRecordCount=50) == by_id
    assert ask(app, where="team IS NOT NULL", outFields="OBJECTID", resultOffset=3, resultRecordCount=5) == filtered
    assert ask(app, resultOffset=100_000)["features"] == []


@pytest.mark.parametrize("form", ["json", "geojson", "pbf"])
@pytest.mark.parametrize(
    "asked",
    [
        {"where": "latitude IS NOT NULL OR call_source = 'officer'"},
        {"where": "counts_as_event = 1", "orderByFields": "call_category DESC,closed_datetime", "resultOffset": 7},
        {"orderByFields": "team,latitude DESC", "resultRecordCount": 20, "outFields": "problem,team"},
        {"geometry": "-80.2,32.6,-79.7,33.1", "resultRecordCount": 25, "outSR": "3857"},
        {"where": "latitude IS NULL", "returnGeometry": "false"},
        {"where": "team = 'nobody'"},
    ],
)
def test_rows_are_the_same_from_the_columnar_file_and_from_the_database(app, monkeypatch, form, asked):
    asked = {"f": form, "outFields": "*", **asked}
    by_database = app.get(QUERY, query_string=asked)
    monkeypatch.setattr(frames, "LEAST", 0)
    monkeypatch.setattr(frames, "_mapped", {})
    used = []
    monkeypatch.setattr(FrameAnswers, "page", lambda answers, selection: used.append(1) or PAGE(answers, selection))
    by_file = app.get(QUERY, query_string=asked)
    assert used
    assert by_file.status_code == 200
    assert by_file.data == by_database.data


def test_a_count_wins_over_ids_and_heeds_no_page(app, published):
    assert ask(app, returnCountOnly="True", returnIdsOnly="true", resultRecordCount=5) == {"count": published}
    assert ask(app, f=" JSON ", returnCountOnly="true") == {"count": published}


def test_arcgis_pro_leaves_blanks_and_posts(app):
    asked = {
        "where": "1=1",
        "outFields": "*",
        "orderByFields": "  call_datetime DESC , OBJECTID",
        "resultRecordCount": 9,
    }
    posted = ask(app, post=True, returnGeometry="True", returnZ="false", returnM="false", sqlFormat="none", **asked)
    times = [row["call_datetime"] for row in attributes(posted)]
    assert times == sorted(times, reverse=True)
    assert posted == ask(app, **asked)


def test_a_script_may_post_json(app, published):
    sent = {"f": "json", "where": "1=1", "returnCountOnly": True, "outFields": ["*"]}
    assert app.post(QUERY, json=sent).json == {"count": published}


def test_a_post_of_another_sites_page_is_answered_since_it_can_do_nothing(app, published, ckan_config, monkeypatch):
    monkeypatch.setitem(ckan_config, "WTF_CSRF_ENABLED", True)
    headers = {"Origin": "https://maps.example.org", "Sec-Fetch-Site": "cross-site"}
    answer = app.post(QUERY, data={"f": "json", "returnCountOnly": "true"}, headers=headers)
    assert answer.json == {"count": published}
    assert answer.headers["Access-Control-Allow-Origin"] == "*"
    first = app.options(QUERY, headers={**headers, "Access-Control-Request-Method": "POST"})
    assert "POST" in first.headers["Access-Control-Allow-Methods"]
    assert "Content-Type" in first.headers["Access-Control-Allow-Headers"]


def test_points_come_in_the_reference_that_is_asked_for_and_a_row_without_one_has_no_geometry(app):
    degrees = ask(app, outFields="longitude,latitude", where="longitude IS NOT NULL", resultRecordCount=5)
    assert degrees["spatialReference"] == {"wkid": 4326, "latestWkid": 4326}
    for feature in degrees["features"]:
        point = feature["attributes"]["longitude"], feature["attributes"]["latitude"]
        assert (feature["geometry"]["x"], feature["geometry"]["y"]) == point
    for named in ("102100", '{"wkid":102100,"latestWkid":3857}', "3857"):
        metres = ask(app, outSR=named, where="longitude IS NOT NULL", resultRecordCount=5)
        assert metres["features"][0]["geometry"]["x"] < -8_000_000
    nowhere = ask(app, where="longitude IS NULL", outFields="*")
    assert nowhere["features"]
    assert all(set(feature) == {"attributes"} for feature in nowhere["features"])
    assert all(set(feature) == {"attributes"} for feature in ask(app, returnGeometry="false")["features"])


def test_geojson_has_the_same_values_and_says_where_more_follow(app):
    asked = {"outFields": "*", "resultRecordCount": 20, "orderByFields": "OBJECTID"}
    esri, geo = ask(app, **asked), ask(app, f="geojson", **asked)
    assert geo["type"] == "FeatureCollection"
    assert geo["exceededTransferLimit"] is geo["properties"]["exceededTransferLimit"] is True
    assert [feature["properties"] for feature in geo["features"]] == attributes(esri)
    assert [feature["id"] for feature in geo["features"]] == [row["OBJECTID"] for row in attributes(esri)]
    assert ask(app, f="geojson", where="longitude IS NULL")["features"][0]["geometry"] is None
    assert ask(app, f="geojson", returnCountOnly="true") == ask(app, returnCountOnly="true")


def test_extents_are_of_the_rows_that_are_asked_for(app):
    layer, of_all = ask(app, LAYER)["extent"], ask(app, returnExtentOnly="true", returnCountOnly="true")
    assert of_all["extent"] == layer
    middle = (layer["ymin"] + layer["ymax"]) / 2
    north = ask(app, returnExtentOnly="true", where=f"latitude > {middle}", returnCountOnly="true")
    assert 0 < north["count"] < of_all["count"]
    assert north["extent"]["ymin"] > middle
    box = app.get(f"{QUERY}?f=geojson&returnExtentOnly=true&where=1=1").data
    assert b'"bbox":[' in box  # GDAL looks for these characters
    assert ask(app, returnExtentOnly="true", where="1=0")["extent"]["xmin"] == "NaN"


def test_a_leaflet_tile_asks_by_envelope_time_and_precision(app):
    extent = ask(app, LAYER)["extent"]
    first, last = ask(app, LAYER)["timeInfo"]["timeExtent"]
    asked = {
        "geometry": json.dumps(extent), "geometryType": "esriGeometryEnvelope",
        "spatialRel": "esriSpatialRelIntersects",
        "inSR": "4326", "outSR": "4326", "geometryPrecision": "3", "resultType": "tile", "outFields": "*",
        "time": f"{first},{last}", "maxAllowableOffset": "0.001", "returnZ": "false",
    }  # fmt: skip
    found = ask(app, f="geojson", **asked)["features"]
    assert len(found) == ask(app, where="longitude IS NOT NULL", returnCountOnly="true")["count"]
    assert all(x == round(x, 3) and y == round(y, 3) for x, y in (one["geometry"]["coordinates"] for one in found))
    assert ask(app, **{**asked, "time": f"{first - 2},{first - 1}"})["features"] == []


def test_statistics_of_dashboards(app, published):
    count = '[{"statisticType":"count","onStatisticField":"OBJECTID","outStatisticFieldName":"n"}]'
    grouped = ask(app, outStatistics=count, groupByFieldsForStatistics="team", orderByFields="n DESC")
    numbers = [row["n"] for row in attributes(grouped)]
    assert sum(numbers) == published
    assert numbers == sorted(numbers, reverse=True)
    assert [field["name"] for field in grouped["fields"]] == ["team", "n"]
    many = ask(app, outStatistics=count, groupByFieldsForStatistics="team", having=f"COUNT(OBJECTID) >= {numbers[0]}")
    assert {row["n"] for row in attributes(many)} == {numbers[0]}
    assert ask(app, outStatistics=count, groupByFieldsForStatistics="team", returnCountOnly="true") == {
        "count": len(numbers)
    }
    months = ask(app, outStatistics=count, groupByFieldsForStatistics="EXTRACT(MONTH FROM call_datetime)")
    assert sum(row["n"] for row in attributes(months)) == published
    least = '{"statisticType":"min","onStatisticField":"call_datetime"}'
    ends = f'[{least},{{"statisticType":"avg","onStatisticField":"latitude"}}]'
    (row,) = attributes(ask(app, outStatistics=ends))
    assert row["min_call_datetime"] == ask(app, LAYER)["timeInfo"]["timeExtent"][0]
    assert 32 < row["avg_latitude"] < 34


def test_distinct_values_are_counted_and_paged(app):
    teams = attributes(ask(app, returnDistinctValues="true", outFields="team", returnGeometry="false"))
    assert [row["team"] for row in teams if row["team"]] == sorted({row["team"] for row in teams if row["team"]})
    assert ask(app, returnDistinctValues="true", outFields="team", returnCountOnly="true") == {"count": len(teams)}
    page = ask(app, returnDistinctValues="true", outFields="team", resultOffset=1, resultRecordCount=1)
    assert (attributes(page), page["exceededTransferLimit"]) == (teams[1:2], True)


def test_sdk_asks_with_a_grid(app):
    extent = ask(app, LAYER, outSR="102100")["extent"]
    grid = {"mode": "view", "originPosition": "upperLeft", "tolerance": 0.01, "extent": extent}
    answer = ask(
        app, where="longitude IS NOT NULL", quantizationParameters=json.dumps(grid), outFields="longitude,latitude"
    )
    transform = answer["transform"]
    for feature in answer["features"]:
        x = feature["geometry"]["x"] * transform["scale"][0] + transform["translate"][0]
        y = transform["translate"][1] - feature["geometry"]["y"] * transform["scale"][1]
        assert abs(x - feature["attributes"]["longitude"]) <= 0.005 + 1e-9
        assert abs(y - feature["attributes"]["latitude"]) <= 0.005 + 1e-9


def test_one_row_by_its_id(app):
    first = ask(app, outFields="*", resultRecordCount=1)["features"][0]
    assert ask(app, f"{LAYER}/{first['attributes']['OBJECTID']}")["feature"] == first
    assert "no such" in error(app, f"{LAYER}/2147483647")


def test_the_version_is_the_etag_and_an_answer_that_a_client_has_is_not_made_again(app, monkeypatch):
    first = app.get(f"{QUERY}?f=json&where=1=1")
    tag = first.headers["ETag"]
    assert first.headers["Cpdi-Version"] in tag
    assert first.headers["Cache-Control"] == "public, max-age=60"
    assert app.get(f"{QUERY}?f=json&where=1=1", headers={"If-None-Match": tag}).status_code == 304
    assert app.get(f"{QUERY}?f=geojson&where=1=1").headers["ETag"] != tag
    assert app.get(f"{QUERY}?where=1=1").headers["Vary"] == "Accept"


def test_a_question_about_now_is_another_one_in_the_next_minute(app):
    address = f"{QUERY}?f=json&where=call_datetime < CURRENT_TIMESTAMP - INTERVAL '1' DAY&returnCountOnly=true"
    now = app.get(address)
    assert now.json["count"] > 0
    stamp = re.search(r"-(\d{12})\"", now.headers["ETag"]).group(1)
    before = now.headers["ETag"].replace(stamp, "202601010000")
    assert app.get(address, headers={"If-None-Match": before}).status_code == 200
    assert app.get(f"{QUERY}?f=json&where=1=1").headers["ETag"].count("-") < now.headers["ETag"].count("-")


def test_pages_for_people_can_be_read_and_tried(app):
    browser = {"Accept": "text/html,application/xhtml+xml,*/*;q=0.8"}
    for path in ("/arcgis/rest/services", "/arcgis/rest/info", SERVICE, f"{SERVICE}/layers", LAYER, QUERY):
        page = app.get(path, headers=browser)
        assert page.status_code == 200
        assert page.content_type.startswith("text/html")
        assert "<h1>" in page.body
    tried = app.get(QUERY, query_string={"f": "html", "where": "call_source='officer'", "outFields": "call_source"})
    assert '<td><span class="cp-narrow">call_source </span>officer</td>' in tried.body
    wrong = app.get(QUERY, query_string={"f": "html", "where": "nothing=1"})
    assert "there is no column" in wrong.body
    assert wrong.headers["Cache-Control"] == "private, no-store"
    assert app.get("/arcgis/rest/services/nothing/FeatureServer", headers=browser).status_code == 404
