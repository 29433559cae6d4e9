"""``/arcgis``: each table as a FeatureServer, as ArcGIS, QGIS, GDAL and their scripts ask for one (GeoServices).

Answers are JSON, GeoJSON, protocol buffers, or a page for people to read and try.
"""

from __future__ import annotations

from collections.abc import Callable
from contextlib import ExitStack
from datetime import UTC, datetime
from typing import Any

import ckan.plugins.toolkit as tk
from flask import Blueprint, Response

from ckanext.cpdi import config
from ckanext.cpdi.query.grammars.arcgis_where import asks_the_clock
from ckanext.cpdi.services.geoservices import answers, documents, pages
from ckanext.cpdi.services.geoservices.asked import Asked, Service, asked, open_service
from ckanext.cpdi.services.geoservices.facts import facts
from ckanext.cpdi.services.geoservices.forms import FORMS
from ckanext.cpdi.services.geoservices.forms.esri import write
from ckanext.cpdi.services.geoservices.query import of_id, read_query
from ckanext.cpdi.services.geoservices.refusals import not_supported, refusal
from ckanext.cpdi.services.http.access import Readers, readers
from ckanext.cpdi.services.http.answer import open_to_questions
from ckanext.cpdi.services.http.direct import keyless
from ckanext.cpdi.services.http.headers import cache, vary
from ckanext.cpdi.services.http.refusal import refuse_unrouted, refuses_in
from ckanext.cpdi.services.http.version import of_version

blueprint = keyless(Blueprint("cpdi_arcgis", __name__, url_prefix="/arcgis"))
blueprint.after_request(open_to_questions)
refuse_unrouted(blueprint, lambda *fault: open_to_questions(refusal(*fault)))

SECONDS = 60
"""How long caches may keep a document of the server itself."""
_SERVICE = "/rest/services/<dataset>/FeatureServer"
_LAYER = f"{_SERVICE}/<int:layer>"
_BOTH = {"methods": ["GET", "POST"], "strict_slashes": False}
_Document = dict[str, Any]


@blueprint.route("/rest/info", **_BOTH)
@refuses_in(refusal)
def info() -> Response:
    """Say which version of the protocol this is."""
    return _plain(asked(), documents.info(), "info")


@blueprint.route("/rest/services", **_BOTH)
@refuses_in(refusal)
def catalogue() -> Response:
    """List the services of the tables that everybody may read."""
    tables = [table for table in config.library().tables if readers(table.name) is Readers.EVERYBODY]
    return _plain(asked(), documents.catalogue(tables), "catalogue")


@blueprint.route(_SERVICE, **_BOTH)
@refuses_in(refusal)
def service(dataset: str) -> Response:
    """Describe a table's service."""
    question = asked()
    with open_service(dataset) as opened:
        layers = opened.layers
        return _described(
            question, opened, "service", lambda: documents.service(layers, facts(layers[0], opened.reader))
        )


@blueprint.route(f"{_SERVICE}/layers", **_BOTH)
@refuses_in(refusal)
def all_layers(dataset: str) -> Response:
    """Describe all layers of a service at once."""
    question = asked()
    with open_service(dataset) as opened:

        def make() -> _Document:
            made = [(layer, documents.layer_document(layer, facts(layer, opened.reader))) for layer in opened.layers]
            spatial = [document for layer, document in made if layer.is_spatial]
            return {"layers": spatial, "tables": [document for layer, document in made if not layer.is_spatial]}

        return _described(question, opened, "layers", make)


@blueprint.route(_LAYER, **_BOTH)
@refuses_in(refusal)
def layer(dataset: str, layer: int) -> Response:
    """Describe a layer."""
    question = asked()
    with open_service(dataset) as opened:
        described = opened.layer(layer)
        return _described(
            question, opened, "layer", lambda: documents.layer_document(described, facts(described, opened.reader))
        )


@blueprint.route(f"{_LAYER}/<int:number>", **_BOTH)
@refuses_in(refusal)
def feature(dataset: str, layer: int, number: int) -> Response:
    """Answer with one row by its id."""
    question = asked()
    with open_service(dataset) as opened:
        query = of_id(opened.layer(layer), number, question.parameters, opened.zone)
        document = answers.feature(query, opened.reader)
        if document is None:
            raise tk.ObjectNotFound
        return _described(question, opened, "feature", lambda: document)


@blueprint.route(f"{_LAYER}/query", **_BOTH)
@refuses_in(refusal)
def query(dataset: str, layer: int) -> Response:
    """Answer a query of a layer."""
    question = asked()
    with ExitStack() as opening:
        opened = opening.enter_context(open_service(dataset))
        if question.is_page:
            return pages.query(opened, opened.layer(layer), question.parameters)
        asking, form = read_query(opened.layer(layer), question.parameters, opened.zone), FORMS[question.form]

        def make() -> Response:
            if asking.kind == "ids":
                return answers.ids(asking, opened.reader, form, opening)
            return Response(answers.answer(asking, opened.reader, form), content_type=form.media_type)

        form_of_answer = f"{question.form}{opened.year}{_minute(question)}"
        return _vary(of_version(opened.reader.state, form_of_answer, opened.allowed, make), question)


@blueprint.route("/", defaults={"path": ""}, **_BOTH)
@blueprint.route("/<path:path>", **_BOTH)
def other(path: str) -> Response:  # noqa: ARG001  whatever it is
    """Say that edits, attachments, related rows and administration are none of ours."""
    return cache(not_supported(), 0)


def _minute(question: Asked) -> str:
    """Return the minute of now where the answer depends on it: it is another one then, though of the same version."""
    return f"-{datetime.now(UTC):%Y%m%d%H%M}" if asks_the_clock(question.parameters.text("where")) else ""


def _described(question: Asked, opened: Service, name: str, make: Callable[[], _Document]) -> Response:
    """Return a document of one version of the table."""
    if question.is_page:
        return pages.document(name, make(), opened)

    def answer() -> Response:
        return Response(write(make(), question.form == "pjson"), mimetype="application/json")

    form = f"{name}-{question.form}{opened.year}"
    return _vary(of_version(opened.reader.state, form, opened.allowed, answer), question)


def _plain(question: Asked, document: _Document, name: str) -> Response:
    """Return a document that is of no table."""
    if question.is_page:
        return pages.document(name, document)
    response = Response(write(document, question.form == "pjson"), mimetype="application/json")
    return _vary(cache(response, SECONDS), question)


def _vary(response: Response, question: Asked) -> Response:
    """Return ``response``; where the address names no form, it is another one for browsers."""
    return response if "f" in question.parameters else vary(response, "Accept")
