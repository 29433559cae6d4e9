"""Joins settings, request and store into a :class:`~ckanext.cpdi.site.pages.Portal`, once a request."""

from __future__ import annotations

from datetime import UTC, datetime

import ckan.plugins.toolkit as tk
from flask import current_app, g
from werkzeug.exceptions import HTTPException

from ckanext.cpdi import addresses, config
from ckanext.cpdi.site.pages import Package, Portal
from ckanext.cpdi.site.runs.ledger import Ledger, read_ledger


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
    """Return the declared datasets that the reader may see, by name."""
    visible: dict[str, Package] = {}
    for name in config.library().datasets:
        try:
            package = tk.get_action("package_show")({"user": tk.current_user.name}, {"id": name})
        except (tk.ObjectNotFound, tk.NotAuthorized):
            continue
        if package["state"] == "active":
            visible[name] = package
    return visible
