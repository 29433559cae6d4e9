"""What the archive knows of reports: as they are received, as they wait for staff, and what became of files."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal
from uuid import UUID

TextOrigin = Literal["text", "ocr", "none"]
"""Where the text of a page is from: the file itself, character recognition, or nowhere."""
ReportState = Literal["held", "published", "withdrawn"]
Outcome = Literal["published", "unchanged", "withheld", "quarantined"]


@dataclass(frozen=True)
class PageText:
    """The text of one page; pages count from 1."""

    page: int
    text: str
    origin: TextOrigin = "text"


@dataclass(frozen=True)
class Notice:
    """What was noticed on a page, 0 for the whole file; ``box`` is left, top, right, bottom in points, or empty.

    ``excerpt`` may be what has to be hidden: it is for staff alone. ``holds``: staff must look before it is published.
    """

    page: int
    kind: str
    excerpt: str = ""
    box: tuple[float, ...] = ()
    holds: bool = True


@dataclass(frozen=True)
class Received:
    """A report that was cleaned and read. ``sha256`` is that of the file as it came, ``clean_sha256`` and ``size``
    (octets) those of the file to publish; ``language`` is ``en`` or ``es``. Without a period it can only be held.
    """

    series: str
    file_name: str
    sha256: str
    clean_sha256: str
    size: int
    pages: tuple[PageText, ...]
    notices: tuple[Notice, ...] = ()
    tagged: bool = False
    language: str = "en"
    period: tuple[date, date] | None = None


@dataclass(frozen=True)
class Known:
    """A file that came before: what it is now, and its report.

    ``reason`` says why it was refused, ``code`` is the code of that.
    """

    state: ReportState | Literal["refused"]
    report: UUID | None = None
    reason: str = ""
    code: str = ""


@dataclass(frozen=True)
class Held:
    """A report as staff see it, whatever its state."""

    id: UUID
    series: str
    state: ReportState
    period_start: date | None
    period_end: date | None
    edition: int | None
    present: bool
    file_name: str
    sha256: str
    clean_sha256: str
    size: int
    pages: int
    tagged: bool
    language: str
    run: int | None
    received: datetime
    published: datetime | None
    decided_by: str
    note: str


@dataclass(frozen=True)
class FileOutcome:
    """What became of one file of a run; ``reason`` is a code for the ledger, ``words`` a sentence for staff."""

    file_name: str
    sha256: str
    outcome: Outcome
    reason: str = ""
    words: str = ""
    report: UUID | None = None
