"""What a check is, and what it looks at: a run and the last good one of the same feed."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import ClassVar

from ckanext.cpdi.declare import CheckLimits, SyncRule
from ckanext.cpdi.registry import ORDER
from ckanext.cpdi.store import Baseline, Changes, FeedShape, Objection, RunSummary

FEWEST = 30
"""Rows of which a share says something."""


@dataclass(frozen=True)
class Night:
    """A run before its commit.

    ``rule`` is what becomes of rows that the feed lacks, ``table_rows`` are those that the table had, ``today`` is the
    department's day; ``read`` are the feed's headers that something reads, ``known`` those that the profile ignores on
    purpose. ``last`` is None at a feed's first run.
    """

    guard: CheckLimits
    rule: SyncRule
    table_rows: int
    changes: Changes
    summary: RunSummary
    feed: FeedShape
    read: Mapping[str, tuple[str, ...]]
    known: frozenset[str]
    today: date
    last: Baseline | None
    counted: bool = True
    """Whether the time since the last good run was counted by the machine itself, whatever its clock was set to."""

    @property
    def before(self) -> FeedShape | None:
        """What the feed looked like in the last good run; None where there is none, or either has few rows."""
        found = self.last.run.feed if self.last else None
        return found if found and min(found.rows, self.feed.rows) >= FEWEST else None

    @property
    def shown(self) -> Baseline | None:
        """The last good run whose rows anybody could see; None also where either run has few rows.

        Where nothing was shown, as while a list of codes was still empty, its shares say nothing of what is usual.
        """
        return self.last if self.last and self.before and self.last.run.published else None


class Check(ABC):
    """One look at a run before its commit. ``name`` is its own; ``order`` is its place where people read objections."""

    name: ClassVar[str]
    order: ClassVar[int] = ORDER

    @abstractmethod
    def look(self, night: Night) -> Iterator[Objection]:
        """Yield what speaks against the run; what does not hold it has ``holds=False``."""


def share(part: int, whole: int) -> float:
    """Return a part as a share of 1, to four places; 0 of nothing."""
    return round(part / whole, 4) if whole else 0.0
