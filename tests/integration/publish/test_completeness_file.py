"""``/data/DATASET/completeness.csv``: every number in it can be counted again from the public file of the rows."""

import csv
import json
from collections import Counter
from dataclasses import replace

import pytest
from frictionless import Package

from ckanext.cpdi import config
from ckanext.cpdi.publish import snapshot_store
from ckanext.cpdi.publish.address import COMPLETENESS
from ckanext.cpdi.publish.snapshot import build

NAME = "calls-for-service"
URL = f"/data/{NAME}/completeness.csv"
PLACE = ("block_address", "team", "latitude", "longitude")


def lines(response):
    return list(csv.DictReader(response.get_data(as_text=True).splitlines()))


def recounted(rows):
    """(month, category, field) to (rows, filled), from nothing but the public file."""
    totals, filled = Counter(), Counter()
    for row in rows:
        group = (row["call_datetime"][:7], row["call_category"])
        totals[group] += 1
        values = {
            **row,
            "_geocoded": row["latitude"] and row["longitude"],
            "_placed": "".join(row[name] for name in PLACE),
        }
        for field, value in values.items():
            filled[*group, field] += bool(value)
    return {key: (totals[key[:2]], found) for key, found in filled.items()}


def test_each_number_is_that_of_the_public_file(app, loaded):
    rows = lines(app.get(f"/data/{NAME}.csv", status=200))
    for row in rows:
        del row["utc_offset"]  # of the times that are counted, and no field of its own
    told = lines(app.get(URL, status=200))
    assert len(rows) == loaded.published > 100
    assert {
        (one["month"], one["category"], one["field"]): (int(one["rows"]), int(one["filled"])) for one in told
    } == recounted(rows)
    assert all(float(one["share"]) == round(int(one["filled"]) / int(one["rows"]), 4) for one in told)
    assert {one["field"] for one in told} == {*rows[0], "_geocoded", "_placed"}


def test_the_file_is_served_like_the_others_and_described(app, loaded):
    response = app.get(URL, status=200)
    (version,) = {one.version for one in snapshot_store.files(config.files_path(), NAME) if one.year is None}
    assert response.headers["Content-Disposition"] == f"attachment; filename={NAME}-completeness_{version}.csv"
    assert app.get(URL, headers={"If-None-Match": response.headers["ETag"]}).status_code == 304
    described = app.get(f"{URL}.datapackage.json", status=200).json
    assert described["resources"][0]["path"] == "completeness.csv"
    assert described["resources"][0]["cpdi:rows"] == len(lines(response))
    listed = app.get(f"/data/{NAME}/datapackage.json").json["resources"]
    assert [one["path"] for one in listed if "completeness" in one["name"]] == [f"http://test.ckan.net{URL}"]
    assert app.get(f"/data/{NAME}/completeness.kml").status_code == 404


def test_the_description_fits_the_file(app, loaded, tmp_path):
    (tmp_path / "completeness.csv").write_bytes(app.get(URL).data)
    described = app.get(f"{URL}.datapackage.json").json
    (tmp_path / "datapackage.json").write_text(json.dumps(described))
    report = Package(str(tmp_path / "datapackage.json")).validate()
    assert report.valid, report.flatten(["message"])


@pytest.fixture
def builder(table, calls, department, site, tmp_path):
    def made(*, counted=True, site=site):
        if counted:
            with config.store() as store:
                store.tables.count_completeness(NAME, calls.rows, department.time_zone)
        build(table.read_dsn, calls, department, tmp_path, site)
        return snapshot_store.find_about(tmp_path, NAME, COMPLETENESS)

    return made


def test_while_a_version_is_not_counted_the_file_before_stays(table, awkward, builder):
    assert builder(counted=False) is None
    first = table.commit(awkward)
    assert builder().version == first
    second = table.commit(awkward[:3])
    assert builder(counted=False).version == first
    assert builder().version == second


def test_a_file_that_went_is_made_again_and_an_old_one_goes(table, awkward, builder, site, tmp_path):
    table.commit(awkward)
    found = builder()
    text = found.path.read_bytes()
    found.path.unlink()
    assert builder().path.read_bytes() == text
    table.commit(awkward[:3])
    builder()
    assert len([one for one in snapshot_store.every(tmp_path, NAME) if one.about]) == 1
    other = builder(site=replace(site, title="Another"))
    assert other.recipe != found.recipe


def test_a_category_is_no_formula_to_a_spreadsheet(table, awkward, builder):
    table.commit([{**awkward[0], "call_category": "=1+1"}])
    assert "\n2023-12,'=1+1,incident_number,1,1,1.0\n" in builder().path.read_text()
