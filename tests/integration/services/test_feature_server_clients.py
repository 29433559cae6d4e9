"""The FeatureServer as GDAL, pyogrio and pyesridump read it: a layer of more than one page, over HTTP."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from urllib.parse import quote
from urllib.request import urlopen

import pytest
from helpers.arcgis import LAYER
from helpers.feeds import load_sample
from helpers.server import served_below

ROWS = 4_186
"""More than two pages."""


@pytest.fixture(scope="module")
def servers() -> Iterator[ExitStack]:
    with ExitStack() as stack:
        yield stack


@pytest.fixture
def layer(once, ckan_config, servers, tmp_path_factory) -> str:
    """The address of the layer on a portal that runs; the first test starts it."""

    def start(folder: Path) -> str:
        load_sample(folder / "calls.csv", ROWS)
        settings = {
            f"ckanext.cpdi.{name}_path": ckan_config[f"ckanext.cpdi.{name}_path"] for name in ("files", "private")
        }
        work = tmp_path_factory.mktemp("server")
        return servers.enter_context(served_below(work, ckan_config["__file__"], "/portal", settings)) + LAYER

    return once(start)


def count(layer: str, where: str = "1=1") -> int:
    with urlopen(f"{layer}/query?f=json&returnCountOnly=true&where={quote(where)}") as answer:
        return json.load(answer)["count"]


def ogrinfo(*arguments: str) -> str:
    program = shutil.which("ogrinfo")
    if program is None:
        pytest.skip("GDAL's programs are not on this machine")
    ran = subprocess.run([program, *arguments], capture_output=True, text=True, check=True, timeout=300)
    return ran.stdout


def asked(layer: str, where: str = "1=1", fields: str = "*") -> str:
    return f"{layer}/query?where={quote(where)}&outFields={fields}&f=json"


def test_ogrinfo_counts_and_bounds_a_layer_of_several_pages(layer):
    told = ogrinfo("-ro", "-al", "-so", f"ESRIJSON:{asked(layer)}")
    assert f"Feature Count: {count(layer)}" in told
    assert count(layer) > 4_000
    assert re.search(r"Extent: \(-8\d\.\d+, 3\d\.\d+\)", told)
    assert "Geometry: Point" in told
    assert "call_datetime: " in told


def test_ogr2ogr_brings_every_row_once(layer, tmp_path):
    program = shutil.which("ogr2ogr") or pytest.skip("GDAL's programs are not on this machine")
    target = tmp_path / "calls.csv"
    subprocess.run([program, "-f", "CSV", str(target), f"ESRIJSON:{asked(layer)}"], check=True, timeout=300)
    lines = target.read_text(encoding="utf-8").splitlines()
    ids = [line.split(",")[0] for line in lines[1:]]
    assert len(ids) == len(set(ids)) == count(layer)


def test_pyogrio_reads_everything_and_what_a_filter_leaves(layer):
    import pyogrio

    frame = pyogrio.raw.read_arrow(f"ESRIJSON:{asked(layer)}")[1]
    assert frame.num_rows == count(layer)
    where = "call_source = 'officer' AND latitude IS NOT NULL"
    part = pyogrio.raw.read_arrow(f"ESRIJSON:{asked(layer, where, 'OBJECTID,call_source')}")[1]
    assert part.num_rows == count(layer, where) > 0
    assert set(part.column("call_source").to_pylist()) == {"officer"}


def test_pyesridump_reads_the_whole_layer(layer):
    program = Path(sys.executable).parent / "esri2geojson"
    ran = subprocess.run(
        [str(program), "--jsonlines", layer, "/dev/stdout"], capture_output=True, text=True, check=True, timeout=300
    )
    features = [json.loads(line) for line in ran.stdout.splitlines()]
    assert len({feature["properties"]["OBJECTID"] for feature in features}) == len(features) == count(layer)


def test_the_catalogue_of_a_portal_below_a_path_names_addresses_that_answer(layer):
    root = layer.partition("/arcgis/")[0]
    with urlopen(f"{root}/arcgis/rest/services?f=json") as answer:
        services = json.load(answer)["services"]
    urls = [service["url"] for service in services if service["name"] == "calls-for-service"]
    assert urls == [layer.removesuffix("/0")]
    with urlopen(f"{urls[0]}?f=json") as answer:
        assert json.load(answer)["layers"]
