"""Where reports of a series lie, on the site and on the disk.

An edition is at ``/reports/SERIES/PERIOD/EDITION.pdf``, the one that stands for its period at
``/reports/SERIES/PERIOD.pdf``; a picture of its first page (``.webp``) is beside each.

A period is called by its month (``2024-03``) where it is one, else by its last day (``2024-03-24``). Files lie in the
folder of published files as they are addressed; what waits for staff lies in the private folder, by the checksum of the
file as it came.
"""

from __future__ import annotations

import re
from calendar import monthrange
from datetime import date
from pathlib import Path
from typing import Literal

ROOT = "/reports/"
Extension = Literal["pdf", "webp"]
PDF: Extension = "pdf"
PICTURE: Extension = "webp"
_FOLDER = "reports"
_MONTH = re.compile(r"(\d{4})-(\d\d)", re.ASCII)
_DAY = re.compile(r"\d{4}-\d\d-\d\d", re.ASCII)


def period_name(start: date, end: date) -> str:
    """Return what the period from ``start`` to ``end``, both included, is called in addresses."""
    whole_month = (start, end) == (end.replace(day=1), end.replace(day=_days(end.year, end.month)))
    return end.isoformat()[:7] if whole_month else end.isoformat()


def period_end(name: str) -> date | None:
    """Return the last day of the period that is called ``name``; None where nothing is called so.

    A day may be the end of a month, whose own name is another: compare the report's :func:`period_name` with ``name``.
    """
    month = _MONTH.fullmatch(name)
    try:
        if month:
            year, number = int(month[1]), int(month[2])
            return date(year, number, _days(year, number))
        return date.fromisoformat(name) if _DAY.fullmatch(name) else None
    except ValueError:
        return None


def address(series: str, period: str, edition: int | None = None, extension: Extension = PDF) -> str:
    """Return the path on the site of an edition, or of the one that stands for the period without ``edition``."""
    return f"{ROOT}{series}/{period}{'' if edition is None else f'/{edition}'}.{extension}"


def public_file(files: Path, series: str, period: str, edition: int, extension: Extension = PDF) -> Path:
    """Return where a published edition lies in the folder of published files."""
    return public_folder(files, series) / period / f"{edition}.{extension}"


def held_file(private: Path, series: str, sha256: str, extension: Extension = PDF) -> Path:
    """Return where a report that is not published lies in the private folder; ``sha256`` is of the file as it came."""
    return held_folder(private, series) / f"{sha256}.{extension}"


def public_folder(files: Path, series: str) -> Path:
    """Return the folder of the published reports of ``series``, which need not exist."""
    return files / _FOLDER / series


def held_folder(private: Path, series: str) -> Path:
    """Return the folder of the reports of ``series`` that are not published, which need not exist."""
    return private / _FOLDER / series


def _days(year: int, month: int) -> int:
    if not 1 <= month <= 12 or not 1 <= year <= 9999:
        raise ValueError
    return monthrange(year, month)[1]
