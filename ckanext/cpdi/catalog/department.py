"""Makes the department's organization and datasets from the declarations: what is missing, and nothing else.

What stands there already belongs to the staff, so it is never written again.
"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import ckan.plugins.toolkit as tk
from ckan import model
from ckan.lib.search import rebuild

from ckanext.cpdi import addresses, config
from ckanext.cpdi.catalog.extent import extent
from ckanext.cpdi.catalog.parts import Part, parts
from ckanext.cpdi.catalog.people import SET_UP, portal_user
from ckanext.cpdi.declare import Dataset, Profile
from ckanext.cpdi.errors import PortalError


class DepartmentError(PortalError, RuntimeError):
    """Something of the department stands in the way; the message says what and what to do."""


def ensure_all() -> list[str]:
    """Make the organization and every declared dataset; return what was made, in words."""
    made = ensure_organization()
    for dataset in config.library().datasets.values():
        made += ensure_dataset(dataset)
    return made


def ensure_organization() -> list[str]:
    """Make the organization that publishes; return what was made.

    Raises DepartmentError where an organization of that name has been deleted.
    """
    name = config.organization()
    found = model.Group.get(name)
    if found is None:
        described = {"name": name, **describe_organization(config.profile())}
        tk.get_action("organization_create")(portal_user(), described)
        return [f"organization {name}"]
    if found.state != "active" or not found.is_organization:
        raise DepartmentError(
            f"{name} is deleted, or a group: restore it, or name another in ckanext.cpdi.organization"
        )
    return []


def ensure_dataset(dataset: Dataset) -> list[str]:
    """Make ``dataset`` with its metadata and resources; of one that is there, the resources that are missing.

    Returns what was made, or put in order: CKAN cannot update a dataset whose resources are not numbered in a row.
    Raises DepartmentError where a dataset of another type has its name.
    """
    found = model.Package.get(dataset.name)
    if found is None:
        package = describe(dataset, config.profile())
        tk.get_action("package_create")(portal_user(**{SET_UP: True}), package)
        return [f"dataset {dataset.name}"]
    if found.type != dataset.type:
        raise DepartmentError(
            f"there is a dataset {dataset.name} of type {found.type}, which is declared as {dataset.type}: rename it"
        )
    if found.state != "active":
        return []
    numbered = [f"the order of the resources of {dataset.name}"] if number_resources(found) else []
    known = {one.id for one in found.resources}
    missing = [one for one in parts(dataset, config.formats()) if one.id not in known]
    if not missing:
        return numbered
    package = tk.get_action("package_show")(portal_user(), {"id": found.id})
    year = dataset.shown_year(config.profile().zone, datetime.now(UTC))
    resources = [*package["resources"], *(describe_part(one, year) for one in missing)]
    tk.get_action("package_patch")(portal_user(**{SET_UP: True}), {"id": found.id, "resources": resources})
    return [*numbered, *(f"resource {one.kind.format} of {dataset.name}" for one in missing)]


def number_resources(package: model.Package) -> bool:
    """Number the resources of ``package`` in a row, in their order, where they are not; return whether that was so.

    CKAN takes a resource's number for its place in the list (ckan.lib.dictization.model_save), and stumbles at a gap.
    """
    listed = sorted(package.resources_all, key=lambda one: (one.state == "deleted", one.position))
    if all(one.position == place for place, one in enumerate(listed) if one.state != "deleted"):
        return False
    for place, one in enumerate(listed):
        one.position = place
    model.repo.commit()
    rebuild(package.id)  # the index keeps the numbers, too, and CKAN reads them from there
    return True


def describe_organization(profile: Profile) -> dict[str, str]:
    """Return the organization as CKAN's form starts with it."""
    agency = profile.agency
    return {"title": agency.name.en, "description": f"{agency.city}, {agency.state}"}


def describe(dataset: Dataset, profile: Profile) -> dict[str, Any]:
    """Return ``dataset`` as CKAN's form starts with it; one with rows is private until its rules are approved."""
    agency = profile.agency
    year = dataset.shown_year(profile.zone, datetime.now(UTC))
    package = {
        "name": dataset.name,
        "type": dataset.type,
        "title": dataset.title.en,
        "notes": dataset.description.en,
        "owner_org": config.organization(),
        "tag_string": ",".join(dataset.keywords),
        "license_id": config.licence().id,
        "spatial_text": f"{agency.city}, {agency.state}",
        "spatial": extent(dataset, profile),
        "contact_name": agency.contact_name,
        "contact_email": agency.contact_email,
        "private": dataset.table is not None,
        "access_rights": "public",
        "language": ["en"],
        **dataset.metadata,
        "resources": [describe_part(one, year) for one in parts(dataset, config.formats())],
    }
    return {key: value for key, value in package.items() if value not in ("", None)}


def describe_part(part: Part, year: int | None) -> dict[str, Any]:
    """Return a resource as it is first made, in ``year``; its address and mark are set by the guards."""
    return {
        "id": part.id,
        "url": addresses.url(part.path),
        "url_type": "cpdi",
        "name": part.name(year),
        "description": part.description,
        "format": part.kind.format,
        "mimetype": part.kind.media_type,
    }
