"""CORS headers: scripts of other sites may read public answers to requests without a session or token.

They apply to CKAN's reading actions and the other endpoints for programs; files get theirs from :mod:`.answer`. An
answer to a request with a session or token is personal and has none, and no header lets a browser send either.
"""

from __future__ import annotations

import ckan.plugins.toolkit as tk
from ckan.logic import get_action
from flask import Response, request

_BLUEPRINTS = frozenset({"croissant", "dcat", "dcat_json_interface", "feeds"})
_ENDPOINTS = frozenset({"cpdi_change_log.feed", "cpdi_health.show", "datastore.dump", "datastore.dictionary_download"})
_SECONDS = 3600
"""How long a browser may cache a preflight answer."""


def allow(response: Response) -> Response:
    """Let scripts of any site read the answer, if it is public."""
    if not _is_for_programs():
        return response
    response.vary.update(["Cookie", tk.config["apitoken_header_name"]])
    if not _is_somebody():
        response.headers["Access-Control-Allow-Origin"] = "*"
        if request.method == "OPTIONS":
            response.headers["Access-Control-Allow-Methods"] = "GET, HEAD, POST, OPTIONS"
            response.headers["Access-Control-Allow-Headers"] = "Content-Type"
            response.headers["Access-Control-Max-Age"] = str(_SECONDS)
    return response


def _is_for_programs() -> bool:
    """Return whether the endpoint is for programs and only reads."""
    blueprint, _, view = (request.endpoint or "").rpartition(".")
    if blueprint == "api":
        return _reads((request.view_args or {}).get("logic_function"))
    uploaded = view == "download" and (blueprint == "resource" or blueprint.endswith("_resource"))
    return uploaded or blueprint in _BLUEPRINTS or request.endpoint in _ENDPOINTS


def _reads(action: str | None) -> bool:
    """Return whether CKAN's ``action`` changes nothing, or does not exist."""
    try:
        return action is None or bool(getattr(get_action(action), "side_effect_free", False))
    except KeyError:
        return True


def _is_somebody() -> bool:
    """Return whether the request has a cookie or a token of CKAN's, valid or not."""
    names = (tk.config["SESSION_COOKIE_NAME"], tk.config["REMEMBER_COOKIE_NAME"])
    return tk.config["apitoken_header_name"] in request.headers or any(name in request.cookies for name in names)
