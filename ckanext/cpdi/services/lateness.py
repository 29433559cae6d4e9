"""Whether the nights of a table came as they should; for machines that watch and for the pages that people read."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Literal, Protocol

State = Literal["none", "ok", "late", "failed"]
GOOD = ("published", "unchanged")
"""States of a run after which the table is what the feed says."""


class Run(Protocol):
    """What is asked of a run."""

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
    """Return how the ``runs`` of a table stand, the newest first.

    It has failed where the last run failed or is held. It is late where it is updated ``daily`` and its last good run
    ended more than ``hours`` ago.
    """
    if not runs:
        return "none"
    if runs[0].state in ("failed", "held"):
        return "failed"
    good, limit = last_good(runs), now - timedelta(hours=hours)
    return "late" if daily and (good is None or (good.finished or limit) < limit) else "ok"
