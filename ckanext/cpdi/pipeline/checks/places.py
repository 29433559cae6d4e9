"""Places are far less true than before: fewer rows have one, rows are moved farther, more teams are wrong."""

from __future__ import annotations

from collections.abc import Iterator

from ckanext.cpdi.pipeline.check import FEWEST, Check, Night, dotted
from ckanext.cpdi.store import Objection

_FARTHER = 2.0
_METRES = 50
"""Distances that grow by less say nothing."""
_TEAM_SHIFT = 0.02


class PlacesTruth(Check):
    """Object where the places of a run are far less true than those of the last good one."""

    name = "places"
    order = 12

    def look(self, night: Night) -> Iterator[Objection]:
        """Yield the objections."""
        before, now = (shape.places if shape else None for shape in (night.before, night.feed))
        if before is None or now is None or min(before.rows, now.rows) < FEWEST:
            return
        had, has = before.placed_share or 0.0, now.placed_share or 0.0
        if had - has > night.limits.shift:
            text = f"{has:.0%} of the rows that may show a place have one; in the last good run it was {had:.0%}."
            spanish = (
                f"El {has:.0%} de las filas que pueden mostrar un lugar tiene uno; en la última ejecución buena era el"
                f" {had:.0%}."
            )
            yield Objection("places", text, had, has, "placed", spanish=spanish)
        if now.p95 > before.p95 * _FARTHER and now.p95 - before.p95 > _METRES:
            text = (
                f"One row in twenty is shown {now.p95:,} m or more from where it was; in the last good run it was"
                f" {before.p95:,} m."
            )
            spanish = (
                f"Una fila de cada veinte se muestra a {dotted(now.p95)} m o más de donde fue; en la última ejecución"
                f" buena eran {dotted(before.p95)} m."
            )
            yield Objection("places", text, before.p95, now.p95, "p95", spanish=spanish)
        right, is_right = before.team_share, now.team_share
        if right is not None and is_right is not None and right - is_right > _TEAM_SHIFT:
            text = (
                f"The place is in the team that the feed reports for {is_right:.1%} of the rows; in the last good run"
                f" it was {right:.1%}."
            )
            spanish = (
                f"El lugar está en el equipo que indica el archivo en el {is_right:.1%} de las filas; en la última"
                f" ejecución buena era el {right:.1%}."
            )
            yield Objection("places", text, right, is_right, "team", spanish=spanish)
