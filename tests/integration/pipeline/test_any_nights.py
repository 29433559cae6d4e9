"""Whatever rows a feed brings, through reader, rules and store: each has one outcome, and their order is none of it."""

from __future__ import annotations

import signal
import time
from pathlib import Path

import ckan.plugins.toolkit as tk
import pytest
from ckan.lib.search import SearchIndexError
from helpers import datastore, harvest
from helpers.feeds import DATASET, HEADER, write_calls
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from ckanext.cpdi import config
from ckanext.cpdi.catalog.parts import resource_id
from ckanext.cpdi.jobs import load, tick
from ckanext.cpdi.jobs.worker import Worker
from ckanext.cpdi.pipeline import publish
from ckanext.cpdi.pipeline.claim import DatasetBusy
from ckanext.cpdi.publish import snapshot_store

pytestmark = pytest.mark.usefixtures("portal", "clean_queues")

CELLS = {
    "Master_Incident_Number": [*(f"25-{number:06}" for number in range(6)), "", "=1+1", "x" * 70],
    "Response_Date": [
        "03/04/2025 10:07:00",
        "03/09/2025 02:30:00",
        "11/02/2025 01:30:00",
        "01/01/20260",
        "infinity",
        "",
    ],
    "Problem": ["Traffic Stop", "114D_Domestic Verbal", "113D_Disturbance Verbal Small", "nobody judged", ""],
    "Address": ["101 Queen St", "@Queen St / King St", "9\0 Nowhere Ln", ""],
    "Call_Disposition": ["LPA_Patrol Area", "LJ_Juv Released to Parent", "?", ""],
    "Time_CallClosed": ["03/04/2025 10:59:00", "never", ""],
    "LONGITUDE": ["-79.931", "79.931", "NaN", "Inf", "0", ""],
    "LATITUDE": ["32.771", "-Infinity", "0", ""],
}
assert ",".join(CELLS) == HEADER
lines = st.lists(
    st.tuples(*map(st.sampled_from, CELLS.values())).map(",".join) | st.just("too,few"), min_size=1, max_size=25
)


def csv() -> str:
    """The published rows as everybody can have them, without the table's ids."""
    publish.publish(DATASET, config.profile())
    return b"".join(snapshot_store.find(config.files_path(), DATASET, "csv").blocks()).decode()


@settings(max_examples=8, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(lines, st.randoms(use_true_random=False))
def test_every_row_of_any_feed_has_one_outcome_and_its_place_in_the_feed_is_none(tmp_path, rows, random):
    def night(rows: list[str], **options):
        path = tmp_path / "calls.csv"
        path.write_text("\n".join([HEADER, *rows, ""]), encoding="utf-8")
        report = load.run(DATASET, str(path), label="calls", trusted_path=True, **options)
        if report.state == "held":  # so many bad rows as no real feed has
            with config.store() as store:
                store.ledger.release(report.run)
            report = load.run(DATASET, str(path), label="calls", trusted_path=True, force=True)
        return report

    datastore.empty()
    report = night(rows)
    assert report.state == ("published" if report.published else "unchanged"), report.message
    assert report.read == len(rows) == report.published + report.withheld + sum(report.quarantined.values())
    before = csv()
    again = night(rows, force=True)
    assert (again.added, again.changed, again.removed) == (0, 0, 0)
    random.shuffle(rows)
    turned = night(rows, force=True)
    assert (turned.added, turned.changed, turned.removed) == (0, 0, 0)
    assert (turned.published, turned.withheld) == (report.published, report.withheld)
    assert csv() == before


KILLED = Path(__file__).with_name("killed_night.py")


def run_again(path):
    """Load once more; the database may still be ending the session of a process that was killed while it committed."""
    for _ in range(100):
        try:
            return load.run(DATASET, str(path), label="calls", trusted_path=True)
        except DatasetBusy:
            time.sleep(0.1)
    pytest.fail("the claim of the killed process is still held")


FIRST, SECOND = range(1, 101), range(11, 121)


def plain_night(folder, numbers: range):
    path = write_calls(folder / "calls.csv", numbers)
    return load.run(DATASET, str(path), label="calls", trusted_path=True)


@pytest.fixture(scope="module")
def kept() -> dict[str, str]:
    """What the first test of a module found and the others need."""
    return {}


@pytest.fixture
def clean(kept, folders, tmp_path) -> str:
    """The rows after two nights without a mishap."""
    if "clean" not in kept:
        plain_night(tmp_path, FIRST)
        plain_night(tmp_path, SECOND)
        kept["clean"] = csv()
        datastore.empty()
    return kept["clean"]


@pytest.mark.parametrize("where", ["copy", "commit", "files"])
def test_a_night_that_is_killed_and_run_again_is_a_clean_run_byte_for_byte(
    clean, tmp_path, folders, programs, pytestconfig, where
):
    plain_night(tmp_path, FIRST)
    csv()
    path = write_calls(tmp_path / "calls.csv", SECOND)
    done = programs.run(KILLED, pytestconfig.getoption("--ckan-ini"), tmp_path, path, where)
    assert done.returncode == -signal.SIGKILL, done.stderr[-2000:]
    assert run_again(path).state in ("published", "unchanged")
    assert csv() == clean


def test_a_search_index_that_is_away_costs_the_night_no_row_and_the_next_tick_heals_the_rest(
    folders, ckan_config, monkeypatch
):
    write_calls(folders["drop"] / "calls.csv", range(1, 101))
    job = harvest.start(harvest.source())
    with monkeypatch.context() as patch:
        patch.setitem(ckan_config, "solr_url", "http://127.0.0.1:1/solr/none")
        with pytest.raises(SearchIndexError):  # a worker that does not drain waits, and goes on
            Worker().run(drain=True)
    assert datastore.rows(resource_id(DATASET)) == 100
    tick.tick()
    Worker().run(drain=True)
    assert harvest.job(job)["status"] == "Finished"
    assert tk.get_action("resource_show")({"ignore_auth": True}, {"id": resource_id(DATASET)})["rows"] == 100
