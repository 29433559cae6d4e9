"""Pages for people: documents that can be read, and a form by which queries can be tried."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any
from urllib.parse import urlencode

import ckan.plugins.toolkit as tk
from flask import Response, make_response

from ckanext.cpdi import config
from ckanext.cpdi.query.errors import QueryError
from ckanext.cpdi.services.geoservices import answers
from ckanext.cpdi.services.geoservices.asked import Service
from ckanext.cpdi.services.geoservices.forms import FORMS
from ckanext.cpdi.services.geoservices.layers import Layer
from ckanext.cpdi.services.geoservices.page import Page
from ckanext.cpdi.services.geoservices.parameters import Parameters
from ckanext.cpdi.services.geoservices.query import Query, read_query
from ckanext.cpdi.services.http.access import Readers
from ckanext.cpdi.services.http.headers import cache, cache_page
from ckanext.cpdi.services.spoken import spoken

SECONDS = 60
MOST = 50
"""Rows of a page for people."""
TEXTS = ("where", "outFields", "orderByFields", "geometry", "time", "groupByFieldsForStatistics", "outStatistics")
"""Parameters that the form has a line for."""
KINDS = ("returnCountOnly", "returnIdsOnly", "returnExtentOnly", "returnDistinctValues")
"""Parameters that the form has a box for."""
_FORM = (*TEXTS, *KINDS, "resultOffset", "returnGeometry")


@dataclass(frozen=True)
class Answer:
    """What the query page shows under its form: a table of rows, or else a text; or what is wrong, in words."""

    names: tuple[str, ...] = ()
    rows: tuple[tuple[str, ...], ...] = ()
    text: str = ""
    error: str = ""
    next: str = ""


def document(name: str, values: Mapping[str, Any], opened: Service | None = None) -> Response:
    """Return the page of a document: ``name`` is that of its template."""
    shown: dict[str, Any] = {"document": values, "profile": config.profile()}
    if opened is not None:
        dataset = opened.layers[0].dataset
        shown |= {"name": dataset.name, "title": dataset.title.get(tk.h.lang()), "layers": opened.layers}
    return _page(f"cpdi/arcgis/{name}.html", shown, opened)


def query(opened: Service, layer: Layer, parameters: Parameters) -> Response:
    """Return the form, filled as it was sent, and the answer where something was asked."""
    given = {name: parameters.text(name) for name in _FORM}
    shown = {
        "name": layer.dataset.name,
        "title": layer.dataset.title.get(tk.h.lang()),
        "layer": layer,
        "given": given,
        "kinds": KINDS,
        "fields": layer.fields,
        "answer": _answer(opened, layer, parameters, given) if any(given.values()) else None,
        "json": urlencode({name: value for name, value in given.items() if value} | {"f": "json"}),
    }
    response = _page("cpdi/arcgis/query.html", shown, opened)
    return cache(response, 0) if shown["answer"] and shown["answer"].error else response


def _page(template: str, shown: dict[str, Any], opened: Service | None) -> Response:
    response = make_response(tk.render(template, shown))
    private = opened is not None and opened.allowed is not Readers.EVERYBODY
    return cache_page(response, SECONDS, signed_in=private or tk.current_user.is_authenticated)


def _answer(opened: Service, layer: Layer, parameters: Parameters, given: dict[str, str]) -> Answer:
    try:
        asked = read_query(layer, parameters, opened.zone)
    except QueryError as error:
        return Answer(error=spoken(error.said))
    asked = replace(asked, limit=min(asked.limit, MOST))
    if asked.kind == "features":
        return _table(asked, answers.features(asked, opened.reader), given)
    if asked.kind == "ids":
        return Answer(text=str(tk._("The list of ids has no end for a page: take it as JSON.")))
    body = answers.answer(asked, opened.reader, FORMS["pjson"])
    return Answer(text=body.decode() if isinstance(body, bytes) else "")


def _table(asked: Query, page: Page, given: dict[str, str]) -> Answer:
    """Return the rows as texts, and the address of those that follow."""
    names = tuple(field.name for field in page.fields)
    dates = {place for place, field in enumerate(page.fields) if field.type == "esriFieldTypeDate"}
    shown = [row[: len(names)] for row in page.values.rows()]
    rows = tuple(tuple(_cell(value, place in dates) for place, value in enumerate(row)) for row in shown)
    following = {name: value for name, value in given.items() if value} | {
        "resultOffset": str(asked.offset + asked.limit),
        "f": "html",
    }
    return Answer(names, rows, next=f"?{urlencode(following)}" if page.exceeded else "")


def _cell(value: Any, is_date: bool) -> str:  # noqa: ANN401
    if value is None:
        return ""
    if is_date:
        return datetime.fromtimestamp(value / 1000, UTC).strftime("%Y-%m-%d %H:%M:%S")
    return str(value)
