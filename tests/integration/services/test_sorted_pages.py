"""Pages of rows in any order, and where a row stands in it: the same rows whichever source knows the order."""

from __future__ import annotations

import pytest
from helpers import counted
from helpers.feeds import DATASET

from ckanext.cpdi.selection import frames, offsets

ITEMS, POSITION = f"/ogc/collections/{DATASET}/items", f"/data/{DATASET}/position"
SORTS = ["-call_datetime", "team", "-team", "call_category,-call_datetime", "-incident_number", "latitude"]
LINKS = ["", "team=Team 1&team=Team 2&", "q=traffic&"]


@pytest.fixture(params=[0, frames.LEAST], ids=["columnar", "database"])
def source(request, once, monkeypatch):
    once(counted.load_spread)
    monkeypatch.setattr(frames, "LEAST", request.param)
    offsets.forget()


def pages(app, address: str) -> list[dict]:
    """Follow the links to the next page."""
    rows = []
    while address:
        answer = app.get(address).json
        rows += answer["features"]
        address = next((link["href"] for link in answer["links"] if link["rel"] == "next"), "")
    return rows


@pytest.mark.parametrize("link", LINKS)
@pytest.mark.parametrize("sort", SORTS)
def test_pages_by_cursor_and_by_offset_have_each_row_once_in_one_order(source, app, link, sort):
    asked = f"{ITEMS}?{link}sortby={sort}&f=json"
    whole = app.get(f"{asked}&limit=10000").json["features"]
    ids = [row["id"] for row in whole]
    assert len(set(ids)) == len(ids) > 20
    assert [row["id"] for row in pages(app, f"{asked}&limit={len(ids) // 3}")] == ids
    middle = app.get(f"{asked}&limit=50&offset={len(ids) // 2}").json["features"]
    assert [row["id"] for row in middle] == ids[len(ids) // 2 :][:50]
    name = sort.partition(",")[0].lstrip("-")
    values = [row["properties"][name] for row in whole if row["properties"][name] is not None]
    assert values == sorted(values, reverse=sort.startswith("-"))
    assert all(row["properties"][name] is None for row in whole[len(values) :])
    for place in (0, len(ids) // 3, len(ids) - 1):
        answer = app.get(f"{POSITION}?{link}sort={sort}&row={ids[place]}").json
        assert (answer["rows"], answer["position"]) == (len(ids), place)


def test_a_row_that_is_none_of_them_has_no_position(source, app):
    outside = app.get(f"{ITEMS}?team=Team 3&limit=1").json["features"][0]["id"]
    assert app.get(f"{POSITION}?team=Team 1&row={outside}").json["position"] is None
    assert app.get(f"{POSITION}?row=999999999").json["position"] is None


@pytest.mark.parametrize("link", ["", "row=x", "row=1&row=2", "row=-1", "row=1&sort=colour", "row=1&colour=blue"])
def test_a_wrong_question_is_refused(source, app, link):
    assert app.get(f"{POSITION}?{link}").status_code == 400
