"""``cpdi_changes``: pages of what changed, for programs."""

from __future__ import annotations

from datetime import date

import ckan.plugins.toolkit as tk
import pytest
from ckan import model
from ckan.tests import factories, helpers
from helpers import datastore
from helpers.feeds import DATASET
from helpers.nights import let_weeks_pass, night


def changes(**asked):
    return helpers.call_action("cpdi_changes", {"ignore_auth": False}, dataset=DATASET, **asked)


@pytest.fixture
def feed(portal, tmp_path):
    return tmp_path / "calls.csv"


def test_an_answer_says_what_changed_and_up_to_which_version(feed):
    first = night(feed, range(1, 6), build=False)
    second = night(feed, range(2, 8), build=False)
    found = changes(since=first)
    assert (found["dataset"], found["since"], found["version"]) == (DATASET, first, second)
    assert {one["incident_number"] for one in found["rows"]} == {"25-000006", "25-000007"}
    assert (found["removed"], found["next"], found["version_changed"]) == ([], None, False)
    assert date.fromisoformat(found["removed_until"]).weekday() == 0
    let_weeks_pass()
    assert len(changes(since=first)["removed"]) == 1


def test_records_are_those_of_datastore_search(feed):
    from ckanext.cpdi.catalog.parts import resource_id

    night(feed, range(1, 6), build=False)
    searched = helpers.call_action("datastore_search", resource_id=resource_id(DATASET), sort="_id")["records"]
    assert changes()["rows"] == searched


def test_pages_follow_each_other_to_the_end(feed):
    first = night(feed, range(1, 20), build=False)
    night(feed, range(2, 36), build=False)
    let_weeks_pass()
    found, asked, pages = [], {"since": first, "limit": 5}, 0
    while asked:
        asked.pop("dataset", None)
        page = changes(**asked)
        found += [one["_id"] for one in page["rows"]] + page["removed"]
        asked, pages = page["next"], pages + 1
    assert len(found) == len(set(found)) == 17
    assert pages == 4


def test_a_page_after_another_run_says_that_the_version_changed(feed):
    first = night(feed, range(1, 4), build=False)
    night(feed, range(1, 20), build=False)
    page = changes(since=first, limit=5)
    third = night(feed, range(1, 21), build=False)
    page["next"].pop("dataset")
    second = changes(**page["next"])
    assert second["version"] == third
    assert second["version_changed"] is True
    assert second["next"]["version"] == page["version"], "the first page's version is the one to go on from"


def test_a_version_that_nobody_remembers_names_the_oldest(feed):
    first = night(feed, range(1, 4), build=False)
    with pytest.raises(tk.ValidationError) as refused:
        changes(since="20200101-7")
    assert first in str(refused.value.error_dict["since"])
    assert "whole table" in str(refused.value.error_dict["since"])


@pytest.mark.parametrize(
    ("asked", "key"),
    [
        ({"after": -1}, "after"),
        ({"after": 2**31}, "after"),
        ({"after": "1; DROP"}, "after"),
        ({"limit": 0}, "limit"),
        ({"limit": -5}, "limit"),
        ({"limit": "x"}, "limit"),
        ({"since": ["2026-01-01"]}, "since"),
        ({"since": {"a": 1}}, "since"),
        ({"dataset": "no-such"}, "dataset"),
        ({"dataset": "compstat-reports"}, "dataset"),
    ],
)
def test_what_makes_no_sense_is_refused(feed, asked, key):
    with pytest.raises(tk.ValidationError) as refused:
        helpers.call_action("cpdi_changes", **{"dataset": DATASET, **asked})
    assert key in refused.value.error_dict


def test_a_page_is_no_larger_than_one_of_datastore_search(feed, monkeypatch, ckan_config):
    night(feed, range(1, 10), build=False)
    monkeypatch.setitem(ckan_config, "ckan.datastore.search.rows_max", 3)
    assert len(changes(limit=1000)["rows"]) == 3


def test_a_table_that_is_not_there_yet(portal):
    with pytest.raises(tk.ObjectNotFound):
        changes()


def test_a_private_or_deleted_dataset_is_not_shown(feed, app, editor, stranger):
    night(feed, range(1, 3), build=False)
    url = f"/api/3/action/cpdi_changes?dataset={DATASET}"
    assert app.get(url).json["result"]["rows"]
    tk.get_action("package_patch")(
        {"ignore_auth": True, "user": factories.Sysadmin()["name"]}, {"id": DATASET, "private": True}
    )
    app.get(url, status=403)
    app.get(url, headers=stranger["headers"], status=403)
    app.get(url, headers=editor["headers"], status=200)
    model.Package.get(DATASET).state = "deleted"  # which CKAN's form and API refuse to do
    model.repo.commit()
    app.get(url, status=403)
    app.get(url, headers=editor["headers"], status=403)


def test_many_rows_come_in_quick_pages(portal):
    datastore.publish(count=20_000, build=False)
    page = changes(after=10_000, limit=100)
    assert [one["_id"] for one in page["rows"]] == list(range(10_001, 10_101))
