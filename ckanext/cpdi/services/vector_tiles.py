"""``/ogc/collections/{table}/tiles``: vector tiles of a table under any filter (OGC API Tiles, TileJSON).

In: a tile's place in the pyramid, and the parameters of a link. Out: a tile of Mapbox' format, with cells or points;
documents that describe them.
"""

from __future__ import annotations

from collections.abc import Callable
from contextlib import ExitStack
from functools import wraps
from typing import ParamSpec
from urllib.parse import urlencode
from zoneinfo import ZoneInfo

import ckan.plugins.toolkit as tk
from flask import Blueprint, Response, request

from ckanext.cpdi import config
from ckanext.cpdi.declare import Dataset
from ckanext.cpdi.errors import Said
from ckanext.cpdi.query.errors import UnreadableError
from ckanext.cpdi.query.grammars import link as grammar
from ckanext.cpdi.query.tree import Condition
from ckanext.cpdi.selection.reader import Reader
from ckanext.cpdi.selection.tiles.categories import categories
from ckanext.cpdi.selection.tiles.cells import cells
from ckanext.cpdi.selection.tiles.points import points
from ckanext.cpdi.selection.tiles.pyramid import Tile
from ckanext.cpdi.services.http.access import Readers
from ckanext.cpdi.services.http.answer import open_to_all
from ckanext.cpdi.services.http.direct import keyless
from ckanext.cpdi.services.http.refusal import naming, refuses_in
from ckanext.cpdi.services.http.table import open_table, readable
from ckanext.cpdi.services.http.version import of_version
from ckanext.cpdi.services.ogc.answers import is_tracking, json_answer, kept
from ckanext.cpdi.services.ogc.tables import collection
from ckanext.cpdi.services.tiles import describe
from ckanext.cpdi.services.tiles.describe import MATRICES, MVT, POINTS_FROM
from ckanext.cpdi.services.tiles.kept import Kept, Made

blueprint = keyless(Blueprint("cpdi_tiles", __name__, url_prefix="/ogc"))
blueprint.after_request(open_to_all)

P = ParamSpec("P")
_OWN = ("f",)
_tiles = Kept()


def _refusal(status: int, words: str, parameter: str) -> Response:
    """Return an error in the form of OGC API."""
    response = json_answer({"code": str(status), "description": naming(words, parameter)})
    response.status_code = status
    return response


def _route(path: str) -> Callable[[Callable[P, Response]], Callable[P, Response]]:
    """Return a decorator for the view at a path, whose errors are answered in the form of the service."""

    def decorate(view: Callable[P, Response]) -> Callable[P, Response]:
        refusing = refuses_in(_refusal)(view)

        @blueprint.get(path)
        @wraps(view)
        def answer(*args: P.args, **kwargs: P.kwargs) -> Response:
            return refusing(*args, **kwargs)

        return answer

    return decorate


@_route("/tileMatrixSets")
def matrix_sets() -> Response:
    """Answer with the pyramids, of which there is one."""
    return kept(json_answer(describe.matrix_sets()))


@_route(f"/tileMatrixSets/{MATRICES}")
def matrix_set() -> Response:
    """Answer with the pyramid."""
    return kept(json_answer(describe.matrix_set()))


@_route("/collections/<name>/tiles")
def tilesets(name: str) -> Response:
    """Answer with the tilesets of a table."""
    _mapped(name)
    shown = collection(name)
    return kept(json_answer(describe.tilesets(shown)), shown.allowed)


@_route(f"/collections/<name>/tiles/{MATRICES}")
def tileset(name: str) -> Response:
    """Answer with the tileset of a table."""
    dataset, allowed = _mapped(name)
    shown = collection(name)
    with open_table(dataset) as reader:
        return of_version(
            reader.state, "tileset", allowed, lambda: json_answer(describe.tileset(shown, categories(reader)))
        )


@_route(f"/collections/<name>/tiles/{MATRICES}/tilejson.json")
def tilejson(name: str) -> Response:
    """Answer with TileJSON, whose tiles have the filter of this address."""
    dataset, allowed = _mapped(name)
    shown = collection(name)
    pairs = _pairs()
    question = f"?{urlencode(pairs)}" if pairs else ""
    with open_table(dataset) as reader:
        grammar.parse(pairs, reader.table, ZoneInfo(reader.state.zone), config.areas())

        def make() -> Response:
            return json_answer(describe.tilejson(shown, categories(reader), question))

        return of_version(reader.state, "tilejson", allowed, make)


@_route(f"/collections/<name>/tiles/{MATRICES}/<z>/<y>/<x>")
def tile(name: str, z: str, y: str, x: str) -> Response:
    """Answer with a tile; 204 where it has no rows."""
    dataset, allowed = _mapped(name)
    place = _place(z, y, x)
    with ExitStack() as stack:
        reader = stack.enter_context(open_table(dataset))
        condition = grammar.parse(_pairs(), reader.table, ZoneInfo(reader.state.zone), config.areas())
        key = (reader.state.key, place, condition)

        def make() -> Response:
            return _answer(_tiles.get(key, lambda: _made(reader, place, condition), stack.close))

        return of_version(reader.state, "mvt", allowed, make)


def _mapped(name: str) -> tuple[Dataset, Readers]:
    """Return the table called ``name``, and who may read it; raise ObjectNotFound where it has no points."""
    dataset, allowed = readable(name)
    if dataset.rows.point is None:
        raise tk.ObjectNotFound
    return dataset, allowed


def _pairs() -> list[tuple[str, str]]:
    """Return the parameters that choose rows."""
    return [pair for pair in request.args.items(multi=True) if pair[0] not in _OWN and not is_tracking(pair[0])]


def _place(z: str, y: str, x: str) -> Tile:
    """Return the tile; raise UnreadableError for what is no number, ObjectNotFound for one outside of the pyramid."""
    for number in (z, y, x):
        if not number.isascii() or not number.isdigit() or len(number) > 10:
            raise UnreadableError(
                Said("zoom, row and column of a tile are whole numbers, not {number!r}", number=number[:40])
            )
    place = Tile(int(z), int(x), int(y))
    if not place.is_there:
        raise tk.ObjectNotFound
    return place


def _made(reader: Reader, place: Tile, condition: Condition) -> Made:
    """Return the tile, made of cells or points."""
    if place.z >= POINTS_FROM:
        return Made(*points(reader, place, condition))
    counted = cells(reader, place, condition)
    return Made(counted.encode(), counted.total, counted.total)


def _answer(made: Made) -> Response:
    """Return the tile, and how many rows it is of; ``Cpdi-Capped`` where it has fewer."""
    response = Response(made.data, status=200 if made.data else 204, content_type=MVT)
    response.headers["Cpdi-Rows"] = str(made.total)
    if made.shown < made.total:
        response.headers["Cpdi-Capped"] = f"{made.shown} of {made.total}"
    return response
