"""Notifies staff by mail: of held and failed runs, stale feeds, files behind their table, missing full feeds, figures
in reports that do not add up, and when each of these is over.

In: a run's report, or a state. Out: a mail to each address for a change of state, again after a week; it never has a
value of the feed. An error here never affects a run, which has ended before: it is a line in the log.
"""

from __future__ import annotations

import contextvars
import hashlib
import logging
import re
import threading
from collections.abc import Callable, Iterable
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import TypeAlias

import ckan.plugins.toolkit as tk
from ckan import model

from ckanext.cpdi import config
from ckanext.cpdi.declare.erratum import FIRST
from ckanext.cpdi.notify import letter
from ckanext.cpdi.pipeline.report import NightReport
from ckanext.cpdi.reports.tables import ReportFaults, read_faults
from ckanext.cpdi.store.ledger.alerts import Topic

log = logging.getLogger(__name__)

Write: TypeAlias = Callable[[str], tuple[str, str]]
"""Gives subject and body of a mail in a language."""
AGAIN_AFTER = timedelta(days=7)
"""How long a state lasts before staff are notified again."""
ERRATA_AFTER = timedelta(hours=1)
"""How long staff are not told of further errors that were reported."""
PATIENCE_SECONDS = 15
"""How long a run's process waits for the mail server."""


def tell(report: NightReport) -> None:
    """Notify staff of the run's state, unless they were notified of it before."""
    _quietly(report.dataset, lambda: _tell(report))


def signature(report: NightReport) -> str:
    """Return a text that is the same for two runs in the same state; it is empty for a good run.

    Numbers in a message do not count, since they differ from run to run.
    """
    kinds = sorted(f"{objection.code} {objection.field}".strip() for objection in report.objections)
    if report.state == "held" and kinds:
        return f"held: {', '.join(kinds)}"
    if report.state in ("held", "failed"):
        return f"{report.state}: {hashlib.sha256(re.sub(r'[0-9]+', '#', report.message).encode()).hexdigest()[:16]}"
    if any(objection.code == "stale" for objection in report.objections):
        return "stands still"
    return f"files: {', '.join(kinds)}" if letter.left_files(report) else ""


def tell_files(dataset: str, problem: str) -> None:
    """Notify staff that files or page of ``dataset`` are behind, or, without ``problem``, up to date again."""
    kind = "files" if problem else "files well"
    _quietly(dataset, lambda: _change(dataset, "files", problem and "behind", 0, _state(dataset, kind, problem)))


def tell_full(dataset: str, days: int) -> None:
    """Notify staff that ``dataset`` has had no full feed for ``days`` days, or, with 0, that one came."""
    kind, state = ("full", "missing") if days else ("full well", "")
    _quietly(dataset, lambda: _change(dataset, "full", state, 0, _state(dataset, kind, days=days)))


def tell_figures(series: str) -> None:
    """Notify staff of figures in reports of ``series`` that do not add up, or that all do again: once for each change.

    A report that is years old may never be corrected, so that there is no reminder.
    """
    _quietly(series, lambda: _tell_figures(series))


def tell_errata() -> None:
    """Notify staff of reported errors that nobody has looked at: once an hour of new ones, once a week of old ones."""
    _quietly("reported errors", _tell_errata)


def _tell_figures(series: str) -> None:
    faults = read_faults(config.faults_path(series))
    facts = [(str(report.end), report.edition, report.held, len(report.faults)) for report in faults if report.faults]
    state = hashlib.sha256(repr(facts).encode()).hexdigest()[:16] if facts else ""
    write = partial(letter.write_figures, config.library().dataset(series), _figures(faults))
    _change(series, "figures", state, 0, write, again=False)


def _figures(faults: Iterable[ReportFaults]) -> letter.HeldFigures:
    faulty = [report for report in faults if report.faults]
    return letter.HeldFigures(sum(report.held for report in faulty), len(faulty))


def _tell_errata() -> None:
    with config.store() as store:
        waiting = [erratum.number for erratum in store.errata.waiting() if erratum.state == FIRST]
        last = store.alerts.last("", "errata")
        if not waiting:
            return
        if last is not None:
            new = waiting[-1] > int(last.signature)
            if datetime.now(UTC) - last.sent < (ERRATA_AFTER if new else AGAIN_AFTER):
                return
        addresses = recipients()
        if addresses and _within(PATIENCE_SECONDS, _sending(addresses, partial(letter.write_errata, waiting))):
            store.alerts.remember("", str(waiting[-1]), 0, "errata")


def _quietly(dataset: str, work: Callable[[], None]) -> None:
    """Do ``work``; log any error, since the run itself is not affected."""
    try:
        work()
    except Exception:
        log.exception("%s: staff could not be told", dataset)


def _state(dataset: str, kind: str, problem: str = "", days: int = 0) -> Write:
    return partial(letter.write_state, config.library().dataset(dataset), kind, problem, days)


def _tell(report: NightReport) -> None:
    state, dataset = signature(report), config.library().dataset(report.dataset)
    figures = _figures(read_faults(config.faults_path(report.dataset)))
    _change(report.dataset, "run", state, report.run, partial(letter.write, report, dataset, bool(state), figures))


def _change(dataset: str, topic: Topic, state: str, run: int, write: Write, *, again: bool = True) -> None:
    """Send the mail of ``write`` where ``state`` is new, or, with ``again``, its last mail is a week old.

    An empty ``state`` stands for all is well.
    """
    with config.store() as store:
        last = store.alerts.last(dataset, topic)
        if last is None and not state:
            return
        is_recent = last is not None and datetime.now(UTC) - last.sent < AGAIN_AFTER
        if last is not None and last.signature == state and (is_recent or not again):
            return
        addresses = recipients()
        if not addresses:
            log.warning("%s: nobody to tell; set ckanext.cpdi.alert_to", dataset)
            return
        if _within(PATIENCE_SECONDS, _sending(addresses, write)):
            if state:
                store.alerts.remember(dataset, state, run, topic)
            else:
                store.alerts.forget(dataset, topic)


def recipients() -> tuple[str, ...]:
    """Return the addresses of ``ckanext.cpdi.alert_to``, else those of the organization's admins."""
    declared = config.alert_to()
    if declared:
        return declared
    admins = (
        model.Session.query(model.User.email)
        .join(model.Member, model.Member.table_id == model.User.id)
        .join(model.Group, model.Group.id == model.Member.group_id)
        .filter(
            model.Group.name == config.organization(),
            model.Member.table_name == "user",
            model.Member.capacity == "admin",
            model.Member.state == "active",
            model.User.state == "active",
        )
    )
    return tuple(sorted({email for (email,) in admins if email}))


def _sending(addresses: Iterable[str], write: Write) -> Callable[[], None]:
    """Return what sends the mail to each address, in the language of that address; CKAN's settings are read here.

    It raises MailerException, or what the network raises.
    """
    from ckan.lib.mailer import mail_recipient

    title, mails = tk.config["ckan.site_title"], [(address, *write(language_of(address))) for address in addresses]

    def send() -> None:
        for address, subject, body in mails:
            mail_recipient(title, address, subject, body)

    return send


def language_of(address: str) -> str:
    """Return the language of mails to an address: what the settings say of it, else that of the portal."""
    language = config.mail_languages().get(address.lower()) or str(tk.config["ckan.locale_default"])
    return "es" if language[:2] == "es" else "en"


def _within(seconds: float, work: Callable[[], None]) -> bool:
    """Do ``work`` in a thread, since CKAN's mailer waits without limit; return whether it succeeded in time."""
    finished: list[bool] = []

    def run() -> None:
        try:
            work()
            finished.append(True)
        except Exception as error:
            log.warning("the mail could not be sent: %s", type(error).__name__)

    context = contextvars.copy_context()  # CKAN keeps its configuration there
    thread = threading.Thread(target=context.run, args=(run,), name="cpdi-mail", daemon=True)
    thread.start()
    thread.join(seconds)
    if thread.is_alive():
        log.warning("the mail server did not answer within %d seconds", seconds)
    return bool(finished)
