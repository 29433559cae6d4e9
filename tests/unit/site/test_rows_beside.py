"""A report leads to the rows of its period, widened to what the table shows, and a table to its series."""

from __future__ import annotations

from datetime import date
from pathlib import Path

from ckanext.cpdi.declare import read_library
from ckanext.cpdi.site.dataset.series_beside import series_beside
from ckanext.cpdi.site.reports.rows_beside import rows_beside

LIBRARY = read_library(Path(__file__).parents[3] / "schemas")
MARCH = (date(2024, 3, 1), date(2024, 3, 31))


def test_a_report_leads_to_the_rows_of_its_period():
    force = rows_beside(LIBRARY.dataset("use-of-force"), *MARCH, "en")
    assert force.file == "/data/use-of-force.csv?from=2024-03-01&to=2024-03-31"
    complaints = rows_beside(LIBRARY.dataset("complaints"), *MARCH, "es")
    assert complaints.file == "/data/complaints.csv?from=2024-01-01&to=2024-03-31"
    assert "2024" in complaints.period


def test_a_table_leads_to_the_series_of_the_same():
    assert [series.name for series in series_beside("complaints", LIBRARY, "en")] == ["closed-investigations"]
    assert series_beside("calls-for-service", LIBRARY, "en") == ()
