"""What the explorer knows of a table follows from its declaration; the browser's types have the same fields."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from ckanext.cpdi.declare import Area
from ckanext.cpdi.query.notation.periods import PERIODS
from ckanext.cpdi.site.explore import counted as counts_by
from ckanext.cpdi.site.explore.counted import Counted
from ckanext.cpdi.site.explore.description import Description, Format, describe
from ckanext.cpdi.site.explore.form import form
from ckanext.cpdi.site.explore.words import WORDS
from ckanext.cpdi.site.map.words import WORDS as MAP_WORDS

TABLE = "calls-for-service"
SOURCE = Path(__file__).parents[3] / "frontend/src"


@pytest.fixture
def described(library, profile):
    def make(name=TABLE, language="en"):
        return describe(
            library.get(name),
            profile,
            ("csv", "geojson"),
            language,
            lambda path: f"/p{path}",
            "/p/here",
        )

    return make


@pytest.mark.parametrize("struct", [Description, Format, Counted])
def test_the_browser_has_the_same_fields(struct):
    text = (SOURCE / "description.ts").read_text()
    body = re.search(rf"interface {struct.__name__} \{{(.*?)\n\}}", text, re.DOTALL)[1]
    assert tuple(re.findall(r"readonly (\w+):", body)) == struct.__struct_fields__


def test_addresses_are_of_all_rows_below_the_portals_path(described):
    assert described().counts == "/p/data/calls-for-service/counts"
    assert [file.address for file in described().formats] == [
        "/p/data/calls-for-service.csv",
        "/p/data/calls-for-service.geojson",
    ]
    assert described("electronic-citations").formats[0].address.endswith("electronic-citations/all.csv")


def test_fields_have_the_roles_that_are_declared(described):
    assert (described().time, described().precision, described().category) == (
        "call_datetime",
        "time_precision",
        "call_category",
    )


def test_the_category_comes_first_then_teams_and_areas_each_with_the_room_that_its_chart_takes(described):
    counted = described().counted
    assert [one.name for one in counted[:2]] == ["call_category", "team"]
    assert {one.name: one.values for one in counted}["counts_as_event"] == 2
    assert all(0 < one.values <= 30 and one.title for one in counted)


@pytest.mark.parametrize(
    ("name", "finest", "periods", "has_feed"),
    [
        (TABLE, "minute", tuple(PERIODS), True),
        ("compstat-figures", "date", tuple(PERIODS), False),
        ("use-of-force", "month", ("last-month", "this-year", "last-year", "last-12-months"), False),
        ("complaints", "quarter", ("this-year", "last-year", "last-12-months"), False),
    ],
)
def test_nothing_is_offered_that_the_rows_do_not_show(described, name, finest, periods, has_feed):
    """Hours, days and feeds of areas are for tables that have them; the browser leaves out what these say."""
    one = described(name)
    assert (one.finest, one.periods, bool(one.services.feed)) == (finest, periods, has_feed)


def test_people_of_an_area_are_those_of_all_of_its_parts_or_none(described, monkeypatch):
    told = [("Team 1", 100), ("Team 1", 20), ("Team 2", 7), ("Team 2", None)]
    areas = [Area("team", name, {}, population=people) for name, people in told]
    monkeypatch.setattr(counts_by, "read_areas", lambda _: iter(areas))
    assert {one.name: one.population for one in described().counted}["team"] == {"Team 1": 120}


def test_each_text_has_the_same_places_in_spanish():
    for key, text in WORDS.items():
        assert text.es, key
        assert set(re.findall(r"\{\w+\}", text.en)) == set(re.findall(r"\{\w+\}", text.es)), key


def test_each_sentence_that_the_browser_says_is_there_and_no_other():
    source = "".join(path.read_text() for path in SOURCE.rglob("*.ts"))
    said = {key for key in WORDS if f'"{key.rpartition(".")[0] or key}"' in source}
    assert set(WORDS) == said | set(PERIODS)
    for key in re.findall(r'\.count\("(\w+)"', source):
        assert {f"{key}.one", f"{key}.other"} <= {*WORDS, *MAP_WORDS}, key


def test_the_form_shows_what_was_asked_and_sends_the_rest_again(library, described):
    columns = {column.name: column for column in described(language="es").columns}
    asked = (("team", "Team 1"), ("call_source", "911"), ("call_source", "officer"), ("q", "king"), ("bbox", "1,2,3,4"))
    made = form(library.get(TABLE).rows, columns, ("Traffic", "Alarm"), asked, "es")
    fields = {field.name: field for field in made.fields}
    assert list(fields) == ["from", "to", "problem", "call_category", "call_source", "team", "q"]
    assert [(option.value, option.title) for option in fields["call_category"].options] == [
        ("Traffic", "Tránsito"),
        ("Alarm", "Alarma"),
    ]
    assert (fields["team"].value, fields["q"].value, fields["call_source"].value) == ("Team 1", "king", "")
    assert made.kept == (("call_source", "911"), ("call_source", "officer"), ("bbox", "1,2,3,4"))


def test_the_form_has_no_day_that_is_none_and_does_not_send_it_again(library, described):
    columns = {column.name: column for column in described(language="en").columns}
    made = form(library.get(TABLE).rows, columns, (), (("from", "yesterday"), ("to", "2026-02-03")), "en")
    assert [field.value for field in made.fields[:2]] == ["", "2026-02-03"]
    assert made.kept == ()
