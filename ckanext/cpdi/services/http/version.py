"""Answers of one version of a table: their ETag is the version and that of the places, never a hash of bytes.

In: the version that was read, and what makes the answer. Out: the answer, or that the client has it already.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from zoneinfo import ZoneInfo

from flask import Response, request

from ckanext.cpdi import __version__
from ckanext.cpdi.query.grammars.link import PERIOD
from ckanext.cpdi.selection.reader import TableState
from ckanext.cpdi.services.http.access import Readers
from ckanext.cpdi.services.http.headers import cache

SECONDS = 60
"""How long caches may keep an answer: no longer than one on who may read the table."""


def of_version(state: TableState, form: str, allowed: Readers, make: Callable[[], Response]) -> Response:
    """Return the answer of ``make`` with the version as its ETag, or 304 where the client has it; then nothing is made.

    ``form`` tells the representations at one address apart (``json``, ``geojson``); it has letters, digits and dashes.
    """
    tag = "-".join(filter(None, (state.version, state.places, __version__, form, _today(state))))
    if request.if_none_match.contains_weak(tag) and request.method in ("GET", "HEAD"):
        response = Response(status=304)
    else:
        response = make()
        if response.status_code >= 400:
            return cache(response, 0)
    response.set_etag(tag, weak=True)  # the web server in front may pack it
    response.headers["Cpdi-Version"] = state.version
    return cache(response, SECONDS if allowed is Readers.EVERYBODY else 0)


def _today(state: TableState) -> str:
    """Return the day where a link asks for days that go on with the calendar: tomorrow it has other rows."""
    return f"{datetime.now(ZoneInfo(state.zone)):%Y%m%d}" if PERIOD in request.args else ""
