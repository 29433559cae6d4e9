"""The pages that CKAN lacks: home in our form, Help Center and run status."""

from __future__ import annotations

import json
from urllib.parse import quote

import ckan.plugins.toolkit as tk
from flask import Blueprint, Response

from ckanext.cpdi import config
from ckanext.cpdi.declare import Dataset
from ckanext.cpdi.site import audience, heartbeat_text, limits, links, privacy
from ckanext.cpdi.site.dataset import downloads
from ckanext.cpdi.site.pages import Portal, headings
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
    here = portal()
    visible = packages()
    tables = [one for one in here.library.tables if one.name in here.ledger.versions and one.name in visible]
    return audience.page(
        "cpdi/help.html",
        {
            "datasets": [one for one in here.library.datasets.values() if one.name in visible],
            "classes": privacy.lines(here.profile, here.language),
            "profile": here.profile,
            "limits": limits.lines(config.limits(), here.language),
            "limits_title": limits.TITLE.get(here.language),
            "limits_lead": limits.LEAD.get(here.language),
            "site_url": here.site_url,
            "formats": config.formats(),
            "gis": downloads.titles(("shp.zip", "gpkg", "geojson"), here.language),
            "running": next(((one, year) for one in tables if (year := here.shown_year(one))), None),
            **(_examples(here, tables[0]) if tables else {}),
        },
    )


def _examples(here: Portal, dataset: Dataset) -> dict[str, object]:
    """Return the Help Center's examples, made for ``dataset``, so that each of them can be tried as it stands."""
    resource_id = here.ledger.versions[dataset.name].resource_id
    field = next((one for one in dataset.rows.fields if one.filter and one.constraints.enum), None)
    search = f"{here.site_url}{links.datastore_path(resource_id)}"
    order = f"&sort={dataset.rows.time_field.name}%20desc&limit=5"
    filters = quote(json.dumps({field.name: field.constraints.enum[0]})) if field and field.constraints.enum else ""
    return {
        "example": dataset,
        "example_version": here.ledger.versions[dataset.name].version,
        "example_files": downloads.main_files(here.folder, dataset, here.shown_year(dataset), here.language),
        "example_links": links.describe(dataset.name, resource_id, here.site_url, here.served, here.language),
        "searched": [one.name for one in dataset.rows.fields if one.search],
        "filter_example": f"{search}&filters={filters}{order}" if filters else "",
    }


@site.get("/status")
def runs() -> Response:
    """Show what the last nights brought, dataset by dataset; none that the reader may not read."""
    here = portal()
    found = [(state_of(one, here), fresh_of(one, here)) for one in tables().values()]
    values = {
        "datasets": found,
        "known": here.ledger.known,
        "profile": here.profile,
        "staff": audience.is_staff(),
        "signs": heartbeat_text.sentences(here.profile, here.now, here.language),
    }
    return audience.page("cpdi/status.html", values)


@site.get("/incident-table/<name>", defaults={"kind": "incident-table"})
@site.get("/report-series/<name>", defaults={"kind": "report-series"})
def one_address(name: str, kind: str) -> Response:  # noqa: ARG001  both kinds have their page at the same place
    """Redirect CKAN's address by type to the one that people link to."""
    return tk.redirect_to("dataset.read", id=name)
