"""What writes a run's rows into the table; of two kinds: `bulk_load` where there is no table yet, else `upsert`."""

from __future__ import annotations

from typing import Protocol

import polars as pl

from ckanext.cpdi.store.sync.diff import Diff


class Writer(Protocol):
    """Takes rows as they come, and writes those of the plan once all are known. Used by one thread."""

    def add(self, rows: pl.DataFrame) -> None:
        """Stage rows that are new or differ (``_row``, their number in the run, and the fields); may return before
        they are through.
        """
        ...

    def wait(self) -> None:
        """Wait until the run's own connection is free for other statements."""
        ...

    def write(self, plan: Diff) -> None:
        """Do what the plan says, whose fresh rows have their ids; nobody sees it before the run's commit.

        Raises StoreError where the table is not as the state says.
        """
        ...

    def close(self) -> None:
        """Stop staging, and close what was opened for it."""
        ...
