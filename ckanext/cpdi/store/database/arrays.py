"""Columns as binary arrays of many values: a message for each row would take six times as long.

In: a query that aggregates every column into one array without nulls. Out: NumPy arrays.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt
from psycopg import pq, sql

from ckanext.cpdi.store.database.session import Connection
from ckanext.cpdi.store.errors import StoreError

_HEADER = 20


def read(connection: Connection, query: sql.Composed, widths: Sequence[int]) -> list[npt.NDArray[np.signedinteger]]:
    """Return the arrays of the query's one row; ``widths`` are the octets of a value in each, 2, 4 or 8.

    Dates are days, instants microseconds since 2000-01-01. No row gives empty arrays.
    """
    result = connection.pgconn.exec_params(query.as_bytes(connection), [], result_format=pq.Format.BINARY)
    if result.status != pq.ExecStatus.TUPLES_OK:
        raise StoreError("the table's rows could not be read")
    return [_values(result.get_value(0, place), width) for place, width in enumerate(widths)]


def _values(array: bytes | None, width: int) -> npt.NDArray[np.signedinteger]:
    """Return the elements of a binary array: a header, then length and value of each."""
    if array is None:
        return np.empty(0, dtype=f"i{width}")
    element = np.dtype([("length", ">i4"), ("value", f">i{width}")])
    return np.frombuffer(array, dtype=element, offset=_HEADER)["value"].astype(f"i{width}")
