"""How current a table is: when it was last updated, how many rows it has and which time they cover."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from ckanext.cpdi.declare import Dataset, Profile, Text
from ckanext.cpdi.site import words
from ckanext.cpdi.site.ledger import Version

_UPDATED = Text("Updated {when}", "Actualizado {when}")
_ROWS = Text("{rows} {noun}", "{rows} {noun}")


@dataclass(frozen=True)
class Freshness:
    """What is said of a table that has rows: sentences, and the parts that a page sets apart."""

    updated: str
    updated_iso: str
    rows: int
    rows_text: str
    period: str
    first_day: str
    last_day: str
    version: str

    @property
    def sentence(self) -> str:
        """All of it in one line: ``Updated last night, 24 Nov 2026 · 231,402 calls · Jan 2019 to Nov 2026``."""
        return " · ".join(part for part in (self.updated, self.rows_text, self.period) if part)


def describe(
    dataset: Dataset, version: Version | None, profile: Profile, now: datetime, language: str
) -> Freshness | None:
    """Return how current ``dataset`` is; None where nothing has been published."""
    if version is None:
        return None
    zone = profile.zone
    noun = (dataset.one if version.rows == 1 else dataset.many).get(language)
    first, last = (one.astimezone(zone).date() if one else None for one in (version.first_time, version.last_time))
    return Freshness(
        updated=_UPDATED.get(language).format(when=words.when(version.published_at, now, zone, language)),
        updated_iso=version.published_at.isoformat(timespec="seconds"),
        rows=version.rows,
        rows_text=_ROWS.get(language).format(rows=words.number(version.rows, language), noun=noun),
        period=words.period(first, last, language) if first and last else "",
        first_day=words.day(first, language) if first else "",
        last_day=words.day(last, language) if last else "",
        version=version.version,
    )
