"""One night of one dataset: a feed walked down the line, into the table, with every row accounted for.

Nothing that can be wrong with a feed leaves here as an exception: the run ends as failed or held, the table stays as it
was, and the ledger says why.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from functools import partial

import polars as pl
from polars.exceptions import PanicException

import ckanext.cpdi
from ckanext.cpdi import config
from ckanext.cpdi.catalog import parts
from ckanext.cpdi.declare import Dataset, Feed, Profile, SyncRule
from ckanext.cpdi.feeds import LINE, Batch, FeedError, Reader, Version, open_feed
from ckanext.cpdi.pipeline import approval, checks, clock, conditional_fetch, fault
from ckanext.cpdi.pipeline.accumulator import Tally
from ckanext.cpdi.pipeline.clock import Reading
from ckanext.cpdi.pipeline.conditional_fetch import Location, Repeat
from ckanext.cpdi.pipeline.parallel import ahead, begun
from ckanext.cpdi.pipeline.places import Found, places
from ckanext.cpdi.pipeline.report import NightReport
from ckanext.cpdi.pipeline.stopwatch import Stopwatch, peak_mb
from ckanext.cpdi.pipeline.window import removal
from ckanext.cpdi.rows import Outcome, Plan, Turn, make_plan, process, spelling
from ckanext.cpdi.rows.values.text import clean
from ckanext.cpdi.rows.version import MaskingVersion
from ckanext.cpdi.store import (
    Baseline,
    Changes,
    Clock,
    DenyListChanged,
    FeedShape,
    Objection,
    Origin,
    Reason,
    RunSummary,
    Store,
)
from ckanext.cpdi.store.ledger.record import RunState

SAMPLE_MARK = "SAMPLE"
"""How the ids of synthetic rows begin."""
FAULTS = (Exception, PanicException)
"""All that may go wrong in a run: a panic of Polars is no Exception."""


@dataclass(frozen=True)
class _Night:
    """What all steps of a night need."""

    dataset: Dataset
    profile: Profile
    store: Store
    location: Location
    label: str
    force: bool
    rule: SyncRule
    clock: Stopwatch
    reading: Reading
    before: Clock | None
    """The machine's clock at the last good run."""
    named: str = ""
    """The profile as it was named."""

    @property
    def feed(self) -> Feed:
        return self.profile.feed(self.dataset.name)

    def start(self, sha256: str = "", fingerprint: str = "", rules: str = "", origin: Origin | None = None) -> int:
        """Write the run's beginning; return its id."""
        return self.store.ledger.start(
            self.dataset.name,
            feed_label=self.label,
            feed_sha256=sha256,
            fingerprint=fingerprint,
            rules_version=rules,
            profile_version=f"{self.profile.name} {self.profile.version}",
            code_version=ckanext.cpdi.__version__,
            origin=origin,
            sync=self.rule.mode,
            clock=self.reading.machine,
        )

    def baseline(self) -> Baseline | None:
        """Return the last good run of this feed."""
        zone = self.profile.time_zone
        return self.store.ledger.baseline(self.dataset.name, self.label, self.rule.mode, zone)

    def turn(self, now: datetime, table_rows: int) -> Turn:
        """Return which run of its kind this one is: rows that show their month come out in the first of a month."""
        rule = self.rule
        covers = now - timedelta(days=rule.days) if rule.mode == "window" and rule.days else None
        return Turn(self.store.ledger.last_good(self.dataset.name, rule.mode) if table_rows else None, covers)

    def report(self, run: int, state: RunState, message: str) -> NightReport:
        """Return the report of a run without rows."""
        return NightReport(run, self.dataset.name, state, seconds=self.clock.total, peak_mb=peak_mb(), message=message)


def run_night(
    dataset_name: str,
    location: str,
    profile: Profile,
    *,
    label: str,
    trusted_path: bool = False,
    force: bool = False,
    rule: SyncRule | None = None,
    named: str = "",
) -> NightReport:
    """Load the feed at ``location`` into the table of ``dataset_name``.

    ``location`` is what a harvest source may name, or, with ``trusted_path``, a path of this machine that the operator
    gave. ``label`` is how the ledger calls the feed. A feed that was published before, by the same rules, is not
    fetched or read again unless an embargo ended since, or ``force`` is set. ``rule`` says what becomes of rows that
    the feed lacks, where that is not as the profile says. ``named`` is how the profile was named, empty for the site's
    own.
    """
    with config.store() as store:
        declared, rule = config.library().dataset(dataset_name), rule or profile.feed(dataset_name).rule
        where = Location(location, trusted_path)
        reading, before = clock.read(store), store.ledger.last_clock()
        return _run(_Night(declared, profile, store, where, label, force, rule, Stopwatch(), reading, before, named))


def _run(night: _Night) -> NightReport:
    """Fetch the feed and open it; a feed that cannot be had or read is a failed run.

    Where the clock cannot be right, nothing is fetched: the run is held.
    """
    wrong = clock.objection(night.reading, night.before)
    if wrong:
        run = night.start()
        night.store.ledger.hold(run, wrong)
        return night.report(run, "held", wrong)
    try:
        with night.clock.stage("fetch"):
            arrived = conditional_fetch.arrive(
                night.store, night.dataset, night.profile, night.location, night.rule, force=night.force
            )
        if isinstance(arrived, Repeat):
            return _repeat(night, arrived)
        with arrived as spool, ExitStack() as held:
            with night.clock.stage("open"):
                reader = open_feed(spool, night.feed)
                plan = make_plan(night.dataset, night.profile, config.secret(), reader.headers)
            with night.clock.stage("places"):
                found = held.enter_context(places(config.places_path(night.profile.name), reader, plan))
            return _load(night, spool.version, reader, plan, found)
    except FAULTS as error:
        return _fail(night, night.start(), error)


def _load(night: _Night, feed: Version, reader: Reader, plan: Plan, found: Found) -> NightReport:
    """Run a feed that can be read."""
    masks = MaskingVersion.of(night.dataset, night.profile, found.places)
    basis = conditional_fetch.basis(masks, night.rule, night.store.privacy.changes())
    fingerprint = conditional_fetch.fingerprint(feed.sha256, basis)
    run = night.start(feed.sha256, fingerprint, str(masks), conditional_fetch.origin(night.location, basis, feed))
    try:
        if not night.force and night.store.ledger.seen(night.dataset.name, fingerprint, night.reading.now):
            return _skip(night, run)
        unapproved = approval.objection(night.store, night.dataset.name, night.named, night.profile, str(masks))
        if unapproved:
            night.store.ledger.hold(run, unapproved)
            return night.report(run, "held", unapproved)
        released = night.store.ledger.released(night.dataset.name, feed.sha256)
        work = partial(_publish, night, run, reader, plan, found, released)
        try:
            return work()
        except DenyListChanged:
            return work()
    except FAULTS as error:
        return _fail(night, run, error)


def _fail(night: _Night, run: int, error: BaseException) -> NightReport:
    """End a run that cannot go on; the reason is in words, whatever it was."""
    message = fault.told(error, f"did run {run}")
    night.store.ledger.fail(run, message)
    return night.report(run, "failed", message)


def _repeat(night: _Night, repeat: Repeat) -> NightReport:
    """End a run whose source still has the feed of an earlier one."""
    before = repeat.run
    return _skip(night, night.start(before.feed_sha256, before.fingerprint, before.rules_version, repeat.origin))


def _skip(night: _Night, run: int) -> NightReport:
    """End a run whose feed is in the table already; the counts are those of the run that published it."""
    last, notices = night.store.ledger.last_finished(night.dataset.name), tuple(_standing_still(night))
    night.store.ledger.skip(run, notices)
    if last is None:  # somebody emptied the ledger meanwhile
        return night.report(run, "unchanged", "")
    reasons = night.store.ledger.reasons(last.id)
    return replace(
        night.report(run, "unchanged", ""),
        objections=notices,
        read=last.read,
        published=last.published,
        unchanged=last.published,
        withheld=last.withheld,
        withheld_reasons=_count(reasons, "withheld"),
        quarantined=_count(reasons, "quarantined"),
    )


def _standing_still(night: _Night) -> Iterator[Objection]:
    """Note that a feed which is the same as before has been so for too long; there is nothing to hold."""
    last, today = night.baseline(), datetime.now(night.profile.zone).date()
    newest = last.run.feed.last if last and last.run.feed else None
    for one in checks.standing_still(last, newest, today, night.feed.guard.stale_days):
        yield replace(one, holds=False)


def _publish(night: _Night, run: int, reader: Reader, plan: Plan, found: Found, released: bool) -> NightReport:
    """Walk every batch down the line and commit, or hold the run, unless staff have ``released`` this feed."""
    watch, tally, now = night.clock, Tally(), clock.read(night.store).now
    table_id = parts.resource_id(night.dataset.name)
    beginning = night.store.begin(
        night.dataset.name,
        table_id,
        night.dataset.rows,
        run,
        night.profile.time_zone,
        classes=plan.classes,
        schema_version=night.dataset.schema_version,
        masks=str(MaskingVersion.of(night.dataset, night.profile, found.places)),
        profile=night.named,
    )
    # The feed's first rows are read while the database gives what it knows of the table's.
    with begun(reader.batches(columns=plan.mapping.headers)) as batches, beginning as sync:
        turn = night.turn(now, sync.table_rows)

        def masked(batch: Batch) -> tuple[int, pl.DataFrame, Outcome]:
            _refuse_samples(batch.frame, plan)
            outcome = process(batch.frame, plan, found.places, sync.state, now, sync.denied, turn)
            return batch.frame.height, batch.rejects, outcome

        for rows, rejects, outcome in watch.each("rows", ahead(masked, watch.each("read", batches))):
            tally.add(rows, rejects, outcome)
            with watch.stage("store"):
                sync.add(outcome.published)
                sync.link(outcome.links)

        def anew(lines: pl.Series, state: pl.DataFrame) -> pl.DataFrame:
            outcome = process(_lines(reader, plan, lines), plan, found.places, state, now, sync.denied, turn)
            tally.again(outcome)
            sync.link(outcome.links)
            return outcome.published

        with watch.stage("apply"):
            missing = removal(night.rule, tally.survey, now, night.profile.zone)
            changes = sync.apply(tally.held(), remove_missing=missing, kept_back=tally.kept_back(), anew=anew)
        asked = tuple(one.reason for one in plan.requires)
        summary = tally.summary(changes, watch.stages, peak_mb(), asked)
        shape = tally.shape(reader.headers, night.profile.zone)
        summary = _guarded(night, plan, sync.table_rows, changes, summary, shape)
        reason = "" if released else " ".join(one.text for one in summary.objections if one.holds)
        if not reason:
            with watch.stage("commit"):
                found.keep()  # not before: places of a run that was held would be those of a feed that nobody trusts
                sync.commit(summary)
    if reason:
        night.store.ledger.hold(run, reason, summary, changes.published)
    return _report(night, run, changes, summary, reason)


def _lines(reader: Reader, plan: Plan, lines: pl.Series) -> pl.DataFrame:
    """Return some rows of a feed, which is read once more for them: nobody keeps raw rows."""
    parts = (batch.frame for batch in reader.batches(columns=plan.mapping.headers))
    return pl.concat([part.filter(pl.col(LINE).is_in(lines.implode())) for part in parts])


def _guarded(
    night: _Night, plan: Plan, table_rows: int, changes: Changes, summary: RunSummary, feed: FeedShape
) -> RunSummary:
    """Return the summary with what the feed looks like, and what speaks against the run."""
    found = checks.objections(
        checks.Night(
            guard=night.feed.guard,
            rule=night.rule,
            table_rows=table_rows,
            changes=changes,
            summary=summary,
            feed=feed,
            read=plan.mapping.columns,
            known=frozenset(map(spelling, night.feed.ignored)),
            today=datetime.now(night.profile.zone).date(),
            last=night.baseline(),
            counted=clock.verified(night.reading, night.before),
        )
    )
    return replace(summary, feed=feed, objections=found)


def _refuse_samples(frame: pl.DataFrame, plan: Plan) -> None:
    """Raise FeedError where a department's real portal is given synthetic rows."""
    if config.production():
        for header in plan.mapping.columns[plan.table.key]:
            if clean(frame[header].cast(pl.String)).str.starts_with(SAMPLE_MARK).any():
                raise FeedError(
                    "refused",
                    f"Rows of this feed have ids that begin with {SAMPLE_MARK}: it is synthetic, and refused here.",
                )


def _report(night: _Night, run: int, changes: Changes, summary: RunSummary, reason: str) -> NightReport:
    """Return what the run did; a held one has the counts of what it would publish, and changed nothing."""
    reasons = summary.reasons()
    state = "held" if reason else "published" if changes.any else "unchanged"
    done = Changes(0, 0, 0, 0, 0, changes.duplicates) if reason else changes
    return replace(
        night.report(run, state, reason),
        read=summary.read,
        published=changes.published,
        added=done.added,
        changed=done.changed,
        removed=done.removed,
        unchanged=done.unchanged,
        withheld=summary.count("withheld"),
        withheld_reasons=_count(reasons, "withheld"),
        quarantined=_count(reasons, "quarantined"),
        stages=dict(night.clock.stages),
        objections=summary.objections,
    )


def _count(reasons: Iterable[Reason], outcome: str) -> dict[str, int]:
    """Return rows by reason, over all fields."""
    counts: Counter[str] = Counter()
    for one in reasons:
        if one.outcome == outcome:
            counts[one.reason] += one.rows
    return dict(counts)
