"""Query parameters of files: those that select rows are refused, all others are ignored.

Mails, social networks and scripts add parameters of their own (``utm_source``, ``fbclid``, ``_``) to any URL.
"""

from __future__ import annotations

from collections.abc import Iterable

from ckanext.cpdi.declare import Dataset
from ckanext.cpdi.query.grammars.link import FIXED

_ROW_PARAMETERS = frozenset(FIXED) | frozenset(
    "where query filters fields columns select outfields properties distinct"
    " sort sortby order orderby order_by limit offset page page_size per_page startindex"
    " resultoffset resultrecordcount cursor"
    " geometry intersects within distance near lat lon area areas"
    " since until start end start_date end_date date year month".split()
)
"""Parameters that select rows or columns, or order them, in our grammar or in those of such services; in lower case."""


def selecting(dataset: Dataset, names: Iterable[str]) -> list[str]:
    """Return those of ``names`` that select rows of ``dataset``: known parameters, or fields of the dataset.

    A field may carry an operator, as in ``call_datetime__gte``, ``filters[team]`` or ``team[]``.
    """
    fields = {field.name for field in dataset.table.fields} if dataset.table else set[str]()
    return [name for name in names if _plain_name(name) in fields | _ROW_PARAMETERS]


def _plain_name(name: str) -> str:
    return name.lower().partition("[")[0].partition("__")[0].partition(".")[0]
