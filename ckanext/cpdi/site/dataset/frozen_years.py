"""The frozen years of a table, as its page lists them."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from ckanext.cpdi.publish import frozen
from ckanext.cpdi.site import words


@dataclass(frozen=True)
class FrozenYear:
    """One archive: its year, the day it was frozen, rows and size in words, version, checksum and how to cite it."""

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
        """Where the checksum is, as programs read it."""
        return f"{self.url}.sha256"


def describe(folder: Path, dataset: str, language: str) -> tuple[FrozenYear, ...]:
    """Return the archives of ``dataset`` under ``folder``, the latest year first."""
    return tuple(
        FrozenYear(
            year=one.year,
            frozen=words.day(one.frozen, language),
            frozen_iso=one.frozen.isoformat(),
            rows=words.number(one.rows, language),
            size=words.size(one.bytes, language),
            url=one.path,
            version=one.version,
            sha256=one.sha256,
            citation=one.citation,
        )
        for one in frozen.archives(folder, dataset)
    )
