"""The part of a run that reads rows: every batch is checked and masked, compared with the table, and committed at once.

In: an open feed, its plan and its places. Out: the run's report. A run with objections is held, and changes nothing.
"""

from __future__ import annotations

from contextlib import AbstractContextManager
from dataclasses import dataclass, replace
from functools import partial

import polars as pl

from ckanext.cpdi import config
from ckanext.cpdi.catalog import parts
from ckanext.cpdi.declare import spelling
from ckanext.cpdi.errors import Said
from ckanext.cpdi.feeds import LINE, FeedError, Reader, TextBatch
from ckanext.cpdi.pipeline import checks, clock, closed_years
from ckanext.cpdi.pipeline.accumulator import Accumulator
from ckanext.cpdi.pipeline.context import RunContext
from ckanext.cpdi.pipeline.parallel import parallel_map, prefetch
from ckanext.cpdi.pipeline.places import RunPlaces
from ckanext.cpdi.pipeline.report import NightReport, rows_by_reason
from ckanext.cpdi.pipeline.stopwatch import peak_mb
from ckanext.cpdi.pipeline.window import removal
from ckanext.cpdi.rows import Outcome, Plan, process
from ckanext.cpdi.rows.values.text import clean
from ckanext.cpdi.rows.version import MaskingVersion
from ckanext.cpdi.store import Changes, RunSummary
from ckanext.cpdi.store.sync.run import Sync

SAMPLE_MARK = "SAMPLE"
"""The prefix of the ids of synthetic rows."""
EARLY = 8
"""Batches that are read while the database sends the state: 5 MB each."""


@dataclass(frozen=True)
class OpenFeed:
    """A feed that can be read: its reader, the plan for its columns, the places of its rows, and the version of what
    masks them.
    """

    reader: Reader
    plan: Plan
    places: RunPlaces
    masks: MaskingVersion


def load_table(context: RunContext, run: int, feed: OpenFeed, released: bool) -> NightReport:
    """Read every batch and commit the changes, or hold the run unless staff have ``released`` this feed.

    Raises DenyListChanged where the deny list was changed meanwhile; the load can then be repeated.
    """
    watch, total = context.stopwatch, Accumulator()
    now = clock.read(context.store).now
    # The feed's first rows are read while the database sends the state of the table's rows.
    early = prefetch(feed.reader.batches(columns=feed.plan.mapping.headers), EARLY, partial(watch.stage, "read"))
    with early as batches, _transaction(context, run, feed) as sync:
        turn = context.turn(now, sync.table_rows)

        def mask_batch(batch: TextBatch) -> tuple[int, pl.DataFrame, Outcome]:
            _refuse_samples(batch.frame, feed.plan)
            outcome = process(batch.frame, feed.plan, feed.places.places, sync.state, now, sync.denied, turn)
            return batch.frame.height, batch.rejects, outcome

        for rows, rejects, outcome in parallel_map(mask_batch, batches, waiting=partial(watch.stage, "rows")):
            total.add(rows, rejects, outcome)
            with watch.stage("store"):
                sync.add(outcome.published)
                sync.link(outcome.links)

        def mask_again(lines: pl.Series, state: pl.DataFrame) -> pl.DataFrame:
            frame = _read_again(feed, lines)
            outcome = process(frame, feed.plan, feed.places.places, state, now, sync.denied, turn)
            total.add_remasked(outcome)
            sync.link(outcome.links)
            return outcome.published

        with watch.stage("apply"):
            missing = removal(context.rule, total.survey, now, context.profile.zone)
            risen, withheld = total.risen(), total.withheld_keys()
            changes = sync.apply(risen, remove_missing=missing, kept_back=withheld, anew=mask_again)
            people = closed_years.count(feed.plan, sync, total, context.today())
        summary = _summary(context, feed, sync.table_rows, changes, total)
        held_for = "" if released else " ".join(objection.text for objection in summary.objections if objection.holds)
        summary = replace(summary, objections=(*summary.objections, *people.notices))
        if not held_for:
            with watch.stage("commit"):
                sync.close_years(people.years, context.today())
                feed.places.keep()  # only now: places of a held run would come from a feed that nobody trusts
                sync.commit(summary)
    if held_for:
        context.store.ledger.hold(run, held_for, summary, changes.published)
    return _report(context, run, changes, summary, held_for)


def _transaction(context: RunContext, run: int, feed: OpenFeed) -> AbstractContextManager[Sync]:
    """Return the run's transaction on the table."""
    dataset = context.dataset
    return context.store.begin(
        dataset.name,
        parts.resource_id(dataset.name),
        dataset.rows,
        run,
        context.profile.time_zone,
        classes=feed.plan.classes,
        schema_version=dataset.schema_version,
        masks=str(feed.masks),
        profile=context.profile_name,
    )


def _read_again(feed: OpenFeed, lines: pl.Series) -> pl.DataFrame:
    """Return the rows at ``lines``; the feed is read once more for them, since raw rows are not kept."""
    frames = (batch.frame for batch in feed.reader.batches(columns=feed.plan.mapping.headers))
    return pl.concat([frame.filter(pl.col(LINE).is_in(lines.implode())) for frame in frames])


def _summary(context: RunContext, feed: OpenFeed, table_rows: int, changes: Changes, total: Accumulator) -> RunSummary:
    """Return the run's summary with the shape of the feed and the objections to the run."""
    always_counted = tuple(requirement.reason for requirement in feed.plan.requires)
    summary = total.summary(changes, context.stopwatch.stages, peak_mb(), always_counted)
    shape = total.shape(feed.reader.headers, context.profile.zone)
    objections = checks.objections(
        checks.Night(
            limits=context.feed.guard,
            rule=context.rule,
            table_rows=table_rows,
            changes=changes,
            summary=summary,
            feed=shape,
            read=feed.plan.mapping.columns,
            ignored=frozenset(map(spelling, context.feed.ignored)),
            today=context.today(),
            last=context.baseline(),
            counted=clock.verified(context.reading, context.last_clock),
            days=total.survey.days,
        )
    )
    return replace(summary, feed=shape, objections=objections)


def _refuse_samples(frame: pl.DataFrame, plan: Plan) -> None:
    """Raise FeedError for synthetic rows on a department's real portal."""
    if config.production():
        for header in plan.mapping.key_headers(plan.table):
            if clean(frame[header].cast(pl.String)).str.starts_with(SAMPLE_MARK).any():
                raise FeedError(
                    "refused",
                    Said(
                        "Rows of this feed have ids that begin with {sample_mark}: it is synthetic, and refused here.",
                        sample_mark=SAMPLE_MARK,
                    ),
                )


def _report(context: RunContext, run: int, changes: Changes, summary: RunSummary, held_for: str) -> NightReport:
    """Return the run's report; a held run has the counts of what it would publish, and changed nothing."""
    reasons = summary.reasons()
    state = "held" if held_for else "published" if changes.any else "unchanged"
    done = Changes(0, 0, 0, 0, 0, changes.duplicates) if held_for else changes
    return replace(
        context.report(run, state, held_for),
        read=summary.read,
        published=changes.published,
        added=done.added,
        changed=done.changed,
        removed=done.removed,
        unchanged=done.unchanged,
        withheld=summary.count("withheld"),
        withheld_reasons=rows_by_reason(reasons, "withheld"),
        quarantined=rows_by_reason(reasons, "quarantined"),
        stages=dict(context.stopwatch.stages),
        objections=summary.objections,
    )
