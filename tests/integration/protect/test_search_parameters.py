"""Parameters of ``datastore_search`` of any type: what is wrong is said in CKAN's form, and nothing fails."""

from __future__ import annotations

import json
from urllib.parse import urlencode

import pytest
from helpers import datastore
from helpers.examples import examples
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from ckanext.cpdi.catalog.parts import resource_id

TABLE = resource_id("calls-for-service")
SEARCH = "/api/3/action/datastore_search"
PARAMETERS = (
    "resource_id", "id", "q", "full_text", "plain", "distinct", "language", "filters", "fields", "sort", "limit",
    "offset", "include_total", "records_format", "include_next_page",
)  # fmt: skip
COLUMNS = st.sampled_from(["incident_number", "latitude", "_id", "call_datetime", "$or", "$and", "$$or", "in", "gt"])
VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5) | COLUMNS,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(COLUMNS | st.text(max_size=3), inner, max_size=3),
    max_leaves=8,
)


@pytest.fixture
def table(once):
    return once(lambda _folder: datastore.publish())


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("filters", {"incident_number": {}}),
        ("filters", {"incident_number": [{}]}),
        ("filters", {"incident_number": {"in": 7}}),
        ("filters", {"incident_number": {"in": "25-1"}}),
        ("filters", {"incident_number": {"gt": ["25-1"]}}),
        ("filters", {"incident_number": {"like": "25"}}),
        ("filters", {"incident_number": [["25-1"]]}),
        ("filters", {"$or": [{"incident_number": {"eq": {}}}]}),
        ("filters", {"$or": {"incident_number": "25-1"}}),
        ("filters", {"incident_number": "25\0-1"}),
        ("filters", '{"incident_number": "25-\\ud800"}'),
        ("filters", "[" * 200_000),
        ("filters", 7),
        ("fields", [["incident_number", None]]),
        ("fields", [[None, None]]),
        ("sort", [["_id"]]),
        ("sort", 7),
        ("q", ["a", "b"]),
        ("q", {"problem": ["a"]}),
        ("q", "a\0b"),
        ("include_total", [True]),
        ("filters", []),
        ("filters", [{"$and": [{}]}]),
        ("limit", []),
        ("limit", {}),
        ("resource_id", [TABLE, TABLE]),
        ("id", {"a": TABLE}),
    ],
)
def test_another_type_is_refused_by_its_name(app, table, name, value):
    answer = app.post(SEARCH, json={"resource_id": TABLE, name: value})
    assert answer.status_code in (400, 409), answer.body
    if answer.status_code == 409:
        assert "expected" in answer.json["error"][name][0]
        assert answer.json["error"]["__type"] == "Validation Error"


@pytest.mark.parametrize(
    ("body", "total"),
    [
        ({"filters": {"incident_number": "25-1"}}, 1),
        ({"filters": {"incident_number": ["25-1", "25-2"]}}, 2),
        ({"filters": {"incident_number": {"in": ["25-1", "25-2"]}}}, 2),
        ({"filters": {"_id": {"gt": 0, "lte": 1}}}, 1),
        ({"filters": {"_id": [{"eq": 1}, 2]}}, 2),
        ({"filters": {"$or": [{"_id": 1}, {"$and": [{"_id": {"gte": 2}}, {"_id": {"lt": 3}}]}]}}, 2),
        ({"filters": [{"_id": 1}, {"_id": 2}]}, 2),
        ({"filters": '{"_id": 1}', "fields": "_id, problem", "sort": "problem desc", "limit": "5"}, 1),
        ({"filters": {}, "q": {"incident_number": "25-1"}, "fields": ["_id"], "sort": ["_id"]}, 1),
        ({"include_total": 1, "plain": "", "q": "25:*"}, 3),
        ({"filters": None, "q": "25-1", "plain": "false", "distinct": "", "limit": 2.0}, 1),
    ],
)
def test_what_ckan_documents_is_answered(app, table, body, total):
    answer = app.post(SEARCH, json={"resource_id": TABLE, **body})
    assert answer.status_code == 200, answer.body
    assert answer.json["result"]["total"] == total


def test_a_table_that_is_named_twice_is_refused(app, table):
    answer = app.get(f"{SEARCH}?{urlencode([('resource_id', TABLE), ('resource_id', TABLE), ('sort', '')])}")
    assert (answer.status_code, set(answer.json["error"])) == (409, {"__type", "resource_id"})


@settings(max_examples=examples(60), deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(body=st.dictionaries(st.sampled_from(PARAMETERS), VALUES, min_size=1, max_size=4))
def test_nothing_fails(app, table, body):
    """Bodies of JSON, and the same as parameters of a link; half of them name the table."""
    named = {"resource_id": TABLE, **body}
    for asked in (body, named):
        answer = app.post(SEARCH, data=json.dumps(asked), headers={"Content-Type": "application/json"})
        assert answer.status_code < 500, answer.body
    texts = {name: value if isinstance(value, str) else json.dumps(value) for name, value in named.items()}
    link = urlencode({name: text.encode("utf-8", "replace") for name, text in texts.items()})
    assert app.get(f"{SEARCH}?{link}").status_code < 500
