"""What the catalogue says of the department itself: the organization, and place and contact of its datasets.

It is written once, from the profile, and belongs to staff from then on. Where the portal becomes another department's,
it is written anew, when somebody says so.
"""

from __future__ import annotations

from typing import Any

import ckan.plugins.toolkit as tk
from ckan import model
from ckan.lib.search import rebuild

from ckanext.cpdi import config
from ckanext.cpdi.catalog.department import describe, describe_organization
from ckanext.cpdi.catalog.parts import parts
from ckanext.cpdi.catalog.people import portal_user
from ckanext.cpdi.declare import Dataset, Profile

_FACTS = ("rows", "version", "datastore_active", "covered_from", "covered_to")
"""What :mod:`ckanext.cpdi.catalog.refresh` fills in, beside size and time."""
_FIELDS = ("spatial_text", "contact_name", "contact_email")
"""Fields of a dataset that come from the department."""


def differences(profile: Profile) -> list[str]:
    """Return where the catalogue names another department than ``profile``, in words; staff may have meant it."""
    wanted, found = describe_organization(profile), _organization()
    lines = [
        f"the organization has the {name} {found.get(name)!r}, and not {wanted[name]!r}"
        for name in ("title", "description")
        if found and found.get(name) != wanted[name]
    ]
    for dataset in config.library().datasets.values():
        there, place = _package(dataset), _fields(dataset, profile)["spatial_text"]
        if there and there.get("spatial_text") != place:
            lines.append(f"{dataset.name} has the place {there.get('spatial_text')!r}, and not {place!r}")
    return lines


def describe_anew(profile: Profile) -> None:
    """Let the organization and the datasets name the department of ``profile``, whatever they say now."""
    tk.get_action("organization_patch")(portal_user(), {"id": config.organization(), **describe_organization(profile)})
    for dataset in config.library().datasets.values():
        there = _package(dataset)
        if there:
            tk.get_action("package_patch")(portal_user(), {"id": there["id"], **_fields(dataset, profile)})


def forget_rows(dataset: Dataset) -> None:
    """Let ``dataset`` and its resources say nothing of rows: there is no table behind them any more.

    It is done past the actions, which keep what is known of a table.
    """
    package = model.Package.get(dataset.name)
    if package is None:
        return
    ours = {one.id for one in parts(dataset)}
    for one in package.resources:
        if one.id in ours:
            one.extras = {name: value for name, value in (one.extras or {}).items() if name not in _FACTS}
            for name in ("size", "last_modified"):
                setattr(one, name, None)
    model.repo.commit()
    rebuild(package.id)
    tk.get_action("package_patch")(portal_user(), {"id": package.id, "temporal_start": "", "temporal_end": ""})


def _fields(dataset: Dataset, profile: Profile) -> dict[str, str]:
    made = describe(dataset, profile)
    return {name: made.get(name, "") for name in _FIELDS}


def _organization() -> dict[str, Any]:
    found = model.Group.get(config.organization())
    return {"title": found.title, "description": found.description} if found is not None else {}


def _package(dataset: Dataset) -> dict[str, Any]:
    """Return the dataset as CKAN has it; empty where it is not in the catalogue."""
    found = model.Package.get(dataset.name)
    if found is None or found.state != "active":
        return {}
    return tk.get_action("package_show")(portal_user(), {"id": found.id})
