"""Whether a run looks so unlike the last one that a person should see it before the public does."""

from __future__ import annotations

from ckanext.cpdi.declare.profile import Guard
from ckanext.cpdi.store import RunSummary


def objection(guard: Guard, before: int, published: int, summary: RunSummary) -> str:
    """Return why a run is to be held, in staff's words; empty where nothing speaks against it.

    ``before`` is the number of rows in the table, ``published`` what the run would make of it.
    """
    read, quarantined = summary.read, summary.count("quarantined")
    if before and not read:
        return "The feed has a header and no rows."
    if before and published < before * (1 - guard.drop):
        return f"The table would shrink from {before:,} to {published:,} rows, by more than {guard.drop:.0%}."
    if read and quarantined > read * guard.quarantine:
        return f"{quarantined:,} of {read:,} rows cannot be used, more than {guard.quarantine:.0%}."
    return ""
