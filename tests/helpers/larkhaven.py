"""Feeds of the invented department in ``tests/departments``: a workbook of calls, an API's answer with citations."""

from __future__ import annotations

import datetime as dt
import json
from pathlib import Path

import openpyxl

from helpers.documents import ROOT

PROFILE = ROOT / "tests" / "departments" / "larkhaven.yaml"
HEADER = ["Date", "Time", "Category", "Nature", "Unit/Prio", "No", "Street", "Location", "Closed"]
DAY = dt.date(2024, 4, 1)
STOP = ["Traffic", "Stop", "A1/Hi"]
THEFT = ["Property", "Theft", "B2/Routine"]
CALLS: list[list[object]] = [
    *([DAY, "0207", *STOP, 100 + 2 * at, "Quillfen St", f"(42.0{at}, -93.6)", "Y"] for at in range(9)),
    # Two rows that are alike in all that tells rows apart, and one that nearly is.
    [DAY, dt.time(14, 30), *THEFT, 100, "Quillfen St", "POINT (-93.6 42.0)", "Y"],
    [DAY, dt.time(14, 30), *THEFT, 100, "Quillfen St", "POINT (-93.6 42.0)", "N"],
    [DAY, 5, *THEFT, 100, "Quillfen St", None, "N"],
    ["4/2/24", "2:30 PM", "Persons", "Domestic", "C3/n/a", 102, "Quillfen St", "at home", "Y"],
    [dt.datetime(2024, 4, 2, 11, 15), None, *STOP, 104, "Quillfen St", "(42.0, -93.6)", "Y"],
    # Rows that cannot be used: a time that is none, a day that is none, a code that nobody judged.
    [DAY, "noon", *STOP, 106, "Quillfen St", "(42.0, -93.6)", "Y"],
    ["4/31/24", "0207", *STOP, 106, "Quillfen St", "(42.0, -93.6)", "Y"],
    [DAY, "0300", "Traffic", "Chase", "A1/Hi", 106, "Quillfen St", "(42.0, -93.6)", "Y"],
]


def write_calls(path: Path) -> Path:
    """Write the workbook: a cover, and the sheet of calls with a title, their rows, and a sum."""
    book = openpyxl.Workbook()
    book.active["A1"] = "Larkhaven Police, for the public"
    sheet = book.create_sheet("Calls")
    for row in (
        ["Calls for service"],
        ["Run at", dt.datetime(2024, 5, 1, 4)],
        HEADER,
        *CALLS,
        [],
        ["Total:", len(CALLS)],
    ):
        sheet.append(row)
    sheet.append(["(Confidential until published)"])
    book.save(path)
    return path


def ticket(number: str, charge: str, code: str, *, age: object = 34, race: str = "W", court: str = "1") -> dict:
    """Return a charge of a ticket of the first of April, which is told as that day's midnight in UTC."""
    return {
        "ticket": number,
        "court": court,
        "issued": {"day": 1711929600000},
        "charge": {"name": charge, "code": code},
        "person": {"age": age, "race": race},
    }


TICKETS = [
    ticket("E-1", "Speeding", "321.285"),
    ticket("E-2", "Speeding", "321.285", race="H", court="2"),
    ticket("E-1", "No insurance", "321.20B"),
    ticket("E-3", "Speeding", "321.285"),
    ticket("E-3", "Speeding", "321.285", age="17"),
    ticket("E-1", "Speeding", "321.285", court="2"),
]


def write_tickets(path: Path) -> Path:
    """Write the answer."""
    answer = {"generated": "2024-05-01", "response": {"total": len(TICKETS), "tickets": TICKETS}}
    path.write_text(json.dumps(answer), encoding="utf-8")
    return path
