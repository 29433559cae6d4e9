"""What a FeatureServer refuses, in its protocol's form: nothing lost, nothing leaked."""

from __future__ import annotations

import time

import ckan.plugins.toolkit as tk
import orjson
import pytest
from ckan import model
from ckan.tests import factories
from helpers.arcgis import LAYER, QUERY, SERVICE, ask, error

from ckanext.cpdi.selection.pool import PATIENCE
from ckanext.cpdi.services.http import access


@pytest.mark.parametrize(
    ("asked", "says"),
    [
        ({"where": "nothing = 1"}, "no column 'nothing'"),
        ({"where": "team ="}, ""),
        ({"where": "1=1; DROP TABLE x"}, ""),
        ({"where": "team = (SELECT 1)"}, ""),
        ({"where": "pg_sleep(9) = 1"}, ""),
        ({"outFields": "team,nothing"}, "no column 'nothing'"),
        ({"orderByFields": "nothing"}, "no column 'nothing'"),
        ({"orderByFields": "team SIDEWAYS"}, "ASC or DESC"),
        ({"objectIds": "1,two"}, "whole numbers"),
        ({"objectIds": ",".join(["1"] * 10_001)}, "at most 10000"),
        ({"resultOffset": "-5"}, "resultOffset"),
        ({"returnCountOnly": "perhaps"}, "true or false"),
        ({"geometry": "{"}, ""),
        ({"geometry": "1,2,3"}, ""),
        ({"time": "yesterday"}, ""),
        ({"outSR": "0"}, "spatial reference"),
        ({"outStatistics": "count"}, "JSON"),
        ({"f": "xml"}, "f is one of json"),
        ({"callback": "found"}, "CORS"),
    ],
)
def test_a_question_that_cannot_be_answered_is_told_what_was_expected(standing, app, asked, says):
    words = error(app, **{"f": "json", **asked})
    assert says.lower() in words.lower()
    for leak in ("psycopg", "Traceback", "SELECT ", "025d88d1", "_geom"):
        assert leak not in words


@pytest.mark.parametrize(
    "path",
    [
        f"{LAYER}/addFeatures", f"{LAYER}/updateFeatures", f"{LAYER}/deleteFeatures", f"{LAYER}/applyEdits",
        f"{SERVICE}/applyEdits", f"{LAYER}/queryRelatedRecords", f"{LAYER}/queryAttachments", f"{LAYER}/5/attachments",
        f"{LAYER}/5/addAttachment", f"{SERVICE}/createReplica", "/arcgis/admin", "/arcgis/rest/generateToken",
        "/arcgis/",
    ],
)  # fmt: skip
@pytest.mark.parametrize("post", [False, True])
def test_edits_and_all_else_are_refused_in_the_protocols_form(standing, app, path, post):
    answer = ask(app, path, post=post, features="[]")
    assert answer["error"]["code"] == 400
    assert "only reads" in answer["error"]["message"]


def test_a_layer_that_is_not_there_is_said_to_be_none(standing, app):
    assert "no such" in error(app, f"{SERVICE}/7")
    assert "no such" in error(app, f"{SERVICE}/7/query")


def test_a_private_or_deleted_dataset_is_as_one_that_was_never_there(loaded, app, editor):
    everything = [SERVICE, LAYER, f"{SERVICE}/layers", QUERY, f"{LAYER}/1"]
    who = {"ignore_auth": True, "user": factories.Sysadmin()["name"]}
    for hide in (
        lambda: tk.get_action("package_patch")(who, {"id": "calls-for-service", "private": True}),
        lambda: setattr(model.Package.by_name("calls-for-service"), "state", "deleted") or model.repo.commit(),
    ):
        hide()
        access.forget()
        for path in everything:
            never = app.get(path.replace("calls-for-service", "nothing"), query_string={"f": "json"})
            hidden = app.get(path, query_string={"f": "json"}, headers=editor["headers"])
            assert hidden.data == never.data
            assert orjson.loads(hidden.data)["error"]["code"] == 404
            assert hidden.headers["Cache-Control"] == "private, no-store"
        assert b"calls-for-service" not in app.get("/arcgis/rest/services", query_string={"f": "json"}).data


def test_a_table_before_its_first_run_says_so(portal, app):
    assert "not been published yet" in error(app)


def test_a_database_that_is_away_is_no_secret_and_holds_nobody(standing, app, ckan_config, monkeypatch):
    monkeypatch.setitem(ckan_config, "ckan.datastore.read_url", "postgresql://nobody:hush@127.0.0.1:9/nowhere")
    began = time.monotonic()
    words = error(app)
    assert time.monotonic() - began < PATIENCE  # which is for connections that others use
    assert "hush" not in words
    assert "database does not answer" in words
