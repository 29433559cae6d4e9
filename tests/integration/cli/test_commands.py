"""The commands: what they print, how they end, and that they can be run again."""

from __future__ import annotations

import json
import subprocess

import pytest
from ckan import model
from ckan.lib import search
from ckan.tests.helpers import call_action
from click.testing import CliRunner
from helpers import datastore
from helpers.feeds import DATASET, write_calls
from helpers.pdfs import written
from werkzeug.datastructures import FileStorage

from ckanext.cpdi import config
from ckanext.cpdi.catalog.parts import resource_id
from ckanext.cpdi.cli import cpdi
from ckanext.cpdi.sample import FEEDS

pytestmark = pytest.mark.usefixtures("portal")

SERIES = ("compstat-reports", "closed-investigations", "response-to-resistance")
KEYS = {
    "run",
    "dataset",
    "state",
    "read",
    "published",
    "added",
    "changed",
    "removed",
    "unchanged",
    "withheld",
    "quarantined",
    "seconds",
    "peak_mb",
    "message",
}


@pytest.fixture
def run():
    """Run ``ckan cpdi …`` in this process, with this test's settings."""

    def invoke(*arguments, code=0):
        result = CliRunner().invoke(cpdi, list(map(str, arguments)))
        assert result.exit_code == code, result.output
        return result

    return invoke


def test_init_makes_nothing_twice(run):
    assert run("init").output.strip() == "Everything is there."


def test_load_prints_one_object_with_the_contracts_keys_and_nothing_else_on_stdout(root, ckan_config, tmp_path):
    """In a process of its own, as an operator runs it: logs and libraries must not mix with the answer."""
    feed = write_calls(tmp_path / "calls.csv", range(1, 41))
    command = [root / ".run/venv/bin/ckan", "-c", ckan_config["__file__"], "cpdi", "load", DATASET, feed, "--json"]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    answer = json.loads(done.stdout)
    assert answer.keys() == KEYS
    assert (answer["state"], answer["read"], answer["dataset"]) == ("published", 40, DATASET)
    assert answer["read"] == answer["published"] + answer["withheld"] + sum(answer["quarantined"].values())


def test_the_same_file_again_changes_nothing_and_an_edited_one_exactly_what_was_edited(run, tmp_path):
    feed = write_calls(tmp_path / "calls.csv", range(1, 101))
    assert json.loads(run("load", DATASET, feed, "--json").stdout)["added"] == 100
    again = json.loads(run("load", DATASET, feed, "--json").stdout)
    assert (again["state"], again["added"], again["changed"], again["removed"]) == ("unchanged", 0, 0, 0)
    lines = feed.read_text().splitlines()
    lines[1:6] = []
    lines[20] = lines[20].replace("Traffic Stop", "Patrol Request")
    feed.write_text("\n".join([*lines, ""]))
    edited = json.loads(run("load", DATASET, feed, "--json").stdout)
    assert (edited["added"], edited["changed"], edited["removed"], edited["unchanged"]) == (0, 1, 5, 94)


def test_a_bad_file_ends_with_code_1_in_words_and_the_data_stay(run, tmp_path):
    run("load", DATASET, write_calls(tmp_path / "calls.csv", range(1, 41)))
    page = tmp_path / "page.csv"
    page.write_text("<!DOCTYPE html><html><body>Sign in</body></html>")
    for feed in (page, tmp_path / "missing.csv"):
        failed = run("load", DATASET, feed, "--json", code=1)
        answer = json.loads(failed.stdout)
        assert answer["state"] == "failed"
        assert answer["message"]
        assert "Traceback" not in failed.output
        assert "read 0 =" not in run("load", DATASET, feed, code=1).output
    assert datastore.rows(resource_id(DATASET)) == 40


def test_a_dataset_or_profile_that_is_not_there_is_named_with_those_that_are(run, tmp_path):
    feed = write_calls(tmp_path / "calls.csv", [1])
    assert "no dataset 'calls'; there are calls-for-service" in run("load", "calls", feed, code=1).output
    assert "no profile 'atlantis'; there are" in run("load", DATASET, feed, "--profile", "atlantis", code=1).output


def test_another_departments_profile_is_a_file_and_its_files_are_built_by_it(run, root, shared_data):
    feed = shared_data / "police-incidents-2022.csv"
    answer = json.loads(run("load", DATASET, feed, "--profile", root / "profiles/burlington.yaml", "--json").stdout)
    assert answer["state"] == "published", answer
    assert answer["published"] > 0
    assert "up to date" in run("build", DATASET).output


def test_runs_lists_what_was_done_for_people_and_programs(run, tmp_path):
    assert "No run yet." in run("runs").output
    run("load", DATASET, write_calls(tmp_path / "calls.csv", range(1, 11)))
    assert DATASET in run("runs").output.splitlines()[1]
    (only,) = json.loads(run("runs", DATASET, "--json").stdout)["runs"]
    assert (only["dataset"], only["state"], only["read"]) == (DATASET, "published", 10)
    assert "no dataset 'calls'" in run("runs", "calls", code=1).output


def test_a_held_run_is_let_through_by_release(run, tmp_path):
    run("load", DATASET, write_calls(tmp_path / "calls.csv", range(1, 101)))
    short = write_calls(tmp_path / "short.csv", range(1, 6))
    held = json.loads(run("load", DATASET, short, "--json", code=1).stdout)
    assert (held["state"], held["read"], held["published"], held["removed"]) == ("held", 5, 5, 0)
    assert datastore.rows(resource_id(DATASET)) == 100
    listed = run("runs", DATASET).output
    assert "(5)" in listed.splitlines()[1]
    assert "In brackets: what a held run would publish." in listed
    assert json.loads(run("runs", DATASET, "--json").stdout)["runs"][0]["published"] == 5
    said = run("load", DATASET, short, code=1).output
    assert "read 5 = to be published 5 + withheld 0 + quarantined 0" in said
    assert "nothing was changed" in said
    run("release", held["run"])
    assert json.loads(run("load", DATASET, short, "--json").stdout)["removed"] == 95
    assert datastore.rows(resource_id(DATASET)) == 5


def test_release_of_what_is_not_held_is_refused_in_words(run):
    assert "Traceback" not in run("release", 4711, code=1).output


def test_samples_are_the_same_bytes_for_the_same_seed(run, tmp_path):
    for kind, ending, rows in (*((feed.kind, "csv", 50) for feed in FEEDS), ("reports", "zip", 6)):
        first, second = tmp_path / f"a.{ending}", tmp_path / f"b.{ending}"
        for path in (first, second):
            run("sample", kind, "--rows", rows, "--seed", 4, "--out", path)
        assert first.read_bytes() == second.read_bytes()
        assert b"SAMPLE" in first.read_bytes()


def test_a_sample_that_there_is_not_is_told_with_those_that_there_are(run, tmp_path):
    said = run("sample", "arrests", "--out", tmp_path / "a.csv", code=2).output
    assert "'arrests' is not one of calls, citations, force, force-people, force-officers, complaints" in said


def test_sample_reports_go_into_a_folder_and_a_file_in_its_place_is_told_in_words(run, tmp_path):
    out = tmp_path / "reports"
    assert "3 reports" in run("sample", "reports", "--rows", 3, "--end", "2024-06-01", "--out", out).output
    assert len(list(out.glob("SAMPLE*.pdf"))) == 3
    assert (out / "index.csv").exists()
    (tmp_path / "taken").touch()
    failed = run("sample", "reports", "--out", tmp_path / "taken", code=1)
    assert "cannot be written" in failed.output


def test_build_brings_back_files_that_were_lost(run, folders, tmp_path):
    run("load", DATASET, write_calls(tmp_path / "calls.csv", range(1, 11)))
    files = sorted(path.name for path in (folders["files"] / DATASET).glob("all.*"))
    for path in (folders["files"] / DATASET).glob("all.*"):
        path.unlink()
    assert f"{DATASET}: built" in run("build").output
    assert sorted(path.name for path in (folders["files"] / DATASET).glob("all.*")) == files
    assert f"{DATASET}: up to date" in run("build", DATASET).output


CONDUCT = ("force", "force-people", "force-officers", "complaints", "allegations")


def test_demo_publishes_a_sample_and_is_quick_the_second_time(run, folders, cities):
    first = run("demo", "--rows", 500, "--reports", 2).output
    assert "published" in first
    assert (folders["drop"] / "calls-sample.csv.gz").exists()
    rows = datastore.rows(resource_id(DATASET))
    reports = {name: len(call_action("package_show", id=name)["resources"]) for name in SERIES}
    assert all(0 < resources <= 2 for resources in reports.values())
    with config.store() as store:
        published = store.ledger.runs("electronic-citations")[0].published
        assert datastore.rows(resource_id("electronic-citations")) == published > 0
    second = run("demo").output
    assert "unchanged" in second
    assert "writing" not in second
    assert datastore.rows(resource_id(DATASET)) == rows
    assert {name: len(call_action("package_show", id=name)["resources"]) for name in SERIES} == reports
    assert {(one["url"], one["type"]) for one in call_action("harvest_source_list")} == {
        ("drop:calls-sample.csv.gz", "cpdi_cad"),
        ("drop:citations-sample.csv.gz", "cpdi_citations"),
        *((f"drop:{name}-sample.csv.gz", "cpdi_cad") for name in CONDUCT),
        *((f"drop:reports-sample/{name}/*.pdf", "cpdi_reports") for name in SERIES),
    }


def test_demo_takes_a_feed_instead(run, tmp_path):
    feed = write_calls(tmp_path / "real.csv", range(1, 21))
    assert "published 20" in run("demo", "--feed", feed).output
    assert call_action("package_show", id="compstat-reports")["resources"] == []
    assert "unchanged" in run("demo", "--feed", feed).output


def test_a_production_portal_has_no_demo(run, ckan_config, monkeypatch):
    monkeypatch.setitem(ckan_config, "ckanext.cpdi.production", True)
    assert "production is true" in run("demo", code=1).output


def test_a_tick_says_what_it_did(run):
    assert run("tick").output.strip() == "ended 0, started 0, queued again 0, built 0, frozen 0"


def test_reports_are_loaded_listed_released_and_withdrawn(run, folders, tmp_path):
    (tmp_path / "reports").mkdir()
    written(tmp_path / "reports" / "Compstat 2024-03-24.pdf", ["Compstat"])
    written(tmp_path / "reports" / "final copy.pdf", ["no word of a week"])
    loaded = json.loads(run("load", SERIES[0], tmp_path / "reports", "--json").stdout.splitlines()[-1])
    assert (loaded["read"], loaded["published"], loaded["withheld"]) == (2, 1, 1)
    (waiting,) = json.loads(run("reports", "list", "--json").stdout.splitlines()[-1])["reports"]
    assert (waiting["file_name"], waiting["period_end"]) == ("final copy.pdf", None)
    assert "final copy.pdf" in run("reports", "list", SERIES[0]).output
    assert "Say which period" in run("reports", "release", waiting["id"], code=1).output
    assert "2024-03-17 is published" in run("reports", "release", waiting["id"], "--day", "2024-03-13").output
    assert run("reports", "list").output.strip() == "None."
    assert "Say why" in run("reports", "withdraw", waiting["id"], code=1).output
    assert "is withdrawn" in run("reports", "withdraw", waiting["id"], "--note", "a name").output
    assert run("reports", "list", "--published").output.count("Compstat 2024-03-24.pdf") == 1


def test_uploads_of_a_time_before_the_archive_are_adopted(run, sysadmin, tmp_path, ckan_config, monkeypatch):
    monkeypatch.setitem(ckan_config, "ckan.storage_path", str(tmp_path / "storage"))
    files = {
        "week.pdf": (written(tmp_path / "week.pdf", ["no word of a week"]), "2024-03-24"),
        "copy.pdf": (written(tmp_path / "copy.pdf", ["nor here"]), ""),
        "notes.pdf": (tmp_path / "notes.pdf", ""),
    }
    files["notes.pdf"][0].write_text("no PDF at all")
    act, made = {"package_id": DATASET}, {}
    for name, (path, _) in files.items():
        with path.open("rb") as content:
            user, upload = dict(sysadmin["context"]), FileStorage(content, filename=name)
            made[name] = call_action("resource_create", context=user, **act, upload=upload, name=name, url=name)
    series = model.Package.get(SERIES[0])
    for place, (name, (_, end)) in enumerate(files.items()):
        # They came before the archive did: today the portal takes no upload of a series.
        resource = model.Resource.get(made[name]["id"])
        resource.package_id, resource.position, resource.extras = series.id, place, {"period_end": end}
    model.Session.commit()
    model.Session.remove()
    for name in (DATASET, SERIES[0]):
        search.rebuild(name)
    said = run("reports", "adopt", SERIES[0]).output
    assert "1 published, 1 wait for staff, 1 are no reports" in said
    names = [one["name"] for one in call_action("package_show", id=SERIES[0])["resources"]]
    assert names == ["Week from March 18, 2024", "notes.pdf"]
