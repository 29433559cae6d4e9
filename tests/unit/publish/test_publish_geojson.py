"""GeoJSON: valid by RFC 7946 whatever the rows hold."""

import json

from ckanext.cpdi.publish.formats.geojson import GeoJson


def read(part):
    return json.loads(b"".join(GeoJson().stream(part)))


def test_an_empty_table_is_an_empty_collection(part_of):
    assert read(part_of()) == {"type": "FeatureCollection", "name": "calls-for-service", "features": []}


def test_batches_join_into_one_collection(part_of):
    features = read(part_of(*({} for _ in range(7)), batch=3))["features"]
    assert [one["properties"]["incident_number"] for one in features] == [f"N{at}" for at in range(7)]


def test_a_point_is_longitude_then_latitude_and_a_row_without_a_place_has_null(part_of):
    placed, placeless = read(part_of({"latitude": 32.78, "longitude": -79.93}, {"team": "Team 1"}))["features"]
    assert placed["geometry"] == {"type": "Point", "coordinates": [-79.93, 32.78]}
    assert placeless["geometry"] is None
    assert placeless["properties"]["team"] == "Team 1"


def test_values_have_their_own_types(part_of, calls):
    (one,) = read(part_of({"counts_as_event": False, "response_minutes": 4.5, "problem": '</script>\n"\\\u2028'}))[
        "features"
    ]
    assert list(one["properties"]) == [field.name for field in calls.rows.fields]
    assert one["properties"]["counts_as_event"] is False
    assert one["properties"]["response_minutes"] == 4.5
    assert one["properties"]["problem"] == '</script>\n"\\\u2028'
    assert one["properties"]["call_datetime"] == "2024-05-01T08:00:00-04:00"
    assert one["properties"]["team"] is None
