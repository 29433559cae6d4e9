"""Texts made of texts: several joined, or a part of one."""

from __future__ import annotations

import polars as pl

from ckanext.cpdi.declare import Made


def join(rule: Made, cells: list[pl.Expr]) -> pl.Expr:
    """Return the cells that are not empty, one after the other; null where all are."""
    text = pl.concat_str(cells, separator=rule.separator, ignore_nulls=True)
    return pl.when(pl.any_horizontal(cell.is_not_null() for cell in cells)).then(text)


def part(rule: Made, cells: list[pl.Expr]) -> pl.Expr:
    """Return what the group of the pattern finds; the text itself where it finds nothing."""
    (cell,) = cells
    return pl.coalesce(cell.str.extract(rule.pattern, 1), cell)
