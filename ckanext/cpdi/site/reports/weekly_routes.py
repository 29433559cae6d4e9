"""``/reports/SERIES/calls``: the weekly summary of calls beside a series of reports, as a page and as CSV."""

from __future__ import annotations

from datetime import date, timedelta
from typing import NamedTuple

import ckan.plugins.toolkit as tk
from flask import Blueprint, Response, request

from ckanext.cpdi import config
from ckanext.cpdi.declare import Dataset
from ckanext.cpdi.publish.report_files import ROOT
from ckanext.cpdi.selection import weekly as counting
from ckanext.cpdi.selection.errors import NoRowsError
from ckanext.cpdi.selection.reader import open_reader
from ckanext.cpdi.selection.weekly import Count, Span
from ckanext.cpdi.services.http.access import Readers, readers
from ckanext.cpdi.services.http.answer import open_to_all
from ckanext.cpdi.services.http.headers import cache
from ckanext.cpdi.services.http.leave import cancelled_with_client
from ckanext.cpdi.services.reports.series import readable
from ckanext.cpdi.site import audience
from ckanext.cpdi.site.reports import titles, weekly
from ckanext.cpdi.site.reports.routes import answering

blueprint = Blueprint("cpdi_weekly", __name__, url_prefix=ROOT.rstrip("/"))

_KEPT = 200
"""Weeks whose counts a process keeps."""
_counts: dict[tuple[str, str, date], list[Count]] = {}


class Week(NamedTuple):
    """A counted week: the series, the table that is counted, the Sunday, the weeks that there are, the counts."""

    series: Dataset
    table: Dataset
    sunday: date
    weeks: Span
    counts: list[Count]
    public: bool


@blueprint.get("/<series>/calls")
@answering
def page(series: str) -> Response:
    """Show the counts of a week, the latest one unless ``week`` names a day of another."""
    week = _week(series)
    language = tk.h.lang()
    profile = config.profile()
    categories = {text.en: text.get(language) for text in profile.categories.values()}
    feed = profile.feed(week.table.name)
    shown = weekly.summary(week.counts, week.sunday, week.weeks, feed, categories, language)
    values = {
        "summary": shown,
        "series": series,
        "series_title": titles.series_titles([week.series], language)[series],
        "table": week.table,
        "table_title": titles.series_titles([week.table], language)[week.table.name],
    }
    return audience.page("cpdi/reports/weekly.html", values)


@blueprint.get("/<series>/calls.csv")
@answering
def file(series: str) -> Response:
    """Answer with the counts of a week as CSV."""
    week = _week(series)
    text = weekly.lines(week.counts, week.sunday, config.profile().feed(week.table.name))
    response = Response(text, mimetype="text/csv")
    response.headers["Content-Disposition"] = f'attachment; filename="{series}-calls-{week.sunday}.csv"'
    return open_to_all(cache(response, audience.SECONDS if week.public else 0))


def _week(name: str) -> Week:
    """Return the week that is asked for.

    Raises ObjectNotFound where the reader may not read the series or the table, no table is counted beside it, or the
    week is not among those that there are.
    """
    series, allowed = readable(name)
    table = config.library().get(series.weekly_from)
    if table is None or readers(table.name) is Readers.NOBODY:
        raise tk.ObjectNotFound
    day = _day(request.args.get("week", ""))
    try:
        return _counted(series, table, day, public={allowed, readers(table.name)} == {Readers.EVERYBODY})
    except NoRowsError:
        raise tk.ObjectNotFound from None


def _counted(series: Dataset, table: Dataset, day: date | None, *, public: bool) -> Week:
    """Return the week of ``day``, the last one without; raise ObjectNotFound where there is none, NoRowsError before
    the first run.
    """
    with (
        open_reader(config.read_dsn(), table, seconds=config.limits().query_seconds) as reader,
        cancelled_with_client(reader.connection),
    ):
        weeks = counting.weeks(reader)
        if weeks is None:
            raise tk.ObjectNotFound
        day = day or weeks.last
        # No Sunday is sought for a day beyond, since the calendar of the language ends with the year 9999.
        if not weeks.first - timedelta(days=6) <= day <= weeks.last:
            raise tk.ObjectNotFound
        sunday = counting.sunday_of(day)
        key = (reader.state.resource_id, reader.state.version, sunday)
        if key not in _counts:
            if len(_counts) >= _KEPT:
                _counts.clear()
            _counts[key] = counting.counts(reader, sunday)
    return Week(series, table, sunday, weeks, _counts[key], public)


def _day(text: str) -> date | None:
    """Return a day; None for an empty text. Raises ObjectNotFound for what is no day."""
    try:
        return date.fromisoformat(text) if text else None
    except ValueError:
        raise tk.ObjectNotFound from None
