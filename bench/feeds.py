"""The feeds of the benchmark: a sample, the same rows in other bytes, and the rows of a later night."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import polars as pl

from ckanext.cpdi.declare import Profile
from ckanext.cpdi.sample import write_calls

SEED = 7
CHANGED = 0.015
"""Share of rows that differ on the next night."""


@dataclass(frozen=True)
class Feeds:
    """``first`` and ``again`` have equal rows and different bytes; in ``later`` a share of them has changed."""

    first: Path
    again: Path
    later: Path


def write_feeds(folder: Path, profile: Profile, rows: int) -> Feeds:
    """Write the three files into ``folder``."""
    feeds = Feeds(folder / "first.csv", folder / "again.csv", folder / "later.csv")
    write_calls(feeds.first, profile, rows, SEED)
    frame = pl.read_csv(feeds.first, infer_schema=False)
    frame.write_csv(feeds.again, quote_style="always")
    _change(frame).write_csv(feeds.later)
    return feeds


def _change(frame: pl.DataFrame) -> pl.DataFrame:
    """Give every so-manieth row another disposition: the commonest one, or the next where it has that."""
    disposition = pl.col("Call_Disposition")
    common, next_ = frame.select(disposition.value_counts(sort=True).struct.field("Call_Disposition")).to_series()[:2]
    turn = pl.int_range(pl.len()) % round(1 / CHANGED) == 0
    other = pl.when(disposition == common).then(pl.lit(next_)).otherwise(pl.lit(common))
    return frame.with_columns(pl.when(turn).then(other).otherwise(disposition).alias("Call_Disposition"))
