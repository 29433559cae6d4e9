"""JSON in the shapes that portals give: every value comes as the text that was written."""

from __future__ import annotations

import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ckanext.cpdi.declare import Feed
from ckanext.cpdi.feeds import FeedError, open_feed
from ckanext.cpdi.feeds.scanner import Scanner

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


@settings(max_examples=150, deadline=None)
@given(values=st.lists(_JSON, max_size=6), block=st.integers(1, 9))
def test_the_cut_into_blocks_changes_no_value(values, block):
    data = json.dumps(values, ensure_ascii=False).encode("utf-8", "surrogatepass")
    blocks = iter([data[at : at + block] for at in range(0, len(data), block)])
    scanner = Scanner(blocks)
    assert list(scanner.items()) == values
    scanner.end()
