"""Guards around resources: which are ours, and which of their values stay as declared."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

import ckan.plugins.toolkit as tk
from ckan import model
from ckan.types import Action, Context, DataDict

from ckanext.cpdi import addresses, config
from ckanext.cpdi.catalog import resource_urls
from ckanext.cpdi.catalog.parts import URL_TYPE, Part, by_id

Resource = dict[str, Any]

SAMPLE = "SAMPLE"
"""The prefix of the names of synthetic reports."""


def part(resource_id: str | None) -> Part | None:
    """Return the declared part with this id; None for a resource that is not ours."""
    return by_id(config.library()).get(resource_id or "")


def part_named(reference: object) -> Part | None:
    """Return the part that CKAN finds by ``reference``, its id or its resource's present name; None for any other."""
    if not isinstance(reference, str) or not reference:
        return None
    match = part(reference)
    if match is None:
        resource = model.Resource.get(reference)
        match = part(resource.id) if resource is not None else None
    return match


def tables_in(data_dict: dict[str, Any]) -> list[Part]:
    """Return the tables that a call of the DataStore's API names in any way.

    The API takes ``id`` for ``resource_id``, and uses either where both are given. A ``resource`` may have an id of
    its own. An alias is the name of a view, which would hide a table of that name.
    """
    parts = [part_named(reference) for reference in _references(data_dict)]
    return [match for match in parts if match is not None and match.is_table]


def _references(data_dict: dict[str, Any]) -> Iterator[object]:
    inner = data_dict.get("resource")
    for holder in (data_dict, inner if isinstance(inner, dict) else {}):
        for key in ("resource_id", "id"):
            yield from _each(holder.get(key))
    aliases = data_dict.get("aliases")
    yield from (alias.strip() for alias in aliases.split(",")) if isinstance(aliases, str) else _each(aliases)


def _each(value: object) -> Iterable[object]:
    return value if isinstance(value, list) else (value,)


def is_ours(resource_id: str | None) -> bool:
    """Return whether the resource follows from a declaration."""
    return part(resource_id) is not None


def is_table(resource_id: str | None) -> bool:
    """Return whether a table of the store stands behind the resource."""
    match = part(resource_id)
    return match is not None and match.is_table


def has_table(dataset: str) -> bool:
    """Return whether ``dataset`` (a name) is declared with a table."""
    return any(table.name == dataset for table in config.library().tables)


def is_report(resource: model.Resource | None) -> bool:
    """Return whether the resource is a report that the portal published into a series."""
    if resource is None or resource.url_type != URL_TYPE:
        return False
    return is_series(resource.package.name)


def is_series(dataset: str) -> bool:
    """Return whether ``dataset`` (a name) is declared as a series of reports."""
    declared = config.library().datasets.get(dataset)
    return declared is not None and declared.table is None


def is_upload(resource: Resource) -> bool:
    """Return whether a resource as it is sent brings a file."""
    upload = resource.get("upload")
    return bool(getattr(upload, "filename", upload)) or resource.get("url_type") == "upload"


def keep(sent: Resource, stored: Resource, declared: Part) -> Resource:
    """Return the resource as ``sent``, with the values that staff may not change from the declaration and ``stored``.

    A form leaves out the fields that it does not know, so the stored values are the base and the sent ones override.
    """
    merged = {**stored, **sent}
    for upload in ("upload", "clear_upload"):
        merged.pop(upload, None)
    merged["url"] = addresses.url(declared.path)
    merged["url_type"] = URL_TYPE
    merged["format"] = declared.kind.format
    if declared.is_table:
        merged["datastore_active"] = bool(stored.get("datastore_active")) or bool(sent.get("datastore_active"))
    return merged


def is_sample(resource: Resource) -> bool:
    """Return whether the file of a resource has the name of a synthetic report."""
    upload = resource.get("upload")
    name = getattr(upload, "filename", None) or str(resource.get("url") or "").rpartition("/")[2]
    return name.upper().startswith(SAMPLE)


def disown(resource: Resource) -> Resource:
    """Return somebody's resource without our mark, which would make it read-only."""
    return {**resource, "url_type": ""} if resource.get("url_type") == URL_TYPE else resource


@tk.side_effect_free
@tk.chained_action
def resource_search(next_: Action, context: Context, data_dict: DataDict) -> Any:  # noqa: ANN401  as CKAN has it
    """Search resources; each has its present address, not the one it was stored with."""
    result = next_(context, data_dict)
    resource_urls.set_urls(resource for resource in result["results"] if isinstance(resource, dict))
    return result
