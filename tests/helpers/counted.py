"""Counts of a public CSV by plain Python, as ``/data/DATASET/counts`` has to have them."""

from __future__ import annotations

import csv
import io
import re
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from datetime import date, timedelta
from pathlib import Path
from typing import Any

Row = dict[str, str]
TIME, PRECISION = "call_datetime", "time_precision"
COARSE, HOURLESS = ("month", "quarter"), ("date", "month", "quarter")


def rows_of(text: str) -> list[Row]:
    """Return the rows of a CSV."""
    return list(csv.DictReader(io.StringIO(text)))


def day_of(row: Row) -> date:
    return date.fromisoformat(row[TIME][:10])


def bins_of(answer: dict[str, Any]) -> list[str]:
    """Return what the bins are of: days or months, as texts begin."""
    first, last = (date.fromisoformat(answer["period"][end]) for end in ("first", "last"))
    days = [first + timedelta(number) for number in range((last - first).days + 1)]
    names = [day.isoformat() for day in days]
    return names if answer["bin"] == "day" else list(dict.fromkeys(name[:7] for name in names))


def months_of(answer: dict[str, Any]) -> list[str]:
    return bins_of(answer | {"bin": "month"})


def by_bin(rows: Iterable[Row], bins: Sequence[str]) -> list[int]:
    """Return how many ``rows`` are in each of ``bins``."""
    counted = Counter(row[TIME][: len(bins[0])] for row in rows)
    assert set(counted) <= set(bins)
    return [counted[name] for name in bins]


def exact(rows: Iterable[Row], answer: dict[str, Any]) -> list[Row]:
    """Return the rows that are in a bin."""
    return [row for row in rows if answer["bin"] == "month" or row[PRECISION] not in COARSE]


def coarse(rows: Iterable[Row]) -> list[Row]:
    return [row for row in rows if row[PRECISION] in COARSE]


def dimension(answer: dict[str, Any], name: str) -> dict[str, Any]:
    return next(one for one in answer["dimensions"] if one["name"] == name)


def check_dimension(answer: dict[str, Any], name: str, rows: Sequence[Row], most: int = 30) -> None:
    """Compare a dimension with ``rows``, which meet all conditions but those about it."""
    shown, bins = dimension(answer, name), bins_of(answer)
    totals = Counter(row[name] for row in rows if row[name])
    assert shown["values"] == sorted(shown["values"], key=lambda value: (-totals[value], value))
    assert len(shown["values"]) >= min(most, len(totals))
    others = set(totals) - set(shown["values"])
    parts: list[tuple[dict[str, Any], list[Row], list[str]]] = [(shown, exact(rows, answer), bins)]
    if answer["bin"] == "day":
        parts.append((shown["coarse"], coarse(rows), months_of(answer)))
    for numbers, counted, names in parts:
        for value, found in zip(shown["values"], numbers["counts"], strict=True):
            assert found == by_bin([row for row in counted if row[name] == value], names), (name, value)
        assert numbers["missing"] == by_bin([row for row in counted if not row[name]], names)
        rest = by_bin([row for row in counted if row[name] in others], names)
        assert numbers["other"] == (rest if others else None)


def check_unplaced(answer: dict[str, Any], rows: Sequence[Row]) -> None:
    """Compare what is on no map with ``rows``, which meet the whole filter."""
    kinds = [row | {"unplaced": "" if row["longitude"] else "team" if row["team"] else "nowhere"} for row in rows]
    check_dimension({**answer, "dimensions": [{"name": "unplaced", **answer["unplaced"]}]}, "unplaced", kinds)


def check_hours(answer: dict[str, Any], rows: Sequence[Row]) -> None:
    """Compare the hours with ``rows``, which meet all conditions but those about hour and weekday."""
    bins, counted = bins_of(answer), exact(rows, answer)
    with_hour = [row for row in counted if row[PRECISION] not in HOURLESS]
    numbers = answer["hours"] if answer["bin"] == "day" else answer["week_hours"]
    slot: Callable[[Row], int] = (
        (lambda row: int(row[TIME][11:13]))
        if answer["bin"] == "day"
        else lambda row: day_of(row).isoweekday() % 7 * 24 + int(row[TIME][11:13])
    )
    assert len(numbers["counts"]) == (24 if answer["bin"] == "day" else 168)
    for number, found in enumerate(numbers["counts"]):
        assert found == by_bin([row for row in with_hour if slot(row) == number], bins)
    assert numbers["without"] == by_bin([row for row in counted if row[PRECISION] in HOURLESS], bins)


def check_days(answer: dict[str, Any], rows: Sequence[Row], every: Sequence[Row]) -> None:
    """Compare the timeline with ``rows``, which meet all conditions but the period; ``every`` row of the table."""
    first, last = min(map(day_of, every)), max(map(day_of, every))
    span = {"period": {"first": first.isoformat(), "last": last.isoformat()}, "bin": "day"}
    assert answer["days"]["first"] == first.isoformat()
    assert answer["days"]["counts"] == by_bin(exact(rows, span), bins_of(span))
    assert answer["days"]["coarse"] == by_bin(coarse(rows), months_of(span))


def check_total(answer: dict[str, Any], rows: Sequence[Row]) -> None:
    """Compare the totals with ``rows``, which meet the whole filter."""
    assert answer["rows"] == len(rows)
    assert answer["bins"] == len(bins_of(answer)) == len(answer["total"]["counts"])
    assert answer["total"]["counts"] == by_bin(exact(rows, answer), bins_of(answer))
    assert answer["total"]["coarse"] == by_bin(coarse(rows), months_of(answer))


def load_spread(folder: Path) -> Any:
    """Load a sample whose days are spread over a year and a half."""
    from helpers.feeds import write_sample

    path = write_sample(folder / "calls.csv", 1200)
    lines = path.read_text(encoding="utf-8").splitlines()
    path.write_text("\n".join(earlier(line, number * 540 // len(lines)) for number, line in enumerate(lines)) + "\n")
    return load_file(path)


def earlier(line: str, days: int) -> str:
    """Return a line with its days so many before."""

    return re.sub(
        r"\b2025-\d\d-\d\d(?=T)",
        lambda found: (date.fromisoformat(found[0]) - timedelta(days)).isoformat(),
        line,
    )


def load_file(path: Path) -> Any:
    from ckanext.cpdi.jobs import load
    from ckanext.cpdi.pipeline import publish
    from helpers.feeds import DATASET

    report = load.run(DATASET, str(path), label=path.name, trusted_path=True)
    assert report.state == "published", report.message
    publish.publish(DATASET, publish.profile_of(DATASET))
    return report
