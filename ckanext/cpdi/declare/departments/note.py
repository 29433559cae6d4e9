"""What a department says of its data in its own words: gaps and breaks of a series, lines of the change log."""

from __future__ import annotations

from datetime import date
from typing import Literal

from msgspec import Struct

from ckanext.cpdi.declare.reading.text import Text


class Note(Struct, frozen=True, forbid_unknown_fields=True):
    """A known gap or break in the series; dates are ``YYYY-MM-DD``, a break has no ``to``."""

    text: Text
    start: str
    end: str = ""

    def __post_init__(self) -> None:
        """Raise ValueError for a text that is no date."""
        for day in filter(None, (self.start, self.end)):
            date.fromisoformat(day)


class Announcement(Struct, frozen=True, forbid_unknown_fields=True):
    """What staff say of a dataset in its change log; ``date`` is ``YYYY-MM-DD``, ``kind`` what it is about."""

    date: str
    text: Text
    kind: Literal["note", "correction", "outage", "rules", "schema"] = "note"

    def __post_init__(self) -> None:
        """Raise ValueError (msgspec adds the place) for a text that is no date."""
        _ = self.day

    @property
    def day(self) -> date:
        """The date, parsed."""
        return date.fromisoformat(self.date)
