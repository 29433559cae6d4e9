"""The page of one report: which edition, its neighbours, the pages that have what was looked for."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from ckanext.cpdi.publish.report_files import PICTURE, address
from ckanext.cpdi.selection.reports.archive import Edition
from ckanext.cpdi.selection.reports.marks import MarkedPage, wordings
from ckanext.cpdi.selection.reports.search import Part
from ckanext.cpdi.services.reports.series import period_of
from ckanext.cpdi.site import words
from ckanext.cpdi.site.reports.titles import edition_title, period_title


@dataclass(frozen=True)
class Neighbour:
    """The report of another period."""

    title: str
    period: str


@dataclass(frozen=True)
class ReplacedEdition:
    """An edition that another one replaced; it has its own address for ever. ``pdf`` is a path on the site."""

    number: int
    pdf: str
    size: str
    published: str


@dataclass(frozen=True)
class ReportPage:
    """``pdf`` and ``picture`` are paths on the site, ``page`` is that at which the viewer opens.

    ``pages_with`` are the numbers of the pages that have what was looked for, ``wordings`` what stands there of it.
    """

    title: str
    period: str
    start: str
    end: str
    edition: int
    pages: int
    page: int
    pdf: str
    picture: str
    size: str
    published: str
    language: str
    tagged: bool
    recognised: bool
    earlier: Neighbour | None
    later: Neighbour | None
    replaced: tuple[ReplacedEdition, ...]
    pages_with: tuple[int, ...]
    wordings: tuple[str, ...]


@dataclass(frozen=True)
class TextPage:
    """The text of a page, in paragraphs of parts, as it stands in the file."""

    page: int
    origin: str
    has_it: bool
    paragraphs: tuple[tuple[Part, ...], ...]


def describe(
    edition: Edition,
    editions: Sequence[Edition],
    pages: Sequence[MarkedPage],
    question: str,
    page: int,
    language: str,
) -> ReportPage:
    """Return the page of ``edition``, which stands for its period; ``editions`` are all of the series, latest first."""
    period = period_of(edition)
    present = [other for other in editions if other.present]
    at = next((place for place, other in enumerate(present) if other.id == edition.id), -1)
    file = address(edition.series, period, edition.edition)
    return ReportPage(
        title=edition_title(edition, language),
        period=period,
        start=edition.period_start.isoformat(),
        end=edition.period_end.isoformat(),
        edition=edition.edition,
        pages=edition.pages,
        page=min(page, edition.pages),
        pdf=file,
        picture=address(edition.series, period, edition.edition, PICTURE),
        size=words.size(edition.size, language),
        published=words.day(edition.published, language),
        language=edition.language,
        tagged=edition.tagged,
        recognised=any(page.origin == "ocr" for page in pages),
        earlier=_neighbour(present[at + 1 : at + 2] if at >= 0 else [], language),
        later=_neighbour(present[at - 1 : at] if at > 0 else [], language),
        replaced=replaced(edition, editions, language),
        pages_with=tuple(page.page for page in pages if page.has_it),
        wordings=tuple(wordings(pages, question)),
    )


def replaced(edition: Edition, editions: Iterable[Edition], language: str) -> tuple[ReplacedEdition, ...]:
    """Return the editions of the period of ``edition`` that do not stand for it, the latest first."""
    return tuple(
        ReplacedEdition(
            other.edition,
            address(other.series, period_of(other), other.edition),
            words.size(other.size, language),
            words.day(other.published, language),
        )
        for other in editions
        if other.period_end == edition.period_end and not other.present
    )


def as_lines(page: MarkedPage) -> TextPage:
    """Return a page in paragraphs: an empty line ends one."""
    paragraphs: list[list[Part]] = [[]]
    for part in page.parts:
        for place, piece in enumerate(part.text.replace("\r\n", "\n").split("\n\n")):
            if place:
                paragraphs.append([])
            if piece:
                paragraphs[-1].append(Part(piece, part.marked))
    kept = [tuple(parts) for parts in paragraphs if any(part.text.strip() for part in parts)]
    return TextPage(page.page, page.origin, page.has_it, tuple(kept))


def _neighbour(editions: Sequence[Edition], language: str) -> Neighbour | None:
    if not editions:
        return None
    (other,) = editions
    return Neighbour(period_title(other.period_start, other.period_end, language), period_of(other))
