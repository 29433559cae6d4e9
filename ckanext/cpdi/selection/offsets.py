"""Pages far into a result as fast as its first: the ids of all its rows, in their order, are kept for a while.

PostgreSQL counts through all rows before an offset. Who reads a table page by page by offsets, as desktop programs do,
asks for each page once; so the first page that lies deep makes the list of ids, which the others are cut from. A list
is of one version of one table, takes four bytes a row, and gives way to others when there are too many.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Sequence
from dataclasses import replace
from threading import Lock
from typing import Any

import numpy as np
import numpy.typing as npt
from psycopg import sql

from ckanext.cpdi.query.columns import ROW_ID
from ckanext.cpdi.query.question import Selection
from ckanext.cpdi.query.tree import Between, In, Term, all_of
from ckanext.cpdi.selection.loaders import Loaders
from ckanext.cpdi.selection.reader import Reader

Ids = npt.NDArray[np.int32]
DEEP = 4_000
"""Rows before a page that PostgreSQL counts through in some milliseconds."""
BYTES = 64_000_000
"""Of all lists of a process."""
_NEAR = 4
"""A page lies near together where its ids span less than so many times its rows."""

_lists: OrderedDict[object, Ids] = OrderedDict()
_lock = Lock()


def page(
    reader: Reader, selection: Selection, expressions: Sequence[sql.Composable] = (), loaders: Loaders = ()
) -> list[tuple[Any, ...]]:
    """Return the rows of ``selection``, as :meth:`.reader.Reader.rows` does."""
    start = _start(reader, selection)
    if start is None or selection.limit is None:
        return reader.rows(selection, expressions, loaders)
    selection, limit = replace(selection, offset=start, after=()), selection.limit
    ids = sorted_ids(reader, selection)[start : start + limit]
    if not len(ids):
        return []
    by_id = selection.total_order[0].column == ROW_ID and not selection.total_order[0].descending
    if by_id and int(ids[-1]) - int(ids[0]) < _NEAR * len(ids):
        condition = all_of([selection.filter, Between(Term(ROW_ID), int(ids[0]), int(ids[-1]))])
        return reader.rows(replace(selection, filter=condition, offset=0), expressions, loaders)
    return _in_order(reader, selection, ids, expressions, loaders)


def length(reader: Reader, selection: Selection) -> int | None:
    """Return how many rows ``selection`` has without its limits, where its list is kept; None where it is not."""
    with _lock:
        ids = _lists.get(_key(reader, selection))
    return None if ids is None else len(ids)


def position(reader: Reader, selection: Selection, row: int) -> int | None:
    """Return how many rows of ``selection`` come before the row with the id ``row``; None where it is none of them."""
    before = np.flatnonzero(sorted_ids(reader, replace(selection, after=())) == row)
    return int(before[0]) if len(before) else None


def _start(reader: Reader, selection: Selection) -> int | None:
    """Return the place in a list of ids where a page begins; None where the database finds it as fast.

    An index is of no use to a page in an order with empty values last, nor to one behind a row of which others have the
    same values. Where that row changed meanwhile, the database goes on by what it was.
    """
    orders = selection.total_order
    if orders[0].column == ROW_ID or reader.columnar is None:
        return selection.offset if selection.offset >= DEEP and not selection.after else None
    if not selection.after:
        return selection.offset
    names = tuple(order.column for order in orders)
    row = selection.after[names.index(ROW_ID)]
    if not isinstance(row, int) or reader.rows(Selection(names, In(Term(ROW_ID), (row,)))) != [selection.after]:
        return None
    before = position(reader, selection, row)
    return None if before is None else before + 1


def sorted_ids(reader: Reader, selection: Selection) -> Ids:
    """Return the ids of all rows that meet the filter of ``selection``, in its order."""
    key = _key(reader, selection)
    with _lock:
        if key in _lists:
            _lists.move_to_end(key)
            return _lists[key]
    ids = reader.sorted_ids(replace(selection, columns=(ROW_ID,), limit=None, offset=0))
    with _lock:
        _lists[key] = ids
        while sum(kept.nbytes for kept in _lists.values()) > BYTES and len(_lists) > 1:
            _lists.popitem(last=False)
    return ids


def _key(reader: Reader, selection: Selection) -> object:
    return reader.state.key, selection.filter, selection.total_order


def forget() -> None:
    """Drop all lists."""
    with _lock:
        _lists.clear()


def _in_order(
    reader: Reader, selection: Selection, ids: Ids, expressions: Sequence[sql.Composable], loaders: Loaders
) -> list[tuple[Any, ...]]:
    """Return the rows of ``ids``, as they lie there."""
    listed = [*(expressions or map(sql.Identifier, selection.columns)), sql.Identifier(ROW_ID)]
    numbers = tuple(ids.tolist())
    rows = reader.rows(Selection((ROW_ID,), In(Term(ROW_ID), numbers)), listed, loaders)
    by_id = {row[-1]: row[:-1] for row in rows}
    return [by_id[number] for number in numbers]
