"""The tests' portal as a demo sets it up."""

from __future__ import annotations

from functools import cache

from helpers import database


def set_up() -> None:
    """Make organization and datasets, public with rules that need no approval, and no rows.

    CKAN's database and its index are empty before. Only the first test of a session makes them as a demo does, which
    takes a second; the others get a copy of its rows.
    """
    from ckan.lib import search

    from ckanext.cpdi import config
    from ckanext.cpdi.harvesters import approval
    from ckanext.cpdi.services import access

    access.forget()
    if _made.cache_info().currsize:
        database.put(_made())
        search.rebuild(defer_commit=True, quiet=True)
        search.commit()
    else:
        _made()
    with config.store() as store:
        approval.approve_demo(store, "")


@cache
def _made() -> database.Rows:
    """Make the department; return the rows that CKAN's database has then."""
    from ckanext.cpdi import config
    from ckanext.cpdi.catalog.department import ensure_all
    from ckanext.cpdi.harvesters import approval

    ensure_all()
    with config.store() as store:
        approval.approve_demo(store, "")
    return database.rows()
