"""A night's export of citations, as a ticketing system writes it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl

from ckanext.cpdi.declare import Profile
from ckanext.cpdi.sample.calls import DEFAULT_END, texts
from ckanext.cpdi.sample.city import draw_spots, lay_out
from ckanext.cpdi.sample.clock import draw_times, stamps
from ckanext.cpdi.sample.dirt import Columns, Fault, put, repeat_previous, write_dirty

DATASET = "electronic-citations"
CITATIONS_A_DAY = 38
"""Charleston's mean: about 13,800 citations a year."""

_RACES = ("W", "B", "H", "A", "U", "AI", "MR")
_RACE_SHARES = (0.58, 0.31, 0.05, 0.02, 0.025, 0.005, 0.01)

_SAME_STOP = 0.12
"""Share of citations from the same stop and person as the one before."""
_ELECTRONIC = 0.93

_FAULTS: dict[Fault, float] = {
    put(X="", Y=""): 0.02,
    put(X="0", Y="0"): 0.01,
    put(Age=""): 0.01,
    put(Race="?"): 0.002,
    put(Violation="Whatever the officer typed"): 0.0005,
    repeat_previous("Citation_Number"): 0.001,
    put(Address="@SUM(A1)"): 0.0005,
}


def write_citations(
    path: Path, profile: Profile, rows: int, seed: int, end: datetime = DEFAULT_END, days: float | None = None
) -> int:
    """Write ``rows`` citations of the ``days`` before ``end`` (local wall time) to ``path``; ``.gz`` compresses.

    Returns how many. The profile needs the code list of its violations. Raises KeyError where it has none, ValueError
    where ``rows`` is below 1.
    """
    if rows < 1:
        raise ValueError("at least one row is needed")
    rng = np.random.default_rng(seed)
    city = lay_out(profile.geojson(profile.boundary), rng)
    times = draw_times(rows, end, days or rows / CITATIONS_A_DAY, rng)
    spots = draw_spots(city, rows, rng)
    listed = profile.lists[profile.feed(DATASET).codes["violation"].list].codes
    violation = _draw(len(listed), tuple(max(code.count, 1) for code in listed), rows, rng)
    numbers = pl.Series(np.arange(1, rows + 1)).cast(pl.String).str.zfill(7)
    columns: Columns = {
        "Citation_Number": ("SAMPLE-E" + numbers).to_numpy().astype(object),
        "ViolationDate": stamps(times, "%m/%d/%Y %H:%M"),
        "Statute": np.array([code.code for code in listed], dtype=object)[violation],
        "Violation": np.array([code.value for code in listed], dtype=object)[violation],
        "Race": np.array(_RACES, dtype=object)[_draw(len(_RACES), _RACE_SHARES, rows, rng)],
        "Sex": np.array(("M", "F", "U"), dtype=object)[_draw(3, (0.6, 0.39, 0.01), rows, rng)],
        "Age": texts(np.clip(rng.gamma(4.0, 8.0, rows) + 15, 15, 95).astype(int)),
        "Unit": ("SAMPLE-U" + pl.Series(rng.integers(1, 60, rows)).cast(pl.String)).to_numpy().astype(object),
        "Address": texts(spots.house) + " " + np.array(city.streets, dtype=object)[spots.street],
        "X": texts(spots.longitude),
        "Y": texts(spots.latitude),
        "Electronic": np.array(("Y", "N"), dtype=object)[_draw(2, (_ELECTRONIC, 1 - _ELECTRONIC), rows, rng)],
    }
    _share_stops(columns, rng)
    return write_dirty(path, columns, _FAULTS, rng)


def _share_stops(columns: Columns, rng: np.random.Generator) -> None:
    """Make some citations equal to the one before but for number and violation, in place."""
    rows = len(columns["Citation_Number"])
    same = np.flatnonzero(rng.random(rows) < _SAME_STOP)
    for row in same[same > 0].tolist():
        for name, values in columns.items():
            if name not in ("Citation_Number", "Statute", "Violation"):
                values[row] = values[row - 1]


def _draw(size: int, shares: Sequence[float], count: int, rng: np.random.Generator) -> np.ndarray[Any, Any]:
    """Draw ``count`` indexes below ``size`` by ``shares``."""
    weight = np.array(shares, dtype=float)
    return rng.choice(size, size=count, p=weight / weight.sum())
