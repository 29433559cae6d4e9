"""Instants as feeds write them: local or UTC, with an offset or without, epochs, dates without a time.

In: a column of texts and the profile's :class:`Times`. Out: :class:`Instants`, in UTC.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

import numpy as np
import polars as pl

from ckanext.cpdi.declare.departments.cells import Times
from ckanext.cpdi.declare.departments.pattern import OFFSET, is_digits_alone
from ckanext.cpdi.rows.values.clocks import read_clocks
from ckanext.cpdi.rows.values.zone import DAY, MISSING, SECOND, Micros, Zone
from ckanext.cpdi.rows.verdicts import Rows, truths

_FORMATS = (
    "%Y-%m-%dT%H:%M:%S",
    "%Y-%m-%d %H:%M:%S",
    "%Y-%m-%dT%H:%M:%S%.f",
    "%Y-%m-%d %H:%M:%S%.f",
    "%Y-%m-%dT%H:%M",
    "%Y-%m-%d %H:%M",
    "%m/%d/%Y %H:%M:%S",
    "%m/%d/%Y %H:%M",
    "%m/%d/%Y %I:%M:%S %p",
    "%m/%d/%Y %I:%M %p",
    "%Y/%m/%d %H:%M:%S",
    "%Y/%m/%d %H:%M:%S%.f",
    "%Y-%m-%d",
    "%m/%d/%Y",
    "%Y/%m/%d",
)
_MARKS = "/T "
"""Characters of patterns that stand for themselves, and that tell patterns apart."""
_DIRECTIVE = re.compile(r"%[-_0.:#]*\d?\w")
_OFFSET = r"^(.*\d)\s*(Z|UTC|[+-]\d{2}:?\d{2}|[+-]\d{2})$"
_HOUR = r"[T ]+\d{1,2}:\d{2}.*$"
_TIME_BEGINS = 14
"""No offset stands before this character, since a date and an hour come first; a date's own dashes do."""
_EPOCH = r"^-?\d{9,14}$"
_MILLISECONDS_FROM = 100_000_000_000


@dataclass(frozen=True)
class Instants:
    """A column of instants: microseconds in UTC (MISSING for none); ``dated``: those that are a day without a time;
    ``repeated`` and ``skipped``: wall times that a clock change makes happen twice, or never; ``unreadable``: texts
    that are no instant.
    """

    utc: Micros
    dated: Rows
    repeated: Rows
    skipped: Rows
    unreadable: Rows


def read_instants(
    column: pl.Series, times: Times, zone: Zone, *, is_day: bool = False, clocks: pl.Series | None = None
) -> Instants:
    """Return the texts of ``column`` (clean; null for none) as instants.

    With ``is_day`` all of them are days, whatever hour is written in them; with ``clocks`` as well, each of which has
    its time of day there.
    """
    if column.null_count() == len(column):
        none, nowhere = np.full(len(column), MISSING, dtype=np.int64), np.zeros(len(column), dtype=bool)
        return Instants(utc=none, dated=nowhere, repeated=nowhere, skipped=nowhere, unreadable=nowhere)
    texts, offsets = _split_offsets(column)
    wall, dated = _parse(texts, times.formats)
    if is_day or clocks is not None:
        wall = _without_hours(texts, times.formats, wall)
    epochs = _epochs(texts, wall == MISSING, times.formats)
    absolute = (offsets != MISSING) | (epochs != MISSING)
    wall = np.where(epochs != MISSING, epochs, wall)
    if clocks is not None:
        # The hours of a feed in UTC count from a day in UTC.
        day = _days(wall, offsets, times, zone, absolute & (times.reading == "local"))
        wall, dated = _at(day, clocks, short=times.short_clocks)
        absolute = np.zeros(len(wall), dtype=bool)
    elif is_day:
        wall = _days(wall, offsets, times, zone, absolute | (times.reading == "utc"))
        dated = wall != MISSING
    elif times.days:
        dated |= (wall != MISSING) & (wall % DAY == 0)
    absolute &= ~dated
    exact = np.where(absolute & (wall != MISSING), wall - np.where(offsets == MISSING, 0, offsets), wall)
    if times.reading == "utc_is_local":
        to_convert = np.ones(len(wall), dtype=bool)
    else:
        # A day without a time is a day of the department, whatever zone its times are written in.
        to_convert = (~absolute & (times.reading == "local")) | dated
    utc, repeated, skipped = zone.to_utc(np.where(to_convert, exact, MISSING))
    return Instants(
        utc=np.where(to_convert, utc, exact),
        dated=dated,
        repeated=repeated,
        skipped=skipped,
        unreadable=truths(column.is_not_null()) & (wall == MISSING),
    )


def reads_any(pattern: str, column: pl.Series) -> bool:
    """Say whether ``pattern`` alone reads a text of ``column``; to read them all takes ten times as long."""
    return bool((_read_with(pattern, _split_offsets(column)[0]) != MISSING).any())


def _without_hours(texts: pl.Series, formats: tuple[str, ...], wall: Micros) -> Micros:
    """Return ``wall`` with the days of those texts that the profile's ``formats`` read once their hour is cut off."""
    unread = truths(texts.is_not_null()) & (wall == MISSING)
    if not formats or not unread.any():
        return wall
    at = np.flatnonzero(unread)
    cut, _ = _parse(texts.gather(at).str.replace(_HOUR, ""), formats)
    mended = wall.copy()
    mended[at] = cut
    return mended


def _days(wall: Micros, offsets: Micros, times: Times, zone: Zone, absolute: Rows) -> Micros:
    """Return the first instant of the day that each wall time stands for; those that are ``absolute`` are no wall time
    of the department.

    A midnight is the day that it names, in whatever zone it was written; another absolute time lies on a day of the
    department.
    """
    utc = np.where(wall == MISSING, 0, wall - np.where(offsets == MISSING, 0, offsets))
    if times.reading == "utc_is_local":
        local = utc
    else:
        local = np.where(absolute & (wall % DAY != 0), utc + zone.offset(utc), wall)
    return np.where(wall == MISSING, MISSING, local // DAY * DAY)


def _at(days: Micros, clocks: pl.Series, *, short: bool) -> tuple[Micros, Rows]:
    """Return the days at the times of ``clocks``, and which of them have none; MISSING where it cannot be read."""
    times = read_clocks(clocks, short=short)
    without = (days != MISSING) & clocks.is_null().to_numpy()
    at_time = np.where((days == MISSING) | (times == MISSING), MISSING, days + np.where(times == MISSING, 0, times))
    return np.where(without, days, at_time), without


def _split_offsets(column: pl.Series) -> tuple[pl.Series, Micros]:
    """Return the texts without their offsets, and the offsets in microseconds (MISSING for none)."""
    none = np.full(len(column), MISSING, dtype=np.int64)
    tail = column.str.slice(_TIME_BEGINS)
    if not tail.str.contains_any(["+", "-", "Z", "U"]).any():
        return column, none
    parts = column.to_frame("text").select(
        pl.col("text").str.extract(_OFFSET, 1).alias("base"), pl.col("text").str.extract(_OFFSET, 2).alias("offset")
    )
    has = truths(parts["base"].str.len_chars() >= _TIME_BEGINS - 1)
    digits = parts["offset"].str.replace_all(r"[+:\-ZUTC]", "").str.pad_end(4, "0").cast(pl.Int64, strict=False)
    minutes = (digits // 100 * 60 + digits % 100).fill_null(0).to_numpy()
    sign = np.where(truths(parts["offset"].str.starts_with("-")), -1, 1)
    texts = parts["base"].zip_with(pl.Series(has), column)
    return texts, np.where(has, sign * minutes * 60 * SECOND, none)


def _parse(texts: pl.Series, formats: tuple[str, ...]) -> tuple[Micros, Rows]:
    """Return the texts as microseconds, read as they stand, and which are days without a time."""
    wall = np.full(len(texts), MISSING, dtype=np.int64)
    dated = np.zeros(len(texts), dtype=bool)
    unread = np.flatnonzero(texts.is_not_null().to_numpy())
    # A pattern that does not fit takes as long as one that does, and most do not for want of a mark.
    absent = [mark for mark in _MARKS if not texts.str.contains(mark, literal=True).any()]
    # What the profile declares is all there is: another pattern could read a text as another day.
    for pattern in dict.fromkeys(OFFSET.sub("", declared) for declared in formats or _FORMATS):
        if not len(unread):
            break
        if any(mark in _DIRECTIVE.sub("", pattern) for mark in absent):
            continue
        parsed = _read_with(pattern, texts if len(unread) == len(texts) else texts.gather(unread))
        hit = parsed != MISSING
        wall[unread[hit]] = parsed[hit]
        if "%H" not in pattern and "%I" not in pattern and "%T" not in pattern:
            dated[unread[hit]] = True
        unread = unread[~hit]
    return wall, dated


def _read_with(pattern: str, texts: pl.Series) -> Micros:
    """Return the texts that ``pattern`` reads as microseconds, MISSING for the others."""
    try:
        if any(part in pattern for part in ("%H", "%I", "%T")):
            read = texts.str.to_datetime(pattern, strict=False, time_unit="us")
        else:
            read = texts.str.to_date(pattern, strict=False).cast(pl.Datetime("us"))
    except pl.exceptions.ComputeError:
        return np.full(len(texts), MISSING, dtype=np.int64)
    return read.cast(pl.Int64).fill_null(MISSING).to_numpy()


def _epochs(texts: pl.Series, unread: Rows, formats: tuple[str, ...]) -> Micros:
    """Return texts that are seconds or milliseconds since 1970 as microseconds, of those that are ``unread``.

    Where a declared pattern is of digits alone, other digits are none of these.
    """
    epochs = np.full(len(texts), MISSING, dtype=np.int64)
    if any(map(is_digits_alone, formats)):
        return epochs
    places = np.flatnonzero(unread & truths(texts.is_not_null()))
    if len(places):
        some = texts.gather(places)
        numbers = some.set(~some.str.contains(_EPOCH), None).cast(pl.Int64, strict=False)
        values = numbers.fill_null(MISSING).to_numpy()
        scale = np.where(np.abs(values) >= _MILLISECONDS_FROM, 1000, SECOND)
        epochs[places] = np.where(values == MISSING, MISSING, np.where(values == MISSING, 0, values) * scale)
    return epochs
