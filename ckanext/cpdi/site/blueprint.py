"""The pages that CKAN lacks: the home page, Help Center and run status."""

from __future__ import annotations

import json
from urllib.parse import quote

import ckan.plugins.toolkit as tk
from flask import Blueprint, Response

from ckanext.cpdi import config
from ckanext.cpdi.declare import Dataset, tailored
from ckanext.cpdi.site import audience, heartbeat_text, limits, links, privacy
from ckanext.cpdi.site.dataset import downloads
from ckanext.cpdi.site.pages import Portal, headings, present
from ckanext.cpdi.site.portal import packages, portal
from ckanext.cpdi.site.run_routes import fresh_of, state_of, tables

site = Blueprint("cpdi_site", __name__)
site.after_app_request(audience.keep)


@site.get("/")
def home() -> Response:
    """Show the statement and the datasets' headings."""
    return audience.page("home/index.html", {"headings": headings(portal(), packages())})


@site.get("/help")
def help_center() -> Response:
    """Show how to use the data, with examples that work on this portal."""
    view = portal()
    visible = packages()
    tables = [table for table in view.library.tables if table.name in view.ledger.versions and table.name in visible]
    shown = [dataset for dataset in present(view, visible) if dataset.name in visible]
    made = {name for table in tables for name in config.formats(table.rows)}
    return audience.page(
        "cpdi/help.html",
        {
            "datasets": shown,
            "counting": [
                (dataset.title.get(view.language), [caveat.get(view.language) for caveat in dataset.caveats])
                for dataset in (_own(view, table) for table in shown if table.table)
            ],
            "columns": {field.source for dataset in shown if dataset.table for field in dataset.rows.fields},
            "classes": privacy.lines(view.profile, view.language),
            "profile": view.profile,
            "limits": limits.lines(config.limits(), view.language),
            "limits_title": limits.TITLE.get(view.language),
            "limits_lead": limits.LEAD.get(view.language),
            "site_url": view.site_url,
            "formats": made,
            "gis": downloads.titles((name for name in ("shp.zip", "gpkg", "geojson") if name in made), view.language),
            "running": next(((table, year) for table in tables if (year := view.shown_year(table))), None),
            **(_examples(view, tables[0]) if tables else {}),
        },
    )


def _own(view: Portal, table: Dataset) -> Dataset:
    """Return a table as the department has it."""
    return tailored(table, view.profile.feed(table.name))


def _examples(view: Portal, dataset: Dataset) -> dict[str, object]:
    """Return the Help Center's examples for ``dataset``; each works on this portal as it is written."""
    resource_id = view.ledger.versions[dataset.name].resource_id
    field = next((field for field in dataset.rows.fields if field.filter and field.constraints.enum), None)
    search = f"{view.site_url}{links.datastore_path(resource_id)}"
    order = f"&sort={dataset.rows.time_field.name}%20desc&limit=5"
    filters = quote(json.dumps({field.name: field.constraints.enum[0]})) if field and field.constraints.enum else ""
    return {
        "example": dataset,
        "example_version": view.ledger.versions[dataset.name].version,
        "example_files": downloads.main_files(view.folder, dataset, view.shown_year(dataset), view.language),
        "example_links": links.describe(dataset.name, resource_id, view.site_url, view.served, view.language),
        "searched": [field.name for field in dataset.rows.fields if field.search],
        "filter_example": f"{search}&filters={filters}{order}" if filters else "",
    }


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
