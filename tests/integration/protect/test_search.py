"""Full-text search of our tables finds what it does in a table of CKAN's own with the same rows, or says how to ask."""

from __future__ import annotations

import ckan.plugins.toolkit as tk
import pytest
from helpers.feeds import DATASET, write_calls

from ckanext.cpdi import config
from ckanext.cpdi.catalog.parts import resource_id
from ckanext.cpdi.catalog.people import portal_user

TABLE = resource_id(DATASET)
KEY = "incident_number"


@pytest.fixture
def tables(app, once):
    """Our table of calls, and one of CKAN's own with the same rows; a function that searches each."""
    stock = once(_publish)

    def search(resource, **asked):
        answer = app.post("/api/3/action/datastore_search", json={"resource_id": resource, "limit": 100, **asked})
        return answer.json

    return lambda **asked: (search(TABLE, **asked), search(stock, **asked))


def _publish(folder):
    """Load some calls; make a table of CKAN's own with the same rows, and return its id."""
    from ckanext.cpdi.jobs import load

    report = load.run(DATASET, str(write_calls(folder / "calls.csv", range(1, 31))), label="calls", trusted_path=True)
    assert report.state == "published", report.message
    context = {"ignore_auth": True}
    records = tk.get_action("datastore_search")(context, {"resource_id": TABLE, "limit": 100})["records"]
    for record in records:
        del record["_id"]
    described = {"name": "stock", "title": "Stock", "notes": "As staff load it", "owner_org": config.organization()}
    owner = tk.get_action("package_create")(portal_user(), described)
    described = {
        "resource": {"package_id": owner["id"], "name": "stock"},
        "fields": [{"id": name, "type": "text"} for name in records[0]],
        "records": [{name: None if value is None else str(value) for name, value in one.items()} for one in records],
    }
    return tk.get_action("datastore_create")(portal_user(), described)["resource_id"]


def numbers(answer):
    assert answer["success"], answer
    found = {one[KEY] for one in answer["result"]["records"]}
    assert answer["result"]["total"] == len(found)
    return found


@pytest.mark.parametrize(
    ("asked", "least"),
    [
        ({"q": "25-000007"}, 1),
        ({"q": {KEY: "25-000007"}}, 1),
        ({"q": '{"incident_number": "25-000007"}'}, 1),
        ({"q": {KEY: "2025"}}, 0),
        ({"q": {KEY: "25"}}, 30),
        ({"q": "32.7:*", "plain": False}, 0),
        ({"q": "-79.9:*", "plain": False}, 0),
        ({"q": "'25-000007'", "plain": False}, 1),
        ({"q": "25:* | traffic", "plain": False}, 30),
        ({"q": {KEY: "25-000007", "problem": "traffic"}}, 1),
        ({"q": {KEY: "25:*"}, "plain": False}, 30),
        ({"q": {KEY: "25-0000:*"}, "plain": False}, 29),
        ({"q": "25:*", "plain": False}, 30),
        ({"q": "traffic & 25:*", "plain": False}, 30),
        ({"q": "Traffic 25-000007"}, 1),
        ({"q": "25-000007 traffic", "filters": {KEY: "25-000007"}}, 1),
        ({"q": "25-000007", "filters": [{KEY: "25-000007"}, {KEY: "25-000008"}]}, 1),
        ({"q": "25-000007", "filters": {KEY: "25-000008"}}, 0),
        ({"q": "trafic 25-000007"}, 0),
        ({"q": "25-999999"}, 0),
        ({"full_text": "25-000007"}, 1),
        ({"resource_id": None, "id": TABLE, "q": "25-000007"}, 1),
        ({"full_text": "Traffic 25-000007"}, 1),
        ({"q": "25"}, 30),
        ({"q": "2025-03-02"}, 1),
        ({"q": "2025-03-02 traffic"}, 1),
        ({"q": "2025-03"}, 30),
        ({"q": "2025"}, 30),
        ({"q": {"call_datetime": "2025-03-02"}}, 1),
        ({"q": "2019-03-02"}, 0),
        ({"q": "Traffic"}, 30),
        ({"q": {"problem": "traffic"}}, 30),
        ({"q": "traffic nothing"}, 0),
        ({"q": "traf:*", "plain": False, "language": "simple"}, 30),
    ],
)
def test_what_a_table_of_ckans_own_finds_is_found(tables, asked, least):
    ours, stock = map(numbers, tables(**asked))
    assert ours >= stock
    assert len(ours) >= least


def test_the_answer_says_what_was_asked(tables):
    for asked in ({"q": "25-000007"}, {"q": {KEY: "25:*"}, "plain": False}, {"q": "Traffic 25-000007"}):
        assert tables(**asked)[0]["result"]["q"] == asked["q"]


def test_pages_of_a_search_follow_each_other(tables):
    pages = [tables(q="25", limit=12, offset=offset)[0]["result"] for offset in (0, 12, 24)]
    assert [len(one["records"]) for one in pages] == [12, 12, 6]
    assert {one["total"] for one in pages} == {30}
    assert len({row[KEY] for one in pages for row in one["records"]}) == 30


def test_rows_of_a_search_come_in_the_order_of_their_ids_and_lead_to_the_next_page(tables):
    pages, filters = [], {}
    for _ in range(3):
        page = tables(q="traffic", limit=12, include_next_page=True, filters=filters)[0]["result"]
        pages.append([row["_id"] for row in page["records"]])
        filters = page["next_page"]
    assert pages == [list(range(1, 13)), list(range(13, 25)), list(range(25, 31))]


@pytest.mark.parametrize("form", ["csv", "tsv", "lists"])
def test_other_forms_of_records_find_the_same(tables, form):
    found = tables(q="25-000007 2025-03", records_format=form)[0]
    assert found["result"]["total"] == 1
    assert "25-000007" in str(found["result"]["records"])


@pytest.mark.parametrize(
    "asked",
    [
        {"q": {"time_precision": "minute"}},
        {"q": {"counts_as_event": "true"}},
        {"q": {"call_datetime": "March"}},
        {"q": {"latitude": "north"}},
        {"q": "minute"},
    ],
)
def test_what_cannot_be_searched_is_answered_with_how_to_ask(tables, asked):
    answer = tables(**asked)[0]
    assert not answer["success"], answer
    assert "filters={" in answer["error"]["q"][0]


def test_a_figure_is_found_in_its_field(tables):
    point = tables(limit=1)[0]["result"]["records"][0]
    for asked in ({"q": str(point["latitude"])}, {"q": {"latitude": str(point["latitude"])}}):
        assert point[KEY] in numbers(tables(**asked)[0]), asked
