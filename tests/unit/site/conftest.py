"""The portal's own declarations, and a ledger of one table, as the pages' pure parts take them."""

from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from ckanext.cpdi.declare import read_library, read_profile
from ckanext.cpdi.site.pages import Portal
from ckanext.cpdi.site.runs.ledger import Ledger, Reason, Run, Version, Year

ROOT = Path(__file__).parents[3]


@pytest.fixture(scope="session")
def library():
    return read_library(ROOT / "schemas")


@pytest.fixture(scope="session")
def profile(library):
    return read_profile(ROOT / "profiles" / "charleston.yaml", library.classes)


@pytest.fixture
def run():
    return Run(
        id=41,
        dataset="calls-for-service",
        state="published",
        started=datetime(2026, 11, 24, 8, 10, tzinfo=UTC),
        finished=datetime(2026, 11, 24, 8, 12, tzinfo=UTC),
        feed_label="drop:calls-SAMPLE.csv",
        profile_version="2026.11.1",
        read=1013,
        published=1000,
        added=10,
        changed=5,
        removed=0,
        withheld=4,
        quarantined=9,
        reasons=(Reason("withheld", "embargo", 4), Reason("quarantined", "no_key", 9)),
    )


@pytest.fixture
def ledger(run):
    version = Version(
        dataset="calls-for-service",
        resource_id="11111111-1111-4111-8111-111111111111",
        version="20261124-41",
        run=41,
        rows=231402,
        published_at=datetime(2026, 11, 24, 8, 12, tzinfo=UTC),
        first_time=datetime(2019, 1, 1, 5, 0, tzinfo=UTC),
        last_time=datetime(2026, 11, 24, 1, 0, tzinfo=UTC),
    )
    years = (Year(2026, 31402, "20261124-41"), Year(2025, 200000, "20261124-41"))
    return Ledger({"calls-for-service": version}, {"calls-for-service": years}, {"calls-for-service": (run,)})


@pytest.fixture
def citations(ledger, run):
    """The ledger with a table of citations, whose feed tells no paper, has 31 without a place, and three years."""
    version = replace(ledger.versions["calls-for-service"], dataset="electronic-citations", rows=30_000)
    years = (Year(2026, 12_000, "20261124-41"), Year(2025, 13_000, "20261124-41"), Year(2024, 5_000, "20261124-41"))
    last = replace(run, dataset="electronic-citations", reasons=(Reason("withheld", "no_place", 31),))
    skipped = replace(last, id=42, state="unchanged", read=0, reasons=())
    return Ledger(
        {"electronic-citations": version},
        {"electronic-citations": years},
        {"electronic-citations": (skipped, last)},
    )


@pytest.fixture
def portal(library, profile, ledger, tmp_path):
    return Portal(
        library=library,
        profile=profile,
        ledger=ledger,
        folder=tmp_path,
        site_url="https://data.example.org",
        served=lambda path: path == "/openapi.json",
        now=datetime(2026, 11, 24, 15, 0, tzinfo=UTC),
        language="en",
    )
