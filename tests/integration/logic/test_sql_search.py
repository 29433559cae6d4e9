"""``datastore_search_sql``: SELECT statements on our tables, as CKAN answers them and as tools send them."""

from __future__ import annotations

import re
import threading
import warnings
from collections import Counter
from datetime import datetime

import pytest
from ckan.tests import helpers
from helpers.feeds import DATASET
from werkzeug.serving import make_server

OTHER = "11111111-2222-3333-4444-555555555555"


@pytest.fixture
def table(standing):
    from ckanext.cpdi.catalog.parts import resource_id

    return resource_id(DATASET)


@pytest.fixture
def rows(table):
    """All rows, as CKAN's own search gives them."""
    return helpers.call_action("datastore_search", resource_id=table, sort="_id", limit=32_000)["records"]


def asked(sql, **context):
    return helpers.call_action("datastore_search_sql", {"ignore_auth": False, **context}, sql=sql)


def test_rows_are_those_of_datastore_search(table, rows):
    answer = asked(f'SELECT * FROM "{table}" ORDER BY "_id"')
    assert answer["records"] == rows
    assert len(rows) > 20
    assert "records_truncated" not in answer
    types = {field["id"]: field["type"] for field in answer["fields"]}
    assert (types["_id"], types["call_datetime"], types["latitude"]) == ("int4", "timestamp", "float8")
    assert list(types) == list(rows[0])


def test_a_filter_an_order_and_a_page(table, rows):
    wanted = [row for row in rows if row["call_category"] == rows[0]["call_category"] and row["latitude"] is not None]
    wanted.sort(key=lambda row: (row["call_datetime"], row["_id"]), reverse=False)
    answer = asked(
        f'SELECT incident_number AS "No", call_datetime::date AS day FROM "{table}" WHERE '
        f"call_category = '{rows[0]['call_category']}' AND latitude IS NOT NULL ORDER BY call_datetime LIMIT 5 OFFSET 2"
    )
    expected = [{"No": row["incident_number"], "day": row["call_datetime"][:10]} for row in wanted[2:7]]
    assert answer["records"] == expected
    assert answer["fields"] == [{"id": "No", "type": "text"}, {"id": "day", "type": "date"}]


def test_groups(table, rows):
    counts = Counter(row["call_category"] for row in rows)
    answer = asked(
        f'SELECT call_category, count(*) AS n, max(latitude) FROM "{table}" '
        "GROUP BY call_category HAVING count(*) > 1 ORDER BY n DESC"
    )
    assert {row["call_category"]: row["n"] for row in answer["records"]} == {
        category: count for category, count in counts.items() if count > 1
    }
    assert [row["n"] for row in answer["records"]] == sorted((row["n"] for row in answer["records"]), reverse=True)


def test_the_hour_of_another_clock(table, rows):
    answer = asked(
        "SELECT DISTINCT EXTRACT(HOUR FROM call_datetime AT TIME ZONE 'America/New_York') AS h "
        f'FROM "{table}" ORDER BY h'
    )
    from zoneinfo import ZoneInfo

    hours = {datetime.fromisoformat(row["call_datetime"]).astimezone(ZoneInfo("America/New_York")).hour for row in rows}
    assert [row["h"] for row in answer["records"]] == sorted(hours)


def test_an_answer_that_is_cut_says_so(table, ckan_config, monkeypatch):
    monkeypatch.setitem(ckan_config, "ckan.datastore.search.rows_max", 7)
    answer = asked(f'SELECT _id FROM "{table}"')
    assert len(answer["records"]) == 7
    assert answer["records_truncated"] is True
    assert "records_truncated" not in asked(f'SELECT _id FROM "{table}" LIMIT 7')


def test_by_get_and_post_as_anybody(table, app):
    sql = f'SELECT count(*) FROM "{table}"'
    for answer in (
        app.get("/api/3/action/datastore_search_sql", query_string={"sql": sql, "format": "json"}),
        app.post("/api/3/action/datastore_search_sql", json={"sql": sql}),
    ):
        assert answer.json["success"] is True
        assert answer.json["result"]["records"][0]["count"] > 20


REFUSED = [
    ("SELECT * FROM T; DROP TABLE T", "second statement"),
    ("SELECT colour FROM T", "there is no column 'colour'"),
    ("SELECT * FROM T WHERE pg_sleep(9) IS NULL", "pg_sleep"),
    ("SELECT current_user FROM T", "CURRENT_USER"),
    ("SELECT * FROM T WHERE latitude = 'north'", "latitude is compared with a number"),
    ("SELECT * FROM T WHERE", "syntax error"),
]


@pytest.mark.parametrize(("sql", "words"), REFUSED)
def test_what_is_not_answered_is_refused_in_words(table, app, sql, words):
    answer = app.get(
        "/api/3/action/datastore_search_sql",
        query_string={"sql": re.sub(r"\bT\b", f'"{table}"', sql)},
    )
    assert answer.status_code == 409
    assert answer.json["error"]["__type"] == "Validation Error"
    assert words in " ".join(answer.json["error"]["sql"])


@pytest.mark.parametrize("name", [OTHER, "pg_user", "_cpdi_version", "calls-for-service"])
def test_what_is_no_table_of_ours_is_not_there(table, app, name):
    answer = app.get("/api/3/action/datastore_search_sql", query_string={"sql": f'SELECT * FROM "{name}"'})
    assert answer.status_code == 404
    assert "call it by the id of its resource" in str(answer.json["error"])


@pytest.fixture
def address(table, app):
    """The portal on a port."""
    server = make_server("127.0.0.1", 0, app.app, threaded=True)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    thread.join()


def test_openpolicedata_reads_a_table_by_its_ckan_reader(address, table, rows):
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # it looks for its list of sources on the web
        from openpolicedata.data_loaders.ckan import Ckan
    reader = Ckan("https://portal.example", table, date_field="call_datetime")
    reader.url = f"{address}/api/3/action/datastore_search_sql"  # the class insists on https
    years = Counter(row["call_datetime"][:4] for row in rows)
    year, number = years.most_common(1)[0]
    assert reader.get_count() == len(rows)
    assert reader.get_count(date=int(year)) == number
    frame = reader.load(date=int(year), pbar=False)
    assert len(frame) == number
    assert set(frame["incident_number"]) == {
        row["incident_number"] for row in rows if row["call_datetime"].startswith(year)
    }
    assert str(frame["call_datetime"].dtype).startswith("datetime64")
    assert {moment.strftime("%Y") for moment in frame["call_datetime"]} == {year}
    categories = reader.load(pbar=False, select="DISTINCT call_category", output_type="set", sortby="call_category")
    assert set(categories) == {row["call_category"] for row in rows}
