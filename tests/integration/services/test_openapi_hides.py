"""/openapi.json is the same for everybody."""

from __future__ import annotations

import ckan.plugins.toolkit as tk
from helpers.feeds import DATASET

from ckanext.cpdi.catalog.people import portal_user
from ckanext.cpdi.services.http import access


def test_a_table_that_not_everybody_may_read_is_nowhere_in_it_even_for_who_may(app, loaded, sysadmin):
    assert DATASET in app.get("/openapi.json").body
    tk.get_action("package_patch")(portal_user(), {"id": DATASET, "private": True})
    access.forget()
    answer = app.get("/openapi.json", headers=sysadmin["headers"])
    assert DATASET not in answer.body
