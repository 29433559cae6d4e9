"""The staff's part of a run's page: why it was held, exact counts, and the lines that were set aside."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING

from ckanext.cpdi.declare import Profile
from ckanext.cpdi.site import words
from ckanext.cpdi.site.runs import reasons
from ckanext.cpdi.site.runs.sentence import Sentence

if TYPE_CHECKING:
    from ckanext.cpdi.store import Objection, Reason, RunRow, Store
    from ckanext.cpdi.store.ledger.objection import Measure
    from ckanext.cpdi.store.ledger.record import Line

PER_PAGE = 100
FIRST = 8
"""How many line numbers are shown beside a reason."""


@dataclass(frozen=True)
class Difference:
    """An objection to a run; ``holds`` is False for a mere notice."""

    text: str
    field: str
    before: str
    after: str
    holds: bool


@dataclass(frozen=True)
class ReasonRow:
    """The exact number of rows of one reason and field; ``code`` names the reason in links and in the CSV."""

    code: str
    text: str
    field: str
    outcome: str
    rows: str
    lines: str
    """The numbers of the first lines that were set aside for it."""


@dataclass(frozen=True)
class LineRow:
    """A line of the feed that was set aside."""

    line: str
    text: str
    field: str


@dataclass(frozen=True)
class Lines:
    """A page of lines; ``reason`` is the code that they are filtered by, if any, ``counted`` their number in all."""

    rows: tuple[LineRow, ...]
    reason: str
    page: int
    pages: int
    counted: str


@dataclass(frozen=True)
class Review:
    """The part of a run's page that is for staff."""

    feed: str
    message: Sentence
    """Why the run failed or is held."""
    differences: tuple[Difference, ...]
    releasable: bool
    released: str
    counts: tuple[tuple[str, str], ...]
    """Names of the ledger's columns with their exact numbers; for a held run, ``would_publish`` for ``published``. Then
    how true its places are."""
    reasons: tuple[ReasonRow, ...]
    lines: Lines


_COUNTS = ("read", "published", "withheld", "quarantined", "added", "changed", "removed", "unchanged")


def describe(store: Store, run: RunRow, profile: Profile, reason: str, page: int, language: str) -> Review:
    """Return the staff's part of ``run``, with a ``page`` of its lines; an empty ``reason`` stands for all."""
    first_lines, run_reasons = store.quarantine.first_lines(run.id, FIRST + 1), store.ledger.reasons(run.id)
    return Review(
        feed=run.feed_label,
        message=Sentence.of(run.message, language),
        differences=tuple(_difference(objection, language) for objection in run.objections),
        releasable=run.state == "held" and run.released is None,
        released=words.moment(run.released, profile.zone, language) if run.released else "",
        counts=(
            *((_count_name(name, run), words.number(getattr(run, name), language)) for name in _COUNTS),
            *_place_counts(run, language),
        ),
        reasons=tuple(_reason(rows, first_lines.get((rows.reason, rows.field), []), language) for rows in run_reasons),
        lines=_lines(store, run.id, reason, page, language),
    )


def _place_counts(run: RunRow, language: str) -> Iterator[tuple[str, str]]:
    """Yield how true the places are: counts of rows, and metres."""
    if run.feed is not None and run.feed.places is not None:
        for name, value in asdict(run.feed.places).items():
            yield f"places.{name}", words.number(value, language)


def _count_name(name: str, run: RunRow) -> str:
    return "would_publish" if name == "published" and run.state == "held" else name


def _lines(store: Store, run: int, reason: str, page: int, language: str) -> Lines:
    counted = store.quarantine.count(run, reason)
    pages = max(1, -(-counted // PER_PAGE))
    shown = min(max(page, 1), pages)
    lines = store.quarantine.lines(run, reason, PER_PAGE, (shown - 1) * PER_PAGE)
    rows = tuple(
        LineRow(words.number(line.line, language), reasons.text(line.reason, language), line.field) for line in lines
    )
    return Lines(rows, reason, shown, pages, words.number(counted, language))


def as_csv(lines: list[Line]) -> str:
    """Return lines as CSV: number, reason and field. All are our own codes, so no cell needs quotes."""
    return "".join(["line,reason,field\n", *(f"{line.line},{line.reason},{line.field}\n" for line in lines)])


def _difference(objection: Objection, language: str) -> Difference:
    before, after = _measure(objection.before, language), _measure(objection.after, language)
    return Difference(objection.get(language), objection.field, before, after, objection.holds)


def _measure(value: Measure, language: str) -> str:
    """Return an integer as a number, a float as a share in percent, a day unchanged."""
    if isinstance(value, float):
        return words.share(value, language)
    return words.number(value, language) if isinstance(value, int) else value or ""


def _reason(reason_rows: Reason, first: list[int], language: str) -> ReasonRow:
    numbers = [words.number(line, language) for line in first[:FIRST]] + ["…"] * (len(first) > FIRST)
    return ReasonRow(
        code=reason_rows.reason,
        text=reasons.text(reason_rows.reason, language),
        field=reason_rows.field,
        outcome=reason_rows.outcome,
        rows=words.number(reason_rows.rows, language),
        lines=" · ".join(numbers) if reason_rows.outcome == "quarantined" else "",
    )
