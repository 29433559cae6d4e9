"""What a service says where it cannot answer, in the form of its protocol, and a page in words.

In: a view, and the protocol's form of an error, or a page's words. Out: the view, whose errors with a status of their
own (:mod:`.statuses`) become answers in that form, which no cache keeps, or CKAN's page of an error with these words;
and what no route takes, since routers answer with a page of their own to a path with a line break, and to a method that
nothing takes.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import ParamSpec, TypeVar

import ckan.plugins.toolkit as tk
import psycopg
from flask import Blueprint, Response, request
from werkzeug.exceptions import HTTPException, MethodNotAllowed, NotFound

from ckanext.cpdi.errors import Said, translated
from ckanext.cpdi.query.errors import QueryError
from ckanext.cpdi.selection.errors import BusyError, NoRowsError, TooManyRowsError, TooSlowError
from ckanext.cpdi.services.http.errors import LedgerDown
from ckanext.cpdi.services.http.headers import cache
from ckanext.cpdi.services.http.statuses import status_of
from ckanext.cpdi.services.spoken import spoken

P = ParamSpec("P")
Answer = TypeVar("Answer")
Words = Callable[[], str]
"""Words in the reader's language, which nobody knows before there is a request."""
Form = Callable[[int, str, str], Response]
"""Makes the answer of an HTTP status, words, and the name of the parameter that is wrong (empty for none)."""
READS = "this address is only read: it is asked by {methods}"
NOTHING = "there is nothing at this address"
NO_TABLE = "there is no such table here"
NO_DATABASE = "the database does not answer; please ask again"
RETRY = 5
"""Seconds after which a client may ask again where the portal was busy."""


def refuses_in(form: Form) -> Callable[[Callable[P, Response]], Callable[P, Response]]:
    """Return a decorator for views whose errors are answered in ``form``."""

    def decorate(view: Callable[P, Response]) -> Callable[P, Response]:
        @wraps(view)
        def answer(*args: P.args, **kwargs: P.kwargs) -> Response:
            try:
                return view(*args, **kwargs)
            except (QueryError, NoRowsError, BusyError, TooManyRowsError, TooSlowError) as error:
                words, parameter = translated(error.said, readers_language()), getattr(error, "parameter", "")
                return _refusal(form, status_of(error), words, parameter)
            except tk.ObjectNotFound as error:
                return _refusal(form, status_of(error), translated(NO_TABLE, readers_language()), "")
            except psycopg.Error as error:
                return _refusal(form, status_of(error), translated(NO_DATABASE, readers_language()), "")

        return answer

    return decorate


def says(away: Words, missing: Words | None = None) -> Callable[[Callable[P, Answer]], Callable[P, Answer]]:
    """Return a decorator for pages, which say ``away`` where the database does not answer.

    ``missing`` is what they say, with 404, where something is not there or not for this reader.
    """

    def decorate(view: Callable[P, Answer]) -> Callable[P, Answer]:
        @wraps(view)
        def answer(*args: P.args, **kwargs: P.kwargs) -> Answer:
            try:
                return view(*args, **kwargs)
            except tk.ObjectNotFound as error:
                if missing is None:
                    raise
                tk.abort(status_of(error), missing())
            except (LedgerDown, BusyError, TooSlowError, psycopg.Error) as error:
                tk.abort(status_of(error), away())

        return answer

    return decorate


def naming(words: str, parameter: str) -> str:
    """Return what is wrong in one line: ``words``, behind the name of the parameter where one is wrong."""
    return f"{parameter}: {words}" if parameter else words


def readers_language() -> str:
    """Return the language that a program names, as scripts of our pages do, since services have one address for all of
    them; else that of the address.
    """
    named = None
    if not request.accept_mimetypes.accept_html:
        named = request.accept_languages.best_match([locale.short_name for locale in tk.h.get_available_locales()])
    return named or tk.h.lang()


def _refusal(form: Form, status: int, words: str, parameter: str) -> Response:
    response = cache(form(status, words, parameter), 0)
    if response.status_code == status_of(BusyError):
        response.headers["Retry-After"] = str(RETRY)
    return response


def refuse_unrouted(blueprint: Blueprint, form: Form) -> None:
    """Answer in ``form`` what no route below ``blueprint``'s ``url_prefix`` takes.

    What is done to each answer of the blueprint is to be done in ``form`` as well, since no blueprint answers here.
    """
    prefix = str(blueprint.url_prefix)

    @blueprint.before_app_request
    def refuse() -> Response | None:
        fault = request.routing_exception
        is_below = request.path == prefix or request.path.startswith(f"{prefix}/")
        return _unrouted(fault, form) if fault and is_below else None


def _unrouted(fault: HTTPException, form: Form) -> Response | None:
    """Return the answer to ``fault``; None where it is no refusal, but the way to another address."""
    if isinstance(fault, MethodNotAllowed):
        methods = ", ".join(sorted(fault.valid_methods or ()))
        response = name_methods(form(405, spoken(Said(READS, methods=methods)), ""))
        response.status_code = 405  # also where the protocol's errors have another: such a client speaks HTTP alone
    elif isinstance(fault, NotFound):
        response = form(404, spoken(NOTHING), "")
    else:
        return None
    return cache(response, 0)


def name_methods(response: Response) -> Response:
    """Name the methods of an address that refused another one (RFC 9110, 15.5.6); CKAN's page of errors has none."""
    fault = request.routing_exception
    if isinstance(fault, MethodNotAllowed):
        response.headers["Allow"] = ", ".join(sorted(fault.valid_methods or ()))
    return response
