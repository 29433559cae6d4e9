"""Data Packages: valid, complete, and with the names that each format uses."""

import json

import pytest

from ckanext.cpdi.publish.formats import formats
from ckanext.cpdi.publish.package import File, package, resource

frictionless = pytest.importorskip("frictionless")


@pytest.fixture(params=list(formats()))
def kind(request):
    return formats()[request.param]


def described(part, kind):
    return package(part, [resource(part, kind, File(f"calls.{kind.extension}", 10, "0" * 64))])


def test_a_package_of_each_format_is_valid(part_of, kind):
    descriptor = json.loads(json.dumps(described(part_of(), kind)))
    assert frictionless.Package.from_descriptor(descriptor).to_descriptor()["name"] == "calls-for-service"


def test_it_says_who_what_when_and_under_which_terms(part_of):
    found = described(part_of({}, year=2024), formats()["csv"])
    assert found["name"] == "calls-for-service-2024"
    assert found["version"] == "20261124-7"
    assert found["created"] == "2026-11-24T03:00:00+00:00"
    assert found["licenses"] == [
        {"name": "CC0-1.0", "title": "CC0 1.0", "path": "https://creativecommons.org/publicdomain/zero/1.0/"}
    ]
    assert found["contributors"] == [{"title": "Test Police", "path": "https://police.example", "role": "publisher"}]
    assert found["cpdi:terms"] == ["No commercial solicitation."]
    assert found["cpdi:citation"] == (
        "Test Police (2026): Calls for Service and Officer Initiated Calls, 2024. Version 20261124-7, 2026-11-23. "
        "Open <Data>, https://data.example/dataset/calls-for-service"
    )
    assert found["cpdi:caveats"]


def test_the_schema_follows_the_declaration_field_by_field(part_of, calls, kind):
    (one,) = described(part_of(), kind)["resources"]
    shape = kind.shape(calls.rows).fields
    names = [field.shapefile if kind.extension == "shp.zip" else field.name for field in shape]
    schema = one["cpdi:schema" if kind.extension == "parquet" else "schema"]
    fields = schema["fields"]
    assert [field["name"] for field in fields] == names
    assert [field["type"] for field in fields] == [field.type for field in shape]
    assert all(field["description"] and field["title"] for field in fields)
    assert schema["primaryKey"] == [names[0]]
    own = "cpdi:" if kind.extension == "shp.zip" else ""
    assert one[f"{own}hash"] == "sha256:" + "0" * 64
    assert one[f"{own}bytes"] == 10


def test_frictionless_reads_the_csv_by_its_package(part_of, tmp_path):
    part = part_of(
        {
            "problem": '=1+1, "quoted"\nand broken',
            "counts_as_event": True,
            "latitude": 32.78,
            "longitude": -79.93,
            "time_precision": "minute",
            "location_precision": "block",
        }
    )
    kind = formats()["csv"]
    path = tmp_path / "calls.csv"
    kind.write(part, path)
    (tmp_path / "datapackage.json").write_text(
        json.dumps(package(part, [resource(part, kind, File.of(path, "calls.csv"))]))
    )
    report = frictionless.validate(str(tmp_path / "datapackage.json"))
    assert report.valid, report.to_summary()
