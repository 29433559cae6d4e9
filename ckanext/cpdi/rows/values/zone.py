"""The clock of a department: between wall time and UTC, for whole columns, the clock changes included.

Instants and wall times are arrays of microseconds since 1970; MISSING stands for none.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from functools import cache
from typing import Any, Literal
from zoneinfo import ZoneInfo

import numpy as np
import numpy.typing as npt
import polars as pl

Micros = npt.NDArray[np.int64]
MISSING = np.iinfo(np.int64).min
SECOND = 1_000_000
HOUR = 3600 * SECOND
DAY = 24 * HOUR

Unit = Literal["minute", "hour", "date", "month", "quarter"]
_MONTHS = {"month": 1, "quarter": 3}

_FIRST, _LAST = 1970, 2100


class Zone:
    """The offsets of a time zone from 1970 to 2100.

    ``starts`` are the instants from which each offset holds, in UTC; the first holds before all of them.
    """

    def __init__(self, zone: ZoneInfo) -> None:
        """Look up when the zone's clock changes."""
        changes = _changes(zone)
        self.starts: Micros = np.array([start for start, _ in changes[1:]], dtype=np.int64)
        self.offsets: Micros = np.array([offset for _, offset in changes], dtype=np.int64)
        before, after = self.offsets[:-1], self.offsets[1:]
        # A wall time that happens twice is taken as its first occurrence, one that the clock skips as if it had not.
        self._switches = self.starts + np.maximum(before, after)
        self._odd_from = self.starts + np.minimum(before, after)
        self._skips = after > before

    def to_utc(self, wall: Micros) -> tuple[Micros, npt.NDArray[np.bool_], npt.NDArray[np.bool_]]:
        """Return the instants of wall times, which of them happen twice, and which never happen.

        Of a time that happens twice the first is meant (summer time); one that is skipped moves on by the gap.
        """
        place = np.searchsorted(self._switches, wall, side="right")
        utc = np.where(wall == MISSING, MISSING, wall - self.offsets[place])
        if not len(self._switches):
            return utc, np.zeros(len(wall), dtype=bool), np.zeros(len(wall), dtype=bool)
        coming = np.minimum(place, len(self._switches) - 1)
        odd = (place < len(self._switches)) & (wall >= self._odd_from[coming]) & (wall != MISSING)
        return utc, odd & ~self._skips[coming], odd & self._skips[coming]

    def offset(self, utc: Micros) -> Micros:
        """Return the offset from UTC at each instant, in microseconds."""
        return self.offsets[np.searchsorted(self.starts, utc, side="right")]

    def floor(self, utc: Micros, unit: Unit) -> Micros:
        """Return the beginning of the local minute, hour, day, month or quarter that each instant lies in."""
        offset = self.offset(utc)
        wall = np.where(utc == MISSING, 0, utc) + offset
        if unit in ("minute", "hour"):
            size = HOUR if unit == "hour" else 60 * SECOND
            floored = wall // size * size - offset
        else:
            days: np.ndarray[Any, Any] = (wall // DAY).astype("datetime64[D]")
            first = days if unit == "date" else _first_days(days, _MONTHS[unit])
            floored, _, _ = self.to_utc(first.astype(np.int64) * DAY)
        return np.where(utc == MISSING, MISSING, floored)


def _first_days(days: np.ndarray[Any, Any], months: int) -> np.ndarray[Any, Any]:
    """Return the first day of the ``months`` that each day lies in, counted from January."""
    number = days.astype("datetime64[M]").astype(np.int64)
    return (number // months * months).astype("datetime64[M]").astype("datetime64[D]")


@cache
def zone_of(name: str) -> Zone:
    """Return the zone with this IANA name; raise ZoneInfoNotFoundError for an unknown one."""
    return Zone(ZoneInfo(name))


def micros(instant: datetime) -> int:
    """Return an instant as microseconds since 1970."""
    return (instant - datetime(1970, 1, 1, tzinfo=UTC)) // timedelta(microseconds=1)


def as_datetime(utc: Micros) -> pl.Series:
    """Return microseconds as instants; MISSING, which NumPy and Polars take for no time by themselves, becomes null."""
    return pl.Series(utc.view("datetime64[us]")).cast(pl.Datetime("us", "UTC"))


def as_micros(column: pl.Series) -> Micros:
    """Return instants as microseconds; null becomes MISSING."""
    if not column.null_count():
        return column.cast(pl.Int64).to_numpy()
    return column.cast(pl.Datetime("us")).to_numpy().view(np.int64)


def _changes(zone: ZoneInfo) -> list[tuple[int, int]]:
    """Return the first offset and each change as pairs of the second at which it begins and itself, in microseconds."""
    step = 7 * 86400
    at = int(datetime(_FIRST, 1, 1, tzinfo=UTC).timestamp())
    end = int(datetime(_LAST, 1, 1, tzinfo=UTC).timestamp())
    changes = [(at * SECOND, _offset(zone, at))]
    while at < end:
        if _offset(zone, at + step) != changes[-1][1]:
            low, high = at, at + step
            while high - low > 1:
                middle = (low + high) // 2
                low, high = (middle, high) if _offset(zone, middle) == changes[-1][1] else (low, middle)
            changes.append((high * SECOND, _offset(zone, high)))
        at += step
    return changes


def _offset(zone: ZoneInfo, second: int) -> int:
    offset = datetime.fromtimestamp(second, tz=UTC).astimezone(zone).utcoffset() or timedelta()
    return offset // timedelta(microseconds=1)
