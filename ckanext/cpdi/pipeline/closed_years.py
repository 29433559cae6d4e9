"""Counts the people of years that are closed: once, by the first run that has all their rows, then never again.

In: the categories of a run's rows, and the table with its changes. Out: counts as they may be published, for the run's
commit, and what staff should know of years that could not be counted.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, time

import polars as pl

from ckanext.cpdi import config
from ckanext.cpdi.declare import Text
from ckanext.cpdi.declare.tables.demographics import NOT_SHOWN, Demographic
from ckanext.cpdi.pipeline.accumulator import Accumulator
from ckanext.cpdi.rows import Plan
from ckanext.cpdi.rows.demographics.categories import counted
from ckanext.cpdi.rows.demographics.protect import protect
from ckanext.cpdi.store import Objection
from ckanext.cpdi.store.sync.run import Sync
from ckanext.cpdi.store.table.demographics import YearOfPeople


@dataclass(frozen=True)
class People:
    """The counts that a run closes, and notices on those that it could not make."""

    years: list[YearOfPeople]
    notices: list[Objection]


def count(plan: Plan, sync: Sync, total: Accumulator, today: date) -> People:
    """Count the closed years of each declared table that have not been counted.

    A year is closed from its freeze day on; ``total`` is told when the next one is. A year is counted where the feed
    has as many rows of it as the table: it must be whole, and no word in it may be unknown.
    """
    closed = People([], [])
    tables, day = counted(plan), config.freeze_day()
    people = total.people() if tables else None
    if people is None:
        return closed
    rows, there = sync.years(), sync.years_of_people()
    open_years = [year for year in rows if day.closed(year) > today]
    if open_years:
        midnight = datetime.combine(day.closed(min(open_years)), time(), plan.profile.zone)
        total.wait_until(midnight)
    for table in tables:
        for year in sorted(rows.keys() - set(open_years)):
            if (table.name, year) not in there:
                categories = people.filter(pl.col("year") == year)[table.name]
                _close(table, year, categories, rows[year], closed)
    return closed


def _close(table: Demographic, year: int, categories: pl.Series, rows: int, closed: People) -> None:
    """Count a year, or say why not."""
    strange = categories.null_count()
    if len(categories) != rows:
        reason = Text(
            f"the feed has {len(categories)} of the table's {rows} rows of {year}; load one that has the whole year.",
            f"el archivo tiene {len(categories)} de las {rows} filas de la tabla de {year}; cargue uno del año entero.",
        )
        closed.notices.append(_notice(table, year, reason))
    elif strange:
        reason = Text(
            f"{strange} rows of {year} have a word in {table.column} that is none of its categories; give it one under"
            f" values.{table.column} of the profile.",
            f"{strange} filas de {year} tienen en {table.column} una palabra que no es de sus categorías; asígnele una"
            f" en values.{table.column} del perfil.",
        )
        closed.notices.append(_notice(table, year, reason))
    else:
        closed.years.append(_year(table, year, categories))


def _year(table: Demographic, year: int, categories: pl.Series) -> YearOfPeople:
    rows = dict(_counts(categories))
    counts = {name: rows.get(name, 0) for name in table.categories}
    cells = protect(counts, table.smallest)
    return YearOfPeople(table.name, year, table.smallest, cells, rows.get(NOT_SHOWN, 0), len(categories))


def _counts(categories: pl.Series) -> Iterable[tuple[str, int]]:
    return categories.value_counts(name="rows").iter_rows()


def _notice(table: Demographic, year: int, reason: Text) -> Objection:
    text = f"{table.title.en}: {year} has not been counted, since {reason.en}"
    spanish = f"{table.title.get('es')}: {year} no se ha contado, porque {reason.es}"
    return Objection("demographics", text, None, year, field=table.name, holds=False, spanish=spanish)
