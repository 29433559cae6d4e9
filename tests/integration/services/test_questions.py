"""Questions to the API that are larger than is answered: refused in words, at once, before anything is asked."""

from __future__ import annotations

import json
from urllib.parse import quote, urlencode

import ckan.plugins.toolkit as tk
import psycopg
import pytest
from helpers.feeds import DATASET
from psycopg import sql

from ckanext.cpdi import config
from ckanext.cpdi.catalog.parts import resource_id
from ckanext.cpdi.services.questions import DEEPEST, depth

pytestmark = pytest.mark.usefixtures("with_plugins", "standing")
SEARCH = "/api/3/action/datastore_search"
MANY = [f"{number}" for number in range(5000)]


def asked(app, status, action="datastore_search", headers=None, **question):
    body = json.dumps({"resource_id": resource_id(DATASET), **question})
    path = f"/api/3/action/{action}"
    return app.post(path, data=body, headers={"Content-Type": "application/json", **(headers or {})}, status=status)


@pytest.mark.parametrize(
    ("question", "words"),
    [
        ({"filters": {"problem": MANY}}, "at most 1000 values"),
        ({"filters": {"$or": [{"problem": one} for one in MANY[:2000]]}}, "at most 1000 values"),
        ({"fields": MANY}, "at most 1000 values"),
        ({"fields": ",".join(MANY)}, "at most 1000 values"),
        ({"sort": ", ".join(MANY)}, "at most 1000 values"),
        ({"q": " ".join(MANY)}, "at most 30 words"),
        ({"q": " | ".join(f"{one}:*" for one in MANY), "plain": False}, "at most 30 words"),
        ({"q": {"problem": " ".join(MANY)}}, "at most 30 words"),
        ({"filters": {"problem": [f"{number}" for number in range(100_000)]}}, "at most 65536 bytes"),
        ({"q": "x" * 100_000}, "at most 65536 bytes"),
        ({"filters": json.loads("[" * 500 + "]" * 500)}, f"at most {DEEPEST} deep"),
    ],
)
def test_a_question_that_is_too_large_is_refused_in_words(app, question, words):
    answer = asked(app, 400, **question)
    assert answer.json["success"] is False
    assert answer.json["error"]["__type"] == "Validation Error"
    assert words in answer.json["error"]["message"]


def test_a_select_has_the_limits_of_a_search(app):
    answer = asked(app, 400, action="datastore_search_sql", sql=f"SELECT {','.join(MANY)}")
    assert "at most 1000 values" in answer.json["error"]["message"]


def test_brackets_that_no_parser_would_survive_are_refused(app):
    deep = "[" * 60_000
    assert app.post(SEARCH, data=deep, headers={"Content-Type": "application/json"}, status=400)
    assert app.get(f"{SEARCH}?filters={quote('[' * 3000)}", status=400)


def test_every_way_to_send_a_question_is_measured(app):
    table = resource_id(DATASET)
    body = json.dumps({"resource_id": table, "filters": {"problem": MANY}})
    app.post(SEARCH, data=body, headers={"Content-Type": "application/x-www-form-urlencoded"}, status=400)
    app.post(
        SEARCH,
        data=urlencode({"resource_id": table, "fields": ",".join(MANY)}),
        headers={"Content-Type": "application/x-www-form-urlencoded"},
        status=400,
    )
    app.post(
        SEARCH,
        data=urlencode({"resource_id": table, "q": " ".join(MANY)}),
        headers={"Content-Type": "application/x-www-form-urlencoded"},
        status=400,
    )
    app.post(
        SEARCH,
        data=quote(json.dumps({"resource_id": table, "q": " ".join(MANY)})),
        headers={"Content-Type": "application/x-www-form-urlencoded"},
        status=400,
    )
    app.get(f"{SEARCH}?{urlencode({'resource_id': table, 'fields': ','.join(MANY)})}", status=400)
    app.get(f"{SEARCH}?{urlencode({'resource_id': table, 'q': ' '.join(MANY)})}", status=400)
    app.get(f"/api/3/action/package_search?{urlencode({'fq': ' OR '.join(f'name:{one}' for one in MANY)})}", status=400)
    app.get(f"/api/3/action/package_search?{urlencode({'facet.field': json.dumps(MANY)})}", status=400)
    dump = app.get(f"/datastore/dump/{table}?{urlencode({'filters': json.dumps({'problem': MANY})})}", status=400)
    assert "at most 1000 values" in dump.get_data(as_text=True)


def test_what_people_ask_is_answered(app):
    assert asked(app, 200, limit=1).json["result"]["records"]
    assert asked(app, 200, filters={"problem": MANY[:900]}).json["result"]["records"] == []
    assert asked(app, 200, q="traffic stop queen street", limit=1).json["success"]
    ranges = {"$or": [{"call_datetime": {"gte": "2020-01-01", "lt": "2035-01-01"}}, {"problem": ["a", "b"]}]}
    assert asked(app, 200, filters=ranges, limit=1).json["success"]
    assert app.get(
        f"{SEARCH}?resource_id={resource_id(DATASET)}&sort=problem,team%20desc&fields=problem,team", status=200
    )
    assert app.get("/api/3/action/package_search?q=calls", status=200)


def test_staff_who_are_signed_in_may_ask_for_more(app, editor):
    assert asked(app, 200, headers=editor["headers"], filters={"problem": MANY}).json["success"]
    assert asked(app, 400, headers={"Authorization": "no-such-token"}, filters={"problem": MANY})


def test_a_search_of_somebody_who_is_not_signed_in_ends_after_its_seconds(ckan_config, monkeypatch):
    monkeypatch.setitem(ckan_config, "ckanext.cpdi.limits.query_seconds", 1)
    table = sql.Identifier(resource_id(DATASET))
    with psycopg.connect(config.read_dsn().replace("datastore_read@", "ckan@")) as connection:
        connection.execute(sql.SQL("LOCK TABLE {} IN ACCESS EXCLUSIVE MODE").format(table))
        with pytest.raises(tk.ValidationError) as raised:
            tk.get_action("datastore_search")({"user": ""}, {"resource_id": resource_id(DATASET)})
        connection.rollback()
    assert raised.value.error_dict == {"query": ["Search took too long"]}


def test_depth_counts_what_is_open_at_the_same_time():
    assert depth('{"a": [1, [2]], "b": [3]}') == 3
    assert depth("]]][") == 0
    assert depth("") == 0
