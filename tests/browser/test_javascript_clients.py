"""Esri's own clients in JavaScript: arcgis-rest-js, which reads protocol buffers, and esri-leaflet in a browser."""

from __future__ import annotations

import json
import os
import subprocess
from pathlib import Path

import pytest
from helpers.arcgis import LAYER, ask, attributes

PACKAGES = Path(os.environ.get("CPDI_RUN", Path(__file__).resolve().parents[2] / ".run")) / "npm/node_modules"
_REST = """
import {{ getLayer, queryFeatures }} from "{packages}/@esri/arcgis-rest-feature-service/dist/esm/index.js";
const url = {url};
const layer = await getLayer({{ url }});
const ask = async (f) => (await queryFeatures({{ url, where: "1=1", outFields: "*", f }})).features;
const shown = {{ layer: layer.name, json: await ask("json"), arcgis: await ask("pbf-as-arcgis") }};
shown.geojson = await ask("pbf-as-geojson");
console.log(JSON.stringify(shown));
"""
_PARSER = """
import read from "{packages}/arcgis-pbf-parser/dist/arcgis-pbf.mjs";
const answer = await fetch({url} + "/query?where=1%3D1&outFields=*&f=pbf");
console.log(JSON.stringify(read(new Uint8Array(await answer.arrayBuffer())).featureCollection.features));
"""
_MAP = """<!doctype html><title>map</title><link rel="stylesheet" href="/leaflet/dist/leaflet.css">
<div id="map" style="height:600px"></div>
<script src="/leaflet/dist/leaflet.js"></script><script src="/esri-leaflet/dist/esri-leaflet.js"></script>"""
_DRAW = """async ([url, box, options]) => {
  const map = L.map("map", {fadeAnimation: false, zoomAnimation: false});
  map.fitBounds([[box.ymin, box.xmin], [box.ymax, box.xmax]]);
  const layer = L.esri.featureLayer({url, ...options});
  const faults = [];
  layer.on("requesterror", (error) => faults.push(error.message));
  await new Promise((done) => { layer.once("load", done); layer.addTo(map); });
  const ids = new Set();
  layer.eachFeature((drawn) => ids.add(drawn.feature.id));
  return {ids: [...ids].sort((a, b) => a - b), faults};
}"""


@pytest.fixture
def layer(standing, address) -> str:
    """The address of a layer on a portal that listens."""
    if not PACKAGES.exists():
        pytest.skip("the packages of browsers are not there: scripts/build-assets dev")
    return f"{address}{LAYER}"


def run(script: str, layer: str, folder: Path):
    path = folder / "client.mjs"
    path.write_text(script.format(packages=PACKAGES.as_uri(), url=json.dumps(layer)), encoding="utf-8")
    ran = subprocess.run(["node", str(path)], capture_output=True, text=True, timeout=120, check=False)
    assert ran.returncode == 0, ran.stderr
    return json.loads(ran.stdout.splitlines()[-1])


def near(points, others) -> bool:
    """Whether points lie no farther apart than what a grid of the format moves them, in degrees."""
    return all(
        (one is None) == (other is None)
        and (one is None or (abs(one["x"] - other["x"]) < 1e-6 and abs(one["y"] - other["y"]) < 1e-6))
        for one, other in zip(points, others, strict=True)
    )


def test_arcgis_rest_js_reads_the_same_rows_from_json_and_protocol_buffers(layer, tmp_path):
    read = run(_REST, layer, tmp_path)
    rows = [feature["attributes"] for feature in read["json"]]
    assert rows
    assert [feature["attributes"] for feature in read["arcgis"]] == rows
    assert [feature["properties"] for feature in read["geojson"]] == rows
    assert near(
        [feature.get("geometry") for feature in read["json"]], [feature.get("geometry") for feature in read["arcgis"]]
    )


def test_the_parser_of_protocol_buffers_reads_the_same_rows(app, layer, tmp_path):
    features = run(_PARSER, layer, tmp_path)
    assert [feature["properties"] for feature in features] == attributes(ask(app, where="1=1", outFields="*"))


@pytest.mark.parametrize("options", [{}, {"isModern": False}, {"where": "counts_as_event = 1", "simplifyFactor": 0.5}])
def test_esri_leaflet_draws_every_point(app, layer, browser, options):
    page = browser.new_page()
    page.route("http://client.test/**", lambda route: route.fulfill(**_file(route.request.url)))
    page.goto("http://client.test/")
    where = options.get("where", "1=1")
    box = ask(app, where="1=1", returnExtentOnly="true")["extent"]
    drawn = page.evaluate(_DRAW, [layer, box, options])
    placed = ask(app, where=f"{where} AND latitude IS NOT NULL", returnIdsOnly="true")["objectIds"]
    assert drawn["faults"] == []
    assert drawn["ids"] == placed


def _file(url: str) -> dict[str, object]:
    path = url.removeprefix("http://client.test/")
    return {"path": PACKAGES / path} if path else {"body": _MAP, "content_type": "text/html"}
