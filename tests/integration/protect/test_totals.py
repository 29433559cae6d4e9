"""The total of a search is counted once for each version of a table, and is never another version's."""

from __future__ import annotations

from contextlib import contextmanager

import ckan.plugins.toolkit as tk
import pytest
from ckan.model import Session
from helpers.desk import deny
from helpers.feeds import DATASET
from helpers.nights import night
from sqlalchemy import event
from sqlalchemy.engine import Engine

from ckanext.cpdi.catalog.parts import resource_id
from ckanext.cpdi.protect.searches.totals import Totals

TABLE = resource_id(DATASET)


@contextmanager
def counting():
    """Give a list of the counts that the database is asked for."""
    counts = []

    def note(_connection, _cursor, statement, *_more):
        if "count(*)" in statement:
            counts.append(statement)

    event.listen(Engine, "before_cursor_execute", note)
    try:
        yield counts
    finally:
        event.remove(Engine, "before_cursor_execute", note)


def search(**asked):
    return tk.get_action("datastore_search")({"ignore_auth": True}, {"resource_id": TABLE, "limit": 2, **asked})


@pytest.mark.parametrize(
    "asked",
    [
        {"q": "traffic"},
        {"q": "queen & 25-00000:*", "plain": False},
        {"q": {"problem": "traffic"}},
        {"full_text": "traffic"},
        {"filters": {"problem": "Traffic Stop"}},
        {"fields": "problem", "distinct": True},
    ],
)
def test_pages_of_a_search_are_counted_once(portal, tmp_path, asked):
    night(tmp_path / "calls.csv", range(1, 9), build=False)
    with counting() as counts:
        first, second = search(**asked, offset=0), search(**asked, offset=1)
    assert len(counts) == 1
    assert first["total"] == second["total"] > 0
    assert second.keys() - {"offset"} == first.keys() - {"offset"}
    assert first["include_total"] is second["include_total"] is True


def test_a_question_that_differs_has_a_total_of_its_own(portal, tmp_path):
    night(tmp_path / "calls.csv", range(1, 9), build=False)
    for asked, total in (
        ({"q": "traffic 25-000001"}, 1),
        ({"q": "traffic 25-000002"}, 1),
        ({"q": "traffic"}, 8),
        ({"filters": {"incident_number": ["25-000001", "25-000002"]}}, 2),
        ({"filters": {"incident_number": "25-000001"}}, 1),
        ({"filters": {"problem": "Traffic Stop"}}, 8),
        ({"filters": {"problem": "Traffic Stop"}, "fields": "problem", "distinct": True}, 1),
        ({"filters": {"problem": "Traffic Stop"}, "fields": "incident_number", "distinct": True}, 8),
    ):
        assert [search(**asked)["total"], search(**asked)["total"]] == [total, total], asked


def test_who_wants_no_total_gets_none(portal, tmp_path):
    night(tmp_path / "calls.csv", range(1, 9), build=False)
    assert search(q="traffic")["total"] == 8
    assert "total" not in search(q="traffic", include_total=False)


def test_the_total_follows_every_night_and_every_purge(portal, tmp_path):
    for numbers in (range(1, 9), range(1, 12), range(3, 12)):
        night(tmp_path / "calls.csv", numbers, build=False)
        assert search(q="traffic")["total"] == search(q="traffic")["total"] == len(numbers)
    deny("25-000005")
    assert search(q="traffic")["total"] == 8


def test_who_may_not_see_the_rows_learns_no_total(portal, tmp_path):
    night(tmp_path / "calls.csv", range(1, 9), build=False)
    assert search(q="traffic")["total"] == 8
    package = tk.get_action("package_show")({"ignore_auth": True}, {"id": DATASET})
    from ckan import model

    model.Package.get(package["id"]).private = True
    Session.commit()
    with pytest.raises(tk.NotAuthorized):
        tk.get_action("datastore_search")({"user": ""}, {"resource_id": TABLE, "q": "traffic"})


def test_what_was_not_asked_for_longest_goes():
    totals = Totals(2)
    totals.keep("a", 1)
    totals.keep("b", 2)
    assert totals.get("a") == 1
    totals.keep("c", 3)
    assert (totals.get("a"), totals.get("b"), totals.get("c")) == (1, None, 3)
