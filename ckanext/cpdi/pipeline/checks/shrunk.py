"""The table would lose many rows."""

from __future__ import annotations

from collections.abc import Iterator

from ckanext.cpdi.pipeline.check import Check, Night, dotted
from ckanext.cpdi.store import Objection


class Shrunk(Check):
    """Object where the table would lose more than the declared share of its rows."""

    name = "shrunk"
    order = 2

    def look(self, night: Night) -> Iterator[Objection]:
        """Yield the objections."""
        before, after, limit = night.table_rows, night.changes.rows, night.limits.drop
        if night.summary.read and before and after < before * (1 - limit):
            text = f"The table would shrink from {before:,} to {after:,} rows, by more than {limit:.0%}."
            spanish = f"La tabla se reduciría de {dotted(before)} a {dotted(after)} filas, más del {limit:.0%}."
            yield Objection("shrunk", text, before, after, spanish=spanish)
