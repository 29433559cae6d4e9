"""The effect of a profile on a feed: what would be published, withheld and quarantined, and why. Nothing is loaded.

The rows pass through the same engine as in a load, in memory, batch by batch. What is shown of them is their published
form. What only the table knows is left out: a row whose class rose, a denied record, a run that is held.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import polars as pl

from ckanext.cpdi.declare import Classes, Dataset, Profile, spelling
from ckanext.cpdi.drafting.unjudged import Unjudged
from ckanext.cpdi.feeds import Reader, local, open_feed
from ckanext.cpdi.rows import (
    Evidence,
    Outcome,
    Places,
    Plan,
    build_places,
    make_plan,
    place_headers,
    place_points,
    process,
)
from ckanext.cpdi.rows.identity.known import STATE
from ckanext.cpdi.rows.places import POINTS, summed

SHOWN = 10
_EVERY_CLASS = 4
"""Of each set of classes a batch keeps so many rows from which those that are shown are taken."""

Reason = tuple[str, str]
"""Why a row is not published, and the column that decided it, empty for none."""


@dataclass(frozen=True)
class Effect:
    """What would become of the ``rows`` of a feed.

    ``withheld`` and ``quarantined`` count rows by :data:`Reason`, ``classes`` those that are not quarantined by their
    strictest class, ``flags`` the oddities of published rows, ``precisions`` those of time and place by field.
    ``unjudged`` are the values that nobody judged, by column. ``sample`` has some published rows as they would be
    shown, without empty cells, of each set of classes some. ``ignored`` are headers that nothing reads and the profile
    does not put away. ``has_places``: the rows' places are those of a places file, and not made of
    the feed itself.
    """

    dataset: str
    rows: int
    published: int
    withheld: Mapping[Reason, int]
    quarantined: Mapping[Reason, int]
    classes: Mapping[str, int]
    flags: Mapping[str, int]
    precisions: Mapping[str, Mapping[str, int]]
    unjudged: Mapping[str, Mapping[str, int]]
    sample: tuple[Mapping[str, str], ...]
    ignored: tuple[str, ...]
    has_places: bool


def effect_of(
    paths: tuple[Path, ...], dataset: Dataset, profile: Profile, secret: bytes, places: Places | None, now: datetime
) -> Effect:
    """Return what would become of the rows of the feed files, taken together, at the instant ``now``.

    Without ``places`` they are made of the files' own addresses, as the first load would make them, and forgotten.
    Raises FeedError, HeaderError or DeclarationError, in staff's words, where a file is not as the profile says.
    """
    tally = _Tally(Classes(profile.classes), profile.zone)
    used = places or _own_places(paths, dataset, profile, secret)
    ignored: dict[str, None] = {}
    state = pl.DataFrame(schema=STATE)
    for reader, plan in _opened(paths, dataset, profile, secret):
        made = (header for rule in plan.feed.columns.values() for header in rule.headers)
        known = {spelling(header) for header in (*plan.feed.ignored, *made)}
        ignored |= dict.fromkeys(header for header in plan.ignored if spelling(header) not in known)
        for batch in reader.batches(columns=plan.mapping.headers):
            outcome = process(batch.frame, plan, used, state, now)
            tally.add(outcome, batch.rejects)
            tally.unjudged.look(batch, plan)
    return tally.effect(dataset, tuple(ignored), has_places=places is not None)


def _opened(
    paths: tuple[Path, ...], dataset: Dataset, profile: Profile, secret: bytes
) -> Iterator[tuple[Reader, Plan]]:
    """Yield the reader and the plan of each file."""
    for path in paths:
        with local(path) as spool:
            reader = open_feed(spool, profile.feed(dataset.name))
            yield reader, make_plan(dataset, profile, secret, reader.headers)


def _own_places(paths: tuple[Path, ...], dataset: Dataset, profile: Profile, secret: bytes) -> Places:
    """Return the places that the files' own addresses and points make."""
    points = [pl.DataFrame(schema=POINTS)]
    for reader, plan in _opened(paths, dataset, profile, secret):
        points += [place_points(batch.frame, plan) for batch in reader.batches(columns=place_headers(plan))]
    return build_places(Evidence(summed(pl.concat(points))), profile, secret)


class _Tally:
    """Adds up the outcomes of batches."""

    def __init__(self, classes: Classes, zone: ZoneInfo) -> None:
        self.unjudged = Unjudged()
        self._classes, self._zone = classes, zone
        self._rejects: list[pl.DataFrame] = []
        self._keys: list[pl.Series] = []
        self._sample: list[pl.DataFrame] = []
        self._counts: Counter[str] = Counter()
        self._flags: Counter[str] = Counter()
        self._precisions: dict[str, Counter[str]] = {}

    def add(self, outcome: Outcome, damaged: pl.DataFrame) -> None:
        """Take what became of a batch, and the lines of it that could not be read."""
        for rejects in (outcome.rejects, damaged):
            self._rejects.append(rejects.group_by("outcome", "reason", "field").len("rows"))
        published = outcome.published
        self._keys.append(published["_key"])
        self._counts.update(outcome.classes)
        for name in published.columns:
            if name.endswith("_precision"):
                self._precisions.setdefault(name, Counter()).update(dict(published[name].value_counts().iter_rows()))
        if "data_flags" in published.columns:
            flags = published["data_flags"].drop_nulls().str.split(";").explode()
            self._flags.update(dict(flags.value_counts().iter_rows()))
        # By their hashed keys, which tell nothing of the order in the feed.
        some = published.sort("_key").group_by("_classes", maintain_order=True).head(_EVERY_CLASS)
        self._sample = [pl.concat([*self._sample, some]).sort("_key").group_by("_classes").head(_EVERY_CLASS)]

    def effect(self, dataset: Dataset, ignored: tuple[str, ...], *, has_places: bool) -> Effect:
        """Return the sum."""
        keys = pl.concat(self._keys) if self._keys else pl.Series("_key", dtype=pl.Int64)
        copies = len(keys) - keys.n_unique()
        reasons: dict[str, Counter[Reason]] = {"withheld": Counter(), "quarantined": Counter()}
        for part in self._rejects:
            for outcome, reason, field, rows in part.iter_rows():
                reasons[outcome][reason, field or ""] += rows
        reasons["quarantined"].update({("duplicate_key", dataset.rows.key): copies} if copies else {})
        rejected = sum(sum(counts.values()) for counts in reasons.values())
        published = len(keys) - copies
        return Effect(
            dataset=dataset.name,
            rows=published + rejected,
            published=published,
            withheld=dict(reasons["withheld"].most_common()),
            quarantined=dict(reasons["quarantined"].most_common()),
            classes={name: self._counts[name] for name in self._classes.bits if self._counts[name]},
            flags=dict(self._flags.most_common()),
            precisions={name: dict(counts) for name, counts in self._precisions.items()},
            unjudged=self.unjudged.values,
            sample=self._shown(dataset),
            ignored=ignored,
            has_places=has_places,
        )

    def _shown(self, dataset: Dataset) -> tuple[Mapping[str, str], ...]:
        """Return the rows to be shown, in turn of each set of classes."""
        if not self._sample:
            return ()
        (kept,) = self._sample
        turn = pl.int_range(pl.len()).over("_classes")
        rows = kept.sort(turn, "_classes").head(SHOWN)
        names = [field.name for field in dataset.rows.fields if field.name in rows.columns]
        return tuple(
            {name: self._text(value) for name, value in row.items() if value is not None}
            for row in rows.select(names).iter_rows(named=True)
        )

    def _text(self, value: object) -> str:
        """Return a value as a page shows it, an instant by the department's clock."""
        return f"{value.astimezone(self._zone):%Y-%m-%d %H:%M}" if isinstance(value, datetime) else str(value)
