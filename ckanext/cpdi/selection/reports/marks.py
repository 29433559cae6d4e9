"""The text of one report with what was looked for marked in it, page by page."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from uuid import UUID

from ckanext.cpdi.selection.reports.search import LONGEST, START, STOP, Part, marked_parts

if TYPE_CHECKING:  # the store loads Polars, which a process of the pages does without
    from ckanext.cpdi.store.database.session import Connection

_OPTIONS = f"HighlightAll=true, StartSel={START}, StopSel={STOP}"
_PAGES = """
    SELECT page.page, page.origin, page.words @@ query.query AS has_it,
        CASE WHEN page.words @@ query.query
            THEN ts_headline(query.configuration::regconfig, page.text, query.query, %(options)s) ELSE page.text END
    FROM public._cpdi_report_page AS page, LATERAL (
        SELECT configuration, websearch_to_tsquery(configuration::regconfig, %(words)s) AS query
        FROM (VALUES (CASE page.language WHEN 'es' THEN 'spanish' ELSE 'english' END)) AS language (configuration)
    ) AS query
    WHERE page.report = %(report)s ORDER BY page.page"""
_PHRASE = re.compile(r'"[^"]*"')
_JOINT = re.compile(r"[\s\-’',.]{1,2}")


@dataclass(frozen=True)
class MarkedPage:
    """The text of a page in parts with its line breaks; ``origin`` is ``text``, ``ocr`` or ``none``.

    ``has_it``: the page has all that was looked for.
    """

    page: int
    origin: str
    has_it: bool
    parts: tuple[Part, ...]


def marked_pages(connection: Connection, report: UUID, words: str) -> list[MarkedPage]:
    """Return the pages of an edition in order, with ``words`` marked on those that have them all.

    Raises ValueError for a question that is too long.
    """
    if len(words) > LONGEST:
        raise ValueError(f"a question has at most {LONGEST} characters")
    values: dict[str, Any] = {"report": report, "words": words.replace("\x00", " "), "options": _OPTIONS}
    rows = connection.execute(_PAGES, values).fetchall()
    return [MarkedPage(page, origin, has_it, marked_parts(text)) for page, origin, has_it, text in rows]


def wordings(pages: Iterable[MarkedPage], words: str) -> list[str]:
    """Return what was marked, each wording once, neighbouring words as one: what a viewer has to look for.

    Where only phrases were asked for, the single words that PostgreSQL marks beside them are left out.
    """
    runs = {run.lower(): run for page in pages if page.has_it for run in _runs(page.parts)}
    only_phrases = '"' in words and not _PHRASE.sub("", words).strip()
    longest = max((len(run.split()) for run in runs.values()), default=0)
    return [run for run in runs.values() if not only_phrases or len(run.split()) == longest]


def _runs(parts: Iterable[Part]) -> list[str]:
    """Return the marked parts as texts; those with nothing but a blank or a hyphen between them are one."""
    runs: list[str] = []
    gap = "-" * 9
    for part in parts:
        if not part.marked:
            gap += part.text
            continue
        if runs and _JOINT.fullmatch(gap):
            runs[-1] += f"{gap if gap.strip() else ' '}{part.text}"
        else:
            runs.append(part.text)
        gap = ""
    return runs
