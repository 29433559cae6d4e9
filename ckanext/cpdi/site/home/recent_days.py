"""The last four weeks of a table on the home page: how many rows each day has, as a small chart with its table."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache

import psycopg
from psycopg import sql

from ckanext.cpdi.declare import Dataset, Text
from ckanext.cpdi.selection.pool import page_transaction
from ckanext.cpdi.site import words
from ckanext.cpdi.site.runs import chart
from ckanext.cpdi.site.runs.ledger import Version

DAYS, WEEK = 28, 7
_EXACT = ("minute", "hour", "date")
"""Precisions of a time that has a day; a row that shows its month alone has none."""
_COUNT = Text("{rows} {noun} in the last 7 days", "{rows} {noun} en los últimos 7 días")
_PERIOD = Text("{days}, as far as they are published", "{days}, hasta donde están publicadas")
_SAYS = Text(
    "Rows of each day from {first} to {last}: between {least} and {most}.",
    "Filas de cada día del {first} al {last}: entre {least} y {most}.",
)


@dataclass(frozen=True)
class RecentDays:
    """What the home page shows: texts, a path in a box of ``days`` × 100 units, and each day with its rows."""

    name: str
    title: str
    count: str
    period: str
    says: str
    path: str
    first: str
    last: str
    days: tuple[tuple[str, str], ...]


def describe(dsn: str, dataset: Dataset, version: Version, language: str) -> RecentDays | None:
    """Return the last days of ``dataset``; None where it has no days to show, or the database does not answer."""
    precision = next((field.name for field in dataset.rows.fields if field.source == "time.precision"), "")
    if version.last_time is None or not precision or not version.zone:
        return None
    try:
        counts = _counted(
            dsn, version.resource_id, version.version, version.zone, dataset.rows.time_field.name, precision
        )
    except psycopg.Error:
        return None
    if not counts:
        return None
    last = max(counts)
    days = [last - timedelta(days=back) for back in reversed(range(DAYS))]
    return _shown(dataset, {day: counts.get(day, 0) for day in days}, language)


def _shown(dataset: Dataset, counts: Mapping[date, int], language: str) -> RecentDays:
    days, values = list(counts), list(counts.values())
    in_week = sum(values[-WEEK:])
    noun = (dataset.one if in_week == 1 else dataset.many).get(language)
    first, last = words.day(days[0], language), words.day(days[-1], language)
    return RecentDays(
        name=dataset.name,
        title=dataset.title.get(language),
        count=_COUNT.get(language).format(rows=words.number(in_week, language), noun=noun),
        period=_PERIOD.get(language).format(days=words.days(days[-WEEK], days[-1], language)),
        says=_SAYS.get(language).format(
            first=first,
            last=last,
            least=words.number(min(values), language),
            most=words.number(max(values), language),
        ),
        path=chart.columns(values, chart.scale(values)),
        first=first,
        last=last,
        days=tuple(
            (words.day(day, language), words.number(rows, language))
            for day, rows in zip(reversed(days), reversed(values), strict=True)
        ),
    )


@lru_cache(maxsize=32)
def _counted(
    dsn: str,
    resource_id: str,
    version: str,  # noqa: ARG001  the answer is kept as long as the table has it
    zone: str,
    time: str,
    precision: str,
) -> dict[date, int]:
    """Return the rows of each of the last days that has any, by day of the department."""
    query = sql.SQL(
        "WITH last AS (SELECT max({time}) AS at FROM {table} WHERE {precision} = ANY(%(exact)s))"
        " SELECT ({time} AT TIME ZONE %(zone)s)::date AS day, count(*) FROM {table}, last"
        " WHERE {time} > last.at - make_interval(days => %(days)s) AND {precision} = ANY(%(exact)s)"
        " GROUP BY day ORDER BY day"
    ).format(
        time=sql.Identifier(time),
        table=sql.Identifier("public", resource_id),
        precision=sql.Identifier(precision),
    )
    values = {"exact": list(_EXACT), "zone": zone, "days": DAYS + 1}
    with page_transaction(dsn) as connection:
        return dict(connection.execute(query, values).fetchall())
