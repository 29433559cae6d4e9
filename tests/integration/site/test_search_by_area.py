"""A search takes a box in four numbers or in one parameter, or the name of an area; anything else is said in words."""

from __future__ import annotations

from html import unescape

import ckan.plugins.toolkit as tk
import pytest
from ckan.lib.search import SearchError

pytestmark = pytest.mark.usefixtures("standing")

TABLE = "calls-for-service"
NEAR = {"ext_west": "-80.0", "ext_south": "32.7", "ext_east": "-79.9", "ext_north": "32.8"}


def names(**extras):
    found = tk.get_action("package_search")({}, {"extras": extras, "rows": 100})
    return {package["name"] for package in found["results"]}


@pytest.mark.parametrize(
    "extras",
    [
        NEAR,
        {"ext_bbox": "-80.0,32.7,-79.9,32.8"},
        {"ext_area": "Team 1"},
        {"ext_area": "Charleston"},
        dict.fromkeys(NEAR, ""),
    ],
)
def test_what_lies_there_is_found(extras):
    assert TABLE in names(**extras)


@pytest.mark.parametrize(
    "extras", [{"ext_bbox": "1,2,3,4"}, {"ext_west": "1", "ext_south": "2", "ext_east": "3", "ext_north": "4"}]
)
def test_what_lies_elsewhere_is_not(extras):
    assert TABLE not in names(**extras)


@pytest.mark.parametrize(
    "extras",
    [
        {"ext_west": "abc"}, {"ext_west": "1", "ext_south": "2"}, {**NEAR, "ext_north": "91"},
        {**NEAR, "ext_north": "32"},
        {**NEAR, "ext_west": "nan"}, {**NEAR, "ext_east": "inf"}, {"ext_bbox": "1,2,3"}, {"ext_bbox": "1;DROP"},
        {"ext_area": "Team 99"},
    ],
)  # fmt: skip
def test_what_is_no_area_is_refused_with_what_was_expected_and_nothing_is_lost(app, extras):
    with pytest.raises(SearchError, match=r"four numbers in degrees|no area of that name"):
        names(**extras)
    body = unescape(app.get("/dataset/", query_string={"q": "calls", **extras}, status=200).body)
    assert 'role="alert"' in body
    assert 'name="q" value="calls"' in body
    for name, value in extras.items():
        assert name in ("ext_bbox", "ext_area") or f'name="{name}" value="{value}"' in body


def test_a_hostile_number_stays_a_text(app):
    body = app.get("/dataset/", query_string={"ext_west": '"><script>alert(1)</script>'}, status=200).body
    assert "<script>alert" not in body


def test_the_form_is_in_the_readers_language_and_lists_the_areas(app):
    body = app.get("/es/dataset/", status=200).body
    assert "Buscar por área" in body
    assert "<option>Team 1</option>" in body


def test_a_search_by_words_keeps_the_area(app):
    body = app.get("/dataset/", query_string=NEAR, status=200).body
    form = body[body.index('id="dataset-search-form"') :].split("</form>", 1)[0]
    assert all(f'name="{name}" value="{value}"' in form for name, value in NEAR.items())
    assert "Areas in this box:" in body
