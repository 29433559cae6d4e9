"""GeoServices: parameters, order, having, grids and protocol buffers, without a portal."""

from __future__ import annotations

from decimal import Decimal

import numpy as np
import orjson
import pytest
from helpers import protobuf as proto
from werkzeug.test import EnvironBuilder
from werkzeug.wrappers import Request

from ckanext.cpdi.declare import read_library
from ckanext.cpdi.query.columns import ROW_ID, Columns
from ckanext.cpdi.query.errors import QueryError
from ckanext.cpdi.query.grammars.arcgis_reference import read_numbered
from ckanext.cpdi.query.question import Having
from ckanext.cpdi.query.reference import WGS84, Reference
from ckanext.cpdi.query.tree import Term
from ckanext.cpdi.query.written import Texts
from ckanext.cpdi.services.geoservices import protobuf
from ckanext.cpdi.services.geoservices.fields import OBJECT_ID, layer_fields
from ckanext.cpdi.services.geoservices.forms import FORMS
from ckanext.cpdi.services.geoservices.forms.pbf import Pbf
from ckanext.cpdi.services.geoservices.groups import read_statistics
from ckanext.cpdi.services.geoservices.layers import Layer, Shape
from ckanext.cpdi.services.geoservices.order import read_order
from ckanext.cpdi.services.geoservices.page import Column, Page, Points, RowValues
from ckanext.cpdi.services.geoservices.parameters import Parameters, read
from ckanext.cpdi.services.geoservices.quantization import Grid, read_grid


@pytest.fixture(scope="module")
def layer(root) -> Layer:
    dataset = read_library(root / "schemas").dataset("calls-for-service")
    columns = Columns(dataset.rows, ((OBJECT_ID, ROW_ID),))
    return Layer(0, Shape(dataset, layer_fields(dataset.rows), columns))


def posted(**parts) -> Parameters:
    return read(Request(EnvironBuilder(method="POST", query_string="f=json", **parts).get_environ()))


def test_parameters_come_by_address_form_and_json_with_any_case_and_empty_ones_are_absent():
    for asked in (
        posted(data={"WHERE": "1=1", "inSR": " ", "outfields": "*"}),
        posted(json={"Where": "1=1", "inSR": None, "outFields": ["*"], "geometry": ""}),
    ):
        assert (asked.text("f"), asked.text("where"), asked.text("outFields")) == ("json", "1=1", "*")
        assert "inSR" not in asked
        assert "geometry" not in asked


def test_numbers_and_objects_of_a_json_body_are_read_as_if_they_stood_in_an_address():
    asked = posted(json={"objectIds": [1, 2], "returnGeometry": False, "outStatistics": [{"statisticType": "count"}]})
    assert asked.text("objectIds") == "1,2"
    assert not asked.flag("returnGeometry", True)
    assert asked.document("outStatistics") == [{"statisticType": "count"}]


@pytest.mark.parametrize(("word", "meant"), [("True", True), ("true", True), ("1", True), ("FALSE", False), ("", True)])
def test_truth_is_spelled_as_in_python_too(word, meant):
    assert Parameters({"returnCountOnly": word}).flag("returnCountOnly", True) is meant


@pytest.mark.parametrize(
    ("name", "text", "ask"),
    [
        ("returnCountOnly", "perhaps", lambda asked: asked.flag("returnCountOnly")),
        ("resultOffset", "-1", lambda asked: asked.whole("resultOffset", 0)),
        ("resultOffset", "many", lambda asked: asked.whole("resultOffset", 0)),
        ("resultOffset", "99999999999999999999", lambda asked: asked.whole("resultOffset", 0)),
        ("outStatistics", "{", lambda asked: asked.document("outStatistics")),
        ("outStatistics", "[" * 100_000, lambda asked: asked.document("outStatistics")),
        ("quantizationParameters", "[1]", lambda asked: read_grid(asked, WGS84)),
        ("quantizationParameters", '{"tolerance":0}', lambda asked: read_grid(asked, WGS84)),
        ("quantizationParameters", '{"tolerance":1e400}', lambda asked: read_grid(asked, WGS84)),
        ("quantizationParameters", '{"extent":"all"}', lambda asked: read_grid(asked, WGS84)),
        ("orderByFields", "team; DROP", lambda asked: read_order(asked)),
        ("outSR", "1", lambda asked: read_numbered(asked.text("outSR"), "outSR")),
        ("outSR", "all", lambda asked: read_numbered(asked.text("outSR"), "outSR")),
        ("outSR", "²", lambda asked: read_numbered(asked.text("outSR"), "outSR")),
        ("outSR", "9" * 5_000, lambda asked: read_numbered(asked.text("outSR"), "outSR")),
        ("outSR", "5703", lambda asked: read_numbered(asked.text("outSR"), "outSR")),
        ("outSR", '{"wkt":"LOCAL"}', lambda asked: read_numbered(asked.text("outSR"), "outSR")),
    ],
)
def test_what_cannot_be_read_is_said_with_its_parameter(name, text, ask):
    with pytest.raises(QueryError) as raised:
        ask(Parameters({name: text}))
    assert raised.value.parameter == name


def test_an_order_may_have_blanks_wherever_clients_leave_them():
    asked = Parameters({"orderByFields": "  call_datetime DESC ,  team,OBJECTID asc"})
    assert read_order(asked) == [("call_datetime", True), ("team", False), ("OBJECTID", False)]


COUNT = '[{"statisticType":"count","onStatisticField":"OBJECTID","outStatisticFieldName":"n"}]'


def test_having_tests_an_aggregate_of_the_answer_or_makes_its_own(layer):
    asked = {"outStatistics": COUNT, "groupByFieldsForStatistics": "team"}
    groups = read_statistics(
        layer, Parameters({**asked, "having": "COUNT(OBJECTID) > 5 AND avg(response_minutes)<=9.5"})
    )
    assert groups is not None
    assert [field.name for field in groups.fields] == ["team", "n"]
    assert groups.having == (Having("n", ">", 5.0), Having("having avg response_minutes", "<=", 9.5))
    assert [(part.kind, part.column) for part in groups.aggregates] == [("count", ""), ("avg", "response_minutes")]


@pytest.mark.parametrize(
    "asked",
    [
        {"outStatistics": COUNT, "having": "1=1; DROP TABLE x"},
        {"outStatistics": COUNT, "having": "pg_sleep(9) > 1"},
        {"outStatistics": COUNT, "having": "other > 1"},
        {"outStatistics": COUNT, "having": "max(team) > 1"},
        {"outStatistics": COUNT, "having": f"n > 1{' ' * 4_000}2"},
        {"outStatistics": '[{"statisticType":"median","onStatisticField":"OBJECTID"}]'},
        {"outStatistics": '[{"statisticType":"sum","onStatisticField":"team"}]'},
        {"outStatistics": '[{"statisticType":"count","onStatisticField":"nothing"}]'},
        {"outStatistics": '[{"statisticType":"count","onStatisticField":"OBJECTID","outStatisticFieldName":"a b"}]'},
        {"outStatistics": '["count"]'},
        {"outStatistics": COUNT, "groupByFieldsForStatistics": "EXTRACT(CENTURY FROM call_datetime)"},
        {"outStatistics": COUNT, "groupByFieldsForStatistics": "EXTRACT(YEAR FROM team)"},
        {"outStatistics": COUNT, "groupByFieldsForStatistics": "LOWER(team)"},
        {"outStatistics": COUNT, "groupByFieldsForStatistics": "EXTRACT(YEAR FROM call_datetime) + 1"},
        {"outStatistics": COUNT, "groupByFieldsForStatistics": "team; DROP TABLE x"},
        {"outStatistics": COUNT, "orderByFields": "call_datetime"},
        {"outStatistics": COUNT.replace('"n"', '"team"'), "groupByFieldsForStatistics": "team"},
    ],
)
def test_statistics_that_make_no_sense_are_refused(layer, asked):
    with pytest.raises(QueryError):
        read_statistics(layer, Parameters(asked))


def test_mercator_is_reckoned_as_proj_does():
    longitudes, latitudes = np.array([-79.93, 0.0]), np.array([32.78, 0.0])
    xs, ys = Reference(102100).project(longitudes, latitudes)
    from pyproj import Transformer

    known = Transformer.from_crs(4326, 3857, always_xy=True).transform(longitudes, latitudes)
    assert np.allclose(np.array([xs, ys]), np.array(known), atol=1e-6)


def test_a_grid_counts_down_from_an_upper_corner_and_up_from_a_lower():
    grid = Grid(-80.0, 33.0, 0.5)
    xs, ys = grid.cells(np.array([-79.0]), np.array([32.0]))
    assert (xs.tolist(), ys.tolist()) == ([2], [2])
    _, ys = Grid(-80.0, 31.0, 0.5, "lowerLeft").cells(np.array([-79.0]), np.array([32.0]))
    assert ys.tolist() == [2]


@pytest.mark.parametrize("number", [0, 1, 127, 128, 300, 16_383, 16_384, 2**31, 2**35, 2**63])
def test_whole_numbers_have_the_bytes_of_the_format(number):
    assert proto.varint(protobuf.varint(number), 0) == (number, len(protobuf.varint(number)))


@pytest.mark.parametrize("number", [0, -1, 1, -2, 2**31, -(2**31)])
def test_numbers_that_may_be_negative_are_zigzag(number):
    assert proto.signed(proto.varint(protobuf.zigzag(number), 0)[0]) == number


def test_a_negative_number_has_ten_bytes():
    assert proto.varint(protobuf.varint(-5), 0) == (2**64 - 5, 10)


def test_ids_lie_beside_each_other():
    ids = [0, 1, 127, 128, 16_383, 16_384, 2_097_151, 2_097_152, 268_435_456, 2**31 - 1]
    assert proto.varints(protobuf.varints([ids, [], [7]])) == [*ids, 7]


def test_a_page_in_protocol_buffers_has_what_the_rows_have(layer):
    fields = tuple(
        field for field in layer.fields if field.name in ("OBJECTID", "team", "call_datetime", "counts_as_event")
    )
    fields += tuple(field for field in layer.fields if field.name == "response_minutes")
    rows = [(7, 1_702_861_920_000, 1, "Équipe 2", 12.5, -79.5, 32.5), (9, -1, 0, None, None, None, None)]
    points = Points(np.array([-79.5, np.nan]), np.array([32.5, np.nan]), WGS84, 9, Grid(-80.0, 33.0, 0.25))
    body = Pbf().features(Page(fields, RowValues(rows), points, True, is_spatial=True), WGS84)
    result = proto.read(proto.read(proto.read(body)[2][0])[1][0])
    assert (result[1], result[7], result[9]) == ([b"OBJECTID"], [0], [1])
    assert [proto.read(field)[1][0].decode() for field in result[13]] == [field.name for field in fields]
    assert [proto.read(field)[2][0] for field in result[13]] == [6, 5, 0, 4, 3]
    first, second = map(proto.read, result[15])
    assert [dict(proto.read(value)) for value in first[1]] == [
        {5: [7]}, {6: [1_702_861_920_000]}, {4: [2]}, {1: ["Équipe 2".encode()]}, {3: [12.5]},
    ]  # fmt: skip
    assert [dict(proto.read(value)) for value in second[1]] == [
        {5: [9]},
        {6: [2**64 - 1]},
        {4: [0]},
        {},
        {},
    ]
    assert list(map(proto.signed, proto.varints(proto.read(first[2][0])[3][0]))) == [2, 2]
    assert 2 not in second


def _page(layer, coded: bool, points: bool) -> Page:
    """Rows with texts, numbers and truth of every kind, one column empty; ``coded`` has a text by its places."""
    names = ("OBJECTID", "team", "problem", "counts_as_event", "response_minutes", "call_datetime", "priority")
    fields = tuple(field for name in names for field in layer.fields if field.name == name)
    texts = ['a\n"b\\,é\x00', "", None, "plain", "plain"]
    columns = [
        [7, 8, 9, 2**31 - 1, 11], texts, ["x", "y", "x\n,", "", "%b"], [1, 0, None, 1, 0],
        [0.1, None, -0.0, 1e22, Decimal("12.5")], [1_702_861_920_000, -1, None, 0, 5], [None] * 5,
    ]  # fmt: skip
    values = RowValues(list(zip(*columns, strict=True)))
    if coded:
        known = Texts(["plain", texts[0], ""])
        own = [Column(values) for values in columns]
        own[1] = Column([1, 2, None, 0, 0], known)
        values = type("Coded", (), {"columns": lambda _: own, "rows": lambda _: [], "__len__": lambda _: 5})()
    where = np.array([-79.5, np.nan, 0.0, -80.123456789, 1e-7])
    return Page(fields, values, Points(where, where / 2, WGS84, 9) if points else None, True, is_spatial=points)


@pytest.mark.parametrize("coded", [False, True])
@pytest.mark.parametrize("points", [False, True])
def test_a_page_in_json_has_what_the_rows_have(layer, coded, points):
    names = [field.name for field in _page(layer, False, points).fields]
    rows = [dict(zip(names, row, strict=True)) for row in _page(layer, False, points).values.rows()]
    places = [(-79.5, -39.75), None, (0.0, 0.0), (-80.123456789, -40.061728394), (1e-7, 5e-8)]
    esri = [
        {"attributes": row} | ({"geometry": dict(zip("xy", place, strict=True))} if points and place else {})
        for row, place in zip(rows, places, strict=True)
    ]
    geojson = [
        {
            "type": "Feature",
            "id": row["OBJECTID"],
            "geometry": {"type": "Point", "coordinates": place} if points and place else None,
            "properties": row,
        }
        for row, place in zip(rows, places, strict=True)
    ]
    for form, known in (("json", esri), ("pjson", esri), ("geojson", geojson)):
        for _ in range(2):  # what is kept is the same again
            body = FORMS[form].features(_page(layer, coded, points), WGS84)
            option = orjson.OPT_INDENT_2 if form == "pjson" else None
            head = {name: value for name, value in orjson.loads(body).items() if name != "features"}
            assert body == orjson.dumps({**head, "features": known}, default=float, option=option)


def test_coded_texts_are_written_once_in_each_form(layer):
    page = _page(layer, True, True)
    assert Pbf().features(page, WGS84) == Pbf().features(_page(layer, False, True), WGS84)
    asked = []
    texts = Texts(["a", "b"])
    for _ in range(2):
        assert list(texts.written([0, 1, 0, None], "form", lambda text: asked.append(text) or b"!")) == [b"!"] * 4
    assert asked == ["a", "b", None]
    assert texts.of([1, None]) == ["b", None]


@pytest.mark.parametrize(("wkid", "near"), [(4326, 1e-9), (102100, 1e-4)])
def test_points_without_a_grid_lie_below_an_upper_corner_as_decoders_take_it(layer, wkid, near):
    reference = Reference(wkid)
    points = Points(np.array([-79.92845]), np.array([32.78386]), reference, 9)
    body = Pbf().features(Page(layer.fields[:1], RowValues([(7,)]), points, False, is_spatial=True), reference)
    result = proto.read(proto.read(proto.read(body)[2][0])[1][0])
    transform = proto.read(result[12][0])
    scale, translate = (proto.read(transform[part][0]) for part in (2, 3))
    cells = proto.varints(proto.read(proto.read(result[15][0])[2][0])[3][0])
    x, y = map(proto.signed, cells)
    known = reference.project(points.longitudes, points.latitudes)
    assert transform[1] == [0]
    assert abs(translate[1][0] + x * scale[1][0] - known[0][0]) <= near
    assert abs(translate[2][0] - y * scale[2][0] - known[1][0]) <= near


def test_a_page_without_rows_has_its_fields(layer):
    result = proto.read(
        proto.read(proto.read(Pbf().features(Page(layer.fields, RowValues([]), None, False), WGS84))[2][0])[1][0]
    )
    assert len(result[13]) == len(layer.fields)
    assert (result[7], result[15]) == ([127], [])


@pytest.mark.parametrize(
    ("text", "term"),
    [
        ("team", Term("team")),
        ('"TEAM"', Term("team")),
        ("extract( Month  from call_datetime )", Term("call_datetime", "month", "UTC")),
        ("EXTRACT('dow' FROM \"call_datetime\")", Term("call_datetime", "weekday", "UTC")),
        (
            "EXTRACT(HOUR FROM call_datetime AT TIME ZONE 'America/New_York')",
            Term("call_datetime", "hour", "America/New_York"),
        ),
    ],
)
def test_a_group_is_read_as_a_where_is(layer, text, term):
    asked = read_statistics(layer, Parameters({"outStatistics": COUNT, "groupByFieldsForStatistics": text}))
    assert asked is not None
    assert [group.term for group in asked.groups] == [term]
