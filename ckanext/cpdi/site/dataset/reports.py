"""A series of reports: the resources of a dataset as a compact list by year, the latest first."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from itertools import groupby
from typing import Any

from ckanext.cpdi.site import words


@dataclass(frozen=True)
class Report:
    """A report. ``day`` orders it: the end of its period, else the day of publication, else that of the upload."""

    id: str
    title: str
    url: str
    format: str
    size: str
    period: str
    issued: str
    day: date


@dataclass(frozen=True)
class ReportYear:
    """The reports of one year."""

    year: int
    reports: tuple[Report, ...]


def describe(resources: Iterable[Mapping[str, Any]], language: str) -> tuple[Report, ...]:
    """Return the resources of a series as reports, the latest first."""
    reports = [_report(resource, language) for resource in resources if resource.get("url")]
    return tuple(sorted(reports, key=lambda report: (report.day, report.title), reverse=True))


def by_year(reports: Iterable[Report]) -> tuple[ReportYear, ...]:
    """Return ``reports``, which are in order, by the year of their day."""
    years = groupby(reports, key=lambda report: report.day.year)
    return tuple(ReportYear(year, tuple(of_year)) for year, of_year in years)


def _report(resource: Mapping[str, Any], language: str) -> Report:
    """Return one resource as a report."""
    start, end = parse(resource.get("period_start")), parse(resource.get("period_end"))
    issued = parse(resource.get("issued"))
    period = words.days(start or end, end or start, language) if start or end else ""  # type: ignore[arg-type]
    octets = resource.get("size")
    return Report(
        id=str(resource.get("id", "")),
        title=str(resource.get("name") or period or resource.get("format") or ""),
        url=str(resource["url"]),
        format=str(resource.get("format") or ""),
        size=words.size(int(octets), language) if octets else "",
        period=period,
        issued=words.day(issued, language) if issued else "",
        day=end or start or issued or parse(resource.get("created")) or date.min,
    )


def parse(value: object) -> date | None:
    """Return the day with which an ISO 8601 text begins; None where it has none."""
    try:
        return date.fromisoformat(str(value or "")[:10])
    except ValueError:
        return None
