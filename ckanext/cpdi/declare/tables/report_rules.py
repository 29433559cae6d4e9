"""How often a series of reports appears, and where a report says which period it is of."""

from __future__ import annotations

from typing import Annotated, Literal

from msgspec import Meta, Struct

from ckanext.cpdi.declare.tables.period_pattern import compiled

Weekday = Literal["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"]
_WEEKDAYS: tuple[Weekday, ...] = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")


class ReportRules(Struct, frozen=True, forbid_unknown_fields=True):
    """The periods of a series: ``names`` are patterns of file names, ``pages`` of the text of the first page.

    ``ends`` is the last day of a week, which a pattern of weeks names. ``due_days`` after the last day of its period a
    report should be there; without it, nothing is said of periods after the last report. Patterns are written as
    :mod:`ckanext.cpdi.declare.tables.period_pattern` says.
    """

    every: Literal["week", "month"]
    ends: Weekday = "sunday"
    names: tuple[str, ...] = ()
    pages: tuple[str, ...] = ()
    due_days: Annotated[int, Meta(ge=0, le=366)] | None = None

    def __post_init__(self) -> None:
        """Raise ValueError for a pattern that cannot be read, or that names no day where weeks have one."""
        for pattern in (*self.names, *self.pages):
            groups = compiled(pattern).groupindex
            if self.every == "week" and not {"day", "week"} & groups.keys():
                raise ValueError(f"{pattern!r} names no day, and the reports are weekly")

    @property
    def last_weekday(self) -> int:
        """The number of ``ends``: Monday is 0, as in ``date.weekday``."""
        return _WEEKDAYS.index(self.ends)
