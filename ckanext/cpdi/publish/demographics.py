"""Files of people by year: as CSV, one line a year and category, and as JSON with the words beside the numbers.

In: a declared table with its counts. Out: the text of a file.
"""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, NamedTuple

from ckanext.cpdi.declare import Dataset, Text
from ckanext.cpdi.declare.tables.demographics import NOT_SHOWN, TOTAL, Demographic

EXTENSIONS = {"csv": "text/csv; charset=utf-8", "json": "application/json"}
COLUMNS = ("year", "category", "title_en", "title_es", "count", "mark", "smallest", "counted")
MARKS = {
    "fewer": Text(
        "one or more, and fewer than the smallest count shown", "uno o más, y menos que el menor número mostrado"
    ),
    "withheld": Text(
        "withheld so that a smaller count cannot be worked out",
        "no se muestra, para que no se pueda calcular un número menor",
    ),
}
_TITLES = {
    NOT_SHOWN: Text(
        "Not told apart: under 18, age not known, or only the group is published",
        "No se distinguen: menores de 18, edad desconocida o solo se publica el grupo",
    ),
    TOTAL: Text("Total", "Total"),
}


@dataclass(frozen=True)
class Count:
    """A published count; None where ``mark`` (a key of MARKS) says why there is none."""

    count: int | None
    mark: str


class Year(NamedTuple):
    """A year that was counted: the smallest count that it shows, and the day on which it was counted."""

    year: int
    smallest: int
    counted: date


@dataclass(frozen=True)
class CountTable:
    """A declared table of the people in the rows of ``dataset``; ``years`` in their order.

    ``counts`` has them by category and year, with those of ``not_shown`` and ``total``. A category that was declared
    after a year was counted has no count in it.
    """

    dataset: Dataset
    declared: Demographic
    years: tuple[Year, ...]
    counts: Mapping[tuple[str, int], Count]


@dataclass(frozen=True)
class Line:
    """One category of one year."""

    year: Year
    category: str
    title: Text
    count: Count


def path(dataset: str, name: str, extension: str) -> str:
    """Return the path of a file on the site."""
    return f"/data/{dataset}/demographics/{name}.{extension}"


def titles(declared: Demographic) -> dict[str, Text]:
    """Return the titles of all lines of a year, by their categories, in order."""
    return {**declared.categories, **_TITLES}


def write(table: CountTable, extension: str) -> str:
    """Return the file ``extension`` (a key of EXTENSIONS) of a table."""
    return _csv(table) if extension == "csv" else _json(table)


def _lines(table: CountTable) -> Iterator[Line]:
    for year in table.years:
        for category, title in titles(table.declared).items():
            if count := table.counts.get((category, year.year)):
                yield Line(year, category, title, count)


def _csv(table: CountTable) -> str:
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(COLUMNS)
    for line in _lines(table):
        year, title, count = line.year, line.title, line.count
        shown = "" if count.count is None else count.count
        facts = (year.smallest, year.counted.isoformat())
        writer.writerow((year.year, line.category, title.en, title.es, shown, count.mark, *facts))
    return out.getvalue()


def _json(table: CountTable) -> str:
    document: dict[str, Any] = {
        "dataset": table.dataset.name,
        "table": table.declared.name,
        "title": _both(table.declared.title),
        "counted": _both(table.dataset.many),
        "categories": [{"name": name, "title": _both(title)} for name, title in titles(table.declared).items()],
        "marks": {mark: _both(title) for mark, title in MARKS.items()},
        "years": [
            {
                "year": year.year,
                "smallest": year.smallest,
                "counted": year.counted.isoformat(),
                "counts": {
                    line.category: {"count": line.count.count, "mark": line.count.mark}
                    for line in _lines(table)
                    if line.year == year
                },
            }
            for year in table.years
        ],
    }
    return json.dumps(document, ensure_ascii=False, indent=1) + "\n"


def _both(text: Text) -> dict[str, str]:
    return {"en": text.en, "es": text.es}
