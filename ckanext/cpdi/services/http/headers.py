"""The cache headers of our services, kept from CKAN.

CKAN changes every response after the view: it makes it public for ``ckan.cache_expires``, lets it vary by cookie, and
may set one. Our views mark a response with :func:`cache`; this WSGI middleware applies the mark after CKAN.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from flask import Response

MARK = "X-Cpdi-Cache"
MARK_VARY = "X-Cpdi-Vary"
_Headers = list[tuple[str, str]]


def cache(response: Response, seconds: int) -> Response:
    """Let all caches keep ``response`` for ``seconds``; with 0, none."""
    response.headers[MARK] = f"public, max-age={seconds}" if seconds else "private, no-store"
    return response


def keep(response: Response) -> Response:
    """Let all caches keep ``response`` for good: its address is that of this very content."""
    response.headers[MARK] = f"public, max-age={365 * 24 * 3600}, immutable"
    return response


def vary(response: Response, header: str) -> Response:
    """Say that ``response`` is another one for another ``header`` of the request."""
    response.headers[MARK_VARY] = header
    return response


def cache_page(response: Response, seconds: int, *, signed_in: bool) -> Response:
    """Let caches keep a page for ``seconds``, but not where the reader is ``signed_in``, whose page differs."""
    return cache(vary(response, "Cookie"), 0 if signed_in else seconds)


class Headers:
    """A WSGI application that applies the marks of :func:`cache` to the answers of ``app``."""

    def __init__(self, app: Callable[..., Iterable[bytes]]) -> None:
        """Wrap ``app``."""
        self._app = app

    def __call__(self, environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        """Answer as the wrapped application does, with the cache headers of marked answers replaced."""

        def start(status: str, headers: _Headers, *error: Any) -> Any:  # noqa: ANN401  WSGI's own types
            return start_response(status, with_cache_control(headers), *error)

        return self._app(environ, start)


def with_cache_control(headers: _Headers) -> _Headers:
    """Return ``headers`` with the marked cache control; a public answer loses its cookie."""
    marks = {name: value for name, value in headers if name in (MARK, MARK_VARY)}
    if MARK not in marks:
        return headers
    replaced = {MARK.lower(), MARK_VARY.lower(), "cache-control"}
    added = [("Cache-Control", marks[MARK])]
    if marks[MARK].startswith("public"):
        replaced |= {"set-cookie", "vary"}
        added += [("Vary", marks[MARK_VARY])] if MARK_VARY in marks else []
    return [header for header in headers if header[0].lower() not in replaced] + added
