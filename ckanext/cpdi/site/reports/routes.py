"""``/reports``: search in all reports, the page that shows one, its text, a feed of each series."""

from __future__ import annotations

import ckan.plugins.toolkit as tk
from flask import Blueprint, Response, jsonify, make_response, request

from ckanext.cpdi import config
from ckanext.cpdi.declare import Dataset
from ckanext.cpdi.publish.report_files import ROOT
from ckanext.cpdi.selection.reports import archive
from ckanext.cpdi.selection.reports.marks import marked_pages
from ckanext.cpdi.selection.reports.search import LONGEST, Hits, search
from ckanext.cpdi.services.http.access import Readers, readers
from ckanext.cpdi.services.http.answer import open_to_all
from ckanext.cpdi.services.http.headers import cache
from ckanext.cpdi.services.http.refusal import says
from ckanext.cpdi.services.reports.series import all_readable, edition_of, open_archive, readable
from ckanext.cpdi.site import audience
from ckanext.cpdi.site.portal import portal
from ckanext.cpdi.site.reports import dataset_page, feed, report, results, titles
from ckanext.cpdi.site.reports.results import DEEPEST, SHOWN, Question
from ckanext.cpdi.site.reports.rows_beside import RowsBeside, rows_beside

blueprint = Blueprint("cpdi_reports", __name__, url_prefix=ROOT.rstrip("/"))

blueprint.before_app_request(dataset_page.show)

_NO_HITS = Hits(0, {}, {}, ())

answering = says(
    lambda: tk._("The reports cannot be read at the moment. Please try again in a minute."),
    missing=lambda: tk._("There is no such report."),
)


@blueprint.get("/search")
@answering
def find() -> Response:
    """Show the pages of reports that have what was looked for."""
    series = all_readable()
    question = _question({dataset.name for dataset in series})
    too_long = len(question.words) > LONGEST
    hits = _NO_HITS
    if question.words and not too_long:
        with open_archive() as connection:
            hits = search(
                connection,
                question.words,
                [dataset.name for dataset in series],
                question.series,
                question.year,
                SHOWN,
                SHOWN * (question.page - 1),
            )
    if request.args.get("f") == "json":
        return open_to_all(cache(jsonify(results.document(question, hits)), 0))
    language = tk.h.lang()
    named = titles.series_titles(series, language)
    values = {
        "question": question,
        "results": results.results(question, hits, named, language),
        "series": named,
        "too_long": LONGEST if too_long else 0,
    }
    return _kept_by_nobody("cpdi/reports/search.html", values)


@blueprint.get("/<series>.atom")
@answering
def atom(series: str) -> Response:
    """Answer with a series as an Atom feed."""
    dataset, allowed = readable(series)
    with open_archive() as connection:
        editions = archive.editions(connection, series)
    language = tk.h.lang()
    title = titles.series_titles([dataset], language)[series]
    author = config.profile().agency.name.get(language)
    self_url = tk.h.url_for("cpdi_reports.atom", series=series, _external=True)
    text = feed.feed(title, series, editions, self_url, author, language)
    response = Response(text, mimetype="application/atom+xml")
    return open_to_all(cache(response, audience.SECONDS if allowed.name == "EVERYBODY" else 0))


@blueprint.get("/<series>/<period>")
@answering
def show(series: str, period: str) -> Response:
    """Show a report: a viewer that opens at a page, with what was looked for marked; its editions and neighbours."""
    dataset, _ = readable(series)
    words = _words()
    with open_archive() as connection:
        edition = edition_of(connection, series, period)
        editions = archive.editions(connection, series)
        pages = marked_pages(connection, edition.id, words)
    language = tk.h.lang()
    title = titles.series_titles([dataset], language)[series]
    shown = report.describe(edition, editions, pages, words, _number("page", 1), language)
    values = {
        "report": shown,
        "series": series,
        "series_title": title,
        "words": words,
        "quoted": results.quoted(words),
        "rows": _rows_beside(dataset, edition),
    }
    return _page("cpdi/reports/report.html", values)


def _rows_beside(series: Dataset, edition: archive.Edition) -> RowsBeside | None:
    """Return the rows of the report's period, where the department publishes a table that this reader may read."""
    view = portal()
    if series.rows_from not in view.ledger.versions or readers(series.rows_from) is Readers.NOBODY:
        return None
    table = view.library.dataset(series.rows_from)
    return rows_beside(table, edition.period_start, edition.period_end, view.language)


@blueprint.get("/<series>/<period>/text")
@answering
def text(series: str, period: str) -> Response:
    """Show the text of a report, page by page, with what was looked for marked."""
    dataset, _ = readable(series)
    words = _words()
    with open_archive() as connection:
        edition = edition_of(connection, series, period)
        pages = marked_pages(connection, edition.id, words)
    language = tk.h.lang()
    values = {
        "edition": edition,
        "title": titles.edition_title(edition, language),
        "series": series,
        "series_title": titles.series_titles([dataset], language)[series],
        "period": period,
        "pages": [report.as_lines(page) for page in pages],
        "words": words,
    }
    return _page("cpdi/reports/text.html", values)


def _question(readable_series: set[str]) -> Question:
    """Return what was asked; a series that this reader may not read, and what is no number, are left out."""
    series = request.args.get("series", "")
    return Question(
        words=" ".join(request.args.get("q", "").split()),
        series=series if series in readable_series else None,
        year=_number("year", 0) or None,
        page=min(_number("page", 1), DEEPEST),
    )


def _words() -> str:
    """Return what was looked for; nothing where it is longer than a question may be."""
    words = " ".join(request.args.get("q", "").split())
    return words if len(words) <= LONGEST else ""


def _number(name: str, otherwise: int) -> int:
    """Return a positive number among the parameters; ``otherwise`` where there is none."""
    value = request.args.get(name, "")
    return int(value) or otherwise if value.isascii() and value.isdigit() and len(value) < 6 else otherwise


def _page(template: str, values: dict[str, object]) -> Response:
    """Return a page; what was looked for is in the address of some, and no cache between keeps those."""
    return _kept_by_nobody(template, values) if request.args.get("q") else audience.page(template, values)


def _kept_by_nobody(template: str, values: dict[str, object]) -> Response:
    return cache(make_response(tk.render(template, values)), 0)
