"""Services that need neither user nor session answer before CKAN's own handlers do.

CKAN reads the database, the session and the user, and chooses a language, before it looks at who is to answer: 2 ms and
a connection of the pages' pool for each request, of which these services use nothing. They are asked by programs, often
and quickly, so they have a Flask application of their own; an answer from there is the same for everybody, whatever
cookies come with the question, and so needs no guard against forged ones. Their pages for people are CKAN's.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable
from typing import Any
from urllib.parse import parse_qsl

from ckan import model
from flask import Blueprint, Flask, Response, g
from flask_babel import Babel
from werkzeug.datastructures import MIMEAccept
from werkzeug.exceptions import HTTPException
from werkzeug.http import parse_accept_header

from ckanext.cpdi.services.http import counting, policies, rate

log = logging.getLogger(__name__)
_blueprints: list[Blueprint] = []
_Answer = Iterable[bytes]
PAGE = "html"


def keyless(blueprint: Blueprint) -> Blueprint:
    """Let the routes of ``blueprint`` be answered here; they lie below its ``url_prefix``."""
    if blueprint not in _blueprints:
        _blueprints.append(blueprint)
    return blueprint


class Direct:
    """A WSGI application that answers what is for keyless services, and hands all else to ``app``."""

    def __init__(self, app: Callable[..., _Answer]) -> None:
        """Stand before ``app``."""
        self._app = app
        self._prefixes = tuple(f"{blueprint.url_prefix}/" for blueprint in _blueprints)
        self.services = _application()

    def __call__(self, environ: dict[str, Any], start_response: Callable[..., Any]) -> _Answer:
        """Answer a request."""
        is_ours = environ.get("PATH_INFO", "").startswith(self._prefixes)
        chosen = self.services if is_ours and not wants_page(environ) else self._app
        return chosen(environ, start_response)


def wants_page(environ: dict[str, Any]) -> bool:
    """Return whether the request is for a page for people: by ``f=html``, or by a browser that names no form."""
    query = {name.lower(): value for name, value in parse_qsl(environ.get("QUERY_STRING", ""))[::-1]}
    form = query.get("f", "").strip().lower()
    if form or environ.get("REQUEST_METHOD") not in ("GET", "HEAD"):
        return form == PAGE
    accepted = parse_accept_header(environ.get("HTTP_ACCEPT", ""), MIMEAccept)
    return accepted.best_match(["application/json", "text/html"], "application/json") == "text/html"


def _application() -> Flask:
    """Return the application of the keyless services."""
    application = Flask("ckanext.cpdi.services", static_folder=None)
    Babel(application)  # CKAN's list of licences asks for it
    for blueprint in _blueprints:
        application.register_blueprint(blueprint)
    application.before_request(_be_nobody)
    counting.begin(application)
    rate.begin(application)
    application.after_request(policies.protect)
    application.teardown_request(lambda _error: model.Session.remove())
    application.register_error_handler(Exception, _fault)
    return application


def _be_nobody() -> None:
    """Have whoever asks for the user get nobody."""
    g._login_user = model.AnonymousUser()


def _fault(error: Exception) -> Response | HTTPException:
    """Say that something went wrong, and nothing of what."""
    if isinstance(error, HTTPException):
        return error
    log.error("a service failed", exc_info=error)
    return Response("The portal could not answer this. Please report it.", 500, mimetype="text/plain")
