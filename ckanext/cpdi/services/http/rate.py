"""How many questions an address may ask of services in a minute, counted in Redis for all processes and machines.

The web server in front holds how many there are in a second, and at once (``scripts/nginx.conf.in``); this holds what
goes on for longer. Without Redis each process counts for itself.
"""

from __future__ import annotations

import ipaddress

import ckan.plugins.toolkit as tk
from flask import Flask, Response, jsonify, request
from flask_limiter import Limiter, RateLimitExceeded

from ckanext.cpdi import addresses, config
from ckanext.cpdi.errors import Said, translated
from ckanext.cpdi.services.http.headers import cache
from ckanext.cpdi.services.http.refusal import readers_language

SERVICES = (
    "/arcgis",
    "/ogc",
    "/reports/search",
    "/data/<dataset>/counts",
    "/data/<dataset>/compare",
    "/data/<dataset>/position",
)
"""Where the routes begin whose questions count."""
SEARCHES = frozenset({"datastore_search", "datastore_search_sql"})
"""Actions of CKAN's API that count."""
TOO_MANY = "More questions than this portal answers an address in a minute. The limits: {address}"
_IPV6_NETWORK = 64


def begin(app: Flask) -> None:
    """Count the questions to ``app``."""
    Limiter(
        person,
        app=app,
        application_limits=[lambda: f"{config.limits().service_requests_per_minute} per minute"],
        application_limits_exempt_when=lambda: not is_counted(),
        storage_uri=tk.config["ckan.redis.url"],
        key_prefix=f"cpdi:{tk.config['ckan.site_id']}:questions",
        strategy="sliding-window-counter",
        in_memory_fallback_enabled=True,
    )
    app.register_error_handler(RateLimitExceeded, refuse)


def is_counted() -> bool:
    """Return whether this request asks a service, or searches rows for somebody who is not signed in."""
    if not config.limits().service_requests_per_minute:
        return False
    if request.url_rule is not None and request.url_rule.rule.startswith(SERVICES):
        return True
    action = (request.view_args or {}).get("logic_function")
    return request.endpoint == "api.action" and action in SEARCHES and tk.current_user.is_anonymous


def person() -> str:
    """Return the address that asks; an IPv6 network counts as one."""
    try:
        address = ipaddress.ip_address(request.remote_addr or "")
    except ValueError:  # a socket without an address
        return "unknown"
    if address.version == 4:
        return str(address)
    return str(ipaddress.ip_network((address, _IPV6_NETWORK), strict=False))


def refuse(error: RateLimitExceeded) -> Response:
    """Return what is said beyond a limit: a sentence for a browser, which costs less than a page, else JSON that all
    clients of services read.
    """
    language = readers_language()
    root = "" if language == tk.config["ckan.locale_default"] else f"/{language}"
    words = translated(Said(TOO_MANY, address=addresses.url(f"{root}/help/limits")), language)
    for_people = request.accept_mimetypes.best_match(["application/json", "text/html"]) == "text/html"
    response = Response(f"{words}\n", mimetype="text/plain") if for_people else _for_programs(words)
    response.status_code = 429
    response.headers["Retry-After"] = str(error.limit.limit.get_expiry())
    response.headers["Access-Control-Allow-Origin"] = "*"
    return cache(response, 0)


def _for_programs(words: str) -> Response:
    return jsonify(
        {
            "success": False,
            "error": {"__type": "Too Many Requests", "code": 429, "message": words, "details": []},
            "title": "Too Many Requests",
            "status": 429,
            "detail": words,
        }
    )
