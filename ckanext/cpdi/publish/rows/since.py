"""From when on somebody wants to know what changed: a version of the table, or a day."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from ckanext.cpdi.errors import PortalError, Said
from ckanext.cpdi.publish.rows.source import Source

_VERSION = re.compile(r"\d{8}-\d{1,18}", re.ASCII)
_DAY = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)
_BEGINNING = datetime(1, 1, 1, tzinfo=UTC)


class SinceError(PortalError, ValueError):
    """``since`` cannot be used; the message says what can, in the reader's words, and repeats nothing of it."""


class Unknown(SinceError):
    """Changes are not known as far back; ``oldest`` is the first version from which they are."""

    def __init__(self, oldest: str) -> None:
        """Name the oldest version."""
        super().__init__(
            Said(
                "Changes since then are not known. The oldest version that a copy can be brought up to date from is"
                " {oldest}. Take the whole table anew, without since, and go on from its version.",
                oldest=oldest,
            )
        )
        self.oldest = oldest


@dataclass(frozen=True)
class Since:
    """``text`` as it was asked for, empty for everything; ``at`` is the instant after which a change counts."""

    text: str = ""
    at: datetime = _BEGINNING

    @property
    def everything(self) -> bool:
        """Whether the whole table is wanted."""
        return not self.text


def resolve(source: Source, dataset: str, text: str, zone: ZoneInfo, now: datetime) -> Since:
    """Return what ``text`` means: a version of ``dataset``, a day (from its midnight in ``zone`` on), or everything.

    Raises SinceError where it is none of them, Unknown where it is too long ago.
    """
    if not text:
        return Since()
    if _VERSION.fullmatch(text):
        return Since(text, _published(source, dataset, text))
    day = _day(text)
    if day > now.astimezone(zone).date():
        raise SinceError("since is a day that has not come yet.")
    at = datetime(day.year, day.month, day.day, tzinfo=zone) - timedelta(microseconds=1)
    _check_known(source, dataset, at)
    return Since(text, at)


def _day(text: str) -> date:
    """Return the day that ``text`` names; years before 1900 are a mistake, and trouble for calendars."""
    wrong = SinceError("since is a version such as 20261124-7481516, or a day such as 2026-11-24.")
    if not _DAY.fullmatch(text):
        raise wrong
    try:
        day = date.fromisoformat(text)
    except ValueError:
        raise wrong from None
    if day.year < 1900:
        raise wrong
    return day


def _published(source: Source, dataset: str, version: str) -> datetime:
    """Return when ``version`` was published."""
    query = "SELECT published_at FROM public._cpdi_published WHERE dataset = %s AND version = %s"
    row = source.connection.execute(query, (dataset, version)).fetchone()
    if row is None:
        raise Unknown(_oldest(source, dataset)[0])
    return row[0]


def _check_known(source: Source, dataset: str, at: datetime) -> None:
    """Raise Unknown where the first version known came after ``at``."""
    oldest, published_at = _oldest(source, dataset)
    if published_at > at:
        raise Unknown(oldest)


def _oldest(source: Source, dataset: str) -> tuple[str, datetime]:
    """Return the oldest version known, and when it was published; there is one where there is a table."""
    query = "SELECT version, published_at FROM public._cpdi_published WHERE dataset = %s ORDER BY published_at LIMIT 1"
    row = source.connection.execute(query, (dataset,)).fetchone()
    if row is None:
        raise SinceError("Changes of this table are not known yet. Take the whole table, without since.")
    return row
