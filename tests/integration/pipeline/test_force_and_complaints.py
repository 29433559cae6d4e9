"""Force and complaints, each several tables of one dataset, from `ckan cpdi load` to files, API and pages."""

from __future__ import annotations

import csv
import json
from pathlib import Path

import pytest
from click.testing import CliRunner
from helpers import haystack
from helpers.force import FEEDS, FILES, profile
from helpers.help import HELP

ORDERED = ("use-of-force", "use-of-force-subjects", "use-of-force-officers")
RAW = (
    "26-000731", "26-000732", "26-000810", "IA-25-0041", "IA-25-0042", "IA-25-0057", "S-70011", "S-70012", "S-70013",
    "B-9917", "B-9918", "Quarlmer", "Tozzlewick", "Vandrel", "Imbrek", "Hestralyn", "Joravik", "Quillfen", "843-555",
    "2025-05-03", "2025-05-19", "2025-06-30", "2025-02-11", "2025-03-30", "2025-04-02", "he was rude", "hit with",
)  # fmt: skip
"""What stands in the feeds and is not to come out of them."""


@pytest.fixture(scope="module")
def town(tmp_path_factory):
    return profile(tmp_path_factory.mktemp("quillton"))


@pytest.fixture
def published(town, ckan_config, monkeypatch, once):
    """Both datasets, loaded by the command; the folder of the portal's files."""
    monkeypatch.setitem(ckan_config, "ckanext.cpdi.profile", str(town))

    def fill(folder: Path) -> Path:
        for table, name in FILES.items():
            run("load", table, FEEDS / name)
        return folder

    return once(fill)


def run(*arguments: object) -> str:
    from ckanext.cpdi.cli import cpdi

    result = CliRunner().invoke(cpdi, [str(argument) for argument in arguments])
    assert result.exit_code == 0, result.output
    return result.output


def lines(app, table: str) -> list[dict[str, str]]:
    return list(csv.DictReader(app.get(f"/data/{table}.csv", status=200).get_data(as_text=True).splitlines()))


def spelled(value: object) -> str:
    """Return a value of the API as a CSV file has it."""
    words = {None: "", True: "yes", False: "no"}
    return words[value] if value is None or isinstance(value, bool) else str(value)[:10]


def package(app, name: str):
    return app.get(f"/api/3/action/package_show?id={name}", status=200).json["result"]


def test_the_tables_are_resources_of_one_dataset(app, published):
    names = [one["name"] for one in package(app, "use-of-force")["resources"] if one["format"] == "CSV"]
    assert names == ["Incidents: All rows as CSV", "People: All rows as CSV", "Officers: All rows as CSV"]
    assert [one["format"] for one in package(app, "complaints")["resources"]] == ["CSV", "API"] * 2
    app.get("/api/3/action/package_show?id=use-of-force-subjects", status=404)


def test_the_datastore_has_the_rows_of_the_files(app, published):
    from ckanext.cpdi.catalog.parts import resource_id

    for table in FILES:
        answer = app.get(f"/api/3/action/datastore_search?resource_id={resource_id(table)}", status=200).json["result"]
        names = [one["id"] for one in answer["fields"] if one["id"] != "_id"]
        rows = [{name: spelled(row[name]) for name in names} for row in answer["records"]]
        given = [{name: value[:10] for name, value in row.items()} for row in lines(app, table)]
        assert sorted(map(str, given)) == sorted(map(str, rows)), table


def test_people_and_officers_join_their_incident(app, published):
    incidents = {row["incident_id"]: row for row in lines(app, "use-of-force")}
    assert sorted(row["month"] for row in incidents.values()) == ["2025-05-01", "2025-05-01", "2025-06-01"]
    people = lines(app, "use-of-force-subjects")
    assert len(people) == 4
    assert {row["incident_id"] for row in people} == {*incidents, ""}
    assert {row["incident_id"] for row in lines(app, "use-of-force-officers")} == set(incidents)
    minor = next(row for row in people if not row["incident_id"])
    assert {name for name, value in minor.items() if value} == {"month", "time_precision"}
    assert sorted(row["subject_age_range"] for row in people) == ["", "25-34", "25-34", "35-44"]


def test_complaints_show_quarter_allegation_and_finding(app, published):
    cases = {row["case_id"]: row["quarter"] for row in lines(app, "complaints")}
    assert sorted(cases.values()) == ["2025-01-01", "2025-01-01", "2025-04-01"]
    allegations = lines(app, "complaints-allegations")
    assert {row["case_id"]: row["quarter"] for row in allegations} == cases
    assert sorted((row["allegation"], row["allegation_group"], row["finding"]) for row in allegations) == [
        ("Discourtesy", "Conduct", "not_sustained"),
        ("Excessive force", "Force", ""),
        ("Report writing", "Procedure", "sustained"),
        ("Report writing", "Procedure", "sustained"),
    ]


@pytest.mark.parametrize(
    ("path", "words"),
    [
        (
            "/dataset/use-of-force",
            ["Use of Force: people", "Use of Force: officers", "/data/use-of-force-subjects.csv"],
        ),
        ("/es/dataset/use-of-force", ["Uso de la fuerza: personas", "Gas pimienta u otro agente químico"]),
        ("/dataset/complaints", ["Complaints: allegations", "Administratively closed", "complaints-allegations.csv"]),
        ("/status", ["Use of Force: people", "/dataset/use-of-force#use-of-force-subjects"]),
        ("/status/use-of-force-subjects", ["Use of Force: people"]),
        ("/dataset/use-of-force-subjects/changes", ["Use of Force: people"]),
        ("/status/runs", ["Complaints: allegations"]),
        ("/help/what-is-here", ["Use of Force"]),
        ("/", ["Use of Force", "Complaints"]),
    ],
)
def test_pages_speak_of_each_table(app, published, path, words):
    page = app.get(path, status=200).get_data(as_text=True)
    assert [word for word in words if word not in page] == []


def test_a_denied_incident_leaves_every_table(app, published):
    from ckanext.cpdi import config

    sharing = [table.name for table in config.library().sharing("use-of-force")]
    assert sorted(sharing) == sorted(ORDERED)


def test_nothing_raw_is_anywhere(app, published):
    paths = [f"{language}{path}" for language in ("", "/es") for path in ("/", "/status", "/status/runs", *HELP)]
    for table in FILES:
        paths += [f"/data/{table}.{ending}" for ending in ("csv", "parquet", "csv.datapackage.json")]
        paths += [f"/data/{table}/changes.csv", f"/data/{table}/completeness.csv", f"/status/{table}"]
    paths += [f"/dataset/{name}" for name in ("use-of-force", "complaints")]
    paths += [f"/status/runs/{number}" for number in range(1, 1 + len(FILES))]
    places = [*haystack.pages(app, paths), *haystack.tables(), *haystack.files(published)]
    assert len(places) > len(paths)
    seen = {(raw, place) for place, content in places for raw in RAW if raw.encode() in content}
    assert seen == set()
    assert json.dumps(package(app, "use-of-force"))
