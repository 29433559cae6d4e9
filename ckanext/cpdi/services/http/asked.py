"""What a file is asked with, behind the question mark: what chooses rows is refused, all else has nothing to say.

Mails, social networks and scripts add parameters of their own (``utm_source``, ``fbclid``, ``_``) to any address.
"""

from __future__ import annotations

from collections.abc import Iterable

from ckanext.cpdi.declare import Dataset

_CHOOSES = frozenset(
    "q where query filter filters fields columns select outfields properties distinct"
    " sort sortby order orderby order_by limit offset page page_size per_page startindex"
    " resultoffset resultrecordcount cursor"
    " bbox geometry intersects within distance lat lon"
    " from to since until start end start_date end_date date datetime year month".split()
)
"""What asks for some rows, some columns or another order in the grammars of such services, in lower case."""


def choice(dataset: Dataset, names: Iterable[str]) -> list[str]:
    """Return those of ``names`` by which somebody chooses rows of ``dataset``: a word for that, or one of its fields.

    A field may carry an operator, as in ``call_datetime__gte``, ``filters[team]`` or ``team[]``.
    """
    fields = {one.name for one in dataset.table.fields} if dataset.table else set[str]()
    return [one for one in names if _stem(one) in fields | _CHOOSES]


def _stem(name: str) -> str:
    return name.lower().partition("[")[0].partition("__")[0].partition(".")[0]
