"""What could give a record away: how rows hide among each other, what is coarsened, which values nobody judged."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

import polars as pl

from ckanext.cpdi import config
from ckanext.cpdi.catalog.parts import resource_id
from ckanext.cpdi.declare import Classes, Dataset
from ckanext.cpdi.desk.midnights import Midnights
from ckanext.cpdi.feeds import Batch, local, open_feed
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

_NOBODY = pl.DataFrame(
    schema={"_key": pl.Int64, "_fingerprint": pl.Int64, "_classes": pl.Int16, "_id": pl.Int64, "due": pl.Date}
)


@dataclass(frozen=True)
class ClassRisk:
    """Published rows of one class, as :class:`ckanext.cpdi.store.privacy.risk.Alike` counts them."""

    name: str
    rows: int
    alone: int
    few: int
    smallest: int


@dataclass(frozen=True)
class Risk:
    """``run`` is the run whose rows ``shares`` counts, None for a feed that was only looked at; ``unmapped`` are rows
    by column with a value that no list has; ``met`` says how published rows meet those of another table. Of a feed
    alone, ``values`` are the values that no list has, by column, ``numbers`` says what record numbers look like, and
    ``midnights`` is the share of its times that are midnights.
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
    """Return the risk of what is published of ``dataset``, and of its last run, or of ``feed`` by ``profile``.

    Raises FeedError, HeaderError or DeclarationError for a feed that cannot be read.
    """
    declared = config.library().dataset(dataset)
    alike = store.risk.alike(dataset, resource_id(dataset), declared.rows)
    department = publish.profile_of(dataset) if profile is None else config.profile(profile)
    classes = _by_name(alike, Classes(department.classes))
    if feed is None:
        run, shares, unmapped = store.risk.shares(dataset)
        return Risk(dataset, classes, tuple(shares), unmapped, run, _met(store, declared, department.time_zone))
    parts: list[pl.DataFrame] = []
    unknown: dict[str, Counter[str]] = defaultdict(Counter)
    with local(feed) as spool:
        reader = open_feed(spool, department.feed(dataset))
        plan = make_plan(declared, department, config.secret(), reader.headers)
        forms, midnights = _Forms(plan), Midnights(plan)
        with places(config.places_path(department.name), reader, plan) as gazetteer:
            for batch in reader.batches(columns=plan.mapping.headers):
                outcome = process(batch.frame, plan, gazetteer.places, _NOBODY, datetime.now(UTC))
                parts.append(outcome.shares)
                _collect(unknown, batch, outcome.rejects, plan)
                forms.add(batch)
                midnights.add(batch)
    found = tuple(Share(*row) for row in joined(parts).iter_rows())
    unmapped = {column: counts.total() for column, counts in unknown.items()}
    values = {name: dict(counts) for name, counts in unknown.items()}
    return Risk(dataset, classes, found, unmapped, None, (), forms.found(), values, midnights.share)


class _Forms:
    """What the record numbers of a feed look like, batch by batch."""

    def __init__(self, plan: Plan) -> None:
        self._field = plan.table.field(plan.table.key)
        self._headers = plan.mapping.columns[self._field.name]
        self._parts: list[pl.DataFrame] = []
        self._hidden = 0

    def add(self, batch: Batch) -> None:
        """Count the shapes of a batch's numbers."""
        texts = batch.frame.select(clean(batch.frame[header].cast(pl.String)) for header in self._headers)
        column = texts.select(pl.coalesce(pl.when(pl.all() != "").then(pl.all()))).to_series()
        self._parts.append(shapes(column))
        self._hidden += int(like_none(self._field, column).sum())

    def found(self) -> tuple[Numbers, ...]:
        """Return the shapes of all of them."""
        return (numbers(self._field.name, self._parts, self._hidden),)


def _met(store: Store, dataset: Dataset, zone: str) -> tuple[Met, ...]:
    """Return how the published rows of a dataset meet those of the one that it names."""
    meets = dataset.rows.meets
    if meets is None:
        return ()
    other = config.library().dataset(meets.dataset)
    mine, theirs = ((resource_id(one.name), one.rows) for one in (dataset, other))
    found = store.risk.met(mine, theirs, meets, zone)
    return (found,) if found else ()


def _by_name(alike: Iterable[Alike], classes: Classes) -> tuple[ClassRisk, ...]:
    """Return the counts by the strictest class, mildest first."""
    found: dict[str, list[Alike]] = defaultdict(list)
    for one in alike:
        found[classes.strictest_name(one.classes)].append(one)
    return tuple(
        ClassRisk(
            name,
            sum(one.rows for one in found[name]),
            sum(one.alone for one in found[name]),
            sum(one.few for one in found[name]),
            min(one.smallest for one in found[name]),
        )
        for name in classes.bits
        if name in found
    )


def _collect(unknown: dict[str, Counter[str]], batch: Batch, rejects: pl.DataFrame, plan: Plan) -> None:
    """Count the values that no list has, for the eyes of who holds the feed; they are kept nowhere."""
    found = rejects.filter(pl.col("reason") == "unmapped_value")
    for (column,), part in found.group_by("field"):
        headers = plan.mapping.columns.get(str(column), (str(column),))
        rows = batch.frame.join(part, left_on="_line", right_on="line", how="semi")
        values = rows.select(pl.coalesce(pl.col(*headers).cast(pl.String)).fill_null("").alias("value"))
        unknown[str(column)].update(dict(values["value"].value_counts().iter_rows()))
