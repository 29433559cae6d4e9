"""What the OGC service shows to whom: a private or deleted table is as one that was never there."""

from __future__ import annotations

import ckan.plugins.toolkit as tk
import pytest
from ckan import model
from helpers.feeds import DATASET

from ckanext.cpdi.services.http import access

pytestmark = pytest.mark.usefixtures("with_plugins", "loaded")
PARTS = ("", "/queryables", "/schema", "/items", "/items/1", "/items?filter=nothing", "/items?f=html", "/items?x=1")


def answers(app, name):
    """Return status and body of each part of a collection, without the name that was asked for."""
    responses = [app.get(f"/ogc/collections/{name}{part}") for part in PARTS]
    return [(response.status_code, response.body.replace(name, "")) for response in responses]


@pytest.mark.parametrize("change", ["private", "deleted"])
def test_a_table_that_is_not_to_be_seen_was_never_there(app, sysadmin, change):
    assert [collection["id"] for collection in app.get("/ogc/collections").json["collections"]] == [DATASET]
    context = {"user": sysadmin["name"], "ignore_auth": True}
    if change == "private":
        tk.get_action("package_patch")(context, {"id": DATASET, "private": True})
    else:
        model.Package.by_name(DATASET).state = "deleted"
        model.repo.commit()
    access.forget()
    hidden, missing = answers(app, DATASET), answers(app, "nothing")
    assert {status for status, _ in hidden} == {404}
    json_parts = [place for place, part in enumerate(PARTS) if "html" not in part]
    assert [hidden[place] for place in json_parts] == [missing[place] for place in json_parts]
    assert app.get("/ogc/collections").json["collections"] == []
    assert DATASET not in app.get("/ogc/api").body


def test_a_table_without_rows_is_to_come(app):
    response = app.get("/ogc/collections/electronic-citations/items")
    assert response.status_code == 503
    assert response.json["code"] == "503"
    assert response.headers["Retry-After"]
