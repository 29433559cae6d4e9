"""Tables of the people in a table's rows, as pages show them: categories by year, words where a count is withheld."""

from __future__ import annotations

import logging
from collections.abc import Iterable
from dataclasses import dataclass

import psycopg

from ckanext.cpdi.declare import Dataset, Text
from ckanext.cpdi.declare.tables.demographics import NOT_SHOWN, TOTAL
from ckanext.cpdi.publish import demographics
from ckanext.cpdi.publish.demographics import Count, CountTable, Year
from ckanext.cpdi.selection.demographics import count_tables
from ckanext.cpdi.selection.pool import page_transaction
from ckanext.cpdi.site import words

log = logging.getLogger(__name__)

YEARS = 5
"""The latest years that a page shows; the files have all."""
_FEWER = Text("fewer than {n}", "menos de {n}")
_WITHHELD = Text("withheld", "reservado")
_NONE = "–"


@dataclass(frozen=True)
class PeopleRow:
    """A category with its counts, year by year; each with whether it is a number."""

    title: str
    cells: tuple[tuple[str, bool], ...]
    kind: str
    """``total``, ``not_shown``, or empty for a declared category."""


@dataclass(frozen=True)
class PeopleTable:
    """A table of people: ``many`` is what was counted, ``years`` the latest ones first, ``fewer`` and ``withheld``
    what stands in place of a count.
    """

    id: str
    title: str
    many: str
    years: tuple[str, ...]
    rows: tuple[PeopleRow, ...]
    fewer: str
    withheld: str
    counted: str
    csv: str
    json: str
    more_years: bool


def people_tables(read_dsn: str, tables: Iterable[Dataset], language: str) -> tuple[PeopleTable, ...]:
    """Return the tables of people of ``tables``; none where there are none, or the database does not answer."""
    counted = [table for table in tables if table.table and table.table.demographics]
    if not counted:
        return ()
    try:
        with page_transaction(read_dsn) as connection:
            counts = [people for table in counted for people in count_tables(connection, table)]
    except psycopg.Error:
        log.warning("counts of people could not be read", exc_info=True)
        return ()
    return tuple(describe(people, language) for people in counts)


def describe(table: CountTable, language: str) -> PeopleTable:
    """Return a table in words."""
    years, name = table.years[::-1][:YEARS], table.declared.name
    return PeopleTable(
        id=f"{table.dataset.name}-by-{name}",
        title=table.declared.title.get(language),
        many=table.dataset.many.get(language),
        years=tuple(str(year.year) for year in years),
        rows=tuple(
            PeopleRow(
                title.get(language),
                tuple(_cell(table.counts.get((category, year.year)), year, language) for year in years),
                category if category in (TOTAL, NOT_SHOWN) else "",
            )
            for category, title in demographics.titles(table.declared).items()
        ),
        fewer=_FEWER.get(language).format(n=years[0].smallest),
        withheld=_WITHHELD.get(language),
        counted=words.day(years[0].counted, language),
        csv=demographics.path(table.dataset.name, name, "csv"),
        json=demographics.path(table.dataset.name, name, "json"),
        more_years=len(table.years) > YEARS,
    )


def _cell(count: Count | None, year: Year, language: str) -> tuple[str, bool]:
    if count is None:
        return _NONE, False
    if count.count is None:
        form = _FEWER if count.mark == "fewer" else _WITHHELD
        return form.get(language).format(n=year.smallest), False
    return words.number(count.count, language), True
