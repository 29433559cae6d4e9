"""The filter tree: frozen conditions on the columns of one table, in their published form.

Values have the type of their column (:class:`.columns.Columns` sees to it): ``str``, ``int``, ``float``, ``bool``,
``datetime.date``, and ``datetime.datetime`` with a zone. Coordinates are degrees of WGS 84, longitude first; distances
are metres. A row whose column is empty meets no condition on it but :class:`IsNull`, nor the :class:`Not` of one: the
logic is that of SQL, in three values.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal, TypeAlias

Value: TypeAlias = str | int | float | bool | date | datetime
Operator = Literal["=", "<>", "<", "<=", ">", ">="]
Function = Literal[
    "lower",
    "upper",
    "unaccent",
    "fold",
    "trim",
    "length",
    "year",
    "month",
    "day",
    "hour",
    "minute",
    "second",
    "weekday",
    "date",
]
"""What a condition may make of a column first. ``weekday`` is 0 on Sunday; ``date`` is the day of an instant;
``unaccent`` is a text without accents, ``fold`` the same in lower case.
"""

Position = tuple[float, float]
Ring = tuple[Position, ...]
GeometryType = Literal["Point", "MultiPoint", "LineString", "MultiLineString", "Polygon", "MultiPolygon"]


@dataclass(frozen=True, slots=True)
class Term:
    """A column, or a function of one. Parts of instants are those of the clock of ``zone`` (IANA)."""

    column: str
    function: Function | None = None
    zone: str = "UTC"


@dataclass(frozen=True, slots=True)
class Everything:
    """The condition that each row meets."""


@dataclass(frozen=True, slots=True)
class Nothing:
    """The condition that no row meets."""


@dataclass(frozen=True, slots=True)
class And:
    """All of ``parts``, of which there are two or more."""

    parts: tuple[Condition, ...]


@dataclass(frozen=True, slots=True)
class Or:
    """Any of ``parts``, of which there are two or more."""

    parts: tuple[Condition, ...]


@dataclass(frozen=True, slots=True)
class Not:
    """The opposite of ``part``."""

    part: Condition


@dataclass(frozen=True, slots=True)
class Comparison:
    """A term beside a value, or beside another term of the same type."""

    term: Term
    operator: Operator
    value: Value | Term


@dataclass(frozen=True, slots=True)
class Between:
    """A term from ``low`` to ``high``, both included."""

    term: Term
    low: Value
    high: Value


@dataclass(frozen=True, slots=True)
class In:
    """A term that equals one of ``values``, of which there is at least one."""

    term: Term
    values: tuple[Value, ...]


@dataclass(frozen=True, slots=True)
class Like:
    r"""A text of the form ``pattern``: ``%`` is any text, ``_`` one character, ``\`` takes the next as it is."""

    term: Term
    pattern: str


@dataclass(frozen=True, slots=True)
class IsNull:
    """A column that is empty."""

    term: Term


@dataclass(frozen=True, slots=True)
class Instant:
    """A time of a row that is exactly ``at``."""

    column: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Interval:
    """A time of a row from ``start`` on and to ``end``; None is open. ``end`` itself counts where it is ``closed``."""

    column: str
    start: datetime | None
    end: datetime | None
    closed: bool = False


@dataclass(frozen=True, slots=True)
class Search:
    """Words that a row has in any of its columns, as ``datastore_search`` finds them: numbers and days as well."""

    text: str


@dataclass(frozen=True, slots=True)
class Geometry:
    """A geometry as GeoJSON has it (RFC 7946): a type, and coordinates as nested tuples of positions."""

    type: GeometryType
    coordinates: tuple[object, ...]


@dataclass(frozen=True, slots=True)
class Envelope:
    """A row's point within a box, its border included; ``west`` is greater than ``east`` across the 180th meridian."""

    west: float
    south: float
    east: float
    north: float


@dataclass(frozen=True, slots=True)
class Intersects:
    """A row's point in or on a geometry: a polygon, or a point or line that it lies on."""

    geometry: Geometry


@dataclass(frozen=True, slots=True)
class Distance:
    """A row's point no farther than ``metres`` from a geometry."""

    geometry: Geometry
    metres: float


Condition: TypeAlias = (
    Everything
    | Nothing
    | And
    | Or
    | Not
    | Comparison
    | Between
    | In
    | Like
    | IsNull
    | Instant
    | Interval
    | Search
    | Envelope
    | Intersects
    | Distance
)
SPATIAL = (Envelope, Intersects, Distance)

EVERYTHING, NOTHING = Everything(), Nothing()


def all_of(parts: Iterator[Condition] | list[Condition] | tuple[Condition, ...]) -> Condition:
    """Return the condition that a row meets all of ``parts``, without those that say nothing."""
    flat: list[Condition] = []
    for part in parts:
        flat.extend(part.parts if isinstance(part, And) else () if isinstance(part, Everything) else (part,))
    if any(isinstance(part, Nothing) for part in flat):
        return NOTHING
    return And(tuple(flat)) if len(flat) > 1 else flat[0] if flat else EVERYTHING


def any_of(parts: Iterator[Condition] | list[Condition] | tuple[Condition, ...]) -> Condition:
    """Return the condition that a row meets one of ``parts``, without those that none meets."""
    flat: list[Condition] = []
    for part in parts:
        flat.extend(part.parts if isinstance(part, Or) else () if isinstance(part, Nothing) else (part,))
    if any(isinstance(part, Everything) for part in flat):
        return EVERYTHING
    return Or(tuple(flat)) if len(flat) > 1 else flat[0] if flat else NOTHING


def walk(condition: Condition) -> Iterator[Condition]:
    """Yield ``condition`` and every condition in it."""
    waiting = [condition]
    while waiting:
        current = waiting.pop()
        yield current
        if isinstance(current, And | Or):
            waiting.extend(reversed(current.parts))
        elif isinstance(current, Not):
            waiting.append(current.part)
