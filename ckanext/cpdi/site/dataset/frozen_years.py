"""The frozen years of a table, as its page lists them."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from ckanext.cpdi.publish.frozen_years import frozen
from ckanext.cpdi.site import words


@dataclass(frozen=True)
class FrozenYear:
    """An archive: its year, the day it was frozen, rows and size in words, version, checksum and citation."""

    year: int
    frozen: str
    frozen_iso: str
    rows: str
    size: str
    url: str
    version: str
    sha256: str
    citation: str

    @property
    def checksum_url(self) -> str:
        """The address of the checksum in the format of ``sha256sum``."""
        return f"{self.url}.sha256"


def describe(folder: Path, dataset: str, language: str) -> tuple[FrozenYear, ...]:
    """Return the archives of ``dataset`` under ``folder``, the latest year first."""
    return tuple(
        FrozenYear(
            year=archive.year,
            frozen=words.day(archive.frozen, language),
            frozen_iso=archive.frozen.isoformat(),
            rows=words.number(archive.rows, language),
            size=words.size(archive.bytes, language),
            url=archive.path,
            version=archive.version,
            sha256=archive.sha256,
            citation=archive.citation,
        )
        for archive in frozen.archives(folder, dataset)
    )
