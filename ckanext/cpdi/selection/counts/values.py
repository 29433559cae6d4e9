"""Which values of a dimension are counted apart, and their numbers."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np

from ckanext.cpdi.query.parts import Parts
from ckanext.cpdi.query.tree import Comparison, In, Value, walk
from ckanext.cpdi.selection.counts.bins import Bins
from ckanext.cpdi.selection.counts.dimensions import Dimension
from ckanext.cpdi.selection.counts.rows import Rows
from ckanext.cpdi.selection.counts.tally import Counts

MOST = 30
"""Values of a dimension that are counted apart; others are counted together."""


def shown(dimension: Dimension, rows: Rows, bins: Bins, parts: Parts) -> dict[str, Any]:
    """Return the values with most rows, most first, and their numbers by bin; those that the filter names are in it.

    Where bins are days, ``coarse`` has the same numbers of rows that show a month alone, by month.
    """
    matrix = rows.by(dimension.name, dimension.width, bins)
    coarse = rows.coarse_by(dimension.name, dimension.width, bins) if bins.unit == "day" else None
    totals = matrix.sum(axis=0) + (0 if coarse is None else coarse.sum(axis=0))
    apart = _chosen(dimension, totals[:-1], set(_named(dimension, parts)))
    others = np.setdiff1d(np.flatnonzero(totals[:-1]), apart)
    document: dict[str, Any] = {"values": [dimension.values[code] for code in apart]}
    document |= _numbers(matrix, apart, others)
    return document if coarse is None else document | {"coarse": _numbers(coarse, apart, others)}


def _chosen(dimension: Dimension, totals: Counts, named: set[str]) -> list[int]:
    """Return the codes that are counted apart, those with most rows first."""

    def place(code: int) -> tuple[int, str]:
        return -int(totals[code]), dimension.values[code]

    wanted = {code for code, value in enumerate(dimension.values) if value in named}
    present = sorted(wanted.union(np.flatnonzero(totals).tolist()), key=place)
    return sorted(sorted(present, key=lambda code: code not in wanted)[:MOST], key=place)


def _named(dimension: Dimension, parts: Parts) -> Iterator[str]:
    """Yield the values that the filter asks for."""
    for part in parts.about(dimension.name):
        for leaf in walk(part):
            match leaf:
                case Comparison(_, "=", value) if isinstance(value, str | bool):
                    yield _text(value)
                case In(_, values):
                    yield from map(_text, values)
                case _:
                    pass


def _text(value: Value) -> str:
    return ("yes" if value else "no") if isinstance(value, bool) else str(value)


def _numbers(matrix: Counts, apart: list[int], others: Counts) -> dict[str, Any]:
    """Return numbers by bin: of each value apart, of all others (None where there are none), of rows without one."""
    by_value = matrix.T
    return {
        "counts": np.ascontiguousarray(by_value[apart]),
        "other": by_value[others].sum(axis=0) if len(others) else None,
        "missing": np.ascontiguousarray(by_value[-1]),
    }
