"""Harvest sources: whose fill the department's tables, what others read of them, and how a deleted one comes back."""

from __future__ import annotations

import json
import logging

import pytest
from ckan import model
from ckan.plugins import toolkit as tk
from ckan.tests import factories
from ckan.tests.helpers import call_action
from helpers import datastore, harvest
from helpers.users import signed_in

from ckanext.cpdi.catalog.parts import resource_id
from ckanext.cpdi.catalog.people import portal_user
from ckanext.cpdi.harvesters.sources import ensure_source
from ckanext.cpdi.jobs.worker import Worker
from ckanext.cpdi.pipeline.report import NightReport
from ckanext.cpdi.protect import logs

TABLE = resource_id("calls-for-service")
WHY = "held: 54% fall under residential; /home/cad/secret-export.csv"


@pytest.fixture
def elsewhere(portal):
    """An editor of another organization, called elsewhere."""
    user = signed_in()
    factories.Organization(name="elsewhere", users=[{"name": user["name"], "capacity": "editor"}])
    return user


def described(**more):
    return {
        "name": "theirs",
        "title": "Theirs",
        "url": "https://feeds.example.org/calls.csv",
        "source_type": "cpdi_cad",
        "owner_org": "elsewhere",
        "frequency": "MANUAL",
        "config": '{"dataset": "calls-for-service"}',
        **more,
    }


@pytest.mark.parametrize("url", ["https://feeds.example.org/calls.csv", "drop:calls.csv"])
def test_another_organization_makes_no_source_for_a_table(app, elsewhere, url):
    for action, more in (("harvest_source_create", {}), ("package_create", {"type": "harvest"})):
        body = described(url=url, **more)
        answer = app.post(f"/api/3/action/{action}", json=body, headers=elsewhere["headers"])
        assert answer.status_code == 409, answer.body
        assert "organization that publishes it" in str(answer.json["error"]["owner_org"])
    page = app.post("/harvest/new", data={**described(url=url), "save": "Save"}, headers=elsewhere["headers"])
    assert "organization that publishes it" in page.body
    assert model.Package.get("theirs") is None


def test_an_editor_elsewhere_neither_edits_takes_nor_runs_a_source_of_ours(app, elsewhere):
    source = call_action("harvest_source_show", id=harvest.source())
    for action, body in (
        ("harvest_source_patch", {"id": source["id"], "url": "drop:others.csv"}),
        ("harvest_source_update", {**source, "owner_org": "elsewhere"}),
        ("package_owner_org_update", {"id": source["id"], "organization_id": "elsewhere"}),
        ("harvest_job_create", {"source_id": source["id"]}),
        ("harvest_source_delete", {"id": source["id"]}),
        ("harvest_job_list", {"source_id": source["id"]}),
    ):
        answer = app.post(f"/api/3/action/{action}", json=body, headers=elsewhere["headers"])
        assert answer.status_code in (403, 409), (action, answer.body)
    again = call_action("harvest_source_show", id=source["id"])
    assert [again[one] for one in ("url", "owner_org", "state")] == [
        source[one] for one in ("url", "owner_org", "state")
    ]


def test_a_source_cannot_become_ours_by_leaving_its_type_out(app, elsewhere, sysadmin):
    source = call_action("harvest_source_show", id=harvest.source())
    with pytest.raises(tk.ValidationError, match="no user and password"):
        call_action(
            "package_patch", context=dict(sysadmin["context"]), id=source["id"], url="https://me:hush@cad.example.org/x"
        )
    with pytest.raises(tk.ValidationError, match="organization that publishes it"):
        call_action("package_patch", context=dict(sysadmin["context"]), id=source["id"], owner_org="elsewhere")


@pytest.mark.parametrize("when", ["before the job", "after its gathering"])
def test_a_source_that_was_given_away_is_not_run(elsewhere, clean_queues, folders, when):
    datastore.publish()
    source_id = harvest.source()
    (folders["drop"] / "calls.csv").write_text("Incident_Number,Call_Datetime,Problem\n1,2026-01-01 10:00,Alarm\n")

    def give_away():
        other = model.Group.get("elsewhere")
        model.Package.get(source_id).owner_org = other.id  # as an older portal, or the database's owner, may leave it
        model.Session.commit()

    if when == "before the job":
        give_away()
    job_id = harvest.start(source_id)
    if when != "before the job":
        from ckanext.cpdi.jobs import stages

        objects = stages.gather(job_id)
        give_away()
        for one in objects:
            stages.work(one)
    else:
        Worker().run(drain=True)
    assert "organization that publishes it" in " ".join(harvest.messages(job_id))
    assert datastore.rows(TABLE) == 3


@pytest.fixture
def held(portal, clean_queues, monkeypatch):
    """A source whose last run was held; its id, and the id of its object."""
    harvest.night(monkeypatch, lambda dataset, *args, **more: NightReport(1, dataset, "held", message=WHY))
    source_id = harvest.source()
    job_id = harvest.start(source_id)
    Worker().run(drain=True)
    assert WHY in " ".join(harvest.messages(job_id))
    from ckanext.cpdi.jobs.ckan_harvest import HarvestJob

    return source_id, HarvestJob.get(job_id).objects[0].id, job_id


def asked(held):
    source_id, object_id, job_id = held
    return (
        f"/api/3/action/harvest_source_show_status?id={source_id}",
        f"/api/3/action/harvest_source_show?id={source_id}",
        f"/api/3/action/package_show?id={source_id}",
        "/api/3/action/package_search?fq=dataset_type:harvest",
        "/api/3/action/harvest_source_list?return_last_job_status=true",
        f"/api/3/action/harvest_object_show?id={object_id}",
        f"/api/3/action/harvest_job_show?id={job_id}",
        f"/api/3/action/harvest_job_report?id={job_id}",
        f"/api/3/action/harvest_job_list?source_id={source_id}",
        "/harvest",
        "/harvest/night",
        "/harvest/about/night",
        f"/harvest/object/{object_id}",
        "/harvest/night/job",
        "/harvest/night/job/last",
        f"/harvest/night/job/{job_id}",
        "/status/runs",
    )


def test_why_a_run_was_held_is_for_those_who_may_edit_its_source(app, held, elsewhere, stranger, editor):
    for address in asked(held):
        for headers in ({}, elsewhere["headers"], stranger["headers"]):
            page = app.get(address, headers=headers)
            for word in ("54%", "secret-export", "/home/cad"):
                assert word not in page.body, address
    status = app.get(f"/api/3/action/harvest_source_show_status?id={held[0]}").json["result"]
    assert status["last_job"]["object_error_summary"][0]["message"].startswith("This run published nothing")
    for address in (asked(held)[0], asked(held)[5], asked(held)[7], "/harvest/night/job/last"):
        assert "54%" in app.get(address, headers=editor["headers"]).body, address


def test_what_the_index_keeps_of_a_source_says_nothing_either(app, held):
    from ckan.lib.search import query_for, rebuild

    rebuild(held[0])
    for address in asked(held)[1:4]:
        assert "54%" not in app.get(address).body
    found = query_for("package").run({"q": f"id:{held[0]}"})
    assert "54%" not in json.dumps(found["results"], default=str)


@pytest.mark.parametrize(
    "query",
    [
        "token=a",
        "sig=a",
        "apikey=a",
        "api-key=a",
        "sas=a",
        "jwt=a",
        "pwd=a",
        "X-Amz-Signature=a",
        "X-Amz-Credential=a",
        "t=9f86d081884c7d659a2feaa0c55ad015",
        "code=Zk93bHNrZGpmaGc3Mzkx",
        "v=eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxMjM0NTY3ODkwIn0",
        "a=1#access_token=a",
    ],
)
def test_a_secret_in_an_address_is_refused_under_any_name(portal, query):
    with pytest.raises(tk.ValidationError) as refused:
        harvest.source(f"https://cad.example.org/calls.csv?{query}")
    assert "no credential" in str(refused.value.error_dict["url"])
    value = query.rpartition("=")[2]
    assert len(value) < 2 or value not in str(refused.value.error_dict)


@pytest.mark.parametrize(
    "query",
    [
        "year=2025&where=Public%3D'Y'&outFields=Incident_Number,Call_Datetime&f=json",
        "file=calls_2026_export_final.csv",
        "id=9f86d081884c7d659a2feaa0c55ad015",
        "resource_id=1b9d6bcd-bbfd-4b2d-9b5d-ab8dfbbd4bed",
        "since=20260101000000&orderByFields=OBJECTID",
    ],
)
def test_what_only_narrows_an_address_is_no_secret(portal, query):
    assert harvest.source(f"https://cad.example.org/calls.csv?{query}")


@pytest.mark.parametrize("again", [{}, {"name": "another-name"}])
def test_a_deleted_source_comes_back_with_its_history_when_it_is_made_again(app, held, editor, again):
    source_id, _, job_id = held
    call_action("harvest_source_delete", context=dict(editor["context"]), id=source_id)
    assert call_action("package_show", id=source_id)["state"] == "deleted"
    body = described(**{"name": "night", "url": "drop:calls.csv", "owner_org": "police", **again})
    made = app.post("/api/3/action/harvest_source_create", json=body, headers=editor["headers"]).json["result"]
    assert (made["id"], made["state"]) == (source_id, "active")
    shown = call_action("harvest_source_show", id=source_id)
    assert (shown["name"], shown["active"], shown["title"]) == (body["name"], True, "Theirs")
    jobs = call_action("harvest_job_list", context=portal_user(), source_id=source_id)
    assert [one["id"] for one in jobs] == [job_id]
    assert harvest.start(source_id)


@pytest.mark.usefixtures("portal")
def test_a_source_that_the_portal_makes_comes_back_too(sysadmin):
    first, _ = ensure_source("calls-for-service", "drop:calls.csv", "Calls")
    call_action("harvest_source_delete", context=dict(sysadmin["context"]), id=first)
    assert ensure_source("calls-for-service", "drop:calls.csv", "Calls") == (first, True)
    assert call_action("harvest_source_show", id=first)["active"]


def test_no_log_keeps_what_stands_behind_a_question_mark(capsys):
    logger, handler = logging.getLogger("helper.queries"), logging.StreamHandler()
    logger.addHandler(handler)
    logs.keep_queries_out(["helper.queries"])
    try:
        logger.warning("Fetching from: %s", "https://cad.example.org/calls.csv?q=hush&token=hush")
        logger.warning("GET /api/3/action/datastore_search?q=hush HTTP/1.1")
        logger.warning("Is that so? hush is a word")
        try:
            raise OSError("https://cad.example.org/x?key=hush#hush")
        except OSError:
            logger.exception("gone")
    finally:
        logger.removeHandler(handler)
    written = capsys.readouterr().err
    assert "https://cad.example.org/calls.csv?…" in written
    assert written.count("hush") == 1
    assert "Is that so? hush is a word" in written
