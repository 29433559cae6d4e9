"""The first rows of a filter as the server prints them: there before any script, and all there is without one.

In: a table that is open, a condition, and how the page looks (``sort``, ``columns``). Out: a view model of a table as
``frontend/src/table/`` makes it, in whose place that one comes.
"""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import urlencode
from zoneinfo import ZoneInfo

from ckanext.cpdi.query.columns import ROW_ID
from ckanext.cpdi.query.grammars import link
from ckanext.cpdi.query.question import Order, Selection
from ckanext.cpdi.query.tree import Condition
from ckanext.cpdi.selection import offsets
from ckanext.cpdi.selection.reader import Reader
from ckanext.cpdi.site import words
from ckanext.cpdi.site.explore.cell import Cells
from ckanext.cpdi.site.explore.description import Description
from ckanext.cpdi.site.explore.form import Pairs
from ckanext.cpdi.site.explore.words import WORDS
from ckanext.cpdi.site.map.table import Column

SHOWN = 20
"""Rows that are printed: as many as are seen at first, and some more."""
_SORT, _COLUMNS, _ROW = "sort", "columns", "row"
_HERE = "#ex-rows"


@dataclass(frozen=True)
class Head:
    """A column; ``link`` sorts by it, ``sorted`` is what ``aria-sort`` says of it, or empty."""

    title: str
    kind: str
    link: str
    sorted: str


@dataclass(frozen=True)
class Row:
    """A row in words, a cell for each head, and a link to it."""

    link: str
    cells: tuple[str, ...]


@dataclass(frozen=True)
class FirstRows:
    """``label`` is what the table is called among the parts of the page, ``sentence`` says how many rows there are and
    in which order, ``columns`` how many columns of all are shown; ``more`` leads to all rows, page by page.
    """

    label: str
    sentence: str
    columns: str
    heads: tuple[Head, ...]
    rows: tuple[Row, ...]
    more: str


@dataclass(frozen=True)
class _Look:
    columns: tuple[Column, ...]
    order: Order


def first_rows(
    reader: Reader, condition: Condition, total: int, description: Description, asked: Pairs, language: str
) -> FirstRows:
    """Return the first of the ``total`` rows that meet ``condition``; ``asked`` are all parameters of the page.

    Raises what reading raises, and nothing for a look that the table has not: then it looks as at first.
    """
    look = _look(dict(asked), description)
    names = [column.name for column in look.columns]
    needed = dict.fromkeys([*names, description.precision, description.time])
    columns = (ROW_ID, *(name for name in needed if name))
    read = offsets.page(reader, Selection(columns, condition, (look.order,), SHOWN))
    cells = Cells(description, ZoneInfo(reader.state.zone), language)
    said = [(row[0], cells.say(dict(zip(columns[1:], row[1:], strict=True)))) for row in read]
    kept = [pair for pair in asked if pair[1].strip()]
    return FirstRows(
        label=WORDS["rows_region"].get(language).format(title=description.title),
        sentence=_sentence(look, total, description, language),
        columns=WORDS["columns_of"].get(language).format(n=len(names), all=len(description.columns)),
        heads=tuple(_head(column, look.order, description.page, kept) for column in look.columns),
        rows=tuple(
            Row(_with(description.page, kept, _ROW, row), tuple(cell[name] for name in names)) for row, cell in said
        ),
        more=_more(description, look, [pair for pair in kept if link.is_parameter(pair[0], reader.table)]),
    )


def _look(asked: dict[str, str], description: Description) -> _Look:
    """Read how the table looks; ``frontend/src/table/look.ts`` does it in the same way."""
    listed = asked.get(_COLUMNS, "").split(",")
    columns = [column for column in description.columns if column.name in listed]
    if not columns:
        columns = [column for column in description.columns if column.name in description.listed]
    sort = asked.get(_SORT, "")
    name = sort.lstrip("+-")
    if name not in {column.name for column in description.columns}:
        sort = f"-{description.time}"
    return _Look(tuple(columns), Order(sort.lstrip("+-"), sort.startswith("-")))


def _sentence(look: _Look, total: int, description: Description, language: str) -> str:
    if not total:
        return WORDS["chart_nothing"].get(language)
    title = next(column.title for column in description.columns if column.name == look.order.column)
    rows = f"{words.number(total, language)} {description.one if total == 1 else description.many}"
    said = WORDS["sorted_down" if look.order.descending else "sorted_up"]
    return said.get(language).format(rows=rows, column=title)


def _head(column: Column, order: Order, page: str, kept: Pairs) -> Head:
    is_order = column.name == order.column
    sign = "-" if is_order and not order.descending else ""
    said = ("descending" if order.descending else "ascending") if is_order else ""
    return Head(column.title, kind_of(column), _with(page, kept, _SORT, f"{sign}{column.name}"), said)


def kind_of(column: Column) -> str:
    """Return how wide a column is: that of ``time``, ``number`` or ``text``, as ``frontend/src/table/head.ts`` says."""
    if column.type in ("datetime", "date"):
        return "time"
    return "number" if column.type in ("number", "integer", "boolean") and not column.values else "text"


def _with(page: str, kept: Pairs, name: str, value: object) -> str:
    return f"{page}?{urlencode([*((key, own) for key, own in kept if key != name), (name, value)])}{_HERE}"


def _more(description: Description, look: _Look, chosen: Pairs) -> str:
    sort = f"{'-' if look.order.descending else ''}{look.order.column}"
    return f"{description.services.items}?{urlencode([*chosen, ('f', 'html'), ('sortby', sort)])}"
