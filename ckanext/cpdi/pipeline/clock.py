"""What time it is for a run: embargos end by the clock, so one that is wrong must not end them.

Asked are the machine's clock, the database's, and how much time the machine has counted since the last good run,
whatever its clock was set to. The earliest of the clocks counts; where they do not agree, the run is held.
"""

from __future__ import annotations

import time
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from ckanext.cpdi.store import Clock, Store

TOLERANCE = timedelta(hours=1)
"""How far apart clocks may be, and how far one may be set back. No embargo is as short."""
_BOOT = Path("/proc/sys/kernel/random/boot_id")
_HOLDS = "Nothing is published meanwhile, since embargos end by the clock; the data before stay."


@dataclass(frozen=True)
class Reading:
    """What the clocks say at one moment; ``machine`` is as it is kept with the run."""

    machine: Clock
    database: datetime

    @property
    def now(self) -> datetime:
        """The instant by which a run decides: the earlier of the two clocks."""
        return min(self.machine.at, self.database)


def read(store: Store) -> Reading:
    """Look at the clocks; a machine that does not count the time since its start has an empty ``boot``."""
    boot, counted = "", 0.0
    with suppress(OSError, AttributeError):
        boot, counted = _BOOT.read_text(encoding="ascii").strip(), time.clock_gettime(time.CLOCK_BOOTTIME)
    return Reading(Clock(datetime.now(UTC), boot, counted), store.ledger.now())


def verified(reading: Reading, before: Clock | None) -> bool:
    """Return whether the time since ``before`` was counted by one machine, which has not been restarted."""
    return before is not None and bool(before.boot) and before.boot == reading.machine.boot


def objection(reading: Reading, before: Clock | None) -> str:
    """Return why a run is held, in words for staff; empty where the clocks agree.

    ``before`` is the machine's clock at the last run that was good, or that staff released.
    """
    machine = reading.machine
    if abs(machine.at - reading.database) > TOLERANCE:
        return (
            f"The portal's clock says {_said(machine.at)}, the database's {_said(reading.database)}. {_HOLDS} Set the"
            " one that is wrong; to release this run does not help."
        )
    if before is None:
        return ""
    passed = machine.at - before.at
    counted = timedelta(seconds=machine.counted - before.counted)
    if verified(reading, before) and abs(passed - counted) > TOLERANCE:
        text = f"by it {_long(passed)} have passed since the last good run, and the machine counted {_long(counted)}"
    elif passed < -TOLERANCE:
        text = f"the last good run was at {_said(before.at)} by the same clock"
    else:
        return ""
    return (
        f"The portal's clock says {_said(machine.at)}, but {text}. {_HOLDS} Set the clock if it is wrong; if it is"
        " right now (it was wrong before, or the machine was paused), release this run."
    )


def _said(instant: datetime) -> str:
    return f"{instant.astimezone(UTC):%Y-%m-%d %H:%M} UTC"


def _long(time_passed: timedelta) -> str:
    return f"{time_passed.total_seconds() / 3600:,.1f} hours"
