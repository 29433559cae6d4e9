"""Parts made of rows that a test writes down: whatever it does not name is null."""

from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import polars as pl
import pytest

from ckanext.cpdi.declare import Dataset, Profile, Text, read_library
from ckanext.cpdi.declare.departments.profile import Agency
from ckanext.cpdi.publish.extract import Extract
from ckanext.cpdi.publish.rows.columns import schema
from ckanext.cpdi.publish.site import Licence, Site

ROOT = Path(__file__).parents[3]


@pytest.fixture(scope="session")
def calls() -> Dataset:
    return read_library(ROOT / "schemas").dataset("calls-for-service")


@pytest.fixture(scope="session")
def department() -> Profile:
    agency = Agency(Text("Test Police", "Policía de prueba"), "TPD", "Testville", "SC", url="https://police.example")
    return Profile("test", "1", agency, "America/New_York", "boundary.geojson")


@pytest.fixture(scope="session")
def site() -> Site:
    licence = Licence("CC0-1.0", "CC0 1.0", "https://creativecommons.org/publicdomain/zero/1.0/")
    return Site("https://data.example", "Open <Data>", licence, (Text("No commercial solicitation.", "Sin fines."),))


@pytest.fixture
def part_of(calls: Dataset, department: Profile, site: Site) -> Callable[..., Extract]:
    def make(*rows: dict, year: int | None = None, batch: int = 100) -> Extract:
        columns = schema(calls.rows, department.time_zone)
        filled = [
            {"incident_number": f"N{at}", "call_datetime": instant("2024-05-01 12:00")} | row
            for at, row in enumerate(rows)
        ]
        aware = {
            name: pl.Datetime("us", "UTC") if isinstance(kind, pl.Datetime) else kind for name, kind in columns.items()
        }
        frame = pl.DataFrame([{name: row.get(name) for name in columns} for row in filled], schema=aware, orient="row")
        frame = frame.with_columns(pl.col(pl.Datetime).dt.convert_time_zone(department.time_zone))
        published = datetime(2026, 11, 24, 3, 0, tzinfo=UTC)
        return Extract(
            calls, department, site, "20261124-7", published, year, len(rows), lambda: iter(frame.iter_slices(batch))
        )

    return make


def instant(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)
