"""One run of one dataset: the feed is fetched, opened, checked, masked and loaded, and every row is accounted for.

No error of a feed leaves this module as an exception: the run ends as failed or held, the table stays unchanged, and
the ledger has the reason.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import replace

from polars.exceptions import PanicException

from ckanext.cpdi import config
from ckanext.cpdi.declare import Profile, SyncRule
from ckanext.cpdi.feeds import Version, open_feed
from ckanext.cpdi.pipeline import approval, checks, clock, conditional_fetch, fault
from ckanext.cpdi.pipeline.conditional_fetch import Location, Repeat
from ckanext.cpdi.pipeline.context import RunContext
from ckanext.cpdi.pipeline.places import places
from ckanext.cpdi.pipeline.report import NightReport, rows_by_reason
from ckanext.cpdi.pipeline.stopwatch import Stopwatch
from ckanext.cpdi.pipeline.table_load import OpenFeed, load_table
from ckanext.cpdi.rows import make_plan
from ckanext.cpdi.rows.version import MaskingVersion
from ckanext.cpdi.store import DenyListChanged, Objection

FAULTS = (Exception, PanicException)
"""Everything that a step of a run may raise; a panic of Polars is no Exception."""


def run_night(
    dataset_name: str,
    location: str,
    profile: Profile,
    *,
    label: str,
    trusted_path: bool = False,
    force: bool = False,
    rule: SyncRule | None = None,
    profile_name: str = "",
) -> NightReport:
    """Load the feed at ``location`` into the table of ``dataset_name``.

    ``location`` is an address that a harvest source may name, or, with ``trusted_path``, a path of this machine that
    the operator gave. ``label`` is the ledger's name for the feed. A feed that was published before, by the same rules,
    is not fetched or read again unless an embargo ended since, or ``force`` is set. ``rule`` overrides the profile's
    rule for rows that the feed lacks. ``profile_name`` is the name by which the profile was chosen, empty for the
    site's own.
    """
    with config.store() as store:
        context = RunContext(
            dataset=config.library().dataset(dataset_name),
            profile=profile,
            store=store,
            location=Location(location, trusted_path),
            label=label,
            force=force,
            rule=rule or profile.feed(dataset_name).rule,
            stopwatch=Stopwatch(),
            reading=clock.read(store),
            last_clock=store.ledger.last_clock(),
            profile_name=profile_name,
        )
        return _run(context)


def _run(context: RunContext) -> NightReport:
    """Fetch the feed and open it; a feed that cannot be fetched or read is a failed run.

    Where the clock may be wrong, nothing is fetched: the run is held.
    """
    wrong = clock.objection(context.reading, context.last_clock)
    if wrong:
        return context.hold(context.start(), wrong)
    try:
        with context.stopwatch.stage("fetch"):
            feed = conditional_fetch.fetch_feed(
                context.store, context.dataset, context.profile, context.location, context.rule, force=context.force
            )
        if isinstance(feed, Repeat):
            return _repeat(context, feed)
        with feed as spool, ExitStack() as stack:
            with context.stopwatch.stage("open"):
                reader = open_feed(spool, context.feed)
                plan = make_plan(context.dataset, context.profile, config.secret(), reader.headers)
            with context.stopwatch.stage("places"):
                run_places = stack.enter_context(places(config.places_path(context.profile.name), reader, plan))
            masks = MaskingVersion.of(context.dataset, context.profile, run_places.places)
            return _load(context, spool.version, OpenFeed(reader, plan, run_places, masks))
    except FAULTS as error:
        return _fail(context, context.start(), error)


def _load(context: RunContext, version: Version, feed: OpenFeed) -> NightReport:
    """Load an open feed, unless the ledger has it already or its rules are not approved."""
    store, name = context.store, context.dataset.name
    masks = feed.masks
    basis = conditional_fetch.basis(masks, context.rule, store.privacy.changes())
    fingerprint = conditional_fetch.fingerprint(version.sha256, basis)
    origin = conditional_fetch.origin(context.location, basis, version)
    run = context.start(version.sha256, fingerprint, str(masks), origin)
    try:
        if not context.force and store.ledger.seen(name, fingerprint, context.reading.now):
            return _skip(context, run)
        unapproved = approval.objection(store, name, context.profile_name, context.profile, str(masks))
        if unapproved:
            return context.hold(run, unapproved)
        released = store.ledger.released(name, version.sha256)
        try:
            return load_table(context, run, feed, released)
        except DenyListChanged:
            return load_table(context, run, feed, released)
    except FAULTS as error:
        return _fail(context, run, error)


def _fail(context: RunContext, run: int, error: BaseException) -> NightReport:
    """End a run that raised ``error``; the ledger has the reason as a sentence."""
    message = fault.message(error, f"did run {run}")
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
