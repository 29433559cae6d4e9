"""Which rows of a feed are new, changed, unchanged or gone: pure functions over frames of keys.

In: the published rows' keys and fingerprints, and the state of the table. Out: frames of keys; no row, no SQL.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

import numpy as np
import polars as pl

from ckanext.cpdi.rows.known import find, repeated

SEEN = {
    "_row": pl.Int64,
    "_line": pl.UInt32,
    "_key": pl.Int64,
    "_rank": pl.Int64,
    "_fingerprint": pl.Int64,
    "_classes": pl.Int16,
    "_old": pl.Int16,
    "_id": pl.Int64,
    "_same": pl.Boolean,
    "_year": pl.Int16,
}
"""What is kept of every published row: its number in the run and line in the feed, key, rank, fingerprint, classes,
those it had before, id in the table (null: none), whether it stands there in this form, year of its time."""


_KEPT = ("_row", "_key", "_fingerprint", "_classes", "_old", "_id", "_year")
"""What the writing needs of a row that it writes."""


@dataclass(frozen=True)
class Plan:
    """What a run does to the table; frames have columns of SEEN, ``leaving`` and ``gone`` those of the state.

    ``fresh`` rows have their new ids, the last of which is ``last_id``; ``changed`` ones keep theirs; ``leaving`` are
    the rows of the table that go, with the ids they had; ``gone`` is what is remembered of rows that are not in the
    table afterwards. ``losers`` lost to another row with the same key, or to the class that another one has. ``risen``
    are those of the rows that leave which their feed has still: their classes rose, or they may be shown no more.
    """

    fresh: pl.DataFrame
    last_id: int
    changed: pl.DataFrame
    unchanged: int
    leaving: pl.DataFrame
    gone: pl.DataFrame
    losers: pl.DataFrame
    risen: pl.DataFrame

    @property
    def delta(self) -> pl.DataFrame:
        """The rows of the state that differ afterwards, with ``fresh`` and their number in the run."""
        return pl.concat([_delta(self.fresh, fresh=True), _delta(self.changed), _delta(self.gone)])

    @property
    def undecided(self) -> int:
        """How many keys of the feed wait for the next run, since batches disagreed about their classes."""
        waiting = self.gone.filter(pl.col("due").is_null())
        return self.losers.join(waiting, on="_key", how="semi")["_key"].n_unique()

    @property
    def any(self) -> bool:
        """Whether the table or what is remembered of its rows differs afterwards."""
        return not (self.fresh.is_empty() and self.changed.is_empty() and self.gone.is_empty())


def look_up(published: pl.DataFrame, state: pl.DataFrame, year: pl.Expr, first_row: int) -> pl.DataFrame:
    """Return what is kept of ``published`` (columns of SEEN); rows are numbered from ``first_row``.

    ``state`` is sorted by key.
    """
    known = state.select(pl.col("_id", "_fingerprint", "_classes").gather(find(published["_key"], state)))
    rows = published.select(
        (pl.int_range(pl.len(), dtype=pl.Int64) + first_row).alias("_row"),
        "_line",
        "_key",
        pl.col("_rank").fill_null(-(2**63)),
        "_fingerprint",
        "_classes",
        year.cast(pl.Int16).alias("_year"),
        known["_id"],
        known["_fingerprint"].alias("_before"),
        known["_classes"].alias("_old"),
    )
    widened = pl.col("_classes") | pl.col("_old").fill_null(0)
    same = (pl.col("_fingerprint") == pl.col("_before")) & pl.col("_id").is_not_null() & (widened == pl.col("_old"))
    return rows.with_columns(widened.alias("_classes"), same.fill_null(value=False).alias("_same")).select(*SEEN)


def decide(
    seen: pl.DataFrame,
    state: pl.DataFrame,
    held: pl.DataFrame,
    last_id: int,
    back: date | None = None,
    *,
    kept_back: pl.Series | None = None,
    removable: pl.Series | None = None,
) -> Plan:
    """Return what is to be done, whatever the order of the rows; new ids follow ``last_id``.

    ``kept_back`` are the keys of rows that the feed has and the rules withhold: they leave whatever else is removed.
    ``removable`` are the ids of the rows that go where the feed lacks them; None stands for all.

    Of the rows with one key the one with the highest rank wins, then the highest fingerprint. A row whose classes grew
    while it was in the table leaves and comes back under a new id, so that the two forms cannot be joined. Ids are
    given in the order of the keyed hash, so that they tell no time. ``back`` is the day from which a row of the table
    may return whose batches disagree about its classes.
    """
    winners, losers = _winners(seen)
    del seen  # as large as the winners
    held = _parted(winners, losers, held, back)
    without = winners.join(held, on="_key", how="semi")
    if without.height:
        losers = pl.concat([losers, without])
        winners = winners.join(held, on="_key", how="anti")
    there = pl.col("_id").is_not_null()
    risen = there & (pl.col("_classes") != pl.col("_old")).fill_null(value=False)
    kept = winners.filter(there & ~risen)["_id"]
    moved = winners.filter(~pl.col("_same")).select(_KEPT)
    unchanged = winners.height - moved.height
    del winners
    fresh = moved.filter(~there | risen).sort("_key")
    leaving = _without(state, kept)
    if removable is not None:
        leaving = _bounded(leaving, removable, [fresh["_key"], held["_key"], kept_back])
    return Plan(
        fresh=fresh.with_columns(pl.int_range(pl.len(), dtype=pl.Int64).alias("_id") + last_id + 1),
        last_id=last_id + fresh.height,
        changed=moved.filter(there & ~risen),
        unchanged=unchanged,
        leaving=leaving,
        gone=_remembered(leaving.join(fresh, on="_key", how="anti"), held, state),
        losers=losers,
        risen=_bounded(leaving, pl.Series(dtype=pl.Int64), [fresh["_key"], held["_key"], kept_back]),
    )


def _parted(winners: pl.DataFrame, losers: pl.DataFrame, held: pl.DataFrame, back: date | None) -> pl.DataFrame:
    """Return ``held`` with the keys that have other classes in another batch, whose rows were masked without knowing.

    They are not published before the next run, which knows. A held row whose key is published with all of its classes
    is no longer held.
    """
    twins = held.join(winners, on="_key", how="semi")
    if losers.is_empty() and twins.is_empty():
        return held
    others = pl.concat([one.select("_key", "_classes") for one in (losers, twins)])
    joined = others.group_by("_key").agg(pl.col("_classes").bitwise_or().alias("_others"))
    found = winners.join(joined, on="_key").with_columns((pl.col("_classes") | pl.col("_others")).alias("_all"))
    due = pl.when(pl.col("_id").is_not_null()).then(pl.lit(back, pl.Date)).alias("due")
    disagreed = found.filter(pl.col("_all") != pl.col("_classes"))
    apart = disagreed.select("_key", pl.col("_all").alias("_classes"), due)
    settled = twins.join(apart, on="_key", how="anti")
    return pl.concat([held.join(settled, on="_key", how="anti"), apart])


def _without(state: pl.DataFrame, kept: pl.Series) -> pl.DataFrame:
    """Return the rows of the state that are in the table and have none of the ids ``kept``."""
    ids = state["_id"].fill_null(0).to_numpy()
    goes = np.ones(int(ids.max(initial=0)) + 1, dtype=bool)  # a byte an id: a join of both would take fifty
    goes[kept.to_numpy()] = False
    goes[0] = False
    return state.filter(pl.Series(goes[ids]))


def _bounded(leaving: pl.DataFrame, removable: pl.Series, keys: Iterable[pl.Series | None]) -> pl.DataFrame:
    """Return those of the rows that have one of ``keys`` or are ``removable``."""
    certain = pl.DataFrame({"_key": pl.concat([one for one in keys if one is not None])})
    may = pl.DataFrame({"_id": removable.cast(pl.Int64)})
    rest = leaving.join(certain, on="_key", how="anti").join(may, on="_id", how="semi")
    return pl.concat([leaving.join(certain, on="_key", how="semi"), rest])


def _remembered(missing: pl.DataFrame, held: pl.DataFrame, state: pl.DataFrame) -> pl.DataFrame:
    """Return the state of rows that left: all of it but the id; that of held ones with their classes and day."""
    known = state.select("_key", "_fingerprint", pl.col("_classes").alias("_old"))
    risen = held.group_by("_key").agg(pl.col("_classes").bitwise_or(), pl.col("due").max())
    risen = risen.join(known, on="_key", how="left")
    back = risen.select(
        "_key",
        pl.col("_fingerprint").fill_null(0),
        pl.col("_classes") | pl.col("_old").fill_null(0),
        pl.lit(None, pl.Int64).alias("_id"),
        "due",
    )
    missing = missing.join(held, on="_key", how="anti").with_columns(pl.lit(None, pl.Int64).alias("_id"))
    return pl.concat([missing.select(back.columns), back])


def _winners(seen: pl.DataFrame) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Return one row a key, and the rows that lost against it; only rows that share a key are sorted."""
    several = repeated(seen["_key"])
    if several.is_empty():
        return seen, seen.clear()
    shared = seen["_key"].is_in(several.implode())
    rivals = seen.filter(shared).sort("_key", "_rank", "_fingerprint", "_classes", "_row")
    best = rivals["_key"].is_last_distinct()
    return pl.concat([seen.filter(~shared), rivals.filter(best)]), rivals.filter(~best)


def _delta(rows: pl.DataFrame, *, fresh: bool = False) -> pl.DataFrame:
    """Return rows as the state has them; one of the feed has no day of return, one that left no number in the run."""
    for name, kind in (("due", pl.Date), ("_row", pl.Int64)):
        if name not in rows.columns:
            rows = rows.with_columns(pl.lit(None, kind).alias(name))
    return rows.select("_key", "_fingerprint", "_classes", "_id", "due", pl.lit(fresh).alias("fresh"), "_row")
