"""The base of checks, and their input: a run before its commit and the last good run of the same feed."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import ClassVar

from ckanext.cpdi.declare import CheckLimits, SyncRule, spelling
from ckanext.cpdi.registry import ORDER
from ckanext.cpdi.store import Baseline, Changes, FeedShape, Objection, RunSummary

FEWEST = 30
"""The smallest number of rows for which a share is meaningful."""
_LONGEST_HEADER = 60


@dataclass(frozen=True)
class Night:
    """A run before its commit.

    ``rule`` is the rule for rows that the feed lacks, ``table_rows`` the number of rows that the table had, ``today``
    the department's day. ``read`` are the feed's headers that are read, by field; ``ignored`` those that the profile
    ignores on purpose. ``last`` is the last good run, None at a feed's first run.
    """

    limits: CheckLimits
    rule: SyncRule
    table_rows: int
    changes: Changes
    summary: RunSummary
    feed: FeedShape
    read: Mapping[str, tuple[str, ...]]
    ignored: frozenset[str]
    today: date
    last: Baseline | None
    counted: bool = True
    """Whether the time since the last good run was counted by the machine itself, whatever its clock was set to."""
    days: Mapping[date, int] = field(default_factory=dict[date, int])
    """The feed's usable rows by the department's day."""

    @property
    def before(self) -> FeedShape | None:
        """The shape of the feed in the last good run; None where there is none, or either run has few rows."""
        shape = self.last.run.feed if self.last else None
        return shape if shape and min(shape.rows, self.feed.rows) >= FEWEST else None

    @property
    def last_shown(self) -> Baseline | None:
        """The last good run, if it published rows; None also where either run has few rows.

        A run that published nothing, as with an empty code list, has no shares to compare with.
        """
        return self.last if self.last and self.before and self.last.run.published else None

    def new_headers(self, before: tuple[str, ...]) -> list[str]:
        """Return the headers that are not among those of ``before``, not read, and not ignored by the profile."""
        read = (header for headers in self.read.values() for header in headers)
        expected = {*map(spelling, read), *map(spelling, before), *self.ignored}
        return [header for header in self.feed.headers if spelling(header) not in expected]


class Check(ABC):
    """A check of a run before its commit. ``name`` is unique; ``order`` is its place in the list of objections."""

    name: ClassVar[str]
    order: ClassVar[int] = ORDER

    @abstractmethod
    def look(self, night: Night) -> Iterator[Objection]:
        """Yield objections to the run; a mere notice has ``holds=False``."""


def share(part: int, total: int) -> float:
    """Return ``part`` as a share of ``total``, from 0 to 1, to four places; 0 where the total is 0."""
    return round(part / total, 4) if total else 0.0


def compare_shares(
    old: Mapping[str, int], old_rows: int, new: Mapping[str, int], new_rows: int
) -> Iterator[tuple[str, float, float]]:
    """Yield each name with its old and new share."""
    for name in sorted({*old, *new}):
        yield name, share(old.get(name, 0), old_rows), share(new.get(name, 0), new_rows)


def list_text(headers: list[str], more: str = "and {n} more") -> str:
    """Return headers as a list in text, the first ten of them, each cut to sixty characters; ``more`` says the rest."""
    shown = ", ".join(header[:_LONGEST_HEADER] for header in headers[:10])
    return f"{shown} {more.format(n=len(headers) - 10)}" if len(headers) > 10 else shown


MORE = "y {n} más"
"""What :func:`list_text` says of the rest in Spanish."""


def dotted(number: int) -> str:
    """Return a count as Spanish sentences have it: ``1.000``."""
    return f"{number:,}".replace(",", ".")
