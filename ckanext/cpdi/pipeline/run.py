"""One run of one dataset: the feed is fetched, opened, checked, masked and loaded, and every row is accounted for.

No error of a feed leaves this module as an exception: the run ends as failed or held, the table stays unchanged, and
the ledger has the reason.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack, suppress
from dataclasses import replace

from polars.exceptions import PanicException

from ckanext.cpdi import config
from ckanext.cpdi.errors import Said
from ckanext.cpdi.feeds import Version, open_feed
from ckanext.cpdi.pipeline import approval, checks, clock, conditional_fetch, fault
from ckanext.cpdi.pipeline.conditional_fetch import Repeat
from ckanext.cpdi.pipeline.context import RunContext
from ckanext.cpdi.pipeline.places import places
from ckanext.cpdi.pipeline.report import NightReport, rows_by_reason
from ckanext.cpdi.pipeline.table_load import OpenFeed, load_table
from ckanext.cpdi.rows import make_plan
from ckanext.cpdi.rows.version import MaskingVersion
from ckanext.cpdi.store import DenyListChanged, Objection

FAULTS = (Exception, PanicException)
"""Everything that a step of a run may raise; a panic of Polars is no Exception."""


def run_night(context: RunContext) -> NightReport:
    """Load the feed of a run into its dataset's table: fetch, open, and read it batch by batch.

    A feed that was published before, by the same rules, is not fetched or read again unless an embargo ended since, or
    ``force`` is set. Where the clock may be wrong, nothing is fetched: the run is held. A feed that cannot be fetched
    or read is a failed run.
    """
    wrong = clock.objection(context.reading, context.last_clock)
    if wrong:
        return context.hold(context.start(), wrong)
    run = None
    try:
        with context.stopwatch.stage("fetch"):
            fetched = conditional_fetch.fetch_feed(context)
        if isinstance(fetched, Repeat):
            return _repeat(context, fetched)
        with fetched as spool, ExitStack() as stack:
            with context.stopwatch.stage("open"):
                reader = open_feed(spool, context.feed)
                plan = make_plan(context.dataset, context.profile, config.secret(), reader.headers)
            with context.stopwatch.stage("places"):
                run_places = stack.enter_context(places(config.places_path(context.profile.name), reader, plan))
            masks = MaskingVersion.of(context.dataset, context.profile, run_places.places)
            run, fingerprint = _start(context, spool.version, masks)
            if ended := _end_unread(context, run, fingerprint, masks):
                return ended
            feed = OpenFeed(reader, plan, run_places, masks)
            released = context.store.ledger.released(context.dataset.name, spool.version.sha256)
            with suppress(DenyListChanged):
                return load_table(context, run, feed, released)
            return load_table(context, run, feed, released)  # once more, by the list as it is now
    except FAULTS as error:
        return _fail(context, context.start() if run is None else run, error)


def _start(context: RunContext, version: Version, masks: MaskingVersion) -> tuple[int, str]:
    """Write the start of a run whose feed can be read; return its id and what stands for its feed and rules."""
    basis = conditional_fetch.basis(masks, context.rule, context.store.privacy.changes())
    fingerprint = conditional_fetch.fingerprint(version.sha256, basis)
    origin = conditional_fetch.origin(context.location, basis, version)
    return context.start(version.sha256, fingerprint, str(masks), origin), fingerprint


def _end_unread(context: RunContext, run: int, fingerprint: str, masks: MaskingVersion) -> NightReport | None:
    """End a run whose feed is in the table already, or whose rules are not approved; None where it is to be read."""
    store, name = context.store, context.dataset.name
    if not context.force and store.ledger.seen(name, fingerprint, context.reading.now):
        return _skip(context, run)
    unapproved = approval.objection(store, name, context.profile_name, context.profile, str(masks))
    return context.hold(run, unapproved) if unapproved else None


def _fail(context: RunContext, run: int, error: BaseException) -> NightReport:
    """End a run that raised ``error``; the ledger has the reason as a sentence."""
    message = fault.message(error, Said("did run {run}", run=run))
    context.store.ledger.fail(run, message)
    return context.report(run, "failed", message)


def _repeat(context: RunContext, repeat: Repeat) -> NightReport:
    """End a run whose source still has the feed of an earlier run."""
    earlier = repeat.run
    run = context.start(earlier.feed_sha256, earlier.fingerprint, earlier.rules_version, repeat.origin)
    return _skip(context, run)


def _skip(context: RunContext, run: int) -> NightReport:
    """End a run whose feed is in the table already; the counts are those of the run that published it."""
    ledger = context.store.ledger
    last, notices = ledger.last_finished(context.dataset.name), tuple(_stale_notices(context))
    ledger.skip(run, notices)
    if last is None:  # somebody emptied the ledger meanwhile
        return context.report(run, "unchanged", "")
    reasons = ledger.reasons(last.id)
    return replace(
        context.report(run, "unchanged", ""),
        objections=notices,
        read=last.read,
        published=last.published,
        unchanged=last.published,
        withheld=last.withheld,
        withheld_reasons=rows_by_reason(reasons, "withheld"),
        quarantined=rows_by_reason(reasons, "quarantined"),
    )


def _stale_notices(context: RunContext) -> Iterator[Objection]:
    """Yield notices where an unchanged feed has been unchanged for too long; an unchanged feed is never held."""
    last = context.baseline()
    newest = last.run.feed.last if last and last.run.feed else None
    for objection in checks.standing_still(last, newest, context.today(), context.feed.guard.stale_days):
        yield replace(objection, holds=False)
