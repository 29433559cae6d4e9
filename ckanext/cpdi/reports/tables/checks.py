"""What speaks against figures of one report: changes that do not follow, sums that do not add up, a week with more than
the 28 days that it is part of.

Each check yields the figures that are held, each with the fault that holds it.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from datetime import date, timedelta
from decimal import ROUND_HALF_EVEN, ROUND_HALF_UP, Decimal

from ckanext.cpdi.declare.tables.figures import Figures as Layout
from ckanext.cpdi.reports.tables.fault import PARTS, Fault, Kind, Part
from ckanext.cpdi.reports.tables.figure import Figure, Held, Key

_COUNTS: tuple[Part, ...] = ("current", "prior")
_DAYS = {"week": 7, "28_days": 28}


def objections(figures: Sequence[Figure], layout: Layout, end: date) -> Iterator[Held]:
    """Yield what speaks against the figures of a report whose windows end with ``end``."""
    yield from _changes(figures)
    yield from _sums(figures, layout)
    yield from _spans(figures, end)


def doubles(figures: Sequence[Figure]) -> Iterator[Held]:
    """Yield the figures that stand twice, with different numbers."""
    seen: dict[Key, Figure] = {}
    for figure in figures:
        first = seen.setdefault(figure.key, figure)
        for part in PARTS:
            if getattr(first, part) != getattr(figure, part):
                fault = fault_of("twice", figure, part, [getattr(first, part)], str(first.page))
                yield Held(figure.key, fault)


def fault_of(
    kind: Kind, figure: Figure, part: Part, expected: Iterable[int | Decimal | None], other: str = ""
) -> Fault:
    """Return a fault of a part of a figure, which should be one of ``expected``."""
    right = tuple(_text(value) for value in expected)
    return Fault(kind, figure.page, *figure.key, part, _text(getattr(figure, part)), right, other)


def _text(value: int | Decimal | None) -> str:
    return "" if value is None else f"{value:f}" if isinstance(value, Decimal) else str(value)


def _changes(figures: Iterable[Figure]) -> Iterator[Held]:
    """Yield figures whose change does not follow from current and prior; 0 before means that it is not calculated."""
    for figure in figures:
        right = _rounded(figure)
        if figure.change not in right:
            yield Held(figure.key, fault_of("change", figure, "change", sorted(right, key=_text)))


def _rounded(figure: Figure) -> set[Decimal | None]:
    """Return the changes that may be printed: rounded to the printed digits, halves away from zero or to even."""
    if not figure.prior:
        return {None}
    exact = Decimal(100) * (figure.current - figure.prior) / figure.prior
    unit = Decimal(1) if figure.change is None else Decimal(1).scaleb(int(figure.change.as_tuple().exponent))
    return {exact.quantize(unit, rounding) for rounding in (ROUND_HALF_UP, ROUND_HALF_EVEN)}


def _sums(figures: Iterable[Figure], layout: Layout) -> Iterator[Held]:
    """Yield the figures of an offence and window in all areas, where the areas do not add up to the total."""
    rows: dict[tuple[str, str], list[Figure]] = defaultdict(list)
    for figure in figures:
        rows[figure.offence, figure.window].append(figure)
    for same in rows.values():
        total = next((figure for figure in same if figure.area == layout.total), None)
        parts = [figure for figure in same if figure.area != layout.total]
        if total is None:
            yield from _without_total(parts, layout)
            continue
        for name in _COUNTS:
            added = sum(getattr(figure, name) for figure in parts)
            if getattr(total, name) != added:
                fault = fault_of("sum", total, name, [added])
                yield from (Held(figure.key, fault) for figure in same)


def _without_total(parts: Sequence[Figure], layout: Layout) -> Iterator[Held]:
    """Yield the figures of an offence and window that should have a total."""
    if layout.total:
        first, added = parts[0], sum(figure.current for figure in parts)
        row = (layout.total, first.offence, first.window)
        fault = Fault("no_total", first.page, *row, "current", "", (str(added),))
        yield from (Held(figure.key, fault) for figure in parts)


def _spans(figures: Iterable[Figure], end: date) -> Iterator[Held]:
    """Yield figures of a window that has more than a longer window around it.

    The year to date holds a shorter window only where that began in the same year; the windows of the year before end
    on different days, but for week and 28 days.
    """
    rows: dict[tuple[str, str], dict[str, Figure]] = defaultdict(dict)
    for figure in figures:
        rows[figure.area, figure.offence][figure.window] = figure
    for windows in rows.values():
        for short, long, names in _inside(end):
            if short not in windows or long not in windows:
                continue
            for name in names:
                many = getattr(windows[long], name)
                if getattr(windows[short], name) > many:
                    fault = fault_of("longer", windows[short], name, [many], long)
                    yield from (Held(windows[window].key, fault) for window in (short, long))


def _inside(end: date) -> Iterator[tuple[str, str, tuple[Part, ...]]]:
    """Yield the windows that lie inside others, and of which figures that is true."""
    yield "week", "28_days", _COUNTS
    for short, days in _DAYS.items():
        if (end - timedelta(days=days - 1)).year == end.year:
            yield short, "year_to_date", ("current",)
