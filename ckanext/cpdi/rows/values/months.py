"""Times of which a feed says the month alone: ``2026-03``, ``03/2026``, ``March 2026``.

In: a column of texts and the patterns that the profile declares. Out: microseconds of the first of the month.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import polars as pl

from ckanext.cpdi.declare.departments.pattern import is_month
from ckanext.cpdi.rows.values.instants import Instants
from ckanext.cpdi.rows.values.zone import MISSING, Micros, Zone
from ckanext.cpdi.rows.verdicts import truths

_FORMATS = ("%Y-%m", "%m/%Y", "%B %Y", "%b %Y")
_MONTH = r"^(?:[0-9]{4}-[0-9]{2}|[0-9]{1,2}/[0-9]{4}|[A-Za-z]{3,9}\.? [0-9]{4})$"
_FIRST = " 01"


def read_months(texts: pl.Series, formats: tuple[str, ...]) -> Micros:
    """Return the texts (clean; null for none) that are months as wall time of their first instant, MISSING for others.

    Where the profile declares patterns, a month is read by those of them that name no day, and by no other.
    """
    wall = np.full(len(texts), MISSING, dtype=np.int64)
    patterns = [pattern for pattern in formats if is_month(pattern)] if formats else _FORMATS
    candidates = truths(texts.is_not_null() if formats else texts.str.contains(_MONTH)) if patterns else None
    if candidates is None or not candidates.any():
        return wall
    at = np.flatnonzero(candidates)
    days = texts.gather(at) + _FIRST
    for pattern in patterns:
        read = days.str.to_date(f"{pattern} %d", strict=False).cast(pl.Datetime("us")).cast(pl.Int64)
        hits = truths(read.is_not_null()) & (wall[at] == MISSING)
        wall[at[hits]] = read.fill_null(MISSING).to_numpy()[hits]
    return wall


def add_months(instants: Instants, months: Micros, zone: Zone) -> Instants:
    """Return ``instants`` with the first instant of each of ``months``, as days without a time."""
    known = months != MISSING
    if not known.any():
        return instants
    utc, _, _ = zone.to_utc(months)
    return replace(
        instants,
        utc=np.where(known, utc, instants.utc),
        dated=instants.dated | known,
        unreadable=instants.unreadable & ~known,
    )
