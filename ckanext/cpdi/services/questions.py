"""Limits on anonymous requests to the API: bytes, values, words of a search, depth of nesting.

In: a request for an action or a dump. Out: nothing, or a refusal in words, before CKAN parses the request. A request
with 100,000 values kept a database busy for 20 seconds; ordinary ones have a few.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any, cast
from urllib.parse import unquote_plus

import ckan.plugins.toolkit as tk
from flask import Blueprint, Response, jsonify, request

from ckanext.cpdi import config
from ckanext.cpdi.services.http.answer import say
from ckanext.cpdi.services.http.errors import TooLargeError
from ckanext.cpdi.services.http.statuses import status_of

blueprint = Blueprint("cpdi_questions", __name__)

DEEPEST = 8
"""Deepest nesting of lists and objects; a filter with ranges and alternatives has four levels."""
_ENDPOINTS = ("api.action", "datastore.dump")
_SEARCHES = ("q", "fq", "fq_list")
_BRACKETS = re.compile(r"[\[\]{}]")


@blueprint.before_app_request
def refuse_large() -> Response | None:
    """Refuse an anonymous request beyond the limits."""
    if request.endpoint not in _ENDPOINTS or not tk.current_user.is_anonymous:
        return None
    try:
        check(config.limits())
    except TooLargeError as error:
        return _refusal(status_of(error), str(error))
    return None


def check(limits: config.Limits) -> None:
    """Raise TooLargeError where the request is beyond ``limits``."""
    if "chunked" in request.headers.get("Transfer-Encoding", ""):
        raise TooLargeError(tk._("Please send the length of the question (Content-Length)."))
    if (request.content_length or 0) > limits.question_bytes:
        raise TooLargeError(tk._("A question has at most {n} bytes.").format(n=limits.question_bytes))
    texts = [unquote_plus(request.query_string.decode("latin-1")), unquote_plus(_body())]
    if max(map(depth, texts)) > DEEPEST:
        raise TooLargeError(tk._("Lists and objects lie at most {n} deep in each other.").format(n=DEEPEST))
    if sum(text.count(",") for text in texts) >= limits.values:
        raise TooLargeError(
            tk._(
                "A question has at most {n} values, in filters, fields and sort together. Ask several times, or take"
                " the whole file."
            ).format(n=limits.values)
        )
    if sum(len(text.split()) for text in _searches()) > limits.words:
        raise TooLargeError(tk._("A search has at most {n} words.").format(n=limits.words))


def depth(text: str) -> int:
    """Return the deepest nesting of brackets in ``text``; those in strings count as well."""
    deepest = open_ = 0
    for bracket in _BRACKETS.findall(text):
        open_ += 1 if bracket in "[{" else -1
        deepest = max(deepest, open_)
    return deepest


def _searches() -> Iterator[str]:
    """Yield the search texts of the request, from its URL, form or JSON."""
    for name in _SEARCHES:
        yield from request.args.getlist(name)
        yield from request.form.getlist(name)
    try:
        document: Any = json.loads(unquote_plus(_body()) if request.form else _body() or "{}")
    except ValueError:
        return
    if isinstance(document, dict):
        yield from (str(value) for name, value in cast("dict[str, object]", document).items() if name in _SEARCHES)


def _body() -> str:
    """Return the request's body; its size was checked."""
    return request.get_data(cache=True).decode("utf-8", "replace")


def _refusal(status: int, words: str) -> Response:
    """Return a refusal in the form of the API, or of a download."""
    if request.endpoint != "api.action":
        return say(status, words)
    response = jsonify({"success": False, "error": {"__type": "Validation Error", "message": words}})
    response.status_code = status
    return response
