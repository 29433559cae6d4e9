"""Many rows cannot be used."""

from __future__ import annotations

from collections.abc import Iterator

from ckanext.cpdi.pipeline.check import Check, Night, dotted, share
from ckanext.cpdi.store import Objection


class Quarantined(Check):
    """Object where more than the declared share of the rows cannot be used."""

    name = "quarantined"
    order = 3

    def look(self, night: Night) -> Iterator[Objection]:
        """Yield the objections."""
        read, bad, limit = night.summary.read, night.summary.count("quarantined"), night.limits.quarantine
        if read and bad > read * limit:
            last = night.last.run if night.last else None
            before = share(last.quarantined, last.read) if last else None
            text = f"{bad:,} of {read:,} rows cannot be used, more than {limit:.0%}."
            spanish = f"{dotted(bad)} de {dotted(read)} filas no se pueden usar, más del {limit:.0%}."
            yield Objection("quarantined", text, before, share(bad, read), spanish=spanish)
