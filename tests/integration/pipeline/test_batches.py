"""A record whose lines lie in two batches of a feed is shown by all of its classes, in the same run."""

from __future__ import annotations

import psycopg
import pytest
from helpers import datastore
from helpers.feeds import DATASET, write_calls

from ckanext.cpdi.catalog.parts import resource_id
from ckanext.cpdi.feeds.readers.csv import CsvReader
from ckanext.cpdi.jobs import load

pytestmark = pytest.mark.usefixtures("with_plugins", "portal")


@pytest.fixture
def small_batches(monkeypatch):
    """Batches of four rows, as a feed of some hundred thousand lines has them by nature."""
    whole = CsvReader.batches
    monkeypatch.setattr(CsvReader, "batches", lambda self, rows=4, columns=None: whole(self, 4, columns))


def published() -> list[tuple[object, ...]]:
    with psycopg.connect(datastore.dsn()) as connection:
        query = f'SELECT time_precision, block_address, count(*) FROM public."{resource_id(DATASET)}" GROUP BY 1, 2'
        return connection.execute(query).fetchall()


@pytest.mark.parametrize("later", ["first", "second"])
def test_a_stop_that_turns_out_domestic_far_below_is_never_shown_as_a_stop(small_batches, tmp_path, later):
    """The newest line wins, wherever it stands; a domestic one anywhere makes the record sensitive."""
    path = write_calls(tmp_path / "calls.csv", range(1, 13))
    header, first, *rest = path.read_text(encoding="utf-8").splitlines()
    domestic = first.replace("LPA_Patrol Area", "LDE_Domestic Escort Completed")
    lines = [first, *rest, domestic] if later == "first" else [domestic, *rest, first]
    path.write_text("\n".join([header, *lines]) + "\n", encoding="utf-8")
    report = load.run(DATASET, str(path), label="night", trusted_path=True)
    assert (report.state, report.published) == ("published", 12), report.message
    assert report.read == 13
    assert [rows for precision, _, rows in published() if precision == "month"] == [1]
    assert {block for precision, block, _ in published() if precision == "month"} == {None}
    again = load.run(DATASET, str(path), label="night", trusted_path=True, force=True)
    assert (again.state, again.unchanged) == ("unchanged", 12)
