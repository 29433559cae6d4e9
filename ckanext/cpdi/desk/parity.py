"""Compares a file of an older portal with our table: columns, rows by month and category, and reasons of differences.

In: an old file, or a year of it. Out: counts and names of columns; the only values of the file are those that our
table publishes as well. Nothing is written: the file's rows are checked and masked like those of a feed.
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
from ckanext.cpdi.feeds import Reader, TextBatch, local, open_feed
from ckanext.cpdi.pipeline import publish
from ckanext.cpdi.pipeline.places import points
from ckanext.cpdi.publish.rows.source import open_source
from ckanext.cpdi.rows import Evidence, HeaderError, Places, Plan, build_places, make_plan, process, read_places
from ckanext.cpdi.rows.derive import inputs
from ckanext.cpdi.rows.identity.known import STATE
from ckanext.cpdi.rows.standardise import standardise

OTHER = "(other values)"
"""Stands for all categories that our table does not publish, since the text of an old file may be anything."""
NO_TIME = "(no time)"

Months = Mapping[str, int]


class ParityError(PortalError, ValueError):
    """A file cannot be compared; the message says why."""


@dataclass(frozen=True)
class Columns:
    """How the file's columns match our fields.

    ``matched`` pairs a column with the fields made of it. ``unpublished`` are columns that are read and not published.
    ``only_there`` are columns, and ``only_here`` fields, without a counterpart.
    """

    matched: tuple[tuple[str, tuple[str, ...]], ...]
    unpublished: tuple[str, ...]
    only_there: tuple[str, ...]
    only_here: tuple[str, ...]


@dataclass(frozen=True)
class Difference:
    """The rows of a month or category in the file (``there``) and in the table (``here``)."""

    name: str
    there: int
    here: int


@dataclass
class Parity:
    """The comparison of the rows of the file (``there``) and of the table (``here``).

    ``both`` counts the file's rows that are in the table. ``withheld`` and ``quarantined`` count, by reason, those that
    today's rules do not publish; ``missing`` counts those that could be published and are not in the table.
    ``only_here`` counts rows of the table that the file lacks. ``last_run`` has the counts of the last run, by outcome
    (``withheld`` or ``quarantined``) and reason.
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
    """Compare ``file``, or its rows of ``year``, with the table of ``dataset``.

    ``profile`` is empty for the profile that the table was loaded with. Raises FeedError for a file that cannot be
    read, HeaderError for a file without the key or the time of its rows, ParityError where there is no table yet.
    """
    declared = _without_required_points(config.library().dataset(dataset))
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
    parity = Parity(dataset, file.name, years, _columns(plan), there=walk.rows, here=sum(rows for *_, rows in here))
    published = pl.concat([pl.Series("_key", [], pl.Int64), *walk.keys])
    walk.reasons["quarantined"]["duplicate_key"] += published.len() - published.n_unique()
    parity.withheld, parity.quarantined = (dict(+walk.reasons[outcome]) for outcome in ("withheld", "quarantined"))
    parity.both = published.unique().to_frame().join(keys.to_frame(), on="_key", how="semi").height
    parity.missing = published.n_unique() - parity.both
    parity.only_here = max(0, parity.here - parity.both)
    parity.months = _compare_counts(walk.months, _sum_by_name((month, rows) for month, _, rows in here))
    ours = _sum_by_name((category, rows) for _, category, rows in here)
    if declared.rows.category:
        parity.categories = _compare_counts(_public_categories(walk.categories, ours), ours)
    for reason_rows in reasons:
        if reason_rows.rows:
            parity.last_run.setdefault(reason_rows.outcome, {})[reason_rows.reason] = reason_rows.rows
    return parity


def _without_required_points(dataset: Dataset) -> Dataset:
    """Return ``dataset`` with optional coordinates: rows of a file without them count as rows without a place."""
    table = dataset.rows
    optional = tuple(
        structs.replace(column, required=column.required and column.type != "number") for column in table.inputs
    )
    return structs.replace(dataset, table=structs.replace(table, inputs=optional))


def _places(profile: Profile, reader: Reader, plan: Plan) -> Places:
    """Return the department's places; where it has none yet, those made from the file, which are not stored."""
    path = config.places_path(profile.name)
    if path.exists():
        return read_places(path, plan.secret)
    return build_places(Evidence(points(reader, plan)), profile, plan.secret)


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
        years = sorted(int(month[:4]) for month in self.months if month != NO_TIME)
        return (years[0], years[-1]) if years else None

    def add(self, batch: TextBatch) -> None:
        """Count a batch; rows without a time count for the requested year."""
        standardised = standardise(batch.frame, self._plan)
        time = standardised.columns[self._plan.table.time].dt.convert_time_zone(self._plan.profile.time_zone)
        chosen = time.is_null() | (time.dt.year() == self._year if self._year else time.is_not_null())
        self.months.update(time.filter(chosen).dt.strftime("%Y-%m").fill_null(NO_TIME).to_list())
        if self._category in standardised.columns:
            values = standardised.columns[self._category].filter(chosen).cast(pl.String).fill_null("")
            self.categories.update(values.to_list())
        frame = batch.frame.filter(chosen)
        self.rows += frame.height + batch.rejects.height
        empty = pl.DataFrame(schema=STATE)
        outcome = process(frame, self._plan, self._places, empty, datetime.now(UTC))
        self.keys.append(outcome.published["_key"])
        for rejects in (batch.rejects, outcome.rejects):
            for kind, reason in rejects.select("outcome", "reason").iter_rows():
                self.reasons[kind][reason] += 1


def _counts(dataset: Dataset, profile: Profile, years: tuple[int, int] | None) -> list[tuple[str, str, int]]:
    """Return the table's rows of ``years`` as (month, category, number)."""
    with open_source(config.read_dsn()) as source:
        state = source.state(dataset.name)
        if state is None:
            raise ParityError(f"{dataset.name} has no table yet: load its feed first")
        counts = source.counts(dataset.rows, state.resource_id, profile.time_zone)
    return [count for count in counts if years and str(years[0]) <= count[0][:4] <= str(years[1])]


def _columns(plan: Plan) -> Columns:
    """Return how the file's columns match our fields."""
    fields = plan.table.fields
    fed = {name: tuple(each.name for each in fields if _is_made_of(each, name)) for name in plan.mapping.columns}
    matched = [(header, fed[name]) for name, headers in plan.mapping.columns.items() for header in headers]
    fed_fields = {name for names in fed.values() for name in names}
    return Columns(
        matched=tuple(pair for pair in matched if pair[1]),
        unpublished=(*(header for header, names in matched if not names), *plan.mapping.flags.values()),
        only_there=plan.ignored,
        only_here=tuple(table_field.name for table_field in fields if table_field.name not in fed_fields),
    )


def _is_made_of(table_field: Field, column: str) -> bool:
    """Return whether a field is read from the input ``column``, or derived from it."""
    group = table_field.source.partition(".")[0]
    return column in (table_field.column, group, *inputs(group))


def _public_categories(theirs: Months, ours: Months) -> Counter[str]:
    """Return the file's counts by category; all categories that our table does not publish are summed as one."""
    return _sum_by_name((name if name in ours else OTHER, rows) for name, rows in theirs.items())


def _sum_by_name(pairs: Iterable[tuple[str, int]]) -> Counter[str]:
    sums: Counter[str] = Counter()
    for name, rows in pairs:
        sums[name] += rows
    return sums


def _compare_counts(theirs: Months, ours: Months) -> list[Difference]:
    """Return the counts of both sides by name, sorted by name."""
    return [Difference(name, theirs.get(name, 0), ours.get(name, 0)) for name in sorted({*theirs, *ours})]


__all__ = ["Columns", "Difference", "HeaderError", "Parity", "ParityError", "compare"]
