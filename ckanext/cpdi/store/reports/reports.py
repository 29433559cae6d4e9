"""Reports of the series: received, published or held, released and withdrawn; runs of them in the ledger."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Generator, Mapping, Sequence
from contextlib import contextmanager
from datetime import date
from uuid import UUID

import polars as pl
from psycopg.rows import class_row

from ckanext.cpdi.store.database.session import RUN, Connection, Session, unlock
from ckanext.cpdi.store.errors import StoreError
from ckanext.cpdi.store.ledger import outcome
from ckanext.cpdi.store.ledger.record import NO_REJECTS, RunState, RunSummary
from ckanext.cpdi.store.reports import files, writing
from ckanext.cpdi.store.reports.record import FileOutcome, Held, Known, Notice, PageText, Received


class Reports:
    """Made by :class:`ckanext.cpdi.store.Store`, on whose session it works; it raises what the store raises."""

    def __init__(self, session: Session) -> None:
        """Work on the connection of ``session``."""
        self._session = session

    def known(self, series: str, code_version: str = "") -> dict[str, Known]:
        """Return the files of ``series`` that came before, by the checksum of the file as it came.

        A file that was refused is known only to the code that refused it, ``code_version``: the next may read it.
        """
        with self._session() as connection:
            known = files.refused(connection, series, code_version)
            rows = connection.execute("SELECT sha256, state, id FROM cpdi.report WHERE series = %s", (series,))
            known.update({sha256: Known(state, report) for sha256, state, report in rows})
        return known

    def receive_all(self, received: Sequence[Received], run: int | None) -> dict[str, UUID]:
        """Store reports of one series as held, with their text and what was noticed in them, all or none.

        Returns their ids by their checksums; one whose file is in the series already is left out.
        """
        with self._session() as connection, connection.transaction():
            return writing.insert(connection, received, run)

    def receive(self, received: Received, run: int | None) -> UUID:
        """Store one report; return its id. Raises StoreError where the same file is in the series already."""
        report = self.receive_all([received], run).get(received.sha256)
        if report is None:
            raise StoreError("this file is in the series already")
        return report

    @contextmanager
    def publishing(self, reports: Sequence[UUID], who: str = "", note: str = "") -> Generator[list[Held]]:
        """Publish held reports of one series, all or none, at the end of the block, which gets them as they will be.

        Each becomes the next edition of its period, in their order; the last stands for it from then on. What was
        noticed in them is forgotten but for what does not hold. Raises StoreError for a report that is not held or has
        no period; with any exception nothing is published.
        """
        with self._session() as connection, connection.transaction():
            held = writing.locked(connection, reports)
            if len(held) < len(reports) or any(report.state != "held" for report in held):
                raise StoreError("this report is not held")
            if any(report.period_end is None for report in held):
                raise StoreError("a report is published once its period is known")
            writing.publish(connection, reports, who, note)
            yield writing.listed(connection, reports)

    def publish(self, report: UUID, who: str = "", note: str = "") -> Held:
        """Publish one report, as :meth:`publishing` does, and return it."""
        with self.publishing([report], who, note) as published:
            return published[0]

    def set_period(self, report: UUID, start: date, end: date) -> None:
        """Set the period of a held report, both days included. Raises StoreError for a report that is not held."""
        query = "UPDATE cpdi.report SET period_start = %s, period_end = %s WHERE id = %s AND state = 'held'"
        with self._session() as connection:
            if connection.execute(query, (start, end, report)).rowcount != 1:
                raise StoreError("this report is not held")

    def withdraw(self, report: UUID, who: str, note: str = "") -> Held:
        """Take a report out: its text and what was noticed in it are deleted; return it as it was before.

        The edition before stands for its period again. The same file is not taken a second time. Raises StoreError
        where there is no such report, or it is withdrawn already.
        """
        with self._session() as connection, connection.transaction():
            held = next(iter(writing.locked(connection, [report])), None)
            if held is None or held.state == "withdrawn":
                raise StoreError("there is no such report")
            connection.execute("DELETE FROM cpdi.report_page WHERE report = %s", (report,))
            connection.execute("DELETE FROM cpdi.report_finding WHERE report = %s", (report,))
            connection.execute(
                "UPDATE cpdi.report SET state = 'withdrawn', present = false, decided_by = %s, note = %s WHERE id = %s",
                (who, note, report),
            )
            if held.present:
                _restore_predecessor(connection, held)
            if held.state == "published":
                writing.raise_version(connection, held.series)
        return held

    def get(self, report: UUID) -> Held | None:
        """Return a report in any state; None where there is none."""
        with self._session() as connection:
            return next(iter(writing.listed(connection, [report])), None)

    def held(self, series: str | None = None) -> list[Held]:
        """Return the reports that wait for staff, of one series or of all, the longest waiting first."""
        query = (
            f"SELECT {writing.HELD} FROM cpdi.report WHERE state = 'held'"
            " AND (%(series)s::text IS NULL OR series = %(series)s) ORDER BY received, id"
        )
        with self._session() as connection:
            return connection.cursor(row_factory=class_row(Held)).execute(query, {"series": series}).fetchall()

    def published(self, series: str) -> list[Held]:
        """Return all published editions of ``series``, the latest period first, each period's latest edition first."""
        query = (
            f"SELECT {writing.HELD} FROM cpdi.report WHERE state = 'published' AND series = %s"
            " ORDER BY period_end DESC, edition DESC"
        )
        with self._session() as connection:
            return connection.cursor(row_factory=class_row(Held)).execute(query, (series,)).fetchall()

    def pages(self, report: UUID) -> list[PageText]:
        """Return the text of a report's pages in order."""
        query = "SELECT page, text, origin FROM cpdi.report_page WHERE report = %s ORDER BY page"
        with self._session() as connection:
            return connection.cursor(row_factory=class_row(PageText)).execute(query, (report,)).fetchall()

    def first_pages(self, reports: Sequence[UUID]) -> dict[UUID, str]:
        """Return the text of the first page of each report."""
        query = "SELECT report, text FROM cpdi.report_page WHERE page = 1 AND report = ANY(%s)"
        with self._session() as connection:
            return dict(connection.execute(query, (list(reports),)).fetchall())

    def notices(self, report: UUID) -> list[Notice]:
        """Return what was noticed in a report, page by page."""
        return self.notices_of([report]).get(report, [])

    def notices_of(self, reports: Sequence[UUID]) -> dict[UUID, list[Notice]]:
        """Return what was noticed in each report, page by page; those in which nothing was are left out."""
        query = (
            "SELECT report, page, kind, excerpt, box, holds FROM cpdi.report_finding WHERE report = ANY(%s)"
            " ORDER BY report, number"
        )
        noticed = defaultdict[UUID, list[Notice]](list)
        with self._session() as connection:
            for report, page, kind, excerpt, box, holds in connection.execute(query, (list(reports),)):
                noticed[report].append(Notice(page, kind, excerpt, tuple(box), holds))
        return noticed

    def end(
        self, run: int, outcomes: Sequence[FileOutcome], seconds: Mapping[str, float], peak_mb: int = 0
    ) -> RunState:
        """End a run of a series with what became of its files; each has one outcome. Return the run's state.

        Files that were published and that were unchanged count as published, those that wait for staff as withheld,
        those that were refused as quarantined. The run is unchanged where none was published, and each that waits or is
        refused did so in a run before. Raises RunLost where the run is not running any more.
        """
        added = sum(file.outcome == "published" for file in outcomes)
        unchanged = sum(file.outcome == "unchanged" for file in outcomes)
        rejects = [
            (number, file.outcome, file.reason, None)
            for number, file in enumerate(outcomes, 1)
            if file.outcome in ("withheld", "quarantined")
        ]
        frame = pl.DataFrame(rejects, schema=NO_REJECTS.schema, orient="row") if rejects else NO_REJECTS
        summary = RunSummary(read=len(outcomes), rejects=frame, seconds=seconds, peak_mb=peak_mb)
        summary.check(added + unchanged)
        counts: dict[str, int | str] = {"published": added + unchanged, "added": added, "unchanged": unchanged}
        with self._session() as connection, connection.transaction():
            state: RunState = "published" if added or files.has_news(connection, run, outcomes) else "unchanged"
            outcome.write(connection, run, state, summary, counts)
            files.write(connection, run, outcomes)
            unlock(connection, RUN, run)
        return state

    def files(self, run: int) -> list[FileOutcome]:
        """Return what became of the files of a run, in its order."""
        with self._session() as connection:
            return files.of_run(connection, run)


def _restore_predecessor(connection: Connection, held: Held) -> None:
    """Let the newest edition that is left stand for the period."""
    connection.execute(
        "UPDATE cpdi.report SET present = true WHERE id = (SELECT id FROM cpdi.report WHERE series = %s"
        " AND period_end = %s AND state = 'published' ORDER BY edition DESC LIMIT 1)",
        (held.series, held.period_end),
    )
