"""Which rows may go where a feed covers some days only.

The table holds times that are masked (a minute, an hour, a day, a month), and no true time is kept anywhere. So a row
is taken for what its published time says at its widest: a day, or a month where it is the first instant of one. It may
go only if all of that lies inside the window, on days that the feed visibly covers. What cannot be decided stays, and
the next full feed decides it.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from zoneinfo import ZoneInfo

import polars as pl
from psycopg import sql

from ckanext.cpdi.declare import Field
from ckanext.cpdi.declare.month import first_of_next_month
from ckanext.cpdi.rows.identity.known import ID
from ckanext.cpdi.store.database import arrays
from ckanext.cpdi.store.database.session import Connection

_ROWS = {"_id": ID, "day": pl.Date, "monthly": pl.Boolean}
_POSTGRES_EPOCH = date(2000, 1, 1)


@dataclass(frozen=True)
class Window:
    """Whole days of the department that a feed should cover, ``end`` excluded; ``first`` is the day on which its rows
    begin, which it may not have wholly.
    """

    begin: date
    end: date
    first: date


@dataclass(frozen=True)
class Coverage:
    """What a window says of the table: ``rows`` that lie inside it, the ids of those that are ``gone`` for certain, and
    how many ``stayed``, though the feed lacks them, since it does not cover their days.
    """

    window: Window
    rows: int
    gone: pl.Series
    stayed: int


def cover(
    connection: Connection, table: sql.Identifier, field: Field, zone: str, window: Window, present: pl.Series
) -> Coverage:
    """Return what the feed decides of the rows inside ``window``; ``present`` are the ids of those that it has.

    ``field`` is the table's time, ``zone`` the department's. Only rows inside the window are looked at.
    """
    rows = _read(connection, table, field, zone, window)
    return judge(rows.filter(_until() <= window.end), window, present)


def judge(rows: pl.DataFrame, window: Window, present: pl.Series) -> Coverage:
    """Return what is decided of ``rows`` (``_id``, ``day``, ``monthly``), all inside the window.

    A feed covers a day if it has half or more of the rows that the table shows for it. The days beside one that it does
    not cover may be cut through, as may the day on which it begins: they are not decided either, nor is a month with
    such a day, or without any day to judge by. A late row of an old day therefore opens no window on that day.
    """
    missing = rows.filter(~pl.col("_id").is_in(present.implode()))
    days = rows.filter(~pl.col("monthly")).group_by("day").agg(pl.len().alias("rows"))
    lacking = missing.filter(~pl.col("monthly")).group_by("day").agg(pl.len().alias("missing"))
    days = days.join(lacking, on="day", how="left").with_columns(pl.col("missing").fill_null(0)).sort("day")
    broken = (pl.col("missing") * 2 > pl.col("rows")) | (pl.col("day") <= window.first)
    beside = broken.shift(1, fill_value=False) | broken.shift(-1, fill_value=False)
    days = days.select("day", (broken | beside).alias("open"))
    months = days.group_by(pl.col("day").dt.truncate("1mo")).agg(pl.col("open").any())
    decided, whole = days.filter(~pl.col("open")), months.filter(~pl.col("open") & (pl.col("day") > window.first))
    exact = missing.filter(~pl.col("monthly")).join(decided, on="day", how="semi")
    coarse = missing.filter(pl.col("monthly")).join(whole, on="day", how="semi")
    gone = pl.concat([exact["_id"], coarse["_id"]])
    return Coverage(window, rows.height, gone, missing.height - len(gone))


def _until() -> pl.Expr:
    """Return the day after the last on which a row may have happened."""
    day = pl.col("day")
    return pl.when(pl.col("monthly")).then(day.dt.offset_by("1mo")).otherwise(day.dt.offset_by("1d"))


def _read(connection: Connection, table: sql.Identifier, field: Field, zone: str, window: Window) -> pl.DataFrame:
    """Return id, day and whether it stands for a month, of the rows whose published time lies inside the window."""
    begin, end = (_bound(field, zone, day) for day in (window.begin, window.end))
    query = sql.SQL("SELECT array_agg(_id), array_agg({0}) FROM {1} WHERE {0} >= {2} AND {0} < {3}").format(
        sql.Identifier(field.name), table, sql.Literal(begin), sql.Literal(end)
    )
    width = 4 if field.type == "date" else 8
    ids, times = arrays.read(connection, query, (4, width))
    rows = pl.DataFrame({"_id": ids, "at": times})
    if field.type == "date":
        day = pl.lit(_POSTGRES_EPOCH) + pl.duration(days=pl.col("at"))
        monthly = day.dt.day() == 1
    else:
        # Microseconds since 2000-01-01 UTC, as PostgreSQL writes instants.
        instant = (pl.lit(datetime(2000, 1, 1)) + pl.duration(microseconds=pl.col("at"))).dt.replace_time_zone("UTC")  # noqa: DTZ001
        day = instant.dt.convert_time_zone(zone).dt.date()
        starts = [_bound(field, zone, first) for first in _months(window)]
        monthly = instant.is_in(pl.Series(starts, dtype=pl.Datetime("us", "UTC")).implode())
    return rows.select("_id", day.alias("day"), monthly.alias("monthly")).cast(_ROWS)  # pyright: ignore[reportArgumentType]


def _bound(field: Field, zone: str, day: date) -> date | datetime:
    """Return where a day begins, as the field writes it; a midnight that the clock skips moves on by the gap."""
    if field.type == "date":
        return day
    return datetime(day.year, day.month, day.day, tzinfo=ZoneInfo(zone)).astimezone(ZoneInfo("UTC"))


def _months(window: Window) -> Iterator[date]:
    """Yield the first day of each month that begins inside the window."""
    day = window.begin.replace(day=1)
    while day < window.end:
        yield day
        day = first_of_next_month(day)
