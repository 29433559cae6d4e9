"""Security headers for browsers, on every answer.

Pages load nothing from other sites and run no inline scripts, except for a few stock pages that need them. Answers
are no pages run nothing, but that scripts may be workers. A header that a view has set stays. The one other site is
that of the operator's base map, which pages with a map may ask, and the worker of the map.
"""

from __future__ import annotations

import ckan.plugins.toolkit as tk
from flask import Response, g, request

from ckanext.cpdi import config

_FIXED = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(self), microphone=(), payment=(), usb=()",
}
_YEAR = 365 * 24 * 3600
_PAGE = {
    "default-src": "'self'",
    "script-src": "'self'",
    "style-src": "'self'",
    "img-src": "'self' data:",
    "object-src": "'none'",
    "base-uri": "'none'",
    "form-action": "'self'",
    "frame-ancestors": "'self'",
}
_NO_PAGE = {"default-src": "'none'", "frame-ancestors": "'none'"}
_SCRIPT = {"default-src": "'none'", "connect-src": "'self'", "script-src": "'self'", "frame-ancestors": "'none'"}
"""Of scripts: a worker has the policy of its own file, and not that of the page which starts it."""
_SCRIPTS = ("text/javascript", "application/javascript")
_MAP_WORKER = "/maplibre-gl-worker.mjs"
_INLINE = "'self' 'unsafe-inline'"
_WITH_HANDLERS = ("resource.new", "resource.edit", "resource.edit_view", "user.api_tokens")
"""Endings of endpoints whose stock forms have ``onclick`` or ``onchange`` handlers."""
_EMBEDDED = ("resource.view",)
"""Endings of endpoints whose pages may be embedded in other sites."""


def has_map() -> None:
    """Say that the page which is being made has a map."""
    g.cpdi_has_map = True


def protect(response: Response) -> Response:
    """Add the security headers to the answer."""
    for name, value in _FIXED.items():
        response.headers.setdefault(name, value)
    if tk.config["ckan.site_url"].startswith("https:"):
        response.headers.setdefault("Strict-Transport-Security", f"max-age={_YEAR}")
    if "Content-Security-Policy" not in response.headers:
        rules = _rules(response.mimetype)
        response.headers["Content-Security-Policy"] = "; ".join(f"{name} {value}" for name, value in rules.items())
        if rules["frame-ancestors"] != "*":
            response.headers.setdefault(
                "X-Frame-Options", "SAMEORIGIN" if "'self'" in rules["frame-ancestors"] else "DENY"
            )
    return response


def _rules(media_type: str | None) -> dict[str, str]:
    """Return the content security policy of an answer of ``media_type``."""
    if media_type == "text/html":
        return _with_base_map(_page()) if g.get("cpdi_has_map") else _page()
    if media_type not in _SCRIPTS:
        return _NO_PAGE
    return _with_base_map(_SCRIPT) if request.path.endswith(_MAP_WORKER) else _SCRIPT


def _with_base_map(rules: dict[str, str]) -> dict[str, str]:
    """Return ``rules`` with leave to ask the site of the operator's base map, where there is one."""
    base = config.base_map()
    return rules | {"connect-src": f"'self' {base.origin}"} if base and base.origin else rules


def _page() -> dict[str, str]:
    """Return the content security policy of the requested page."""
    endpoint = request.endpoint or ""
    rules = dict(_PAGE)
    if not endpoint.startswith("cpdi_"):
        rules["style-src"] = _INLINE  # stock pages have inline styles, and htmx, which they load, adds one
    if endpoint.endswith(_WITH_HANDLERS):
        rules["script-src"] = _INLINE
    if endpoint.endswith(_EMBEDDED):
        rules["frame-ancestors"] = "*"
    return rules
