"""The selection in the address of a layer: a query string in, :class:`Query` out.

Every parameter applies to the count of rows and to each page alike, or is refused, so that never more rows are fetched
than the address says.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from urllib.parse import parse_qsl

from ckanext.cpdi.errors import Said
from ckanext.cpdi.feeds.errors import FeedError

_OWN = {"f", "orderbyfields", "outsr", "featureencoding", "resulttype", "cachehint", "maxrecordcountfactor"}
"""Parameters that the portal sets itself or that change neither rows nor cells: rows come by object id, in degrees."""
_REFUSED = {
    "resultoffset",
    "resultrecordcount",
    "returncountonly",
    "returnidsonly",
    "returnuniqueidsonly",
    "returnextentonly",
    "returndistinctvalues",
    "outstatistics",
    "groupbyfieldsforstatistics",
    "having",
    "quantizationparameters",
    "aggregateids",
    "callback",
}
_NOTHING = {"", "false", "0"}
"""Values that the query form of such a service sends for options that were not chosen."""
_EVERY_ROW = re.compile(r"\s*1\s*=\s*1\s*")
_MOVING = re.compile(r"current_|getdate|sysdate|systimestamp|localtime|\bnow\b|\btoday\b", re.IGNORECASE)


@dataclass(frozen=True)
class Query:
    """``where`` is empty for all rows, ``columns`` (small letters) for all columns; ``points`` says whether points may
    come; ``others`` go with every request as they are, such as ``geometry``, ``time`` or ``objectIds``.
    """

    where: str = ""
    columns: tuple[str, ...] = ()
    points: bool = True
    others: tuple[tuple[str, str], ...] = ()

    @property
    def depends_on_now(self) -> bool:
        """Say whether ``where`` depends on the current time, so that an unchanged layer may still give other rows."""
        return bool(_MOVING.search(self.where))

    def rows(self, condition: str = "") -> dict[str, str]:
        """Return the ``where`` parameter, joined with ``condition`` where that is not empty."""
        parts = [f"({part})" if self.where and condition else part for part in (self.where, condition) if part]
        return {"where": " AND ".join(parts) or "1=1"}


def read_query(text: str) -> Query:
    """Return the query string ``text`` as a Query; raise FeedError (refused) for a parameter that cannot be obeyed."""
    parameters = [(name, value.strip()) for name, value in parse_qsl(text)]
    names = [name.lower() for name, _ in parameters]
    doubled = sorted({name for name in names if names.count(name) > 1})
    if doubled:
        raise FeedError(
            "refused", Said("The address says {doubled} twice; one of the two would not be heeded.", doubled=doubled[0])
        )
    values = dict(zip(names, (value for _, value in parameters), strict=True))
    if refused := [name for name, value in parameters if name.lower() in _REFUSED and value.lower() not in _NOTHING]:
        raise FeedError(
            "refused",
            Said(
                "{refused} cannot be heeded in the address of a layer, since all rows that it "
                "selects are fetched, row by row. Choose rows by where, geometry, time or objectIds, "
                "and leave it out.",
                refused=refused[0],
            ),
        )
    own = _OWN | _REFUSED | {"where", "outfields", "returngeometry"}
    where, columns = values.get("where", ""), values.get("outfields", "*")
    return Query(
        where="" if _EVERY_ROW.fullmatch(where) else where,
        columns=()
        if "*" in columns
        else tuple(column.strip().lower() for column in columns.split(",") if column.strip()),
        points=values.get("returngeometry", "true").lower() != "false",
        others=tuple((name, value) for name, value in parameters if name.lower() not in own),
    )
