"""Errors as GeoServices has them: HTTP 200, and an object that says what was expected; for people, a page."""

from __future__ import annotations

import ckan.plugins.toolkit as tk
import orjson
from flask import Response, request

from ckanext.cpdi.services.http.direct import wants_page
from ckanext.cpdi.services.spoken import spoken

NOT_SUPPORTED = "there is no such operation: this service only reads, and has no edits, attachments or administration"


def refusal(status: int, words: str, parameter: str = "") -> Response:
    """Return the error ``status`` in the protocol's form; ``parameter`` is what is wrong, empty for none."""
    sentence = words[:1].upper() + words[1:]
    if wants_page(request.environ):
        shown = {"code": status, "content": sentence}
        return Response(tk.render("error_document_template.html", shown), status)
    details = [f"'{parameter}' parameter is invalid"] if parameter else []
    error = {"code": status, "message": sentence, "details": details}
    return Response(orjson.dumps({"error": error}), mimetype="application/json")


def not_supported() -> Response:
    """Return that the operation is none of ours."""
    return refusal(400, spoken(NOT_SUPPORTED))
