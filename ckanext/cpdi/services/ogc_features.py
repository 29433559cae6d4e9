"""``/ogc``: OGC API Features on the tables. What is answered is made in :mod:`.ogc`."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any, ParamSpec
from zoneinfo import ZoneInfo

import ckan.plugins.toolkit as tk
from flask import Blueprint, Response

from ckanext.cpdi import config
from ckanext.cpdi.services.http.answer import open_to_all
from ckanext.cpdi.services.http.direct import keyless
from ckanext.cpdi.services.http.headers import vary
from ckanext.cpdi.services.http.refusal import refuse_unrouted, refuses_in
from ckanext.cpdi.services.http.table import open_table, readable
from ckanext.cpdi.services.http.version import of_version
from ckanext.cpdi.services.ogc import answers, describe, documents, items, pages, schemas
from ckanext.cpdi.services.ogc.answers import GEOJSON, OPENAPI, SCHEMA
from ckanext.cpdi.services.ogc.tables import Collection, collection, collections

blueprint = keyless(Blueprint("cpdi_ogc", __name__, url_prefix="/ogc"))
blueprint.after_request(open_to_all)
refuse_unrouted(blueprint, lambda *fault: open_to_all(answers.refusal(*fault)))

P = ParamSpec("P")
_HIGHEST = 2**31


def _route(path: str) -> Callable[[Callable[P, Response]], Callable[P, Response]]:
    """Return a decorator for the view at a path, whose errors are answered in the form of the service."""

    def decorate(view: Callable[P, Response]) -> Callable[P, Response]:
        refusing = refuses_in(answers.refusal)(view)

        @blueprint.get(path)
        @wraps(view)
        def answer(*args: P.args, **kwargs: P.kwargs) -> Response:
            return refusing(*args, **kwargs)

        return answer

    return decorate


def _title() -> str:
    """Return the name of the service."""
    return f"Open data of {config.profile().agency.name.en}"


@_route("")
def landing() -> Response:
    """Answer with what the service has."""
    answers.check_parameters()
    document = documents.landing(_title(), answers.wanted_form())
    if answers.wanted_form() == "html":
        return answers.page("landing", {"document": document, "collections": collections()})
    return answers.kept(answers.json_answer(document))


@_route("/conformance")
def conformance() -> Response:
    """Answer with the classes of conformance."""
    answers.check_parameters()
    document = documents.conformance(answers.wanted_form())
    if answers.wanted_form() == "html":
        return answers.page("conformance", {"document": document})
    return answers.kept(answers.json_answer(document))


@_route("/api")
def api() -> Response:
    """Answer with the service in OpenAPI 3.0, which is for programs alone."""
    answers.check_parameters()
    document = describe.document(collections(), _title(), answers.url())
    return answers.kept(answers.json_answer(document, OPENAPI))


@_route("/collections")
def listing() -> Response:
    """Answer with all collections that the reader may see."""
    answers.check_parameters()
    shown, form = collections(), answers.wanted_form()
    if form == "html":
        return answers.page("landing", {"document": documents.landing(_title(), form), "collections": shown})
    return answers.kept(answers.json_answer(documents.listing(shown, form)))


@_route("/collections/<name>")
def describing(name: str) -> Response:
    """Answer with a collection."""
    shown = collection(name)
    answers.check_parameters()
    document = documents.described(shown, answers.wanted_form())
    if answers.wanted_form() == "html":
        return answers.page("collection", pages.collection_view(shown), shown.allowed)
    return answers.kept(answers.json_answer(document), shown.allowed)


@_route("/collections/<name>/queryables")
def queryables(name: str) -> Response:
    """Answer with what filters may name."""
    return _schema(name, "queryables", schemas.queryables_of)


@_route("/collections/<name>/schema")
def schema(name: str) -> Response:
    """Answer with what a feature has."""
    return _schema(name, "schema", schemas.schema_of)


@_route("/collections/<name>/items")
def features(name: str) -> Response:
    """Answer with a page of features."""
    dataset, allowed = readable(name)
    form = answers.wanted_form()
    with open_table(dataset) as reader:
        question = items.read_question(reader.table, ZoneInfo(reader.state.zone))
        if form == "html":
            page = items.read_page(reader, question)
            return answers.page(
                "items", pages.items_view(dataset, question, page, ZoneInfo(reader.state.zone)), allowed
            )

        def make() -> Response:
            page = items.read_page(reader, question)
            response = answers.json_answer(items.document(name, page), GEOJSON)
            response.headers["Content-Crs"] = f"<{question.reference.uri}>"
            return response

        return vary(of_version(reader.state, f"items-{form}", allowed, make), "Accept")


@_route("/collections/<name>/items/<item>")
def feature(name: str, item: str) -> Response:
    """Answer with a feature."""
    dataset, allowed = readable(name)
    answers.check_parameters(("crs",))
    reference, form = items.asked_reference(), answers.wanted_form()
    if not item.isascii() or not item.isdigit() or int(item[:12]) >= _HIGHEST:
        return _no_feature()
    with open_table(dataset) as reader:
        row = items.read_feature(reader, int(item), reference)
        if row is None:
            return _no_feature()
        if form == "html":
            return answers.page("item", pages.item_view(dataset, row), allowed)

        def make() -> Response:
            path = f"/collections/{name}/items/{int(item)}"
            whole = answers.link(f"/collections/{name}", "collection", answers.JSON)
            links = [*documents.both(path, "", form, GEOJSON), whole]
            response = answers.json_answer(row | {"links": links}, GEOJSON)
            response.headers["Content-Crs"] = f"<{reference.uri}>"
            return response

        return vary(of_version(reader.state, f"item-{form}", allowed, make), "Accept")


def _schema(name: str, part: str, describe_rows: Callable[[Collection, str], dict[str, Any]]) -> Response:
    """Return the document of a collection that ``describe_rows`` makes for its address, or the collection's page."""
    shown = collection(name)
    answers.check_parameters()
    if answers.wanted_form() == "html":
        return answers.page("collection", pages.collection_view(shown), shown.allowed)
    path = f"/collections/{name}/{part}"
    document = describe_rows(shown, answers.url(path))
    links = documents.both(path, shown.dataset.title.en, "json", SCHEMA)
    return answers.kept(answers.json_answer(document, SCHEMA, links), shown.allowed)


def _no_feature() -> Response:
    """Return that no row has the identifier."""
    return refuses_in(lambda status, _, name: answers.refusal(status, "there is no such feature", name))(
        _raise_not_found
    )()


def _raise_not_found() -> Response:
    raise tk.ObjectNotFound
