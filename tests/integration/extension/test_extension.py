"""Another extension adds one of each kind, and each is at work in the portal."""

from __future__ import annotations

import csv
import json
import os

import psycopg
import pytest
from helpers import datastore
from helpers.feeds import DATASET, write_calls
from helpers.nights import night

from ckanext.cpdi import config
from ckanext.cpdi.declare import DeclarationError
from ckanext.cpdi.pipeline import approval
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


def load(location: str, dataset: str = DATASET, **more):
    from ckanext.cpdi.jobs import load

    return load.run(dataset, location, label="feed", **more)


def test_the_format_is_downloaded_and_listed(portal, client, tmp_path):
    night(tmp_path / "calls.csv", range(1, 41))
    answer = client.get(f"/data/{DATASET}.jsonl")
    assert answer.headers["Content-Type"].startswith("application/jsonl")
    rows = [json.loads(line) for line in answer.body.splitlines()]
    plain = list(csv.DictReader(client.get(f"/data/{DATASET}.csv").body.splitlines()))
    assert [row["incident_number"] for row in rows] == [row["incident_number"] for row in plain]
    assert len(rows) == 40
    assert f"/data/{DATASET}.jsonl" in client.get(f"/dataset/{DATASET}").body


def town(root, folder, feed: str, dataset: str = "") -> str:
    """Write the shipped profile with more keys for a feed; return its path."""
    shipped = (root / "profiles/charleston.yaml").read_text().replace("charleston/", f"{root}/profiles/charleston/")
    old, new = ("datasets:\n", f"datasets:\n  {dataset}:\n") if dataset else (f"  {DATASET}:\n",) * 2
    (folder / "town.yaml").write_text(shipped.replace(old, f"{new}    {feed}\n", 1))
    return str(folder / "town.yaml")


def test_the_reader_reads_a_feed_by_the_options_of_its_profile(portal, root, tmp_path):
    with write_calls(tmp_path / "calls.csv", range(1, 41)).open(newline="") as file:
        header, *rows = csv.reader(file)
    widths = {name: max(len(row[at]) for row in rows) + 1 for at, name in enumerate(header)}
    lines = ("".join(cell.ljust(width) for cell, width in zip(row, widths.values(), strict=True)) for row in rows)
    (tmp_path / "calls.txt").write_text("\n".join([*lines, ""]))
    profile = town(root, tmp_path, f"options: {{fixed-width: {{widths: {json.dumps(widths)}}}}}")
    with config.store() as store:
        approval.approve_demo(store, profile)
    report = load(str(tmp_path / "calls.txt"), profile=profile, trusted_path=True)
    assert (report.state, report.published) == ("published", 40), report.message


def test_a_profile_with_an_option_that_there_is_not_is_refused(example, root, tmp_path):
    with pytest.raises(DeclarationError, match=f"{DATASET}.options.fixed-width: 'width' is not known here; did you"):
        config.profile(town(root, tmp_path, "options: {fixed-width: {width: {Problem: 7}}}"))


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
    monkeypatch.setitem(ckan_config, "ckanext.cpdi.declarations", [str(root / "tests/extension/datasets")])
    profile = town(root, tmp_path, "default_class: open", "tows")
    first = "T-1,03/31/2025 23:30:00,120 Queen St,-79.93,32.77\n"
    (tmp_path / "tows.csv").write_text(
        f"Tow No,Towed At,From,X,Y\n{first}T-2,04/01/2025 00:30:00,122 Queen St,-79.93,32.77\n"
    )

    def run():
        return load(str(tmp_path / "tows.csv"), "tows", profile=profile, trusted_path=True)

    report = run()
    if report.state != "published":
        with config.store() as store:
            approval.approve_demo(store, profile)
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
