"""/openapi.json is the same for everybody."""

from __future__ import annotations

import ckan.plugins.toolkit as tk
import pytest
from helpers.feeds import DATASET

from ckanext.cpdi.catalog.people import portal_user
from ckanext.cpdi.services.http import access


@pytest.mark.parametrize("name", [DATASET, "compstat-reports"])
def test_what_not_everybody_may_read_is_nowhere_in_it_even_for_who_may(app, loaded, sysadmin, name):
    assert name in app.get("/openapi.json").body
    tk.get_action("package_patch")(portal_user(), {"id": name, "private": True})
    access.forget()
    answer = app.get("/openapi.json", headers=sysadmin["headers"])
    assert name not in answer.body
