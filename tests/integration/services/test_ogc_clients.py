"""GDAL reads OGC API Features of a running portal: the command of Debian (3.6), and pyogrio with a newer one."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
import threading
from datetime import UTC, datetime

import pytest
from helpers.feeds import DATASET
from werkzeug.serving import make_server

pytestmark = pytest.mark.usefixtures("standing")


@pytest.fixture
def asked():
    """The paths with parameters that clients asked for."""
    return []


@pytest.fixture
def service(portal_app, ckan_config, monkeypatch, asked):
    """The address of the service in a running portal."""

    def application(environ, start_response):
        asked.append(f"{environ['PATH_INFO']}?{environ.get('QUERY_STRING', '')}")
        return portal_app(environ, start_response)

    server = make_server("127.0.0.1", 0, application, threaded=True)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    address = f"http://127.0.0.1:{server.server_port}"
    monkeypatch.setitem(ckan_config, "ckan.site_url", address)
    thread.start()
    yield f"{address}/ogc"
    server.shutdown()
    thread.join()


@pytest.fixture
def everything(service, app):
    """The properties of all rows."""
    body = app.get(f"/ogc/collections/{DATASET}/items?limit=10000").json
    return [feature["properties"] | {"geometry": feature["geometry"]} for feature in body["features"]]


def ogrinfo(service, *options):
    """Return what GDAL's command says of the collection, as text."""
    program = shutil.which("ogrinfo")
    if program is None:
        pytest.skip("gdal-bin is not on this machine")
    command = [program, "-ro", *options, f"OAPIF:{service}", DATASET]
    done = subprocess.run(command, capture_output=True, text=True, timeout=120, check=True)
    assert "ERROR" not in done.stderr, done.stderr
    return done.stdout


_READ = """
import json, sys, pyogrio
source, layer, options = sys.argv[1], sys.argv[2], json.loads(sys.argv[3])
options = {name: tuple(value) if name == "bbox" else value for name, value in options.items()}
frame = pyogrio.read_dataframe(source, layer=layer, read_geometry=False, **options)
print(json.dumps({"rows": len(frame), "columns": list(frame.columns), "kinds": [kind.kind for kind in frame.dtypes]}))
"""


def newer(service, **options):
    """Return what pyogrio reads: rows, columns and their kinds. It holds the interpreter while it waits for an answer,
    so that it needs one of its own.
    """
    command = [sys.executable, "-c", _READ, f"OAPIF:{service}", DATASET, json.dumps(options)]
    done = subprocess.run(command, capture_output=True, text=True, timeout=60, check=True)
    return json.loads(done.stdout)


def count(text):
    return text.count("\nOGRFeature(")


def test_the_command_reads_all_pages_by_tens(service, everything, asked):
    text = ogrinfo(service)
    assert count(text) == len(everything)
    assert any("limit=10&" in f"{each}&" for each in asked)
    assert f"Feature Count: {len(everything)}" in ogrinfo(service, "-so")


def test_the_command_reads_larger_pages_where_it_is_told_to(service, everything, asked):
    assert count(ogrinfo(service, "-oo", "PAGE_SIZE=1000")) == len(everything)
    assert sum("/items?" in each for each in asked) <= 4


def test_the_command_asks_for_a_box(service, everything, asked):
    placed = [row for row in everything if row["geometry"]]
    middle = sorted(row["longitude"] for row in placed)[len(placed) // 2]
    text = ogrinfo(service, "-oo", "PAGE_SIZE=1000", "-spat", str(middle), "30", "-70", "40")
    assert count(text) == sum(row["longitude"] >= middle for row in placed)
    assert any("bbox=" in each for each in asked)


def test_the_command_asks_by_columns(service, everything, asked):
    team = next(row["team"] for row in everything if row["team"])
    text = ogrinfo(service, "-oo", "PAGE_SIZE=1000", "-where", f"team = '{team}' AND time_precision = 'hour'")
    expected = [row for row in everything if row["team"] == team and row["time_precision"] == "hour"]
    assert count(text) == len(expected)


def test_a_newer_gdal_reads_all_in_large_pages(service, everything, asked):
    frame = newer(service)
    assert frame["rows"] == len(everything)
    assert sum("/items?" in each for each in asked) <= 3, asked
    assert dict(zip(frame["columns"], frame["kinds"], strict=True))["latitude"] == "f"
    assert set(everything[0]) - {"geometry"} <= set(frame["columns"])


@pytest.mark.parametrize("more", ["", "team <> 'x' AND "])
def test_a_newer_gdal_sends_conditions_also_on_a_second_time(service, everything, asked, more):
    known = sorted((row["closed_datetime"] for row in everything if row["closed_datetime"]), key=_instant)
    middle = known[len(known) // 2]
    utc = _instant(middle).astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")  # GDAL leaves out other offsets
    frame = newer(service, where=f"{more}closed_datetime >= '{utc}'")
    expected = [
        row
        for row in everything
        if row["closed_datetime"]
        and _instant(row["closed_datetime"]) >= _instant(middle)
        and (not more or row["team"] is not None)
    ]
    assert frame["rows"] == len(expected) > 0, asked
    assert any("filter=" in each for each in asked)
    assert not any("datetime=" in each.replace("closed_datetime", "") for each in asked)


def test_a_newer_gdal_asks_for_a_box(service, everything, asked):
    placed = [row for row in everything if row["geometry"]]
    middle = sorted(row["longitude"] for row in placed)[len(placed) // 2]
    frame = newer(service, bbox=(middle, 30, -70, 40))
    assert frame["rows"] == sum(row["longitude"] >= middle for row in placed)
    assert any("bbox=" in each for each in asked)


def _instant(text):
    return datetime.fromisoformat(text)
