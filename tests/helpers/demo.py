"""The tests' portal as a demo sets it up."""

from __future__ import annotations

from copy import deepcopy
from functools import cache
from typing import Any

from helpers import database


def set_up() -> None:
    """Make organization and datasets, public with rules that need no approval, and no rows.

    CKAN's database and its index are empty before. Only the first test of a session makes them as a demo does, which
    takes a second; the others get a copy of its rows and of what was indexed.
    """
    from ckan import logic
    from ckan.lib import search

    from ckanext.cpdi import config
    from ckanext.cpdi.pipeline import approval
    from ckanext.cpdi.services.http import access

    access.forget()
    again = _made.cache_info().currsize > 0
    rows, packages = _made()
    if again:
        database.put(rows)
        for package in packages:
            logic.index_update_package_dicts(deepcopy(package), defer_commit=True)
        search.commit()
    with config.store() as store:
        approval.approve_demo(store, "")


@cache
def _made() -> tuple[database.Rows, list[Any]]:
    """Make the department; return the rows that CKAN's database has then, and the packages as they are indexed."""
    from ckan import logic, model

    from ckanext.cpdi import config
    from ckanext.cpdi.catalog.department import ensure_all
    from ckanext.cpdi.pipeline import approval

    ensure_all()
    with config.store() as store:
        approval.approve_demo(store, "")
    names = [one.id for one in model.Session.query(model.Package)]
    packages = [logic.package_show_default_and_custom_schemas({"ignore_auth": True}, one) for one in names]
    return database.rows(), packages
