"""What was found in the reports, as the page of the search and its JSON have it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from ckanext.cpdi import addresses
from ckanext.cpdi.publish.report_files import ROOT, address, period_name
from ckanext.cpdi.selection.reports.search import Hit, Hits, Part
from ckanext.cpdi.site.reports.titles import period_title

SHOWN = 20
"""Hits of a page."""
DEEPEST = 500
"""The last page of hits that is made: the farther one goes, the more is sorted for it."""


def quoted(words: str) -> str:
    """Return what was looked for as a sentence has it: in quotation marks, unless it has some."""
    return words if '"' in words else f"“{words}”"


@dataclass(frozen=True)
class Question:
    """What was asked: words, the name of a series or None, a year or None, the page of hits from 1."""

    words: str
    series: str | None = None
    year: int | None = None
    page: int = 1

    @property
    def quoted(self) -> str:
        """The words as a sentence has them."""
        return quoted(self.words)

    def link(self, **changes: Any) -> str:  # noqa: ANN401  whatever a parameter may be
        """Return the parameters of this question with ``changes``, and the first page unless they name another."""
        values = {"q": self.words, "series": self.series, "year": self.year, **changes}
        return urlencode({name: value for name, value in values.items() if value not in (None, "")})


@dataclass(frozen=True)
class Choice:
    """A facet's value: what it is called, how many pages it has, the parameters that choose it or take it back."""

    title: str
    count: int
    link: str
    chosen: bool


@dataclass(frozen=True)
class ShownHit:
    """A hit of the page: the titles of report and series, and what its address is made of."""

    title: str
    series: str
    name: str
    period: str
    page: int
    snippet: tuple[Part, ...]


@dataclass(frozen=True)
class Results:
    """A page of hits, ``pages`` of them in all, and the facets."""

    total: int
    pages: int
    hits: tuple[ShownHit, ...]
    series: tuple[Choice, ...]
    years: tuple[Choice, ...]


def results(question: Question, hits: Hits, titles: Mapping[str, str], language: str) -> Results:
    """Return ``hits``, the answer to ``question``, for people; ``titles`` are those of the series by name."""
    return Results(
        total=hits.total,
        pages=min(-(-hits.total // SHOWN), DEEPEST),
        hits=tuple(_shown(hit, titles, language) for hit in hits.hits),
        series=tuple(
            Choice(titles[name], count, question.link(series=None if chosen else name), chosen)
            for name, count in sorted(hits.by_series.items(), key=lambda item: list(titles).index(item[0]))
            for chosen in [name == question.series]
        ),
        years=tuple(
            Choice(str(year), count, question.link(year=None if chosen else year), chosen)
            for year, count in sorted(hits.by_year.items(), reverse=True)
            for chosen in [year == question.year]
        ),
    )


def document(question: Question, hits: Hits) -> dict[str, Any]:
    """Return the hits as JSON has them: each snippet in parts, so that nobody has to take text for HTML."""
    return {
        "q": question.words,
        "total": hits.total,
        "page": question.page,
        "pages": min(-(-hits.total // SHOWN), DEEPEST),
        "series": dict(hits.by_series),
        "years": {str(year): count for year, count in sorted(hits.by_year.items())},
        "hits": [_described(hit, question) for hit in hits.hits],
    }


def _described(hit: Hit, question: Question) -> dict[str, Any]:
    period = period_name(hit.period_start, hit.period_end)
    return {
        "series": hit.series,
        "period": period,
        "period_start": hit.period_start.isoformat(),
        "period_end": hit.period_end.isoformat(),
        "edition": hit.edition,
        "page": hit.page,
        "url": addresses.url(f"{ROOT}{hit.series}/{period}?{urlencode({'page': hit.page, 'q': question.words})}"),
        "pdf": addresses.url(f"{address(hit.series, period, hit.edition)}#page={hit.page}"),
        "snippet": [{"text": part.text, "marked": part.marked} for part in hit.snippet],
    }


def _shown(hit: Hit, titles: Mapping[str, str], language: str) -> ShownHit:
    return ShownHit(
        title=period_title(hit.period_start, hit.period_end, language),
        series=titles[hit.series],
        name=hit.series,
        period=period_name(hit.period_start, hit.period_end),
        page=hit.page,
        snippet=hit.snippet,
    )
