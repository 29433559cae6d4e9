"""The pages that CKAN lacks: the home page and run status."""

from __future__ import annotations

from collections.abc import Mapping

import ckan.plugins.toolkit as tk
from flask import Blueprint, Response

from ckanext.cpdi import config
from ckanext.cpdi.site import audience
from ckanext.cpdi.site.home import recent_days
from ckanext.cpdi.site.pages import Package, Portal, headings
from ckanext.cpdi.site.portal import packages, portal
from ckanext.cpdi.site.run_routes import fresh_of, run_datasets, state_of, tables
from ckanext.cpdi.site.runs import heartbeat_text

site = Blueprint("cpdi_site", __name__)
site.after_app_request(audience.keep)


@site.get("/")
def home() -> Response:
    """Show the statement, what one can do here, the last days, and the datasets' headings."""
    view, visible = portal(), packages()
    values: dict[str, object] = {"headings": headings(view, visible), "recent": _recent_days(view, visible)}
    return audience.page("home/index.html", values)


def _recent_days(view: Portal, visible: Mapping[str, Package]) -> recent_days.RecentDays | None:
    """Return the last days of the first table that has any."""
    for dataset in view.library.datasets.values():
        version = view.ledger.versions.get(dataset.name)
        if dataset.table and version and dataset.name in visible:
            shown = recent_days.describe(config.read_dsn(), dataset, version, view.language)
            if shown:
                return shown
    return None


@site.get("/status")
def runs() -> Response:
    """Show the last runs of each dataset that the reader may see."""
    view = portal()
    harvested = (name for name in run_datasets() if name not in tables() and view.ledger.runs.get(name))
    shown = [*tables().values(), *(view.library.datasets[name] for name in harvested)]
    statuses = [(state_of(dataset, view), fresh_of(dataset, view)) for dataset in shown]
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
