"""Nobody drops a table or leaves it without an owner, not even a sysadmin; the refusal says what to do instead."""

from __future__ import annotations

import pytest
from ckan import model
from ckan.plugins import toolkit as tk
from ckan.tests.helpers import call_action
from helpers import datastore

from ckanext.cpdi.catalog.parts import resource_id

DATASET = "calls-for-service"
TABLE = resource_id(DATASET)


@pytest.fixture
def table(portal):
    return datastore.publish()


def assert_there():
    package = call_action("package_show", id=DATASET)
    assert package["state"] == "active"
    assert TABLE in [one["id"] for one in package["resources"]]
    assert datastore.rows(TABLE) == 3


def refusal(app, action, body, headers):
    answer = app.post(f"/api/3/action/{action}", json=body, headers=headers)
    assert answer.status_code in (403, 409), answer.body
    return answer.body


REFUSED = [
    ("resource_delete", {"id": TABLE}, "set it to private"),
    ("package_delete", {"id": DATASET}, "set it to private"),
    ("dataset_purge", {"id": DATASET}, ""),
    ("package_patch", {"id": DATASET, "state": "deleted"}, ""),
    ("datastore_delete", {"resource_id": TABLE, "force": True}, "from the department's feed"),
    ("datastore_delete", {"resource_id": TABLE, "force": True, "filters": {}}, "from the department's feed"),
    (
        "datastore_records_delete",
        {"resource_id": TABLE, "force": True, "filters": {}},
        "from the department's feed",
    ),
    (
        "datastore_upsert",
        {"resource_id": TABLE, "force": True, "records": [{"_id": 1}]},
        "from the department's feed",
    ),
    ("datastore_create", {"resource_id": TABLE, "force": True, "records": [{"problem": "x"}]}, "department's feed"),
    (
        "datastore_create",
        {"resource_id": TABLE, "force": True, "primary_key": []},
        "declared in the portal's schemas",
    ),
    ("datastore_create", {"resource_id": TABLE, "force": True, "indexes": []}, "declared in the portal's schemas"),
    ("datastore_create", {"resource_id": TABLE, "force": True, "aliases": ["mine"]}, "declared"),
    ("datastore_create", {"resource_id": TABLE, "force": True, "fields": [{"id": "mine"}]}, "declared"),
    ("datastore_create", {"resource_id": TABLE, "force": True, "fields": [], "delete_fields": True}, "declared"),
]


def test_the_api_refuses_everybody_with_words(app, table, sysadmin, editor):
    for action, body, words in REFUSED:
        for somebody in (sysadmin, editor):
            assert words in refusal(app, action, body, somebody["headers"]), action
            assert_there()


def test_code_of_other_extensions_that_skips_authorization_is_refused_as_well(table):
    for action in ("resource_delete", "datastore_delete", "datastore_upsert", "package_delete", "dataset_purge"):
        body = {"id": DATASET} if action in ("package_delete", "dataset_purge") else {"id": TABLE, "resource_id": TABLE}
        with pytest.raises(tk.NotAuthorized):
            tk.get_action(action)({"ignore_auth": True, "user": ""}, {**body, "force": True, "records": [{}]})
        assert_there()


def test_the_bulk_page_of_the_organization_deletes_no_table(table, sysadmin):
    package = call_action("package_show", id=DATASET)
    with pytest.raises(tk.ValidationError, match="set it to private"):
        call_action(
            "bulk_update_delete",
            context=dict(sysadmin["context"]),
            datasets=[package["id"]],
            org_id=package["owner_org"],
        )
    model.Session.rollback()
    assert_there()


def test_the_stock_pages_offer_no_deletion(app, table, sysadmin):
    page = app.get(f"/incident-table/calls-for-service/resource/{TABLE}/edit", headers=sysadmin["headers"])
    assert f"resource/{TABLE}/delete" not in page.body
    page = app.get("/incident-table/edit/calls-for-service", headers=sysadmin["headers"])
    assert "/delete/" not in page.body
    answer = app.post(
        f"/incident-table/calls-for-service/resource/{TABLE}/delete", headers=sysadmin["headers"], data={"delete": "x"}
    )
    assert answer.status_code == 403
    assert_there()


def test_reports_and_foreign_datasets_can_still_be_deleted(portal, sysadmin):
    call_action("package_delete", context=dict(sysadmin["context"]), id="compstat-reports")
    assert call_action("package_show", id="compstat-reports")["state"] == "deleted"
    call_action(
        "package_create",
        context=dict(sysadmin["context"]),
        name="mine",
        title="Mine",
        notes="Mine",
        owner_org="police",
    )
    call_action("package_delete", context=dict(sysadmin["context"]), id="mine")
    call_action("dataset_purge", context=dict(sysadmin["context"]), id="mine")
    assert model.Package.get("mine") is None


def test_strangers_are_still_refused_as_ckan_does(app, table, stranger):
    assert "set it to private" not in refusal(app, "package_delete", {"id": "compstat-reports"}, stranger["headers"])
    app.post("/api/3/action/datastore_delete", json={"resource_id": TABLE}, status=403)


def test_staff_can_still_delete_what_they_added_themselves(app, table, editor, stranger):
    context = editor["context"]
    added = call_action("resource_create", context=dict(context), package_id=DATASET, url="https://example.org/x.pdf")
    refusal(app, "resource_delete", {"id": added["id"]}, stranger["headers"])
    call_action("resource_delete", context=dict(context), id=added["id"])
    assert added["id"] not in [one["id"] for one in call_action("package_show", id=DATASET)["resources"]]
    assert_there()
