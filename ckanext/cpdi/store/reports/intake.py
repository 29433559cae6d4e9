"""What runs of a series know of earlier ones: what their sources gave, and what was recorded of each report."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from ckanext.cpdi.store.database.session import Session
from ckanext.cpdi.store.ledger.ledger import TRUSTED_FOR
from ckanext.cpdi.store.reports.files import COLUMNS, file_row
from ckanext.cpdi.store.reports.record import FileOutcome

SHORTEST = 5
"""Characters of a record number that is looked for in reports."""


@dataclass(frozen=True)
class Mention:
    """A page of a report that has a record number in its text."""

    report: UUID
    series: str
    file_name: str
    page: int


@dataclass(frozen=True)
class SourceFile:
    """A file as its source gave it last; ``etag``, ``last_modified`` and ``version_address`` are empty where the source
    said nothing usable of its version.
    """

    file_name: str
    sha256: str
    size: int
    etag: str = ""
    last_modified: str = ""
    version_address: str = ""


class Intake:
    """Made by :class:`ckanext.cpdi.store.Store`, on whose session it works; it raises what the store raises."""

    def __init__(self, session: Session) -> None:
        """Work on the connection of ``session``."""
        self._session = session

    def sources(self, series: str, now: datetime, trusted_for: timedelta = TRUSTED_FOR) -> dict[str, SourceFile]:
        """Return what is known of the files of the series' sources, by the hash of their address.

        What was fetched longer than ``trusted_for`` ago is left out: a source may be wrong about its versions.
        """
        query = (
            "SELECT address, file_name, sha256, size, etag, last_modified, version_address FROM cpdi.report_source"
            " WHERE series = %s AND fetched > %s"
        )
        with self._session() as connection:
            rows = connection.execute(query, (series, now - trusted_for)).fetchall()
        return {address: SourceFile(*facts) for address, *facts in rows}

    def remember(self, series: str, files: Mapping[str, SourceFile]) -> None:
        """Remember what sources of ``series`` gave just now, by the hash of its address."""
        query = (
            "INSERT INTO cpdi.report_source"
            " (series, address, file_name, sha256, size, etag, last_modified, version_address)"
            " VALUES (%s, %s, %s, %s, %s, %s, %s, %s) ON CONFLICT (series, address) DO UPDATE SET"
            " file_name = excluded.file_name, sha256 = excluded.sha256, size = excluded.size, etag = excluded.etag,"
            " last_modified = excluded.last_modified, version_address = excluded.version_address, fetched = now()"
        )
        rows = [(series, address, *vars(file).values()) for address, file in files.items()]
        with self._session() as connection, connection.transaction(), connection.cursor() as cursor:
            cursor.executemany(query, rows)

    def outcomes(self, series: str) -> dict[UUID, FileOutcome]:
        """Return what the last run that recorded it said of each report of ``series``.

        A report of a run that is not here was received by a run that did not come to its end.
        """
        query = (
            f"SELECT DISTINCT ON (file.report) {COLUMNS} FROM cpdi.report_file AS file"
            " JOIN cpdi.report AS report ON report.id = file.report"
            " WHERE report.series = %s ORDER BY file.report, file.run DESC"
        )
        with self._session() as connection:
            recorded = connection.cursor(row_factory=file_row).execute(query, (series,)).fetchall()
        return {outcome.report: outcome for outcome in recorded if outcome.report is not None}

    def mentioning(self, numbers: Collection[str]) -> list[Mention]:
        """Return the pages of held and published reports that have one of ``numbers`` in their text, as it is written.

        Numbers that are shorter than ``SHORTEST`` are left out: they stand everywhere.
        """
        looked_for = sorted({number.strip() for number in numbers} - {""}, key=len, reverse=True)
        pattern = re.compile("|".join(re.escape(number) for number in looked_for if len(number) >= SHORTEST))
        query = (
            "SELECT report.id, report.series, report.file_name, page.page, page.text FROM cpdi.report_page AS page"
            " JOIN cpdi.report AS report ON report.id = page.report WHERE report.state IN ('held', 'published')"
            " ORDER BY report.series, report.period_end DESC, report.id, page.page"
        )
        if not pattern.pattern:
            return []
        with self._session() as connection, connection.transaction(), connection.cursor("pages") as cursor:
            # The numbers stay in this process: a database may log what it is asked.
            return [Mention(*page) for *page, text in cursor.execute(query) if pattern.search(text)]

    def forget(self, series: str) -> None:
        """Delete all reports of ``series``, and what is known of its sources; its runs stay in the ledger."""
        with self._session() as connection, connection.transaction():
            connection.execute(
                "UPDATE cpdi.report_file SET sha256 = '' WHERE run IN (SELECT id FROM cpdi.run WHERE dataset = %s)",
                (series,),
            )
            connection.execute("DELETE FROM cpdi.report WHERE series = %s", (series,))
            connection.execute("DELETE FROM cpdi.report_source WHERE series = %s", (series,))
            connection.execute(
                "UPDATE cpdi.report_series SET version = version + 1, changed = now() WHERE series = %s", (series,)
            )
