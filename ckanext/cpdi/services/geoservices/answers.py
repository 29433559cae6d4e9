"""Answers a query from the table, and hands it to the form that was asked for."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import replace
from itertools import chain
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

import numpy as np
import orjson
from flask import Response
from psycopg import sql

from ckanext.cpdi.query.columns import ROW_ID
from ckanext.cpdi.query.question import Selection
from ckanext.cpdi.query.reference import Array, Reference
from ckanext.cpdi.query.tree import EVERYTHING, In, Term, walk
from ckanext.cpdi.selection import offsets
from ckanext.cpdi.selection.loaders import IN_MILLISECONDS
from ckanext.cpdi.selection.reader import BATCH, Box, Reader
from ckanext.cpdi.services.geoservices.facts import facts
from ckanext.cpdi.services.geoservices.forms import Body, Form
from ckanext.cpdi.services.geoservices.forms.esri import esri_features
from ckanext.cpdi.services.geoservices.page import FrameValues, Page, Points, RowValues
from ckanext.cpdi.services.geoservices.query import Query

if TYPE_CHECKING:  # a process of the pages does without it
    from ckanext.cpdi.query.writers.frame_answers import FramePage


def answer(query: Query, reader: Reader, form: Form) -> Body:
    """Return the body of the answer to ``query``; nothing of ``reader`` is needed any more."""
    match query.kind:
        case "count":
            return form.count(_count(query, reader))
        case "extent":
            box = _extent(query, reader)
            count = _count(query, reader) if query.with_count else None
            return form.extent(_carried(box, query.reference), query.reference, count)
        case "statistics":
            return form.features(_groups(query, reader), query.reference)
        case _:
            return form.features(features(query, reader), query.reference)


def _carried(box: Box | None, reference: Reference) -> Box | None:
    """Return the box in ``reference``."""
    return Box(*reference.bounds(box.west, box.south, box.east, box.north)) if box else None


def ids(query: Query, reader: Reader, form: Form, opening: ExitStack) -> Response:
    """Return the ids of all rows; they are read while they are sent, so what ``opening`` has opened stays open."""
    batches = _ids(query, reader)
    first = next(batches, [])  # what can go wrong goes wrong before anything is sent
    response = Response(form.ids(chain([first] if first else [], batches)), content_type=form.media_type)
    response.call_on_close(opening.pop_all().close)
    return response


def _ids(query: Query, reader: Reader) -> Iterator[list[int]]:
    """Yield the ids in batches, ascending unless another order is asked for."""
    if not query.order:
        yield from reader.ids(query.filter)
        return
    listed = offsets.sorted_ids(reader, Selection((ROW_ID,), query.filter, query.order))
    for start in range(0, len(listed), BATCH):
        yield listed[start : start + BATCH].tolist()


def feature(query: Query, reader: Reader) -> dict[str, Any] | None:
    """Return one row as the protocol has it, None where there is none."""
    page = features(query, reader)
    return {"feature": orjson.loads(next(esri_features(page)))} if len(page.values) else None


def features(query: Query, reader: Reader) -> Page:
    """Return the page of rows."""
    selection = Selection(
        tuple(field.column for field in query.fields), query.filter, query.order, query.limit + 1, query.offset
    )
    point = query.layer.table.point if query.geometry else None
    names = [*selection.columns, *(point or ())]
    page = _of_file(query, reader, replace(selection, columns=tuple(dict.fromkeys(names))))
    if page is not None:
        values = FrameValues(page, selection.columns, query.limit)
        points = _points(query, *map(values.axis, point)) if point else None
        return Page(query.fields, values, points, page.rows.height > query.limit, is_spatial=bool(point))
    rows = offsets.page(reader, selection, [sql.Identifier(name) for name in names], IN_MILLISECONDS)
    shown = rows[: query.limit]
    pairs = np.array([row[-2:] for row in shown] if point else [], np.float64).reshape(-1, 2)
    points = _points(query, pairs[:, 0], pairs[:, 1]) if point else None
    return Page(query.fields, RowValues(shown), points, len(rows) > query.limit, is_spatial=bool(point))


def _of_file(query: Query, reader: Reader, selection: Selection) -> FramePage | None:
    """Return the rows as a version's columnar file has them; None where the database is quicker, or knows alone.

    The database finds rows by their ids, and the first ones of all, without looking at others.
    """
    parts = list(walk(query.filter))
    by_id = any(isinstance(part, In) and part.term == Term(ROW_ID) for part in parts)
    if by_id or (query.filter == EVERYTHING and not query.order):
        return None
    return reader.by_columns(lambda columns: columns.page(selection))


def _points(query: Query, longitudes: Array, latitudes: Array) -> Points:
    return Points(longitudes, latitudes, query.reference, query.decimals, query.grid)


def _groups(query: Query, reader: Reader) -> Page:
    """Return the page of groups."""
    rows = reader.statistics(query.statistics, IN_MILLISECONDS)
    fields = query.groups.fields if query.groups else ()
    shown = [row[: len(fields)] for row in rows[: query.limit]]
    return Page(fields, RowValues(shown), None, len(rows) > query.limit, identified=False)


def _extent(query: Query, reader: Reader) -> Box | None:
    """Return the box of the rows' points; that of all rows of a layer is known, once it has been reckoned."""
    if query.filter == query.layer.condition(ZoneInfo(reader.state.zone)):
        return facts(query.layer, reader).extent
    return reader.extent(query.filter)


def _count(query: Query, reader: Reader) -> int:
    """Return how many rows, or groups, there are on all pages together."""
    if query.groups is None:
        return reader.count(query.filter)
    return reader.count_groups(query.groups.question(query.filter))
