"""Rows of the feed that make one record together."""

from __future__ import annotations

from collections.abc import Iterator

from ckanext.cpdi.pipeline.check import Check, Night, dotted
from ckanext.cpdi.store import Objection


class Collapsed(Check):
    """Note how many rows of the feed were made how many records, so that nobody takes the difference for a loss."""

    name = "collapsed"
    order = 12

    def look(self, night: Night) -> Iterator[Objection]:
        """Yield the notice."""
        records, rows = night.summary.read, night.summary.read + night.summary.collapsed
        if night.summary.collapsed:
            text = f"{rows:,} rows of the feed are {records:,} records, as the profile says under collapse."
            spanish = (
                f"{dotted(rows)} filas del archivo son {dotted(records)} registros, como dice el perfil en collapse."
            )
            yield Objection("collapsed", text, rows, records, holds=False, spanish=spanish)
