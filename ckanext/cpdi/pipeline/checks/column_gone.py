"""A column that was read is gone."""

from __future__ import annotations

from collections.abc import Iterator

from ckanext.cpdi.pipeline.check import MORE, Check, Night, list_text, share
from ckanext.cpdi.store import Objection


class ColumnsGone(Check):
    """Object where the feed has lost a column that was read: its field would become empty in every row.

    Order and spelling of the header do not matter, nor do columns that are not read. Without a column that every row
    needs, the run has failed before.
    """

    name = "columns_gone"
    order = 7

    def look(self, night: Night) -> Iterator[Objection]:
        """Yield the objections."""
        before = night.last.run.feed if night.last else None
        if before is None:
            return
        for name in sorted(before.filled.keys() - night.read.keys()):
            new = list_text(night.new_headers(before.headers))
            text = f"The feed has no column for {name} any more" + (f"; new in it: {new}." if new else ".")
            nuevo = list_text(night.new_headers(before.headers), MORE)
            spanish = f"El archivo ya no tiene columna de {name}" + (f"; nuevo en él: {nuevo}." if nuevo else ".")
            filled = share(before.filled[name], before.rows)
            yield Objection("column_gone", text, filled, None, name, spanish=spanish)
