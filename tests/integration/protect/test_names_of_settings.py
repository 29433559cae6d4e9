"""Names that the settings hold stay: the department's organization, and the user as whom the portal acts."""

from __future__ import annotations

import pytest
from ckan import model
from ckan.plugins import toolkit as tk
from ckan.tests import factories
from ckan.tests.helpers import call_action
from helpers.users import signed_in

from ckanext.cpdi.catalog.people import portal_user
from ckanext.cpdi.notify import alert
from ckanext.cpdi.pipeline import approval


def assert_kept(admin):
    model.Session.remove()
    found = model.Group.get("police")
    assert (found.name, found.state, found.is_organization) == ("police", "active", True)
    assert approval.may_approve(admin["name"])
    assert alert.recipients()


@pytest.mark.parametrize("action", ["organization_patch", "organization_update", "group_update", "group_patch"])
@pytest.mark.parametrize("change", [{"name": "cpd"}, {"state": "deleted"}, {"type": "group"}])
def test_no_form_renames_or_deletes_the_organization(portal, sysadmin, action, change):
    admin = signed_in(capacity="admin")
    for somebody in (admin, sysadmin):
        for reference in ("police", model.Group.get("police").id):
            with pytest.raises((tk.ValidationError, tk.NotAuthorized, tk.ObjectNotFound)):
                call_action(action, context=dict(somebody["context"]), **{"id": reference, "name": "police", **change})
            assert_kept(admin)


@pytest.mark.parametrize("action", ["organization_delete", "organization_purge", "group_delete", "group_purge"])
def test_nobody_deletes_or_purges_the_organization(app, portal, sysadmin, action):
    admin = signed_in(capacity="admin")
    for somebody in (admin, sysadmin):
        for reference in ("police", model.Group.get("police").id):
            answer = app.post(f"/api/3/action/{action}", json={"id": reference}, headers=somebody["headers"])
            assert answer.status_code == 403, answer.body
            assert_kept(admin)
    answer = app.post("/api/3/action/organization_delete", json={"id": "police"}, headers=sysadmin["headers"])
    assert "settings name this organization" in answer.json["error"]["message"]


def test_the_form_of_the_organization_still_edits_its_title_and_says_why_its_name_stays(app, portal):
    admin = signed_in(capacity="admin")
    form = {"id": "police", "name": "police", "title": "Police", "save": "save"}
    app.post("/organization/edit/police", data=form, headers=admin["headers"])
    assert call_action("organization_show", id="police")["title"] == "Police"
    answer = app.post("/organization/edit/police", data={**form, "name": "cpd"}, headers=admin["headers"])
    assert "settings name this organization" in answer.body
    assert_kept(admin)


def test_other_organizations_are_edited_and_deleted_as_ever(portal, sysadmin):
    other = factories.Organization()
    call_action("organization_patch", context=dict(sysadmin["context"]), id=other["id"], name="elsewhere")
    call_action("organization_delete", context=dict(sysadmin["context"]), id=other["id"])
    assert model.Group.get(other["id"]).state == "deleted"


@pytest.mark.parametrize(
    ("action", "body"),
    [
        ("user_delete", {}),
        ("user_patch", {"name": "mine"}),
        ("user_patch", {"sysadmin": False}),
        ("user_patch", {"password": "long enough for CKAN"}),
        ("user_patch", {"state": "deleted"}),
        ("user_update", {"email": "me@example.org", "password": "long enough for CKAN"}),
        ("api_token_create", {"name": "mine"}),
    ],
)
def test_nobody_edits_deletes_or_speaks_as_the_user_that_the_portal_is(app, portal, sysadmin, action, body):
    name = portal_user()["user"]
    user = model.User.get(name)
    for reference in (name, user.id):
        body = {"id": reference, "user": reference, **body}
        answer = app.post(f"/api/3/action/{action}", json=body, headers=sysadmin["headers"])
        assert answer.status_code == 403, answer.body
        assert "portal itself acts" in answer.body
    model.Session.remove()
    again = model.User.get(name)
    assert (again.state, again.sysadmin, again.email) == (user.state, user.sysadmin, user.email)
