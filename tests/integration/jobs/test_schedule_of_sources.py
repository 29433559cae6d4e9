"""A tick starts the sources whose time of the department's day has come: each once, however many nights went by."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from ckan import model
from ckan.plugins import toolkit as tk
from ckanext.harvest.model import HarvestJob, HarvestSource
from helpers import harvest, queues

from ckanext.cpdi import config
from ckanext.cpdi.jobs import tick, worker
from ckanext.cpdi.jobs.planner import start_due
from ckanext.cpdi.jobs.worker import Worker
from ckanext.cpdi.pipeline.report import NightReport

pytestmark = pytest.mark.usefixtures("portal", "clean_queues")

EAST = ZoneInfo("America/New_York")


def local(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=EAST).astimezone(UTC)


def due(source_id: str) -> datetime:
    model.Session.expire_all()
    return HarvestSource.get(source_id).next_run.replace(tzinfo=UTC)


def jobs(source_id: str) -> int:
    return model.Session.query(HarvestJob).filter_by(source_id=source_id).count()


@pytest.fixture
def good_nights(monkeypatch):
    harvest.night(monkeypatch, lambda dataset, *args, **more: NightReport(1, dataset, "published"))


def test_a_daily_source_runs_at_the_sites_time_and_at_its_own(good_nights, ckan_config, monkeypatch):
    monkeypatch.setitem(ckan_config, "ckanext.cpdi.nightly_at", "03:15")
    usual = harvest.source(frequency="DAILY", name="usual")
    own = harvest.source("drop:b.csv", '{"dataset": "calls-for-service", "at": "22:05"}', frequency="DAILY", name="own")
    assert start_due(local("2026-05-01T12:00")) == 2
    assert (due(usual), due(own)) == (local("2026-05-02T03:15"), local("2026-05-01T22:05"))


def test_a_worker_that_drains_waits_for_no_message(good_nights, monkeypatch):
    monkeypatch.setattr(worker, "POLL_SECONDS", "a time that Redis would refuse")
    harvest.source(frequency="DAILY")
    start_due(local("2026-05-01T02:31"))
    assert Worker().run(drain=True) == 2  # the job, and its one object


def test_after_a_week_without_power_there_is_one_run(good_nights):
    source_id = harvest.source(frequency="DAILY")
    start_due(local("2026-05-01T02:31"))
    Worker().run(drain=True)
    for minutes in (0, 5, 10):
        start_due(local("2026-05-08T09:00") + timedelta(minutes=minutes))
        Worker().run(drain=True)
    assert jobs(source_id) == 2
    assert due(source_id) == local("2026-05-09T02:30")


def test_a_year_of_nights_has_a_run_each_whatever_the_clocks_do(good_nights, monkeypatch):
    """Ticks every five minutes around both clock changes, where a run could be left out or come twice."""
    started = []
    source_id = harvest.source(frequency="DAILY", config='{"dataset": "calls-for-service", "at": "01:30"}')
    for night in ("2026-03-08", "2026-11-01"):
        now, end = local(f"{night}T00:00"), local(f"{night}T05:00")
        HarvestSource.get(source_id).next_run = local(f"{night}T01:30").replace(tzinfo=None)
        model.Session.commit()
        while now < end:
            if start_due(now):
                started.append(now.astimezone(EAST).strftime("%m-%d %H:%M %Z"))
                Worker().run(drain=True)
            now += timedelta(minutes=5)
    assert started == ["03-08 01:30 EST", "11-01 01:30 EDT"]


def test_what_ckans_own_command_planned_comes_back_to_the_time_of_day(good_nights):
    source_id = harvest.source(frequency="DAILY")
    tk.get_action("harvest_jobs_run")({"ignore_auth": True, "user": "", "session": model.Session, "model": model}, {})
    Worker().run(drain=True)
    tick.tick()
    assert due(source_id).astimezone(EAST).strftime("%H:%M") == "02:30"
    assert jobs(source_id) == 1


def test_a_source_that_cannot_start_keeps_no_other_from_starting(good_nights, monkeypatch):
    first, second = sorted(
        [harvest.source(f"drop:{name}.csv", frequency="DAILY", name=name) for name in ("one", "two")]
    )
    HarvestSource.get(first).config = '{"dataset": "gone", "at": "nonsense"}'
    model.Session.commit()
    assert start_due(local("2026-05-01T02:31")) == 2
    create = tk.get_action("harvest_job_create")

    def refused(context, data_dict):
        if data_dict["source_id"] == first:
            raise RuntimeError("no room")
        return create(context, data_dict)

    Worker().run(drain=True)
    monkeypatch.setattr(
        tk, "get_action", lambda name, real=tk.get_action: refused if name == create.__name__ else real(name)
    )
    assert start_due(local("2026-05-02T02:31")) == 1
    assert (jobs(first), jobs(second)) == (1, 2)
    assert due(first) == local("2026-05-02T02:30")


def test_manual_and_inactive_sources_are_left_alone(good_nights):
    harvest.source(name="by-hand")
    sleeping = harvest.source("drop:b.csv", frequency="DAILY", name="sleeping")
    HarvestSource.get(sleeping).active = False
    model.Session.commit()
    assert start_due(local("2026-05-01T02:31")) == 0
    assert queues.waiting()["gather"] == []


def test_a_night_whose_last_job_still_runs_is_not_started_twice():
    source_id = harvest.source(frequency="DAILY")
    start_due(local("2026-05-01T02:31"))
    start_due(local("2026-05-02T02:31"))
    assert jobs(source_id) == 1
    assert due(source_id) == local("2026-05-03T02:30")


@pytest.mark.parametrize("at", ["2:30", "25:00", "noon"])
def test_a_time_that_is_none_is_refused_in_words(at):
    with pytest.raises(tk.ValidationError) as refused:
        harvest.source(config=f'{{"dataset": "calls-for-service", "at": "{at}"}}')
    assert "written like 02:30" in str(refused.value.error_dict)


def test_a_setting_that_is_no_time_stops_the_start(ckan_config, monkeypatch):
    monkeypatch.setitem(ckan_config, "ckanext.cpdi.nightly_at", "half past two")
    with pytest.raises(config.SettingError, match=r"ckanext\.cpdi\.nightly_at"):
        config.check()
