"""Feeds for tests: a small sample, and files of a few lines."""

from __future__ import annotations

import csv
from collections.abc import Iterable
from pathlib import Path
from typing import Any

DATASET = "calls-for-service"
HEADER = "Master_Incident_Number,Response_Date,Problem,Address,Call_Disposition,Time_CallClosed,LONGITUDE,LATITUDE"


def write_sample(path: Path, rows: int = 300, seed: int = 1) -> Path:
    """Write a sample of calls to ``path``."""
    from ckanext.cpdi import config
    from ckanext.cpdi.sample import write_calls

    write_calls(path, config.profile(), rows, seed)
    return path


def load_sample(path: Path, rows: int = 300, seed: int = 1) -> Any:
    """Write a sample of calls, publish it, and return the run's report."""
    from ckanext.cpdi.jobs import load
    from ckanext.cpdi.pipeline import publish

    write_sample(path, rows, seed)
    report = load.run(DATASET, str(path), label=path.name, trusted_path=True)
    assert report.state == "published", report.message
    publish.publish(DATASET, publish.profile_of(DATASET))
    return report


def write_calls(path: Path, numbers: Iterable[int], day: str = "2025-03-0{}") -> Path:
    """Write plain calls with these numbers, one a line, in a street of the city, closed the same hour."""
    lines = [
        f"25-{number:06},03/0{number % 9 + 1}/2025 10:{number % 60:02}:00,Traffic Stop,{100 + number % 90} Queen St,"
        f"LPA_Patrol Area,03/0{number % 9 + 1}/2025 10:59:00,-79.93{number % 10},32.77{number % 10}"
        for number in numbers
    ]
    path.write_text("\n".join([HEADER, *lines, ""]), encoding="utf-8")
    return path


CITATION = {
    "Citation_Number": "E-1",
    "ViolationDate": "01/10/2026 13:37",
    "Statute": "56-05-1520",
    "Violation": "Speeding",
    "Race": "W",
    "Sex": "M",
    "Age": "34",
    "Unit": "U-7",
    "Address": "120 Queen St",
    "X": "-79.935",
    "Y": "32.775",
}


def write_citations(path: Path, rows: Iterable[dict[str, str]]) -> Path:
    """Write citations, each a plain one of CITATION with these cells in place of its own."""
    filled = [CITATION | row for row in rows]
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, [*dict.fromkeys(name for row in filled for name in row)])
        writer.writeheader()
        writer.writerows(filled)
    return path
