"""A column's code list: its values with their counts, and a proposed class for each that nobody has confirmed.

Written are only values of columns that hold few, each in several rows; what looks as if it were about a person is
counted and not written.
"""

from __future__ import annotations

from dataclasses import dataclass

import polars as pl

from ckanext.cpdi.drafting.file.columns import Column
from ckanext.cpdi.drafting.file.contents import Contents
from ckanext.cpdi.drafting.file.persons import are_personal
from ckanext.cpdi.drafting.values.precedents import Precedents, Proposal

_FEWEST_ROWS = 2
"""A text that stands in one row may be anything, above all something that somebody typed."""
_SEPARATORS = (",", ";", "|")
_FEWER = 0.7
"""A separator is one where the parts are so many fewer than the cells."""
_CUT_LENGTHS = range(15, 256)
_CUT_VALUES = 5


@dataclass(frozen=True)
class Line:
    """One value of a list."""

    value: str
    rows: int
    proposal: Proposal


@dataclass(frozen=True)
class DraftList:
    """The code list of the column ``header``: ``lines``, the most usual value first.

    ``kept_out`` is the number of values that are not written, ``rows_kept_out`` that of their rows; ``is_free_text``:
    none is, since the column holds no codes. ``separator`` and ``cut_at`` are those of the profile's ``codes``.
    """

    name: str
    header: str
    lines: tuple[Line, ...]
    kept_out: int
    rows_kept_out: int
    separator: str = ""
    cut_at: int = 0
    is_free_text: bool = False


def list_of(name: str, column: Column, contents: Contents, precedents: Precedents, *, several: bool) -> DraftList:
    """Return the list of a column; ``several``: a cell may hold several codes."""
    counted = contents.counts.get(column.header)
    if counted is None or column.personal or not (column.few or several):
        return DraftList(name, column.header, (), column.distinct, contents.rows, is_free_text=True)
    separator = _separator(counted) if several else ""
    cut_at = _cut_at(counted)
    if separator:
        counted = _parts(counted, separator)
    shown = counted.filter((pl.col("rows") >= _FEWEST_ROWS) & ~are_personal(counted["value"]))
    hidden = counted.height - shown.height
    lines = tuple(Line(value, rows, precedents.propose(value)) for value, rows in shown.iter_rows())
    if several and not column.few and shown.height < hidden:
        return DraftList(name, column.header, (), counted.height, contents.rows, is_free_text=True)
    rows_hidden = int(counted["rows"].sum()) - int(shown["rows"].sum())
    return DraftList(name, column.header, lines, hidden, rows_hidden, separator, cut_at)


def _separator(counted: pl.DataFrame) -> str:
    """Return what parts several codes of a cell; empty where cells hold one."""
    for separator in _SEPARATORS:
        several = counted.filter(pl.col("value").str.contains(separator, literal=True))
        if several.height > _CUT_VALUES and _parts(counted, separator).height <= _FEWER * counted.height:
            return separator
    return ""


def _parts(counted: pl.DataFrame, separator: str) -> pl.DataFrame:
    """Return the codes that cells are made of, with their rows, the most usual first."""
    return (
        counted.with_columns(pl.col("value").str.split(separator))
        .explode("value")
        .with_columns(pl.col("value").str.strip_chars())
        .filter(pl.col("value") != "")
        .group_by("value")
        .agg(pl.col("rows").sum())
        .sort(["rows", "value"], descending=[True, False])
    )


def _cut_at(counted: pl.DataFrame) -> int:
    """Return the length at which an export cuts its cells: that of the longest, where many end there; 0 for none."""
    lengths = counted["value"].str.len_chars()
    longest = int(lengths.max() or 0)  # pyright: ignore[reportArgumentType]
    ends = int((lengths == longest).sum())
    just_below = int(lengths.is_between(longest - 3, longest - 1).sum())
    return longest if longest in _CUT_LENGTHS and ends >= max(_CUT_VALUES, 2 * just_below) else 0
