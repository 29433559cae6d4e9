"""The newest row is older than it used to be."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from ckanext.cpdi.pipeline.check import Check, Night
from ckanext.cpdi.store import Baseline, Objection


class Stale(Check):
    """Object to an old file, or an export that no longer changes: its newest row is older than it used to be."""

    name = "stale"
    order = 10

    def look(self, night: Night) -> Iterator[Objection]:
        """Yield the objections."""
        yield from standing_still(night.last, night.feed.last, night.today, night.limits.stale_days)


def standing_still(last: Baseline | None, newest: date | None, today: date, days: int) -> Iterator[Objection]:
    """Object where the newest row is farther behind ``today`` than the last month's least, by more than ``days``."""
    if last is None or last.lag_days is None or newest is None or last.run.feed is None:
        return
    behind = (today - newest).days
    if behind > last.lag_days + days:
        text = (
            f"The newest row of the feed is of {newest}, {behind} days ago; it used to be {last.lag_days} days behind."
            " It may be an old file, or the export stands still."
        )
        spanish = (
            f"La fila más nueva del archivo es del {newest}, hace {behind} días; antes llevaba {last.lag_days} días de"
            " atraso. Puede ser un archivo viejo, o la exportación se detuvo."
        )
        before = last.run.feed.last.isoformat() if last.run.feed.last else None
        yield Objection("stale", text, before, newest.isoformat(), spanish=spanish)
