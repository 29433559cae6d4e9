"""How true the published places are: how far rows were moved, how many have a place, whose team is right.

True points are known only while rows are masked, so this is counted there. What leaves the room are sums and three
distances, no row.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import numpy as np
import numpy.typing as npt
import polars as pl

from ckanext.cpdi.rows.ground.cells import Metres
from ckanext.cpdi.rows.places.file import Places
from ckanext.cpdi.rows.places.find import NONE, Match
from ckanext.cpdi.rows.verdicts import Rows

_FARTHEST = 20_000
"""Distances are counted by the metre up to this; a row moved farther counts as moved so far, but for the greatest."""
_NO_DISTANCES = np.zeros(0, dtype=np.int64)


@dataclass(frozen=True)
class PlaceFigures:
    """The truth of a run's places; distances in metres, all other figures in rows.

    ``rows`` may show a place and have an address or a point; ``placed`` of them do, found ``by_address`` alone,
    ``by_point`` alone, or by both (the rest). ``far_apart``: address and point disagree. ``measured`` rows have a point
    and a place with one; ``median``, ``p95`` and ``greatest`` are the metres between the two. ``team_reported`` rows
    have a place and a team that the feed reports, ``team_right`` of them the same one as their place.
    """

    rows: int = 0
    placed: int = 0
    by_address: int = 0
    by_point: int = 0
    far_apart: int = 0
    measured: int = 0
    median: int = 0
    p95: int = 0
    greatest: int = 0
    team_reported: int = 0
    team_right: int = 0

    @property
    def placed_share(self) -> float | None:
        """The share of rows that have a place; None where no row could have one."""
        return self.placed / self.rows if self.rows else None

    @property
    def team_share(self) -> float | None:
        """The share of reported teams that are right; None where none is reported."""
        return self.team_right / self.team_reported if self.team_reported else None


@dataclass(frozen=True)
class PlaceTally:
    """Counts of PlaceFigures that add up; ``metres`` has the number of rows by how many metres they were moved."""

    counts: dict[str, int] = field(default_factory=dict[str, int])
    metres: npt.NDArray[np.int64] = field(default_factory=lambda: _NO_DISTANCES)
    greatest: float = 0.0

    def __add__(self, other: PlaceTally) -> PlaceTally:
        """Return the tally of the rows of both."""
        names = {*self.counts, *other.counts}
        longer, shorter = sorted((self.metres, other.metres), key=len, reverse=True)
        metres = longer.copy()
        metres[: len(shorter)] += shorter
        counts = {name: self.counts.get(name, 0) + other.counts.get(name, 0) for name in names}
        return PlaceTally(counts, metres, max(self.greatest, other.greatest))

    def figures(self) -> PlaceFigures:
        """Return the figures."""
        measured = int(self.metres.sum())
        ranks = np.searchsorted(np.cumsum(self.metres), [0.5 * measured, 0.95 * measured]) if measured else [0, 0]
        return PlaceFigures(
            **self.counts,
            measured=measured,
            median=int(ranks[0]),
            p95=int(ranks[1]),
            greatest=round(self.greatest),
        )


def tally(
    places: Places, match: Match, longitude: Metres, latitude: Metres, reported: pl.Series, rows: Rows, sourced: Rows
) -> PlaceTally:
    """Return the tally of ``rows``, those that are published and may show a unit.

    ``longitude`` and ``latitude``: the true points in degrees, NaN for none; ``reported``: the team that the feed says;
    ``sourced``: rows with an address or a point.
    """
    counted = rows & sourced
    placed = counted & (match.unit != NONE)
    unit = match.unit[placed]
    x, y = places.plane.metres(longitude[placed], latitude[placed])
    unit_x, unit_y = places.plane.metres(*(_axis(places.units[axis])[unit] for axis in ("longitude", "latitude")))
    away = np.hypot(x - unit_x, y - unit_y)
    away = away[~np.isnan(away)]
    said = reported.filter(pl.Series(placed))
    teams = places.units["team"].gather(unit)
    both_known = said.is_not_null() & teams.is_not_null()
    return PlaceTally(
        {
            "rows": int(counted.sum()),
            "placed": int(placed.sum()),
            "by_address": int((placed & match.by_address & ~match.by_point).sum()),
            "by_point": int((placed & match.by_point & ~match.by_address).sum()),
            "far_apart": int((counted & match.differs).sum()),
            "team_reported": int(both_known.sum()),
            "team_right": int((both_known & (said == teams)).sum()),
        },
        np.bincount(np.minimum(np.round(away), _FARTHEST).astype(np.int64)) if len(away) else _NO_DISTANCES,
        float(away.max(initial=0.0)),
    )


def _axis(column: pl.Series) -> npt.NDArray[np.float64]:
    values: npt.NDArray[Any] = column.fill_null(np.nan).to_numpy()
    return values
