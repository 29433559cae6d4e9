"""Privacy classes, and what a set of them does to a row.

A row may fall under several classes at once (a warrant served in a domestic case). Their effects are joined part by
part, always the stricter: that is why a row carries a *set* of classes, written as a bit mask, and not one class. A set
only ever grows, so a row's class never falls.
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import cached_property, reduce
from typing import Literal, TypeVar

from msgspec import Struct

from ckanext.cpdi.declare.reading.text import Text

T = TypeVar("T", bound=str)
Time = Literal["minute", "hour", "date", "month", "quarter", "none"]
Place = Literal["unit", "team", "none"]
Kind = Literal["fed", "group", "none"]
ReleaseCycle = Literal["nightly", "monthly"]

TIMES: tuple[Time, ...] = ("minute", "hour", "date", "month", "quarter", "none")
PLACES: tuple[Place, ...] = ("unit", "team", "none")
KINDS: tuple[Kind, ...] = ("fed", "group", "none")
RELEASE_CYCLES: tuple[ReleaseCycle, ...] = ("nightly", "monthly")


class Levels(Struct, frozen=True, forbid_unknown_fields=True):
    """How much of a row is published.

    ``embargo_hours`` counts from the closing of the incident. ``release`` says with which run a row comes out after
    that: the next one, or the first of a month, with all rows of its month: among the rows of one night its id would
    tell the day. See :mod:`ckanext.cpdi.rows.masking.embargo`. ``withheld`` rows are counted and nothing else.
    """

    time: Time
    place: Place
    kind: Kind
    embargo_hours: int
    withheld: bool = False
    release: ReleaseCycle = "nightly"

    def join(self, other: Levels) -> Levels:
        """Return the stricter of the two in every part."""
        return Levels(
            time=_stricter(TIMES, self.time, other.time),
            place=_stricter(PLACES, self.place, other.place),
            kind=_stricter(KINDS, self.kind, other.kind),
            embargo_hours=max(self.embargo_hours, other.embargo_hours),
            withheld=self.withheld or other.withheld,
            release=_stricter(RELEASE_CYCLES, self.release, other.release),
        )


class Limit(Struct, frozen=True, forbid_unknown_fields=True):
    """The most that any row of a table shows, whatever its classes; ``embargo_hours`` is the shortest embargo."""

    time: Time = "minute"
    place: Place = "unit"
    kind: Kind = "fed"
    embargo_hours: int = 0
    release: ReleaseCycle = "nightly"

    @property
    def levels(self) -> Levels:
        """The same as the levels of a class, to be joined with those of a row."""
        return Levels(self.time, self.place, self.kind, self.embargo_hours, release=self.release)


class PrivacyClass(Struct, frozen=True, forbid_unknown_fields=True):
    """A class of exact values that are treated alike; see ``schemas/classes.yaml``."""

    name: str
    title: Text
    levels: Levels

    def __post_init__(self) -> None:
        """Raise ValueError for a time that only a whole table can have: a window of days decides by days and months."""
        if self.levels.time == "quarter":
            raise ValueError("levels.time: quarter is for at_most of a table, whose rows all show it")


class Classes(Struct, frozen=True, dict=True):
    """All classes from the mildest to the strictest; at most 15, so that a set fits a smallint.

    ``limit`` is the most that a row shows by any of them, where a table has one.
    """

    all: tuple[PrivacyClass, ...]
    limit: Limit = Limit()

    def __post_init__(self) -> None:
        """Raise ValueError where there is no class, or more than a smallint has bits."""
        if not 1 <= len(self.all) <= 15:
            raise ValueError("between 1 and 15 privacy classes are needed")

    @cached_property
    def bits(self) -> dict[str, int]:
        """The bit of each class by name."""
        return {privacy_class.name: 1 << position for position, privacy_class in enumerate(self.all)}

    @property
    def strictest(self) -> int:
        """The bit of the class for a value that no rule knows."""
        return 1 << (len(self.all) - 1)

    def bit(self, name: str) -> int:
        """Return the bit of class ``name``; raise KeyError where there is none."""
        return self.bits[name]

    def names(self, mask: int) -> tuple[str, ...]:
        """Return the names of the classes in ``mask``, mildest first."""
        return tuple(name for name, bit in self.bits.items() if mask & bit)

    def strictest_name(self, mask: int) -> str:
        """Return the strictest class in ``mask``; that of a value that no rule knows for an empty mask."""
        return (self.names(mask) or (self.all[-1].name,))[-1]

    def levels(self, mask: int) -> Levels:
        """Return the joined effect of the classes in ``mask``; that of the strictest for an empty or unknown mask."""
        members = [privacy_class.levels for position, privacy_class in enumerate(self.all) if mask & (1 << position)]
        known = members if members and mask < 1 << len(self.all) else [self.all[-1].levels]
        return reduce(Levels.join, known, self.limit.levels)

    def union(self, names: Iterable[str]) -> int:
        """Return the mask of all ``names``."""
        return reduce(int.__or__, (self.bit(name) for name in names), 0)


def _stricter(order: tuple[T, ...], first: T, second: T) -> T:
    return max(first, second, key=order.index)
