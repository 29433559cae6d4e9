"""The feed has no rows."""

from __future__ import annotations

from collections.abc import Iterator

from ckanext.cpdi.pipeline.check import Check, Night
from ckanext.cpdi.store import Objection


class Empty(Check):
    """Object to a feed without rows, where the table has some."""

    name = "empty"
    order = 1

    def look(self, night: Night) -> Iterator[Objection]:
        """Yield the objections."""
        if night.table_rows and not night.summary.read:
            spanish = "El archivo tiene un encabezado y ninguna fila."
            yield Objection("empty", "The feed has a header and no rows.", night.table_rows, 0, spanish=spanish)
