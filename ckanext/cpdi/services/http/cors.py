"""Which answers scripts of other sites may read: what everybody may read anyhow, asked for by nobody in particular.

Files have their headers from :mod:`.answer`. Here are CKAN's API, as far as it reads, and what
else is made for programs. Where a session or a token comes with the request the answer is one person's: it has none of
these headers, and none of them lets a browser send either.
"""

from __future__ import annotations

import ckan.plugins.toolkit as tk
from ckan.logic import get_action
from flask import Response, request

_BLUEPRINTS = frozenset({"croissant", "dcat", "dcat_json_interface", "feeds"})
_ENDPOINTS = frozenset({"cpdi_change_log.feed", "cpdi_health.show", "datastore.dump", "datastore.dictionary_download"})
_SECONDS = 3600
"""How long a browser may remember what it was allowed."""


def allow(response: Response) -> Response:
    """Let scripts of any site read the answer, if it is one that everybody has."""
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
    """Return whether a program reads at this address; CKAN's actions that write are not among them."""
    blueprint, _, view = (request.endpoint or "").rpartition(".")
    if blueprint == "api":
        return _reads((request.view_args or {}).get("logic_function"))
    uploaded = view == "download" and (blueprint == "resource" or blueprint.endswith("_resource"))
    return uploaded or blueprint in _BLUEPRINTS or request.endpoint in _ENDPOINTS


def _reads(action: str | None) -> bool:
    """Return whether CKAN's ``action`` changes nothing; one that is not there does not either."""
    try:
        return action is None or bool(getattr(get_action(action), "side_effect_free", False))
    except KeyError:
        return True


def _is_somebody() -> bool:
    """Return whether a cookie or a token of CKAN's comes with the request, whoever it may be of."""
    cookies = (tk.config["SESSION_COOKIE_NAME"], tk.config["REMEMBER_COOKIE_NAME"])
    return tk.config["apitoken_header_name"] in request.headers or any(one in request.cookies for one in cookies)
