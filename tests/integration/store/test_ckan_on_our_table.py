"""CKAN's DataStore functions, called as CKAN calls them, on a table that the store made."""

import ckan.plugins.toolkit as tk
import psycopg
import pytest
from ckanext.datastore.backend.postgres import DatastorePostgresqlBackend
from store_rows import row

pytestmark = pytest.mark.usefixtures("with_plugins")
FIELDS = ["code", "happened", "kind", "detail", "units", "event", "day", "block", "latitude", "longitude"]
ROWS = [row(f"C-{n:03}", units=n, kind="Barking dogs" if n % 2 else "Alarm") for n in range(40)]


@pytest.fixture
def loaded(place):
    place.load(ROWS)
    return place


def search(place, **query):
    from ckanext.datastore.logic.action import datastore_search

    return datastore_search({"ignore_auth": True}, {"resource_id": place.resource_id, **query})


def indexes(place):
    return place.ask("SELECT indexname, indexdef FROM pg_indexes WHERE tablename = %s ORDER BY 1", place.resource_id)


def backend():
    return DatastorePostgresqlBackend.get_active_backend()


def test_the_table_is_one_of_the_datastores(loaded):
    assert backend().resource_exists(loaded.resource_id)
    assert loaded.resource_id in backend().get_all_ids()
    assert not [name for name in backend().get_all_ids() if "cpdi" in name or name.startswith(("state", "load"))]


def test_info_has_the_declared_fields_with_their_dictionary_and_no_hidden_one(loaded):
    info = backend().resource_fields(loaded.resource_id)
    assert [one["id"] for one in info["fields"]] == FIELDS
    assert info["meta"]["count"] == 40
    kind = next(one for one in info["fields"] if one["id"] == "kind")
    assert kind["info"] == {"label": "Title of kind", "notes": "What kind says: 50 % is 'half' of \"it\"."}
    assert kind["type"] == "text"
    assert kind["schema"]["is_index"]
    code = next(one for one in info["fields"] if one["id"] == "code")
    assert code["schema"]["uniquekey"]


def test_search_finds_filters_sorts_and_counts(loaded):
    found = search(loaded, q="dog", filters={"event": "true"}, sort="units desc", limit=3)
    assert [one["units"] for one in found["records"]] == [39, 37, 35]
    assert found["total"] == 20
    assert search(loaded, limit=1)["total"] == 40
    assert search(loaded, q="bark:*", plain=False, language="simple")["total"] == 20
    assert found["records"][0]["happened"].startswith("2024-05-01T12:00:00")
    assert set(found["records"][0]) == {"_id", *FIELDS, "rank"}


def test_hidden_columns_are_refused(loaded):
    with pytest.raises(tk.ValidationError):
        search(loaded, fields=["_geom"])
    with pytest.raises(tk.ValidationError):
        search(loaded, filters={"_full_text": "x"})


def test_an_edit_of_the_dictionary_keeps_columns_indexes_and_trigger(loaded):
    """What the dictionary form does, with the stock backend: it alters the table and creates the indexes it misses."""
    from ckanext.datastore.backend import postgres

    before = loaded.ask(
        "SELECT indexname, indexdef FROM pg_indexes WHERE tablename = %s ORDER BY 1", loaded.resource_id
    )
    fields = [{"id": one, "info": {"label": f"Edited {one}"}} for one in FIELDS]
    edit = {"resource_id": loaded.resource_id, "fields": fields, "delete_fields": True, "connection_url": loaded.dsn}
    engine = postgres._get_engine_from_url(loaded.dsn)
    with engine.begin() as connection:
        postgres.alter_table({"connection": connection}, edit, {})
        postgres.create_indexes({"connection": connection}, edit)
    assert indexes(loaded) == before
    assert loaded.ask("SELECT count(_geom), count(_geom_3857), count(_full_text) FROM {t}") == [(40, 40, 40)]
    info = backend().resource_fields(loaded.resource_id)
    assert {one["info"]["label"] for one in info["fields"]} == {f"Edited {one}" for one in FIELDS}
    assert not loaded.load(
        [row(f"C-{n:03}", units=n, kind="Barking dogs" if n % 2 else "Alarm") for n in range(40)]
    ).any
    info = backend().resource_fields(loaded.resource_id)
    assert {one["info"]["label"] for one in info["fields"]} == {f"Edited {one}" for one in FIELDS}


def test_ckans_total_follows_the_nights(loaded):
    loaded.load([row("C-000", units=0, kind="Alarm")])
    assert search(loaded, limit=0)["total"] == 1
    with psycopg.connect(loaded.dsn, autocommit=True) as connection:
        connection.execute("SELECT update_cached_table_row_count(%s)", (loaded.resource_id,))
    assert search(loaded, limit=0)["total"] == 1
