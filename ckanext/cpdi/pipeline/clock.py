"""The time of a run. Embargos end by the clock, so a wrong clock must not end them.

Three sources are compared: the machine's clock, the database's clock, and the time that the machine has counted since
the last good run, whatever its clock was set to. The earlier clock counts; where they disagree, the run is held.
"""

from __future__ import annotations

import time
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from ckanext.cpdi.errors import Said
from ckanext.cpdi.store import Clock, Store

TOLERANCE = timedelta(hours=1)
"""How far clocks may differ, and how far a clock may be set back. Every embargo is longer."""
_BOOT = Path("/proc/sys/kernel/random/boot_id")
_HOLDS = Said("Nothing is published meanwhile, since embargos end by the clock; the data before stay.")


@dataclass(frozen=True)
class Reading:
    """The clocks at one moment; ``machine`` is stored with the run."""

    machine: Clock
    database: datetime

    @property
    def now(self) -> datetime:
        """The instant that a run decides by: the earlier of the two clocks."""
        return min(self.machine.at, self.database)


def read(store: Store) -> Reading:
    """Read the clocks; ``boot`` is empty on a machine that does not count the time since its start."""
    boot, counted = "", 0.0
    with suppress(OSError, AttributeError):
        boot, counted = _BOOT.read_text(encoding="ascii").strip(), time.clock_gettime(time.CLOCK_BOOTTIME)
    return Reading(Clock(datetime.now(UTC), boot, counted), store.ledger.now())


def verified(reading: Reading, before: Clock | None) -> bool:
    """Return whether the machine has counted the time since ``before`` without a restart."""
    return before is not None and bool(before.boot) and before.boot == reading.machine.boot


def objection(reading: Reading, before: Clock | None) -> str:
    """Return why a run is held, for staff; an empty string where the clocks agree.

    ``before`` is the machine's clock at the last run that was good, or that staff released.
    """
    machine = reading.machine
    here = _utc_text(machine.at)
    if abs(machine.at - reading.database) > TOLERANCE:
        return Said(
            "The portal's clock says {here}, the database's {there}. {holds} Set the one that is wrong; to release this"
            " run does not help.",
            here=here,
            there=_utc_text(reading.database),
            holds=_HOLDS,
        )
    wrong = _contradiction(reading, before) if before is not None else ""
    if not wrong:
        return ""
    return Said(
        "The portal's clock says {here}, but {wrong}. {holds} Set the clock if it is wrong; if it is right now (it was"
        " wrong before, or the machine was paused), release this run.",
        here=here,
        wrong=wrong,
        holds=_HOLDS,
    )


def _contradiction(reading: Reading, before: Clock) -> str:
    """Return what speaks against the machine's clock; an empty string where nothing does."""
    passed = reading.machine.at - before.at
    counted = timedelta(seconds=reading.machine.counted - before.counted)
    if verified(reading, before) and abs(passed - counted) > TOLERANCE:
        return Said(
            "by it {passed:.0f} hours have passed since the last good run, and the machine counted {counted:.0f} hours",
            passed=_hours(passed),
            counted=_hours(counted),
        )
    if passed < -TOLERANCE:
        return Said("the last good run was at {at} by the same clock", at=_utc_text(before.at))
    return ""


def _utc_text(instant: datetime) -> str:
    return f"{instant.astimezone(UTC):%Y-%m-%d %H:%M} UTC"


def _hours(passed: timedelta) -> float:
    return passed.total_seconds() / 3600
