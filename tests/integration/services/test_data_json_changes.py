"""/data.json follows every change at once, though it is made once; whoever asks gets what everybody gets."""

from __future__ import annotations

import json

from helpers import catalogue, datastore
from helpers.catalogue import CALLS, call_action

from ckanext.cpdi.services.dcat import data_json


def test_who_is_signed_in_gets_what_everybody_gets(app, portal, sysadmin):
    catalogue.fill()
    everybody = app.get("/data.json")
    staff = app.get("/data.json", headers=sysadmin["headers"])
    assert staff.body == everybody.body
    assert CALLS in staff.body
    assert catalogue.seen(staff.body) == []


def test_it_is_made_once_and_anew_as_soon_as_anything_changes(app, portal, monkeypatch):
    datastore.publish()
    made: list[int] = []
    entries = data_json.entries
    monkeypatch.setattr(data_json, "entries", lambda shown: made.append(1) or entries(shown))
    before = app.get("/data.json")
    app.get("/data.json")
    assert len(made) == 1
    call_action("package_patch", id=CALLS, title="Calls, told anew")
    after = app.get("/data.json", headers={"If-None-Match": before.headers["ETag"]})
    assert "Calls, told anew" in after.body
    call_action("package_patch", id=CALLS, private=True)
    assert "told anew" not in app.get("/data.json").body
    assert len(made) == 3


def test_a_portal_without_a_public_dataset_has_an_empty_catalogue(app, portal):
    for name in call_action("package_list"):
        call_action("package_patch", id=name, private=True)
    document = json.loads(app.get("/data.json").body)
    assert document["dataset"] == []
