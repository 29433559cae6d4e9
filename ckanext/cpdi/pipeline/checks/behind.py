"""The clock was set ahead while the machine was off."""

from __future__ import annotations

from collections.abc import Iterator

from ckanext.cpdi.pipeline.check import Check, Night
from ckanext.cpdi.store import Objection

_MISSING_DAYS = 2


class Behind(Check):
    """Object where runs are missing for days that the machine did not count, and the newest row is older by as much.

    This is the sign of a clock that was set ahead while the machine was off; a real feed would have newer rows.
    """

    name = "behind"
    order = 11

    def look(self, night: Night) -> Iterator[Objection]:
        """Yield the objections."""
        last, newest = night.last, night.feed.last
        if night.counted or last is None or last.lag_days is None or newest is None:
            return
        missing = (night.today - last.run.started.date()).days
        farther = (night.today - newest).days - last.lag_days
        if missing >= _MISSING_DAYS and farther >= _MISSING_DAYS:
            text = (
                f"The last good run was {missing} days ago by the clock, and the newest row of the feed, of {newest},"
                f" is {farther} days farther behind than it used to be. The clock may be wrong, or the export"
                " stood still."
            )
            spanish = (
                f"La última ejecución buena fue hace {missing} días según el reloj, y la fila más nueva del archivo,"
                f" del {newest}, lleva {farther} días más de atraso que antes. Quizá el reloj esté mal, o la"
                " exportación se detuvo."
            )
            then, now = last.run.started.date().isoformat(), night.today.isoformat()
            yield Objection("clock", text, then, now, spanish=spanish)
