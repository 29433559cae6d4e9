"""The department in the catalogue: the organization, and place and contact of its datasets.

These fields are written once, from the profile, and belong to staff from then on. Where the portal becomes another
department's, the operator can overwrite them.
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
from ckanext.cpdi.catalog.published import published
from ckanext.cpdi.declare import Dataset, Profile
from ckanext.cpdi.declare.departments.offer import offer

_FACTS = ("rows", "version", "datastore_active", "covered_from", "covered_to")
"""Fields of resources that :mod:`ckanext.cpdi.catalog.refresh` fills in, beside size and time."""
_FIELDS = ("spatial_text", "contact_name", "contact_email")
"""Fields of a dataset that come from the department."""


def differences(profile: Profile) -> list[str]:
    """Return sentences on fields that name another department than ``profile``; staff may have changed them."""
    declared, stored = describe_organization(profile), _organization()
    lines = [
        f"the organization has the {name} {stored.get(name)!r}, and not {declared[name]!r}"
        for name in ("title", "description")
        if stored and stored.get(name) != declared[name]
    ]
    for dataset in config.library().datasets.values():
        package, place = _package(dataset), _fields(dataset, profile)["spatial_text"]
        if package and package.get("spatial_text") != place:
            lines.append(f"{dataset.name} has the place {package.get('spatial_text')!r}, and not {place!r}")
    return lines + [f"{name} is public, and the profile has no feed of it" for name in idle(profile)]


def describe_anew(profile: Profile) -> None:
    """Overwrite the department's fields of the organization and the datasets with those of ``profile``."""
    tk.get_action("organization_patch")(portal_user(), {"id": config.organization(), **describe_organization(profile)})
    for dataset in config.library().datasets.values():
        package = _package(dataset)
        if package:
            tk.get_action("package_patch")(portal_user(), {"id": package["id"], **_fields(dataset, profile)})


def idle(profile: Profile) -> list[str]:
    """Return the public datasets that the department of ``profile`` does not publish, and in which there is nothing."""
    offered = {dataset.name for dataset in offer(profile, config.library())}
    others = [dataset for name, dataset in config.library().datasets.items() if name not in offered]
    return [dataset.name for dataset in others if _is_idle(dataset, _package(dataset))]


def withdraw(profile: Profile) -> list[str]:
    """Make the :func:`idle` datasets private, so that no page and no list shows them; return their names.

    They stay for staff, who can make them public again.
    """
    names = idle(profile)
    for name in names:
        tk.get_action("package_patch")(portal_user(), {"id": name, "private": True})
    return names


def _is_idle(dataset: Dataset, package: dict[str, Any]) -> bool:
    if not package or package["private"]:
        return False
    if dataset.table is None:
        return not package["resources"]
    tables = config.library().tables_of(dataset.name)
    return all(published(config.read_dsn(), table.name) is None for table in tables)


def forget_rows(dataset: Dataset) -> None:
    """Remove all facts about rows from ``dataset`` and its resources, whose table no longer exists.

    The model is changed directly, since the actions preserve the facts of a table.
    """
    package = model.Package.get(config.library().owner(dataset.name))
    if package is None:
        return
    ours = {part.id for part in parts(dataset)}
    for resource in package.resources:
        if resource.id in ours:
            resource.extras = {name: value for name, value in (resource.extras or {}).items() if name not in _FACTS}
            for name in ("size", "last_modified"):
                setattr(resource, name, None)
    model.repo.commit()
    rebuild(package.id)
    tk.get_action("package_patch")(portal_user(), {"id": package.id, "temporal_start": "", "temporal_end": ""})


def _fields(dataset: Dataset, profile: Profile) -> dict[str, str]:
    declared = describe(dataset, profile)
    return {name: declared.get(name, "") for name in _FIELDS}


def _organization() -> dict[str, Any]:
    organization = model.Group.get(config.organization())
    return {"title": organization.title, "description": organization.description} if organization is not None else {}


def _package(dataset: Dataset) -> dict[str, Any]:
    """Return the dataset's package; empty where it is not in the catalogue."""
    package = model.Package.get(dataset.name)
    if package is None or package.state != "active":
        return {}
    return tk.get_action("package_show")(portal_user(), {"id": package.id})
