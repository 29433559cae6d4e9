"""A reason withholds far more rows than before."""

from __future__ import annotations

from collections.abc import Iterator

from ckanext.cpdi.pipeline.check import Check, Night, compare_shares
from ckanext.cpdi.store import Objection


class Withheld(Check):
    """Object where a reason withholds a far greater share of the rows than before."""

    name = "withheld"
    order = 5

    def look(self, night: Night) -> Iterator[Objection]:
        """Yield the objections."""
        last = night.last_shown
        if last is None:
            return
        now: dict[str, int] = {}
        for reason_rows in night.summary.reasons():
            if reason_rows.outcome == "withheld":
                now[reason_rows.reason] = now.get(reason_rows.reason, 0) + reason_rows.rows
        for reason, before, after in compare_shares(last.withheld, last.run.read, now, night.summary.read):
            if after - before > night.limits.shift:
                text = f"{after:.0%} of the rows are withheld as {reason}; in the last good run it was {before:.0%}."
                spanish = (
                    f"El {after:.0%} de las filas se retiene por {reason}; en la última ejecución buena era el"
                    f" {before:.0%}."
                )
                yield Objection("withheld", text, before, after, reason, spanish=spanish)
