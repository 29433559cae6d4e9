"""Another extension adds one of each kind, and each is at work in the portal."""

from __future__ import annotations

import csv
import json
import os

import polars as pl
import psycopg
import pytest
from helpers import datastore
from helpers.feeds import DATASET, write_calls
from helpers.nights import night

from ckanext.cpdi.registry import ExtensionError

pytestmark = pytest.mark.usefixtures("example")


@pytest.fixture(scope="module")
def started(example):
    """A portal that was started with the extension."""
    from ckan.common import config
    from ckan.config.middleware import make_app

    return make_app(config)


@pytest.fixture
def client(started, ckan_config):
    from ckan.tests.helpers import CKANTestApp

    return CKANTestApp(started)


def load(location: str, **more):
    from ckanext.cpdi.jobs import load

    return load.run(DATASET, location, label="calls", **more)


def test_the_format_is_downloaded_and_listed(portal, client, tmp_path):
    night(tmp_path / "calls.csv", range(1, 41))
    answer = client.get(f"/data/{DATASET}.jsonl")
    assert answer.headers["Content-Type"].startswith("application/jsonl")
    rows = [json.loads(line) for line in answer.body.splitlines()]
    plain = list(csv.DictReader(client.get(f"/data/{DATASET}.csv").body.splitlines()))
    assert [row["incident_number"] for row in rows] == [row["incident_number"] for row in plain]
    assert len(rows) == 40
    assert f"/data/{DATASET}.jsonl" in client.get(f"/dataset/{DATASET}").body


def test_the_reader_reads_a_feed(portal, tmp_path):
    write_calls(tmp_path / "calls.csv", range(1, 41))
    pl.read_csv(tmp_path / "calls.csv", infer_schema=False).write_parquet(tmp_path / "calls.parquet")
    report = load(str(tmp_path / "calls.parquet"), trusted_path=True)
    assert (report.state, report.published) == ("published", 40)


def test_the_protocol_finds_its_feed(portal, folders):
    for age, (name, calls) in enumerate({"calls-2.csv": 20, "calls-1.csv": 10, "other.csv": 5}.items()):
        path = write_calls(folders["drop"] / name, range(1, calls + 1))
        os.utime(path, (1_760_000_000 - age, 1_760_000_000 - age))
    assert load("newest:calls-*.csv").published == 20


def test_the_check_holds_a_run(portal, tmp_path):
    night(tmp_path / "calls.csv", range(1, 11), build=False)
    write_calls(tmp_path / "calls.csv", range(1, 51))
    report = load(str(tmp_path / "calls.csv"), trusted_path=True)
    assert report.state == "held"
    assert "The table would grow from 10 to 50 rows." in report.message


def test_the_derived_column_is_filled(portal, ckan_config, monkeypatch, root, tmp_path):
    from ckanext.cpdi import config
    from ckanext.cpdi.jobs import load
    from ckanext.cpdi.pipeline import approval

    monkeypatch.setitem(ckan_config, "ckanext.cpdi.declarations", [str(root / "tests/extension/datasets")])
    profile = (root / "profiles/charleston.yaml").read_text().replace("charleston/", f"{root}/profiles/charleston/")
    feed = "times: {reading: local}, coordinates: {reading: degrees}, default_class: open"
    (tmp_path / "town.yaml").write_text(profile.replace("datasets:\n", f"datasets:\n  tows: {{{feed}}}\n", 1))
    first = "T-1,03/31/2025 23:30:00,120 Queen St,-79.93,32.77\n"
    (tmp_path / "tows.csv").write_text(
        f"Tow No,Towed At,From,X,Y\n{first}T-2,04/01/2025 00:30:00,122 Queen St,-79.93,32.77\n"
    )

    def run():
        return load.run(
            "tows", str(tmp_path / "tows.csv"), str(tmp_path / "town.yaml"), label="tows", trusted_path=True
        )

    report = run()
    if report.state != "published":
        with config.store() as store:
            approval.approve_demo(store, str(tmp_path / "town.yaml"))
        report = run()
    assert report.state == "published", report.message
    with psycopg.connect(datastore.dsn()) as connection:
        table = connection.execute("SELECT resource_id FROM public._cpdi_version WHERE dataset = 'tows'").fetchone()[0]
        rows = connection.execute(f'SELECT tow_number, quarter FROM public."{table}" ORDER BY towed').fetchall()
    assert rows == [("T-1", 1), ("T-2", 2)]


def test_the_service_and_the_view_answer(portal, client):
    service = client.get("/data-formats")
    assert json.loads(service.body)["jsonl"] == "application/jsonl"
    assert service.headers["Cache-Control"] == "public, max-age=60"
    assert "<li>April</li>" in client.get("/quarters").body


def test_what_does_not_fit_stops_the_start(example, ckan_config):
    from ckan import plugins
    from ckan.config.middleware import make_app
    from cpdi_example.grown import Grown

    from ckanext.cpdi import interfaces
    from ckanext.cpdi.config import SettingError

    sentence = "cpdi_example/grown.py: Grown is called 'stale' among the checks, as is .*/checks/stale.py: Stale$"
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Grown, "name", "stale")
        interfaces.begin()
        with pytest.raises(SettingError, match=sentence):
            make_app(ckan_config)
        with pytest.raises(ExtensionError):
            interfaces.check()
    plugins.load_all()  # those that the start which was stopped had not come to
