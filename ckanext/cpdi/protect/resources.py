"""Which resources are ours, and what of them stays as declared."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

import ckan.plugins.toolkit as tk
from ckan import model
from ckan.types import Action, Context, DataDict

from ckanext.cpdi import addresses, config
from ckanext.cpdi.catalog import shown
from ckanext.cpdi.catalog.parts import URL_TYPE, Part, by_id

Resource = dict[str, Any]

SAMPLE = "SAMPLE"
"""How the names of synthetic reports begin."""


def part(resource_id: str | None) -> Part | None:
    """Return the part that this resource is; None for one of somebody else's."""
    return by_id(config.library()).get(resource_id or "")


def named(reference: object) -> Part | None:
    """Return the part that CKAN finds by ``reference``: by its id, or by the name that its resource has just now."""
    if not isinstance(reference, str) or not reference:
        return None
    found = part(reference)
    if found is None:
        resource = model.Resource.get(reference)
        found = part(resource.id) if resource is not None else None
    return found


def tables_in(data_dict: dict[str, Any]) -> list[Part]:
    """Return the tables that a call of the DataStore's API names, whichever of its ways to name one is used.

    It takes ``id`` for ``resource_id`` and, of both, the one; a ``resource`` may bring an id of its own; an alias is
    the name of a view, which stands in the way of a table of that name.
    """
    found = [named(one) for one in _references(data_dict)]
    return [one for one in found if one is not None and one.is_table]


def _references(data_dict: dict[str, Any]) -> Iterator[object]:
    inner = data_dict.get("resource")
    for holder in (data_dict, inner if isinstance(inner, dict) else {}):
        for key in ("resource_id", "id"):
            yield from _each(holder.get(key))
    aliases = data_dict.get("aliases")
    yield from (one.strip() for one in aliases.split(",")) if isinstance(aliases, str) else _each(aliases)


def _each(value: object) -> Iterable[object]:
    return value if isinstance(value, list) else (value,)


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
    kept["url"] = addresses.url(found.path)
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


@tk.side_effect_free
@tk.chained_action
def resource_search(next_: Action, context: Context, data_dict: DataDict) -> Any:  # noqa: ANN401  as CKAN has it
    """Search resources; each has the address that it has now, not the one it was stored with."""
    found = next_(context, data_dict)
    shown.place(one for one in found["results"] if isinstance(one, dict))
    return found
