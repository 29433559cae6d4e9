"""One run of one series: its files are read, what is new is published or held, and each file has its outcome.

No error of a source leaves this module as an exception: the run ends as failed, and what it published stays. Whatever
stops a run, the next one goes on where it was.
"""

from __future__ import annotations

import hashlib
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from uuid import UUID

from ckanext.cpdi.declare import Text
from ckanext.cpdi.errors import Said
from ckanext.cpdi.feeds.collections import open_collection
from ckanext.cpdi.fetch_settings import fetch_settings
from ckanext.cpdi.pipeline import fault
from ckanext.cpdi.pipeline.context import RunContext
from ckanext.cpdi.pipeline.report import NightReport
from ckanext.cpdi.pipeline.reports import shelf
from ckanext.cpdi.pipeline.reports.decision import Candidate, Decision, decide
from ckanext.cpdi.pipeline.reports.intake import LIMITS, Intake
from ckanext.cpdi.pipeline.reports.reading import Reading, Seen
from ckanext.cpdi.pipeline.stopwatch import peak_mb
from ckanext.cpdi.store import Objection
from ckanext.cpdi.store.ledger.record import RunState
from ckanext.cpdi.store.reports import FileOutcome, Held, Known

WAITING = "report_waiting"
WITHDRAWN = "report_withdrawn"
_ONE_HELD = Text("{n} report waits until staff have looked at it.", "{n} informe espera a que el personal lo mire.")
_SEVERAL_HELD = Text("{n} reports wait for staff.", "{n} informes esperan al personal.")
_ONE_REFUSED = Text(
    "{n} file is no report that can be published.", "{n} archivo no es un informe que se pueda publicar."
)
_SEVERAL_REFUSED = Text("{n} files are no reports.", "{n} archivos no son informes.")
_WORDS = {
    WAITING: Said("It waits for staff."),
    WITHDRAWN: Said("Staff withdrew this report, so the same file is not taken again."),
}
_MOST_BYTES = 4 * LIMITS.size
"""Bytes of a file that is fetched to be examined; that says in its own words where one is too large."""


def run_series(context: RunContext) -> NightReport:
    """Take the files at the run's location into its series; return the report.

    A file that came before is passed over. Of the new ones, those are published in which nothing was noticed and whose
    period is known; the others wait for staff.
    """
    run = context.start()
    try:
        shelf.settle(context.store, context.dataset.name)
        intake = Intake(context.dataset, context.profile)
        location = context.location
        settings = fetch_settings("" if not isinstance(location, str) else location)
        with open_collection(location, settings, _MOST_BYTES) as entries:
            reading = Reading(context, run, intake)
            files = reading.read(entries)
        with context.stopwatch.stage("publish"):
            outcomes = _decide(context, intake, files, reading.known)
        state = context.store.reports.end(run, outcomes, context.stopwatch.stages, peak_mb())
        return _report(context, run, state, outcomes)
    except Exception as error:
        message = fault.message(error, Said("did run {run}", run=run))
        context.store.ledger.fail(run, message)
        return context.report(run, "failed", message)


def _decide(context: RunContext, intake: Intake, files: list[Seen], known: Mapping[str, Known]) -> list[FileOutcome]:
    """Publish what can be published; return the outcome of each file, and of what a run that broke off left behind."""
    store, series = context.store, context.dataset.name
    recorded = store.intake.outcomes(series)
    editions = [report for report in store.reports.published(series) if report.run and report.id not in recorded]
    named = _named_anew(context, intake, files)
    held = [
        report
        for report in store.reports.held(series)
        if (report.run and report.id not in recorded) or report.id in named
    ]
    decisions = {decision.report: decision for decision in _decisions(context, intake, held)}
    shelf.publish(store, series, [decision.report for decision in decisions.values() if decision.publishes])
    left = _left_behind([*editions, *held], files)
    fresh = {report.id: decisions.get(report.id, Decision(report.id)) for report in (*editions, *held)}
    return list(_outcomes([*files, *left], store.reports.known(series) | _refused(known), fresh, recorded))


def _named_anew(context: RunContext, intake: Intake, files: Iterable[Seen]) -> set[UUID]:
    """Give reports that lack a period the one that a name of their file says; return those reports.

    So a file that waits because its name says nothing is mended by another name, or by a copy under one.
    """
    store, named = context.store, set[UUID]()
    names = defaultdict[str, list[str]](list)
    for file in files:
        names[file.sha256].append(file.name)
    for report in store.reports.held(context.dataset.name):
        periods = {period for name in names[report.sha256] if (period := intake.period(name))}
        if report.period_end is None and len({(period.start, period.end) for period in periods}) == 1:
            period = periods.pop()
            store.reports.set_period(report.id, period.start, period.end)
            named.add(report.id)
    return named


def _decisions(context: RunContext, intake: Intake, held: Iterable[Held]) -> list[Decision]:
    """Return the decisions on reports that no run has decided on yet."""
    reports = context.store.reports
    held = list(held)
    ends = {report.period_end for report in held}
    present = [
        report
        for report in reports.published(context.dataset.name)
        if report.present and report.period_end and report.period_end in ends
    ]
    editions = _editions(context, intake, [*held, *present])
    noticed = reports.notices_of([report.id for report in held])
    candidates = [
        Candidate(
            report.id,
            report.period_end,
            editions[report.id],
            tuple((notice.page, notice.kind) for notice in noticed.get(report.id, ()) if notice.holds),
        )
        for report in held
    ]
    by_end = {report.period_end: editions[report.id] for report in present if report.period_end}
    return decide(candidates, by_end, context.today())


def _editions(context: RunContext, intake: Intake, reports: Iterable[Held]) -> dict[UUID, int]:
    """Return which edition the name of each report's file says that it is, 1 where it says none."""
    named = {report.id: report.file_name for report in reports}
    pages = context.store.reports.first_pages(list(named))
    periods = {report: intake.period(name, pages.get(report, "")) for report, name in named.items()}
    return {report: period.edition if period else 1 for report, period in periods.items()}


def _left_behind(reports: Iterable[Held], files: Iterable[Seen]) -> list[Seen]:
    """Return the reports of a run that broke off whose files this run did not meet."""
    met = {file.sha256 for file in files}
    return [Seen(report.file_name, report.sha256) for report in reports if report.sha256 not in met]


def _refused(known: Mapping[str, Known]) -> dict[str, Known]:
    return {sha256: entry for sha256, entry in known.items() if entry.state == "refused"}


def _outcomes(
    files: Iterable[Seen],
    known: Mapping[str, Known],
    fresh: Mapping[UUID, Decision],
    recorded: Mapping[UUID, FileOutcome],
) -> Iterator[FileOutcome]:
    """Yield what became of each file; ``fresh`` are the reports that this run, or one that broke off, brought."""
    counted = set[UUID]()
    for file in files:
        if file.code:
            yield FileOutcome(file.name, file.sha256, "quarantined", file.code, file.words)
            continue
        state = known[file.sha256]
        report = state.report
        if state.state == "refused" or report is None:
            yield FileOutcome(file.name, file.sha256, "quarantined", state.code, state.reason)
        elif state.state == "withdrawn":
            yield FileOutcome(file.name, file.sha256, "quarantined", WITHDRAWN, _WORDS[WITHDRAWN], report)
        elif state.state == "held":
            reason, words = _why_held(report, fresh, recorded)
            yield FileOutcome(file.name, file.sha256, "withheld", reason, words, report)
        else:
            new = report in fresh and report not in counted
            counted.add(report)
            yield FileOutcome(file.name, file.sha256, "published" if new else "unchanged", report=report)


def _why_held(report: UUID, fresh: Mapping[UUID, Decision], recorded: Mapping[UUID, FileOutcome]) -> tuple[str, str]:
    """Return the reason why a report waits, and the sentence for staff."""
    if report in fresh:
        return fresh[report].reason, fresh[report].words
    before = recorded.get(report)
    return (before.reason, before.words) if before and before.reason else (WAITING, _WORDS[WAITING])


def _report(context: RunContext, run: int, state: RunState, outcomes: list[FileOutcome]) -> NightReport:
    counts = Counter(outcome.outcome for outcome in outcomes)
    reasons = {
        kind: dict(Counter(outcome.reason for outcome in outcomes if outcome.outcome == kind))
        for kind in ("withheld", "quarantined")
    }
    return replace(
        context.report(run, state, ""),
        read=len(outcomes),
        published=counts["published"] + counts["unchanged"],
        added=counts["published"],
        unchanged=counts["unchanged"],
        withheld=counts["withheld"],
        withheld_reasons=reasons["withheld"],
        quarantined=reasons["quarantined"],
        stages=dict(context.stopwatch.stages),
        objections=tuple(_notices(outcomes)),
    )


def _notices(outcomes: Iterable[FileOutcome]) -> Iterator[Objection]:
    """Yield what staff are told of: that files wait or were refused, how many, and nothing of what is in them."""
    listed = list(outcomes)
    for kind, code, single, several in (
        ("withheld", "reports_held", _ONE_HELD, _SEVERAL_HELD),
        ("quarantined", "reports_refused", _ONE_REFUSED, _SEVERAL_REFUSED),
    ):
        files = sorted(f"{file.sha256} {file.file_name}" for file in listed if file.outcome == kind)
        if files:
            stands_for = hashlib.sha256("\n".join(files).encode()).hexdigest()[:16]
            said = single if len(files) == 1 else several
            english, spanish = (said.get(language).format(n=len(files)) for language in ("en", "es"))
            yield Objection(code, english, field=stands_for, holds=False, spanish=spanish)
