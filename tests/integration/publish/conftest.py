"""One table of calls, which the store writes."""

from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import polars as pl
import psycopg
import pytest
import xxhash
from helpers import datastore
from publish_rows import call

from ckanext.cpdi import config
from ckanext.cpdi.declare import Dataset, Text, read_library, read_profile
from ckanext.cpdi.publish.rows.columns import schema
from ckanext.cpdi.publish.site import Licence, Site
from ckanext.cpdi.store import RunSummary

ROOT = Path(__file__).parents[3]
RESOURCE = "5f0c7a52-0000-4000-8000-000000000001"
FACTS = ("feed", "sha", "rules", "profile", "code")


@pytest.fixture(scope="session")
def library():
    return read_library(ROOT / "schemas")


@pytest.fixture(scope="session")
def calls(library):
    return library.dataset("calls-for-service")


@pytest.fixture(scope="session")
def department(library):
    return read_profile(ROOT / "profiles" / "charleston.yaml", library.classes)


@pytest.fixture(scope="session")
def site():
    licence = Licence("CC0-1.0", "CC0 1.0", "https://creativecommons.org/publicdomain/zero/1.0/")
    return Site("https://data.example", "Open Data", licence, (Text("No commercial solicitation.", ""),))


@dataclass
class Calls:
    """The table of calls in the tests' DataStore, written through the store."""

    dataset: Dataset
    zone: str
    key: str = "incident_number"

    @property
    def read_dsn(self) -> str:
        return config.read_dsn()

    def empty(self) -> None:
        """As after ``ckan cpdi init``: the store is there, and no table."""
        datastore.empty()

    def commit(self, rows: list[dict]) -> str:
        """Let a run bring ``rows`` (dicts by field) and nothing else; return the version."""
        with config.store() as store:
            run = store.ledger.start(self.dataset.name, *FACTS)
            with store.begin(self.dataset.name, RESOURCE, self.dataset.rows, run, self.zone) as sync:
                sync.add(self._published(rows))
                sync.apply(remove_missing=True)
                return sync.commit(RunSummary(read=len(rows)))

    def execute(self, query: str) -> None:
        """Change what the store wrote, as only a fault can."""
        with psycopg.connect(datastore.dsn()) as connection:
            connection.execute(query)

    def _published(self, rows: list[dict]) -> pl.DataFrame:
        fields = schema(self.dataset.rows, "UTC")
        frame = pl.DataFrame([[row.get(name) for name in fields] for row in rows], schema=fields, orient="row")
        own = {
            "_key": pl.Series([_hash(row[self.key]) for row in rows], dtype=pl.Int64),
            "_classes": pl.Series([1] * len(rows), dtype=pl.Int16),
            "_fingerprint": pl.Series([_hash(repr(sorted(row.items()))) for row in rows], dtype=pl.Int64),
            "_rank": pl.Series([0] * len(rows), dtype=pl.Int64),
            "_line": pl.Series(range(2, len(rows) + 2), dtype=pl.UInt32),
        }
        return pl.DataFrame(own).hstack(frame)


def _hash(text: str) -> int:
    return xxhash.xxh3_64_intdigest(text.encode()) - (1 << 63)


@pytest.fixture(scope="module")
def empty_table(calls, department) -> Calls:
    made = Calls(calls, department.time_zone)
    made.empty()
    return made


@pytest.fixture
def table(empty_table: Calls) -> Calls:
    empty_table.empty()
    return empty_table


@pytest.fixture(scope="session")
def awkward():
    """Rows with what real feeds bring: the year's turn, a repeated hour, hostile texts, no place, coarse times."""
    return [
        call("A1", "2024-01-01 04:30", problem="still 2023 in Charleston", latitude=32.781234, longitude=-79.931234),
        call("A2", "2024-01-01 05:00", problem='=HYPERLINK("http://evil")', latitude=32.8, longitude=-79.95),
        call("A3", "2023-11-05 05:30", problem='"quoted", <b>bold</b>\nand broken', counts_as_event=True),
        call("A4", "2023-11-05 06:30", problem="the same hour again", counts_as_event=False, response_minutes=4.5),
        call("A5", "2024-03-01 05:00", call_category="Domestic", counts_as_event=True) | {"time_precision": "month"},
        call("A6", "2024-06-01 12:00", problem="Señal ñandú 🚓 " + "x" * 300, latitude=32.75, longitude=-80.0),
        call("A7", "2024-06-01 12:00", problem="", closed_datetime=datetime(2024, 6, 1, 12, 41, 7, tzinfo=UTC)),
    ]
