"""What a version of a table is called: ``YYYYMMDD-N``, the day of a run, and a number that begins with the run's own.

Six digits that are drawn by lot follow it. So no version comes twice with another content, even where a restored
database counts its runs once more; and what leaves the table between two runs makes a version that looks like any other
of the run before.
"""

from __future__ import annotations

import secrets
from datetime import date

_DRAWN = 10**6


def name(day: date, run: int) -> str:
    """Return a version that was published by ``run`` on ``day`` of the department's calendar."""
    return f"{day:%Y%m%d}-{run * _DRAWN + secrets.randbelow(_DRAWN)}"


def again(version: str) -> str:
    """Return another version of the day and the run of ``version``."""
    day, _, number = version.partition("-")
    run = run_of(int(number))
    while (drawn := f"{day}-{run * _DRAWN + secrets.randbelow(_DRAWN)}") == version:
        pass
    return drawn


def run_of(number: int) -> int:
    """Return the run that the number of a version begins with; a smaller number is a run's own."""
    return number // _DRAWN if number >= _DRAWN else number
