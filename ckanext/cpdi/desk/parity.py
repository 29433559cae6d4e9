"""How a file of an older portal compares with our table: columns, rows by month and category, and why they differ.

In: an old file, a year of it or all. Out: counts and names of columns; no value of the file but those that our table
publishes as well. Nothing is written: the file's rows go down the line as a night's would, and no further.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

import polars as pl
from msgspec import structs

from ckanext.cpdi import config
from ckanext.cpdi.declare import Dataset, Field, Profile
from ckanext.cpdi.errors import PortalError
from ckanext.cpdi.feeds import Batch, Reader, local, open_feed
from ckanext.cpdi.pipeline import publish
from ckanext.cpdi.pipeline.places import points
from ckanext.cpdi.publish.source import open_source
from ckanext.cpdi.rows import HeaderError, Places, Plan, build_places, make_plan, process, read_places
from ckanext.cpdi.rows.derive import inputs
from ckanext.cpdi.rows.identity.known import STATE
from ckanext.cpdi.rows.standardise import standardise

OTHER = "(other values)"
"""Stands for all categories that our table does not publish: an old file's text may hold anything."""
NO_TIME = "(no time)"

Months = Mapping[str, int]


class ParityError(PortalError, ValueError):
    """A file cannot be compared; the message says why."""


@dataclass(frozen=True)
class Columns:
    """``matched``: the file's column and the fields that are made of it; ``unpublished``: columns that are read and not
    published; ``only_there`` and ``only_here``: columns and fields without a counterpart.
    """

    matched: tuple[tuple[str, tuple[str, ...]], ...]
    unpublished: tuple[str, ...]
    only_there: tuple[str, ...]
    only_here: tuple[str, ...]


@dataclass(frozen=True)
class Difference:
    """Rows of one month or category in the file and in the table."""

    name: str
    there: int
    here: int


@dataclass
class Parity:
    """The comparison. Of the rows ``there``, ``both`` are in the table, ``withheld`` and ``quarantined`` would not be
    published by today's rules, by reason; ``missing`` could be, and are not in the table. ``only_here`` are rows of the
    table that the file lacks. ``last_run`` has the last run's reasons, as ``withheld`` or ``quarantined`` and reason.
    """

    dataset: str
    file: str
    years: tuple[int, int] | None
    columns: Columns
    there: int = 0
    here: int = 0
    both: int = 0
    missing: int = 0
    only_here: int = 0
    withheld: dict[str, int] = field(default_factory=dict[str, int])
    quarantined: dict[str, int] = field(default_factory=dict[str, int])
    months: list[Difference] = field(default_factory=list[Difference])
    categories: list[Difference] = field(default_factory=list[Difference])
    last_run: dict[str, dict[str, int]] = field(default_factory=dict[str, dict[str, int]])


def compare(dataset: str, file: Path, profile: str = "", year: int | None = None) -> Parity:
    """Compare ``file``, or what it has of ``year``, with the table of ``dataset``, by the table's profile or another.

    Raises FeedError for a file that cannot be read, HeaderError for one without the key or the time of its rows,
    ParityError where there is no table yet.
    """
    declared = _forgiving(config.library().dataset(dataset))
    department = config.profile(profile) if profile else publish.profile_of(dataset)
    with local(file) as spool:
        reader = open_feed(spool, department.feed(dataset))
        plan = make_plan(declared, department, config.secret(), reader.headers)
        walk = _Walk(plan, _places(department, reader, plan), year)
        for batch in reader.batches():
            walk.add(batch)
    years = (year, year) if year else walk.years
    here = _counts(declared, department, years)
    with config.store() as store:
        keys = store.tables.keys(dataset)
        last = store.ledger.last_finished(dataset)
        reasons = store.ledger.reasons(last.id) if last else []
    found = Parity(dataset, file.name, years, _columns(plan), there=walk.rows, here=sum(rows for *_, rows in here))
    published = pl.concat([pl.Series("_key", [], pl.Int64), *walk.keys])
    walk.reasons["quarantined"]["duplicate_key"] += published.len() - published.n_unique()
    found.withheld, found.quarantined = (dict(+walk.reasons[one]) for one in ("withheld", "quarantined"))
    found.both = published.unique().to_frame().join(keys.to_frame(), on="_key", how="semi").height
    found.missing = published.n_unique() - found.both
    found.only_here = max(0, found.here - found.both)
    found.months = _set_beside(walk.months, _summed((month, rows) for month, _, rows in here))
    ours = _summed((category, rows) for _, category, rows in here)
    found.categories = _set_beside(_known(walk.categories, ours), ours) if declared.rows.category else []
    for one in reasons:
        if one.rows:
            found.last_run.setdefault(one.outcome, {})[one.reason] = one.rows
    return found


def _forgiving(dataset: Dataset) -> Dataset:
    """Return ``dataset`` with coordinates that a file may lack: its rows then count as being without a place."""
    table = dataset.rows
    inputs = tuple(structs.replace(one, required=one.required and one.type != "number") for one in table.inputs)
    return structs.replace(dataset, table=structs.replace(table, inputs=inputs))


def _places(profile: Profile, reader: Reader, plan: Plan) -> Places:
    """Return the department's places; where it has none yet, those of the file, which are not kept."""
    path = config.places_path(profile.name)
    return read_places(path, plan.secret) if path.exists() else build_places(points(reader, plan), profile, plan.secret)


class _Walk:
    """Counts the file's rows batch by batch."""

    def __init__(self, plan: Plan, places: Places, year: int | None) -> None:
        self._plan, self._places, self._year = plan, places, year
        self._category = plan.table.field(plan.table.category).column if plan.table.category else ""
        self.rows = 0
        self.keys: list[pl.Series] = []
        self.months: Counter[str] = Counter()
        self.categories: Counter[str] = Counter()
        self.reasons: dict[str, Counter[str]] = {"withheld": Counter(), "quarantined": Counter()}

    @property
    def years(self) -> tuple[int, int] | None:
        """The first and the last year of the rows; None where none has a time."""
        found = sorted(int(month[:4]) for month in self.months if month != NO_TIME)
        return (found[0], found[-1]) if found else None

    def add(self, batch: Batch) -> None:
        """Count a batch; rows without a time are taken for those of the year that is asked for."""
        standardised = standardise(batch.frame, self._plan)
        time = standardised.columns[self._plan.table.time].dt.convert_time_zone(self._plan.profile.time_zone)
        wanted = time.is_null() | (time.dt.year() == self._year if self._year else time.is_not_null())
        self.months.update(time.filter(wanted).dt.strftime("%Y-%m").fill_null(NO_TIME).to_list())
        if self._category in standardised.columns:
            values = standardised.columns[self._category].filter(wanted).cast(pl.String).fill_null("")
            self.categories.update(values.to_list())
        frame = batch.frame.filter(wanted)
        self.rows += frame.height + batch.rejects.height
        empty = pl.DataFrame(schema=STATE)
        outcome = process(frame, self._plan, self._places, empty, datetime.now(UTC))
        self.keys.append(outcome.published["_key"])
        for rejects in (batch.rejects, outcome.rejects):
            for kind, reason in rejects.select("outcome", "reason").iter_rows():
                self.reasons[kind][reason] += 1


def _counts(dataset: Dataset, profile: Profile, years: tuple[int, int] | None) -> list[tuple[str, str, int]]:
    """Return the rows of the table by month and category, of these years."""
    with open_source(config.read_dsn()) as source:
        state = source.state(dataset.name)
        if state is None:
            raise ParityError(f"{dataset.name} has no table yet: load its feed first")
        found = source.counts(dataset.rows, state.resource_id, profile.time_zone)
    return [one for one in found if years and str(years[0]) <= one[0][:4] <= str(years[1])]


def _columns(plan: Plan) -> Columns:
    """Return which of the file's columns become which of our fields."""
    fields = plan.table.fields
    fed = {name: tuple(one.name for one in fields if _is_made_of(one, name)) for name in plan.mapping.columns}
    matched = [(header, fed[name]) for name, headers in plan.mapping.columns.items() for header in headers]
    made = {name for names in fed.values() for name in names}
    return Columns(
        matched=tuple(one for one in matched if one[1]),
        unpublished=(*(header for header, names in matched if not names), *plan.mapping.flags.values()),
        only_there=plan.ignored,
        only_here=tuple(one.name for one in fields if one.name not in made),
    )


def _is_made_of(one: Field, column: str) -> bool:
    """Return whether a field is made of an input: read under its name, or derived from it."""
    group = one.source.partition(".")[0]
    return column in (one.column, group, *inputs(group))


def _known(there: Months, here: Months) -> Counter[str]:
    """Return the file's categories, those that our table does not publish under one name."""
    return _summed((name if name in here else OTHER, rows) for name, rows in there.items())


def _summed(pairs: Iterable[tuple[str, int]]) -> Counter[str]:
    found: Counter[str] = Counter()
    for name, rows in pairs:
        found[name] += rows
    return found


def _set_beside(there: Months, here: Months) -> list[Difference]:
    """Return both sides' counts by name, in the order of the names."""
    return [Difference(name, there.get(name, 0), here.get(name, 0)) for name in sorted({*there, *here})]


__all__ = ["Columns", "Difference", "HeaderError", "Parity", "ParityError", "compare"]
