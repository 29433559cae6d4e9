"""Who may see and send what on the pages for staff."""

from __future__ import annotations

import ckan.plugins.toolkit as tk
from flask import Response, make_response

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


def page(template: str, values: dict[str, object]) -> Response:
    """Return a page that readers' caches may keep for a while, and nobody's who is signed in."""
    response = make_response(tk.render(template, values))
    return cache_page(response, SECONDS, signed_in=tk.current_user.is_authenticated)
