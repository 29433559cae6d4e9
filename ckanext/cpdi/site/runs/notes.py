"""Known gaps and breaks of a series, as pages show them: when in words, and what to know of it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from ckanext.cpdi.declare import Text
from ckanext.cpdi.declare.departments.note import Note
from ckanext.cpdi.site import words

_SINCE = Text("Since {day}", "Desde el {day}")


@dataclass(frozen=True)
class NoteLine:
    """A gap or a break of the series."""

    when: str
    text: str


def notes(declared: Iterable[Note], language: str) -> tuple[NoteLine, ...]:
    """Return the declared notes with their days in words."""
    return tuple(NoteLine(_days(note, language), note.text.get(language)) for note in declared)


def _days(note: Note, language: str) -> str:
    """Return the days of ``note``: a period, or its first day."""
    start = date.fromisoformat(note.start)
    if note.end:
        return words.days(start, date.fromisoformat(note.end), language)
    return _SINCE.get(language).format(day=words.day(start, language))
