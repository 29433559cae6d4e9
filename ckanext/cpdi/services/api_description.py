"""``/openapi.json``: all services as OpenAPI 3.1; ``/openapi``: the same as pages for people, without a script."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from functools import partial
from typing import Any

import ckan.plugins.toolkit as tk
import orjson
import psycopg
from flask import Blueprint, Response, make_response, request

from ckanext.cpdi.selection.errors import BusyError
from ckanext.cpdi.services.http.answer import open_to_all, say
from ckanext.cpdi.services.http.headers import cache, cache_page
from ckanext.cpdi.services.http.statuses import status_of
from ckanext.cpdi.services.openapi.document import document
from ckanext.cpdi.services.openapi.pages import index_view, operation_view
from ckanext.cpdi.services.openapi.portal import OPENAPI

blueprint = Blueprint("cpdi_openapi", __name__)

SECONDS = 60
"""How long caches may keep an answer: no longer than one on who may read the tables."""
_AWAY = "The tables cannot be read at the moment. Please ask again in some minutes."


@blueprint.get("/openapi.json")
def show() -> Response:
    """Answer with the document."""
    try:
        body = orjson.dumps(document())
    except (psycopg.Error, BusyError) as error:
        return open_to_all(say(status_of(error), _AWAY))
    response = Response(body, content_type=OPENAPI)
    response.set_etag(hashlib.sha256(body).hexdigest()[:20], weak=True)
    response.make_conditional(request.environ)
    return open_to_all(cache(response, SECONDS))


@blueprint.get("/openapi")
def index() -> Response:
    """Answer with all operations by service."""
    return _page("index", index_view)


@blueprint.get("/openapi/<name>")
def operation(name: str) -> Response:
    """Answer with an operation: its parameters and its answers."""
    return _page("operation", partial(operation_view, name=name))


def _page(template: str, view: Callable[[dict[str, Any]], dict[str, Any] | None]) -> Response:
    """Return the page of ``view``, which gets the document; 404 where it has nothing to show."""
    try:
        shown = view(document())
    except (psycopg.Error, BusyError) as error:
        tk.abort(status_of(error), _AWAY)
    if shown is None:
        tk.abort(404)
    response = make_response(tk.render(f"cpdi/openapi/{template}.html", shown))
    return cache_page(response, SECONDS, signed_in=tk.current_user.is_authenticated)
