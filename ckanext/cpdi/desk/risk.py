"""What could identify a record: how many rows look alike, what is coarsened, which values no code list has."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

import polars as pl

from ckanext.cpdi import config
from ckanext.cpdi.catalog.parts import resource_id
from ckanext.cpdi.declare import Classes, Dataset
from ckanext.cpdi.desk.midnights import Midnights
from ckanext.cpdi.drafting.unjudged import Unjudged
from ckanext.cpdi.feeds import TextBatch, local, open_feed
from ckanext.cpdi.pipeline import publish
from ckanext.cpdi.pipeline.places import places
from ckanext.cpdi.rows import Plan, make_plan, process
from ckanext.cpdi.rows.check import like_none
from ckanext.cpdi.rows.identity.shares import joined
from ckanext.cpdi.rows.values.numbers import Numbers, numbers, shapes
from ckanext.cpdi.rows.values.text import clean
from ckanext.cpdi.store import Store
from ckanext.cpdi.store.privacy.meeting import Met
from ckanext.cpdi.store.privacy.risk import Alike, Share

_NO_ROWS = pl.DataFrame(
    schema={"_key": pl.Int64, "_fingerprint": pl.Int64, "_classes": pl.Int16, "_id": pl.Int64, "due": pl.Date}
)


@dataclass(frozen=True)
class ClassRisk:
    """Counts of the published rows of a class, as in :class:`ckanext.cpdi.store.privacy.risk.Alike`."""

    name: str
    rows: int
    alone: int
    few: int
    smallest: int


@dataclass(frozen=True)
class Risk:
    """The risks of a dataset, by its last run or by a feed that is only examined.

    ``run`` is the run that ``shares`` counts, None for a feed. ``unmapped`` is the number of rows, by column, with a
    value that no code list has; ``met`` counts published rows that match rows of another table. Only for a feed:
    ``values`` are the values that no list has, by column, with their rows, ``numbers`` the forms of record numbers, and
    ``midnights`` the share of its times that are midnights.
    """

    dataset: str
    classes: tuple[ClassRisk, ...]
    shares: tuple[Share, ...]
    unmapped: dict[str, int]
    run: int | None = None
    met: tuple[Met, ...] = ()
    numbers: tuple[Numbers, ...] = ()
    values: dict[str, dict[str, int]] = field(default_factory=dict[str, dict[str, int]])
    midnights: float = 0.0


def report(store: Store, dataset: str, feed: Path | None = None, profile: str | None = None) -> Risk:
    """Return the risks of the published rows of ``dataset`` and of its last run, or of ``feed`` by ``profile``.

    Raises FeedError, HeaderError or DeclarationError for a feed that cannot be read.
    """
    declared = config.library().dataset(dataset)
    alike = store.risk.alike(dataset, resource_id(dataset), declared.rows)
    department = publish.profile_of(dataset) if profile is None else config.profile(profile)
    classes = _class_risks(alike, Classes(department.classes, declared.rows.at_most))
    if feed is None:
        run, shares, unmapped = store.risk.shares(dataset)
        return Risk(dataset, classes, tuple(shares), unmapped, run, _meetings(store, declared, department.time_zone))
    parts: list[pl.DataFrame] = []
    unjudged = Unjudged()
    with local(feed) as spool:
        reader = open_feed(spool, department.feed(dataset))
        plan = make_plan(declared, department, config.secret(), reader.headers)
        forms, midnights = _NumberForms(plan), Midnights(plan)
        with places(config.places_path(department.name), reader, plan) as gazetteer:
            for batch in reader.batches(columns=plan.mapping.headers):
                outcome = process(batch.frame, plan, gazetteer.places, _NO_ROWS, datetime.now(UTC))
                parts.append(outcome.shares)
                unjudged.add(batch, outcome.rejects, plan)
                forms.add(batch)
                midnights.add(batch)
    feed_shares = tuple(Share(*row) for row in joined(parts).iter_rows())
    return Risk(
        dataset, classes, feed_shares, unjudged.rows, None, (), forms.summary(), unjudged.values, midnights.share
    )


class _NumberForms:
    """Collects the forms of a feed's record numbers, batch by batch."""

    def __init__(self, plan: Plan) -> None:
        self._field = plan.table.key_field
        # A key of several columns has no number that a pattern could fit, and one that is not published needs none.
        shows = self._field is not None and self._field.mask == "key"
        self._headers = plan.mapping.columns.get(plan.table.key, ()) if shows else ()
        self._parts: list[pl.DataFrame] = []
        self._hidden = 0

    def add(self, batch: TextBatch) -> None:
        """Count the forms of a batch's numbers."""
        if not self._headers or self._field is None:
            return
        texts = batch.frame.select(clean(batch.frame[header].cast(pl.String)) for header in self._headers)
        column = texts.select(pl.coalesce(pl.when(pl.all() != "").then(pl.all()))).to_series()
        self._parts.append(shapes(column))
        self._hidden += int(like_none(self._field, column).sum())

    def summary(self) -> tuple[Numbers, ...]:
        """Return the forms of all numbers."""
        return (numbers(self._field.name, self._parts, self._hidden),) if self._headers and self._field else ()


def _meetings(store: Store, dataset: Dataset, zone: str) -> tuple[Met, ...]:
    """Return the counts of published rows that match rows of the dataset that the declaration names."""
    meets = dataset.rows.meets
    if meets is None:
        return ()
    other = config.library().dataset(meets.dataset)
    mine, theirs = ((resource_id(compared.name), compared.rows) for compared in (dataset, other))
    meeting = store.risk.met(mine, theirs, meets, zone)
    return (meeting,) if meeting else ()


def _class_risks(alike: Iterable[Alike], classes: Classes) -> tuple[ClassRisk, ...]:
    """Return the counts by the strictest class of the rows, the mildest class first."""
    by_name: dict[str, list[Alike]] = defaultdict(list)
    for group in alike:
        by_name[classes.strictest_name(group.classes)].append(group)
    return tuple(
        ClassRisk(
            name,
            sum(group.rows for group in by_name[name]),
            sum(group.alone for group in by_name[name]),
            sum(group.few for group in by_name[name]),
            min(group.smallest for group in by_name[name]),
        )
        for name in classes.bits
        if name in by_name
    )
