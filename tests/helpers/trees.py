"""Conditions by chance on the table of :mod:`.kinds`, rows for them, and which rows meet which: in plain Python.

What :func:`meets` says of a row is the logic of SQL in three values, and what a filter is held against.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from operator import attrgetter
from typing import Any
from zoneinfo import ZoneInfo

import shapely
from hypothesis import strategies as st
from pyproj import Geod

from ckanext.cpdi.query.tree import (
    And,
    Between,
    Comparison,
    Condition,
    Distance,
    Envelope,
    Everything,
    Geometry,
    In,
    Instant,
    Intersects,
    Interval,
    IsNull,
    Like,
    Not,
    Nothing,
    Or,
    Term,
    Value,
)
from helpers.kinds import AREA_OF, AREAS

Row = dict[str, Any]
_GEOD = Geod(ellps="WGS84")
_ZONES = ("UTC", "America/New_York", "Asia/Kathmandu")

TEXTS = ("", "a", "A", "b", "é", "É", " a ", "a%", "a_b", "a\\b", "it's", "50%", "Straße", "zz", "10", "9", "中")
MOMENTS = tuple(
    datetime.fromisoformat(text).replace(tzinfo=UTC)
    for text in ("2026-03-08T06:59:59", "2026-03-08T07:00:00", "2025-12-31T23:30:00", "2026-01-01T00:00:00",
                 "2026-11-01T05:30:00", "2026-11-01T06:30:00", "2024-02-29T12:00:00", "1969-07-20T20:17:59.750000")
)  # fmt: skip
DAYS = tuple(moment.date() for moment in MOMENTS)
NUMBERS = (-(2**40), -1, 0, 1, 2, 3, 2**31, 2**40)
FIGURES = (-2.5, 0.0, 0.1, 1.0, 2.0, 1e300)
LONGITUDES, LATITUDES = (-80.0, -79.95, -79.9, 0.0, 179.9, -179.9), (32.7, 32.75, 32.8, 0.0, 89.5)

POOLS: dict[str, tuple[Any, ...]] = {
    "tag": TEXTS, "word": TEXTS, "beat": TEXTS, "happened": MOMENTS, "closed": MOMENTS, "day": DAYS,
    "pieces": NUMBERS, "minutes": FIGURES, "cleared": (True, False), "longitude": LONGITUDES, "latitude": LATITUDES,
    "place": ("p1", "p2", "p3", "p4", "p5"),
}  # fmt: skip
"""Values of each column; every one is empty now and then."""
WARD = "area.ward"
"""The area of a row's place, which is no column of the table."""
_FUNCTIONS: dict[str, tuple[str, ...]] = {
    **dict.fromkeys(("tag", "word", "beat", WARD), ("lower", "upper", "trim", "length")),
    **dict.fromkeys(("happened", "closed"), ("year", "month", "day", "hour", "minute", "second", "weekday", "date")),
    "day": ("year", "month", "day", "weekday"),
}


def rows(count: int) -> list[Row]:
    """Rows that have every value of every pool, and each column empty in some."""
    made: list[Row] = []
    for number in range(count):
        row: Row = {"_id": number + 1}
        for place, (name, pool) in enumerate(POOLS.items()):
            chosen = (number * (place + 3) + number // 7 + place) % (len(pool) + 1)
            row[name] = pool[chosen] if chosen < len(pool) else None
        if row["longitude"] is None or row["latitude"] is None:
            row["longitude"] = row["latitude"] = None
        row[WARD] = AREA_OF.get(row["place"])
        made.append(row)
    return made


# --- conditions by chance


@st.composite
def terms(draw: Any, of: tuple[str, ...] = (*POOLS, WARD)) -> Term:
    """A column, the area of one, or a function of either."""
    column = draw(st.sampled_from(of))
    function = draw(st.sampled_from((None, None, *_FUNCTIONS.get(column, ()))))
    zoned = function and column in ("happened", "closed")
    return Term(column, function, draw(st.sampled_from(_ZONES)) if zoned else "UTC")


def values(term: Term) -> st.SearchStrategy[Value]:
    """Values that a row may have there, and some that none has."""
    if term.function in ("year", "month", "day", "hour", "minute", "second", "weekday", "length"):
        return st.sampled_from((0, 1, 2, 3, 5, 6, 7, 12, 23, 29, 30, 59, 2024, 2025, 2026))
    if term.function == "date":
        return st.sampled_from((*DAYS, *(day - timedelta(days=1) for day in DAYS)))
    if term.column == WARD and not term.function:
        return st.sampled_from(AREAS["ward"])
    pool = POOLS.get(term.column, (*AREAS["ward"], "east side", "EAST SIDE"))
    return st.sampled_from(pool + (("Ä", "strasse") if pool is TEXTS else ()))


def _tests() -> st.SearchStrategy[Condition]:
    operators = st.sampled_from(("=", "<>", "<", "<=", ">", ">="))
    texts = terms(("tag", "word", "beat", WARD)).filter(lambda term: term.function != "length")
    patterns = st.sampled_from(
        ("%", "_", "a%", "%a%", "_a_", "a\\%", "a\\_b", "a\\\\b", "%É%", "East%", "", "5__", "%\\%")
    )
    return st.one_of(
        terms().flatmap(lambda term: st.builds(Comparison, st.just(term), operators, values(term))),
        terms().flatmap(lambda term: st.builds(Between, st.just(term), values(term), values(term))),
        terms().flatmap(
            lambda term: st.builds(In, st.just(term), st.lists(values(term), min_size=1, max_size=4).map(tuple))
        ),
        st.builds(IsNull, terms()),
        st.builds(Like, texts, patterns),
        st.builds(Comparison, st.just(Term("happened")), operators, st.just(Term("closed"))),
        st.builds(Comparison, st.just(Term("pieces")), operators, st.just(Term("minutes"))),
        st.builds(Instant, st.sampled_from(("happened", "closed")), st.sampled_from(MOMENTS)),
        st.builds(Interval, st.just("happened"), st.sampled_from((None, *MOMENTS)), st.sampled_from((None, *MOMENTS)),
                  st.booleans()),
    )  # fmt: skip


def _spatial() -> st.SearchStrategy[Condition]:
    sides = st.sampled_from((-180.0, -80.0, -79.95, -79.9, 0.0, 179.9, 180.0))
    heights = st.tuples(*[st.sampled_from((-90.0, 0.0, 32.7, 32.75, 32.8, 90.0))] * 2).map(sorted)
    boxes = st.builds(lambda west, east, pair: Envelope(west, pair[0], east, pair[1]), sides, sides, heights)
    square = ((-80.0, 32.7), (-80.0, 32.8), (-79.9, 32.8), (-79.9, 32.7), (-80.0, 32.7))
    hole = ((-79.96, 32.74), (-79.94, 32.74), (-79.94, 32.76), (-79.96, 32.76), (-79.96, 32.74))
    far = ((-1.0, -1.0), (-1.0, 1.0), (1.0, 1.0), (1.0, -1.0), (-1.0, -1.0))
    shapes = st.sampled_from((
        Geometry("Point", (-79.95, 32.75)),
        Geometry("MultiPoint", ((-79.95, 32.75), (0.0, 0.0))),
        Geometry("LineString", ((-80.0, 32.75), (-79.9, 32.75))),
        Geometry("Polygon", (square,)),
        Geometry("Polygon", (square, hole)),
        Geometry("MultiPolygon", ((square, hole), (far,))),
    ))  # fmt: skip
    metres = st.sampled_from((1.0, 4_000.0, 6_000.0, 12_000.0, 500_000.0, 15_000_000.0))
    near = st.builds(Distance, st.sampled_from((Geometry("Point", (-79.95, 32.75)), Geometry("Point", (180.0, 0.0)),
                                                Geometry("Point", (0.0, 89.9)))), metres)  # fmt: skip
    return st.one_of(boxes, st.builds(Intersects, shapes), near)


def conditions(*, spatial: bool = True) -> st.SearchStrategy[Condition]:
    """Trees of some depth."""
    leaves = st.one_of(_tests(), _tests(), _spatial()) if spatial else _tests()
    return st.recursive(
        leaves,
        lambda inner: st.one_of(
            st.builds(Not, inner),
            st.lists(inner, min_size=2, max_size=3).map(lambda parts: And(tuple(parts))),
            st.lists(inner, min_size=2, max_size=3).map(lambda parts: Or(tuple(parts))),
        ),
        max_leaves=6,
    )


# --- which rows meet one


def meets(condition: Condition, row: Row) -> bool | None:
    """Whether ``row`` meets ``condition``; None where that is unknown, since a column is empty."""
    match condition:
        case Everything() | Nothing():
            return isinstance(condition, Everything)
        case And(parts) | Or(parts):
            decisive, seen = isinstance(condition, Or), [meets(part, row) for part in parts]
            return decisive if decisive in seen else None if None in seen else not decisive
        case Not(part):
            return _known(meets(part, row), lambda inner: not inner)
        case Envelope() | Intersects() | Distance():
            return _lies(condition, row)
        case Instant(column, at):
            return _known(row[column], lambda value: value == at)
        case Interval():
            return _known(row[condition.column], lambda value: _during(condition, value))
        case _:
            return _tested(condition, row)


def _tested(condition: Any, row: Row) -> bool | None:
    value = value_of(condition.term, row)
    match condition:
        case IsNull():
            return value is None
        case Comparison(_, operator, Term() as other):
            right = value_of(other, row)
            return None if right is None else _known(value, lambda left: _compared(left, operator, right))
        case Comparison(_, operator, right):
            return _known(value, lambda left: _compared(left, operator, right))
        case Between(_, low, high):
            return _known(value, lambda found: not _compared(found, "<", low) and not _compared(found, ">", high))
        case In(_, wanted):
            return _known(value, lambda found: any(_compared(found, "=", each) for each in wanted))
        case Like(_, pattern):
            return _known(value, lambda text: re.fullmatch(_regular(pattern), text, re.DOTALL) is not None)


def _known(value: Any, test: Callable[[Any], bool]) -> bool | None:
    return None if value is None else test(value)


def _compared(left: Any, operator: str, right: Any) -> bool:
    if isinstance(left, str):  # by bytes
        left, right = left.encode(), right.encode()
    return {"=": left == right, "<>": left != right, "<": left < right, "<=": left <= right,
            ">": left > right, ">=": left >= right}[operator]  # fmt: skip


def _regular(pattern: str) -> str:
    parts = re.findall(r"\\.|.", pattern, re.DOTALL)
    return "".join({"%": ".*", "_": "."}.get(part, re.escape(part[-1])) for part in parts)


def value_of(term: Term, row: Row) -> Any:
    """The value of a term in a row."""
    value = row[term.column]
    if value is None or term.function is None:
        return value
    if isinstance(value, datetime):
        value = value.astimezone(ZoneInfo(term.zone))
    return _FUNCTION[term.function](value)


_FUNCTION: dict[str, Callable[[Any], Any]] = {
    "lower": str.lower, "upper": str.upper, "trim": lambda text: text.strip(" "), "length": len,
    "date": datetime.date, "weekday": lambda when: when.isoweekday() % 7,
    **{part: attrgetter(part) for part in ("year", "month", "day", "hour", "minute", "second")},
}  # fmt: skip


def _during(interval: Interval, value: datetime) -> bool:
    after = interval.start is None or value >= interval.start
    before = interval.end is None or value < interval.end or (interval.closed and value == interval.end)
    return after and before


def _lies(condition: Envelope | Intersects | Distance, row: Row) -> bool | None:
    longitude, latitude = row["longitude"], row["latitude"]
    if longitude is None:
        return None
    if isinstance(condition, Envelope):
        west, east = condition.west, condition.east
        across = west <= longitude <= east if west <= east else longitude >= west or longitude <= east
        return across and condition.south <= latitude <= condition.north
    geometry = condition.geometry
    if isinstance(condition, Distance):
        return _GEOD.inv(longitude, latitude, *geometry.coordinates)[2] <= condition.metres
    outline = shapely.geometry.shape({"type": geometry.type, "coordinates": geometry.coordinates})
    return outline.intersects(shapely.Point(longitude, latitude))
