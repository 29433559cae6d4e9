"""What the address of a layer asks for, beside which layer it is: a query string in, :class:`Query` out.

Everything in it counts in the same way for the number of rows and for each page, or is refused in words: never are more
rows fetched than the address says.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from urllib.parse import parse_qsl

from ckanext.cpdi.feeds.errors import FeedError

_OWN = {"f", "orderbyfields", "outsr", "featureencoding", "resulttype", "cachehint", "maxrecordcountfactor"}
"""What the portal says itself, and what changes neither rows nor cells: all rows come, by object id, in degrees."""
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
"""Values with which the form of such a service sends what was not chosen."""
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
    def moves(self) -> bool:
        """Say whether other rows may be asked for another day, so that an unchanged layer proves nothing."""
        return bool(_MOVING.search(self.where))

    def rows(self, and_also: str = "") -> dict[str, str]:
        """Return the parameter that says which rows are wanted, of those that ``and_also`` is true of."""
        parts = [f"({one})" if self.where and and_also else one for one in (self.where, and_also) if one]
        return {"where": " AND ".join(parts) or "1=1"}


def read_query(text: str) -> Query:
    """Return what the query string ``text`` asks for; raise FeedError (refused) for what cannot be heeded."""
    given = [(name, value.strip()) for name, value in parse_qsl(text)]
    names = [name.lower() for name, _ in given]
    doubled = sorted({name for name in names if names.count(name) > 1})
    if doubled:
        raise FeedError("refused", f"The address says {doubled[0]} twice; one of the two would not be heeded.")
    values = dict(zip(names, (value for _, value in given), strict=True))
    if refused := [name for name, value in given if name.lower() in _REFUSED and value.lower() not in _NOTHING]:
        raise FeedError(
            "refused",
            f"{refused[0]} cannot be heeded in the address of a layer, since all rows that it selects are fetched, row "
            "by row. Choose rows by where, geometry, time or objectIds, and leave it out.",
        )
    own = _OWN | _REFUSED | {"where", "outfields", "returngeometry"}
    where, columns = values.get("where", ""), values.get("outfields", "*")
    return Query(
        where="" if _EVERY_ROW.fullmatch(where) else where,
        columns=() if "*" in columns else tuple(one.strip().lower() for one in columns.split(",") if one.strip()),
        points=values.get("returngeometry", "true").lower() != "false",
        others=tuple((name, value) for name, value in given if name.lower() not in own),
    )
