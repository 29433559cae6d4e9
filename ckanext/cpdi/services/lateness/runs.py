"""Whether a table's runs are on time; for ``/healthz`` and for pages."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Literal, Protocol

State = Literal["none", "ok", "late", "failed"]
GOOD = ("published", "unchanged")
"""States of a run after which the table equals the feed."""


class Run(Protocol):
    """The properties of a run that are used here."""

    @property
    def state(self) -> str:
        """The ledger's state."""
        ...

    @property
    def finished(self) -> datetime | None:
        """When it ended; None while it is running."""
        ...


def last_good(runs: Sequence[Run]) -> Run | None:
    """Return the newest good run of ``runs``, the newest first."""
    return next((run for run in runs if run.state in GOOD), None)


def state(runs: Sequence[Run], *, daily: bool, now: datetime, hours: int) -> State:
    """Return the state of a table from its ``runs``, the newest first.

    ``failed``: the last run failed or is held. ``late``: the table is updated ``daily`` and its last good run ended
    more than ``hours`` ago. ``none``: there is no run.
    """
    if not runs:
        return "none"
    if runs[0].state in ("failed", "held"):
        return "failed"
    good, limit = last_good(runs), now - timedelta(hours=hours)
    return "late" if daily and (good is None or (good.finished or limit) < limit) else "ok"
