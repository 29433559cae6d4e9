"""However a call names a table of ours, or what belongs to it, it is the same table, and refused to everybody."""

from __future__ import annotations

import json

import psycopg
import pytest
from ckan import model
from ckan.plugins import toolkit as tk
from ckan.tests import factories
from ckan.tests.helpers import call_action
from helpers import datastore
from helpers.users import signed_in

from ckanext.cpdi.catalog.parts import resource_id

DATASET = "calls-for-service"
TABLE = resource_id(DATASET)
KML = resource_id(DATASET, "kml")


@pytest.fixture
def table(portal):
    return datastore.publish()


@pytest.fixture
def mine(portal, editor):
    """A resource of the editor's own, beside the table."""
    return call_action(
        "resource_create", context=dict(editor["context"]), package_id=DATASET, url="https://example.org/x", name="Mine"
    )["id"]


def shape():
    """Columns, indexes, triggers and views of the DataStore."""
    with psycopg.connect(datastore.dsn()) as connection:
        views = connection.execute("SELECT viewname FROM pg_views WHERE schemaname = 'public' ORDER BY 1").fetchall()
        indexes = connection.execute(
            "SELECT indexname FROM pg_indexes WHERE tablename = %s ORDER BY 1", (TABLE,)
        ).fetchall()
        triggers = connection.execute(
            "SELECT tgname FROM pg_trigger WHERE tgrelid = %s::regclass ORDER BY 1", (f'"{TABLE}"',)
        ).fetchall()
    return datastore.columns(TABLE), indexes, triggers, views, datastore.rows(TABLE)


WAYS = (
    {"id": TABLE},
    {"resource_id": TABLE},
    {"id": TABLE, "resource_id": "MINE"},
    {"id": "MINE", "resource_id": TABLE},
    {"id": [TABLE]},
    {"resource_id": "All rows as CSV"},
    {"resource": {"package_id": DATASET, "id": TABLE}},
    {"resource": {"package_id": "MINE", "resource_id": TABLE}},
)
HARM = (
    {"records": [{"problem": "x"}]},
    {"fields": [{"id": "mine", "type": "text"}]},
    {"fields": [{"id": "problem", "type": "text"}], "delete_fields": True},
    {"aliases": ["mine"]},
    {"aliases": []},
    {"indexes": []},
    {"indexes": "problem"},
    {"primary_key": []},
    {"triggers": []},
    {"triggers": [{"function": "x"}]},
)


def test_no_way_of_naming_the_table_changes_its_shape(app, table, mine, editor, sysadmin):
    before = shape()
    for way in WAYS:
        named = json.loads(json.dumps(way).replace("MINE", mine))
        for harm in HARM:
            for somebody in (editor, sysadmin):
                answer = app.post(
                    "/api/3/action/datastore_create",
                    json={"force": True, **named, **harm},
                    headers=somebody["headers"],
                )
                assert answer.status_code in (403, 404, 409), (way, harm, answer.body)
                assert shape() == before, (way, harm)


@pytest.mark.parametrize(
    ("action", "more"),
    [
        ("datastore_upsert", {"method": "insert", "records": [{"problem": "x"}]}),
        ("datastore_delete", {}),
        ("datastore_delete", {"filters": {"problem": "x"}}),
        ("datastore_records_delete", {"filters": {}}),
        ("datastore_run_triggers", {}),
    ],
)
def test_no_way_of_naming_the_table_touches_its_rows(app, table, mine, editor, sysadmin, action, more):
    before = shape()
    for way in WAYS:
        named = {"resource_id": mine, **json.loads(json.dumps(way).replace("MINE", mine))}
        for somebody in (editor, sysadmin):
            answer = app.post(
                f"/api/3/action/{action}", json={"force": True, **named, **more}, headers=somebody["headers"]
            )
            assert answer.status_code in (403, 404, 409), (action, way, answer.body)
            assert shape() == before, (action, way)


def test_no_alias_takes_the_name_of_a_table_that_is_still_to_come(app, portal, mine, editor):
    for aliases in ([TABLE], f"x, {TABLE}"):
        answer = app.post(
            "/api/3/action/datastore_create",
            json={"resource_id": mine, "force": True, "fields": [{"id": "a"}], "aliases": aliases},
            headers=editor["headers"],
        )
        assert answer.status_code == 403, answer.body
    datastore.publish()
    assert datastore.rows(TABLE) == 3


def test_nobody_has_a_function_made_in_the_database(app, table, sysadmin):
    body = {"name": "mine", "rettype": "trigger", "definition": "BEGIN RETURN NEW; END;"}
    answer = app.post("/api/3/action/datastore_function_create", json=body, headers=sysadmin["headers"], status=403)
    assert "takes none" in answer.body
    gone = {"name": "populate_full_text_trigger", "if_exists": True}
    app.post("/api/3/action/datastore_function_delete", json=gone, headers=sysadmin["headers"], status=403)


def test_a_search_by_the_other_name_is_as_settled_as_by_the_first(app, portal):
    datastore.publish(count=60)
    datastore.execute(f"UPDATE \"{TABLE}\" SET team = 'North' WHERE _id <= 30")  # they lie behind the others now
    for way in ({"id": TABLE}, {"resource_id": TABLE}, {"id": TABLE, "resource_id": KML}):
        body = {**way, "sort": "time_precision", "fields": ["_id"]}
        found = app.post("/api/3/action/datastore_search", json=body).json["result"]["records"]
        assert [row["_id"] for row in found] == sorted(row["_id"] for row in found), way
        assert len(found) == 60


CATALOGUE = [
    ("resource_delete", {"id": "All rows as CSV"}),
    ("resource_create", {"package_id": DATASET, "id": TABLE, "url": "https://example.org/x"}),
    ("resource_create", {"package_id": DATASET, "id": KML, "url": "https://example.org/x"}),
    ("resource_create", {"package_id": "other", "id": TABLE, "url": "https://example.org/x"}),
    ("resource_create", {"package_id": "other", "id": resource_id("electronic-citations"), "url": "https://e.org/x"}),
    ("package_patch", {"id": DATASET, "resources": []}),
    ("package_patch", {"id": DATASET, "owner_org": "elsewhere"}),
    ("package_patch", {"id": DATASET, "owner_org": ""}),
    ("package_patch", {"id": DATASET, "type": "dataset", "owner_org": "elsewhere"}),
    ("package_patch", {"id": "other", "name": "use-of-force"}),
    ("package_revise", {"match": {"name": DATASET}, "update": {"resources": []}, "filter": ["-resources"]}),
    ("package_revise", {"match": {"name": DATASET}, "filter": [f"-resources__{TABLE[:6]}"]}),
    ("package_revise", {"match": {"name": DATASET}, "update": {"owner_org": "elsewhere"}}),
    ("package_revise", {"match__name": DATASET, "update__name": "mine"}),
    ("package_revise", {"match__name": DATASET, "update__state": "deleted"}),
    ("package_owner_org_update", {"id": DATASET, "organization_id": "elsewhere"}),
    ("package_owner_org_update", {"id": DATASET, "organization_id": ""}),
    ("bulk_update_delete", {"datasets": ["DATASET_ID"], "org_id": "ORG_ID"}),
    ("member_create", {"id": "elsewhere", "object": DATASET, "object_type": "package", "capacity": "public"}),
    ("member_delete", {"id": "police", "object": DATASET, "object_type": "package"}),
    ("group_update", {"id": "elsewhere", "name": "elsewhere", "packages": [{"id": DATASET}]}),
    ("dataset_purge", {"id": DATASET}),
]


@pytest.fixture
def both(table):
    """An admin both of the department and of another organization, which has a dataset."""
    admin = signed_in(capacity="admin")
    factories.Organization(name="elsewhere", users=[{"name": admin["name"], "capacity": "admin"}])
    factories.Dataset(name="other", owner_org="elsewhere", notes="Other")
    return admin


def test_no_way_through_the_catalogue_takes_a_table_away(app, both, sysadmin):
    package = model.Package.get(DATASET)
    ids = {"DATASET_ID": package.id, "ORG_ID": package.owner_org}
    for action, body in CATALOGUE:
        for name, value in ids.items():
            body = json.loads(json.dumps(body).replace(name, value))
        for somebody in (both, sysadmin):
            app.post(f"/api/3/action/{action}", json=body, headers=somebody["headers"])
            model.Session.remove()
            found = call_action("package_show", id=DATASET)
            state = (found["name"], found["type"], found["state"], found["organization"]["name"], found["groups"])
            assert state == (DATASET, "incident-table", "active", "police", []), (action, body)
            ids_of = [one["id"] for one in found["resources"]]
            assert TABLE in ids_of, (action, body)
            assert KML in ids_of or "resources" in str(body), (action, body)
            assert len(ids_of) == len(set(ids_of)), (action, body)
            assert datastore.rows(TABLE) == 3, (action, body)
            listed = call_action("member_list", id="elsewhere", object_type="package")
            assert ids["DATASET_ID"] not in [one[0] for one in listed], (action, body)


def test_nobody_but_the_portal_takes_the_name_of_a_declared_dataset(clean_db, clean_index):
    user = factories.User()
    factories.Organization(name="elsewhere", users=[{"name": user["name"], "capacity": "admin"}])
    with pytest.raises(tk.ValidationError, match="choose another"):
        call_action(
            "package_create",
            context={"user": user["name"], "ignore_auth": False},
            name=DATASET,
            type="incident-table",
            title="Mine",
            notes="Mine",
            owner_org="elsewhere",
        )


def test_a_group_shows_a_table_only_by_the_hand_of_somebody_who_may_edit_it(portal, editor):
    other, member = factories.User(), editor["name"]
    users = [{"name": name, "capacity": "admin"} for name in (other["name"], member)]
    group = factories.Group(user=other, users=users)
    wanted = {"id": group["id"], "object": DATASET, "object_type": "package", "capacity": "public"}
    with pytest.raises(tk.NotAuthorized):
        call_action("member_create", context={"user": other["name"], "ignore_auth": False}, **wanted)
    with pytest.raises(tk.NotAuthorized):
        call_action(
            "group_patch",
            context={"user": other["name"], "ignore_auth": False},
            id=group["id"],
            packages=[{"id": DATASET}],
        )
    call_action("member_create", context=dict(editor["context"]), **wanted)
    assert call_action("member_list", id=group["id"], object_type="package")
