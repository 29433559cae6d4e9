"""The DataStore's API on our tables: reading is everybody's, the dictionary is the staff's, SQL is nobody's."""

from __future__ import annotations

import psycopg
import pytest
from ckan.tests.helpers import call_action
from helpers import datastore
from psycopg import sql

from ckanext.cpdi.catalog.parts import resource_id
from ckanext.cpdi.protect.rows import without_sql

TABLE = resource_id("calls-for-service")


@pytest.fixture
def table(portal):
    return datastore.publish()


def search(app, status=200, **body):
    answer = app.post("/api/3/action/datastore_search", json={"resource_id": TABLE, **body}, status=status)
    return answer.json


def test_everybody_searches_rows(app, table):
    result = search(app, filters={"incident_number": "25-2"})["result"]
    assert [row["incident_number"] for row in result["records"]] == ["25-2"]
    assert not [field["id"] for field in result["fields"] if field["id"].startswith("_") and field["id"] != "_id"]


@pytest.mark.parametrize("asked", ["25-2", " 25-2 "])
def test_a_search_for_a_number_finds_its_row_alone(app, table, asked):
    result = search(app, q=asked)["result"]
    assert [row["incident_number"] for row in result["records"]] == ["25-2"]
    assert (result["total"], result["q"], "filters" in result) == (1, asked, False)
    assert search(app, q=asked, limit=0)["result"]["total"] == 1


def test_a_number_that_no_row_has_finds_none(app, table):
    assert search(app, q="25-99")["result"]["total"] == 0


def test_a_number_is_looked_for_within_the_other_filters(app, table):
    assert search(app, q="25-2", filters={"incident_number": "25-1"})["result"]["total"] == 0
    assert search(app, q="25-2", filters={"problem": "nothing like it"})["result"]["total"] == 0


@pytest.mark.parametrize("sort", ["time_precision", ["time_precision desc"]])
def test_rows_that_a_sort_leaves_equal_come_by_id_and_not_as_they_lie(app, portal, sort):
    datastore.publish(count=60)
    with psycopg.connect(datastore.dsn()) as connection:  # what is written anew lies behind the others
        connection.execute(sql.SQL("UPDATE {} SET team = 'North' WHERE _id <= 30").format(sql.Identifier(TABLE)))
    records = search(app, sort=sort, fields=["_id", "incident_number"])["result"]["records"]
    ids = [row["_id"] for row in records]
    assert len(ids) == 60
    assert ids == sorted(ids)


def test_an_error_shows_no_sql_to_anybody(app, table):
    for body in (
        {"filters": {"latitude": "no number"}},
        {"filters": {"call_datetime": "some day"}},
        {"q": "a:*|(", "plain": False},
        {"sort": "call_datetime desc, nonsense"},
        {"fields": "secret"},
        {"offset": 99999999999999999999},
    ):
        answer = app.post("/api/3/action/datastore_search", json={"resource_id": TABLE, **body})
        assert answer.status_code == 409, answer.body
        for word in ("SELECT", "select ", "psycopg", "postgres", "FROM ", "sqlalche", "statement", "params", "LINE 1"):
            assert word not in answer.body, answer.body


def test_a_time_out_is_still_called_one():
    assert without_sql({"query": ["Search took too long"]}) == {"query": ["Search took too long"]}
    assert without_sql({"fields": ["field x not in table"]}) == {"fields": ["field x not in table"]}


def test_staff_edit_the_dictionary_and_the_shape_stays(app, table, editor):
    before = datastore.columns(TABLE)
    fields = [
        {"id": field["id"], "type": field["type"], "info": {"label": "Block of the call", "notes": "As staff put it"}}
        if field["id"] == "block_address"
        else field
        for field in call_action("datastore_info", id=TABLE)["fields"]
    ]
    app.post(
        "/api/3/action/datastore_create",
        json={"resource_id": TABLE, "force": True, "fields": fields},
        headers=editor["headers"],
        status=200,
    )
    edited = {field["id"]: field for field in call_action("datastore_info", id=TABLE)["fields"]}
    assert edited["block_address"]["info"]["label"] == "Block of the call"
    assert datastore.columns(TABLE) == before
    assert datastore.rows(TABLE) == 3


def test_the_dictionary_form_works_and_keeps_the_shape(app, table, editor):
    before = datastore.columns(TABLE)
    path = f"/dataset/calls-for-service/dictionary/{TABLE}"
    assert app.get(path, headers=editor["headers"]).status_code == 200
    app.post(path, headers=editor["headers"], data={"info__1__label": "Number"}, follow_redirects=False)
    assert datastore.columns(TABLE) == before


def test_another_type_in_the_dictionary_changes_no_column(app, table, sysadmin):
    before = datastore.columns(TABLE)
    fields = [{**one, "type": "text"} for one in call_action("datastore_info", id=TABLE)["fields"]]
    app.post(
        "/api/3/action/datastore_create",
        json={"resource_id": TABLE, "force": True, "fields": fields},
        headers=sysadmin["headers"],
    )
    assert datastore.columns(TABLE) == before


def test_the_dump_of_a_whole_table_leads_to_its_file(app, table):
    for query, extension in (("", "csv"), ("?format=csv&bom=true", "csv"), ("?format=json", "geojson")):
        answer = app.get(f"/datastore/dump/{TABLE}{query}", follow_redirects=False)
        assert (answer.status_code, answer.headers["Location"]) == (302, f"/data/calls-for-service.{extension}")
    assert app.get(f"/datastore/dump/{TABLE}").status_code == 200


def test_the_dump_of_chosen_rows_is_still_served(app, table):
    answer = app.get(f"/datastore/dump/{TABLE}?fields=incident_number&limit=1", follow_redirects=False)
    assert answer.status_code == 200
    assert answer.body.splitlines()[0] == "incident_number"
