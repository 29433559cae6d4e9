"""People of closed years in fixed tables, from `ckan cpdi load` to files, catalogue and pages; all invented."""

from __future__ import annotations

import csv
import io
from pathlib import Path

import psycopg
import pytest
from click.testing import CliRunner
from helpers.tables import department

SUBJECTS = "use-of-force-subjects"
RACES = {"W": "white", "B": "black", "H": "hispanic", "A": "asian"}
HEADER = ("Incident_Number", "Date", "Subject_ID", "Age", "Race", "Sex")
BY_RACE = f"/data/{SUBJECTS}/demographics/race.csv"


def people(year: int, **races: int) -> list[tuple[object, ...]]:
    """Return a year's rows: so many of each race, every third a woman, and two who may be under 18."""
    rows = [race for race, count in races.items() for _ in range(count)]
    made = [
        (f"{year}-{at}", f"{year}-{at % 6 + 1:02}-07", f"S-{year}-{at}", 20 + at % 50, race.strip("_"), "MMF"[at % 3])
        for at, race in enumerate(rows)
    ]
    minors = [(f"{year}-M{age}", f"{year}-05-07", f"S-{year}-M{age}", age, "W", "M") for age in ("16", "")]
    return [*made, *minors]


def write(path: Path, *years: list[tuple[object, ...]]) -> Path:
    with path.open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file)
        writer.writerow(HEADER)
        writer.writerows(row for year in years for row in year)
    return path


def run(*arguments: object) -> str:
    from ckanext.cpdi.cli import cpdi

    result = CliRunner().invoke(cpdi, [str(argument) for argument in arguments])
    assert result.exit_code == 0, result.output
    return result.output


IN_2024 = people(2024, W=61, B=52, H=3, A=0, _=11)
IN_2025 = people(2025, W=70, B=44, H=12, A=2, _=9)
IN_2026 = people(2026, W=30)


@pytest.fixture(scope="module")
def town(tmp_path_factory):
    values = {"race_ethnicity": RACES, "sex": {"M": "male", "F": "female"}}
    feed = {"default_class": "open", "values": values}
    feeds = {"use-of-force": {"default_class": "open"}, SUBJECTS: feed}
    return department(tmp_path_factory.mktemp("quillton"), feeds, reports=["response-to-resistance"])


@pytest.fixture
def quillton(town, ckan_config, monkeypatch):
    """The town as the portal's department."""
    monkeypatch.setitem(ckan_config, "ckanext.cpdi.profile", str(town))


def load(folder: Path, *years: list[tuple[object, ...]]) -> Path:
    incidents = folder / "force.csv"
    incidents.write_text("Incident_Number,Date\n2024-1,2024-02-07\n", encoding="utf-8")
    run("load", "use-of-force", incidents)
    run("load", SUBJECTS, write(folder / "people.csv", *years))
    return folder


@pytest.fixture
def published(quillton, once):
    """The table, loaded once; the folder of the portal's files."""
    return once(lambda folder: load(folder, IN_2024, IN_2025, IN_2026))


def lines(app, path: str = BY_RACE) -> dict[tuple[str, str], str]:
    """Return the counts of a file, or their marks, by year and category."""
    text = app.get(path, status=200).get_data(as_text=True)
    return {(row["year"], row["category"]): row["count"] or row["mark"] for row in csv.DictReader(io.StringIO(text))}


def test_closed_years_are_counted_and_small_counts_withheld(app, published):
    found = lines(app)
    assert {year for year, _ in found} == {"2024", "2025"}  # 2026 is not over
    assert [found["2024", name] for name in ("white", "black", "hispanic", "asian", "unknown")] == [
        "61", "52", "fewer", "0", "withheld",
    ]  # fmt: skip
    assert [found["2025", name] for name in ("white", "black", "hispanic", "asian", "unknown")] == [
        "70", "44", "12", "fewer", "withheld",
    ]  # fmt: skip
    assert (found["2024", "not_shown"], found["2024", "total"]) == ("2", "129")
    sexes = lines(app, f"/data/{SUBJECTS}/demographics/sex.csv")
    assert (sexes["2024", "male"], sexes["2024", "female"]) == ("85", "42")


def test_totals_are_those_of_the_rows(app, published):
    rows = csv.DictReader(io.StringIO(app.get(f"/data/{SUBJECTS}.csv", status=200).get_data(as_text=True)))
    years = [row["month"][:4] for row in rows]
    assert {year: str(years.count(year)) for year in ("2024", "2025")} == {
        year: count for (year, name), count in lines(app).items() if name == "total"
    }


def test_json_says_the_same_with_words(app, published):
    document = app.get(BY_RACE.replace(".csv", ".json"), status=200).json
    assert document["title"]["es"] == "Personas contra las que se usó la fuerza, por raza y etnia"
    assert [year["year"] for year in document["years"]] == [2024, 2025]
    assert document["years"][0]["counts"]["hispanic"] == {"count": None, "mark": "fewer"}
    assert document["years"][0]["smallest"] == 5
    assert {"title": {"en": "Hispanic or Latino", "es": "Hispana o latina"}, "name": "hispanic"} in document[
        "categories"
    ]


def test_a_file_is_kept_until_it_changes(app, published):
    answer = app.get(BY_RACE, status=200)
    assert answer.headers["Access-Control-Allow-Origin"] == "*"
    assert 'filename="use-of-force-subjects-race.csv"' in answer.headers["Content-Disposition"]
    app.get(BY_RACE, headers={"If-None-Match": answer.headers["ETag"]}, status=304)


def test_what_is_no_table_of_people_leads_to_those_that_are(app, published):
    answer = app.get(f"/data/{SUBJECTS}/demographics/shoe-size.csv", status=404).get_data(as_text=True)
    assert BY_RACE in answer
    app.get("/data/use-of-force/demographics/race.csv", status=404)
    app.get("/data/nothing/demographics/race.csv", status=404)
    app.get(BY_RACE.replace(".csv", ".xlsx"), status=404)


def test_the_catalogue_has_a_resource_for_each(app, published):
    package = app.get("/api/3/action/package_show?id=use-of-force", status=200).json["result"]
    found = {one["name"]: one for one in package["resources"] if "demographics" in one["url"]}
    assert set(found) == {
        "People that force was used on, by race and ethnicity",
        "People that force was used on, by sex",
    }
    assert found["People that force was used on, by race and ethnicity"]["url"].endswith(BY_RACE)


@pytest.mark.parametrize(
    ("path", "words"),
    [
        ("/dataset/use-of-force", ["People by year", "by race and ethnicity", "fewer than 5", "withheld", BY_RACE]),
        ("/es/dataset/use-of-force", ["Personas por año", "por raza y etnia", "menos de 5", "reservado"]),
        ("/dataset/response-to-resistance", ["People by year", "fewer than 5"]),
    ],
)
def test_pages_show_them_in_words(app, published, path, words):
    page = app.get(path, status=200).get_data(as_text=True)
    assert [word for word in words if word not in page] == []


def test_a_private_dataset_has_no_counts_for_readers(app, published, monkeypatch):
    from ckanext.cpdi.services.http.access import Readers

    monkeypatch.setattr("ckanext.cpdi.services.demographics.files.readers", lambda _name: Readers.NOBODY)
    monkeypatch.setattr("ckanext.cpdi.site.helpers.readers", lambda _name: Readers.NOBODY)
    app.get(BY_RACE, status=404)
    assert "People by year" not in app.get("/dataset/response-to-resistance", status=200).get_data(as_text=True)


def test_no_small_count_is_stored(published):
    from ckanext.cpdi import config

    with psycopg.connect(config.read_dsn()) as connection:
        query = "SELECT count(*) FROM public._cpdi_demographic WHERE count BETWEEN 1 AND 4"
        stored = connection.execute(f"{query} AND category NOT IN ('total', 'not_shown')").fetchone()
    assert stored == (0,)


def test_the_description_of_the_services_has_them(app, published):
    paths = app.get("/openapi.json").json["paths"]
    node = paths[f"/data/{SUBJECTS}/demographics/{{table}}.{{extension}}"]["get"]
    assert [each["schema"]["enum"] for each in node["parameters"]] == [["race", "sex"], ["csv", "json"]]


def test_a_counted_year_stays_and_others_wait_until_they_are_whole(app, quillton, portal, tmp_path):
    """A correction does not move a counted year; a word that nobody knows is not counted, and staff see why."""
    strange = [*IN_2025[:-1], (*IN_2025[-1][:3], "44", "Martian", "M")]
    folder = load(tmp_path, IN_2024, strange)
    before = lines(app)
    assert {year for year, _ in before} == {"2024"}
    assert {year for year, _ in lines(app, BY_RACE.replace("race", "sex"))} == {"2024", "2025"}
    assert "1 rows of 2025 have a word in race_ethnicity" in notices()
    # One of the three turns out to be white, and the strange word is corrected.
    corrected = [tuple("W" if cell == "H" else cell for cell in row) for row in IN_2024]
    run("load", SUBJECTS, write(folder / "people.csv", corrected, IN_2025))
    after = lines(app)
    assert {year for year, _ in after} == {"2024", "2025"}
    assert {key: count for key, count in after.items() if key[0] == "2024"} == before
    # A year from a wrong feed can be taken back; it is counted with the next run.
    assert "2 tables of people of 2024" in run("recount", SUBJECTS, 2024)
    assert {year for year, _ in lines(app)} == {"2025"}
    run("load", SUBJECTS, folder / "people.csv", "--force")
    assert lines(app)["2024", "hispanic"] == "0"


def notices() -> str:
    from ckanext.cpdi import config

    with config.store() as store:
        run_row = store.ledger.last_finished(SUBJECTS)
        assert run_row
        return " ".join(objection.text for objection in run_row.objections)
