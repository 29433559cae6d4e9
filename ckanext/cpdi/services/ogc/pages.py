"""View models of the service's pages: a collection with its columns, its rows with a form to choose them, a row."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode
from zoneinfo import ZoneInfo

import ckan.plugins.toolkit as tk
from flask import request

from ckanext.cpdi import addresses, config
from ckanext.cpdi.declare import Dataset, Field
from ckanext.cpdi.publish.address import address_of
from ckanext.cpdi.query.writers.link import write_link
from ckanext.cpdi.services.ogc import answers
from ckanext.cpdi.services.ogc.features import Feature
from ckanext.cpdi.services.ogc.items import Page, Question, page_links
from ckanext.cpdi.services.ogc.tables import Collection

CSV = "csv"
_LIMITS = (10, 100, 1000)
_CHOICES = 40
"""Values of a column that a form lists at most."""


def collection_view(collection: Collection) -> dict[str, Any]:
    """Return what the page of a collection shows."""
    language = tk.h.lang()
    return {
        "collection": collection,
        "title": collection.dataset.title.get(language),
        "description": collection.dataset.description.get(language),
        "columns": [_column(field, language) for field in collection.dataset.rows.fields],
        "root": answers.url(),
    }


def items_view(dataset: Dataset, question: Question, page: Page, zone: ZoneInfo) -> dict[str, Any]:
    """Return what the page of a collection's rows shows, with the link to a file of all that meet the question."""
    language, table = tk.h.lang(), dataset.rows
    fields = [table.field(name) for name in question.shown]
    links = {link["rel"]: link["href"] for link in page_links(dataset.name, page.following)}
    return {
        "name": dataset.name,
        "title": dataset.title.get(language),
        "columns": [_column(field, language) for field in fields],
        "rows": [(feature["id"], [_cell(feature, field, language) for field in fields]) for feature in page.features],
        "matched": page.matched,
        "following": links.get("next", ""),
        "json": links["self"],
        "file": _file(dataset, question, zone),
        "limits": _LIMITS,
        "limit": question.limit,
        "asked": request.args,
        "choices": [(_column(field, language), _values(field, language)) for field in table.fields if _listed(field)],
        "has_point": table.point is not None,
    }


def _file(dataset: Dataset, question: Question, zone: ZoneInfo) -> str:
    """Return the address of the CSV file of the rows that meet the question; empty where there is no CSV."""
    if CSV not in config.formats(dataset.table):
        return ""
    asked = urlencode(write_link(question.condition, dataset.rows, zone))
    path = address_of(dataset, None, CSV).path
    return addresses.url(f"{path}?{asked}" if asked else path)


def item_view(dataset: Dataset, feature: Feature) -> dict[str, Any]:
    """Return what the page of a row shows."""
    language = tk.h.lang()
    return {
        "name": dataset.name,
        "title": dataset.title.get(language),
        "id": feature["id"],
        "cells": [(_column(field, language), _cell(feature, field, language)) for field in dataset.rows.fields],
        "point": feature["geometry"]["coordinates"] if feature["geometry"] else None,
        "json": answers.url(f"/collections/{dataset.name}/items/{feature['id']}?f=json"),
    }


def _column(field: Field, language: str) -> dict[str, Any]:
    return {
        "name": field.name,
        "title": field.title.get(language),
        "description": field.description.get(language),
        "type": field.type,
        "values": [title for _, title in _values(field, language)],
    }


def _listed(field: Field) -> bool:
    return field.type == "boolean" or 0 < len(field.constraints.enum or ()) <= _CHOICES


def _values(field: Field, language: str) -> list[tuple[str, str]]:
    """Return the values that a column may have, with their titles."""
    if field.type == "boolean":
        return [("yes", tk._("yes")), ("no", tk._("no"))]
    titles = {value: title.get(language) for value, title in field.values.items()}
    return [(value, titles.get(value, value)) for value in field.constraints.enum or ()]


def _cell(feature: Feature, field: Field, language: str) -> str:
    value = feature["properties"][field.name]
    if value is None:
        return ""
    if field.type == "boolean":
        return tk._("yes") if value else tk._("no")
    if field.type == "datetime":
        return value.isoformat(sep=" ", timespec="minutes")
    return field.values[value].get(language) if value in field.values else str(value)
