"""The pages that CKAN lacks: the home page and run status."""

from __future__ import annotations

import ckan.plugins.toolkit as tk
from flask import Blueprint, Response

from ckanext.cpdi.site import audience, heartbeat_text
from ckanext.cpdi.site.pages import headings
from ckanext.cpdi.site.portal import packages, portal
from ckanext.cpdi.site.run_routes import fresh_of, state_of, tables

site = Blueprint("cpdi_site", __name__)
site.after_app_request(audience.keep)


@site.get("/")
def home() -> Response:
    """Show the statement and the datasets' headings."""
    return audience.page("home/index.html", {"headings": headings(portal(), packages())})


@site.get("/status")
def runs() -> Response:
    """Show the last runs of each dataset that the reader may see."""
    view = portal()
    statuses = [(state_of(table, view), fresh_of(table, view)) for table in tables().values()]
    values = {
        "datasets": statuses,
        "ledger_available": view.ledger.available,
        "profile": view.profile,
        "staff": audience.is_staff(),
        "warnings": heartbeat_text.sentences(view.profile, view.now, view.language),
    }
    return audience.page("cpdi/status.html", values)


@site.get("/incident-table/<name>", defaults={"kind": "incident-table"})
@site.get("/report-series/<name>", defaults={"kind": "report-series"})
def redirect_to_dataset(name: str, kind: str) -> Response:  # noqa: ARG001  both kinds have their page at the same place
    """Redirect CKAN's address by dataset type to the dataset's own page."""
    return tk.redirect_to("dataset.read", id=name)
