"""Tells staff from readers, and sets for how long caches may keep the readers' pages."""

from __future__ import annotations

import ckan.plugins.toolkit as tk
from flask import Response, make_response, request

from ckanext.cpdi import config
from ckanext.cpdi.services.http.headers import cache_page

SECONDS = 60
"""How long caches may keep a page for readers."""


def is_staff() -> bool:
    """Return whether the user may see exact counts, lines and messages of runs."""
    try:
        tk.check_access("cpdi_run_list", {"user": tk.current_user.name}, {})
    except tk.NotAuthorized:
        return False
    return True


def staff_only() -> None:
    """Answer 403 to everybody but staff."""
    if not is_staff():
        tk.abort(403)


def page(template: str, values: dict[str, object]) -> Response:
    """Return a page that caches may keep for ``SECONDS``, unless the user is signed in."""
    response = make_response(tk.render(template, values))
    return cache_page(response, SECONDS, signed_in=tk.current_user.is_authenticated)


def keep(response: Response) -> Response:
    """Let caches keep CKAN's page of a declared dataset, like the portal's own pages.

    It is the most expensive page that many people request. Only the address without parameters is kept. A request with
    a cookie or a token gets an answer of its own.
    """
    if request.endpoint != "dataset.read" or response.status_code != 200 or request.args:
        return response
    if (request.view_args or {}).get("id") not in config.library().datasets:
        return response
    return cache_page(response, SECONDS, signed_in=tk.current_user.is_authenticated)
