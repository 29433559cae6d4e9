"""What speaks against figures of one report: changes that do not follow, sums that do not add up, a week with more than
the 28 days that it is part of.

Each check yields the figures it is about, with a sentence for staff that names page, area, offence and both numbers.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from datetime import date, timedelta
from decimal import ROUND_HALF_EVEN, ROUND_HALF_UP, Decimal

from ckanext.cpdi.declare.tables.figures import Figures as Layout
from ckanext.cpdi.reports.tables.figure import Figure, Held, Key

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
        if first is not figure:
            yield Held(
                figure.key,
                f"Page {figure.page}, {described(figure)}: {figure.current} and {figure.prior}; page {first.page} has"
                f" {first.current} and {first.prior}.",
            )


def described(figure: Figure) -> str:
    """Return area, offence and window in words."""
    return f"{figure.area}, {_words(figure.offence)}, {_words(figure.window)}"


def _words(name: str) -> str:
    return name.replace("_", " ")


def _changes(figures: Iterable[Figure]) -> Iterator[Held]:
    """Yield figures whose change does not follow from current and prior; 0 before means that it is not calculated."""
    for figure in figures:
        right = _rounded(figure)
        if figure.change not in right:
            yield Held(
                figure.key,
                f"Page {figure.page}, {described(figure)}: the change is {_percent(figure.change)}, and"
                f" {figure.current} after {figure.prior} gives {' or '.join(sorted(map(_percent, right)))}.",
            )


def _percent(change: Decimal | None) -> str:
    return "not calculated" if change is None else f"{change:+f}%" if change else "0%"


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
            yield from (Held(figure.key, _without_total(figure, layout)) for figure in same if layout.total)
            continue
        for name in ("current", "prior"):
            stated, added = getattr(total, name), sum(getattr(figure, name) for figure in parts)
            if stated == added:
                continue
            where = f"Page {total.page}, {described(total)}"
            sentence = f"{where}: the {name} figure is {stated}, and its parts add up to {added}."
            yield from (Held(figure.key, sentence) for figure in same)


def _without_total(figure: Figure, layout: Layout) -> str:
    numbers = f"{figure.current} and {figure.prior}"
    return f"Page {figure.page}, {described(figure)}: {numbers} cannot be checked, since {layout.total} has none."


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
                few, many = getattr(windows[short], name), getattr(windows[long], name)
                if few > many:
                    where = f"Page {windows[short].page}, {described(windows[short])}"
                    sentence = f"{where}: the {name} figure is {few}, more than the {many} of {_words(long)}."
                    yield from (Held(windows[window].key, sentence) for window in (short, long))


def _inside(end: date) -> Iterator[tuple[str, str, tuple[str, ...]]]:
    """Yield the windows that lie inside others, and of which figures that is true."""
    yield "week", "28_days", ("current", "prior")
    for short, days in _DAYS.items():
        if (end - timedelta(days=days - 1)).year == end.year:
            yield short, "year_to_date", ("current",)
