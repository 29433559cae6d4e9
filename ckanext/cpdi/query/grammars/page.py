"""``limit`` and ``sort`` of a link: how many rows, in which order.

In: the values of a query string. Out: a number, and columns with their directions (``sort=-call_datetime,team``).
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from ckanext.cpdi.errors import Said
from ckanext.cpdi.query.columns import Columns
from ckanext.cpdi.query.errors import TooLargeQueryError, UnreadableError
from ckanext.cpdi.query.question import Order

LIMIT, SORT = "limit", "sort"
PARAMETERS = (LIMIT, SORT)
MOST_COLUMNS = 5
_NUMBER = re.compile(r"\d{1,9}", re.ASCII)


def parse_limit(values: Sequence[str]) -> int | None:
    """Return the number of rows in ``limit``; None where there is no value. Raises UnreadableError."""
    given = [value.strip() for value in values if value.strip()]
    if not given:
        return None
    if len(given) > 1 or not _NUMBER.fullmatch(given[0]):
        raise UnreadableError(
            Said("a number of rows such as 1000, given once, not {given!r}", given=", ".join(given)[:60]), LIMIT
        )
    return int(given[0])


def parse_sort(values: Sequence[str], columns: Columns, parameter: str = SORT) -> tuple[Order, ...]:
    """Return the columns in ``sort``, separated by commas; a minus before a name is for the greatest first.

    ``parameter`` is what errors call it.

    Raises UnknownColumnError, and TooLargeQueryError for more than :data:`MOST_COLUMNS`.
    """
    names = [name.strip() for value in values for name in value.split(",") if name.strip()]
    if len(names) > MOST_COLUMNS:
        raise TooLargeQueryError(
            Said(
                "rows are sorted by at most {most_columns} columns, here {n}", most_columns=MOST_COLUMNS, n=len(names)
            ),
            parameter,
        )
    orders = [Order(columns.find(name.lstrip("+-"), parameter).name, name.startswith("-")) for name in names]
    return tuple({order.column: order for order in reversed(orders)}.values())[::-1]
