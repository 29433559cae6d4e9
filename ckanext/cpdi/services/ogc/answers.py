"""Answers of the service: JSON with links in a header as well, pages, and errors in either form."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import ckan.plugins.toolkit as tk
import orjson
from flask import Response, make_response, request

from ckanext.cpdi import addresses
from ckanext.cpdi.errors import Said
from ckanext.cpdi.query.errors import UnknownColumnError, UnknownFunctionError
from ckanext.cpdi.services.http.access import Readers
from ckanext.cpdi.services.http.direct import wants_page
from ckanext.cpdi.services.http.headers import cache, cache_page, vary
from ckanext.cpdi.services.http.refusal import naming

JSON, GEOJSON, HTML = "application/json", "application/geo+json", "text/html"
SCHEMA, OPENAPI = "application/schema+json", "application/vnd.oai.openapi+json;version=3.0"
SECONDS = 60
"""How long caches may keep an answer: no longer than one on who may read the tables."""
FORMS = {"json": "json", "geojson": "json", "html": "html"}
"""Values of ``f``."""
_ACCEPTED = (JSON, GEOJSON, SCHEMA, "application/vnd.oai.openapi+json", HTML)
LINKS = 12_000
"""Characters of all links in headers: a long question stands in three of them, and servers in front take 32 KB."""
_TRACKING = ("utm_", "fbclid", "gclid", "msclkid", "mc_cid", "mc_eid", "_")
"""Beginnings of parameters that mails and networks add to any address; they ask for nothing."""

Link = dict[str, str]


def url(path: str = "") -> str:
    """Return the address of a path below ``/ogc``."""
    return addresses.url(f"/ogc{path}")


def link(path: str, relation: str, media_type: str, title: str = "") -> Link:
    """Return a link to a path below ``/ogc``, or to an address."""
    href = path if path.startswith("http") else url(path)
    return {"href": href, "rel": relation, "type": media_type} | ({"title": title} if title else {})


def is_tracking(name: str) -> bool:
    """Return whether a parameter was put there by a mail or a network."""
    return name.startswith(_TRACKING[0]) or name in _TRACKING


def check_parameters(names: Iterable[str] = ()) -> None:
    """Raise UnknownColumnError where the request has a parameter beside ``names`` and ``f``; check ``f``."""
    known = {"f", *names}
    for name in request.args:
        if name not in known and not is_tracking(name):
            listed = ", ".join(sorted(known))
            raise UnknownColumnError(
                Said("there is no parameter {name!r} here; there are {listed}", name=name[:64], listed=listed), name
            )
    wanted_form()


def wanted_form() -> str:
    """Return ``json`` or ``html``: what ``f`` says, or else what the client would rather have."""
    named = request.args.get("f", "").strip().lower()
    if named:
        if named not in FORMS:
            raise UnknownFunctionError(
                Said("f is {forms}, not {named!r}", forms=" or ".join(FORMS), named=named[:40]), "f"
            )
        return FORMS[named]
    rather = request.accept_mimetypes.best_match(_ACCEPTED, JSON)
    return "html" if rather == HTML and wants_page(request.environ) else "json"


def json_answer(document: Mapping[str, Any], media_type: str = JSON, links: Sequence[Link] = ()) -> Response:
    """Return a document, whose ``links`` stand in a header as well, for clients that look there."""
    response = Response(orjson.dumps(document), content_type=media_type)
    return with_links(response, links or document.get("links", ()))


def with_links(response: Response, links: Sequence[Link]) -> Response:
    """Add a ``Link`` header for each of ``links`` that has room; all of them stand in the document."""
    room = LINKS
    for each in links:
        value = f'<{each["href"]}>; rel="{each["rel"]}"; type="{each["type"]}"'
        if len(value) <= room:
            room -= len(value)
            response.headers.add("Link", value)
    return response


def kept(response: Response, allowed: Readers = Readers.EVERYBODY) -> Response:
    """Let caches keep an answer that is the same for everybody."""
    return vary(cache(response, SECONDS if allowed is Readers.EVERYBODY else 0), "Accept")


def page(template: str, values: Mapping[str, object], allowed: Readers = Readers.EVERYBODY) -> Response:
    """Return a page; caches keep it where it is the same for everybody."""
    response = make_response(tk.render(f"cpdi/ogc/{template}.html", dict(values)))
    signed_in = tk.current_user.is_authenticated or allowed is not Readers.EVERYBODY
    return vary(cache_page(response, SECONDS, signed_in=signed_in), "Accept, Cookie")


def refusal(status: int, words: str, parameter: str) -> Response:
    """Return an error: ``code`` and ``description`` (OGC 17-069r4, 7.5.1), or a page that says the same."""
    described = naming(words, parameter)
    try:
        form = wanted_form()
    except UnknownFunctionError:
        form = "json"
    if form == "html":
        response = make_response(tk.render("cpdi/ogc/error.html", {"status": status, "words": described}))
    else:
        response = json_answer({"code": str(status), "description": described})
    response.status_code = status
    return vary(response, "Accept")
