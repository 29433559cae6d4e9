"""Our resources keep their address, mark and format, whatever a form or the API sends; the rest is the staff's."""

from __future__ import annotations

import pytest
from ckan.plugins import toolkit as tk
from ckan.tests.helpers import call_action
from helpers import datastore

from ckanext.cpdi.catalog.parts import resource_id

TABLE = resource_id("calls-for-service")
KML = resource_id("calls-for-service", "kml")
ADDRESS = "http://test.ckan.net/data/calls-for-service.csv"


@pytest.fixture
def table(portal):
    return datastore.publish()


def assert_untouched(url_type="cpdi", name=None):
    shown = call_action("resource_show", id=TABLE)
    assert (shown["url"], shown["url_type"], shown["format"]) == (ADDRESS, url_type, "CSV")
    assert shown["datastore_active"] is True
    assert datastore.rows(TABLE) == 3
    if name:
        assert shown["name"] == name


def test_the_stock_form_keeps_the_address_while_it_renames_the_resource(app, table, editor):
    answer = app.post(
        f"/incident-table/calls-for-service/resource/{TABLE}/edit",
        data={
            "id": TABLE,
            "url": "https://elsewhere.example.org/x.csv",
            "name": "Calls",
            "format": "XLS",
            "save": "go",
        },
        headers=editor["headers"],
        follow_redirects=False,
    )
    assert answer.status_code in (301, 302), answer.body
    assert_untouched(name="Calls")


def test_the_api_cannot_move_the_table(table, editor):
    for change in (
        {"url": "https://elsewhere.example.org/x.csv"},
        {"url_type": ""},
        {"url_type": "upload", "upload": "x"},
        {"url_type": "datastore"},
        {"format": "XLS"},
        {"datastore_active": False},
    ):
        call_action("resource_patch", context=dict(editor["context"]), id=TABLE, name=f"Calls {change}", **change)
        assert_untouched(name=f"Calls {change}")


def test_an_update_that_leaves_fields_out_keeps_what_is_known_of_the_file(table, editor):
    before = call_action("resource_show", id=TABLE)
    call_action("resource_update", context=dict(editor["context"]), id=TABLE, name="Calls", description="All of them")
    after = call_action("resource_show", id=TABLE)
    assert after["description"] == "All of them"
    for field in ("size", "last_modified", "version", "rows", "mimetype"):
        assert after[field] == before[field], field


def test_a_dataset_update_keeps_every_part(table, editor):
    package = call_action("package_show", id="calls-for-service")
    for resource in package["resources"]:
        resource.update(url="https://elsewhere.example.org", url_type="", format="XLS")
        resource.pop("datastore_active", None)
    package["title"] = "Calls"
    call_action("package_update", context=dict(editor["context"]), **package)
    after = call_action("package_show", id="calls-for-service")
    assert after["title"] == "Calls"
    assert {one["url_type"] for one in after["resources"]} == {"cpdi"}
    assert [one["format"] for one in after["resources"]] == ["CSV", "KML", "SHP", "GeoJSON", "API"]
    assert_untouched()


def test_a_dataset_update_without_the_table_is_refused(table, editor):
    package = call_action("package_show", id="calls-for-service")
    package["resources"] = [one for one in package["resources"] if one["id"] != TABLE]
    with pytest.raises(tk.ValidationError) as refused:
        call_action("package_update", context=dict(editor["context"]), **package)
    assert "drop all published rows" in refused.value.error_dict["resources"][0]
    assert_untouched()


def test_staff_may_add_a_resource_of_their_own_but_not_with_our_mark_or_an_id_of_ours(table, editor):
    added = call_action(
        "resource_create",
        context=dict(editor["context"]),
        package_id="calls-for-service",
        url="https://example.org/codes.pdf",
        url_type="cpdi",
        name="Codes",
    )
    assert added["url_type"] != "cpdi"
    with pytest.raises(tk.ValidationError):
        call_action(
            "package_create",
            context=dict(editor["context"]),
            name="mine",
            title="Mine",
            notes="Mine",
            owner_org="police",
            resources=[{"id": resource_id("electronic-citations", "none"), "url": "x"}, {"id": KML, "url": "x"}],
        )


def test_nobody_renames_a_declared_dataset(table, sysadmin):
    with pytest.raises(tk.ValidationError, match="link to this address"):
        call_action("package_patch", context=dict(sysadmin["context"]), id="calls-for-service", name="calls")


def test_xloader_takes_no_resource_of_ours_and_queues_no_job(table, sysadmin):
    for resource in call_action("package_show", id="calls-for-service")["resources"]:
        answer = call_action("xloader_submit", context=dict(sysadmin["context"]), resource_id=resource["id"])
        assert answer is False, resource["format"]
    assert_untouched()
