"""Fixed tables of people by year, as they were published with the years that they count.

In: the view of the read role. Out: the declared tables that have a year, each with its cells.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from ckanext.cpdi.declare import Dataset
from ckanext.cpdi.publish.demographics import Count, CountTable, Year

if TYPE_CHECKING:  # the store loads Polars, which a process of the pages does without
    from ckanext.cpdi.store.database.session import Connection


def count_tables(connection: Connection, dataset: Dataset) -> tuple[CountTable, ...]:
    """Return the tables of people of ``dataset``, one table of rows, in their declared order."""
    declared = dataset.table.demographics if dataset.table else ()
    if not declared:
        return ()
    query = (
        "SELECT name, year, category, count, mark, smallest, counted FROM public._cpdi_demographic"
        " WHERE dataset = %s ORDER BY year"
    )
    years: dict[str, dict[int, Year]] = {}
    counts: dict[str, dict[tuple[str, int], Count]] = {}
    for name, year, category, count, mark, smallest, day in connection.execute(query, (dataset.name,)):
        years.setdefault(name, {})[year] = Year(year, smallest, day)
        counts.setdefault(name, {})[category, year] = Count(count, mark)
    return tuple(
        CountTable(dataset, table, tuple(years[table.name].values()), counts[table.name])
        for table in declared
        if table.name in years
    )
