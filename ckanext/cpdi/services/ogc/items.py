"""The items of a collection: what a request asks for, the rows, and the document of a page of them.

In: a request's parameters. Out: a page of features, ``next`` by key, and the number of all of them where it is known.
The parameters of a link (:mod:`ckanext.cpdi.query.grammars.link`) choose the rows, so that it works here as well.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from urllib.parse import urlencode
from zoneinfo import ZoneInfo

from flask import request
from psycopg import errors

from ckanext.cpdi import config
from ckanext.cpdi.declare import Table
from ckanext.cpdi.errors import Said
from ckanext.cpdi.query.columns import ROW_ID, Columns
from ckanext.cpdi.query.errors import UnreadableError
from ckanext.cpdi.query.grammars import link as grammar
from ckanext.cpdi.query.grammars.page import parse_sort
from ckanext.cpdi.query.question import Order, Selection
from ckanext.cpdi.query.reference import CRS84, Axes, find_axes
from ckanext.cpdi.query.tree import Comparison, Condition, Term
from ckanext.cpdi.selection import offsets
from ckanext.cpdi.selection.reader import Reader
from ckanext.cpdi.selection.totals import Totals
from ckanext.cpdi.services.ogc.answers import GEOJSON, HTML, JSON, SCHEMA, Link, is_tracking, link
from ckanext.cpdi.services.ogc.cursor import CURSOR, read_cursor, write_cursor
from ckanext.cpdi.services.ogc.features import Feature, Row, columns_for, maker

LIMIT, MOST = 100, 10_000
"""Features of a page where nothing is said, and at most."""
OWN = ("f", "limit", "offset", CURSOR, "crs", "properties", "sortby", "sort")
"""Parameters beside those that choose rows."""
_COUNTING = 3
"""Seconds that counting may take; then the number is left out."""
_MOST_OFFSET = 10**9
_totals = Totals()


@dataclass(frozen=True)
class Question:
    """What a request asks of a collection."""

    condition: Condition
    order: tuple[Order, ...]
    shown: tuple[str, ...]
    limit: int
    offset: int
    cursor: str
    reference: Axes


def read_question(table: Table, zone: ZoneInfo) -> Question:
    """Return what the request asks; raise QueryError."""
    columns, args = Columns(table), request.args
    chosen = [pair for pair in args.items(multi=True) if pair[0] not in OWN and not is_tracking(pair[0])]
    return Question(
        condition=grammar.parse(chosen, table, zone, config.areas()),
        order=parse_sort(args.getlist("sortby") + args.getlist("sort"), columns, "sortby"),
        shown=_shown(args.getlist("properties"), columns),
        limit=min(MOST, _number("limit", LIMIT, 1)),
        offset=_number("offset", 0, 0),
        cursor=args.get(CURSOR, ""),
        reference=asked_reference(),
    )


def asked_reference() -> Axes:
    """Return the reference system that the coordinates of the answer are to have."""
    return find_axes(request.args["crs"], "crs") if request.args.get("crs") else CRS84


def _number(name: str, usual: int, least: int) -> int:
    text = request.args.get(name, "").strip()
    if not text:
        return usual
    if not re.fullmatch(r"\+?\d{1,40}", text, re.ASCII) or int(text) < least:
        raise UnreadableError(
            Said("{name} is a whole number from {least} on, not {text!r}", name=name, least=least, text=text[:40]), name
        )
    return min(int(text), _MOST_OFFSET)


def _shown(values: Sequence[str], columns: Columns) -> tuple[str, ...]:
    names = [name.strip() for value in values for name in value.split(",") if name.strip()]
    if not names:
        return tuple(name for name in columns if name != ROW_ID)
    asked = dict.fromkeys(columns.find(name, "properties").name for name in names)
    return tuple(name for name in asked if name != ROW_ID)


@dataclass(frozen=True)
class Page:
    """Features; ``following`` is the cursor of the next page, or empty; ``matched`` the number of all, if known."""

    features: list[Feature]
    following: str
    matched: int | None


def read_page(reader: Reader, question: Question) -> Page:
    """Return the page that ``question`` asks for, in one version of the table."""
    table = reader.table
    needed = columns_for(table, question.shown)
    orders = Selection((), order=question.order).total_order
    after = read_cursor(question.cursor, orders, Columns(table)) if question.cursor else ()
    columns = (*needed, *(order.column for order in orders))
    selection = Selection(columns, question.condition, orders, question.limit + 1, question.offset, after)
    rows = offsets.page(reader, selection)
    more = len(rows) > question.limit
    rows = rows[: question.limit]
    following = write_cursor(rows[-1][len(needed) :]) if more else ""
    is_whole = not more and not question.cursor and not question.offset
    matched = len(rows) if is_whole else _matched(reader, question, offsets.length(reader, selection))
    make = maker(table, question.shown, ZoneInfo(reader.state.zone), question.reference)
    return Page([make(row) for row in rows], following, matched)


def read_feature(reader: Reader, row_id: int, reference: Axes) -> Feature | None:
    """Return the feature of a row; None where no row has the id."""
    shown = tuple(field.name for field in reader.table.fields)
    condition = Comparison(Term(ROW_ID), "=", row_id)
    rows: list[Row] = reader.rows(Selection(columns_for(reader.table, shown), condition, limit=1))
    make = maker(reader.table, shown, ZoneInfo(reader.state.zone), reference)
    return make(rows[0]) if rows else None


def _matched(reader: Reader, question: Question, known: int | None) -> int | None:
    """Return how many rows meet the condition: exactly, or None where that takes too long or another page told it."""
    if known is None:
        known = _totals.get(reader.state, question.condition)
    if known is not None or question.cursor:
        return known
    try:
        reader.allow(_COUNTING)
        total = reader.count(question.condition)
    except errors.QueryCanceled:
        return None
    _totals.keep(reader.state, question.condition, total)
    return total


def document(name: str, page: Page) -> dict[str, Any]:
    """Return the page as a GeoJSON FeatureCollection."""
    return {
        "type": "FeatureCollection",
        "timeStamp": datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ"),
        **({} if page.matched is None else {"numberMatched": page.matched}),
        "numberReturned": len(page.features),
        "links": page_links(name, page.following),
        "features": page.features,
    }


def page_links(name: str, following: str) -> list[Link]:
    """Return the links of a page: itself, in the other form, the next, and the collection."""
    path = f"/collections/{name}"
    links = [
        link(f"{path}/items?{_query(f='json')}", "self", GEOJSON),
        link(f"{path}/items?{_query(f='html')}", "alternate", HTML),
        link(path, "collection", JSON),
        link(f"{path}/schema", "describedby", SCHEMA),
    ]
    if following:
        links.append(link(f"{path}/items?{_query(cursor=following)}", "next", GEOJSON))
    return links


def _query(**changed: str) -> str:
    """Return the request's parameters, some of them changed; a cursor takes the place of an offset."""
    dropped = {*changed, *(("offset",) if CURSOR in changed else ())}
    kept = [pair for pair in request.args.items(multi=True) if pair[0] not in dropped and not is_tracking(pair[0])]
    return urlencode([*kept, *changed.items()])
