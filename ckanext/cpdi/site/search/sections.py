"""The sections of a search, one function each: what it asks, and how its hits read."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import ckan.plugins.toolkit as tk
import psycopg
from ckan.lib.search import SearchError
from psycopg import sql

from ckanext.cpdi import config
from ckanext.cpdi.catalog.parts import PLACES, TABLE, place_parts
from ckanext.cpdi.declare import Text
from ckanext.cpdi.publish.report_files import period_name
from ckanext.cpdi.selection.errors import BusyError, TooSlowError
from ckanext.cpdi.selection.pool import transaction
from ckanext.cpdi.selection.reports.search import search
from ckanext.cpdi.services.http.access import Readers, readers
from ckanext.cpdi.services.reports.series import all_readable, open_archive
from ckanext.cpdi.site.help.article import articles
from ckanext.cpdi.site.help.routes import context_of
from ckanext.cpdi.site.help.search import matching as matching_articles
from ckanext.cpdi.site.pages import Portal
from ckanext.cpdi.site.reports import titles
from ckanext.cpdi.site.search import kinds
from ckanext.cpdi.site.search.answer import Hit, Section

SHOWN = 5
"""Hits of a section."""
_DATASETS = Text("Datasets", "Conjuntos de datos")
_REPORTS = Text("Pages of reports", "Páginas de informes")
_HELP = Text("Help Center", "Centro de ayuda")
_PLACES = Text("Places", "Lugares")
_KINDS = Text("Kinds of records", "Tipos de registros")
_PAGE = Text("{title}, page {page}", "{title}, página {page}")
_TEAM = Text("{team}; {addresses} addresses", "{team}; {addresses} direcciones")
UNANSWERED = (psycopg.Error, BusyError, TooSlowError, SearchError)
"""What a section is left out for: its database or index does not answer now, or takes the words for no question."""


def sections(view: Portal, words: str) -> Iterator[Section]:
    """Yield the sections that have hits for ``words``; one that is not answered has none."""
    for ask in _ASKED:
        try:
            section = ask(view, words)
        except UNANSWERED:
            continue
        if section.hits:
            yield section


def _datasets(view: Portal, words: str) -> Section:
    answer = tk.get_action("package_search")({}, {"q": words, "rows": SHOWN})
    hits = tuple(_dataset(view, package) for package in answer["results"])
    more = tk.h.url_for("dataset.search", q=words) if answer["count"] > len(hits) else ""
    return Section("datasets", _DATASETS.get(view.language), answer["count"], hits, more)


def _dataset(view: Portal, package: dict[str, Any]) -> Hit:
    declared = view.library.datasets.get(package["name"])
    title = declared.title.get(view.language) if declared else package["title"]
    text = declared.summary.get(view.language) if declared else tk.h.markdown_extract(package.get("notes") or "", 160)
    return Hit(title, text, tk.h.url_for("dataset.read", id=package["name"]))


def _reports(view: Portal, words: str) -> Section:
    series = all_readable()
    with open_archive() as connection:
        hits = search(connection, words, [dataset.name for dataset in series], limit=SHOWN)
    named = titles.series_titles(series, view.language)
    shown = tuple(
        Hit(
            _PAGE.get(view.language).format(
                title=f"{named[hit.series]}, {titles.period_title(hit.period_start, hit.period_end, view.language)}",
                page=hit.page,
            ),
            "".join(part.text for part in hit.snippet),
            tk.h.url_for(
                "cpdi_reports.show",
                series=hit.series,
                period=period_name(hit.period_start, hit.period_end),
                page=hit.page,
                q=words,
            ),
        )
        for hit in hits.hits
    )
    more = tk.h.url_for("cpdi_reports.find", q=words) if hits.total > len(shown) else ""
    return Section("reports", _REPORTS.get(view.language), hits.total, shown, more)


def _help(view: Portal, words: str) -> Section:
    matches = matching_articles(articles(context_of(view), view.language), words)
    hits = tuple(
        Hit(match.article.title, match.snippet, tk.h.url_for("cpdi_help.article", name=match.article.name))
        for match in matches[:SHOWN]
    )
    more = tk.h.url_for("cpdi_help.index", q=words) if len(matches) > SHOWN else ""
    return Section("help", _HELP.get(view.language), len(matches), hits, more)


def _places(view: Portal, words: str) -> Section:
    """Look for places by their names, as somebody writes a street."""
    title = _PLACES.get(view.language)
    if readers(PLACES) is Readers.NOBODY:
        return Section("places", title, 0, ())
    table = next(part.id for part in place_parts() if part.kind.key == TABLE)
    asked = sql.SQL(" AND ").join([sql.SQL("label ILIKE %s")] * len(words.split()))
    query = sql.SQL(
        "SELECT label, team, addresses, count(*) OVER () FROM public.{} WHERE valid_to IS NULL AND {}"
        " ORDER BY label LIMIT 5"
    ).format(sql.Identifier(table), asked)
    with transaction(config.read_dsn(), config.limits().query_seconds) as connection:
        rows = connection.execute(query, [f"%{_literal(word)}%" for word in words.split()]).fetchall()
    text, url = _TEAM.get(view.language), tk.h.url_for("dataset.read", id=PLACES)
    hits = tuple(Hit(label, text.format(team=team, addresses=addresses), url) for label, team, addresses, _ in rows)
    return Section("places", title, rows[0][3] if rows else 0, hits)


def _literal(word: str) -> str:
    """Return ``word`` for LIKE, without signs that stand for others there."""
    return word.replace("\\", r"\\").replace("%", r"\%").replace("_", r"\_")


def _kinds(view: Portal, words: str) -> Section:
    tables = [table for table in view.library.tables if table.name in view.ledger.versions]
    readable = [table for table in tables if readers(view.library.owner(table.name)) is not Readers.NOBODY]
    hits = kinds.matching(view.profile, readable, words, view.language)
    return Section("kinds", _KINDS.get(view.language), len(hits), hits[:SHOWN])


_ASKED: tuple[Callable[[Portal, str], Section], ...] = (_datasets, _places, _kinds, _reports, _help)
"""The sections in their order on the page."""
