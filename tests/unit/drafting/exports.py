"""Exports of an invented department, as awkward as real ones are: written anew for each test, with invented values."""

from __future__ import annotations

import csv
import io
import random
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import numpy as np
import openpyxl
from pyproj import Transformer

from ckanext.cpdi.declare import Library, Profile, read_library, read_profile
from ckanext.cpdi.drafting.document import write
from ckanext.cpdi.drafting.draft import Department, Draft, draft
from ckanext.cpdi.drafting.questions import questions

ROOT = Path(__file__).parents[3]
SECRET = b"0123456789abcdef0123456789abcdef"
ZONE = ZoneInfo("America/New_York")
WEST, SOUTH = -79.98, 32.75
KINDS = {
    "Traffic Stop": 40,
    "Noise Complaint": 20,
    "Domestic Disturbance": 12,
    "Burglary Alarm": 12,
    "Warrant Service": 6,
    "Zzyx Detail": 6,
}
NAMES = ("Avery Quill", "Jordan Marsh", "Casey Lowcountry", "Robin Palmetto", "Taylor Oyster")
_HOURS = [3, 2, 1, 1, 1, 1, 2, 4, 6, 7, 8, 8, 9, 9, 9, 10, 10, 10, 9, 9, 8, 7, 6, 5]
"""How many events an hour of the local day has: the quietest are those from two to six."""


@cache
def library() -> Library:
    return read_library(ROOT / "schemas")


@cache
def shipped() -> tuple[Profile, ...]:
    library_ = library()
    return tuple(
        read_profile(path, library_.classes, library_.datasets) for path in sorted((ROOT / "profiles").glob("*.yaml"))
    )


def instants(rows: int, seed: int = 7) -> list[datetime]:
    """Return instants of a year whose local hours are those of a town, in order."""
    chance = random.Random(seed)
    begin = datetime(2025, 1, 1, tzinfo=ZONE)
    hours = chance.choices(range(24), _HOURS, k=rows)
    days = (chance.randrange(365) for _ in range(rows))
    walls = (
        datetime(2025, 1, 1) + timedelta(days=day, hours=hour, minutes=chance.randrange(60))
        for day, hour in zip(days, hours, strict=True)
    )
    local = sorted(wall.replace(tzinfo=begin.tzinfo).astimezone(UTC) for wall in walls)
    return [instant.astimezone(ZONE) for instant in local]


def points(rows: int, epsg: int = 4326, seed: int = 7) -> tuple[np.ndarray, np.ndarray]:
    """Return points of the town in the system ``epsg``."""
    chance = np.random.default_rng(seed)
    longitude, latitude = WEST + chance.uniform(0, 0.08, rows), SOUTH + chance.uniform(0, 0.08, rows)
    return Transformer.from_crs(4326, epsg, always_xy=True).transform(longitude, latitude)


def kinds(rows: int, seed: int = 7) -> list[str]:
    return random.Random(seed).choices(list(KINDS), list(KINDS.values()), k=rows)


def text(header: Sequence[str], rows: Sequence[Sequence[object]], delimiter: str = ",") -> str:
    """Return a table as text."""
    out = io.StringIO()
    table = csv.writer(out, delimiter=delimiter, lineterminator="\r\n")
    table.writerow(header)
    table.writerows(rows)
    return out.getvalue()


def calls(
    rows: int = 1200, stamp: Callable[[datetime], str] = lambda time: f"{time:%Y-%m-%d %H:%M:%S}", epsg: int = 4326
) -> tuple[list[str], list[list[object]]]:
    """Return the header and the rows of plain calls for service."""
    x, y = points(rows, epsg)
    digits = 6 if epsg == 4326 else 1
    cells = [
        [
            f"25-{number:06}",
            stamp(time),
            kind,
            f"{100 + number % 900} Quill St",
            f"{x[at]:.{digits}f}",
            f"{y[at]:.{digits}f}",
        ]
        for at, (number, time, kind) in enumerate(zip(range(1, rows + 1), instants(rows), kinds(rows), strict=True))
    ]
    return ["Incident_Number", "Call_Datetime", "Problem", "Address", "X", "Y"], cells


def workbook(path: Path, sheets: Mapping[str, Sequence[Sequence[object]]]) -> None:
    """Write a workbook with these sheets."""
    book = openpyxl.Workbook()
    book.remove(book.worksheets[0])
    for name, rows in sheets.items():
        sheet = book.create_sheet(name)
        for row in rows:
            sheet.append(list(row))
    book.save(path)


def drafted(path: Path, content: str | None, *, encoding: str = "utf-8", **department: Any) -> tuple[Draft, Path]:
    """Return the draft of a file with this content (None for one that is there), and the profile that was written."""
    if content is not None:
        path.write_bytes(content.encode(encoding))
    made = draft([path], library(), shipped(), Department(**{"city": "Quillport", "state": "SC", **department}))
    return made, write(made, path.parent / "profile")


def loaded(path: Path) -> Profile:
    return read_profile(path, library().classes, library().by_name)


def decisions(made: Draft, language: str = "en") -> list[str]:
    """Return what is left to decide, in a language."""
    return [question.get(language) for question in questions(made)]
