"""The filter of a view is read from what staff type or paste, checked by the grammar, and said in words."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from ckanext.cpdi.query.errors import QueryError
from ckanext.cpdi.site.explore import preset
from ckanext.cpdi.site.explore.asked import SIGNS, sentence
from ckanext.cpdi.site.explore.description import describe

TABLE = "calls-for-service"
PAGE = f"/dataset/{TABLE}/explore"
AREAS = {"neighborhood": ("Old Mill", "O'Neil & Sons")}
SOURCE = Path(__file__).parents[3] / "frontend/src"
HOUR = "filter=hour(call_datetime) IN (22,23) AND time_precision IN ('minute','hour')"


@pytest.fixture
def read(library, profile):
    return lambda text, language="en": preset.read(text, library.get(TABLE), profile.zone, AREAS, language)


@pytest.fixture
def said(library, profile):
    def say(question, language="en"):
        described = describe(library.get(TABLE), profile, ("csv",), language, str, "/here")
        return sentence(preset.pairs(question), described, language)

    return say


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        ("", ""),
        ("  team=Team 2&from=2026-01-01\n", "team=Team 2&from=2026-01-01"),
        ("?team=Team+2", "team=Team 2"),
        (f"https://data.example.gov{PAGE}", ""),
        (f"https://x.gov/es{PAGE}/?team=Team%202&utm_source=mail#ex-map", "team=Team 2"),
        (f"data.example.gov/portal{PAGE}?q=king", "q=king"),
        (f"/data/{TABLE}.csv?team=Team 1&team=Team 2", "team=Team 1&team=Team 2"),
        (f"https://x{PAGE}?by=week&sort=-team&from=2026-01-01", "by=week&sort=-team&from=2026-01-01"),
        ("area.neighborhood=O'Neil %26 Sons", "area.neighborhood=O'Neil %26 Sons"),
        ("q=why%3F", "q=why%3F"),
        (HOUR, HOUR),
        ("team=Team 2&", "team=Team 2"),
        ("team=Team 2&period=last-28-days", "team=Team 2&period=last-28-days"),
        ("from=&to=&team=", ""),
    ],
)  # fmt: skip
def test_what_staff_type_or_paste_becomes_the_parameters(read, text, kept):
    assert read(text) == kept
    assert read(kept) == kept


@pytest.mark.parametrize(
    ("text", "parameter"),
    [
        ("teem=Team 2", "teem"),
        ("from=yesterday", "from"),
        ("period=lately", "period"),
        ("from=2026-01-01&from=2026-02-01", "from"),
        ("area.neighborhood=Nowhere", "area.neighborhood"),
        ("area.ward=1", "area.ward"),
        ("response_minutes__around=5", "response_minutes__around"),
        ("bbox=1,2,3", "bbox"),
        ("filter=hour(", "filter"),
        ("q=\x00", "q"),
        ("limit=10", "limit"),
    ],
)
def test_what_the_grammar_refuses_is_refused_with_the_parameters_name(read, text, parameter):
    with pytest.raises(QueryError) as error:
        read(text)
    assert error.value.parameter == parameter


@pytest.mark.parametrize(
    "text",
    [
        "team 2", "everything please", "team=Team 2&traffic", ["team=1"], {"team": "1"}, 5, True,
        "https://x.gov/dataset/traffic-stops/explore?team=1", "https://x.gov/", f"/dataset/{TABLE}",
        "https://x.gov/search?q=king", "javascript:alert(1)", f"{PAGE}/elsewhere?q=king",
    ],
)  # fmt: skip
def test_anything_else_is_refused_in_the_language_of_who_typed_it(read, text):
    with pytest.raises(preset.PresetError) as english:
        read(text)
    with pytest.raises(preset.PresetError) as spanish:
        read(text, "es")
    assert str(english.value) != str(spanish.value)


def test_looks_are_those_that_the_browser_keeps_in_the_address():
    source = "".join(path.read_text() for path in SOURCE.rglob("*.ts"))
    assert {name.lower() for name in re.findall(r"looks\.get\(([A-Z]+)\)", source)} == set(preset.LOOKS)


@pytest.mark.parametrize(
    ("question", "words"),
    [
        ("", ""),
        ("sort=-team&by=week", ""),
        ("from=2026-01-01&to=2026-03-01", "Filter: 1 Jan 2026 to 1 Mar 2026"),
        ("to=2026-03-01", "Filter: to 1 Mar 2026"),
        ("call_category=Traffic&call_category=Alarm", "Filter: Category: Traffic, Alarm"),
        ("call_category__empty=no&q=king street", "Filter: Category: not empty · “king street”"),
        ("bbox=-80,32,-79,33&limit__x=1", "Filter: In the drawn box · limit__x = 1"),
        (HOUR, "Filter: " + HOUR.replace("filter=", "filter = ")),
    ],
)
def test_a_filter_is_said_in_words(said, question, words):
    assert said(question) == words


def test_values_and_comparisons_are_said_in_the_readers_language(said):
    assert said("call_category=Traffic&response_minutes__lte=10", "es").startswith("Filtro: Categoría: Tránsito · ")
    assert said("response_minutes__lte=10", "es").endswith(" ≤ 10")
    active = (SOURCE / "bar/active.ts").read_text()
    assert dict(re.findall(r'(\w+): "([≥>≤<])"', active)) == SIGNS
