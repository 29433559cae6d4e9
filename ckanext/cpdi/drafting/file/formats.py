"""In which patterns a column writes its instants: the usual ones that are read anyway, or others for the profile.

A pattern counts only where it gives plausible years: ``4/1/17`` read with a year of four digits is the year 17.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Literal

import numpy as np
import polars as pl

from ckanext.cpdi.declare.departments.pattern import check_formats
from ckanext.cpdi.declare.departments.profile import Times
from ckanext.cpdi.rows.values.instants import Instants, read_instants, reads_any
from ckanext.cpdi.rows.values.zone import DAY, MISSING, Micros, micros, zone_of
from ckanext.cpdi.rows.verdicts import Rows

Reading = Literal["local", "utc", "utc_is_local"]
_DAYS = ("%m/%d/%Y", "%m/%d/%y", "%d/%m/%Y", "%d/%m/%y", "%m-%d-%Y", "%m-%d-%y", "%d-%m-%Y", "%d.%m.%Y", "%m.%d.%Y")
_NAMED = ("%d-%b-%Y", "%d-%b-%y", "%b %d, %Y", "%B %d, %Y", "%b %d %Y", "%d %b %Y", "%A, %B %d, %Y")
_YEAR_FIRST = ("%Y-%m-%d", "%Y/%m/%d", "%Y.%m.%d")
_CLOCKS = ("%H:%M:%S", "%H:%M", "%I:%M:%S %p", "%I:%M %p", "%I:%M:%S%p", "%I:%M%p", "%H:%M:%S%.f", "%H%M", "%H%M%S")
_BETWEEN = (" ", ", ", "T")
_DIGITS = ("%Y%m%d", "%Y%m%d%H%M%S", "%Y%m%d%H%M", "%m%d%Y")
_DATE = r"(?i)[0-9]{1,4}[-/.][0-9]{1,2}[-/.][0-9]{2,4}|jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec|^-?[0-9]{8,14}$"
"""What is in every text that holds a day."""
_LOOKED_AT, _TRIED = 200, 40
_ENOUGH = 0.98
_WEIGHED = 10_000
"""So many texts of each column are looked at where a feed has several columns of instants."""
_CLOCKS_OF_DAYS = 2
"""A midnight of a department is at two times in UTC: in summer, and in winter."""
_GAIN = 0.005
_EARLIEST = micros(datetime(1980, 1, 1, tzinfo=UTC))
_AHEAD = timedelta(days=366)


@dataclass(frozen=True)
class Formats:
    """``patterns`` for ``times.formats``, none where the usual ones do; ``share`` of the texts that they read;
    ``either``: day and month could be exchanged without a text that tells.
    """

    patterns: tuple[str, ...]
    share: float
    either: bool


def read(
    texts: pl.Series,
    patterns: tuple[str, ...] = (),
    reading: Reading = "utc",
    zone: str = "UTC",
    clocks: pl.Series | None = None,
) -> Instants:
    """Return the texts as instants, as the engine would read them; ``clocks`` are times of day that stand apart."""
    times = Times(reading=reading, formats=patterns, short_clocks=clocks is not None and are_short(clocks))
    return read_instants(texts, times, zone_of(zone), clocks=clocks)


def are_short(clocks: pl.Series) -> bool:
    """Say whether times of day have lost their leading zeros: some are digits alone, and one or two of them."""
    filled = clocks.drop_nulls()
    return bool(filled.str.contains(r"^\d{3,4}$").any()) and bool(filled.str.contains(r"^\d{1,2}$").any())


def share_of_times(texts: pl.Series) -> float:
    """Return the share of the texts that are instants in any pattern that is known here."""
    some = _some(texts)
    if some.is_empty():
        return 0.0
    if some.str.contains(_DATE).sum() < len(some) / 2:
        return 0.0
    usual = _share(some, ())
    return usual if usual >= _ENOUGH else max(usual, _chosen(some, _patterns(some)).share)


def formats_of(*columns: pl.Series) -> Formats:
    """Return the patterns of columns of instants together; the fewest that read nearly all of their texts.

    Of several columns each counts alike, however many of its cells are filled.
    """
    filled = [column for column in (column.drop_nulls() for column in columns) if len(column)]
    parts = filled if len(filled) < 2 else [_as_many(column) for column in filled]
    texts = pl.concat([part.rename("text") for part in parts]) if parts else pl.Series("text", [], pl.String)
    usual = [_share(part, ()) for part in filled]
    if all(share >= _ENOUGH or share >= share_of_times(part) for share, part in zip(usual, filled, strict=True)):
        return Formats((), _share(texts, ()), either=False)
    return _chosen(texts, dict.fromkeys(pattern for part in filled for pattern in _patterns(_some(part))))


def _as_many(texts: pl.Series) -> pl.Series:
    """Return an even sample of so many texts that columns weigh alike; those of a short column come again."""
    places = np.arange(_WEIGHED) * len(texts) // _WEIGHED if len(texts) > _WEIGHED else np.arange(_WEIGHED) % len(texts)
    return texts.gather(pl.Series(places))


def read_share(texts: pl.Series, formats: Formats) -> float:
    """Return the share of filled cells that are instants in the patterns; 1 of none."""
    filled = texts.drop_nulls()
    return _share(filled, formats.patterns) if len(filled) else 1.0


def _chosen(texts: pl.Series, patterns: Iterable[str]) -> Formats:
    """Return the patterns that read most, each of them a share that the ones before do not."""
    remaining: list[str] = list(patterns)
    chosen: list[str] = []
    good = {pattern: plausible(read(texts, (pattern,)).utc) for pattern in remaining}
    covered = np.zeros(len(texts), dtype=bool)
    either = False
    while remaining:
        # Months come before days in this country, which is the order of the patterns.
        best = max(remaining, key=lambda pattern: int((good[pattern] & ~covered).sum()))
        gain = (good[best] & ~covered).sum() / max(1, len(texts))
        if gain < _GAIN:
            break
        either |= any(
            bool((good[other] & ~covered).sum() / len(texts) == gain) for other in _exchanged(best, remaining)
        )
        chosen.append(best)
        covered |= good[best]
        remaining = [pattern for pattern in remaining if pattern != best and _fits([*chosen, pattern])]
    return Formats(tuple(chosen), float(covered.sum() / max(1, len(texts))), either)


def _exchanged(pattern: str, patterns: Iterable[str]) -> list[str]:
    """Return the patterns that are ``pattern`` with day and month exchanged."""
    other = pattern.replace("%m", "%%").replace("%d", "%m").replace("%%", "%d")
    return [other] if other != pattern and other in patterns else []


def _fits(patterns: list[str]) -> bool:
    try:
        check_formats(patterns)
    except ValueError:
        return False
    return True


def _patterns(texts: pl.Series) -> list[str]:
    """Return the patterns that read some of the texts at all."""
    few = texts.head(_TRIED)
    if few.is_empty() or few.str.contains(_DATE).mean() < 0.5:  # pyright: ignore[reportOperatorIssue]
        return []
    # Trying a pattern takes long, and most cannot fit for want of a mark.
    marks = set("".join(few.to_list()).lower())
    days = (*_DAYS, *_NAMED, *_YEAR_FIRST)
    joined = (f"{day}{between}{clock}" for day in days for between in _BETWEEN for clock in _CLOCKS)
    possible = [pattern for pattern in (*days, *joined, *_DIGITS) if _marks(pattern) <= marks]
    reading = (pattern for pattern in possible if reads_any(pattern, few))
    return [pattern for pattern in reading if plausible(read(few, (pattern,)).utc).any()]


def _marks(pattern: str) -> set[str]:
    """Return the characters that every text of a pattern has."""
    fixed = re.sub(r"%[.]?[A-Za-z]", "", pattern).lower()
    return {*fixed, *("m" if "%p" in pattern else ""), *("." if "%.f" in pattern else "")}


def plausible(utc: Micros) -> Rows:
    """Return which instants a dispatch system may have written: from 1980 to a year from now."""
    return (utc != MISSING) & (utc >= _EARLIEST) & (utc <= micros(datetime.now(UTC) + _AHEAD))


def _share(texts: pl.Series, patterns: tuple[str, ...]) -> float:
    return float(plausible(read(texts, patterns).utc).mean()) if len(texts) else 0.0


def _some(texts: pl.Series) -> pl.Series:
    filled = texts.drop_nulls()
    return filled.gather_every(max(1, len(filled) // _LOOKED_AT)).head(_LOOKED_AT)


def share_of_days(instants: Instants) -> float:
    """Return the share of the instants that name a day: those without a time, and those at the usual time of day.

    That is midnight, mostly; an export may have written noon, or midnight in another zone.
    """
    known = instants.utc != MISSING
    if not known.any():
        return 0.0
    walls = instants.utc[known & ~instants.dated]
    _, rows = np.unique(walls % DAY, return_counts=True)
    usual = np.sort(rows)[-_CLOCKS_OF_DAYS:].sum() if len(walls) else 0
    return float((instants.dated[known].sum() + usual) / known.sum())
