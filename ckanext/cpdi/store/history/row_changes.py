"""Which rows moved with which version: what a reader with an older copy has to fetch, and what to drop.

In: the plan of a run. Out: one line a row in ``cpdi.change``, in the run's transaction. A line says from when on a copy
has the change; that is the version's instant, or later where the night of a change would tell too much.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import polars as pl
from psycopg import sql

from ckanext.cpdi.declare import Classes
from ckanext.cpdi.declare.month import first_of_next_month
from ckanext.cpdi.declare.tables.privacy import Time
from ckanext.cpdi.rows.identity.known import ID
from ckanext.cpdi.store.database.session import Connection

_WAIT: dict[Time, str] = {
    "minute": "version",
    "hour": "week",
    "date": "week",
    "month": "month",
    "quarter": "month",
    "none": "month",
}
"""How long a changed row is listed, whatever the copy: no finer than its own time. Strangers could else find out in
which night somebody worked on a record, and with it about when the event was, which its time does not say."""
_STAGE = sql.Identifier("cpdi_moved")


@dataclass(frozen=True)
class Moves:
    """Ids that a run wrote: ``fresh`` and ``gone`` ones, and those of ``changed`` rows with their classes."""

    fresh: pl.Series
    changed: pl.DataFrame
    gone: pl.Series


@dataclass(frozen=True)
class Ends:
    """Until when a copy lacks what changes at ``now``: the version's own instant, the end of its week, of its month.

    ``today`` is the day of the version.
    """

    today: date
    version: datetime
    week: datetime
    month: datetime

    @classmethod
    def of(cls, now: datetime, zone: str) -> Ends:
        """Return the ends by the calendar of ``zone``; a week begins on Monday."""
        local = ZoneInfo(zone)
        today = now.astimezone(local).date()
        monday = today + timedelta(days=7 - today.weekday())
        first = first_of_next_month(today)
        week, month = (datetime(day.year, day.month, day.day, tzinfo=local) for day in (monday, first))
        return cls(today, now, week, month)


def begin(connection: Connection, number: int) -> None:
    """Forget every version and row of dataset ``number``: its table is another one, and no older copy fits it."""
    for table in ("version", "change"):
        query = sql.SQL("DELETE FROM {} WHERE dataset = %s").format(sql.Identifier("cpdi", table))
        connection.execute(query, (number,))


def add_version(connection: Connection, number: int, version: str, now: datetime) -> None:
    """Write the version that was published at ``now``."""
    connection.execute(
        "INSERT INTO cpdi.version (dataset, version, published_at) VALUES (%s, %s, %s)", (number, version, now)
    )


def later(connection: Connection, number: int, now: datetime) -> datetime:
    """Return ``now``, or just after the last version where the clock was set back: versions follow each other."""
    row = connection.execute("SELECT max(published_at) FROM cpdi.version WHERE dataset = %s", (number,)).fetchone()
    return max(now, row[0] + timedelta(microseconds=1)) if row and row[0] else now


def record(connection: Connection, number: int, moves: Moves, ends: Ends, classes: Classes | None) -> None:
    """Write what moved. Without ``classes`` every changed row counts as one that shows its month alone.

    The id of a new row tells its version anyhow, since ids are counted up; a removal waits for its week's others.
    """
    lines = pl.concat(
        [
            _lines(moves.fresh, ends.version),
            *(_lines(ids, at) for ids, at in _changed(moves.changed, ends, classes)),
            _lines(moves.gone, ends.week, gone=True),
        ]
    )
    if lines.is_empty():
        return
    connection.execute(
        sql.SQL("CREATE TEMPORARY TABLE {} (id integer, at timestamptz, gone boolean) ON COMMIT DROP").format(_STAGE)
    )
    with connection.cursor().copy(sql.SQL("COPY {} FROM STDIN (FORMAT csv)").format(_STAGE)) as copy:
        for part in lines.iter_slices(100_000):
            copy.write(part.write_csv(include_header=False))
    connection.execute(
        sql.SQL(
            "INSERT INTO cpdi.change AS old (dataset, id, at, gone)"
            " SELECT {number}, id, at, gone FROM {stage}"
            " ON CONFLICT (dataset, id) DO UPDATE SET gone = excluded.gone,"
            " at = CASE WHEN excluded.gone THEN excluded.at ELSE greatest(old.at, excluded.at) END"
        ).format(number=sql.Literal(number), stage=_STAGE)
    )


def remove(connection: Connection, number: int, version: str, now: datetime, zone: str, ids: list[int]) -> None:
    """Write a version, published at ``now``, in which the rows ``ids`` left the table between two runs.

    They are listed with the removals of the next run (:func:`settle`), or a week after those of this week where none
    comes before.
    """
    add_version(connection, number, version, now)
    none = pl.DataFrame(schema={"_id": ID, "_classes": pl.Int16})
    moves = Moves(none["_id"], none, pl.Series("_id", ids, dtype=ID))
    record(connection, number, moves, Ends.of(now + timedelta(days=7), zone), None)


def settle(connection: Connection, number: int, week: datetime) -> None:
    """List what left since the run before with what leaves in the week that ends at ``week``."""
    connection.execute("UPDATE cpdi.change SET at = %s WHERE dataset = %s AND gone AND at > %s", (week, number, week))


def _changed(changed: pl.DataFrame, ends: Ends, classes: Classes | None) -> list[tuple[pl.Series, datetime]]:
    """Return the ids of changed rows by when they count: few sets of classes occur, so each is looked up once."""
    parts: list[tuple[pl.Series, datetime]] = []
    for (mask,), rows in changed.group_by("_classes"):
        time: Time = classes.levels(int(str(mask))).time if classes else "none"
        parts.append((rows["_id"], getattr(ends, _WAIT[time])))
    return parts


def _lines(ids: pl.Series, at: datetime, *, gone: bool = False) -> pl.DataFrame:
    """Return the lines of ``ids``."""
    return ids.to_frame("id").select("id", pl.lit(at.isoformat()).alias("at"), pl.lit(gone).alias("gone"))
