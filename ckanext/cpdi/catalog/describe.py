"""What the catalogue says of the department itself: the organization, and place and contact of its datasets.

It is written once, from the profile, and belongs to staff from then on. Where the portal becomes another department's,
it is written anew, when somebody says so.
"""

from __future__ import annotations

from typing import Any

import ckan.plugins.toolkit as tk
from ckan import model

from ckanext.cpdi import config
from ckanext.cpdi.catalog.department import describe, describe_organization
from ckanext.cpdi.catalog.people import SET_UP, portal_user
from ckanext.cpdi.declare import Dataset, Profile

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


def empty_resources(dataset: Dataset, profile: Profile) -> None:
    """Let the resources of ``dataset`` say what they did before its first run."""
    there = _package(dataset)
    if there:
        made = {one["id"]: one for one in describe(dataset, profile)["resources"]}
        resources = [made.get(one["id"], one) for one in there["resources"]]
        change = {"id": there["id"], "resources": resources, "temporal_start": "", "temporal_end": ""}
        tk.get_action("package_patch")(portal_user(**{SET_UP: True}), change)


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
