"""``/data/….EXT?…``: the rows that a link chooses, in every format."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path

import ckan.plugins.toolkit as tk
import pyarrow.parquet as pq
import pyogrio
import pytest
from ckan.tests import factories
from helpers.feeds import DATASET
from helpers.files import get
from helpers.nights import night

from ckanext.cpdi import config
from ckanext.cpdi.query.writers.frame_answers import FrameAnswers
from ckanext.cpdi.selection import frames
from ckanext.cpdi.services.http import access

URL = f"/data/{DATASET}"
ROWS = 40


@pytest.fixture
def table(once):
    """A table with some rows, which the tests share; the last of them hides it."""
    return once(lambda folder: night(folder / "calls.csv", range(1, ROWS + 1)))


def rows(response) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(response.body)))


def whole(app) -> list[dict[str, str]]:
    return rows(get(app, f"{URL}.csv"))


def test_a_link_chooses_rows_by_a_column(table, app):
    everything = whole(app)
    team = next(row["team"] for row in everything if row["team"])
    response = get(app, f"{URL}.csv?team={team}")
    assert rows(response) == [row for row in everything if row["team"] == team]
    assert response.headers["Cpdi-Version"] == table
    assert response.headers["Content-Type"] == "text/csv; charset=utf-8"
    assert response.headers["Cache-Control"] == "public, max-age=60"
    assert f"{DATASET}_{table}_chosen.csv" in response.headers["Content-Disposition"]


def test_days_are_those_of_the_department(table, app):
    everything = whole(app)
    day = everything[len(everything) // 2]["call_datetime"][:10]
    chosen = rows(get(app, f"{URL}.csv?from={day}&to={day}"))
    assert chosen == [row for row in everything if row["call_datetime"].startswith(day)]
    assert chosen


def test_limit_and_sort(table, app):
    everything = whole(app)
    chosen = rows(get(app, f"{URL}.csv?sort=-incident_number&limit=3"))
    assert [row["incident_number"] for row in chosen] == sorted(
        (row["incident_number"] for row in everything), reverse=True
    )[:3]


@pytest.mark.parametrize("extension", ["geojson", "kml", "kmz", "shp.zip", "gpkg", "fgb"])
def test_every_format_has_the_chosen_rows(table, app, tmp_path, extension):
    category = whole(app)[0]["call_category"]
    count = len([row for row in whole(app) if row["call_category"] == category])
    path = tmp_path / f"chosen.{extension}"
    path.write_bytes(app.get(f"{URL}.{extension}?call_category={category}").data)
    source = f"/vsizip/{path}" if extension == "shp.zip" else path
    assert pyogrio.read_info(source, force_feature_count=True)["features"] == count > 0
    assert not list(config.chosen_path().glob("chosen-*"))


@pytest.mark.parametrize("extension", ["csv", "geojson", "kml", "parquet"])
@pytest.mark.parametrize("chosen", ["limit=1000", "counts_as_event=yes", "to=2026-01-01&limit=9"])
def test_a_file_is_the_same_from_the_columnar_file_and_from_the_database(table, app, monkeypatch, extension, chosen):
    by_database = app.get(f"{URL}.{extension}?{chosen}").data
    monkeypatch.setattr(frames, "LEAST", 0)
    used = []
    batches = FrameAnswers.batches
    monkeypatch.setattr(FrameAnswers, "batches", lambda *asked: used.append(1) or batches(*asked))
    assert app.get(f"{URL}.{extension}?{chosen}").data == by_database
    assert used


def test_parquet_has_the_chosen_rows(table, app, tmp_path):
    path = tmp_path / "chosen.parquet"
    path.write_bytes(app.get(f"{URL}.parquet?limit=7").data)
    assert pq.read_metadata(path).num_rows == 7


def test_no_row_is_a_valid_file(table, app):
    assert rows(get(app, f"{URL}.csv?call_category=NONE")) == []
    assert json.loads(get(app, f"{URL}.geojson?call_category=NONE").body)["features"] == []


def test_a_year_of_its_own_is_chosen_from(table, app):
    year = whole(app)[0]["call_datetime"][:4]
    assert rows(get(app, f"{URL}/{year}.csv?limit=1000")) == [
        row for row in whole(app) if row["call_datetime"].startswith(year)
    ]


@pytest.mark.parametrize(
    ("question", "words"),
    [
        ("team=2&where=1=1", "where"),
        ("offset=3", "offset"),
        ("from=yesterday", "no day such as 2026-03-01"),
        ("sort=adress", "there is no column 'adress'"),
        ("limit=many", "limit: a number of rows"),
        ("limit=-1", "limit: a number of rows"),
        ("sort=team,team,priority,problem,disposition,call_source", "at most 5 columns"),
        ("latitude=north", "latitude"),
        ("bbox=1,2,3", "is no box"),
        ("from=2026-02-01&to=2026-01-01", "ends before it begins"),
    ],
)
def test_a_wrong_question_is_refused_in_words(table, app, question, words):
    response = get(app, f"{URL}.csv?{question}", status=400)
    assert words in response.body
    assert response.headers["Cache-Control"] == "private, no-store"
    assert f"{URL}.csv" in response.body


def test_what_mails_add_to_a_link_is_left_unheeded(table, app):
    assert get(app, f"{URL}.csv?utm_source=mail").body == get(app, f"{URL}.csv").body


def test_who_has_the_version_gets_no_rows(table, app):
    first = get(app, f"{URL}.csv?limit=2")
    again = app.get(f"{URL}.csv?limit=2", headers={"If-None-Match": first.headers["ETag"]})
    assert again.status_code == 304
    other = app.get(f"{URL}.geojson?limit=2", headers={"If-None-Match": first.headers["ETag"]})
    assert other.status_code == 200


@pytest.mark.parametrize(("extension", "setting"), [("csv", "chosen_rows"), ("gpkg", "spooled_rows")])
def test_more_rows_than_a_file_may_have_are_refused_with_the_whole_file(
    table, app, ckan_config, monkeypatch, extension, setting
):
    monkeypatch.setitem(ckan_config, f"ckanext.cpdi.limits.{setting}", ROWS // 2)
    response = get(app, f"{URL}.{extension}?counts_as_event=yes&counts_as_event=no", status=400)
    assert f"{ROWS // 2}" in response.body
    assert f"{URL}.{extension}" in response.body
    assert app.get(f"{URL}.{extension}?limit=5").status_code == 200


def test_a_head_reads_no_rows(table, app):
    response = app.client.head(f"{URL}.gpkg?limit=5")
    assert response.status_code == 200
    assert response.data == b""
    assert not [path for path in Path(config.chosen_path()).iterdir() if path.name.startswith("chosen-")]


def test_a_private_dataset_is_as_if_it_had_never_been_there(table, app):
    context = {"ignore_auth": True, "user": factories.Sysadmin()["name"]}
    tk.get_action("package_patch")(context, {"id": DATASET, "private": True})
    access.forget()
    hidden = get(app, f"{URL}.csv?limit=1", status=404)
    assert hidden.body == get(app, "/data/never-was.csv?limit=1", status=404).body
