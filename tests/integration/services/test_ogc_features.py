"""OGC API Features: Annex A of 17-069r4 (part 1), 18-058r1 (part 2) and 19-079r2 (part 3), by their names."""

from __future__ import annotations

import json
import re
from datetime import UTC, datetime, timedelta
from html import unescape
from urllib.parse import parse_qs, urlencode, urlsplit

import pytest
from helpers.feeds import DATASET
from pyproj import Transformer

from ckanext.cpdi.services.ogc.documents import CONFORMANCE

pytestmark = pytest.mark.usefixtures("standing")

OGC = "/ogc"
ITEMS = f"/ogc/collections/{DATASET}/items"
GEOJSON = "application/geo+json"
CRS84 = "http://www.opengis.net/def/crs/OGC/1.3/CRS84"
EPSG = "http://www.opengis.net/def/crs/EPSG/0/"
WORLD = "-180,-90,180,90"


@pytest.fixture
def ask(app):
    """Ask for a path with parameters; return the answer, whose status is as expected."""

    def asked(path, status=200, accept="application/json", **parameters):
        query = urlencode({name.replace("__crs", "-crs"): value for name, value in parameters.items()}, doseq=True)
        response = app.get(f"{path}?{query}" if query else path, headers={"Accept": accept})
        assert response.status_code == status, response.body[:500]
        return response

    return asked


@pytest.fixture
def everything(ask):
    """All features of the collection, by one page."""
    return ask(ITEMS, limit=10000).json["features"]


def ids(answer):
    return [feature["id"] for feature in answer["features"]]


def links(document, relation):
    return [link for link in document["links"] if link["rel"] == relation]


def at(feature, name="call_datetime"):
    return datetime.fromisoformat(feature["properties"][name])


# A.2.2 and A.2.3: API definition


def test_root_op_and_success(ask):
    document = ask(OGC).json
    relations = {link["rel"] for link in document["links"]}
    assert {"service-desc", "service-doc", "conformance", "data", "self", "alternate"} <= relations
    for relation in ("service-desc", "conformance", "data"):
        path = urlsplit(links(document, relation)[0]["href"]).path
        assert ask(path).content_type.startswith(links(document, relation)[0]["type"].split(";")[0])


def test_api_definition_op_and_success(ask):
    document = ask("/ogc/api")
    assert document.content_type == "application/vnd.oai.openapi+json;version=3.0"
    assert document.json["openapi"].startswith("3.0")
    assert document.json["servers"][0]["url"].endswith("/ogc")
    assert f"/collections/{DATASET}/items/{{id}}" in document.json["paths"]


def test_api_definition_has_what_gdal_looks_for(ask):
    document = ask("/ogc/api").json
    parameters = document["paths"][ITEMS.removeprefix("/ogc")]["get"]["parameters"]
    references = [each["$ref"] for each in parameters if "$ref" in each]
    limit = next(each for each in references if "limit" in each)
    assert document["components"]["parameters"][limit.rpartition("/")[2]]["schema"]["maximum"] == 10000
    assert "cql-text" in document["components"]["parameters"]["ogc-filter-lang"]["schema"]["enum"]


def test_each_reference_of_the_api_definition_is_there(ask):
    response = ask("/ogc/api")
    for reference in set(re.findall(r'"#/([^"]+)"', response.body)):
        node = response.json
        for part in reference.split("/"):
            node = node[part]


def test_conformance_op_and_success(ask):
    assert ask("/ogc/conformance").json["conformsTo"] == list(CONFORMANCE)
    assert "http://www.opengis.net/spec/ogcapi-features-1/1.0/conf/core" in CONFORMANCE


# A.2.4: feature collections


def test_fc_md_op_and_success(ask):
    document = ask("/ogc/collections").json
    assert links(document, "self")
    assert links(document, "alternate")
    assert {each["id"] for each in document["collections"]} == {DATASET}


def test_fc_md_items_and_links(ask):
    (collection,) = ask("/ogc/collections").json["collections"]
    assert {link["type"] for link in links(collection, "items")} == {GEOJSON, "text/html"}
    west, south, east, north = collection["extent"]["spatial"]["bbox"][0]
    assert -180 <= west < east <= 180
    assert -90 <= south < north <= 90
    first, last = collection["extent"]["temporal"]["interval"][0]
    assert first.endswith("Z")
    assert first < last


def test_sfc_md_op_and_success(ask):
    collection = ask(f"/ogc/collections/{DATASET}").json
    assert collection["id"] == DATASET
    assert collection["storageCrs"] == CRS84
    assert collection["crs"] == [CRS84, f"{EPSG}4326", f"{EPSG}3857"]
    for relation in ("items", "describedby", "http://www.opengis.net/def/rel/ogc/1.0/queryables"):
        link = links(collection, relation)[0]
        assert ask(urlsplit(link["href"]).path, accept=link["type"]).content_type.startswith(link["type"])


@pytest.mark.parametrize("path", ["/ogc/collections/nothing", "/ogc/collections/nothing/items", f"{ITEMS}/999999999"])
def test_what_is_not_there_is_404(ask, path):
    assert set(ask(path, 404).json) == {"code", "description"}


# A.2.5 and A.2.7: features


def test_fc_op_and_response(ask, everything):
    response = ask(ITEMS)
    document = response.json
    assert response.content_type == GEOJSON
    assert document["type"] == "FeatureCollection"
    assert document["numberReturned"] == len(document["features"]) == min(100, len(everything))
    assert document["numberMatched"] == len(everything)
    assert abs(datetime.fromisoformat(document["timeStamp"]) - datetime.now(UTC)) < timedelta(minutes=2)
    assert links(document, "self")
    assert links(document, "alternate")
    assert links(document, "collection")


def test_each_feature_has_each_key_and_numbers_have_a_point(ask, everything):
    keys = [tuple(feature["properties"]) for feature in everything]
    assert len(set(keys)) == 1
    body = ask(ITEMS, limit=10000).body
    assert re.search(r'"latitude":\d+\.\d', body)
    assert not re.search(r'"latitude":\d+[,}]', body)
    places = {feature["geometry"] is None for feature in everything}
    assert places == {True, False}


def test_times_have_the_offset_of_the_departments_clock(everything):
    for feature in everything:
        texts = [feature["properties"][name] for name in ("call_datetime", "closed_datetime", "first_arrival")]
        assert len({text[-6:] for text in texts if text}) == 1
        assert texts[0][-6:] in ("-05:00", "-04:00")


@pytest.mark.parametrize("limit", [1, 7, 10, 10000, 10001, 99999999999])
def test_fc_limit_response(ask, everything, limit):
    document = ask(ITEMS, limit=limit).json
    assert document["numberReturned"] == min(limit, 10000, len(everything))


@pytest.mark.parametrize("limit", ["0", "-1", "ten", "1.5"])
def test_fc_limit_definition(ask, limit):
    assert ask(ITEMS, 400, limit=limit).json["description"].startswith("limit: ")


@pytest.mark.parametrize("sort", ["", "-call_datetime", "team,-latitude", "+first_arrival"])
def test_pages_by_next_have_every_feature_once(ask, everything, sort):
    pages, path = [], f"{ITEMS}?{urlencode({'limit': 9, 'sortby': sort})}"
    while path:
        response = ask(path)
        pages += ids(response.json)
        following = links(response.json, "next")
        header = [value for name, value in response.headers if name == "Link" and 'rel="next"' in value]
        assert len(following) == len(header)
        path = following[0]["href"].replace("http://test.ckan.net", "") if following else ""
    assert len(pages) == len(set(pages)) == len(everything)
    assert set(pages) == {feature["id"] for feature in everything}
    assert pages == ids(ask(ITEMS, limit=10000, sortby=sort).json)


def test_links_of_a_long_question_stand_in_the_document_where_headers_have_no_room_for_them(ask):
    values = [("team", f"a team of a long name {number}") for number in range(400)]
    response = ask(f"{ITEMS}?{urlencode(values)}")
    header = [value for name, value in response.headers if name == "Link"]
    assert 0 < sum(map(len, header)) < 12_000
    assert len(response.json["links"]) > len(header)


def test_offset_is_taken_as_well(ask, everything):
    expected = [feature["id"] for feature in everything]
    assert ids(ask(ITEMS, limit=5, offset=10).json) == expected[10:15]
    following = links(ask(ITEMS, limit=5, offset=10).json, "next")[0]["href"]
    assert "offset" not in parse_qs(urlsplit(following).query)
    assert ids(ask(f"{ITEMS}?{urlsplit(following).query}").json) == expected[15:20]


def test_sorting_goes_by_the_column(ask):
    minutes = [
        feature["properties"]["latitude"] for feature in ask(ITEMS, limit=10000, sortby="-latitude").json["features"]
    ]
    known = [value for value in minutes if value is not None]
    assert known == sorted(known, reverse=True)
    assert minutes == known + [None] * (len(minutes) - len(known))


@pytest.mark.parametrize("cursor", ["x", "bnVsbA", "WzEsMl0", "W10", "////"])
def test_a_cursor_of_somebody_elses_is_refused(ask, cursor):
    assert "cursor" in ask(ITEMS, 400, cursor=cursor).json["description"]


def test_fc_bbox_response(ask, everything):
    points = [feature["geometry"]["coordinates"] for feature in everything if feature["geometry"]]
    west = sorted(point[0] for point in points)[len(points) // 3]
    south = sorted(point[1] for point in points)[len(points) // 3]
    box = (west, south, west + 0.05, south + 0.05)
    expected = [
        feature["id"]
        for feature in everything
        if feature["geometry"]
        and box[0] <= feature["geometry"]["coordinates"][0] <= box[2]
        and box[1] <= feature["geometry"]["coordinates"][1] <= box[3]
    ]
    assert 0 < len(expected) < len(points)
    text = ",".join(map(str, box))
    assert ids(ask(ITEMS, limit=10000, bbox=text).json) == expected
    six = f"{box[0]},{box[1]},-100,{box[2]},{box[3]},100"
    assert ids(ask(ITEMS, limit=10000, bbox=six).json) == expected
    for code in ("4326", "3857"):
        turn = Transformer.from_crs(4326, int(code))
        low, high = turn.transform(box[1] - 1e-9, box[0] - 1e-9), turn.transform(box[3] + 1e-9, box[2] + 1e-9)
        if code == "4326":
            low, high = (box[1], box[0]), (box[3], box[2])
        answer = ask(ITEMS, limit=10000, bbox=",".join(map(repr, (*low, *high))), bbox__crs=EPSG + code)
        assert ids(answer.json) == expected


def test_a_world_bbox_is_cut_and_has_all_that_have_a_place(ask, everything):
    placed = [feature["id"] for feature in everything if feature["geometry"]]
    for box in (WORLD, "-180.5,-91,181,90.5", "-190,-90,190,90"):
        assert ids(ask(ITEMS, limit=10000, bbox=box).json) == placed


@pytest.mark.parametrize("bbox", ["1,2,3", "1,2,3,x", "1,2,3,4,5", "0,10,1,9", "1,2,3,nan"])
def test_fc_bbox_definition(ask, bbox):
    assert ask(ITEMS, 400, bbox=bbox).json["description"].startswith("bbox: ")


def test_fc_time_response(ask, everything):
    times = sorted(at(feature) for feature in everything)
    first, last = times[len(times) // 4].astimezone(UTC), times[len(times) // 2].astimezone(UTC)
    texts = first.strftime("%Y-%m-%dT%H:%M:%SZ"), last.strftime("%Y-%m-%dT%H:%M:%SZ")

    def expected(low=None, high=None):
        return [
            feature["id"]
            for feature in everything
            if (low is None or at(feature) >= low) and (high is None or at(feature) <= high)
        ]

    for interval, wanted in {
        f"{texts[0]}/{texts[1]}": expected(first, last),
        f"{texts[0]}/..": expected(first),
        f"../{texts[1]}": expected(None, last),
        f"/{texts[1]}": expected(None, last),
        texts[0]: expected(first, first),
        "../..": expected(),
    }.items():
        assert wanted
        assert ids(ask(ITEMS, limit=10000, datetime=interval).json) == wanted, interval


@pytest.mark.parametrize("text", ["yesterday", "2026-13-01", "2026-01-02/2026-01-01", "a/b/c", "2026"])
def test_fc_time_definition(ask, text):
    assert ask(ITEMS, 400, datetime=text).json["description"].startswith("datetime: ")


@pytest.mark.parametrize(
    "path", [OGC, "/ogc/api", "/ogc/conformance", "/ogc/collections", f"/ogc/collections/{DATASET}", ITEMS]
)
def test_query_param_unknown_and_invalid(ask, path):
    assert "no parameter 'unknown'" in ask(path, 400, unknown="x").json["description"]
    assert ask(path, 400, f="xml").json["description"].startswith("f: ")
    ask(path, utm_source="a-mail", fbclid="x")


def test_a_column_is_a_parameter(ask, everything):
    team = next(feature["properties"]["team"] for feature in everything if feature["properties"]["team"])
    expected = [feature["id"] for feature in everything if feature["properties"]["team"] == team]
    answer = ask(ITEMS, limit=10000, team=team).json
    assert ids(answer) == expected
    assert answer["numberMatched"] == len(expected)


def test_f_op_and_success(ask, everything):
    for feature in everything[:5]:
        response = ask(f"{ITEMS}/{feature['id']}")
        assert response.content_type == GEOJSON
        assert {key: response.json[key] for key in feature} == feature
        assert links(response.json, "self")
        assert links(response.json, "collection")
        assert links(response.json, "alternate")


@pytest.mark.parametrize("item", ["x", "-1", "1.5", "99999999999999999999", "١"])
def test_an_id_that_is_none_is_404(ask, item):
    assert ask(f"{ITEMS}/{item}", 404).json["code"] == "404"


# A.3 and A.4: HTML and GeoJSON


@pytest.mark.parametrize("path", [OGC, "/ogc/conformance", "/ogc/collections", f"/ogc/collections/{DATASET}", ITEMS])
def test_html_content(ask, path):
    for response in (ask(path, f="html"), ask(path, accept="text/html,application/xhtml+xml,*/*;q=0.8")):
        assert response.content_type.startswith("text/html")
        assert "<h1>" in response.body
    assert not ask(path, accept="*/*").content_type.startswith("text/html")
    assert "Accept" in ask(path).headers["Vary"]


def test_the_page_of_rows_has_a_form_that_fills_in_what_was_asked(ask, everything):
    body = ask(ITEMS, f="html", q="", limit=10, counts_as_event="yes").body
    assert '<option value="yes" selected>' in body
    assert f"{ITEMS}/{everything[0]['id']}?f=html" in body
    error = ask(ITEMS, 400, f="html", filter="team = ")
    assert error.content_type.startswith("text/html")
    assert "filter: " in error.body


def test_the_page_of_rows_leads_to_a_file_of_those_that_meet_the_question(ask, everything):
    asked = {"from": "2025-03-01", "counts_as_event": "yes", "filter": "latitude > 0 OR team IS NULL", "limit": 10}
    page = ask(ITEMS, f="html", **asked)
    (link,) = re.findall(r'href="([^"]*/data/[^"]*csv[^"]*)"', page.body)
    rows = ask(unescape(link).replace("http://test.ckan.net", "")).body.splitlines()[1:]
    assert len(rows) == ask(ITEMS, **asked).json["numberMatched"] > 0
    (link,) = re.findall(r'href="([^"]*/data/[^"]*csv[^"]*)"', ask(ITEMS, f="html").body)
    assert link.endswith(f"/data/{DATASET}.csv")


# Part 2: reference systems


@pytest.mark.parametrize("code", ["4326", "3857"])
def test_crs_conf_transform(ask, everything, code):
    turn = Transformer.from_crs(4326, int(code))
    response = ask(ITEMS, limit=10000, crs=EPSG + code)
    assert response.headers["Content-Crs"] == f"<{EPSG}{code}>"
    for feature, turned in zip(everything, response.json["features"], strict=True):
        if feature["geometry"]:
            longitude, latitude = feature["geometry"]["coordinates"]
            assert turned["geometry"]["coordinates"] == pytest.approx(turn.transform(latitude, longitude))
    single = ask(f"{ITEMS}/{everything[0]['id']}", crs=EPSG + code)
    assert single.json["geometry"] == response.json["features"][0]["geometry"]
    assert single.headers["Content-Crs"] == f"<{EPSG}{code}>"


def test_crs_conf_default_and_error(ask):
    assert ask(ITEMS).headers["Content-Crs"] == f"<{CRS84}>"
    for name in ("crs", "bbox-crs", "filter-crs"):
        answer = ask(ITEMS, 400, bbox="1,2,3,4", filter="true", **{name: f"{EPSG}25832"})
        assert answer.json["description"].startswith(f"{name}: ")


# Part 3: queryables and filters


def test_queryables(ask):
    response = ask(f"/ogc/collections/{DATASET}/queryables")
    document = response.json
    assert response.content_type == "application/schema+json"
    assert document["$schema"] == "https://json-schema.org/draft/2020-12/schema"
    assert document["$id"].endswith(f"/ogc/collections/{DATASET}/queryables")
    assert document["type"] == "object"
    assert document["additionalProperties"] is False
    assert document["properties"]["geometry"]["format"] == "geometry-point"
    assert document["properties"]["call_datetime"]["format"] == "date-time"
    assert document["properties"]["time_precision"]["enum"] == ["minute", "hour", "date", "month"]


def test_schema_tells_the_roles(ask, everything):
    properties = ask(f"/ogc/collections/{DATASET}/schema").json["properties"]
    roles = {schema["x-ogc-role"]: name for name, schema in properties.items() if "x-ogc-role" in schema}
    assert roles["id"] == "id"
    assert roles["primary-geometry"] == "geometry"
    assert roles["primary-instant"] == "call_datetime"
    assert set(everything[0]["properties"]) == set(properties) - {"id", "geometry"}


FILTERS = {
    "call_category = 'Traffic' or call_category <> 'Traffic'": lambda row: row["call_category"] is not None,
    "latitude < 32.8": lambda row: (row["latitude"] or 99) < 32.8,
    "latitude between 32.78 and 32.82": lambda row: 32.78 <= (row["latitude"] or 0) <= 32.82,
    "team is null": lambda row: row["team"] is None,
    "not (team is null)": lambda row: row["team"] is not None,
    "problem like '%Stop%'": lambda row: "Stop" in (row["problem"] or ""),
    "casei(problem) like casei('%STOP%')": lambda row: "stop" in (row["problem"] or "").lower(),
    "casei(accenti(problem)) like '%stop%'": lambda row: "stop" in (row["problem"] or "").lower(),
    "counts_as_event": lambda row: row["counts_as_event"] is True,
    "location_precision in ('block', 'none')": lambda row: row["location_precision"] in ("block", "none"),
    "geometry is null": lambda row: row["longitude"] is None,
    "s_intersects(geometry, bbox(-180,-90,180,90))": lambda row: row["longitude"] is not None,
    "s_dwithin(geometry, point(0 0), 1, 'km')": lambda row: False,
    "s_beyond(geometry, point(0 0), 1, 'km')": lambda row: row["longitude"] is not None,
    "t_after(call_datetime, timestamp('1999-01-01T00:00:00Z'))": lambda row: True,
    "t_before(call_datetime, closed_datetime)": lambda row: bool(
        row["closed_datetime"] and row["call_datetime"] < row["closed_datetime"]
    ),
    "hour(call_datetime) < 12": lambda row: datetime.fromisoformat(row["call_datetime"]).hour < 12,
    "longitude < latitude": lambda row: row["longitude"] is not None,
}


EMPTY = ("s_dwithin(geometry, point(0 0), 1, 'km')",)


@pytest.mark.parametrize("text", FILTERS)
def test_filter_response(ask, everything, text):
    expected = [feature["id"] for feature in everything if FILTERS[text](feature["properties"])]
    assert expected or text in EMPTY
    answer = ask(ITEMS, limit=10000, filter=text).json
    assert ids(answer) == expected
    assert answer["numberMatched"] == len(expected)
    negated = ask(ITEMS, limit=10000, filter=f"not ({text})").json
    assert not set(ids(negated)) & set(expected)


def test_filter_in_json_and_in_another_reference_system(ask, everything):
    placed = next(feature for feature in everything if feature["geometry"])
    longitude, latitude = placed["geometry"]["coordinates"]
    box = {"bbox": [latitude - 1e-6, longitude - 1e-6, latitude + 1e-6, longitude + 1e-6]}
    text = json.dumps({"op": "s_intersects", "args": [{"property": "geometry"}, box]})
    answer = ask(ITEMS, limit=10000, filter=text, **{"filter-lang": "cql2-json", "filter-crs": f"{EPSG}4326"})
    assert placed["id"] in ids(answer.json)
    assert len(ids(answer.json)) < len(everything)


@pytest.mark.parametrize("text", ["team =", "nothing = 1", "pg_sleep(9) = 1", "team = 'x'; drop table x"])
def test_filter_errors(ask, text):
    assert ask(ITEMS, 400, filter=text).json["description"].startswith("filter: ")


def test_properties_are_chosen(ask):
    features = ask(ITEMS, properties="team,call_datetime").json["features"]
    assert all(list(feature["properties"]) == ["team", "call_datetime"] for feature in features)


def test_the_version_is_the_etag(ask, app):
    first = ask(ITEMS)
    assert first.headers["Cache-Control"] == "public, max-age=60"
    tag = first.headers["ETag"]
    assert first.headers["Cpdi-Version"] in tag
    again = app.get(ITEMS, headers={"If-None-Match": tag})
    assert (again.status_code, again.body) == (304, "")
    assert ask(ITEMS, f="json").headers["ETag"] == tag


def test_scripts_of_any_site_may_read(ask):
    for path in (OGC, ITEMS):
        assert ask(path).headers["Access-Control-Allow-Origin"] == "*"
    assert "Content-Crs" in ask(ITEMS).headers["Access-Control-Expose-Headers"]
