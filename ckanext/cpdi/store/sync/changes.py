"""What a run did to the table."""

from __future__ import annotations

from dataclasses import dataclass, field

import polars as pl

from ckanext.cpdi.store.sync.window import Coverage


@dataclass(frozen=True)
class Changes:
    """Counts of rows: ``added`` got a new id, ``changed`` kept theirs, ``removed`` left, ``unchanged`` stayed as they
    were; ``published`` is what the feed brought of them, ``rows`` what the table holds now.

    ``duplicates`` (column ``line``) are rows that lost to another row of the same key; ``years`` are those of the
    department's calendar in which anything changed; ``moved`` is by how many rows each of them grew. ``coverage`` says
    what a window decided, where the feed has one. ``left`` of the removed rows had left before, since the last run.
    """

    added: int
    changed: int
    removed: int
    unchanged: int
    rows: int
    duplicates: pl.DataFrame
    moved: dict[int, int] = field(default_factory=dict[int, int])
    coverage: Coverage | None = None
    left: int = 0

    @property
    def published(self) -> int:
        """The rows of the feed that stand in the table."""
        return self.added + self.changed + self.unchanged

    @property
    def years(self) -> tuple[int, ...]:
        """The years that were touched."""
        return tuple(sorted(self.moved))

    @property
    def any(self) -> bool:
        """Whether the table differs from before."""
        return bool(self.added or self.changed or self.removed)
