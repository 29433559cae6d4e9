"""A column that was filled is empty."""

from __future__ import annotations

from collections.abc import Iterator

from ckanext.cpdi.pipeline.check import Check, Night, share
from ckanext.cpdi.store import Objection

_EMPTY_SHARE = 0.05
"""A column counts as empty below this part of the share of rows in which it used to be filled."""


class ColumnsEmpty(Check):
    """Object where a column that used to be filled is empty, or can no longer be read."""

    name = "columns_empty"
    order = 9

    def look(self, night: Night) -> Iterator[Objection]:
        """Yield the objections."""
        before = night.before
        if before is None:
            return
        for name, rows in sorted(night.feed.filled.items()):
            then, now = share(before.filled.get(name, 0), before.rows), share(rows, night.feed.rows)
            if then >= night.limits.filled and now < then * _EMPTY_SHARE:
                text = (
                    f"The column for {name} can be read in {now:.0%} of the rows; in the last good run it was"
                    f" {then:.0%}."
                )
                spanish = (
                    f"La columna de {name} se puede leer en el {now:.0%} de las filas; en la última ejecución buena era"
                    f" el {then:.0%}."
                )
                yield Objection("column_empty", text, then, now, name, spanish=spanish)
