"""CKAN's own pages in the reader's language: what its helpers call a dataset, a resource and its columns; the facts.

CKAN's helpers are chained; what the portal did not write itself is as CKAN has it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import ckan.plugins.toolkit as tk

from ckanext.cpdi import config
from ckanext.cpdi.catalog.texts import columns, own_text
from ckanext.cpdi.declare import Text
from ckanext.cpdi.site import words

Stored = Mapping[str, Any]
Facet = list[dict[str, Any]]
_FACTS = {
    "rows": Text("Rows", "Filas"),
    "covered_from": Text("From", "Desde"),
    "covered_to": Text("To", "Hasta"),
    "size": Text("Size", "Tamaño"),
    "version": Text("Version", "Versión"),
    "id": Text("Id", "Identificador"),
}
"""What a resource's page tells of it beside what CKAN has words for, in its order."""


@tk.chained_helper
def get_translated(next_: Callable[[Stored, str], Any], stored: Stored, field: str) -> Any:  # noqa: ANN401  a text, or what CKAN has
    """Return ``field`` of a dataset or a resource in the reader's language."""
    text = _own(stored, field)
    return text.get(tk.h.lang()) if text else next_(stored, field)


@tk.chained_helper
def dataset_display_name(next_: Callable[[Any], str], package: Any) -> str:  # noqa: ANN401  a model or a dictionary
    """Return the title of a dataset in the reader's language."""
    stored = package if isinstance(package, Mapping) else {"name": package.name, "title": package.title}
    text = _own(stored, "title")
    return text.get(tk.h.lang()) if text else next_(package)


@tk.chained_helper
def resource_display_name(next_: Callable[[Stored], str], resource: Stored) -> str:
    """Return the name of a resource in the reader's language."""
    text = _own(resource, "name")
    return text.get(tk.h.lang()) if text else next_(resource)


@tk.chained_helper
def humanize_entity_type(
    next_: Callable[[str, str, str], str | None], entity: str, kind: str, purpose: str
) -> str | None:
    """Return what CKAN calls a type; those of datasets are for programs, and people have the words of any dataset."""
    ours = {dataset.type for dataset in config.library().datasets.values()}
    return None if entity == "package" and kind in ours else next_(entity, kind, purpose)


@tk.chained_helper
def get_facet_items_dict(next_: Callable[..., Facet], facet: str, *rest: Any, **more: Any) -> Facet:  # noqa: ANN401
    """Return the values of a facet of a search; keywords in the reader's language."""
    items = next_(facet, *rest, **more)
    return [{**item, "display_name": keyword(item["name"])} for item in items] if facet == "tags" else items


def keyword(term: str) -> str:
    """Return what a dataset's keyword is called in the reader's language."""
    return config.library().keyword(term, tk.h.lang())


def _own(stored: Stored, field: str) -> Text | None:
    return own_text(stored, field, config.library(), config.profile())


def dictionary(resource_id: str) -> list[dict[str, Any]]:
    """Return the columns of a resource as CKAN's page lists them, in the reader's language."""
    texts, language = columns(resource_id, config.library(), config.profile()), tk.h.lang()
    return [_column(column, texts, language) for column in tk.h.datastore_dictionary(resource_id)]


def _column(column: dict[str, Any], texts: Mapping[str, tuple[Text, Text]], language: str) -> dict[str, Any]:
    if column["id"] not in texts:
        return column
    info = dict(column.get("info") or {})
    for field, text in zip(("label", "notes"), texts[column["id"]], strict=True):
        if info.get(field):
            info[field] = text.unless_edited(info[field], language)
    return {**column, "info": info}


def facts(resource: Stored) -> list[tuple[str, str]]:
    """Return what is known of a resource, each with its title; nothing of what CKAN keeps for itself."""
    language = tk.h.lang()
    return [
        (title.get(language), _said(name, resource[name], language))
        for name, title in _FACTS.items()
        if resource.get(name) not in (None, "")
    ]


def _said(name: str, value: Any, language: str) -> str:  # noqa: ANN401  whatever CKAN keeps
    if name == "size":
        return words.size(int(value), language)
    if name == "rows":
        return words.number(int(value), language)
    return tk.h.render_datetime(value) if name.startswith("covered") else str(value)
