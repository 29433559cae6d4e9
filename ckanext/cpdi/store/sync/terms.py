"""What a run works under, beside the rows."""

from __future__ import annotations

from dataclasses import dataclass

from ckanext.cpdi.declare import Classes


@dataclass(frozen=True)
class Terms:
    """What a run works under: its id, the department's time zone, the store's address, the role that may read; the
    privacy classes that its rows were masked by, the version of the declared schema, what stands for all that masks the
    rows (rules, places), and how the department's profile was named, empty for the site's own.
    """

    run: int
    zone: str
    dsn: str
    read_role: str
    classes: Classes | None = None
    schema_version: str = ""
    masks: str = ""
    profile: str = ""
