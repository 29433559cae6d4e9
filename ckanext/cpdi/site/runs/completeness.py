"""How complete a table is, for its status page: a strip of months and a row of years for each field.

In: the store's public view, which counts the published rows. Out: view models; every figure is in the public file too.
"""

from __future__ import annotations

import logging
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

import psycopg

from ckanext.cpdi.declare import Dataset, Text
from ckanext.cpdi.declare.counted import GEOCODED, PLACED
from ckanext.cpdi.publish.address import COMPLETENESS, Address
from ckanext.cpdi.selection.pool import page_transaction
from ckanext.cpdi.site import words
from ckanext.cpdi.site.runs import chart

log = logging.getLogger(__name__)

_COUNTED = {
    PLACED: Text("With a place of any kind", "Con algún lugar"),
    GEOCODED: Text("With a point on the map", "Con un punto en el mapa"),
}
_COLUMNS = {PLACED: Text("Placed", "Con lugar"), GEOCODED: Text("With a point", "Con punto")}
_SUMMARY = Text(
    "{title}: {share} of all rows, {first} to {last}. Least: {least} in {month}.",
    "{title}: {share} de todas las filas, {first} a {last}. Mínimo: {least} en {month}.",
)
_NO_CATEGORY = Text("(none)", "(ninguna)")


@dataclass(frozen=True)
class Strip:
    """A field: its share over all months, the strip in a sentence (``says``), and the strip's path."""

    name: str
    title: str
    share: str
    says: str
    path: str
    years: tuple[str, ...]
    """Its share in each year, the latest first; empty where the year has no rows."""


@dataclass(frozen=True)
class CategoryRow:
    """A category: its rows, and the shares of them with a place and with a point, each with its title, as far as the
    table has these.
    """

    title: str
    rows: str
    places: tuple[tuple[str, str], ...]
    width: float
    """The share with a point, or, without points, the rows beside those of the largest category: from 0 to 100."""


@dataclass(frozen=True)
class Completeness:
    """The view model; ``months`` counts from the first row's to the last row's, ``empty`` marks those without a row."""

    version: str
    months: int
    first: str
    last: str
    empty: str
    strips: tuple[Strip, ...]
    years: tuple[str, ...]
    categories: tuple[CategoryRow, ...]
    url: str


@dataclass(frozen=True)
class Counts:
    """Pairs of rows and filled rows: by field and month, and by category and field."""

    version: str
    months: Mapping[str, Mapping[date, tuple[int, int]]]
    categories: Mapping[str | None, Mapping[str, tuple[int, int]]]


def read(dsn: str, dataset: Dataset) -> Counts | None:
    """Read the counts of ``dataset``, which has a table, with the read role's ``dsn``; None where there are none or the
    database does not answer.
    """
    months: dict[str, dict[date, tuple[int, int]]] = defaultdict(dict)
    categories: dict[str | None, dict[str, tuple[int, int]]] = defaultdict(dict)
    counted = [dataset.rows.time_field.name, *_COUNTED]
    sums = "sum(rows)::bigint, sum(filled)::bigint FROM public._cpdi_completeness"
    try:
        with page_transaction(dsn) as connection:
            query = f"SELECT field, month, min(version), {sums} WHERE dataset = %s AND month IS NOT NULL GROUP BY 1, 2"
            version = ""
            for field, month, version, rows, filled in connection.execute(query, (dataset.name,)):  # noqa: B007
                months[field][month] = (rows, filled)
            query = f"SELECT category, field, {sums} WHERE dataset = %s AND field = ANY(%s) GROUP BY 1, 2"
            for category, field, rows, filled in connection.execute(query, (dataset.name, counted)):
                categories[category][field] = (rows, filled)
    except psycopg.Error as error:
        log.warning("completeness cannot be read: %s", type(error).__name__)
        return None
    return Counts(version, months, categories) if months else None


def describe(counts: Counts, dataset: Dataset, language: str) -> Completeness:
    """Return the view model of ``counts``: place and point first, then the fields in their declared order."""
    time = dataset.rows.time_field.name
    present = counts.months[time]
    months = _months(min(present), max(present))
    years = sorted({month.year for month in present}, reverse=True)
    titles = {name: text.get(language) for name, text in _COUNTED.items()}
    titles |= {field.name: field.title.get(language) for field in dataset.rows.fields}
    return Completeness(
        version=counts.version,
        months=len(months),
        first=words.month(months[0], language),
        last=words.month(months[-1], language),
        empty=chart.marks((place for place, month in enumerate(months) if month not in present), width=1),
        strips=tuple(
            _strip(name, title, counts.months[name], months, years, language)
            for name, title in titles.items()
            if name in counts.months
        ),
        years=tuple(str(year) for year in years),
        categories=_categories(counts, time, language),
        url=Address(dataset.name, extension="csv", about=COMPLETENESS).path,
    )


def _months(first: date, last: date) -> list[date]:
    """Return the first day of every month from ``first`` to ``last``."""
    span = range(first.year * 12 + first.month - 1, last.year * 12 + last.month)
    return [date(number // 12, number % 12 + 1, 1) for number in span]


def _strip(
    name: str,
    title: str,
    by_month: Mapping[date, tuple[int, int]],
    months: Sequence[date],
    years: Sequence[int],
    language: str,
) -> Strip:
    shares = {month: filled / rows for month, (rows, filled) in by_month.items()}
    least = min(shares, key=lambda month: (shares[month], month))
    overall = words.share(_share(list(by_month.values())), language)
    says = _SUMMARY.get(language).format(
        title=title,
        share=overall,
        first=words.month(months[0], language),
        last=words.month(months[-1], language),
        least=words.share(shares[least], language),
        month=words.month(least, language),
    )
    by_year = [_share([pair for month, pair in by_month.items() if month.year == year]) for year in years]
    path = chart.columns([shares.get(month) for month in months], 1, width=1)
    return Strip(name, title, overall, says, path, tuple(words.share(year_share, language) for year_share in by_year))


def _share(pairs: Sequence[tuple[int, int]]) -> float | None:
    rows = sum(rows for rows, _ in pairs)
    return sum(filled for _, filled in pairs) / rows if rows else None


def _categories(counts: Counts, time: str, language: str) -> tuple[CategoryRow, ...]:
    """Return the categories, the largest first; none for a table that has no category. ``time`` is a field of it."""
    if set(counts.categories) == {None}:
        return ()
    ordered = sorted(counts.categories.items(), key=lambda item: (-item[1][time][0], item[0] or ""))
    largest = ordered[0][1][time][0] if ordered else 1
    return tuple(
        CategoryRow(
            title=category or _NO_CATEGORY.get(language),
            rows=words.number(pairs[time][0], language),
            places=tuple(
                (text.get(language), words.share(_share([pairs[name]]), language))
                for name, text in _COLUMNS.items()
                if name in pairs
            ),
            width=round(100 * (_share([pairs[GEOCODED]]) or 0 if GEOCODED in pairs else pairs[time][0] / largest), 1),
        )
        for category, pairs in ordered
    )
