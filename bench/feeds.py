"""The feeds of the benchmark: a sample, the same rows in other bytes, and the rows of a later night.

``python -m bench.feeds PROFILE ROWS FOLDER`` writes them. In a process of its own: what is started from a large process
counts as large from its start.
"""

from __future__ import annotations

import sys
from dataclasses import dataclass
from pathlib import Path

import polars as pl

from ckanext.cpdi.declare import read_library, read_profile
from ckanext.cpdi.sample import write_calls

ROOT = Path(__file__).parent.parent
SEED = 7
CHANGED = 0.015
"""Share of rows that differ on the next night."""


@dataclass(frozen=True)
class Feeds:
    """``first`` and ``again`` have equal rows and different bytes; in ``later`` a share of them has changed."""

    first: Path
    again: Path
    later: Path


def in_folder(folder: Path) -> Feeds:
    """Return the files as they lie in ``folder``."""
    return Feeds(folder / "first.csv", folder / "again.csv", folder / "later.csv")


def main(profile: str, rows: str, folder: str) -> None:
    """Write the three files into ``folder``."""
    feeds = in_folder(Path(folder))
    department = read_profile(ROOT / "profiles" / f"{profile}.yaml", read_library(ROOT / "schemas", []).classes)
    write_calls(feeds.first, department, int(rows), SEED)
    frame = pl.read_csv(feeds.first, infer_schema=False)
    frame.write_csv(feeds.again, quote_style="always")
    _change(frame).write_csv(feeds.later)


def _change(frame: pl.DataFrame) -> pl.DataFrame:
    """Give every so-manieth row another disposition: the commonest one, or the next where it has that."""
    disposition = pl.col("Call_Disposition")
    common, next_ = frame.select(disposition.value_counts(sort=True).struct.field("Call_Disposition")).to_series()[:2]
    turn = pl.int_range(pl.len()) % round(1 / CHANGED) == 0
    other = pl.when(disposition == common).then(pl.lit(next_)).otherwise(pl.lit(common))
    return frame.with_columns(pl.when(turn).then(other).otherwise(disposition).alias("Call_Disposition"))


if __name__ == "__main__":
    main(*sys.argv[1:])
