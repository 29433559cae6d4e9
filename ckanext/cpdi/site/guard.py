"""Who may see and send what on the pages for staff."""

from __future__ import annotations

import ckan.plugins.toolkit as tk
from ckan.config.middleware.flask_app import csrf
from flask import Response, current_app, make_response, request

from ckanext.cpdi.services.headers import cache_page

SECONDS = 60
"""How long caches may keep a page for readers."""


def is_staff() -> bool:
    """Return whether whoever asks may see exact counts, lines and messages of runs."""
    try:
        tk.check_access("cpdi_run_list", {"user": tk.current_user.name}, {})
    except tk.NotAuthorized:
        return False
    return True


def staff_only() -> None:
    """Answer 403 to everybody but staff."""
    if not is_staff():
        tk.abort(403)


def check_token() -> None:
    """Refuse a form without this session's token; for a blueprint's ``before_request``.

    CKAN leaves a view out of its own check once an anonymous reader has asked for it.
    """
    if request.method == "POST" and current_app.config.get("WTF_CSRF_ENABLED", True):
        csrf.protect()


def page(template: str, values: dict[str, object]) -> Response:
    """Return a page that readers' caches may keep for a while, and nobody's who is signed in."""
    response = make_response(tk.render(template, values))
    return cache_page(response, SECONDS, signed_in=tk.current_user.is_authenticated)
