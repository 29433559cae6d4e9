"""Which resources are ours, and what of them stays as declared."""

from __future__ import annotations

from typing import Any

import ckan.plugins.toolkit as tk

from ckanext.cpdi import config
from ckanext.cpdi.catalog.parts import URL_TYPE, Part, by_id

Resource = dict[str, Any]

SAMPLE = "SAMPLE"
"""How the names of synthetic reports begin."""


def part(resource_id: str | None) -> Part | None:
    """Return the part that this resource is; None for one of somebody else's."""
    return by_id(config.library()).get(resource_id or "")


def is_ours(resource_id: str | None) -> bool:
    """Return whether the resource follows from a declaration."""
    return part(resource_id) is not None


def is_table(resource_id: str | None) -> bool:
    """Return whether a table of the store stands behind the resource."""
    found = part(resource_id)
    return found is not None and found.is_table


def has_table(dataset: str) -> bool:
    """Return whether ``dataset`` (a name) is declared with a table."""
    return any(one.name == dataset for one in config.library().tables)


def keep(given: Resource, stored: Resource, found: Part) -> Resource:
    """Return the resource ``given`` with what is not for staff to change taken from the declaration and ``stored``.

    A form that does not know a field leaves it out, so what is stored comes first and what is given lies above it.
    """
    kept = {**stored, **given}
    for upload in ("upload", "clear_upload"):
        kept.pop(upload, None)
    kept["url"] = tk.config["ckan.site_url"].rstrip("/") + found.path
    kept["url_type"] = URL_TYPE
    kept["format"] = found.kind.format
    if found.is_table:
        kept["datastore_active"] = bool(stored.get("datastore_active")) or bool(given.get("datastore_active"))
    return kept


def is_sample(given: Resource) -> bool:
    """Return whether the file of a resource is called as a synthetic report is."""
    upload = given.get("upload")
    name = getattr(upload, "filename", None) or str(given.get("url") or "").rpartition("/")[2]
    return name.upper().startswith(SAMPLE)


def disown(given: Resource) -> Resource:
    """Return a resource of somebody else's without our mark, which would make it read-only."""
    return {**given, "url_type": ""} if given.get("url_type") == URL_TYPE else given
