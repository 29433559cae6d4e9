"""The files of reports: PDFs and pictures of their first pages by period and edition, years as one ZIP, a listing.

In: an address such as ``/reports/compstat-reports/2024-03-24.pdf``. Out: the file of the edition that stands for the
period, with what HTTP needs to keep it and to fetch parts of it; or plain words where there is none.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date
from typing import Any

import ckan.plugins.toolkit as tk
from flask import Blueprint, Response, jsonify, request

from ckanext.cpdi import addresses, config
from ckanext.cpdi.declare.tables.report_rules import ReportRules
from ckanext.cpdi.publish import report_files
from ckanext.cpdi.publish.report_files import PDF, PICTURE, Extension
from ckanext.cpdi.reports.calendar import awaited, gaps
from ckanext.cpdi.selection.reports import archive
from ckanext.cpdi.selection.reports.archive import Edition
from ckanext.cpdi.services.http.access import Readers
from ckanext.cpdi.services.http.answer import answer_again, open_to_all, say, send
from ckanext.cpdi.services.http.headers import cache
from ckanext.cpdi.services.http.refusal import refuses_in
from ckanext.cpdi.services.http.statuses import status_of
from ckanext.cpdi.services.reports import year_file
from ckanext.cpdi.services.reports.series import (
    all_readable,
    edition_of,
    open_archive,
    page_path,
    period_of,
    readable,
    today,
)

blueprint = Blueprint("cpdi_report_files", __name__, url_prefix=report_files.ROOT.rstrip("/"))
blueprint.after_request(open_to_all)

SECONDS = 60
"""How long caches may keep an answer: no longer than one on who may read the series."""
_TYPES: dict[Extension, str] = {PDF: "application/pdf", PICTURE: "image/webp"}
_SHOWN_BY_BROWSERS = "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'self'"
"""What a browser's own viewer of PDFs needs."""


def _refuse(status: int, words: str, _parameter: str) -> Response:
    if status != status_of(tk.ObjectNotFound):
        return say(status, f"{words[:1].upper()}{words[1:]}.")
    series = [addresses.url(f"/dataset/{dataset.name}") for dataset in all_readable()]
    return say(status, "There is no such report. These are the series:", series)


_refusing = refuses_in(_refuse)


@blueprint.get("/<series>/<period>.<any(pdf, webp):extension>")
@_refusing
def present(series: str, period: str, extension: Extension) -> Response:
    """Answer with the file of the report that stands for a period, or with the picture of its first page."""
    return _file(series, period, extension, None)


@blueprint.get("/<series>/<period>/<int:number>.<any(pdf, webp):extension>")
@_refusing
def edition(series: str, period: str, number: int, extension: Extension) -> Response:
    """Answer with the file of one edition of a report, or with the picture of its first page."""
    return _file(series, period, extension, number)


@blueprint.get("/<series>/<int(fixed_digits=4):year>.zip")
@_refusing
def year(series: str, year: int) -> Response:
    """Answer with all reports whose periods ended in a year, and a list of them."""
    dataset, allowed = readable(series)
    with open_archive() as connection:
        version = archive.version(connection, series)
        editions = [
            edition
            for edition in archive.editions(connection, series)
            if edition.present and edition.period_end.year == year
        ]
    if not editions:
        return say(404, "No report of this year has been published. The series:", [addresses.url(f"/dataset/{series}")])
    return _of_version(version, f"zip-{year}", allowed, lambda: year_file.answer(dataset.name, year, editions))


@blueprint.get("/<series>.json")
@_refusing
def listing(series: str) -> Response:
    """Answer with all editions of a series, the latest period first, each with its addresses; and with the gaps."""
    dataset, allowed = readable(series)
    rules, day = config.profile().rules(dataset), today()
    with open_archive() as connection:
        version, editions = archive.version(connection, series), archive.editions(connection, series)
    missing = list(_missing(editions, rules, day)) if rules else []
    # A period that begins to be late is no change of the archive.
    tag = f"json-{len(missing)}"
    reports = [described(edition) for edition in editions]
    return _of_version(
        version, tag, allowed, lambda: jsonify({"series": series, "reports": reports, "missing": missing})
    )


def _missing(editions: list[Edition], rules: ReportRules, day: date) -> Iterator[dict[str, Any]]:
    """Yield the periods that have no report, the latest first; ``awaited``: there is none after it either."""
    ends = {edition.period_end for edition in editions if edition.present}
    for start, end in reversed([*gaps(ends, rules), *awaited(ends, rules, day)]):
        yield {
            "period": report_files.period_name(start, end),
            "period_start": start.isoformat(),
            "period_end": end.isoformat(),
            "awaited": end > max(ends),
        }


def described(edition: Edition) -> dict[str, Any]:
    """Return an edition as the listing has it."""
    series, period = edition.series, period_of(edition)
    own = addresses.url(report_files.address(series, period, edition.edition))
    return {
        "period": period,
        "period_start": edition.period_start.isoformat(),
        "period_end": edition.period_end.isoformat(),
        "edition": edition.edition,
        "present": edition.present,
        "pdf": own,
        "page": addresses.url(page_path(edition)) if edition.present else None,
        "pages": edition.pages,
        "size": edition.size,
        "sha256": edition.clean_sha256,
        "language": edition.language,
        "published": edition.published.isoformat(timespec="seconds"),
    }


def _file(series: str, period: str, extension: Extension, number: int | None) -> Response:
    dataset, allowed = readable(series)
    with open_archive() as connection:
        wanted = edition_of(connection, series, period, number)
    response = answer_again(lambda: _sent(dataset.name, period, wanted, extension))
    if response.status_code >= 400:
        return cache(response, 0)
    return cache(response, SECONDS if allowed is Readers.EVERYBODY else 0)


def _sent(series: str, period: str, edition: Edition, extension: Extension) -> Response:
    path = report_files.public_file(config.files_path(), series, period, edition.edition, extension)
    tag = f"{edition.clean_sha256[:32]}-{edition.edition}-{extension}"
    response = send(path, _TYPES[extension], etag=tag, last_modified=edition.published)
    if response.status_code < 400:
        name = f"{series}-{period}{f'-{edition.edition}' if edition.edition > 1 else ''}.{extension}"
        response.headers.set("Content-Disposition", "inline", filename=name)
        if extension == PDF:
            response.headers["Content-Security-Policy"] = _SHOWN_BY_BROWSERS
    return response


def _of_version(version: int, form: str, allowed: Readers, make: Callable[[], Response]) -> Response:
    """Return the answer of ``make`` with the series' version as its ETag, or 304 where the client has it."""
    tag = f"{version}-{form}"
    has_it = request.if_none_match.contains_weak(tag) and request.method in ("GET", "HEAD")
    response = Response(status=304) if has_it else make()
    response.set_etag(tag, weak=True)
    return cache(response, SECONDS if allowed is Readers.EVERYBODY else 0)
