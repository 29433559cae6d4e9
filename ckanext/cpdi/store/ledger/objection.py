"""What speaks against a run: one difference from the last good run, in words and in numbers."""

from __future__ import annotations

from dataclasses import dataclass

Measure = int | float | str | None
"""A count of rows, a share of 1, a day as ``YYYY-MM-DD``, or nothing."""


@dataclass(frozen=True)
class Objection:
    """A difference that staff should see; it names columns, days, reasons and numbers, and no value of a row.

    ``code`` says which check found it, ``text`` and ``spanish`` are the sentence for staff, ``before`` and ``after``
    what the last good run had and what this one has, ``field`` the column, class or reason that it is about. One that
    does not hold (``holds``) is a notice: the run was published all the same.
    """

    code: str
    text: str
    before: Measure = None
    after: Measure = None
    field: str = ""
    holds: bool = True
    spanish: str = ""

    def get(self, language: str) -> str:
        """Return the sentence in ``language``; runs of before there were two have the English one alone."""
        return (self.spanish if language[:2] == "es" else self.text) or self.text
