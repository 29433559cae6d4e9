"""The room's one door: a batch of a feed becomes published rows, rejects, and rows that wait."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import datetime
from types import MappingProxyType

import numpy as np
import numpy.typing as npt
import polars as pl

from ckanext.cpdi.rows import derive
from ckanext.cpdi.rows.batch import Batch
from ckanext.cpdi.rows.check import check_fields, check_key, check_times
from ckanext.cpdi.rows.collapse import collapse
from ckanext.cpdi.rows.demographics.categories import people
from ckanext.cpdi.rows.derive import place
from ckanext.cpdi.rows.identity.fingerprint import fingerprints
from ckanext.cpdi.rows.identity.records import Records
from ckanext.cpdi.rows.identity.shares import shares
from ckanext.cpdi.rows.masking.decide import decide
from ckanext.cpdi.rows.masking.denied import LINKS, Denied, links, links_of, on_the_list
from ckanext.cpdi.rows.masking.embargo import Turn
from ckanext.cpdi.rows.masking.mask import Shown, publish, shown
from ckanext.cpdi.rows.places import Places, PlaceTally
from ckanext.cpdi.rows.plan import Plan
from ckanext.cpdi.rows.scope import withhold_others
from ckanext.cpdi.rows.standardise import standardise
from ckanext.cpdi.rows.survey import Survey, survey

FIRST_TURN = Turn()


@dataclass(frozen=True)
class Outcome:
    """What became of a batch; every row of it is in ``published`` or in ``rejects``, or was ``denied``.

    ``published``: ``_key`` Int64, ``_classes`` Int16, ``_fingerprint`` Int64, ``_rank`` Int64 (the highest of two rows
    with one key wins), ``_line`` UInt32, then the declared fields. ``rejects``: line UInt32, outcome, reason, field.
    ``held``: ``_key``, ``_classes``, ``due`` of rows whose classes are to be remembered although they are not
    published, with the day from which a row that was public may return. ``kept_back``: the ``_key`` of every withheld
    row. ``classes``: rows by their strictest class, without the quarantined ones. ``survey``: figures of the batch.
    ``next_due``: when the first of the rows that wait may be published. ``denied``: how many rows were dropped as if
    the feed had never had them; nothing else here knows of them. ``collapsed``: how many rows are part of another's
    record, and counted nowhere else. ``links`` (columns of LINKS): record numbers of other datasets that the published
    rows carry. ``shares``: see :mod:`ckanext.cpdi.rows.identity.shares`. ``truth``: how true the published places are.
    ``people``: the categories of the published rows in the declared tables of people; see
    :mod:`ckanext.cpdi.rows.demographics.categories`.
    """

    published: pl.DataFrame
    rejects: pl.DataFrame
    held: pl.DataFrame
    kept_back: pl.Series
    classes: dict[str, int]
    survey: Survey
    next_due: datetime | None
    denied: int
    collapsed: int
    links: pl.DataFrame
    shares: pl.DataFrame
    truth: PlaceTally
    people: pl.DataFrame


def process(
    frame: pl.DataFrame,
    plan: Plan,
    places: Places,
    state: pl.DataFrame,
    now: datetime,
    denied: Denied = MappingProxyType({}),
    turn: Turn = FIRST_TURN,
) -> Outcome:
    """Return what becomes of the rows of ``frame`` (text columns under the feed's headers, and ``_line``).

    ``state`` is what the table knows (columns of STATE, sorted by key); ``now`` must have a time zone; ``denied`` has
    the keys of denied records by dataset; ``turn`` says which run of its kind this is.
    """
    batch = standardise(frame, plan)
    records = check_key(plan, batch)
    check_times(plan, batch, now)
    match = place.match(plan, batch, places)
    batch.add_group("place", place.derive(plan, batch, places, match))
    for group in plan.groups:
        batch.add_group(group, derive.derive(group, plan, batch))
    linked, rows = links(plan, batch, records), batch.height
    if plan.feed.collapse.by:
        made = collapse(plan, batch, records)
        batch, records, match = made.batch, made.records, match.gather(made.placed)
        linked = links_of(linked, made.record_of_row, records)
    surveyed = survey(plan, batch)
    check_fields(plan, batch)
    withhold_others(plan, batch)
    dropped = on_the_list(records, plan.dataset.name, linked, denied)
    batch.verdicts.deny(dropped)
    decision = decide(plan, batch, records, state, now, turn)
    show = shown(plan, batch, records)
    published = _published(plan, batch, records, show)
    return Outcome(
        published=published,
        rejects=batch.verdicts.rejects(batch.lines),
        held=decision.held,
        kept_back=records.keys.gather(np.flatnonzero(batch.verdicts.have_outcome("withheld"))),
        classes=_count(plan, batch),
        survey=surveyed,
        next_due=decision.next_due,
        denied=int(dropped.sum()),
        collapsed=rows - batch.height,
        links=linked.filter(pl.Series(batch.verdicts.alive).gather(linked["at"])).select(*LINKS),
        shares=shares(plan, batch),
        truth=place.truth(plan, batch, places, match),
        people=people(plan, batch, show, published),
    )


def _published(plan: Plan, batch: Batch, records: Records, rows: Shown) -> pl.DataFrame:
    """Return the published rows with what the store needs to know of them."""
    fields = publish(plan, batch, rows)
    parts = (plan.table.modified, plan.table.closed, plan.table.time)
    rank = pl.DataFrame([rows.of(batch.columns[name]) for name in parts if name])
    internal = [
        rows.of(records.keys).alias("_key"),
        pl.Series("_classes", batch.classes[rows.at], dtype=pl.Int16),
        fingerprints(fields).alias("_fingerprint"),
        rank.select(pl.coalesce(pl.all()).cast(pl.Int64)).to_series().alias("_rank"),
        rows.of(batch.lines).cast(pl.UInt32).alias("_line"),
    ]
    return pl.DataFrame(internal).hstack(fields)


def _count(plan: Plan, batch: Batch) -> dict[str, int]:
    """Return how many rows have each class as their strictest."""
    classes: npt.NDArray[np.int16] = batch.classes[batch.verdicts.usable]
    masks, rows = np.unique(classes, return_counts=True)
    counts: Counter[str] = Counter()
    for mask, count in zip(masks.tolist(), rows.tolist(), strict=True):
        counts[plan.classes.strictest_name(mask)] += count
    return dict(counts)
