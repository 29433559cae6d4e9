"""One link chooses the same rows in files, GeoJSON, GeoServices and OGC API."""

from __future__ import annotations

import csv
import io
from urllib.parse import quote

import pytest
from helpers.feeds import DATASET

Row = dict[str, str]
KINDS = (
    "one team",
    "two teams",
    "days",
    "since",
    "less than",
    "box",
    "empty",
    "yes or no",
    "words",
    "cql2",
)


@pytest.fixture
def everything(standing, app) -> list[Row]:
    return list(csv.DictReader(io.StringIO(app.get(f"/data/{DATASET}.csv?limit=9999").body)))


@pytest.fixture
def links(everything) -> dict[str, str]:
    """A link of each kind that chooses some rows and leaves some out."""
    teams = sorted({row["team"] for row in everything if row["team"]})
    days = sorted(row["call_datetime"][:10] for row in everything)
    west, south = (sorted(float(row[axis]) for row in everything if row[axis]) for axis in ("longitude", "latitude"))
    category = everything[0]["call_category"]
    low, high = len(days) // 4, 3 * len(days) // 4
    return {
        "one team": f"team={quote(teams[0])}",
        "two teams": f"team={quote(teams[0])}&team={quote(teams[1])}",
        "days": f"from={days[low]}&to={days[high]}",
        "since": f"call_datetime__gte={days[high]}",
        "less than": f"latitude__lt={south[len(south) // 2]}",
        "box": f"bbox={west[0]},{south[0]},{west[len(west) // 2]},{south[len(south) // 2]}",
        "empty": "block_address__empty=yes",
        "yes or no": "counts_as_event=no",
        "words": f"q={quote(category.split()[0])}",
        "cql2": "filter=" + quote(f"call_category LIKE '{category[:3]}%' OR team = '{teams[0]}'"),
    }


def numbers(rows) -> list[str]:
    return sorted(row["incident_number"] for row in rows)


@pytest.mark.parametrize("kind", KINDS)
def test_the_same_rows_come_from_every_service(app, everything, links, kind):
    link = links[kind]
    rows = numbers(csv.DictReader(io.StringIO(app.get(f"/data/{DATASET}.csv?{link}").body)))
    assert 0 < len(rows) < len(everything)
    features = app.get(f"/data/{DATASET}.geojson?{link}").json["features"]
    assert numbers(feature["properties"] for feature in features) == rows
    arcgis = app.get(f"/arcgis/rest/services/{DATASET}/FeatureServer/0/query?{link}&f=json&outFields=*").json
    assert numbers(feature["attributes"] for feature in arcgis["features"]) == rows
    ogc = app.get(f"/ogc/collections/{DATASET}/items?{link}&limit=1000&f=json").json
    assert numbers(feature["properties"] for feature in ogc["features"]) == rows
    assert ogc["numberMatched"] == len(rows)


def test_a_wrong_link_is_refused_by_each_in_its_own_form(standing, app):
    words = "is no day such as 2026-03-01"
    file = app.get(f"/data/{DATASET}.csv?from=yesterday")
    assert (file.status_code, words in file.body) == (400, True)
    arcgis = app.get(f"/arcgis/rest/services/{DATASET}/FeatureServer/0/query?from=yesterday&f=json").json
    assert (arcgis["error"]["code"], words in str(arcgis["error"])) == (400, True)
    ogc = app.get(f"/ogc/collections/{DATASET}/items?from=yesterday&f=json")
    assert (ogc.status_code, words in ogc.body) == (400, True)


def test_what_is_wrong_with_a_link_is_said_in_the_language_of_the_address(standing, app):
    words = "no es un día como 2026-03-01"
    for path in (f"/dataset/{DATASET}/explore", f"/data/{DATASET}.csv", f"/ogc/collections/{DATASET}/items"):
        assert words in app.get(f"/es{path}?from=yesterday").get_data(as_text=True), path
        assert words not in app.get(f"{path}?from=yesterday").get_data(as_text=True), path
