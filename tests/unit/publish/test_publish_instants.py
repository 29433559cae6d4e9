"""One moment in every format: each file read back with its readers' own tools gives the instants that went in."""

from __future__ import annotations

import os
import re
import sqlite3
import subprocess
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import duckdb
import geopandas
import openpyxl
import pandas as pd
import pyarrow.parquet as pq
import pyogrio
import pytest

from ckanext.cpdi.publish.formats import formats

ROWS: dict[str, tuple[str, str, str | None]] = {
    # number: precision, time of the call in UTC, time of closing in UTC
    "23-1": ("month", "2023-11-01 04:00:00", None),
    "23-2": ("date", "2023-11-05 04:00:00", None),
    "23-3": ("minute", "2023-11-05 05:30:00", None),  # the hour that comes twice, its first time
    "23-4": ("minute", "2023-11-05 05:50:00", "2023-11-05 07:10:00"),  # closed after the clocks went back
    "23-5": ("hour", "2023-11-05 06:00:00", None),  # the second time
    "23-6": ("minute", "2023-11-05 06:30:00", "2023-11-05 06:41:07"),
    "24-1": ("minute", "2024-01-01 04:30:00", "2024-01-01 05:30:00"),  # another year in UTC
    "24-2": ("minute", "2024-03-10 06:30:00", "2024-03-10 07:30:00"),  # closed after the clocks went forward
    "24-3": ("minute", "2024-03-10 06:59:59", None),  # the last second before the gap
    "24-4": ("minute", "2024-03-10 07:00:00", "2024-03-10 07:00:01"),  # the first one after it
    "24-5": ("hour", "2024-07-01 03:00:00", None),  # the day before, locally
}
Instants = dict[str, tuple[datetime | None, datetime | None]]
WALL = {"23-3": "2023-11-05 01:30:00", "23-4": "2023-11-05 01:50:00", "23-6": "2023-11-05 01:30:00"}
CLOSED = {"23-4": "2023-11-05 03:10:00", "24-2": "2024-03-10 02:30:00"}
"""Wall times in the row's own offset, whatever the clocks showed then."""


def utc(text: str | None) -> datetime | None:
    return datetime.fromisoformat(text).replace(tzinfo=UTC) if text else None


WANTED: Instants = {key: (utc(called), utc(closed)) for key, (_, called, closed) in ROWS.items()}


@pytest.fixture
def part(part_of):
    return part_of(
        *(
            {
                "incident_number": key,
                "time_precision": precision,
                "call_datetime": utc(called),
                "closed_datetime": utc(closed),
                **({"latitude": 32.78, "longitude": -79.93} if precision == "minute" else {}),
            }
            for key, (precision, called, closed) in ROWS.items()
        ),
        batch=3,
    )


@pytest.fixture
def file(part, tmp_path):
    def written(extension: str) -> Path:
        path = tmp_path / f"calls.{extension}"
        formats()[extension].write(part, path)
        return path

    return written


def instant(value: object, offset: str = "") -> datetime | None:
    """The instant that a cell says, by its own offset or by the row's; None for nothing."""
    if value is None or value in ("", "(null)") or pd.isna(value):
        return None
    text = str(value).replace("/", "-")
    moment = datetime.fromisoformat(f"{text}{offset}")
    assert moment.tzinfo, f"{text} has no offset"
    return moment.astimezone(UTC)


def instants(rows, key="incident_number", call="call_datetime", closed="closed_datetime", offset="") -> Instants:
    """The instants of rows that a reader gave as mappings; ``offset`` names the column that the row's offset is in."""
    return {
        row[key]: tuple(instant(row.get(name), row[offset] if offset else "") for name in (call, closed))
        for row in rows
    }


def ogrinfo(path: Path, *options: str) -> list[dict[str, str]]:
    """The features as the program of the system's GDAL prints them."""
    source = f"/vsizip/{path}" if path.name.endswith(".zip") else str(path)
    command = ["ogrinfo", "-al", "-q", *options, source]
    done = subprocess.run(command, capture_output=True, text=True, check=True, env=os.environ | {"TZ": "Asia/Tokyo"})
    assert "ERROR" not in done.stderr, done.stderr
    features = done.stdout.split("OGRFeature(")[1:]
    return [dict(re.findall(r"^  (\w+) \([\w()]+\) = (.*)$", one, re.MULTILINE)) for one in features]


def frame(path: Path, **options: str) -> list[dict[str, object]]:
    """The features as geopandas has them, through the GDAL that pyogrio brings along."""
    source = f"/vsizip/{path}" if path.name.endswith(".zip") else str(path)
    return geopandas.read_file(source, **options).to_dict("records")


def test_pandas_takes_the_times_of_a_csv_for_times(file):
    found = pd.read_csv(file("csv"), parse_dates=["call_datetime", "closed_datetime"])
    assert [found[name].dtype.kind for name in ("call_datetime", "closed_datetime")] == ["M", "M"]
    assert instants(found.to_dict("records"), offset="utc_offset") == WANTED
    days = dict(zip(found["incident_number"], found["call_datetime"].dt.date, strict=True))
    assert days["24-1"] == date(2023, 12, 31)
    took = (found["closed_datetime"] - found["call_datetime"]).dropna()
    assert list(took) == [closed - called for called, closed in WANTED.values() if closed]


def test_the_instants_of_a_row_are_in_one_offset(file):
    rows = {row["incident_number"]: row for row in pd.read_csv(file("csv"), dtype=str).to_dict("records")}
    assert {key: rows[key]["call_datetime"] for key in WALL} == WALL
    assert {key: rows[key]["closed_datetime"] for key in CLOSED} == CLOSED
    assert [rows[key]["utc_offset"] for key in ("23-3", "23-6", "24-2", "24-4")] == [
        "-04:00",
        "-05:00",
        "-05:00",
        "-04:00",
    ]


def test_duckdb_takes_the_times_of_a_csv_for_times(file):
    asked = duckdb.execute(
        "SELECT incident_number, utc_offset, call_datetime, closed_datetime FROM read_csv(?)", [str(file("csv"))]
    )
    names, kinds = zip(*((one[0], str(one[1])) for one in asked.description), strict=True)
    assert kinds[2:] == ("TIMESTAMP", "TIMESTAMP")
    assert instants((dict(zip(names, row, strict=True)) for row in asked.fetchall()), offset="utc_offset") == WANTED


def test_libreoffice_takes_the_times_of_a_csv_for_times(file, tmp_path):
    path = file("csv")
    home, detect = f"-env:UserInstallation=file://{tmp_path}/office", "CSV:44,34,76,1,,0,false,true"
    command = ["soffice", home, "--headless", f"--infilter={detect}", "--convert-to", "xlsx", "--outdir", str(tmp_path)]
    subprocess.run([*command, str(path)], check=True, capture_output=True, timeout=300)
    header, *lines = openpyxl.load_workbook(tmp_path / "calls.xlsx").active.iter_rows()
    names = [cell.value for cell in header]
    rows = [dict(zip(names, line, strict=True)) for line in lines]
    assert all(row["call_datetime"].is_date for row in rows)
    assert any(row["closed_datetime"].is_date for row in rows)
    # The offset is a time, too, below zero as it is: taken from a time it leaves UTC.
    found = {
        row["incident_number"].value: tuple(
            row[name].value and (row[name].value - row["utc_offset"].value).replace(tzinfo=UTC)
            for name in ("call_datetime", "closed_datetime")
        )
        for row in rows
    }
    assert found == WANTED


def test_gdal_takes_the_times_of_a_csv_for_times(file):
    path = file("csv")
    told = ogrinfo(path, "-oo", "AUTODETECT_TYPE=YES")
    assert all("/" in row["call_datetime"] for row in told), "ogrinfo prints times, and no texts, so"
    assert instants(told, offset="utc_offset") == WANTED
    assert instants(frame(path, AUTODETECT_TYPE="YES"), offset="utc_offset") == WANTED


def test_a_shapefile_has_days_that_are_dates_and_the_time_beside_them(file):
    path = file("shp.zip")
    short = {"key": "INCIDENT", "call": "CALL_TIME", "closed": "CLOSED", "offset": "UTC_OFFSET"}
    old, new = ogrinfo(path), frame(path)
    assert instants(old, **short) == instants(new, **short) == WANTED
    assert pyogrio.read_info(f"/vsizip/{path}")["dtypes"].tolist().count("datetime64[D]") == 5
    for before, now in zip(old, new, strict=True):
        assert before["CALL_DAY"] == f"{now['CALL_DAY']:%Y/%m/%d}" == now["CALL_TIME"][:10].replace("-", "/")
        assert before.get("CLOSED_DAY") == (
            now["CLOSED"][:10].replace("-", "/") if instant(now["CLOSED"], "Z") else None
        )
    names = list(pyogrio.read_info(f"/vsizip/{path}")["fields"])
    assert len(set(names)) == len(names)
    assert max(map(len, names)) == 10


@pytest.mark.parametrize("extension", ["gpkg", "geojson", "kml", "kmz"])
def test_gdal_reads_the_instants(file, extension):
    path = file(extension)
    assert instants(ogrinfo(path)) == WANTED
    assert instants(frame(path)) == WANTED


def test_a_geopackage_says_that_its_times_are_in_utc(file):
    path = file("gpkg")
    assert all(row["call_datetime"].endswith("+00") for row in ogrinfo(path))
    found = geopandas.read_file(path)
    assert str(found["call_datetime"].dt.tz) == str(found["closed_datetime"].dt.tz) == "UTC"
    with sqlite3.connect(path) as database:
        query = "SELECT incident_number, call_datetime, datetime(call_datetime, utc_offset) FROM calls_rows"
        layer = database.execute("SELECT table_name FROM gpkg_contents").fetchone()[0]
        rows = database.execute(query.replace("calls_rows", f'"{layer}"')).fetchall()
    assert all(re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.000Z", text) for _, text, _ in rows)
    assert {key: wall for key, _, wall in rows if key in WALL} == WALL


def test_parquet_has_the_instants_and_says_utc(file):
    path = file("parquet")
    assert str(pq.read_schema(path).field("call_datetime").type) == "timestamp[us, tz=UTC]"
    assert instants(geopandas.read_parquet(path).to_dict("records")) == WANTED
    assert instants(pd.read_parquet(path).to_dict("records")) == WANTED
    asked = "SELECT incident_number, epoch_us(call_datetime), epoch_us(closed_datetime), typeof(call_datetime)"
    rows = duckdb.execute(f"{asked} FROM read_parquet(?)", [str(path)]).fetchall()
    epoch = datetime(1970, 1, 1, tzinfo=UTC)
    read = {
        key: tuple(None if one is None else epoch + timedelta(microseconds=one) for one in times)
        for key, *times, _ in rows
    }
    assert read == WANTED
    assert {row[-1] for row in rows} == {"TIMESTAMP WITH TIME ZONE"}


def test_geopackage_and_parquet_name_the_same_reference_system(file):
    assert geopandas.read_parquet(file("parquet")).crs == geopandas.read_file(file("gpkg")).crs
