"""The files of a run of reports in the ledger: what became of each, with the sentence for staff."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import Any

from psycopg import Cursor
from psycopg.types.json import Jsonb

from ckanext.cpdi.errors import read, stored
from ckanext.cpdi.store.database.session import Connection
from ckanext.cpdi.store.reports.record import FileOutcome, Known

COLUMNS = "file.file_name, file.sha256, file.outcome, file.reason, file.words, file.report, file.said"
"""What :func:`file_row` needs of a row ``file``, in this order."""


def file_row(_cursor: Cursor[Any]) -> Callable[[Sequence[Any]], FileOutcome]:
    """Make rows of COLUMNS typed; a row factory of psycopg."""

    def make(values: Sequence[Any]) -> FileOutcome:
        file_name, sha256, outcome, reason, words, report, said = values
        return FileOutcome(file_name, sha256, outcome, reason, read(words, said), report)

    return make


def of_run(connection: Connection, run: int) -> list[FileOutcome]:
    """Return what became of the files of ``run``, in its order."""
    query = f"SELECT {COLUMNS} FROM cpdi.report_file AS file WHERE run = %s ORDER BY number"
    return connection.cursor(row_factory=file_row).execute(query, (run,)).fetchall()


def refused(connection: Connection, series: str, code_version: str) -> dict[str, Known]:
    """Return the files of ``series`` that the code of this version refused, by their checksums."""
    query = (
        "SELECT DISTINCT ON (file.sha256) file.sha256, file.words, file.said, file.reason FROM cpdi.report_file AS file"
        " JOIN cpdi.run AS run ON run.id = file.run WHERE run.dataset = %s AND run.code_version = %s"
        " AND file.outcome = 'quarantined' AND file.sha256 <> '' ORDER BY file.sha256, file.run DESC"
    )
    return {
        sha256: Known("refused", None, read(words, said), reason)
        for sha256, words, said, reason in connection.execute(query, (series, code_version))
    }


def write(connection: Connection, run: int, files: Sequence[FileOutcome]) -> None:
    """Write what became of the files of ``run``, in their order."""
    query = (
        "INSERT INTO cpdi.report_file (run, number, file_name, sha256, outcome, reason, words, report, said)"
        " VALUES (%s, %s, %s, %s, %s, %s, %s, %s, %s)"
    )
    with connection.cursor() as cursor:
        cursor.executemany(query, [(run, number, *_columns(file)) for number, file in enumerate(files, 1)])


def has_news(connection: Connection, run: int, files: Iterable[FileOutcome]) -> bool:
    """Return whether a file waits or is refused that did not in an earlier run of the series.

    A file that could not be fetched has no checksum, and is known by its name.
    """
    against = [file for file in files if file.outcome in ("withheld", "quarantined")]
    query = (
        "SELECT EXISTS (SELECT FROM unnest(%s::text[], %s::text[], %s::text[]) AS file (sha256, file_name, outcome)"
        " WHERE NOT EXISTS (SELECT FROM cpdi.report_file AS before JOIN cpdi.run AS earlier ON earlier.id = before.run"
        " WHERE earlier.dataset = (SELECT dataset FROM cpdi.run WHERE id = %s) AND before.sha256 = file.sha256"
        " AND before.outcome = file.outcome AND (file.sha256 <> '' OR before.file_name = file.file_name)))"
    )
    columns = ([file.sha256 for file in against], [file.file_name for file in against])
    row = connection.execute(query, (*columns, [file.outcome for file in against], run)).fetchone()
    return bool(row and row[0])


def _columns(file: FileOutcome) -> tuple[object, ...]:
    """Return the columns of ``file`` in the order of COLUMNS."""
    parts = stored(file.words)
    said = Jsonb(parts) if parts else None
    return file.file_name, file.sha256, file.outcome, file.reason, file.words, file.report, said
