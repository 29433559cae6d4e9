"""New columns that nothing reads."""

from __future__ import annotations

from collections.abc import Iterator

from ckanext.cpdi.pipeline.check import MORE, Check, Night, list_text
from ckanext.cpdi.store import Objection


class ColumnsNew(Check):
    """Note new columns that are not read: they change nothing, but somebody may want them."""

    name = "columns_new"
    order = 8

    def look(self, night: Night) -> Iterator[Objection]:
        """Yield the objections."""
        before = night.last.run.feed if night.last else None
        new_headers = night.new_headers(before.headers) if before else []
        if new_headers:
            text = f"The feed has new columns that nothing reads: {list_text(new_headers)}."
            spanish = f"El archivo tiene columnas nuevas que nada lee: {list_text(new_headers, MORE)}."
            had = len(before.headers) if before else None
            yield Objection("column_new", text, had, len(night.feed.headers), holds=False, spanish=spanish)
