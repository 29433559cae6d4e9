"""What a series has published: its editions by period, and the text of their pages."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING, Any
from uuid import UUID

from psycopg.rows import class_row

if TYPE_CHECKING:  # the store loads Polars, which a process of the pages does without
    from ckanext.cpdi.store.database.session import Connection

_COLUMNS = (
    "id, series, period_start, period_end, edition, present, clean_sha256, size, pages, tagged, language, published"
)


@dataclass(frozen=True)
class Edition:
    """One edition of a report; ``present``: it stands for its period, which has both days; ``size`` in octets."""

    id: UUID
    series: str
    period_start: date
    period_end: date
    edition: int
    present: bool
    clean_sha256: str
    size: int
    pages: int
    tagged: bool
    language: str
    published: datetime


@dataclass(frozen=True)
class PageText:
    """The text of one page; ``origin`` is ``text``, ``ocr`` or ``none``."""

    page: int
    text: str
    origin: str


def version(connection: Connection, series: str) -> int:
    """Return the number of the present state of ``series``, which every change of it raises; 0 before the first."""
    row = connection.execute("SELECT version FROM public._cpdi_report_series WHERE series = %s", (series,)).fetchone()
    return int(row[0]) if row else 0


def editions(connection: Connection, series: str) -> list[Edition]:
    """Return all editions of ``series``, the latest period first, in a period the latest edition first."""
    query = (
        f"SELECT {_COLUMNS} FROM public._cpdi_report WHERE series = %s"
        " ORDER BY period_end DESC, present DESC, edition DESC"
    )
    return connection.cursor(row_factory=class_row(Edition)).execute(query, (series,)).fetchall()


def edition(connection: Connection, series: str, period_end: date, number: int | None = None) -> Edition | None:
    """Return an edition of the report whose period ends with ``period_end``, the present one without ``number``."""
    query = (
        f"SELECT {_COLUMNS} FROM public._cpdi_report WHERE series = %(series)s AND period_end = %(end)s"
        " AND (edition = %(number)s OR %(number)s::int IS NULL AND present)"
    )
    values: dict[str, Any] = {"series": series, "end": period_end, "number": number}
    return connection.cursor(row_factory=class_row(Edition)).execute(query, values).fetchone()


def pages(connection: Connection, report: UUID) -> list[PageText]:
    """Return the text of the pages of an edition in order; none where it is not published."""
    query = "SELECT page, text, origin FROM public._cpdi_report_page WHERE report = %s ORDER BY page"
    return connection.cursor(row_factory=class_row(PageText)).execute(query, (report,)).fetchall()
