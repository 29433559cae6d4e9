"""The feed covers fewer days than its rule says."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

from ckanext.cpdi.pipeline.check import Check, Night, dotted
from ckanext.cpdi.store import Objection


class Window(Check):
    """Object where a feed of the last days does not cover the days that its rule declares."""

    name = "window"
    order = 4

    def look(self, night: Night) -> Iterator[Objection]:
        """Yield the objections."""
        coverage = night.changes.coverage
        if not night.rule.days or coverage is None or coverage.stayed <= night.limits.window * coverage.rows:
            return
        last = coverage.window.end - timedelta(days=1)
        text = (
            f"The feed should cover {coverage.window.begin} to {last}. Of the {coverage.rows:,} rows that the table has"
            f" there it lacks {coverage.stayed:,}, on days of which it has few rows or none: it reaches back less, or"
            " days are missing. None of them is removed."
        )
        spanish = (
            f"El archivo debería abarcar del {coverage.window.begin} al {last}. De las {dotted(coverage.rows)} filas"
            f" que la tabla tiene ahí le faltan {dotted(coverage.stayed)}, en días de los que tiene pocas filas o"
            " ninguna: llega menos atrás, o faltan días. Ninguna de ellas se quita."
        )
        yield Objection("window", text, coverage.rows, coverage.rows - coverage.stayed, spanish=spanish)
