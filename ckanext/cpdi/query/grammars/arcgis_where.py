"""The ``where`` of GeoServices: standardised SQL, as ArcGIS clients send it.

In: the text, and the columns. Out: a condition. https://developers.arcgis.com/rest/services-reference/enterprise/
query-feature-service-layer/ tells the parameter; the text is hostile input, of which nothing is handed on.
"""

from __future__ import annotations

import re
from datetime import UTC, datetime, tzinfo

from ckanext.cpdi.query.columns import Columns
from ckanext.cpdi.query.grammars.sql import text as sql_text
from ckanext.cpdi.query.grammars.sql.conditions import conditions
from ckanext.cpdi.query.limits import check_tree
from ckanext.cpdi.query.tree import EVERYTHING, Condition, Term

PARAMETER = "where"
_CLOCK = re.compile(r"current_|localtimestamp|now|getdate|sysdate", re.IGNORECASE)


def parse_where(
    text: str | None, columns: Columns, zone: tzinfo = UTC, *, parameter: str = PARAMETER, now: datetime | None = None
) -> Condition:
    """Return the condition of ``text``; every row meets an empty one.

    Days and times without a zone are of ``zone``, CURRENT_DATE is the day there; ``now`` is the time of the question.
    Raises QueryError (of ``parameter``), which says what was expected.
    """
    if text is None or not text.strip():
        return EVERYTHING
    node = sql_text.condition(text, parameter)
    reader = conditions(columns, zone, parameter=parameter, now=now, qualifiers=frozenset())
    return check_tree(reader.of(node), parameter)


def parse_term(text: str, columns: Columns, zone: tzinfo = UTC, *, parameter: str) -> Term:
    """Return the column that ``text`` names, or the function of one, by the clock of ``zone``. Raises QueryError."""
    return conditions(columns, zone, parameter=parameter, qualifiers=frozenset()).terms.of(
        sql_text.condition(text, parameter)
    )


def asks_the_clock(text: str | None) -> bool:
    """Return whether a ``where`` may mean other rows a minute later (CURRENT_DATE …), though no row has changed."""
    return bool(text and _CLOCK.search(text))
