"""Which rows of a feed are new, changed, unchanged or gone: pure functions over frames of keys.

In: what was seen of the published rows, and the state of the table. Out: frames of keys; no row, no SQL.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date

import polars as pl

from ckanext.cpdi.rows.identity.known import ID, find, marked, repeated
from ckanext.cpdi.store.history.row_changes import Moves
from ckanext.cpdi.store.sync.seen import MOVED, Seen
from ckanext.cpdi.store.table.columns import numbered

_KEPT = ("_row", "_key", "_fingerprint", "_classes", "_year", "_place")
"""What the writing needs of a row that it writes."""
Anew = Callable[[pl.DataFrame], pl.DataFrame]
"""Masks rows once more, by all classes of their key: takes ``_key, _classes, _line``, one row a key; returns those of
them that are published so (columns of MOVED)."""
_STANDS = pl.col("_row").is_null()
"""A row that stands in the table in this form is not written, and has no number."""


@dataclass(frozen=True)
class Diff:
    """What a run does to the table; ``fresh`` and ``changed`` have what the writing needs, ``leaving`` and ``gone`` the
    columns of the state, ``losers`` what was seen of rows.

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
    def moves(self) -> Moves:
        """What a reader with an older copy has to fetch, and what to drop."""
        return Moves(self.fresh["_id"], self.changed.select("_id", "_classes"), self.leaving["_id"])

    @property
    def any(self) -> bool:
        """Whether the table or what is remembered of its rows differs afterwards."""
        return not (self.fresh.is_empty() and self.changed.is_empty() and self.gone.is_empty())


def decide(
    seen: Seen,
    held: pl.DataFrame,
    last_id: int,
    back: date | None = None,
    *,
    kept_back: pl.Series | None = None,
    removable: pl.Series | None = None,
    anew: Anew | None = None,
) -> Diff:
    """Return what is to be done, whatever the order of the rows, which are taken; new ids follow ``last_id``.

    ``kept_back`` are the keys of rows that the feed has and the rules withhold: they leave whatever else is removed.
    ``removable`` are the ids of the rows that go where the feed lacks them; None stands for all.

    Of the rows with one key the one with the highest rank wins, then the highest fingerprint. A row whose classes grew
    while it was in the table leaves and comes back under a new id, so that the two forms cannot be joined. Ids are
    given in the order of the keyed hash, so that they tell no time.

    Batches may disagree about the classes of a key: each row is masked by those that its own batch has. Where readers
    know the row, it leaves, and may return from the day ``back`` on; else it is masked ``anew`` by all of them.
    """
    state = seen.state
    standing, moved, losers, held = _settled(seen, held, back, anew)
    changed, fresh = _with_ids(moved, state, last_id)
    kept = marked(pl.concat([standing, changed["_place"]]), state.height)
    leaving = state.filter(state["_id"].is_not_null() & ~kept)
    certain = [fresh["_key"], held["_key"], kept_back]
    if removable is not None:
        leaving = leaving.filter(_among(leaving, certain) | leaving["_id"].is_in(removable.cast(ID).implode()))
    return Diff(
        fresh=fresh,
        last_id=last_id + fresh.height,
        changed=changed,
        unchanged=len(standing),
        leaving=leaving,
        gone=_remembered(leaving.filter(~_among(leaving, [fresh["_key"]])), held, state),
        losers=losers,
        risen=leaving.filter(_among(leaving, certain)),
    )


def _settled(
    seen: Seen, held: pl.DataFrame, back: date | None, anew: Anew | None
) -> tuple[pl.Series, pl.DataFrame, pl.DataFrame, pl.DataFrame]:
    """Return what is left once every key has one row, or is held: the places of the standing rows, those to be written
    (_KEPT), the rows that lost, and ``held`` with the keys that wait.
    """
    rivals, standing, moved = _part(seen, held["_key"])
    winners, losers = _winners(rivals)
    risen, apart, settled = _parted(winners, losers, held, seen.state, back)
    out = pl.concat([risen["_key"], apart["_key"]])
    lost = risen["_key"] if anew else out
    losers = pl.concat([losers, winners.filter(pl.col("_key").is_in(lost.implode()))])
    winners = winners.filter(~pl.col("_key").is_in(out.implode()))
    masked = anew(apart) if anew and apart.height else pl.DataFrame(schema=MOVED)
    waiting = apart.join(masked, on="_key", how="anti").select("_key", "_classes", pl.lit(None, pl.Date).alias("due"))
    over = pl.concat([settled, masked["_key"]])
    held = pl.concat([held.filter(~pl.col("_key").is_in(over.implode())), risen, waiting])
    standing = pl.concat([standing, winners.filter(_STANDS)["_place"]])
    moved = pl.concat([moved, winners.filter(~_STANDS).select(_KEPT), masked.select(_KEPT)])
    return standing, moved, losers, held


def _with_ids(moved: pl.DataFrame, state: pl.DataFrame, last_id: int) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Return the rows that change, with the ids they have, and the fresh ones, with new ids."""
    stays = _stays(moved, state)
    changed, fresh = _those(moved, stays), _those(moved, ~stays)
    changed = changed.with_columns(state["_id"].gather(changed["_place"]))
    return changed, fresh.drop("_place").with_columns(numbered(fresh["_key"], last_id + 1).alias("_id"))


def _stays(moved: pl.DataFrame, state: pl.DataFrame) -> pl.Series:
    """Return which rows are in the table with the classes that they have now."""
    at = moved["_place"].is_not_null().arg_true()
    known = state.select(pl.col("_id", "_classes").gather(moved["_place"].gather(at)))
    same = known["_id"].is_not_null() & (known["_classes"] == moved["_classes"].gather(at))
    return marked(at.filter(same), moved.height)


def _those(rows: pl.DataFrame, wanted: pl.Series) -> pl.DataFrame:
    """Return the rows that are wanted; where all or none are, the rows, which may be a whole feed, are not copied."""
    if wanted.all():
        return rows
    return rows.filter(wanted) if wanted.any() else rows.clear()


def _part(seen: Seen, held: pl.Series) -> tuple[pl.DataFrame, pl.Series, pl.DataFrame]:
    """Return the rows that share their key with another one, or with one of ``held``; and of the others, which nobody
    disputes, the places of the standing ones and what the writing needs of those that moved.
    """
    standing, parts = seen.take()
    keys, places = (pl.concat([part[name] for part in parts]) for name in ("_key", "_place"))
    stands, known = marked(standing["_place"], seen.state.height), places.drop_nulls()
    twice = pl.concat([repeated(standing["_place"]), known.filter(stands.gather(known))])
    shared = pl.concat([seen.state["_key"].gather(twice), repeated(keys), held]).unique()
    disputed = marked(find(shared, seen.state).drop_nulls(), seen.state.height).gather(standing["_place"])
    also = keys.is_in(shared.implode())
    del keys, places
    rivals, moved = _taken_apart(parts, also)
    rivals = pl.concat([_whole(standing.filter(disputed), seen.state, rivals.schema), rivals])
    return rivals, standing["_place"].filter(~disputed), moved


def _taken_apart(parts: list[pl.DataFrame], wanted: pl.Series) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Return the rows that are wanted, and of the others what the writing needs. Each part is taken, and let go.

    A first load has every row in them: a copy of all at once would be the most memory that a run takes.
    """
    chosen: list[pl.DataFrame] = []
    others: list[pl.DataFrame] = []
    at = 0
    while parts:
        part = parts.pop(0)
        mine = wanted[at : at + part.height]
        at += part.height
        chosen.append(part.filter(mine))
        others.append(part.select(_KEPT).filter(~mine))
    return pl.concat(chosen), pl.concat(others)


def _whole(standing: pl.DataFrame, state: pl.DataFrame, schema: pl.Schema) -> pl.DataFrame:
    """Return standing rows with what the state knows of them, and without a number, since they are not written."""
    known = state.select(pl.col("_key", "_fingerprint", "_classes").gather(standing["_place"]))
    nothing = [pl.lit(None, schema[name]).alias(name) for name in ("_row", "_year")]
    return standing.hstack(known).with_columns(nothing).select(schema.names())


def _among(rows: pl.DataFrame, keys: Iterable[pl.Series | None]) -> pl.Series:
    """Return which of the rows, few beside the feed's, have one of ``keys``."""
    mine = rows["_key"].implode()
    matches = pl.concat([part.filter(part.is_in(mine)) for part in keys if part is not None])
    return rows["_key"].is_in(matches.implode())


def _winners(rivals: pl.DataFrame) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Return one row a key, and the rows that lost against it."""
    rivals = rivals.sort("_key", "_rank", "_fingerprint", "_classes", "_line")
    best = rivals["_key"].is_last_distinct()
    return rivals.filter(best), rivals.filter(~best)


def _parted(
    winners: pl.DataFrame, losers: pl.DataFrame, held: pl.DataFrame, state: pl.DataFrame, back: date | None
) -> tuple[pl.DataFrame, pl.DataFrame, pl.Series]:
    """Return which winners have other classes in another batch, and were masked without knowing.

    First those that readers know, held until the day ``back``; then the others, with all their classes and their lines;
    then the keys of held rows that are published with all of their classes, and held no more.
    """
    twins = held.join(winners, on="_key", how="semi")
    others = pl.concat([frame.select("_key", "_classes") for frame in (losers, twins)])
    joined = others.group_by("_key").agg(pl.col("_classes").bitwise_or().alias("_others"))
    with_others = winners.join(joined, on="_key").with_columns((pl.col("_classes") | pl.col("_others")).alias("_all"))
    disagreed = with_others.filter(pl.col("_all") != pl.col("_classes"))
    known = state.select(pl.col("_id", "_fingerprint").gather(disagreed["_place"]))
    shown = known["_id"].is_not_null() | (known["_fingerprint"].fill_null(0) != 0)
    said = disagreed.select("_key", pl.col("_all").alias("_classes"), "_line")
    risen = said.filter(shown).select("_key", "_classes", pl.lit(back, pl.Date).alias("due"))
    settled = twins.join(disagreed, on="_key", how="anti")
    return risen, said.filter(~shown), settled["_key"]


def _remembered(missing: pl.DataFrame, held: pl.DataFrame, state: pl.DataFrame) -> pl.DataFrame:
    """Return the state of rows that left: all of it but the id; that of held ones with their classes and day."""
    risen = held.group_by("_key").agg(pl.col("_classes").bitwise_or(), pl.col("due").max())
    known = state.select(pl.col("_fingerprint", "_classes").gather(find(risen["_key"], state)))
    back = risen.select(
        "_key",
        known["_fingerprint"].fill_null(0),
        pl.col("_classes") | known["_classes"].fill_null(0),
        pl.lit(None, ID).alias("_id"),
        "due",
    )
    missing = missing.join(held, on="_key", how="anti").with_columns(pl.lit(None, ID).alias("_id"))
    return pl.concat([missing.select(back.columns), back])


def _delta(rows: pl.DataFrame, *, fresh: bool = False) -> pl.DataFrame:
    """Return rows as the state has them; one of the feed has no day of return, one that left no number in the run."""
    for name, kind in (("due", pl.Date), ("_row", pl.UInt32)):
        if name not in rows.columns:
            rows = rows.with_columns(pl.lit(None, kind).alias(name))
    return rows.select("_key", "_fingerprint", "_classes", "_id", "due", pl.lit(fresh).alias("fresh"), "_row")
