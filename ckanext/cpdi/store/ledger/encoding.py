"""How a run stands in the ledger's columns: rows made typed, and what is kept as JSON, both ways."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import asdict, fields
from datetime import date
from typing import Any

from psycopg import Cursor, sql
from psycopg.rows import dict_row
from psycopg.types.json import Jsonb

from ckanext.cpdi.errors import read, stored
from ckanext.cpdi.rows.places import PlaceFigures
from ckanext.cpdi.store.ledger.objection import Objection
from ckanext.cpdi.store.ledger.record import Clock, FeedShape, Origin, RunRow

RUN_COLUMNS = sql.SQL(", ").join(sql.Identifier(name) for name in (*(column.name for column in fields(RunRow)), "said"))
"""The columns of a RunRow, for a SELECT whose rows :func:`run_row` makes."""
ORIGIN_COLUMNS = sql.SQL(", ").join(sql.Identifier(column.name) for column in fields(Origin))
"""The columns of an Origin."""


def run_row(cursor: Cursor[Any]) -> Callable[[Sequence[Any]], RunRow]:
    """Make rows of the ledger typed, what they hold as JSON included; a row factory of psycopg."""
    as_dict = dict_row(cursor)

    def make(values: Sequence[Any]) -> RunRow:
        row: dict[str, Any] = as_dict(values)
        row["message"] = read(row["message"], row.pop("said"))
        row["feed"] = _feed(row["feed"])
        row["objections"] = tuple(Objection(**objection) for objection in row["objections"])
        return RunRow(**row)

    return make


def message_columns(message: str) -> dict[str, str | Jsonb | None]:
    """Return the columns of a sentence for staff: its English words, and its parts where it has some."""
    parts = stored(message)
    return {"message": message, "said": Jsonb(parts) if parts else None}


def clock_json(clock: Clock | None) -> Jsonb | None:
    """Return a clock as JSON."""
    return Jsonb({"at": clock.at.isoformat(), "boot": clock.boot, "counted": clock.counted}) if clock else None


def objections_json(objections: Iterable[Objection]) -> Jsonb:
    """Return objections as JSON."""
    return Jsonb([asdict(objection) for objection in objections])


def feed_json(feed: FeedShape | None) -> Jsonb | None:
    """Return a feed's shape as JSON."""
    if feed is None:
        return None
    days = {name: day.isoformat() if day else None for name, day in (("first", feed.first), ("last", feed.last))}
    places = asdict(feed.places) if feed.places else None
    return Jsonb({"headers": feed.headers, "rows": feed.rows, "filled": dict(feed.filled), "places": places, **days})


def _feed(feed: dict[str, Any] | None) -> FeedShape | None:
    """Return what :func:`feed_json` wrote."""
    if feed is None:
        return None
    days = {name: date.fromisoformat(feed[name]) if feed[name] else None for name in ("first", "last")}
    places = PlaceFigures(**feed["places"]) if feed.get("places") else None
    return FeedShape(headers=tuple(feed["headers"]), rows=feed["rows"], filled=feed["filled"], places=places, **days)
