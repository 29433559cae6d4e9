"""Tells staff by mail of a run that is held or failed, of a feed that stands still, of files that stay behind their
table, of full feeds that do not come, and when all is well again.

In: a run's report, or a state. Out: one mail to each address for a change of state, again after a week; never a value
of the feed.
Nothing that happens here reaches the run: it has ended, and a mail server that is away is a line in the log.
"""

from __future__ import annotations

import contextvars
import hashlib
import logging
import re
import threading
from collections.abc import Callable, Iterable
from datetime import UTC, datetime, timedelta

import ckan.plugins.toolkit as tk
from ckan import model

from ckanext.cpdi import config
from ckanext.cpdi.notify import letter
from ckanext.cpdi.pipeline.report import NightReport
from ckanext.cpdi.store.ledger.alerts import Topic

log = logging.getLogger(__name__)

AGAIN_AFTER = timedelta(days=7)
"""How long a state lasts before staff are told of it again."""
PATIENCE_SECONDS = 15
"""How long a run's process waits for the mail server."""


def tell(report: NightReport) -> None:
    """Tell staff of the run's state where they do not know it yet."""
    _quietly(report.dataset, lambda: _tell(report))


def signature(report: NightReport) -> str:
    """Return what the state of a run amounts to; the same state has the same text, a good run an empty one.

    Numbers in a message differ from night to night and make no other state.
    """
    kinds = sorted(f"{one.code} {one.field}".strip() for one in report.objections)
    if report.state == "held":
        return f"held: {', '.join(kinds)}"
    if report.state == "failed":
        return f"failed: {hashlib.sha256(re.sub(r'[0-9]+', '#', report.message).encode()).hexdigest()[:16]}"
    return "stands still" if any(one.code == "stale" for one in report.objections) else ""


def tell_files(dataset: str, problem: str) -> None:
    """Tell staff that files or page of ``dataset`` do not follow its table, or, without a ``problem``, that they do."""
    kind = "files" if problem else "files well"
    _quietly(
        dataset, lambda: _change(dataset, "files", problem and "behind", 0, lambda: _state(dataset, kind, problem))
    )


def tell_full(dataset: str, days: int) -> None:
    """Tell staff that ``dataset`` has had no full feed for so many days, or, with 0, that it has."""
    kind, state = ("full", "missing") if days else ("full well", "")
    _quietly(dataset, lambda: _change(dataset, "full", state, 0, lambda: _state(dataset, kind, days=days)))


def _quietly(dataset: str, work: Callable[[], None]) -> None:
    """Do ``work``; what goes wrong is a line in the log, since what is told of has happened all the same."""
    try:
        work()
    except Exception:
        log.exception("%s: staff could not be told", dataset)


def _state(dataset: str, kind: str, problem: str = "", days: int = 0) -> tuple[str, str]:
    return letter.write_state(config.library().dataset(dataset), kind, problem, days)


def _tell(report: NightReport) -> None:
    state, dataset = signature(report), config.library().dataset(report.dataset)
    _change(report.dataset, "run", state, report.run, lambda: letter.write(report, dataset, bool(state)))


def _change(dataset: str, topic: Topic, state: str, run: int, write: Callable[[], tuple[str, str]]) -> None:
    """Send what ``write`` gives (subject, body) where staff do not know of ``state``, which is empty where all is well,
    or were told of it a week ago.
    """
    with config.store() as store:
        known = store.alerts.last(dataset, topic)
        if known is None and not state:
            return
        if known is not None and known.signature == state and datetime.now(UTC) - known.sent < AGAIN_AFTER:
            return
        addresses = recipients()
        if not addresses:
            log.warning("%s: nobody to tell; set ckanext.cpdi.alert_to", dataset)
            return
        subject, body = write()
        if _within(PATIENCE_SECONDS, lambda: _send(addresses, subject, body)):
            if state:
                store.alerts.remember(dataset, state, run, topic)
            else:
                store.alerts.forget(dataset, topic)


def recipients() -> tuple[str, ...]:
    """Return the addresses of ``ckanext.cpdi.alert_to``, else those of the organization's admins."""
    declared = config.alert_to()
    if declared:
        return declared
    found = (
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
    return tuple(sorted({email for (email,) in found if email}))


def _send(addresses: Iterable[str], subject: str, body: str) -> None:
    """Send the mail to each address; raise MailerException, or what the network raises."""
    from ckan.lib.mailer import mail_recipient

    for address in addresses:
        mail_recipient(tk.config["ckan.site_title"], address, subject, body)


def _within(seconds: float, work: Callable[[], None]) -> bool:
    """Do ``work`` in a thread; return whether it came to a good end in time. CKAN's mailer waits without limit."""
    done: list[bool] = []

    def run() -> None:
        try:
            work()
            done.append(True)
        except Exception as error:
            log.warning("the mail could not be sent: %s", type(error).__name__)

    context = contextvars.copy_context()  # CKAN keeps its configuration there
    thread = threading.Thread(target=context.run, args=(run,), name="cpdi-mail", daemon=True)
    thread.start()
    thread.join(seconds)
    if thread.is_alive():
        log.warning("the mail server did not answer within %d seconds", seconds)
    return bool(done)
