"""Harvest sources in CKAN's form: what they may say, and that nothing secret stands in them."""

from __future__ import annotations

import logging

import pytest
from ckan.plugins import toolkit as tk
from ckan.tests.helpers import call_action
from helpers import datastore, harvest

from ckanext.cpdi.catalog.parts import resource_id
from ckanext.cpdi.harvesters.sources import ensure_source

TABLE = resource_id("calls-for-service")


def test_the_form_offers_the_cad_harvester(app, sysadmin):
    page = app.get("/harvest/new", headers=sysadmin["headers"])
    assert "CAD export" in page.body
    assert 'value="cpdi_cad"' in page.body
    for way in ("https://", "FeatureServer/0", "sftp://", "s3://", "drop:"):
        assert way in page.body


@pytest.mark.usefixtures("portal")
@pytest.mark.parametrize(
    ("config", "words"),
    [
        ('{"dataset": "calls_for_service"}', "did you mean calls-for-service?"),
        ('{"datset": "calls-for-service"}', "'datset' is not known here; did you mean dataset?"),
        ('{"dataset": "gone"}', "dataset: 'gone' is not known here; there are calls-for-service"),
        ('{"dataset": "compstat-reports"}', "dataset: 'compstat-reports' is not known here"),
        ('{"dataset": "calls-for-service", "password": "hush"}', "harvest sources are public"),
        ('{"dataset": "calls-for-service", "api_key": "hush"}', "harvest sources are public"),
        ('{"dataset": "calls-for-service", "speed": "9"}', "'speed' is not known here"),
        ('{"dataset": "calls-for-service", "profile": "atlantis"}', "no profile 'atlantis'"),
        ('{"dataset": "calls-for-service", "profile": "/etc/passwd"}', "not a path"),
        ('{"dataset": 7}', "dataset is a text"),
        ('{"sync": "some"}', "sync is one of full, window, append"),
        ('{"sync": "window", "window_days": "30"}', "window_days is a whole number"),
        ('{"sync": "window", "window_days": true}', "window_days is a whole number"),
        ('{"sync": "window", "window_days": 1}', "window_days is a whole number of 2 or more"),
        ('{"sync": "window", "window_days": -30}', "window_days is a whole number of 2 or more"),
        ('{"sync": "append", "window_days": 30}', "window_days goes with sync: window"),
        ('{"window_days": 30}', "window_days goes with"),
        ("[1]", "no JSON object"),
        ("{", "is no JSON"),
    ],
)
def test_a_configuration_that_cannot_work_is_refused_with_words(config, words):
    with pytest.raises(tk.ValidationError) as refused:
        harvest.source(config=config)
    assert words in str(refused.value.error_dict)
    assert "hush" not in str(refused.value.error_dict)


@pytest.mark.usefixtures("portal")
@pytest.mark.parametrize(
    ("location", "words"),
    [
        ("https://user:hush@cad.example.org/calls.csv", "no user and password"),
        ("https://cad.example.org/calls.csv?token=hush", "no credential"),
        ("https://cad.example.org/calls.csv?a=1&X-Amz-Signature=hush", "no credential"),
        ("ftp://cad.example.org/calls.csv", "no address that a feed can have"),
        ("/var/feeds/calls.csv", "no address that a feed can have"),
        ("sftp://portal:hush@files.example.org/calls.csv", "no user and password"),
        ("sftp://files.example.org/", "the path of a file"),
        ("s3://hush@bucket/calls.csv", "no user and password"),
        ("s3://bucket", "a bucket and the name of an object"),
        ("s3://bucket/calls.csv?X-Amz-Signature=hush", "neither ? nor #"),
        ("drop:../secret.csv", "name of a file in the drop folder"),
        ("drop:/etc/passwd", "name of a file in the drop folder"),
        ("drop:", "name of a file in the drop folder"),
    ],
)
def test_an_address_that_is_none_or_gives_something_away_is_refused(location, words):
    with pytest.raises(tk.ValidationError) as refused:
        harvest.source(location)
    assert words in str(refused.value.error_dict)
    assert "hush" not in str(refused.value.error_dict)


@pytest.mark.usefixtures("portal")
def test_what_is_typed_into_a_source_is_not_logged(sysadmin, caplog):
    caplog.set_level(logging.INFO)
    harvest.source()
    source = call_action("harvest_source_show", id="night")
    bad = {"url": "https://user:hush@cad.example.org/", "config": '{"password": "hush"}'}
    with pytest.raises(tk.ValidationError):
        harvest.source(bad["url"], bad["config"], name="other")
    with pytest.raises(tk.ValidationError):
        call_action("harvest_source_update", context=dict(sysadmin["context"]), **source | bad)
    assert "Creating harvest source: 'other'" in caplog.text
    assert "Updating harvest source" in caplog.text
    assert "hush" not in caplog.text


@pytest.mark.usefixtures("portal")
def test_good_sources_are_kept_and_cannot_become_bad_ones(sysadmin):
    for number, location in enumerate(
        (
            "drop:calls.csv.gz",
            "https://cad.example.org/calls.csv?year=2025",
            "https://gis.example.org/x/FeatureServer/0",
            "sftp://files.example.org:2222/export/calls.csv",
            "s3://bucket/export/calls.csv",
        )
    ):
        harvest.source(location, name=f"source-{number}", config="")
    source = call_action("harvest_source_show", id="source-0")
    assert source["url"] == "drop:calls.csv.gz"
    assert source["config"] == '{"dataset": "calls-for-service"}'
    with pytest.raises(tk.ValidationError, match="no user and password"):
        call_action(
            "harvest_source_update",
            context=dict(sysadmin["context"]),
            **{**source, "url": "https://user:hush@cad.example.org/calls.csv"},
        )


def test_clear_is_refused_with_words_and_the_table_stays(app, portal, sysadmin):
    datastore.publish()
    source_id = harvest.source()
    answer = app.post("/api/3/action/harvest_source_clear", json={"id": source_id}, headers=sysadmin["headers"])
    assert answer.status_code == 409
    assert "leave its table behind" in answer.body
    page = app.post(f"/harvest/clear/{source_id}", headers=sysadmin["headers"])
    assert "leave its table behind" in page.body
    assert app.post("/api/3/action/harvest_source_clear", json={"id": source_id}).status_code == 403
    assert call_action("package_show", id="calls-for-service")["state"] == "active"
    assert datastore.rows(TABLE) == 3


def test_clearing_the_history_of_jobs_works_and_the_table_stays(portal, clean_queues, sysadmin, monkeypatch):
    from ckanext.cpdi.jobs.worker import Worker
    from ckanext.cpdi.pipeline.report import NightReport

    datastore.publish()
    harvest.night(monkeypatch, lambda dataset, *args, **more: NightReport(1, dataset, "published"))
    source_id = harvest.source()
    harvest.start(source_id)
    Worker().run(drain=True)
    call_action("harvest_source_job_history_clear", context=dict(sysadmin["context"]), id=source_id)
    assert call_action("harvest_job_list", source_id=source_id) == []
    assert datastore.rows(TABLE) == 3


def test_deleting_a_source_with_all_it_brought_keeps_the_table(app, portal, sysadmin):
    datastore.publish()
    source_id = harvest.source()
    app.post(f"/harvest/delete/{source_id}?clear=true", headers=sysadmin["headers"])
    assert call_action("package_show", id="calls-for-service")["state"] == "active"
    assert datastore.rows(TABLE) == 3


@pytest.mark.usefixtures("portal")
def test_a_source_says_how_its_feed_is_synced():
    harvest.source(config='{"sync": "window", "window_days": 62}')
    written = call_action("harvest_source_show", id="night")["config"]
    assert written == '{"dataset": "calls-for-service", "sync": "window", "window_days": 62}'


@pytest.mark.usefixtures("portal")
def test_a_source_that_is_there_is_left_as_it_is():
    first, made = ensure_source("calls-for-service", "drop:calls.csv", "Calls")
    assert made
    assert ensure_source("calls-for-service", "drop:calls.csv", "Others") == (first, False)
    assert call_action("harvest_source_show", id=first)["title"] == "Calls"
