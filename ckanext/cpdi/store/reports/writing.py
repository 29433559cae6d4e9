"""Reports written within an open transaction, as many at once as there are: inserted as held, published as editions."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from uuid import UUID

from psycopg.rows import class_row

from ckanext.cpdi.store.database.session import Connection
from ckanext.cpdi.store.reports.record import Held, Received

CONFIGURATIONS = {"en": "english", "es": "spanish"}
"""PostgreSQL's configuration of text search for each language of a report."""
HELD = (
    "id, series, state, period_start, period_end, edition, present, file_name, sha256, clean_sha256, size, pages,"
    " tagged, language, run, received, published, decided_by, note"
)
"""The columns of a Held; written out, since the types of a query are checked as it stands."""
_UNPRINTED = {code: " " for code in range(32) if chr(code) not in "\n\t"}
"""Control characters, which PDFs have and PostgreSQL's texts and snippets do not."""


def insert(connection: Connection, received: Iterable[Received], run: int | None) -> dict[str, UUID]:
    """Insert reports of one series as held; return the ids of those that were not there by their checksums."""
    by_checksum = {report.sha256: report for report in received}
    ids = _insert_reports(connection, by_checksum.values(), run)
    fresh = [(report, by_checksum[sha256]) for sha256, report in ids.items()]
    _copy_pages(connection, fresh)
    _copy_notices(connection, fresh)
    return ids


def _insert_reports(connection: Connection, received: Iterable[Received], run: int | None) -> dict[str, UUID]:
    """Insert all by one statement, which takes a list for each column; return the ids of the new ones by checksum."""
    rows = [
        (
            report.series, *(report.period or (None, None)), report.file_name, report.sha256, report.clean_sha256,
            report.size, len(report.pages), report.tagged, report.language,
        )
        for report in received
    ]  # fmt: skip
    if not rows:
        return {}
    columns = [list(column) for column in zip(*rows, strict=True)]
    query = (
        "INSERT INTO cpdi.report (series, state, period_start, period_end, file_name, sha256, clean_sha256, size,"
        " pages, tagged, language, run) SELECT series, 'held', period_start, period_end, file_name, sha256,"
        " clean_sha256, size, pages, tagged, language, %s FROM unnest(%s::text[], %s::date[], %s::date[], %s::text[],"
        " %s::text[], %s::text[], %s::bigint[], %s::integer[], %s::boolean[], %s::text[]) AS fresh (series,"
        " period_start, period_end, file_name, sha256, clean_sha256, size, pages, tagged, language)"
        " ON CONFLICT (series, sha256) DO NOTHING RETURNING sha256, id"
    )
    return dict(connection.execute(query, (run, *columns)).fetchall())


def _copy_pages(connection: Connection, reports: Iterable[tuple[UUID, Received]]) -> None:
    """Write the pages; the database makes the words for the search of their texts."""
    pages = [
        (id, page.page, page.text.translate(_UNPRINTED), page.origin, CONFIGURATIONS[report.language])
        for id, report in reports
        for page in report.pages
    ]
    query = (
        "INSERT INTO cpdi.report_page (report, page, text, origin, words) SELECT report, page, text, origin,"
        " to_tsvector(language::regconfig, text) FROM unnest(%s::uuid[], %s::integer[], %s::text[], %s::text[],"
        " %s::text[]) AS fresh (report, page, text, origin, language)"
    )
    if pages:
        connection.execute(query, [list(column) for column in zip(*pages, strict=True)])


def _copy_notices(connection: Connection, reports: Iterable[tuple[UUID, Received]]) -> None:
    copy = "COPY cpdi.report_finding (report, number, page, kind, box, excerpt, holds) FROM STDIN"
    with connection.cursor() as cursor, cursor.copy(copy) as rows:
        for id, report in reports:
            for number, notice in enumerate(report.notices, 1):
                rows.write_row((id, number, notice.page, notice.kind, list(notice.box), notice.excerpt, notice.holds))


def publish(connection: Connection, reports: Sequence[UUID], who: str, note: str) -> None:
    """Publish reports of one series, which are held and locked, as the next editions of their periods, in their order.

    The last of a period stands for it.
    """
    ids = list(reports)
    # First the editions that stood for these periods: the database allows one that does.
    connection.execute(
        "UPDATE cpdi.report SET present = false FROM cpdi.report AS fresh WHERE fresh.id = ANY(%s)"
        " AND report.series = fresh.series AND report.period_end = fresh.period_end AND report.present",
        (ids,),
    )
    # Several may be of one period: they are numbered in their order, after the editions that there are.
    connection.execute(
        "UPDATE cpdi.report SET state = 'published', present = fresh.is_last, published = now(), decided_by = %s,"
        " note = %s, edition = fresh.number + (SELECT coalesce(max(edition), 0) FROM cpdi.report AS before"
        " WHERE before.series = report.series AND before.period_end = report.period_end)"
        " FROM (SELECT id, row_number() OVER of_period AS number, lead(id) OVER of_period IS NULL AS is_last"
        " FROM unnest(%s::uuid[]) WITH ORDINALITY AS ordered (id, place) JOIN cpdi.report USING (id)"
        " WINDOW of_period AS (PARTITION BY series, period_end ORDER BY place)) AS fresh WHERE report.id = fresh.id",
        (who, note, ids),
    )
    connection.execute("DELETE FROM cpdi.report_finding WHERE report = ANY(%s) AND holds", (ids,))
    for series in {report.series for report in listed(connection, ids[:1])}:
        raise_version(connection, series)


def raise_version(connection: Connection, series: str) -> None:
    """Say that what is published of ``series`` has changed, so that nobody keeps what was cached of it."""
    connection.execute(
        "UPDATE cpdi.report_series SET version = version + 1, changed = now() WHERE series = %s", (series,)
    )


def locked(connection: Connection, reports: Sequence[UUID]) -> list[Held]:
    """Return reports once nobody else can change their series in this transaction; unknown ones are left out."""
    # A series that nothing was published of has no row yet that could be locked.
    connection.execute(
        "INSERT INTO cpdi.report_series (series) SELECT DISTINCT series FROM cpdi.report WHERE id = ANY(%s)"
        " ON CONFLICT DO NOTHING",
        (list(reports),),
    )
    connection.execute(
        "SELECT FROM cpdi.report_series WHERE series IN (SELECT series FROM cpdi.report WHERE id = ANY(%s))"
        " ORDER BY series FOR UPDATE",
        (list(reports),),
    )
    return listed(connection, reports)


def listed(connection: Connection, reports: Sequence[UUID]) -> list[Held]:
    """Return reports in the order of their ids; unknown ones are left out."""
    query = f"SELECT {HELD} FROM cpdi.report WHERE id = ANY(%(ids)s) ORDER BY array_position(%(ids)s, id)"
    return connection.cursor(row_factory=class_row(Held)).execute(query, {"ids": list(reports)}).fetchall()
