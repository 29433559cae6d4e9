"""Creates the department's organization and datasets from the declarations where they are missing.

What exists belongs to the staff and is not overwritten.
"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import ckan.plugins.toolkit as tk
from ckan import model
from ckan.lib.search import rebuild

from ckanext.cpdi import addresses, config
from ckanext.cpdi.catalog.approved import unapproved
from ckanext.cpdi.catalog.extent import extent
from ckanext.cpdi.catalog.parts import Part, label_of, parts
from ckanext.cpdi.catalog.people import SET_UP, portal_user
from ckanext.cpdi.declare import Dataset, Profile
from ckanext.cpdi.declare.departments.offer import offer
from ckanext.cpdi.errors import PortalError, Said


class DepartmentError(PortalError, RuntimeError):
    """An organization or dataset in the catalogue prevents the declared one; the message says what to do."""


def ensure_all() -> list[str]:
    """Create the organization and the department's datasets; return what was created, in words.

    A dataset that its profile does not name is created with the first feed of it.
    """
    created = ensure_organization()
    for dataset in offer(config.profile(), config.library()):
        created += ensure_dataset(dataset)
    return created


def ensure_organization() -> list[str]:
    """Create the organization that publishes; return what was created, in words.

    Raises DepartmentError where an organization of that name has been deleted.
    """
    name = config.organization()
    organization = model.Group.get(name)
    if organization is None:
        form = {"name": name, **describe_organization(config.profile())}
        tk.get_action("organization_create")(portal_user(), form)
        return [f"organization {name}"]
    if organization.state != "active" or not organization.is_organization:
        raise DepartmentError(
            Said("{name} is deleted, or a group: restore it, or name another in ckanext.cpdi.organization", name=name)
        )
    return []


def ensure_dataset(dataset: Dataset) -> list[str]:
    """Create ``dataset`` with its metadata and resources, or the missing resources of an existing one.

    Returns what was created or renumbered, in words: CKAN cannot update a dataset whose resources have gaps in their
    numbers. Raises DepartmentError where a dataset of another type has its name.
    """
    stored = model.Package.get(dataset.name)
    if stored is None:
        package = describe(dataset, config.profile()) | {"private": _is_private(dataset)}
        tk.get_action("package_create")(portal_user(**{SET_UP: True}), package)
        return [f"dataset {dataset.name}"]
    if stored.type != dataset.type:
        raise DepartmentError(
            Said(
                "there is a dataset {name} of type {kind}, which is declared as {kind2}: rename it",
                name=dataset.name,
                kind=stored.type,
                kind2=dataset.type,
            )
        )
    if stored.state != "active":
        return []
    numbered = [f"the order of the resources of {dataset.name}"] if number_resources(stored) else []
    ids = {resource.id for resource in stored.resources}
    missing = [part for part in all_parts(dataset) if part.id not in ids]
    if not missing:
        return numbered
    package = tk.get_action("package_show")(portal_user(), {"id": stored.id})
    year = dataset.shown_year(config.profile().zone, datetime.now(UTC))
    resources = [*package["resources"], *(describe_part(part, year) for part in missing)]
    tk.get_action("package_patch")(portal_user(**{SET_UP: True}), {"id": stored.id, "resources": resources})
    return [*numbered, *(f"resource {part.kind.format} of {dataset.name}" for part in missing)]


def _is_private(dataset: Dataset) -> bool:
    """Return whether a new dataset is private: one with rows is, unless all of its rules were approved before."""
    if dataset.table is None:
        return False
    with config.store() as store:
        return bool(unapproved(store, dataset.name))


def number_resources(package: model.Package) -> bool:
    """Number the resources of ``package`` from 0 without gaps, in their order; return whether that was necessary.

    CKAN takes a resource's number for its place in the list (ckan.lib.dictization.model_save), and fails at a gap.
    """
    listed = sorted(package.resources_all, key=lambda resource: (resource.state == "deleted", resource.position))
    if all(resource.position == place for place, resource in enumerate(listed) if resource.state != "deleted"):
        return False
    for place, resource in enumerate(listed):
        resource.position = place
    model.repo.commit()
    rebuild(package.id)  # CKAN reads the numbers from the search index
    return True


def describe_organization(profile: Profile) -> dict[str, str]:
    """Return the organization's fields as it is created."""
    agency = profile.agency
    return {"title": agency.name.en, "description": f"{agency.city}, {agency.state}"}


def describe(dataset: Dataset, profile: Profile) -> dict[str, Any]:
    """Return the fields of ``dataset`` as it is created."""
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
        "contact_name": agency.contact_name.en,
        "contact_email": agency.contact_email,
        "access_rights": "public",
        "language": ["en"],
        **dataset.form_start,
        "resources": [describe_part(part, year) for part in all_parts(dataset)],
    }
    return {key: value for key, value in package.items() if value not in ("", None)}


def all_parts(dataset: Dataset) -> list[Part]:
    """Return the portal's own resources of ``dataset``, those of its first table first."""
    library = config.library()
    tables = library.tables_of(dataset.name) or ((dataset, *dataset.side_tables) if dataset.table else ())
    return [part for table in tables for part in parts(table, config.formats(table.table), label_of(table, library))]


def describe_part(part: Part, year: int | None) -> dict[str, Any]:
    """Return a resource's fields as it is created in ``year``; ``protect/`` keeps its address and mark."""
    return {
        "id": part.id,
        "url": addresses.url(part.path),
        "url_type": "cpdi",
        "name": part.name(year).en,
        "description": part.description.en,
        "format": part.kind.format,
        "mimetype": part.kind.media_type,
    }
