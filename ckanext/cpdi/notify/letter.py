"""The text of mails to staff: the event, the differences, what to do, and the address of the page."""

from __future__ import annotations

from collections.abc import Sequence

from ckanext.cpdi import addresses
from ckanext.cpdi.declare import Dataset
from ckanext.cpdi.pipeline.report import NightReport

_HEADS = {
    "held": ("{title}: run {run} is held", "Run {run} of {title} is held: its feed looks unlike that of the last run."),
    "failed": ("{title}: run {run} failed", "Run {run} of {title} failed."),
    "still": ("{title}: the feed stands still", "The feed of {title} brings nothing new."),
    "reports": ("{title}: files for you to look at", "Run {run} of {title} left files for you to look at."),
    "well": ("{title}: in order again", "Run {run} of {title} went well: all is in order again."),
    "files": ("{title}: files are behind", "The files or the page of {title} do not follow its table."),
    "files well": ("{title}: files are up to date again", "Files and page of {title} follow its table again."),
    "full": ("{title}: no full feed for {days} days", "The last full feed of {title} came {days} days ago."),
    "full well": ("{title}: a full feed came", "{title} has had a full feed: all is in order again."),
}
_NEXT = {
    "held": (
        "What was published before stays as it is. If the differences are right, release the run on its page, and it is"
        " published. If not, have the export mended: the next good feed goes through by itself."
    ),
    "failed": "What was published before stays as it is. The next run tries again by itself.",
    "still": "What was published before stays as it is. Ask whoever makes the export.",
    "reports": (
        "Nothing of them is on the portal. The page of the run names each file and says why; from there you publish it"
        " or refuse it."
    ),
    "well": "",
    "files": "Readers have what was there. Every `ckan cpdi tick` tries again; `ckan cpdi build` does so at once.",
    "files well": "",
    "full": (
        "The feeds since then hold the last days, or what changed. Rows that the department removed or renumbered"
        " since, and that those feeds cannot tell, are still published. Ask for an export of everything."
    ),
    "full well": "",
}
_LEFT = ("reports_held", "reports_refused")
"""Codes of the notices of a run that left files."""
_NUMBERS = 20
"""Numbers of reported errors that a mail names, the latest of them."""
_ERRATA_SUBJECT = "Reported errors that wait: {n}"
_ERRATA = "Errors in the data that readers reported and that nobody has looked at: {n} ({numbers})."
_ERRATA_FOOT = (
    "What the readers wrote stands on the portal alone. This mail comes at most once an hour, and after a week where"
    " they still wait. Who gets it: the addresses of ckanext.cpdi.alert_to, or else the admins of the organization."
)
_FOOT = (
    "This mail comes once for each change, and again after a week. Who gets it: the addresses of ckanext.cpdi.alert_to,"
    " or else the admins of the organization."
)


def write(report: NightReport, dataset: Dataset, trouble: bool) -> tuple[str, str]:
    """Return subject and body of the mail about a run; ``trouble`` is False where an earlier problem is over."""
    kind = _kind(report) if trouble else "well"
    words = {"title": dataset.title.en, "run": report.run}
    subject, begin = (head.format(**words) for head in _HEADS[kind])
    page = addresses.url(f"/status/runs/{report.run}")
    parts = [begin, _reasons(report, kind), _NEXT[kind], page, _FOOT]
    return subject, "\n\n".join(part for part in parts if part) + "\n"


def write_state(dataset: Dataset, kind: str, problem: str = "", days: int = 0) -> tuple[str, str]:
    """Return subject and body of the mail about files or full feeds of ``dataset``; ``kind`` is a key of ``_HEADS``."""
    subject, begin = (head.format(title=dataset.title.en, days=days) for head in _HEADS[kind])
    page = addresses.url(f"/status/{dataset.name}")
    return subject, "\n\n".join(part for part in (begin, problem, _NEXT[kind], page, _FOOT) if part) + "\n"


def write_errata(numbers: Sequence[int]) -> tuple[str, str]:
    """Return subject and body of the mail about reported errors that wait, which are ``numbers``, at least one.

    It has nothing of what the visitors wrote, and not who they are.
    """
    shown = ", ".join(f"no. {number}" for number in numbers[-_NUMBERS:])
    parts = [_ERRATA.format(n=len(numbers), numbers=shown), addresses.url("/status/corrections"), _ERRATA_FOOT]
    return _ERRATA_SUBJECT.format(n=len(numbers)), "\n\n".join(parts) + "\n"


def left_files(report: NightReport) -> bool:
    """Return whether a run of a series left files for staff."""
    return any(objection.code in _LEFT for objection in report.objections)


def _kind(report: NightReport) -> str:
    """Return of which kind the trouble of a run is, a key of ``_HEADS``."""
    if report.state in ("held", "failed"):
        return report.state
    return "reports" if left_files(report) else "still"


def _reasons(report: NightReport, kind: str) -> str:
    """Return the objections, one a line; the ledger's message where the run failed."""
    if kind == "failed":
        return report.message
    return "" if kind == "well" else "\n".join(f"- {objection.text}" for objection in report.objections)
