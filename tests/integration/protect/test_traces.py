"""What is left of a dataset that is private, and of those who work on the portal, where everybody reads: nothing."""

from __future__ import annotations

import json

import pytest
from ckan import model
from ckan.tests.helpers import call_action
from helpers import datastore

from ckanext.cpdi.catalog.parts import resource_id
from ckanext.cpdi.protect import privacy

DATASET = "calls-for-service"
TABLE = resource_id(DATASET)


@pytest.fixture
def edited(portal, editor, ckan_config, monkeypatch):
    """A public dataset that staff have edited, whose activity everybody could read."""
    monkeypatch.setitem(ckan_config, "ckan.auth.public_user_details", False)
    datastore.publish()
    call_action("package_patch", context=dict(editor["context"]), id=DATASET, title="Edited by staff")
    return editor


def activity_of():
    return call_action("package_activity_list", id=DATASET)[0]["id"]


def places(name):
    package = model.Package.get(DATASET)
    activity = activity_of()
    return (
        "/api/3/action/recently_changed_packages_activity_list",
        "/api/3/action/organization_activity_list?id=police",
        f"/api/3/action/package_activity_list?id={DATASET}",
        f"/api/3/action/user_activity_list?id={name}",
        f"/api/3/action/activity_show?id={activity}",
        f"/api/3/action/activity_data_show?id={activity}",
        f"/api/3/action/package_show?id={package.id}",
        "/api/3/action/package_search",
        f"/api/3/action/package_search?fq=id:{package.id}",
        "/api/3/action/package_list",
        "/api/3/action/current_package_list_with_resources",
        "/api/3/action/resource_search?query=name:rows",
        "/api/3/action/package_autocomplete?q=calls",
        "/api/3/action/organization_show?id=police&include_datasets=true",
        "/feeds/dataset.atom",
        "/feeds/organization/police.atom",
        "/feeds/custom.atom?q=calls",
        "/catalog.jsonld",
        "/catalog.ttl",
        f"/dataset/{DATASET}.jsonld",
        f"/dataset/activity/{DATASET}",
        "/organization/activity/police",
        "/dataset/",
        "/organization/police",
        "/",
    )


@pytest.mark.parametrize("how", ["patch", "bulk"])
def test_nothing_of_a_private_dataset_is_read_by_anybody_from_before_either(app, edited, sysadmin, stranger, how):
    package = model.Package.get(DATASET)
    asked = places(edited["name"])
    assert "Edited by staff" in app.get(asked[0]).body
    if how == "patch":
        call_action("package_patch", context=dict(sysadmin["context"]), id=DATASET, private=True)
    else:
        call_action(
            "bulk_update_private", context=dict(sysadmin["context"]), datasets=[package.id], org_id=package.owner_org
        )
    for address in asked:
        for headers in ({}, stranger["headers"]):
            page = app.get(address, headers=headers)
            body = page.body
            assert "Edited by staff" not in body, address
            shown = body.replace(f"id={package.id}", "").replace(f"id:{package.id}", "")
            assert page.status_code in (403, 404) or package.id not in shown, address
    seen = app.get(asked[2], headers=edited["headers"]).json["result"]
    assert any("Edited by staff" in json.dumps(one) for one in seen)  # the department's staff still read it


def test_an_older_portal_is_put_right_at_once(app, edited):
    model.Session.query(model.Package).filter_by(name=DATASET).update({"private": True})  # past all hooks
    model.Session.commit()
    asked = "/api/3/action/recently_changed_packages_activity_list"
    assert "Edited by staff" in app.get(asked).body
    call_action("cpdi_department_init")
    assert "Edited by staff" not in app.get(asked).body


def test_nobody_learns_who_the_staff_are(app, edited, sysadmin):
    editor, admin = model.User.get(edited["name"]), model.User.get(sysadmin["name"])
    call_action("follow_dataset", context=dict(edited["context"]), id=DATASET)
    secrets = [value for one in (editor, admin) for value in (one.id, one.name, one.fullname, one.email) if value]
    asked = (
        *places(editor.name),
        "/api/3/action/user_list",
        f"/api/3/action/user_show?id={editor.id}",
        "/api/3/action/user_autocomplete?q=a",
        "/api/3/action/organization_show?id=police&include_users=true",
        "/api/3/action/organization_show?id=police",
        "/api/3/action/organization_list?all_fields=true&include_users=true",
        "/api/3/action/member_list?id=police",
        "/api/3/action/member_list?id=police&object_type=user",
        f"/api/3/action/dataset_follower_list?id={DATASET}",
        f"/api/3/action/package_collaborator_list?id={DATASET}",
        "/user/",
        f"/user/{editor.name}",
        "/organization/members/police",
        "/organization/about/police",
        "/organization/admins/police",
        f"/dataset/{DATASET}/resources/{TABLE}/history/{activity_of()}",
        f"/dataset/followers/{DATASET}",
        f"/dataset/{DATASET}",
        "/api/2/util/user/autocomplete?q=a",
    )
    for address in asked:
        page = app.get(address, follow_redirects=False)
        body = page.body.replace(address, "").replace(f"name={editor.name}", "")
        for secret in secrets:
            assert page.status_code in (302, 403, 404) or secret not in body, address
            assert secret == editor.name or secret not in body, address


def test_an_anonymous_reader_sees_of_an_activity_what_and_when_and_not_who(app, edited):
    found = app.get("/api/3/action/recently_changed_packages_activity_list").json["result"]
    assert found
    assert not [one for one in found if "user_id" in one or "actor" in one["data"]]
    assert privacy.anonymous({"user": ""})


def test_an_old_state_of_a_resource_is_for_those_who_may_read_the_activitys_data(app, edited, stranger):
    address = f"/dataset/{DATASET}/resources/{TABLE}/history/{activity_of()}"
    for headers in ({}, stranger["headers"]):
        assert app.get(address, headers=headers, follow_redirects=False).status_code in (302, 403)
    assert app.get(address, headers=edited["headers"]).status_code == 200
    assert app.get(address[:-3] + "xyz", headers=edited["headers"]).status_code == 404


def test_an_entry_of_the_activity_stream_is_shown_whether_or_not_its_data_are_asked_for(app, edited):
    for more in ("", "&include_data=true"):
        page = app.get(f"/api/3/action/activity_show?id={activity_of()}{more}")
        assert page.status_code == (403 if more else 200), page.body
