"""Reports through the real harvester: a job is a run of the series, and staff are told that files wait, and no more."""

from __future__ import annotations

import pytest
from ckan.tests.helpers import call_action
from helpers import harvest
from helpers.pdfs import written

from ckanext.cpdi import config
from ckanext.cpdi.jobs.worker import Worker

pytestmark = pytest.mark.usefixtures("portal", "clean_queues")

SERIES = "closed-investigations"
SECRET = "Odetta Quillfeather"


@pytest.fixture
def source(folders):
    folder = folders["drop"] / "investigations"
    folder.mkdir()
    written(folder / "Closed Investigations 2024-03.pdf", ["Closed investigations"])
    described = {"source_type": "cpdi_reports", "name": "investigations", "title": "Investigations"}
    return harvest.source("drop:investigations", f'{{"dataset": "{SERIES}"}}', **described)


def job(source):
    started = harvest.start(source)
    Worker().run(drain=True)
    return started


def test_a_job_publishes_reports_and_brings_the_page_up_to_date(source, inbox):
    done = job(source)
    assert harvest.messages(done) == []
    assert harvest.job(done)["stats"]["added"] == 1
    assert [one["name"] for one in call_action("package_show", id=SERIES)["resources"]] == ["March 2024"]
    assert harvest.job(job(source))["stats"]["not modified"] == 1
    assert inbox.mails == []


def test_staff_are_told_once_that_files_wait_and_nothing_of_what_is_in_them(source, inbox, folders):
    written(folders["drop"] / "investigations" / f"notes of {SECRET}.pdf", [f"The complainant, Ms. {SECRET}, said"])
    for _ in range(2):
        job(source)
    assert inbox.subjects == ["Citizen-Generated Closed Investigations: files for you to look at"]
    assert "1 report waits" in inbox.body()
    assert SECRET not in inbox.body()


def test_a_source_of_reports_fills_series_and_no_tables(source):
    from ckanext.cpdi.harvesters.reports import ReportsHarvester

    with pytest.raises(Exception, match="calls-for-service"):
        ReportsHarvester().validate_config('{"dataset": "calls-for-service"}')
    with config.store() as store:
        assert store.ledger.runs(SERIES) == []
