"""Joins settings, request and store into a :class:`~ckanext.cpdi.site.pages.Portal`, once a request."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import ckan.plugins.toolkit as tk
import sqlalchemy as sa
from ckan import model
from ckan.lib.dictization.model_dictize import resource_dictize
from flask import current_app, g
from werkzeug.exceptions import HTTPException

from ckanext.cpdi import addresses, config
from ckanext.cpdi.catalog.resource_urls import set_urls
from ckanext.cpdi.site.pages import Package, Portal
from ckanext.cpdi.site.runs.ledger import Ledger, read_ledger

_DATE = "substring(resource.extras::jsonb ->> '{}' from '^[0-9]{{4}}-[0-9]{{2}}-[0-9]{{2}}')"
_DATES = ", ".join(map(_DATE.format, ("period_end", "period_start", "issued")))
_DAY = f"coalesce({_DATES}, resource.created::date::text) DESC NULLS LAST"
"""The day that orders reports, as :func:`ckanext.cpdi.site.dataset.reports.describe` takes it, the latest first."""


def portal() -> Portal:
    """Return the portal as this request's reader sees it."""
    return Portal(
        library=config.library(),
        profile=config.profile(),
        ledger=ledger(),
        folder=config.files_path(),
        site_url=addresses.url(),
        served=is_served,
        now=datetime.now(UTC),
        language=tk.h.lang(),
    )


def ledger() -> Ledger:
    """Return the ledger, read once a request."""
    if "cpdi_ledger" not in g:
        keys = {table.name: key.name for table in config.library().tables if (key := table.rows.key_field)}
        g.cpdi_ledger = read_ledger(config.read_dsn(), keys)
    return g.cpdi_ledger


def is_served(path: str) -> bool:
    """Return whether a route answers ``path``. Static files and catch-alls that answer 404 do not count."""
    try:
        endpoint, _ = current_app.url_map.bind("").match(path)
    except HTTPException:
        return False
    return endpoint != "static" and not endpoint.endswith(".unknown")


def packages() -> dict[str, Package]:
    """Return what headings show of the declared datasets that the reader may see, by name.

    Of a series that is its latest report and how many there are: CKAN's own action describes hundreds of resources.
    """
    datasets = config.library().datasets
    query = model.Session.query(model.Package).filter(model.Package.name.in_(datasets), model.Package.state == "active")
    visible = {package.name: package for package in query if _may_see(package)}
    latest = _latest([package.id for name, package in visible.items() if datasets[name].table is None])
    return {
        name: {"title": package.title, "notes": package.notes, **latest.get(package.id, {})}
        for name in datasets
        if (package := visible.get(name))
    }


def _may_see(package: model.Package) -> bool:
    context: Any = {"user": tk.current_user.name, "package": package}
    try:
        return bool(tk.check_access("package_show", context, {"id": package.id}))
    except (tk.ObjectNotFound, tk.NotAuthorized):
        return False


def _latest(packages: list[str]) -> dict[str, dict[str, Any]]:
    """Return the latest resource of each package as its ``resources``, and how many it has; by the packages' ids."""
    resource = model.Resource
    query = model.Session.query(resource, sa.func.count().over(partition_by=resource.package_id))
    query = query.filter(resource.package_id.in_(packages), resource.state == "active", resource.url != "")
    query = query.distinct(resource.package_id).order_by(resource.package_id, sa.text(_DAY), resource.name.desc())
    latest = {resource.package_id: (resource_dictize(resource, {}), number) for resource, number in query}
    set_urls([shown for shown, _ in latest.values()])
    return {package: {"resources": [shown], "num_resources": number} for package, (shown, number) in latest.items()}
