"""Rows that came one by one, made into batches of text columns."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import islice

import polars as pl

from ckanext.cpdi.feeds.batch import LINE, Batch, rejects

# Cells that are objects of Python's take several times the memory of a column.
_MOST_ROWS = 20_000

Row = Sequence[str | None]


def batches(headers: Sequence[str], records: Iterable[tuple[int, Row | str]], rows: int) -> Iterator[Batch]:
    """Yield batches of at most ``rows`` rows.

    Each record has its number, and either its cells in the order of ``headers`` or the reason why it is a reject.
    """
    stream = iter(records)
    while part := list(islice(stream, min(rows, _MOST_ROWS))):
        found = [(number, row) for number, row in part if isinstance(row, str)]
        good = [(number, row) for number, row in part if not isinstance(row, str)]
        yield Batch(_frame(headers, good), rejects(found))


def _frame(headers: Sequence[str], good: list[tuple[int, Row]]) -> pl.DataFrame:
    cells = [row for _, row in good]
    try:
        columns = _columns(headers, cells)
    except UnicodeEncodeError:
        columns = _columns(headers, [[whole(cell) for cell in row] for row in cells])
    return columns.with_columns(pl.Series(LINE, [number for number, _ in good], pl.UInt32))


def _columns(headers: Sequence[str], cells: Sequence[Row]) -> pl.DataFrame:
    return pl.DataFrame(cells, schema=dict.fromkeys(headers, pl.String), orient="row")


def whole(cell: str | None) -> str | None:
    """Return the text with halves of surrogate pairs, which JSON can write, replaced."""
    return cell and cell.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
