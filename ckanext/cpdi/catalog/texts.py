"""What the portal itself wrote in the catalogue, for readers of other languages than the one that it is written in.

CKAN's own pages ask for it by dataset, resource or column. A text that staff changed is theirs, in every language.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ckanext.cpdi.catalog import places
from ckanext.cpdi.catalog.parts import PLACES, by_id
from ckanext.cpdi.declare import Library, Profile, Text

Stored = Mapping[str, Any]


def own_text(stored: Stored, field: str, library: Library, profile: Profile) -> Text | None:
    """Return ``field`` of a dataset, a resource or the department's organization as the portal wrote it.

    None where it did not, or staff changed it.
    """
    if "package_id" in stored:
        text = _resource(stored, field, library)
    elif stored.get("is_organization"):
        text = {"title": profile.agency.name, "display_name": profile.agency.name}.get(field)
    else:
        text = _dataset(str(stored.get("name")), field, library, profile)
    return text if text and text.en == stored.get(field) else None


def _dataset(name: str, field: str, library: Library, profile: Profile) -> Text | None:
    about = {"contact_name": profile.agency.contact_name}
    if name == PLACES:
        return {**about, "title": places.TITLE, "notes": places.about(profile)}.get(field)
    dataset = library.datasets.get(name)
    if dataset is None:
        return about.get(field)
    return {**about, "title": dataset.title, "notes": dataset.description}.get(field) or dataset.form_text(field)


def _resource(stored: Stored, field: str, library: Library) -> Text | None:
    part = by_id(library).get(str(stored.get("id")))
    if part is None:
        return None
    return {"description": part.description, "name": part.name(part.year_of(str(stored.get("name"))))}.get(field)


def columns(resource_id: str, library: Library, profile: Profile) -> dict[str, tuple[Text, Text]]:
    """Return title and description of the columns of the table behind a resource, by their names; none of others."""
    part = by_id(library).get(resource_id)
    if part is None or not part.is_table:
        return {}
    if part.dataset == PLACES:
        return places.columns(profile)
    return {field.name: (field.title, field.description) for field in library.dataset(part.dataset).rows.fields}
