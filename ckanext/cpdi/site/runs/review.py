"""What staff see of a run beside everybody: why it was held, exact counts, and the lines that were set aside."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from ckanext.cpdi.declare import Profile
from ckanext.cpdi.site import words
from ckanext.cpdi.site.runs import reasons

if TYPE_CHECKING:
    from ckanext.cpdi.store import Objection, Reason, RunRow, Store
    from ckanext.cpdi.store.ledger.objection import Measure
    from ckanext.cpdi.store.ledger.record import Line

PER_PAGE = 100
FIRST = 8
"""Lines of a reason that stand beside it."""


@dataclass(frozen=True)
class Difference:
    """One thing that spoke against a run; ``holds`` is False for a mere notice."""

    text: str
    field: str
    before: str
    after: str
    holds: bool


@dataclass(frozen=True)
class ReasonRow:
    """Rows of one reason and field, exactly; ``code`` is how links and the CSV name the reason."""

    code: str
    text: str
    field: str
    outcome: str
    rows: str
    lines: str
    """The first lines that were set aside for it."""


@dataclass(frozen=True)
class LineRow:
    """A line of the feed that was set aside."""

    line: str
    text: str
    field: str


@dataclass(frozen=True)
class Lines:
    """A page of lines; ``reason`` is the code that they are chosen by, if any, ``counted`` how many there are."""

    rows: tuple[LineRow, ...]
    reason: str
    page: int
    pages: int
    counted: str


@dataclass(frozen=True)
class Review:
    """The part of a run's page that is for staff."""

    feed: str
    message: str
    differences: tuple[Difference, ...]
    releasable: bool
    released: str
    counts: tuple[tuple[str, str], ...]
    """Names of the ledger's columns with their exact numbers; a held run has no rows published, but would have."""
    reasons: tuple[ReasonRow, ...]
    lines: Lines


_COUNTS = ("read", "published", "withheld", "quarantined", "added", "changed", "removed", "unchanged")


def describe(store: Store, run: RunRow, profile: Profile, reason: str, page: int, language: str) -> Review:
    """Return what staff see of ``run``, with one ``page`` of its lines, of one ``reason`` or of all."""
    first, reasons = store.quarantine.first_lines(run.id, FIRST + 1), store.ledger.reasons(run.id)
    return Review(
        feed=run.feed_label,
        message=run.message,
        differences=tuple(_difference(one, language) for one in run.objections),
        releasable=run.state == "held" and run.released is None,
        released=words.moment(run.released, profile.zone, language) if run.released else "",
        counts=tuple((_named(name, run), words.number(getattr(run, name), language)) for name in _COUNTS),
        reasons=tuple(_reason(one, first.get((one.reason, one.field), []), language) for one in reasons),
        lines=_lines(store, run.id, reason, page, language),
    )


def _named(name: str, run: RunRow) -> str:
    return "would_publish" if name == "published" and run.state == "held" else name


def _lines(store: Store, run: int, reason: str, page: int, language: str) -> Lines:
    counted = store.quarantine.count(run, reason)
    pages = max(1, -(-counted // PER_PAGE))
    shown = min(max(page, 1), pages)
    found = store.quarantine.lines(run, reason, PER_PAGE, (shown - 1) * PER_PAGE)
    rows = tuple(
        LineRow(words.number(one.line, language), reasons.text(one.reason, language), one.field) for one in found
    )
    return Lines(rows, reason, shown, pages, words.number(counted, language))


def as_csv(lines: list[Line]) -> str:
    """Return lines as CSV: number, reason and field, which are codes of ours, so that no cell needs quotes."""
    return "".join(["line,reason,field\n", *(f"{one.line},{one.reason},{one.field}\n" for one in lines)])


def _difference(one: Objection, language: str) -> Difference:
    return Difference(one.text, one.field, _measure(one.before, language), _measure(one.after, language), one.holds)


def _measure(value: Measure, language: str) -> str:
    """Return a count as a number, a share in percent, a day as it stands."""
    if isinstance(value, float):
        return words.share(value, language)
    return words.number(value, language) if isinstance(value, int) else value or ""


def _reason(one: Reason, first: list[int], language: str) -> ReasonRow:
    numbers = [words.number(line, language) for line in first[:FIRST]] + ["…"] * (len(first) > FIRST)
    return ReasonRow(
        code=one.reason,
        text=reasons.text(one.reason, language),
        field=one.field,
        outcome=one.outcome,
        rows=words.number(one.rows, language),
        lines=" · ".join(numbers) if one.outcome == "quarantined" else "",
    )
