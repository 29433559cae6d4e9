"""What stands in a feed's columns, as evidence of what they are where no header says it.

In: the columns with their cells, where the department is, and what was judged before. Out: for each kind of input the
columns that could be it, the likeliest first, each with what that rests on.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import combinations

import numpy as np
import polars as pl

from ckanext.cpdi.declare import Classes, Profile, Text
from ckanext.cpdi.drafting.file.columns import Column
from ckanext.cpdi.drafting.file.contents import Contents
from ckanext.cpdi.drafting.file.formats import formats_of, plausible, read
from ckanext.cpdi.drafting.layout import coordinates
from ckanext.cpdi.drafting.layout.coordinates import PointReading
from ckanext.cpdi.drafting.layout.ground import Ground, is_compact
from ckanext.cpdi.drafting.phrases import phrase
from ckanext.cpdi.drafting.values.precedents import Precedents
from ckanext.cpdi.drafting.values.vocabularies import known_share
from ckanext.cpdi.rows.values.numbers import shapes
from ckanext.cpdi.rows.values.zone import DAY, MISSING, Micros

TIMELY, _TEXTUAL, _NUMERIC, _LANDED = 0.5, 0.5, 0.9, 0.7
_FEWEST_KINDS, _FEWEST_PLACES = 2, 20
_LONGEST = 12 * 365 * DAY
"""Dates that lie farther apart than that are of births more often than of events."""
_PAIRS = 15
_PLACED = 0.3
_LONGEST_NUMBER = 30
_LOOKED_AT = 2_000
_MOST_RANKS = 6
_RANK = r"(?i)^(p(ri(o(rity)?)?)?[ -]?)?[0-9]$"
_RANK_WORDS = frozenset("high medium low routine urgent emergency non-emergency immediate normal".split())
_OLDEST, _YOUNGEST_MEDIAN, _OLDEST_MEDIAN, _FEWEST_AGES = 110, 18, 65, 25


@dataclass(frozen=True)
class Likely:
    """A column that could be what is wanted, how likely (the higher, the likelier), and ``why``."""

    header: str
    rank: tuple[float, ...]
    why: Text


@dataclass(frozen=True)
class Points:
    """The columns of longitudes and of latitudes, with how they are read."""

    x: str
    y: str
    reading: PointReading

    @property
    def why(self) -> Text:
        """What the pair rests on."""
        return phrase(
            "{share} of the pairs are points in the department",
            "el {share} de los pares son puntos en el departamento",
            share=self.reading.share,
        )


class Evidence:
    """The columns of one feed, looked at once for all datasets."""

    def __init__(
        self,
        contents: Contents,
        columns: Mapping[str, Column],
        place: Ground,
        precedents: Sequence[Profile],
        classes: Classes,
    ) -> None:
        """Take the columns by header, with their cells."""
        self.contents, self.columns = contents, columns
        self._place, self._profiles, self._classes = place, precedents, classes
        self._precedents: dict[str, Precedents] = {}
        self._familiar: dict[tuple[str, str], float] = {}

    def codes(self, wanted: str, free: Iterable[Column]) -> list[Likely]:
        """Return the columns that could hold the codes ``wanted``: by values like those that were judged before."""
        likely: list[Likely] = []
        for column in free:
            textual = column.timely < TIMELY and column.numeric < _TEXTUAL and not column.placed > 0.5
            if textual and column.few and column.distinct >= _FEWEST_KINDS and not column.yes_no:
                share = self.familiar(wanted, column.header)
                why = phrase(
                    "{n} different values, {share} of the rows like some that were judged before",
                    "{n} valores distintos, el {share} de las filas parecidas a otras ya clasificadas",
                    n=column.distinct,
                    share=share,
                )
                likely.append(Likely(column.header, (round(share, 1), round(column.filled, 1), column.distinct), why))
        return _ordered(likely)

    def familiar(self, wanted: str, header: str) -> float:
        """Return the share of a column's rows whose value is like one that was judged as ``wanted`` before."""
        if wanted not in self._precedents:
            self._precedents[wanted] = Precedents(self._profiles, wanted, self._classes)
        if (wanted, header) not in self._familiar:
            counted = self.contents.counts.get(header)
            share = self._precedents[wanted].familiar(counted) if counted is not None else 0.0
            self._familiar[wanted, header] = share
        return self._familiar[wanted, header]

    def has_digits(self, header: str) -> bool:
        """Say whether most values of a column have a digit in them, as no name has."""
        counted = self.contents.counts.get(header)
        return counted is not None and float(counted["value"].str.contains("[0-9]").sum()) > counted.height / 2

    def times(self, free: Iterable[Column]) -> list[Likely]:
        """Return the columns that could be the time of an event: the earliest of a row, and none of births."""
        dated = [column for column in free if column.timely >= TIMELY]
        stamps = {column.header: self._stamps[column.header] for column in dated}
        together = [stamps[column.header] for column in dated if not _are_births(stamps[column.header])]
        likely: list[Likely] = []
        for column in dated:
            if not _are_births(stamps[column.header]):
                why = phrase(
                    "{timely} are times, {filled} are filled",
                    "el {timely} son horas, el {filled} está lleno",
                    timely=column.timely,
                    filled=column.filled,
                )
                first = _share_first(stamps[column.header], together)
                likely.append(Likely(column.header, (round(column.filled, 2), first, column.timely), why))
        return _ordered(likely)

    @cached_property
    def _stamps(self) -> dict[str, Micros]:
        """The instants of an even part of the sample, by header of each column of times."""
        some = self.contents.sample.gather_every(max(1, self.contents.sample.height // _LOOKED_AT))
        dated = [name for name, column in self.columns.items() if column.timely >= TIMELY]
        return {name: read(some[name], formats_of(some[name]).patterns).utc for name in dated}

    @cached_property
    def points(self) -> Points | None:
        """The two columns of numbers that are points in the department; None where no two are."""
        numeric = [name for name, column in self.columns.items() if self._may_be_an_axis(column)]
        pairs = sorted(combinations(range(len(numeric)), 2), key=lambda pair: pair[1] - pair[0])[:_PAIRS]
        best: Points | None = None
        for first, second in pairs:
            reading = self._reading(numeric[first], numeric[second])
            if reading and (best is None or round(reading.share, 2) > round(best.reading.share, 2)):
                x, y = (second, first) if reading.swapped else (first, second)
                best = Points(numeric[x], numeric[y], reading)
        return best

    def _may_be_an_axis(self, column: Column) -> bool:
        """Say whether a column could hold one axis of points: many numbers, in no order."""
        if column.personal or column.timely >= TIMELY or column.numeric < _NUMERIC or column.distinct < _FEWEST_PLACES:
            return False
        numbers = _floats(self.contents.sample[column.header])
        return len(numbers) > 1 and float((np.diff(numbers) >= 0).mean()) < 0.95

    def _reading(self, x: str, y: str) -> PointReading | None:
        """Return how two columns are points of one city; None where they are none."""
        east, north = self.contents.sample[x], self.contents.sample[y]
        reading = coordinates.reading_of(east, north, self._place)
        if reading is None or reading.share < _LANDED or not is_compact(reading.longitude, reading.latitude):
            return None
        whole = all(float(texts.str.contains(r"\.[0-9]{2}").mean() or 0) < 0.5 for texts in (east, north))  # pyright: ignore[reportArgumentType]
        return None if reading.reading == "degrees" and whole else reading

    def numbers(self, free: Iterable[Column]) -> list[Likely]:
        """Return the columns that could be the numbers of records: all different, and nearly all of one form."""
        likely: list[Likely] = []
        for column in free:
            if not column.unique or column.timely >= TIMELY or column.placed > 0.5 or self._is_axis(column.header):
                continue
            counted = shapes(self.contents.sample[column.header]).filter(pl.col("shape").str.contains("9"))
            if counted.is_empty() or int(counted["shape"].str.len_chars().max() or 0) > _LONGEST_NUMBER:  # pyright: ignore[reportArgumentType]
                continue
            usual = int(counted["rows"].max() or 0) / self.contents.sample.height  # pyright: ignore[reportArgumentType]
            why = phrase(
                "all different, {share} of one form", "todos distintos, el {share} de una misma forma", share=usual
            )
            likely.append(Likely(column.header, (round(usual, 1),), why))
        return _ordered(likely)

    def _is_axis(self, header: str) -> bool:
        return self.points is not None and header in (self.points.x, self.points.y)

    def addresses(self, free: Iterable[Column]) -> list[Likely]:
        """Return the columns whose cells look like addresses or crossings."""
        return _ordered(
            Likely(
                column.header,
                (round(column.placed, 1), column.filled),
                phrase(
                    "{share} of its cells are like addresses",
                    "el {share} de sus celdas parecen direcciones",
                    share=column.placed,
                ),
            )
            for column in free
            if column.placed >= (_TEXTUAL if column.few else _PLACED) and column.timely < TIMELY
        )

    def words(self, allowed: Sequence[str], free: Iterable[Column]) -> list[Likely]:
        """Return the columns whose values are words for ``allowed``, whatever they are called."""
        likely: list[Likely] = []
        for column in free:
            counted = self.contents.counts.get(column.header)
            share = known_share(allowed, counted) if column.few and counted is not None else 0.0
            if share >= _NUMERIC:
                why = phrase(
                    "{share} of the rows have words for it",
                    "el {share} de las filas tiene palabras para ello",
                    share=share,
                )
                likely.append(Likely(column.header, (share, column.filled), why))
        return _ordered(likely)

    def ranks(self, free: Iterable[Column]) -> list[Likely]:
        """Return the columns that could be priorities: a few steps from 0 or 1 on, or words for them."""
        likely: list[Likely] = []
        for column in free:
            counted = self.contents.counts.get(column.header)
            if not column.few or counted is None or not _FEWEST_KINDS <= counted.height <= _MOST_RANKS:
                continue
            values = counted["value"]
            steps = sorted(values.str.extract(r"([0-9])$").drop_nulls())
            numbered = values.str.contains(_RANK).all() and steps[0] in "01" and int(steps[-1]) < _MOST_RANKS
            if numbered or set(values.str.to_lowercase()) <= _RANK_WORDS:
                why = phrase("{n} steps", "{n} grados", n=counted.height)
                likely.append(Likely(column.header, (column.filled,), why))
        return _ordered(likely)

    def ages(self, free: Iterable[Column]) -> list[Likely]:
        """Return the columns whose numbers are spread as ages of people are."""
        likely: list[Likely] = []
        for column in free:
            if column.numeric < _NUMERIC or not _FEWEST_AGES <= column.distinct <= _OLDEST:
                continue
            numbers = _floats(self.contents.sample[column.header])
            whole = bool((numbers == np.floor(numbers)).all()) and bool(((numbers >= 0) & (numbers <= _OLDEST)).all())
            if whole and _YOUNGEST_MEDIAN <= float(np.median(numbers)) <= _OLDEST_MEDIAN:
                why = Text("whole numbers, spread as ages are", "números enteros, repartidos como las edades")
                likely.append(Likely(column.header, (column.filled,), why))
        return _ordered(likely)


def _ordered(likely: Iterable[Likely]) -> list[Likely]:
    return sorted(likely, key=lambda column: column.rank, reverse=True)


def _floats(texts: pl.Series) -> np.ndarray:
    """Return the numbers of a column, in the order of the file."""
    plain = texts.str.replace_all(",", "", literal=True).cast(pl.Float64, strict=False).drop_nulls().to_numpy()
    return plain[np.isfinite(plain)]


def _are_births(stamps: Micros) -> bool:
    """Say whether instants lie too far apart for those of events, or are hardly any."""
    known = stamps[(stamps != MISSING) & plausible(stamps)]
    if len(known) < len(stamps[stamps != MISSING]) / 2 or not len(known):
        return True
    first, last = np.percentile(known, (5, 95))
    return bool(last - first > _LONGEST)


def _share_first(stamps: Micros, others: Sequence[Micros]) -> float:
    """Return in which share of the rows that have it an instant is no later than any other of its row."""
    latest = np.iinfo(np.int64).max
    known = stamps != MISSING
    first = np.minimum.reduce([np.where(other == MISSING, latest, other) for other in others])
    return round(float((stamps[known] <= first[known]).mean()), 2) if known.any() else 0.0
