"""Which unit a row is in: by its address, by its point, or by both.

Where both are known and disagree by more than the address's unit is wide, the point decides where it is trusted; such
rows are named, so that they can be flagged.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import polars as pl

from ckanext.cpdi.rows.ground.areas import Areas
from ckanext.cpdi.rows.ground.cells import Metres, cells_of
from ckanext.cpdi.rows.places.address import address_keys
from ckanext.cpdi.rows.places.file import Places, hashed
from ckanext.cpdi.rows.places.members import DECIMALS
from ckanext.cpdi.rows.verdicts import Rows, truths

NONE = -1
"""In place of a unit's number."""
_UNKNOWN = -2
_CLEAR = 0.9
"""Where so many of a key's addresses are in one unit, it is taken without a point, too."""
_NEAR_METRES = 150.0
"""A geocoder's point and a street's are not the same: so far from its unit an address may lie at least."""
Numbers = npt.NDArray[np.int64]


@dataclass(frozen=True)
class Match:
    """``unit``: of each row, its number, or NONE. ``by_address``, ``by_point``: which of the two found it; ``differs``:
    rows whose address and point are too far apart.
    """

    unit: Numbers
    by_address: Rows
    by_point: Rows
    differs: Rows

    def gather(self, rows: npt.NDArray[np.int64]) -> Match:
        """Return what is known of these ``rows``, in their order."""
        return Match(self.unit[rows], self.by_address[rows], self.by_point[rows], self.differs[rows])


class Finder:
    """Finds the units of a department's places; ``areas`` are those that the profile draws."""

    def __init__(self, places: Places, areas: Areas) -> None:
        """Make ready to look up."""
        self._areas, self._plane = areas, places.plane
        self._cells = places.cells["cell"].to_numpy()
        self._owners = places.cells["unit"].to_numpy()
        self._crossed = places.cells["crossed"].to_numpy()
        units = places.units
        longitude, latitude = (
            units[axis].cast(pl.Float64).fill_null(np.nan).to_numpy() for axis in ("longitude", "latitude")
        )
        self._x, self._y = places.plane.metres(longitude, latitude)
        self._width = np.maximum(units["width"].fill_null(0).to_numpy(), _NEAR_METRES)
        self._area_of = areas.at(places.plane, self._x, self._y)
        self._crowds = places.crowds
        self._addresses = _Addresses(places)

    def find(self, addresses: pl.Series, longitude: Metres, latitude: Metres, *, trust_points: bool) -> Match:
        """Return the unit of each row; ``addresses`` may be null, points NaN."""
        longitude, latitude = self._without_crowds(longitude, latitude)
        x, y = self._plane.metres(longitude, latitude)
        by_point, here = self._at(x, y)
        by_address = self._addresses.look_up(addresses, by_point, x, y, self._x, self._y)
        known = (by_address != NONE) & ~np.isnan(x)
        away = np.full(len(x), np.nan)
        away[known] = np.hypot(x[known] - self._x[by_address[known]], y[known] - self._y[by_address[known]])
        limit = np.where(by_address != NONE, self._width[by_address] if len(self._width) else 0.0, 0.0)
        differs = known & (away > limit)
        # A unit without a point, such as a whole street, says less than the ground that the row's own point lies on.
        vague = known & np.isnan(away) & (by_point != NONE)
        # Nobody's house is moved over a border: a street's name says less of the team than the house's own point.
        elsewhere = known & (here == _UNKNOWN)
        here[elsewhere] = self._areas.at(self._plane, x[elsewhere], y[elsewhere])
        abroad = known.copy()
        abroad[known] = here[known] != self._area_of[by_address[known]]
        point_decides = (by_address == NONE) | vague | ((differs | abroad) & trust_points)
        unit = np.where(point_decides, by_point, by_address)
        return Match(
            unit=unit,
            by_address=(unit != NONE) & (unit == by_address),
            by_point=(unit != NONE) & (unit == by_point),
            differs=differs,
        )

    def _without_crowds(self, longitude: Metres, latitude: Metres) -> tuple[Metres, Metres]:
        """Return the points without those that say nothing."""
        if not self._crowds.height:
            return longitude, latitude
        points = pl.DataFrame({"longitude": longitude, "latitude": latitude}).select(pl.all().round(DECIMALS))
        marked = points.join(
            self._crowds.with_columns(crowd=True), on=["longitude", "latitude"], how="left", maintain_order="left"
        )
        crowd = truths(marked["crowd"])
        return np.where(crowd, np.nan, longitude), np.where(crowd, np.nan, latitude)

    def _at(self, x: Metres, y: Metres) -> tuple[Numbers, Numbers]:
        """Return the unit on whose ground each point lies, and the point's areas where that is ground of any unit."""
        units, areas = (np.full(len(x), nothing, dtype=np.int64) for nothing in (NONE, _UNKNOWN))
        rows = np.flatnonzero(~np.isnan(x))
        if not len(rows) or not len(self._cells):
            return units, areas
        cells = cells_of(x[rows], y[rows])
        at = np.minimum(np.searchsorted(self._cells, cells), len(self._cells) - 1)
        hit = self._cells[at] == cells
        units[rows[hit]] = self._owners[at[hit]]
        areas[rows[hit]] = self._area_of[self._owners[at[hit]]]
        edge = rows[hit & self._crossed[at]]
        if len(edge):
            areas[edge] = self._areas.at(self._plane, x[edge], y[edge])
            units[edge[areas[edge] != self._area_of[units[edge]]]] = NONE
        return units, areas


class _Addresses:
    """The addresses that were looked up so far: most of a batch stood in the batches before it.

    Each text has a number that lives as long as this; by it the candidates of the address are found, which stand one
    after the other in ``_candidates``, the likeliest first.
    """

    def __init__(self, places: Places) -> None:
        self._keys, self._secret, self._block_size = places.keys, places.secret, places.block_size
        self._numbered = pl.Series([""], dtype=pl.Categorical(pl.Categories.random()))  # without one, Polars forgets
        self._first = np.array([NONE], dtype=np.int64)  # the empty text has the first number, and no place
        self._count = np.zeros(1, dtype=np.int64)
        self._candidates = np.empty(0, dtype=np.int64)
        self._clear = np.empty(0, dtype=bool)

    def look_up(
        self, addresses: pl.Series, by_point: Numbers, x: Metres, y: Metres, unit_x: Metres, unit_y: Metres
    ) -> Numbers:
        """Return the unit of each address; where a key has several, the one that the row's point lies in, else the
        nearest to it, else the one that nearly all of its addresses are in.
        """
        numbers, first, count, candidates, clear = self._learned(addresses)
        units = np.full(len(addresses), NONE, dtype=np.int64)
        single = count[numbers] == 1
        units[single] = candidates[first[numbers[single]]]
        rows = np.flatnonzero(count[numbers] > 1)
        if not len(rows):
            return units
        counts = count[numbers[rows]]
        row_of = np.repeat(rows, counts)
        place = (
            np.arange(len(row_of))
            - np.repeat(np.cumsum(counts) - counts, counts)
            + np.repeat(first[numbers[rows]], counts)
        )
        unit = candidates[place]
        away = np.hypot(unit_x[unit] - x[row_of], unit_y[unit] - y[row_of])
        away[unit == by_point[row_of]] = -1.0
        away[np.isnan(away)] = np.where(clear[place[np.isnan(away)]], 1e9, np.inf)
        order = np.lexsort((place, away, row_of))
        firsts = order[np.r_[True, row_of[order][1:] != row_of[order][:-1]]]
        sure = np.isfinite(away[firsts])
        units[row_of[firsts[sure]]] = unit[firsts[sure]]
        return units

    def _learned(self, addresses: pl.Series) -> tuple[Numbers, Numbers, Numbers, Numbers, Rows]:
        """Return the number of each row's address, and the arrays that these numbers lead to.

        Threads may look up at once: what one of them learns may be lost to the others, which then learn it again.
        """
        rows = addresses.to_frame("address").with_columns(
            pl.col("address").cast(self._numbered.dtype).to_physical().alias("number")
        )
        numbers = rows["number"].fill_null(0).cast(pl.Int64).to_numpy()
        first, count, candidates, clear = self._first, self._count, self._candidates, self._clear
        new = int(numbers.max(initial=0)) + 1 - len(first)
        if new > 0:
            first = np.append(first, np.full(new, _UNKNOWN))
            count = np.append(count, np.zeros(new, dtype=np.int64))
        fresh = rows.filter(pl.Series(first[numbers] == _UNKNOWN)).drop_nulls().unique()
        if fresh.height:
            table = self._candidates_of(fresh)
            heads = table.group_by("number", maintain_order=True).agg(pl.len().alias("count"))
            counts, at = heads["count"].to_numpy(), heads["number"].cast(pl.Int64).to_numpy()
            first[fresh["number"].cast(pl.Int64).to_numpy()] = NONE
            first[at] = np.cumsum(counts) - counts + len(candidates)
            count[at] = counts
            candidates = np.append(candidates, table["unit"].to_numpy())
            clear = np.append(clear, (table["share"] >= _CLEAR).to_numpy())
            self._candidates, self._clear = candidates, clear
            self._count = count
            self._first = first
        return numbers, first, count, candidates, clear

    def _candidates_of(self, fresh: pl.DataFrame) -> pl.DataFrame:
        """Return number, unit and share of the units that each address may be in: of its house, else of its block."""
        keyed = address_keys(fresh["address"], self._block_size).drop_nulls("key")
        house = pl.format("{}|{}", "key", "number")
        texts = keyed.select("address", "number", pl.col("key").alias("text"), pl.lit(1).alias("rank"))
        houses = keyed.filter(pl.col("kind") == "block").select(
            "address", "number", house.alias("text"), pl.lit(0).alias("rank")
        )
        both = pl.concat([texts, houses])
        both = both.with_columns(key=hashed(both["text"], self._secret)).rename({"number": "house"})
        hits = both.join(self._keys, on="key").join(fresh, on="address")
        inside = pl.col("low").is_null() | (
            pl.col("house").is_between("low", "high")
            & ((pl.col("parity") == 0) | (pl.col("parity") == 2 - pl.col("house") % 2))
        )
        narrowed = pl.col("low").is_not_null()
        hits = hits.filter(inside).with_columns(rank=pl.when(narrowed).then(0).otherwise("rank"))
        best = hits.filter(pl.col("rank") == pl.col("rank").min().over("number"))
        return (
            best.group_by("number", "unit")
            .agg(pl.col("share").max())
            .sort(["number", "share", "unit"], descending=[False, True, False])
        )
