"""The tests' portal as a demo sets it up."""

from __future__ import annotations


def set_up() -> None:
    """Make organization and datasets, public with rules that need no approval, and no rows."""
    from ckanext.cpdi import config
    from ckanext.cpdi.catalog.department import ensure_all
    from ckanext.cpdi.harvesters import approval
    from ckanext.cpdi.services import access

    access.forget()
    ensure_all()
    with config.store() as store:
        approval.approve_demo(store, "")
