"""`ckan cpdi profile new` and `check`: from an export to a profile, and what that would publish of it."""

from __future__ import annotations

import csv
import json
from pathlib import Path

import pytest
from click.testing import CliRunner

from ckanext.cpdi.cli import cpdi

pytestmark = pytest.mark.usefixtures("portal")

KINDS = ("Traffic Stop", "Noise Complaint", "Domestic Disturbance")


@pytest.fixture
def run():
    def invoke(*arguments, code=0):
        result = CliRunner().invoke(cpdi, ["profile", *map(str, arguments)])
        assert result.exit_code == code, result.output
        return result.output

    return invoke


@pytest.fixture
def export(tmp_path):
    path = tmp_path / "calls.csv"
    with path.open("w", newline="") as file:
        table = csv.writer(file)
        table.writerow(["Incident_Number", "Call_Datetime", "Problem", "Address", "X", "Y"])
        for number in range(300):
            time = f"2025-03-{1 + number % 28:02} {8 + number % 12:02}:{number % 60:02}"
            where = [f"{100 + number} Quill St", f"{-79.98 + number / 1e4:.5f}", f"{32.75 + number / 1e4:.5f}"]
            table.writerow([f"25-{number:06}", time, KINDS[number % 3], *where])
    return path


def test_from_an_export_to_what_would_be_published(run, export, tmp_path):
    said = run("new", export, "--into", tmp_path / "out", "--city", "Quillport", "--state", "SC")
    profile = tmp_path / "out" / "quillport.yaml"
    assert f"{profile} is written" in said
    assert "  1. " in said
    withheld = run("check", profile, export, code=1)
    assert "published 0 + withheld 300 + quarantined 0" in withheld
    assert "NOT JUDGED: 300 rows have a value of problem that has no class yet" in withheld
    codes = profile.parent / "quillport" / "problem.csv"
    rows = list(csv.DictReader(codes.read_text().splitlines()))
    with codes.open("w", newline="") as file:
        table = csv.DictWriter(file, list(rows[0]))
        table.writeheader()
        table.writerows({**row, "class": row["proposed"]} for row in rows)
    # Profiles are read once in a process: another command would see the change.
    judged = profile.rename(profile.with_name("judged.yaml"))
    checked = run("check", judged, export)
    assert "published 300 + withheld 0 + quarantined 0" in checked
    assert "There is no places file yet" in checked
    assert "10 rows as they would be published" in checked
    assert json.loads(run("check", judged, export, "--json"))["classes"] == {
        "open": 100,
        "residential": 100,
        "sensitive": 100,
    }
    loaded = CliRunner().invoke(cpdi, ["load", "calls-for-service", str(export), "--profile", str(judged)])
    assert loaded.exit_code == 0, loaded.output
    assert "read 300 = published 300 + withheld 0 + quarantined 0" in loaded.output


def test_nothing_is_loaded(run, export, tmp_path):
    from ckanext.cpdi import config

    run("new", export, "--into", tmp_path / "out", "--city", "Quillport", "--state", "SC")
    run("check", tmp_path / "out" / "quillport.yaml", export, code=1)
    with config.store() as store:
        assert store.ledger.runs("calls-for-service") == []


def test_what_cannot_be_drafted_is_said_in_one_sentence(run, export, tmp_path):
    other = tmp_path / "other.csv"
    other.write_text("Flavour,Price\nVanilla,3\n")
    assert "other.csv is like none of the datasets" in run("new", other, "--into", tmp_path, code=1)
    assert "did you mean" in run("new", export, "--into", tmp_path, "--state", "South Carolin", code=1)
    run("new", export, "--into", tmp_path, "--city", "Quillport")
    assert "is there already" in run("new", export, "--into", tmp_path, "--city", "Quillport", code=1)
    assert not Path("quillport.yaml").exists()
