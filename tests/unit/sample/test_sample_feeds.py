"""The sample feeds are synthetic, repeatable, and dirty in the ways that real exports are."""

import csv
import gzip
from collections import Counter
from datetime import datetime
from pathlib import Path

import numpy as np
import pytest
import shapely
from shapely.geometry import shape

from ckanext.cpdi.declare import Profile, read_library, read_profile
from ckanext.cpdi.sample import write_calls, write_citations
from ckanext.cpdi.sample.city import draw_spots, lay_out

ROOT = Path(__file__).parents[3]


@pytest.fixture(scope="module")
def profile() -> Profile:
    return read_profile(ROOT / "profiles" / "charleston.yaml", read_library(ROOT / "schemas").classes)


@pytest.fixture(scope="module")
def calls(profile, tmp_path_factory) -> list[dict[str, str]]:
    path = tmp_path_factory.mktemp("sample") / "calls.csv"
    write_calls(path, profile, rows=20_000, seed=7)
    return read(path)


def read(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as lines:
        return list(csv.DictReader(lines))


def test_the_same_seed_gives_the_same_bytes_and_another_gives_others(profile, tmp_path):
    for name, seed in (("a.csv.gz", 1), ("b.csv.gz", 1), ("c.csv.gz", 2)):
        write_calls(tmp_path / name, profile, rows=500, seed=seed)
    a, b, c = ((tmp_path / name).read_bytes() for name in ("a.csv.gz", "b.csv.gz", "c.csv.gz"))
    assert a == b
    assert gzip.decompress(a) != gzip.decompress(c)


def test_calls_have_the_header_of_the_real_export(calls):
    assert (
        list(calls[0])
        == (
            "X Y Master_Incident_Number Response_Date Problem Address City State Postal_Code Call_Disposition "
            "Time_CallClosed LONGITUDE LATITUDE FID"
        ).split()
    )
    assert len(calls) == 20_000


def test_every_id_says_that_it_is_a_sample(calls):
    assert {row["Master_Incident_Number"][:7] for row in calls} == {"SAMPLE-", ""}


def test_problems_come_as_often_as_in_the_real_lists(calls, profile):
    codes = {code.value: code.count for code in profile.lists["problems"].codes}
    seen = Counter(row["Problem"].strip() for row in calls)
    assert seen.keys() - codes.keys() == {"999Z_Code Nobody Knows"}
    total = sum(codes.values())
    for value in sorted(codes, key=codes.__getitem__)[-5:]:
        assert seen[value] / len(calls) == pytest.approx(codes[value] / total, rel=0.15)


def test_the_night_is_quiet_and_the_afternoon_busy(calls):
    hours = Counter(row["Response_Date"][11:13] for row in calls)
    assert hours["17"] > 2.5 * hours["04"]


def test_houses_lie_inside_the_boundary(profile):
    boundary = profile.geojson(profile.boundary)
    features = boundary.get("features") or [boundary]
    area = shapely.union_all([shape(one.get("geometry", one)) for one in features])
    rng = np.random.default_rng(3)
    spots = draw_spots(lay_out(boundary, rng), 2_000, rng)
    inside = shapely.contains_xy(area.buffer(0.001), spots.longitude, spots.latitude)
    assert inside.all()


def test_the_dirt_of_real_exports_is_there(calls):
    faults = {
        "no coordinates": lambda row: row["LONGITUDE"] in ("", "0"),
        "test": lambda row: row["Call_Disposition"] == "LTEST_Test",
        "swapped": lambda row: row["LATITUDE"].startswith("-7"),
        "positive longitude": lambda row: row["LONGITUDE"].startswith(("79", "80")),
        "closed before opened": lambda row: "" < row["Time_CallClosed"] < row["Response_Date"] < "2100",
        "no time": lambda row: len(row["Response_Date"]) == 10,
        "year 20260": lambda row: row["Response_Date"].startswith("20260"),
        "no key": lambda row: not row["Master_Incident_Number"],
        "formula": lambda row: row["Address"] == "=1+1",
    }
    assert [name for name, is_there in faults.items() if not any(map(is_there, calls))] == []


def test_the_rows_end_where_they_are_told_to(profile, tmp_path):
    write_calls(tmp_path / "calls.csv", profile, rows=2_000, seed=1, end=datetime(2024, 3, 1), days=60)
    days = [row["Response_Date"][:10] for row in read(tmp_path / "calls.csv")]
    plausible = [day for day in days if day.startswith("202") and day[4] == "-"]
    assert len(plausible) > 1_900
    assert max(plausible) == "2024-02-29"
    assert min(plausible) == "2024-01-01"


def test_citations_are_sample_rows_with_and_without_a_place(profile, tmp_path):
    write_citations(tmp_path / "citations.csv", profile, rows=3_000, seed=1)
    rows = read(tmp_path / "citations.csv")
    assert len(rows) == 3_000
    assert all(row["Citation_Number"].startswith("SAMPLE-") for row in rows)
    assert {row["Electronic"] for row in rows} == {"Y", "N"}
    assert 0.02 < sum(row["X"] in ("", "0") for row in rows) / len(rows) < 0.04
    assert 0.04 < sum(row["Electronic"] == "N" for row in rows) / len(rows) < 0.10
    assert any(int(row["Age"] or 99) < 18 for row in rows)
    stops = Counter((row["ViolationDate"], row["Unit"], row["Age"]) for row in rows)
    assert 0.05 < sum(count - 1 for count in stops.values()) / len(rows) < 0.20


@pytest.mark.parametrize("write", [write_calls, write_citations])
def test_no_rows_are_refused_and_nothing_is_left(write, profile, tmp_path):
    with pytest.raises(ValueError, match="at least one row"):
        write(tmp_path / "none.csv", profile, rows=0, seed=1)
    assert list(tmp_path.iterdir()) == []
