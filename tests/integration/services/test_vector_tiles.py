"""Vector tiles: what is in them against the rows, by either source; what describes them; how they are refused."""

from __future__ import annotations

import json
import math
from collections import Counter
from urllib.parse import urlencode

import mapbox_vector_tile
import pyogrio
import pytest
from helpers.feeds import DATASET

from ckanext.cpdi.selection import frames
from ckanext.cpdi.selection.tiles import points
from ckanext.cpdi.selection.tiles.categories import slug
from ckanext.cpdi.services import vector_tiles
from ckanext.cpdi.services.tiles.kept import Kept

pytestmark = pytest.mark.usefixtures("standing")

TILES = f"/ogc/collections/{DATASET}/tiles"
HOME = (-79.94, 32.79)
"""A place in the middle of the sample."""
FILTERS = [{}, {"from": "2024-02-01"}, {"filter": "problem LIKE '%a%' AND call_datetime IS NOT NULL"}, {"q": "traffic"}]


@pytest.fixture(params=[0, frames.LEAST], ids=["columnar", "database"])
def source(request, monkeypatch):
    """Both sources of cells: the columnar file, and the database."""
    monkeypatch.setattr(frames, "LEAST", request.param)
    monkeypatch.setattr(vector_tiles, "_tiles", Kept())
    return request.param


@pytest.fixture
def ask(app):
    """Ask for a path with parameters; return the answer, whose status is as expected."""

    def asked(path, status=200, headers=None, **parameters):
        response = app.get(f"{path}?{urlencode(parameters)}" if parameters else path, headers=headers or {})
        assert response.status_code == status, response.body[:500]
        return response

    return asked


@pytest.fixture
def features(ask):
    """The rows of a question that have a place."""

    def listed(**parameters):
        answer = ask(f"/ogc/collections/{DATASET}/items", limit=10000, **parameters)
        return [feature for feature in answer.json["features"] if feature["geometry"]]

    return listed


def at(z, longitude=HOME[0], latitude=HOME[1]):
    """The tile of a place, as a path."""
    x = (longitude + 180) / 360 * 2**z
    y = (1 - math.asinh(math.tan(math.radians(latitude))) / math.pi) / 2 * 2**z
    return f"{TILES}/WebMercatorQuad/{z}/{int(y)}/{int(x)}"


def busiest(features, z):
    """The tile with the most rows, as a path."""
    return Counter(at(z, *feature["geometry"]["coordinates"]) for feature in features()).most_common(1)[0][0]


def decoded(response):
    return {name: layer["features"] for name, layer in mapbox_vector_tile.decode(response.data).items()}


@pytest.mark.parametrize("parameters", FILTERS, ids=str)
def test_the_cells_of_the_world_count_all_rows_with_a_place(source, ask, features, parameters):
    rows = features(**parameters)
    assert rows
    [cell] = decoded(ask(at(0), **parameters))["cells"]
    by_category = Counter(f"n_{slug(row['properties']['call_category'])}" for row in rows)
    assert cell["properties"] == {"count": len(rows)} | by_category


@pytest.mark.parametrize("z", [9, 11, 13])
def test_cells_have_the_rows_of_their_squares(source, ask, features, z):
    paths = {at(z, *feature["geometry"]["coordinates"]) for feature in features()}
    counted = Counter()
    for path in paths:
        for cell in decoded(ask(path))["cells"]:
            counted[cell["id"]] += cell["properties"]["count"]
            assert cell["geometry"]["type"] == "Polygon"
    assert counted == Counter(square(z, *feature["geometry"]["coordinates"]) for feature in features())


def square(z, longitude, latitude):
    """The number of the cell of a point, of 32 to a tile's side."""
    x = int((longitude + 180) / 360 * 2 ** (z + 5))
    y = int((1 - math.asinh(math.tan(math.radians(latitude))) / math.pi) / 2 * 2 ** (z + 5))
    return y * 2 ** (z + 5) + x


@pytest.mark.parametrize("parameters", FILTERS, ids=str)
def test_points_are_the_rows_of_the_tile_with_id_category_and_time(ask, features, parameters):
    rows = {feature["id"]: feature["properties"] for feature in features(**parameters)}
    shown = {}
    for path in {at(14, *feature["geometry"]["coordinates"]) for feature in features(**parameters)}:
        for point in decoded(ask(path, **parameters)).get("points", []):
            shown[point["id"]] = point
    assert shown.keys() == rows.keys()
    for number, point in shown.items():
        assert point["properties"]["_id"] == number
        assert point["properties"]["call_category"] == rows[number]["call_category"]
        assert point["properties"]["call_datetime"] % 1000 == 0


def test_a_tile_that_is_capped_says_so(ask, features, monkeypatch):
    monkeypatch.setattr(vector_tiles, "_tiles", Kept())
    monkeypatch.setattr(points, "MOST", 3)
    answer = ask(busiest(features, 14))
    total = int(answer.headers["Cpdi-Rows"])
    assert total > 3
    assert answer.headers["Cpdi-Capped"] == f"3 of {total}"
    layers = decoded(answer)
    assert len(layers["points"]) == 3
    assert [square["properties"] for square in layers["capped"]] == [{"shown": 3, "total": total}]


def test_gdal_reads_cells_and_points(ask, features, tmp_path):
    for z, layer in ((11, "cells"), (14, "points")):
        path = tmp_path / f"{z}.mvt"
        path.write_bytes(ask(busiest(features, z)).data)
        table = pyogrio.raw.read(path, layer=layer)
        assert len(table[2]) > 0
        assert ("count" if layer == "cells" else "call_category") in table[0]["fields"]


def test_tiles_are_described_as_they_are(ask, features):
    document = ask(f"{TILES}/WebMercatorQuad/tilejson.json", team="2").json
    assert document["tiles"][0].endswith("/tiles/WebMercatorQuad/{z}/{y}/{x}?team=2")
    fields = {layer["id"]: set(layer["fields"]) for layer in document["vector_layers"]}
    for z in (0, 14):
        for name, drawn in decoded(ask(busiest(features, z))).items():
            assert {key for feature in drawn for key in feature["properties"]} <= fields[name]
    spans = [(layer["minzoom"], layer["maxzoom"]) for layer in document["vector_layers"]]
    assert spans == [(0, 13), (14, 16)]
    assert document["bounds"][0] < HOME[0] < document["bounds"][2]


def test_ogc_finds_its_way_from_the_collection_to_a_tile(ask):
    collection = ask(f"/ogc/collections/{DATASET}", headers={"Accept": "application/json"}).json
    [tilesets] = [link["href"] for link in collection["links"] if link["rel"].endswith("/tilesets-vector")]
    [whole] = ask(path_of(tilesets)).json["tilesets"]
    tileset = ask(path_of(whole["links"][0]["href"])).json
    assert {layer["id"] for layer in tileset["layers"]} == {"cells", "points"}
    links = {link["rel"]: link["href"] for link in tileset["links"]}
    named = links["item"].replace("{tileMatrix}", "0").replace("{tileRow}", "0").replace("{tileCol}", "0")
    assert ask(path_of(named)).content_type == "application/vnd.mapbox-vector-tile"
    pyramid = ask(path_of(links["http://www.opengis.net/def/rel/ogc/1.0/tiling-scheme"])).json
    assert pyramid["tileMatrices"][0]["scaleDenominator"] == pytest.approx(559082264.028717, rel=1e-9)
    assert ask("/ogc/tileMatrixSets").json["tileMatrixSets"][0]["id"] == "WebMercatorQuad"


def path_of(url):
    return "/" + url.split("/", 3)[3]


def test_a_tile_is_of_a_version(ask):
    first = ask(at(0))
    assert first.headers["ETag"].startswith(f'W/"{first.headers["Cpdi-Version"]}-')
    assert first.headers["Access-Control-Allow-Origin"] == "*"
    again = ask(at(0), 304, headers={"If-None-Match": first.headers["ETag"]})
    assert again.data == b""
    assert ask(at(0)).data == first.data


def test_a_tile_without_rows_is_empty(ask):
    for z in (5, 15):
        assert ask(at(z, 10, 50), 204).data == b""
    assert ask(at(3), 204, call_category="no such").data == b""


@pytest.mark.parametrize(
    ("place", "parameters", "status", "words"),
    [
        ("a/0/0", {}, 400, "zoom, row and column of a tile are whole numbers, not 'a'"),
        ("0/-1/0", {}, 400, "whole numbers"),
        ("0/0/1", {}, 404, "there is no such"),
        ("23/0/0", {}, 404, "there is no such"),
        ("99999999999/0/0", {}, 400, "whole numbers"),
        ("0/0/0", {"tame": "2"}, 400, "there is no parameter 'tame'"),
        ("0/0/0", {"filter": "problem ="}, 400, "filter"),
        ("0/0/0", {"from": "yesterday"}, 400, "from"),
    ],
)
def test_what_is_no_tile_is_refused(ask, place, parameters, status, words):
    answer = ask(f"{TILES}/WebMercatorQuad/{place}", status, **parameters)
    assert words in json.loads(answer.data)["description"]
    assert "no-store" in answer.headers["Cache-Control"]


@pytest.mark.parametrize("path", ["", "/WebMercatorQuad", "/WebMercatorQuad/0/0/0", "/WebMercatorQuad/tilejson.json"])
@pytest.mark.parametrize("name", ["use-of-force", "nothing-such"])
def test_tables_without_points_have_no_tiles(ask, name, path):
    ask(f"/ogc/collections/{name}/tiles{path}", 404)
