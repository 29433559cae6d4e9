"""``/data/DATASET/changes.EXT`` and ``removed.csv``: rows that changed since a version or a day, and removed rows.

In: ``since``. Out: the present rows with their ids, streamed from one transaction; or ids alone. A header names the
version that a copy has once both are applied.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from functools import wraps
from typing import ParamSpec

import psycopg
from flask import Blueprint, Response, request
from werkzeug.http import is_resource_modified

from ckanext.cpdi import addresses, config
from ckanext.cpdi.declare import Dataset
from ckanext.cpdi.publish.format import StreamFormat
from ckanext.cpdi.publish.formats import formats
from ckanext.cpdi.publish.recipe import recipe
from ckanext.cpdi.publish.rows.changes import Changes
from ckanext.cpdi.publish.rows.row_id import ROW_ID
from ckanext.cpdi.publish.rows.since import SinceError
from ckanext.cpdi.publish.rows.source import open_source
from ckanext.cpdi.services.http import parameters
from ckanext.cpdi.services.http.access import Readers, readers
from ckanext.cpdi.services.http.answer import no_such_file, open_to_all, say, unbuilt
from ckanext.cpdi.services.http.headers import cache
from ckanext.cpdi.services.http.statuses import status_of
from ckanext.cpdi.services.spoken import spoken

log = logging.getLogger(__name__)

blueprint = Blueprint("cpdi_changes", __name__, url_prefix="/data")
blueprint.after_request(open_to_all)

SECONDS = 60
"""How long caches may keep an answer: no longer than access decisions are cached."""
_LONGEST = 600
"""Seconds that reading one answer may take; then the stream breaks off."""
_VERSION, _UNTIL = "Cpdi-Version", "Cpdi-Removed-Until"
_Body = Callable[[Changes], Iterator[bytes]]
P = ParamSpec("P")


def _explain_outages(view: Callable[P, Response]) -> Callable[P, Response]:
    """Let ``view`` answer in words where the database fails."""

    @wraps(view)
    def wrapped(*args: P.args, **kwargs: P.kwargs) -> Response:
        try:
            return view(*args, **kwargs)
        except psycopg.Error as error:
            log.warning("changes cannot be read: %s", type(error).__name__)
            return say(status_of(error), "The data cannot be read at the moment. Please ask again in some minutes.")

    return wrapped


@blueprint.get("/<dataset>/changes.<path:extension>")
@_explain_outages
def changed(dataset: str, extension: str) -> Response:
    """Stream the rows of ``dataset`` that are new or changed since ``since``; all of them without it."""
    declared, kind = _readable(dataset), formats().get(extension)
    if declared is None or not isinstance(kind, StreamFormat) or (kind.spatial and not declared.rows.point):
        return no_such_file()
    site = config.site()

    def body(changes: Changes) -> Iterator[bytes]:
        return kind.stream(changes.extract(site))

    def recipe_of(changes: Changes) -> str:
        return recipe(declared, changes.profile, site)

    return _answer(declared, f"changes.{extension}", kind.media_type, body, recipe_of)


@blueprint.get("/<dataset>/removed.csv")
@_explain_outages
def removed(dataset: str) -> Response:
    """Stream the ids of rows that were removed since ``since``, in weeks that are over."""
    declared = _readable(dataset)
    if declared is None:
        return no_such_file()
    return _answer(declared, "removed.csv", "text/csv; charset=utf-8", _ids, lambda _: "removed")


def _readable(name: str) -> Dataset | None:
    """Return the table called ``name``; None where there is none, or none that the reader may see."""
    dataset = config.library().get(name)
    if dataset is None or dataset.table is None or readers(name) is Readers.NOBODY:
        return None
    return dataset


def _answer(dataset: Dataset, name: str, media_type: str, body: _Body, recipe_of: Callable[[Changes], str]) -> Response:
    """Open a transaction and return a response that reads from it, or 304 where the client has that version."""
    chosen = parameters.selecting(dataset, [name for name in request.args if name != "since"])
    if chosen or len(request.args.getlist("since")) > 1:
        return say(
            400, "Ask with since alone, given once: a version such as 20261124-7481516, or a day such as 2026-11-24."
        )
    with ExitStack() as stack:
        source = stack.enter_context(open_source(config.read_dsn(), _LONGEST))
        try:
            changes = Changes.of(source, dataset, request.args.get("since", ""), config.profile_in)
        except SinceError as error:
            everything = addresses.url(f"/data/{dataset.name}/changes.csv")
            return say(status_of(error), spoken(error.said), [everything])
        if changes is None:
            return unbuilt()
        response = Response(mimetype=None)
        response.automatically_set_content_length = False  # it is unknown beforehand
        response.headers["Content-Type"] = media_type
        _describe(response, changes, name, recipe_of(changes))
        etag = str(response.get_etag()[0])
        if not is_resource_modified(request.environ, etag):
            response.status_code = 304
        elif request.method == "GET":
            reading = stack.pop_all()
            response.response = _read_to_end(reading, body(changes))
            response.call_on_close(reading.close)
    return response


def _read_to_end(reading: ExitStack, body: Iterator[bytes]) -> Iterator[bytes]:
    """Yield ``body``; end its transaction after the last byte."""
    with reading:
        yield from body


def _describe(response: Response, changes: Changes, name: str, recipe_text: str) -> None:
    """Set the headers: version, file name, ETag and cache control."""
    state, since = changes.state, changes.since.text or "all"
    stem, _, extension = name.partition(".")
    response.headers[_VERSION] = state.version
    response.headers[_UNTIL] = changes.removed_until.isoformat()
    saved = f"{changes.dataset.name}-{stem}_{since}_{state.version}.{extension}"
    response.headers["Content-Disposition"] = f"attachment; filename={saved}"
    parts = [
        state.version,
        since,
        recipe_text,
        extension,
        *([changes.removed_until.isoformat()] if stem == "removed" else []),
    ]
    response.set_etag("-".join(parts))
    cache(response, SECONDS if readers(changes.dataset.name) is Readers.EVERYBODY else 0)


def _ids(changes: Changes) -> Iterator[bytes]:
    """Yield the lines of ``removed.csv``."""
    yield f"{ROW_ID.name}\n".encode()
    for ids in changes.removed():
        yield "".join(f"{row_id}\n" for row_id in ids).encode()
