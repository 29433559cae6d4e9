"""``datastore_search_sql`` on tables that the asker may not read, or that have no rows yet."""

from __future__ import annotations

import ckan.plugins.toolkit as tk
import pytest
from ckan import model
from ckan.tests import helpers
from helpers.feeds import DATASET, load_sample

OTHER = "11111111-2222-3333-4444-555555555555"
ADDRESS = "/api/3/action/datastore_search_sql"


def test_a_private_table_is_as_one_that_was_never_there(portal, tmp_path, app):
    from ckanext.cpdi.catalog.parts import resource_id

    load_sample(tmp_path / "calls.csv")
    package = model.Package.by_name(DATASET)
    package.private = True
    model.repo.commit()
    private = app.get(ADDRESS, query_string={"sql": f'SELECT * FROM "{resource_id(DATASET)}"'})
    missing = app.get(ADDRESS, query_string={"sql": f'SELECT * FROM "{OTHER}"'})
    assert private.status_code == missing.status_code == 404
    assert private.json["error"] == missing.json["error"]


def test_a_table_before_its_first_night(portal):
    from ckanext.cpdi.catalog.parts import resource_id

    with pytest.raises(tk.ObjectNotFound, match="not been published"):
        helpers.call_action("datastore_search_sql", sql=f'SELECT * FROM "{resource_id(DATASET)}"')
