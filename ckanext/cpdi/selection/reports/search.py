"""Search in the text of all present reports, to the page: words, "phrases", -without, or.

PostgreSQL's own: each page is indexed in its report's language, and a question is read in every language.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any
from uuid import UUID

if TYPE_CHECKING:  # the store loads Polars, which a process of the pages does without
    from ckanext.cpdi.store.database.session import Connection

LONGEST = 200
"""Characters of a question at most."""
START, STOP, _BREAK = "\x02", "\x03", "\x04"
"""What PostgreSQL puts around a word that was looked for; texts have no control characters."""
_OPTIONS = f"StartSel={START}, StopSel={STOP}, MaxFragments=2, MaxWords=24, MinWords=8, FragmentDelimiter={_BREAK}"
_MATCHES = """
    matches AS MATERIALIZED (
        SELECT page.report, page.series, page.period_start, page.period_end, page.edition, page.page,
            CASE page.language WHEN 'es' THEN spanish ELSE english END AS query,
            CASE page.language WHEN 'es' THEN 'spanish' ELSE 'english' END AS configuration
        FROM public._cpdi_report_page AS page,
            websearch_to_tsquery('english', %(words)s) AS english,
            websearch_to_tsquery('spanish', %(words)s) AS spanish
        WHERE page.present AND page.series = ANY(%(readable)s)
            AND (page.words @@ english AND page.language <> 'es' OR page.words @@ spanish AND page.language = 'es')
    )"""
_COUNTS = f"""WITH {_MATCHES}
    SELECT series, extract(year FROM period_end)::int, count(*) FROM matches GROUP BY 1, 2"""
_HITS = f"""WITH {_MATCHES}, shown AS MATERIALIZED (
        SELECT * FROM matches
        WHERE (%(series)s::text IS NULL OR series = %(series)s)
            AND (%(year)s::int IS NULL OR extract(year FROM period_end) = %(year)s)
        ORDER BY period_end DESC, series, page LIMIT %(limit)s OFFSET %(offset)s
    )
    SELECT shown.report, shown.series, shown.period_start, shown.period_end, shown.edition, shown.page,
        ts_headline(shown.configuration::regconfig, page.text, shown.query, %(options)s)
    FROM shown JOIN public._cpdi_report_page AS page USING (report, page)
    ORDER BY shown.period_end DESC, shown.series, shown.page"""
# Only the pages that are shown are cut into snippets, which costs more than to find them.


@dataclass(frozen=True)
class Part:
    """A piece of a snippet; ``marked``: it is what was looked for."""

    text: str
    marked: bool


@dataclass(frozen=True)
class Hit:
    """A page that has what was looked for, with the places where it does as text in parts."""

    report: UUID
    series: str
    period_start: date
    period_end: date
    edition: int
    page: int
    snippet: tuple[Part, ...]


@dataclass(frozen=True)
class Hits:
    """The pages of one screen, how many there are in all, and how many in each series and year (of all years)."""

    total: int
    by_series: Mapping[str, int]
    by_year: Mapping[int, int]
    hits: tuple[Hit, ...]


def search(
    connection: Connection,
    words: str,
    readable: Collection[str],
    series: str | None = None,
    year: int | None = None,
    limit: int = 20,
    offset: int = 0,
) -> Hits:
    """Return the pages of present reports that have ``words``, of the series that may be read; newest reports first.

    Counts by series are those without the choice of a series, counts by year those without the choice of a year.
    Raises ValueError for a question that is too long.
    """
    if len(words) > LONGEST:
        raise ValueError(f"a question has at most {LONGEST} characters")
    values: dict[str, Any] = {
        "words": words.replace("\x00", " "), "readable": list(readable), "series": series, "year": year,
        "limit": limit, "offset": offset, "options": _OPTIONS,
    }  # fmt: skip
    counts = connection.execute(_COUNTS, values).fetchall()
    rows = connection.execute(_HITS, values).fetchall()
    hits = tuple(Hit(*place, snippet=parts(headline)) for *place, headline in rows)
    by_series, by_year = Counter[str](), Counter[int]()
    for name, year_of, pages in counts:
        by_series[name] += pages if year in (None, year_of) else 0
        by_year[year_of] += pages if series in (None, name) else 0
    total = by_series.total() if series is None else by_series[series]
    return Hits(total, +by_series, +by_year, hits)


def parts(headline: str) -> tuple[Part, ...]:
    """Return a headline of PostgreSQL's as text in parts, each run of blanks as one."""
    return marked_parts(re.sub(r"\s+", " ", headline.replace(_BREAK, " … ")))


def marked_parts(text: str) -> tuple[Part, ...]:
    """Return a text with marks of PostgreSQL's in parts."""
    pieces: list[Part] = []
    for at, piece in enumerate(text.split(START)):
        marked, _, plain = piece.partition(STOP) if at else ("", "", piece)
        pieces += [part for part in (Part(marked, True), Part(plain, False)) if part.text]
    return tuple(pieces)
