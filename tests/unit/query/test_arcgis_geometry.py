"""``geometry``, ``geometryType``, ``inSR``, ``spatialRel``, ``distance`` and ``units``, and the conditions they are."""

from __future__ import annotations

import json
import math

import pytest
from pyproj import Transformer
from shapely.geometry import Point, shape

from ckanext.cpdi.query.errors import QueryError, TooLargeQueryError, UnknownFunctionError, WrongTypeError
from ckanext.cpdi.query.grammars.arcgis_geometry import parse_geometry
from ckanext.cpdi.query.grammars.arcgis_reference import read_reference
from ckanext.cpdi.query.tree import EVERYTHING, NOTHING, Distance, Envelope, Geometry, Intersects

WORLD = Envelope(-180.0, -90.0, 180.0, 90.0)
SQUARE = [[-80.0, 32.0], [-80.0, 33.0], [-79.0, 33.0], [-79.0, 32.0], [-80.0, 32.0]]
"""A ring that goes clockwise: an outline."""
HOLE = [[-79.6, 32.4], [-79.4, 32.4], [-79.4, 32.6], [-79.6, 32.6], [-79.6, 32.4]]
ISLAND = [[-79.52, 32.48], [-79.52, 32.52], [-79.48, 32.52], [-79.48, 32.48], [-79.52, 32.48]]


def document(**keys):
    return json.dumps(keys)


def has(condition, longitude, latitude):
    assert isinstance(condition, Intersects)
    outline = shape({"type": condition.geometry.type, "coordinates": condition.geometry.coordinates})
    return outline.intersects(Point(longitude, latitude))


ENVELOPES = [
    ("-80,32,-79,33", "", Envelope(-80.0, 32.0, -79.0, 33.0)),
    (" -80 , 32 , -79 , 33 ", "4326", Envelope(-80.0, 32.0, -79.0, 33.0)),
    ("-80,33,-79,32", "", Envelope(-80.0, 32.0, -79.0, 33.0)),
    (document(xmin=-80, ymin=32, xmax=-79, ymax=33), "", Envelope(-80.0, 32.0, -79.0, 33.0)),
    (
        document(xmin=-80, ymin=32, xmax=-79, ymax=33, spatialReference={"wkid": 4326}),
        "102100",
        Envelope(-80.0, 32.0, -79.0, 33.0),
    ),
    (
        document(xmin=-80, ymin=32, xmax=-79, ymax=33, spatialReference={"wkid": None}),
        "",
        Envelope(-80.0, 32.0, -79.0, 33.0),
    ),
    (
        document(xmin=-80, ymin=32, xmax=-79, ymax=33, spatialReference={}),
        '{"wkid":4326}',
        Envelope(-80.0, 32.0, -79.0, 33.0),
    ),
    ("-180,-90,180,90", "", WORLD),
    ("-1000,-1000,1000,1000", "", WORLD),
    ("-1e300,-1e300,1e300,1e300", "", WORLD),
    ("170,-10,190,10", "", Envelope(170.0, -10.0, -170.0, 10.0)),
    ("170,-10,-170,10", "", Envelope(170.0, -10.0, -170.0, 10.0)),
    ("-440,32,-439,33", "", Envelope(-80.0, 32.0, -79.0, 33.0)),
    ("-80,95,-79,99", "", NOTHING),
    (document(xmin="NaN", ymin="NaN", xmax="NaN", ymax="NaN"), "", NOTHING),
    (document(xmin=None, ymin=None, xmax=None, ymax=None), "", NOTHING),
    ("", "", EVERYTHING),
    (None, "", EVERYTHING),
    ("{}", "", EVERYTHING),
]


@pytest.mark.parametrize(("text", "reference", "meaning"), ENVELOPES, ids=[str(text)[:60] for text, *_ in ENVELOPES])
def test_an_envelope(text, reference, meaning):
    assert parse_geometry(text, "esriGeometryEnvelope", reference) == meaning


@pytest.mark.parametrize(
    "reference", ["3857", "102100", "102113", "900913", '{"wkid":102100,"latestWkid":3857}', "EPSG:3857"]
)
def test_an_envelope_in_web_mercator(reference):
    to_mercator = Transformer.from_crs(4326, 3857, always_xy=True)
    corners = [*to_mercator.transform(-80, 32), *to_mercator.transform(-79, 33)]
    condition = parse_geometry(",".join(map(str, corners)), "esriGeometryEnvelope", reference)
    assert isinstance(condition, Envelope)
    assert (condition.west, condition.south, condition.east, condition.north) == pytest.approx(
        (-80, 32, -79, 33), abs=1e-9
    )


@pytest.mark.parametrize("size", [20037508.342789244, 20037508.35, 3e7, 1e12])
def test_a_world_box_in_web_mercator_is_the_world(size):
    condition = parse_geometry(f"{-size},{-size},{size},{size}", "", "102100")
    assert isinstance(condition, Envelope)
    assert (condition.west, condition.east) == pytest.approx((-180, 180))
    assert condition.south < -85
    assert condition.north > 85


@pytest.mark.parametrize("reference", ["2273", "102733", "26917"])
def test_an_envelope_in_another_projection_is_a_polygon_with_bent_sides(reference):
    projected = Transformer.from_crs(4326, read_reference(reference, "inSR").crs, always_xy=True)
    west, south = projected.transform(-80.1, 32.6)
    east, north = projected.transform(-79.8, 32.9)
    condition = parse_geometry(f"{west},{south},{east},{north}", "esriGeometryEnvelope", reference)
    assert has(condition, -79.95, 32.75)
    assert not has(condition, -79.95, 33.1)
    inside = projected.transform(-79.95, 32.9)
    assert has(condition, -79.95, 32.9) == (south <= inside[1] <= north)


def test_a_reference_has_the_first_of_its_names_that_is_known():
    assert read_reference('{"wkid":102100,"latestWkid":3857}', "inSR").wkid == 102100
    assert read_reference('{"wkid":999999,"latestWkid":2273}', "inSR").wkid == 2273
    assert read_reference('{"wkid":null}', "inSR") is None
    for text in ("²", "9" * 5_000, "-1", "1e5", '{"wkid":999999}', '{"wkid":true}'):
        with pytest.raises(QueryError, match="spatial reference"):
            read_reference(text, "inSR")


def test_a_world_box_in_a_projection_is_what_it_is_made_for():
    condition = parse_geometry("-1e12,-1e12,1e12,1e12", "", "2273")
    assert has(condition, -79.95, 32.75)
    assert not has(condition, 2.35, 48.85)


def test_points():
    assert parse_geometry("-80,32", "esriGeometryPoint") == Intersects(Geometry("Point", (-80.0, 32.0)))
    assert parse_geometry(document(x=-80, y=32, z=None)) == Intersects(Geometry("Point", (-80.0, 32.0)))
    assert parse_geometry(document(x=280, y=32)) == Intersects(Geometry("Point", (-80.0, 32.0)))
    assert parse_geometry(document(points=[[-80, 32, 5], [-79, 33, 7, 9]])) == Intersects(
        Geometry("MultiPoint", ((-80.0, 32.0), (-79.0, 33.0)))
    )
    assert parse_geometry(document(x="NaN", y="NaN"), "esriGeometryPoint") == NOTHING
    assert parse_geometry('{"x": NaN, "y": NaN}') == NOTHING
    assert parse_geometry(document(points=[])) == NOTHING
    assert parse_geometry(document(x=-80, y=95)) == NOTHING


def test_lines():
    assert parse_geometry(document(paths=[[[-80, 32], [-79, 33]]]), "esriGeometryPolyline") == Intersects(
        Geometry("LineString", ((-80.0, 32.0), (-79.0, 33.0)))
    )
    two = parse_geometry(document(paths=[[[-80, 32], [-79, 33]], [[-80, 33], [-79, 32]], [[0, 0]], []]))
    assert isinstance(two, Intersects)
    assert two.geometry.type == "MultiLineString"
    assert parse_geometry(document(paths=[])) == NOTHING
    assert parse_geometry(document(paths=[[[1, 1], [1, 1]]])) == NOTHING


@pytest.mark.parametrize("order", [[0, 1, 2], [2, 1, 0], [1, 0, 2]])
@pytest.mark.parametrize("turned", [False, True])
def test_a_polygon_has_holes_and_islands_by_the_direction_of_its_rings(order, turned):
    rings = [[SQUARE, HOLE, ISLAND][place] for place in order]
    condition = parse_geometry(
        document(rings=[ring[::-1] if turned else ring for ring in rings]), "esriGeometryPolygon"
    )
    if turned:  # outlines and holes are told apart by direction: the hole becomes the outline
        assert has(condition, -79.45, 32.55)
        return
    assert has(condition, -79.9, 32.1)
    assert not has(condition, -79.45, 32.55)
    assert has(condition, -79.5, 32.5)
    assert not has(condition, -81, 32.5)


def test_polygons_as_clients_send_them():
    assert has(parse_geometry(document(rings=[SQUARE[::-1]])), -79.5, 32.5), "a single ring is an outline"
    assert has(parse_geometry(document(rings=[SQUARE[:-1]])), -79.5, 32.5), "a ring that is not closed"
    assert has(parse_geometry(document(rings=[SQUARE, [[0, 0], [1, 1]], []])), -79.5, 32.5), "rings that are none"
    far = [[10.0, 10.0], [11.0, 10.0], [11.0, 11.0], [10.0, 11.0], [10.0, 10.0]]
    assert has(parse_geometry(document(rings=[SQUARE, far])), 10.5, 10.5), "a hole in nothing is an outline"
    assert parse_geometry(document(rings=[])) == NOTHING
    assert parse_geometry(document(rings=[[[1, 1], [1, 1], [1, 1]]])) == NOTHING


def test_a_polygon_beyond_the_date_line_comes_in_from_the_other_side():
    condition = parse_geometry(document(rings=[[[170, -10], [170, 10], [190, 10], [190, -10], [170, -10]]]))
    assert has(condition, 175, 0)
    assert has(condition, -175, 0)
    assert not has(condition, -165, 0)


def test_a_long_edge_of_a_map_bends():
    """A straight edge on Web Mercator from 32° to 60°: its middle is not the middle of the degrees."""
    to_mercator = Transformer.from_crs(4326, 3857, always_xy=True)
    corners = [to_mercator.transform(*corner) for corner in ((-80, 32), (-80, 60), (-40, 60), (-80, 32))]
    condition = parse_geometry(document(rings=[corners], spatialReference={"wkid": 102100}))
    middle = Transformer.from_crs(3857, 4326, always_xy=True).transform(
        (corners[0][0] + corners[2][0]) / 2, (corners[0][1] + corners[2][1]) / 2
    )
    assert has(condition, middle[0] - 0.05, middle[1])
    assert not has(condition, middle[0] + 0.6, middle[1])


def test_a_polygon_that_crosses_itself_a_thousand_times_takes_no_time():
    zigzag = [[-200 + place % 2 * 40, place / 1000] for place in range(9_000)]
    condition = parse_geometry(document(rings=[[*zigzag, zigzag[0]]]))
    assert isinstance(condition, Intersects)


RELATIONS = [
    "",
    "esriSpatialRelIntersects",
    "esriSpatialRelContains",
    "esriSpatialRelWithin",
    "ESRISPATIALRELINTERSECTS",
]


@pytest.mark.parametrize("relation", RELATIONS)
def test_relations_of_a_point_in_a_polygon(relation):
    plain = parse_geometry(document(rings=[SQUARE]))
    assert parse_geometry(document(rings=[SQUARE]), spatial_rel=relation) == plain


def test_relations_of_the_envelope():
    triangle = document(rings=[[[-80, 32], [-80, 33], [-79, 32], [-80, 32]]])
    for relation in ("esriSpatialRelEnvelopeIntersects", "esriSpatialRelIndexIntersects"):
        assert parse_geometry(triangle, spatial_rel=relation) == Envelope(-80.0, 32.0, -79.0, 33.0)


@pytest.mark.parametrize(
    "relation",
    ["esriSpatialRelTouches", "esriSpatialRelCrosses", "esriSpatialRelOverlaps", "esriSpatialRelRelation", "near"],
)
def test_relations_that_no_point_has_are_refused(relation):
    with pytest.raises(UnknownFunctionError, match="rows are points") as refusal:
        parse_geometry("-80,32,-79,33", spatial_rel=relation)
    assert refusal.value.parameter == "spatialRel"


UNITS = [
    ("esriSRUnit_Meter", 1.0),
    ("esriSRUnit_Kilometer", 1000.0),
    ("esriSRUnit_Foot", 0.3048),
    ("esriSRUnit_StatuteMile", 1609.344),
    ("esriSRUnit_NauticalMile", 1852.0),
    ("esriSRUnit_USNauticalMile", 1853.248),
    ("", 1.0),
]


@pytest.mark.parametrize(("units", "metres"), UNITS)
def test_a_distance_in_every_unit(units, metres):
    condition = parse_geometry("-80,32", "esriGeometryPoint", distance="2.5", units=units)
    assert isinstance(condition, Distance)
    assert condition.geometry == Geometry("Point", (-80.0, 32.0))
    assert condition.metres == pytest.approx(2.5 * metres)


def test_distances():
    feet = parse_geometry(document(x=2_300_000, y=350_000), "", "2273", distance="100")
    assert isinstance(feet, Distance)
    assert feet.metres == pytest.approx(30.48)
    box = parse_geometry("-80,32,-79,33", distance="5", units="esriSRUnit_Kilometer")
    assert isinstance(box, Distance)
    assert box.geometry.type == "Polygon"
    assert parse_geometry("-80,32", distance="0") == Intersects(Geometry("Point", (-80.0, 32.0)))
    assert parse_geometry("-80,32", distance="1e9") == WORLD
    assert parse_geometry(document(x=None, y=None), distance="5") == NOTHING


REFUSALS = [
    ({"geometry": "1,2,3"}, QueryError, "geometry", "xmin,ymin,xmax,ymax"),
    ({"geometry": "a,b"}, WrongTypeError, "geometry", "'a' is no coordinate"),
    ({"geometry": "nan,1"}, WrongTypeError, "geometry", "no coordinate"),
    ({"geometry": "1,inf"}, WrongTypeError, "geometry", "no coordinate"),
    ({"geometry": "{"}, QueryError, "geometry", "no JSON"),
    ({"geometry": '{"a":' * 100_000}, QueryError, "geometry", "no JSON"),
    ({"geometry": "[[1,2]]"}, WrongTypeError, "geometry", "no coordinate"),
    ({"geometry": '{"type":"Point","coordinates":[1,2]}'}, QueryError, "geometry", "keys xmin"),
    ({"geometry": '{"x":1}'}, NOTHING, "", ""),
    ({"geometry": '{"x":true,"y":1}'}, WrongTypeError, "geometry", "no coordinate"),
    ({"geometry": '{"x":1e999,"y":1}'}, WrongTypeError, "geometry", "no coordinate"),
    ({"geometry": '{"x":"1; DROP","y":1}'}, WrongTypeError, "geometry", "no coordinate"),
    ({"geometry": '{"rings":1}'}, QueryError, "geometry", "lists"),
    ({"geometry": '{"rings":[[[1,2],[null,3],[4,5]]]}'}, WrongTypeError, "geometry", "no coordinate"),
    ({"geometry": '{"rings":[[[1],[2],[3]]]}'}, QueryError, "geometry", "two to four numbers"),
    ({"geometry": '{"curveRings":[]}'}, UnknownFunctionError, "geometry", "curves"),
    ({"geometry": document(points=[[0, 0]] * 30_000)}, TooLargeQueryError, "geometry", "corners"),
    ({"geometry": document(rings=[[[0, 0]] * 15_000] * 2)}, TooLargeQueryError, "geometry", "corners"),
    ({"geometry": "1" * 2_000_000}, TooLargeQueryError, "geometry", "characters"),
    ({"geometry": "1,2", "geometry_type": "esriGeometryPolygon"}, WrongTypeError, "geometry", "esriGeometryPolygon"),
    ({"geometry": "1,2", "geometry_type": "circle"}, UnknownFunctionError, "geometryType", "esriGeometryEnvelope"),
    ({"geometry": "1,2", "in_sr": "abc"}, QueryError, "inSR", "no spatial reference"),
    ({"geometry": "1,2", "in_sr": "999999"}, QueryError, "inSR", "999999"),
    ({"geometry": "1,2", "in_sr": "{"}, QueryError, "inSR", "JSON"),
    ({"geometry": "1,2", "in_sr": "5703"}, QueryError, "inSR", "5703"),
    ({"geometry": '{"x":1,"y":1,"spatialReference":{"wkid":[1]}}'}, QueryError, "geometry", "number such as 4326"),
    ({"geometry": "1e9,1e9", "in_sr": "26917"}, QueryError, "geometry", "does not reach"),
    ({"geometry": "1,2", "distance": "far"}, WrongTypeError, "distance", "0 or more"),
    ({"geometry": "1,2", "distance": "-1"}, WrongTypeError, "distance", "0 or more"),
    ({"geometry": "1,2", "distance": "nan"}, WrongTypeError, "distance", "0 or more"),
    (
        {"geometry": "1,2", "distance": "1", "units": "esriSRUnit_Furlong"},
        UnknownFunctionError,
        "units",
        "esriSRUnit_Meter",
    ),
]


@pytest.mark.parametrize(
    ("asked", "kind", "parameter", "words"), REFUSALS, ids=[str(asked)[:50] for asked, *_ in REFUSALS]
)
def test_what_cannot_be_read_is_refused_with_the_name_of_its_parameter(asked, kind, parameter, words):
    if kind == NOTHING:
        assert parse_geometry(**asked) == NOTHING
        return
    with pytest.raises(kind) as refusal:
        parse_geometry(**asked)
    assert words in str(refusal.value)
    assert refusal.value.parameter == parameter
    assert len(str(refusal.value)) < 400


def test_no_coordinate_is_infinite():
    for text in ("-1e300,-1e300,1e300,1e300", "1e300,1,1e300,2"):
        condition = parse_geometry(text, "", "102100")
        assert isinstance(condition, Envelope)
        assert all(map(math.isfinite, (condition.west, condition.south, condition.east, condition.north)))
