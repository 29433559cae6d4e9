"""JSON in the shapes that portals give: every value comes as the text that was written."""

from __future__ import annotations

import json

import pytest
from helpers.examples import examples
from hypothesis import given, settings
from hypothesis import strategies as st

from ckanext.cpdi.declare import Feed
from ckanext.cpdi.declare.departments.cells import Coordinates
from ckanext.cpdi.feeds import FeedError, open_feed
from ckanext.cpdi.feeds.parsing.scanner import Scanner

POINT = {"type": "Feature", "geometry": {"type": "Point", "coordinates": [-79.93, 32.78, 4]}, "properties": {"Id": "1"}}


def refused(read, content: bytes | str, name: str = "feed.json") -> FeedError:
    with pytest.raises(FeedError) as caught:
        read(content.encode() if isinstance(content, str) else content, name)
    return caught.value


def collection(*features: object, **more: object) -> bytes:
    return json.dumps({"type": "FeatureCollection", **more, "features": features}).encode()


def test_points_of_geojson_become_x_and_y(read):
    table = read(collection(POINT, {**POINT, "geometry": None}, name="calls", crs={"type": "name"}))
    assert table.headers == ("Id", "X", "Y")
    assert table.rows == [("1", "-79.93", "32.78"), ("1", None, None)]
    assert table.lines == [1, 2]


def test_a_record_that_has_x_itself_keeps_it_beside_the_point(read):
    table = read(collection({**POINT, "properties": {"X": 7}}))
    assert table.rows == [("7", "-79.93", "32.78")]
    assert table.headers == ("X", "geometry_x", "geometry_y")


def test_a_shape_that_is_no_point_has_no_x_and_y(read):
    line = {"type": "LineString", "coordinates": [[1, 2], [3, 4]]}
    assert read(collection({**POINT, "geometry": line})).rows == [("1", None, None)]


def test_features_without_properties_and_with_ids_are_rows(read):
    assert read(collection({**POINT, "properties": None, "id": 5})).frame["id"].to_list() == ["5"]


def test_values_are_the_text_that_was_written(read):
    content = '[{"i": 007.50, "x": 1}]'.replace("007", "7")
    assert read(content.encode(), "feed.json").rows == [("7.50", "1")]
    content = (
        '[{"big": 123456789012345678901234567890, "f": 1e-7, "t": true, "n": null, "s": "é\\u0041", '
        '"nan": NaN, "list": [], "deep": {"a": "b"}}]'
    )
    assert read(content.encode(), "feed.json").rows == [
        ("123456789012345678901234567890", "1e-7", "true", None, "éA", "NaN", "[]", '{"a":"b"}')
    ]


@pytest.mark.parametrize(
    "content",
    [
        b'[{"a": "1"}, {"a": "2", "b": "3"}]',
        b'{"a": "1"}\n{"a": "2", "b": "3"}\n',
        b'{"a": "1"}\r\n\r\n{"a": "2", "b": "3"}',
        b'{"success": true, "records": [{"a": "1"}, {"a": "2", "b": "3"}]}',
        b'{"fields": [{"name": "a"}], "features": [{"attributes": {"a": "1"}}, {"attributes": {"a": "2", "b": "3"}}]}',
        '\ufeff [ {"a":"1"} , {"a":"2","b":"3"} ] \n'.encode(),
        '[{"a":"1"},{"a":"2","b":"3"}]'.encode("utf-16"),
        b'{"result": {"records": [{"a": "1"}, {"a": "2", "b": "3"}], "total": 2, "_links": {"next": "n"}}}',
    ],
)
def test_each_shape_of_a_list_of_records_is_read(read, content):
    table = read(content)
    assert table.frame.select("a", "b").rows() == [("1", None), ("2", "3")]
    assert table.lines == [1, 2]


def test_one_line_of_json_lines_is_a_feed_by_its_name(read):
    assert read(b'{"a": "1"}\n', "feed.ndjson").rows == [("1",)]


def test_points_of_a_map_services_answer_become_x_and_y(read):
    table = read(b'{"features": [{"attributes": {"ID": 1}, "geometry": {"x": -79.9, "y": 32.7}}]}')
    assert table.rows == [("1", "-79.9", "32.7")]


def test_an_empty_list_is_a_feed_of_no_rows(read):
    for content in (b"[]", collection()):
        assert read(content).headers == ()
        assert read(content).frame.height == 0


def test_a_record_that_is_no_object_is_a_reject(read):
    table = read(b'[{"a": "1"}, 7, null, [1], {"a": "2"}]')
    assert table.rows == [("1",), ("2",)]
    assert table.lines == [1, 5]
    assert table.rejected == [(2, "not_object"), (3, "not_object"), (4, "not_object")]


def test_json_cut_anywhere_is_refused(read):
    whole = collection(POINT, {**POINT, "properties": {"Id": "é", "n": None, "t": True}})
    for length in range(1, len(whole)):
        assert refused(read, whole[:length]).code in ("truncated", "unreadable", "answer")


def test_json_cut_in_a_record_is_said_to_be_cut(read):
    whole = b'[{"a": "some text", "b": 12}, {"a": "more text", "b": 34}]'
    for length in range(2, len(whole)):
        assert refused(read, whole[:length]).code == "truncated", whole[:length]


@pytest.mark.parametrize(
    "content", ['[{"a": 1} {"a": 2}]', "[{'a': 1}]", '[{"a": 1}] x', '{"a": 1}}', "[" * 100_000, "{]"]
)
def test_what_is_no_json_is_refused(read, content):
    assert refused(read, content).code in ("unreadable", "truncated", "answer")


def test_half_a_surrogate_pair_becomes_the_replacement_character(read):
    assert read(b'[{"a": "x\\ud800y"}, {"a": "ok"}]').rows == [("x\ufffdy",), ("ok",)]


def test_names_that_differ_in_blanks_alone_are_doubled_headers(read):
    assert refused(read, '[{"a": 1, "a ": 2}]').code == "header"


def test_records_come_in_batches(read):
    content = json.dumps([{"n": number} for number in range(25)]).encode()
    table = read(content, rows=10)
    assert table.batches == 3
    assert table.lines == list(range(1, 26))


def test_columns_that_nobody_wants_are_left_out(read):
    reader = open_feed(read.spool(b'[{"a": 1, "b ": 2, "c": 3}, 7]', "feed.json"), Feed())
    (batch,) = reader.batches(columns={"b"})
    assert batch.frame.rows() == [("2", 1)]
    assert batch.rejects["reason"].to_list() == ["not_object"]


@pytest.mark.parametrize("block", [1, 2, 3, 5])
def test_a_number_on_the_edge_of_two_blocks_is_whole(block):
    data = b"[1234, -5.25e10, 7]"
    scanner = Scanner(iter([data[at : at + block] for at in range(0, len(data), block)]))
    assert list(scanner.items()) == ["1234", "-5.25e10", "7"]


_JSON = st.recursive(
    st.none() | st.booleans() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=4), inner, max_size=3),
    max_leaves=8,
)


@settings(max_examples=examples(60), deadline=None)
@given(values=st.lists(_JSON, max_size=6), block=st.integers(1, 9))
def test_the_cut_into_blocks_changes_no_value(values, block):
    data = json.dumps(values, ensure_ascii=False).encode("utf-8", "surrogatepass")
    blocks = iter([data[at : at + block] for at in range(0, len(data), block)])
    scanner = Scanner(blocks)
    assert list(scanner.items()) == values
    scanner.end()


STATE_PLANE = (2327326.86, 344312.56)
"""Feet of South Carolina's plane, EPSG:2273, at 32.775, -79.935."""
WEB = (-8905559.26, 3857000.1)
"""Metres of the web's maps, EPSG:3857, at 32.711, -80.0."""
ESRI_WKT = (
    'PROJCS["WGS_1984_Web_Mercator_Auxiliary_Sphere",GEOGCS["GCS_WGS_1984",DATUM["D_WGS_1984",SPHEROID["WGS_1984",'
    '6378137.0,298.257223563]],PRIMEM["Greenwich",0.0],UNIT["Degree",0.0174532925199433]],PROJECTION['
    '"Mercator_Auxiliary_Sphere"],PARAMETER["False_Easting",0.0],PARAMETER["False_Northing",0.0],PARAMETER['
    '"Central_Meridian",0.0],PARAMETER["Standard_Parallel_1",0.0],PARAMETER["Auxiliary_Sphere_Type",0.0],UNIT["Meter",1.0]]'
)


def named(name: str) -> dict:
    return {"type": "name", "properties": {"name": name}}


def feature(x: float, y: float) -> dict:
    return {**POINT, "geometry": {"type": "Point", "coordinates": [x, y]}}


def place(table) -> tuple[float, float]:
    return round(float(table.frame["X"][0]), 3), round(float(table.frame["Y"][0]), 3)


@pytest.mark.parametrize(
    "crs",
    [
        named("urn:ogc:def:crs:EPSG::2273"),
        named("urn:ogc:def:crs:EPSG:6.11:2273"),
        named("urn:x-ogc:def:crs:EPSG:2273"),
        named("EPSG:2273"),
        named("http://www.opengis.net/def/crs/EPSG/0/2273"),
        {"type": "EPSG", "properties": {"code": 2273}},
    ],
)
@pytest.mark.parametrize("last", [True, False])
def test_the_reference_system_that_geojson_names_is_heeded(read, crs, last):
    content = {
        "type": "FeatureCollection",
        "crs": crs,
        "features": [feature(*STATE_PLANE), {**POINT, "geometry": None}],
    }
    if last:
        content["crs"] = content.pop("crs")
    table = read(json.dumps(content).encode())
    assert place(table) == (-79.935, 32.775)
    assert table.rows[1] == ("1", None, None)


@pytest.mark.parametrize(
    "crs",
    [
        None,
        {"type": "name"},
        named("urn:ogc:def:crs:OGC:1.3:CRS84"),
        named("urn:ogc:def:crs:EPSG::4326"),
        named("EPSG:2273"),
        named("whatever"),
        {"type": "link", "properties": {"href": "http://a/b"}},
    ],
)
def test_degrees_stay_the_texts_that_they_are_whatever_the_document_says(read, crs):
    assert read(collection(feature(-79.90, 32.70), crs=crs)).rows == [("1", "-79.9", "32.7")]


@pytest.mark.parametrize("name", ["urn:ogc:def:crs:EPSG::999999", "local grid <b>", "EPSG:2273; DROP"])
def test_a_reference_system_that_nobody_knows_is_named_with_the_key_that_helps(read, name):
    error = refused(read, collection(feature(*STATE_PLANE), crs=named(name)))
    assert error.code == "reference"
    assert "coordinates: {reading: projected, epsg: …}" in error.message
    assert name.split()[0].rstrip(";") in error.message
    assert "<" not in error.message
    assert "234" not in error.message


def test_such_a_system_is_left_to_a_profile_that_names_one(read):
    table = read(collection(feature(*STATE_PLANE), crs=named("local")), coordinates=Coordinates("projected", 2273))
    assert table.rows == [("1", "2327326.86", "344312.56")]


@pytest.mark.parametrize(
    "reference", [{"wkid": 102100}, {"wkid": 102100, "latestWkid": 3857}, {"wkid": 3857}, {"wkt": ESRI_WKT}]
)
def test_the_reference_system_of_a_map_services_answer_is_heeded(read, reference):
    item = {"attributes": {"Id": "1"}, "geometry": {"x": WEB[0], "y": WEB[1]}}
    assert place(read(json.dumps({"spatialReference": reference, "features": [item]}).encode())) == (-80.0, 32.711)
    inner = {**item, "geometry": {**item["geometry"], "spatialReference": reference}}
    assert place(read(json.dumps({"features": [inner]}).encode())) == (-80.0, 32.711)
    assert place(read((json.dumps(inner) + "\n").encode(), "feed.jsonl")) == (-80.0, 32.711)


def test_points_in_several_systems_are_refused(read):
    items = [
        {"attributes": {"Id": "1"}, "geometry": {"x": 1, "y": 2, "spatialReference": {"wkid": wkid}}}
        for wkid in (4326, 3857)
    ]
    assert refused(read, json.dumps(items)).code == "reference"


@pytest.mark.parametrize(
    "geometry",
    [
        {"type": "MultiPoint", "coordinates": [[-79.9, 32.7]]},
        {"type": "GeometryCollection", "geometries": [{"type": "Point", "coordinates": [-79.9, 32.7]}]},
    ],
)
def test_several_points_that_are_one_are_a_point(read, geometry):
    assert read(collection({**POINT, "geometry": geometry})).rows == [("1", "-79.9", "32.7")]
    esri = {"attributes": {"Id": "1"}, "geometry": {"points": [[-79.9, 32.7]]}}
    assert read(json.dumps([esri]).encode()).rows == [("1", "-79.9", "32.7")]


@pytest.mark.parametrize("places", [[[1, 2], [3, 4]], [], None, [7]])
def test_several_points_are_none(read, places):
    content = collection({**POINT, "geometry": {"type": "MultiPoint", "coordinates": places}})
    assert read(content).rows == [("1", None, None)]


PART = [{"attributes": {"Id": "1"}}, {"attributes": {"Id": "2"}}]


@pytest.mark.parametrize(
    "document",
    [
        {"exceededTransferLimit": True, "features": PART},
        {"features": PART, "exceededTransferLimit": True},
        {"type": "FeatureCollection", "properties": {"exceededTransferLimit": True}, "features": [POINT, POINT]},
        {"type": "FeatureCollection", "features": [POINT, POINT], "numberMatched": 3, "numberReturned": 2},
        {
            "type": "FeatureCollection",
            "features": [POINT, POINT],
            "links": [{"rel": "self"}, {"rel": "next", "href": "x"}],
        },
        {"success": True, "result": {"total": 3, "records": [{"a": 1}, {"a": 2}]}},
        {"count": 3, "next": "http://a/?page=2", "results": [{"a": 1}, {"a": 2}]},
        {"value": [{"a": 1}, {"a": 2}], "@odata.nextLink": "http://a"},
        {"data": [{"a": 1}, {"a": 2}], "links": {"next": "http://a"}},
        {"items": [{"a": 1}, {"a": 2}], "nextPageToken": "abc"},
    ],
)
def test_an_answer_that_says_there_is_more_is_a_part_of_the_table(read, document):
    error = refused(read, json.dumps(document))
    assert error.code == "truncated"
    assert "2 rows came" in error.message


@pytest.mark.parametrize(
    "document",
    [
        {"exceededTransferLimit": False, "features": PART},
        {"type": "FeatureCollection", "features": [POINT, POINT], "numberMatched": 2, "links": [{"rel": "next"}]},
        {"count": 2, "next": None, "results": [{"a": 1}, {"a": 2}]},
        {"type": "FeatureCollection", "totalFeatures": "unknown", "features": [POINT, POINT]},
        {"data": [{"a": 1}, {"a": 2}], "links": {"next": None}},
    ],
)
def test_an_answer_that_is_whole_is_one(read, document):
    assert read(json.dumps(document).encode()).frame.height == 2


def test_a_second_list_of_records_is_not_dropped(read):
    error = refused(read, '{"features": [{"attributes": {"a": 1}}], "results": [{"a": 2}]}')
    assert error.code == "answer"
    assert "features and results" in error.message


def test_parts_of_nested_values_can_be_named_with_dots(read):
    records = [
        {"Id": "1", "location": {"latitude": "32.7", "Longi tude": -80.0}, "tags": [{"n": "x"}]},
        {"Id": "2", "location": None},
        {"Id": "3", "location.latitude": "own"},
    ]
    headers = {"y": ("location.latitude",), "x": ("location.longitude", "nothing.at.all"), "tag": ("tags.0.n",)}
    frame = read(json.dumps(records).encode(), headers=headers).frame
    assert frame["location.latitude"].to_list() == ["32.7", None, "own"]
    assert frame["location.longitude"].to_list() == ["-80.0", None, None]
    assert frame["tags.0.n"].to_list() == ["x", None, None]
    assert "nothing.at.all" not in frame.columns


def test_a_document_is_parsed_once_however_often_it_is_read(read, monkeypatch):
    parsed = []
    value = Scanner.value
    monkeypatch.setattr(Scanner, "value", lambda self: parsed.append(1) or value(self))
    reader = open_feed(read.spool(json.dumps([{"n": number} for number in range(25)]).encode(), "f.json"), Feed())
    assert [sum(batch.frame.height for batch in reader.batches()) for _ in range(3)] == [25, 25, 25]
    assert len(parsed) == 25


def test_what_was_parsed_lies_in_no_file_with_a_name(read, tmp_path, monkeypatch):
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    before = set(tmp_path.rglob("*"))
    reader = open_feed(read.spool(b'[{"n": "S3CRET"}]', "f.json"), Feed())
    assert [batch.frame.height for batch in reader.batches()] == [1]
    assert {one.name for one in set(tmp_path.rglob("*")) - before} <= {"1", "f.json"}
