"""Which of the reports that a run received are published, in which order, and why the others wait for staff."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import reduce
from itertools import groupby
from operator import attrgetter
from uuid import UUID

from ckanext.cpdi.errors import Said

NOTICED = "report_noticed"
NO_PERIOD = "report_period"
FUTURE = "report_future"
TWICE = "report_twice"
OLDER = "report_older"
_KINDS = {
    "covered": Said("text under a filled shape"),
    "redaction": Said("a redaction that was never applied"),
    "name": Said("perhaps a name"),
    "phone": Said("a telephone number"),
    "plate": Said("perhaps a licence plate"),
    "birth_date": Said("perhaps a date of birth"),
    "email": Said("an e-mail address"),
}


@dataclass(frozen=True)
class Candidate:
    """A report that no one has decided on. ``end`` is the last day of its period, None where that is not known.

    ``edition`` is which edition its file name says that it is, 1 where it says none; ``places`` are the pages and kinds
    of what was noticed in it and holds it, pages from 1 and 0 for the whole file.
    """

    report: UUID
    end: date | None
    edition: int = 1
    places: tuple[tuple[int, str], ...] = ()


@dataclass(frozen=True)
class Decision:
    """What becomes of a report: it is published, or waits for ``reason``; ``words`` is a sentence for staff."""

    report: UUID
    reason: str = ""
    words: str = ""

    @property
    def publishes(self) -> bool:
        """Whether it is published."""
        return not self.reason


def decide(candidates: Iterable[Candidate], present: Mapping[date, int], today: date) -> list[Decision]:
    """Return a decision for each candidate, those of one period in the order of their editions.

    ``present`` has the edition that the file name of each published period says, by the period's last day; ``today`` is
    the department's day.
    """
    decisions, clear = list[Decision](), list[Candidate]()
    for candidate in candidates:
        reason = _own_reason(candidate, today)
        if reason:
            decisions.append(Decision(candidate.report, *reason))
        else:
            clear.append(candidate)
    by_end = sorted(clear, key=lambda candidate: (candidate.end or today, candidate.edition))
    for end, group in groupby(by_end, key=attrgetter("end")):
        decisions += _of_period(list(group), present.get(end))
    return decisions


def _own_reason(candidate: Candidate, today: date) -> tuple[str, str] | None:
    """Return why a candidate waits, whatever else there is."""
    if candidate.places:
        return NOTICED, _noticed(candidate.places)
    if candidate.end is None:
        return NO_PERIOD, Said("Neither the file's name nor its first page says the period.")
    if candidate.end > today:
        return FUTURE, Said("Its period ends on {day}, which is still to come.", day=candidate.end)
    return None


def _of_period(group: Sequence[Candidate], present: int | None) -> Iterator[Decision]:
    """Yield the decisions on the candidates of one period, whose editions are in order."""
    editions = [candidate.edition for candidate in group]
    if len(set(editions)) < len(group):
        words = Said(
            "{n} files are of this period, and their names do not say which is the later edition.", n=len(group)
        )
        yield from (Decision(candidate.report, TWICE, words) for candidate in group)
        return
    for candidate in group:
        if present is not None and candidate.edition < present:
            words = Said("The edition that is published is a later one by the name of its file.")
            yield Decision(candidate.report, OLDER, words)
        else:
            yield Decision(candidate.report)


def _noticed(places: Iterable[tuple[int, str]]) -> Said:
    """Return on which pages something was noticed, and of which kind; never what it is."""
    pages_of = dict[str, set[int]]()
    for page, kind in places:
        pages_of.setdefault(kind, set()).add(page)
    kinds = [_on_pages(kind, sorted(pages)) for kind, pages in pages_of.items()]
    listed = reduce(lambda before, after: Said("{before}; {after}", before=before, after=after), kinds)
    return Said("Look at it before it is published: {what}.", what=listed)


def _on_pages(kind: str, pages: Sequence[int]) -> Said:
    text = ", ".join(map(str, pages))
    if len(pages) == 1:
        return Said("{kind} on page {pages}", kind=_KINDS[kind], pages=text)
    return Said("{kind} on pages {pages}", kind=_KINDS[kind], pages=text)
