"""Names of periods and addresses of reports."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ckanext.cpdi.publish import report_files


@pytest.mark.parametrize(
    ("start", "end", "name"),
    [
        (date(2024, 3, 18), date(2024, 3, 24), "2024-03-24"),
        (date(2024, 12, 30), date(2025, 1, 5), "2025-01-05"),
        (date(2024, 2, 1), date(2024, 2, 29), "2024-02"),
        (date(2023, 2, 1), date(2023, 2, 28), "2023-02"),
        (date(2024, 2, 1), date(2024, 2, 28), "2024-02-28"),
        (date(2024, 1, 1), date(2024, 3, 31), "2024-03-31"),
    ],
)
def test_a_period_is_called_by_its_month_or_by_its_last_day(start: date, end: date, name: str) -> None:
    assert report_files.period_name(start, end) == name


@given(start=st.dates(), days=st.integers(0, 400))
def test_the_name_of_a_period_says_its_last_day(start: date, days: int) -> None:
    end = min(start, date.max - timedelta(days)) + timedelta(days)
    assert report_files.period_end(report_files.period_name(start, end)) == end


@pytest.mark.parametrize(
    "name", ["", "2024-13", "2024-00", "0000-01", "2024-02-30", "2024-3", "20240324", "2024-W12", "٢٠٢٤-٠٣"]
)
def test_nothing_else_is_the_name_of_a_period(name: str) -> None:
    assert report_files.period_end(name) is None


def test_an_edition_lies_as_it_is_addressed() -> None:
    assert report_files.address("compstat-reports", "2024-03-24") == "/reports/compstat-reports/2024-03-24.pdf"
    edition = report_files.address("compstat-reports", "2024-03-24", 2, report_files.PICTURE)
    path = report_files.public_file(Path("/files"), "compstat-reports", "2024-03-24", 2, report_files.PICTURE)
    assert path == Path("/files" + edition)
