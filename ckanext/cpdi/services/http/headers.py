"""The cache headers of our services, kept from CKAN.

CKAN runs after every view: it makes each response public for ``ckan.cache_expires``, lets it vary by cookie, and may
set one. A view of ours says with :func:`cache` what it wants; this WSGI middleware puts it in place once CKAN is done.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from ckan.types import CKANApp
from flask import Response

from ckanext.cpdi.services.http import cors, policies

MARK = "X-Cpdi-Cache"
MARK_VARY = "X-Cpdi-Vary"
_Headers = list[tuple[str, str]]


def cache(response: Response, seconds: int) -> Response:
    """Let everybody's caches keep ``response`` for ``seconds``; for 0, nobody's."""
    response.headers[MARK] = f"public, max-age={seconds}" if seconds else "private, no-store"
    return response


def cache_page(response: Response, seconds: int, *, signed_in: bool) -> Response:
    """Let caches keep a page for ``seconds`` that is another one for who is ``signed_in``, and keep none of theirs."""
    response.headers[MARK_VARY] = "Cookie"
    return cache(response, 0 if signed_in else seconds)


def make_middleware(app: CKANApp, config: Any) -> CKANApp:  # noqa: ANN401, ARG001  CKAN's signature
    """Put the middleware between the server and ``app``, which sets headers for browsers on every answer."""
    app.after_request(cors.allow)
    app.after_request(policies.protect)
    app.wsgi_app = Headers(app.wsgi_app)  # type: ignore[method-assign]  Flask's own way to wrap it
    return app


class Headers:
    """A WSGI application that sets the cache headers which the views of ``app`` asked for."""

    def __init__(self, app: Callable[..., Iterable[bytes]]) -> None:
        """Wrap ``app``."""
        self._app = app

    def __call__(self, environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        """Answer as the wrapped application does, with other headers where a view asked for it."""

        def start(status: str, headers: _Headers, *error: Any) -> Any:  # noqa: ANN401  WSGI's own types
            return start_response(status, wanted(headers), *error)

        return self._app(environ, start)


def wanted(headers: _Headers) -> _Headers:
    """Return ``headers`` with the cache control that the view marked; a public response has nothing of one reader."""
    marks = {name: value for name, value in headers if name in (MARK, MARK_VARY)}
    if MARK not in marks:
        return headers
    replaced = {MARK.lower(), MARK_VARY.lower(), "cache-control"}
    added = [("Cache-Control", marks[MARK])]
    if marks[MARK].startswith("public"):
        replaced |= {"set-cookie", "vary"}
        added += [("Vary", marks[MARK_VARY])] if MARK_VARY in marks else []
    return [one for one in headers if one[0].lower() not in replaced] + added
