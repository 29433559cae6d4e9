"""The records desk at a terminal: deny, approve, risk, places."""

from __future__ import annotations

import json
import os
import pty
import select
import subprocess
import sys
from datetime import datetime

import polars as pl
import pytest
from click.testing import CliRunner
from helpers import desk
from helpers.feeds import DATASET, write_calls, write_citations, write_sample
from msgspec import structs

from ckanext.cpdi import config
from ckanext.cpdi.cli import cpdi
from ckanext.cpdi.rows import read_places

pytestmark = pytest.mark.usefixtures("portal")
SECRET = "25-000007"


@pytest.fixture
def run():
    """Run ``ckan cpdi …`` in this process, with this test's settings."""

    def invoke(*arguments, code=0, stdin=""):
        result = CliRunner().invoke(cpdi, list(map(str, arguments)), input=stdin)
        assert result.exit_code == code, result.output
        return result

    return invoke


@pytest.fixture
def published(run, tmp_path):
    run("load", DATASET, write_calls(tmp_path / "calls.csv", range(1, 41)))
    return tmp_path / "calls.csv"


def test_deny_shows_what_it_reaches_and_does_nothing_unasked(run, published, monkeypatch, tmp_path):
    from ckanext.cpdi.cli import deny

    monkeypatch.setattr(sys.modules[deny.callback.__module__], "TERMINAL", tmp_path / "none")
    shown = run("deny", DATASET, stdin=f"{SECRET}\n99-999999\n", code=1).output
    assert "2 record numbers, 0 of them on the list" in shown
    assert f"{DATASET}: 1 rows" in shown
    assert "Nothing was done" in shown
    assert SECRET not in shown
    assert SECRET in desk.numbers()
    looked = json.loads(run("deny", DATASET, "--json", stdin=SECRET).stdout)
    assert looked == {
        "dataset": DATASET,
        "given": 1,
        "listed": 0,
        "hits": {DATASET: 1, "electronic-citations": 0},
        "done": False,
    }


def test_deny_with_yes_is_done_and_remove_undoes_it(run, published):
    done = json.loads(run("deny", DATASET, "--yes", "--why", "sealed", "--json", stdin=f"{SECRET}\n").stdout)
    assert (done["done"], done["changed"], done["hits"][DATASET]) == (True, 1, 1)
    assert SECRET not in desk.numbers()
    listed = run("deny", DATASET, "--list").output
    assert "1 records" in listed
    assert "sealed" in listed
    assert "operator" in listed
    assert json.loads(run("deny", DATASET, "--remove", "--yes", "--json", stdin=SECRET).stdout)["changed"] == 1
    assert "added 1" in run("load", DATASET, published).output


def lines_of(terminal):
    """What comes from a terminal until its last process has gone, or nothing came for a minute."""
    while select.select([terminal], [], [], 60)[0]:
        try:
            yield os.read(terminal, 4096)
        except OSError:
            return


def test_deny_asks_at_the_terminal_since_its_input_holds_the_numbers(root, published, ckan_config, folders):
    """In a process with a terminal of its own, where the numbers come through a pipe."""
    paths = {f"ckanext.cpdi.{name}_path": str(path) for name, path in folders.items()}
    program = (
        "import sys; from ckan.cli import CKANConfigLoader; from ckan.config.middleware import make_app;"
        f"app = make_app({{**CKANConfigLoader({ckan_config['__file__']!r}).get_config(), **{paths!r}}});"
        "from ckanext.cpdi.cli import cpdi; ctx = app._wsgi_app.test_request_context(); ctx.push();"
        f"cpdi(['deny', {DATASET!r}])"
    )
    parent, child = pty.openpty()
    # The numbers on a pipe, the terminal as the controlling one: what `ckan cpdi deny X < file` is.
    command = f"printf '{SECRET}\\n' | {sys.executable} -c \"$PROGRAM\""
    process = subprocess.Popen(
        ["setsid", "--ctty", "sh", "-c", command],
        stdin=child,
        stdout=child,
        stderr=subprocess.DEVNULL,
        env={"PROGRAM": program, "PATH": "/usr/bin:/bin", "HOME": "/root"},
    )
    os.close(child)
    os.write(parent, b"y\n")
    said = b"".join(lines_of(parent))
    assert process.wait(timeout=60) == 0
    assert b"1 rows are in the table" in said
    assert SECRET not in desk.numbers()


def test_deny_refuses_what_it_cannot_do_without_repeating_a_number(run, published):
    assert "no record number" in run("deny", DATASET, "--yes", stdin="\n \n", code=1).output
    assert "no dataset 'calls'" in run("deny", "calls", "--yes", stdin=SECRET, code=1).output
    assert "has no table" in run("deny", "compstat-reports", "--yes", stdin=SECRET, code=1).output
    wrong = run("deny", DATASET, "--yes", "--why", SECRET, stdin=SECRET, code=1).output
    assert "there are expunged" in wrong
    assert SECRET not in wrong
    assert "there is no user" in run("deny", DATASET, "--yes", "--as", "nobody", stdin=SECRET, code=1).output


def test_who_acts_must_have_the_role(run, published, editor, sysadmin):
    refused = run("approve", DATASET, "--as", editor["name"], code=1).output
    assert "no administrator" in refused
    assert "approved" in run("approve", DATASET, "--as", sysadmin["name"]).output
    done = json.loads(run("approve", DATASET, "--as", sysadmin["name"], "--json").stdout)
    assert done["profile"] == "charleston 2026.11.2"
    with config.store() as store:
        assert store.approvals.latest(DATASET, demo=False).who == sysadmin["name"]


def test_load_of_a_department_that_nobody_approved_says_what_to_do(run, ckan_config, monkeypatch, tmp_path):
    monkeypatch.setitem(ckan_config, "ckanext.cpdi.production", True)
    said = run("load", DATASET, write_calls(tmp_path / "calls.csv", range(1, 41))).output
    assert "is private" in said
    assert f"ckan cpdi approve {DATASET}" in said
    assert "public now" in run("approve", DATASET).output
    assert "is private" not in run("load", DATASET, tmp_path / "calls.csv").output


def test_risk_says_how_rows_hide_and_what_is_held_back(run, published):
    said = run("risk", DATASET).output
    assert "alone" in said
    assert "Every value has been judged" in said
    found = json.loads(run("risk", DATASET, "--json").stdout)
    assert found["ok"]
    assert [(one["name"], one["rows"]) for one in found["classes"]] == [("open", 40)]
    assert [(one["name"], one["year"], one["outcome"], one["rows"]) for one in found["shares"]] == [
        ("open", 2025, "exact", 40)
    ]


def test_risk_fails_where_a_value_is_not_judged_and_names_it_to_who_holds_the_feed(run, published, tmp_path):
    feed = tmp_path / "new.csv"
    feed.write_text(published.read_text().replace("Traffic Stop", "Dragon at large", 2))
    run("load", DATASET, feed)
    said = run("risk", DATASET, code=1).output
    assert "problem: 2 rows" in said
    assert "Dragon" not in said
    looked = run("risk", DATASET, "--feed", feed, code=1).output
    assert "2  'Dragon at large'" in looked
    assert json.loads(run("risk", DATASET, "--feed", feed, "--json", code=1).stdout)["values"] == {
        "problem": {"Dragon at large": 2}
    }
    assert "Every value" in run("risk", DATASET, "--feed", published).output


def test_risk_says_where_times_look_like_days(run, tmp_path):
    feed = tmp_path / "days.csv"
    rows = [f"25-{number:06},2025-03-0{number % 9 + 1}T00:00:00,Traffic Stop,LPA_Patrol Area" for number in range(20)]
    header = "Master_Incident_Number,Response_Date,Problem,Call_Disposition"
    feed.write_text("\n".join([header, *rows, ""]), encoding="utf-8")
    assert "DAYS: 100.0% of the times are midnights" in run("risk", DATASET, "--feed", feed).output
    feed.write_text(feed.read_text().replace("T00:00:00", "T10:01:00"), encoding="utf-8")
    assert "DAYS" not in run("risk", DATASET, "--feed", feed).output


def test_risk_proposes_a_pattern_of_the_feeds_numbers_and_names_none_of_them(run, published):
    said = run("risk", DATASET, "--feed", published).output
    assert "99-999999  40 (100.0%)" in said
    assert "patterns: {incident_number: '[0-9]{2}-[0-9]{6}'}" in said
    assert "0 (0.0%) are like no record number" in said
    assert SECRET not in said
    found = json.loads(run("risk", DATASET, "--feed", published, "--json").stdout)["numbers"]
    assert found == [
        {
            "field": "incident_number",
            "shapes": [["99-999999", 40]],
            "pattern": "[0-9]{2}-[0-9]{6}",
            "hidden": 0,
        }
    ]


def test_risk_counts_a_sample_by_class_and_year(run, tmp_path):
    run("load", DATASET, write_sample(tmp_path / "sample.csv", rows=3000))
    found = json.loads(run("risk", DATASET, "--json", code=1).stdout)
    by_name = {one["name"]: one for one in found["classes"]}
    assert by_name["open"]["alone"] <= by_name["open"]["few"] <= by_name["open"]["rows"]
    assert by_name["sensitive"]["smallest"] >= 1
    assert (
        by_name["sensitive"]["alone"] / by_name["sensitive"]["rows"]
        < by_name["open"]["alone"] / by_name["open"]["rows"]
    )
    (last,) = json.loads(run("runs", "--json").stdout)["runs"]
    # Rows that lost to another of their key are among the shares: they are quarantined for that alone.
    assert last["published"] + last["withheld"] <= sum(one["rows"] for one in found["shares"]) <= last["read"]


def test_risk_of_an_empty_portal_and_of_a_bad_feed(run, tmp_path):
    assert "Nothing is published yet" in run("risk", DATASET).output
    page = tmp_path / "page.csv"
    page.write_text("<!DOCTYPE html><html></html>")
    assert "Traceback" not in run("risk", DATASET, "--feed", page, code=1).output
    assert "no table" in run("risk", "compstat-reports", code=1).output


KING = [f"{number} King St,{-79.93 - number / 1e6},32.78,Team 1" for number in range(100, 200, 2)]
QUEEN = [f"{number} Queen St,{-79.95 - number / 1e6},32.77,Team 2" for number in (*range(100, 104), *range(200, 220))]


def points(path, *lines):
    path.write_text("\n".join(["address,longitude,latitude,team", *lines, ""]))
    return path


def test_places_come_from_address_points_or_from_feeds_and_say_what_they_are(run, tmp_path):
    assert "no places yet" in run("places", code=1).output
    king, queen = points(tmp_path / "king.csv", *KING), points(tmp_path / "queen.csv", *QUEEN)
    made = json.loads(run("places", "--from", king, "--from", queen, "--json").stdout)
    assert (made["grounded"], made["addresses"], made["smallest"]) == (2, 74, 24)
    assert "2 units of ground for 74 addresses, 24 at least" in run("places").output
    assert "--again" in run("places", "--from", king, code=1).output
    again = run("places", "--from", write_sample(tmp_path / "calls.csv"), "--again").output
    assert "Published places change" in again
    assert "approved" in again


def test_a_private_address_never_stands_alone(run, tmp_path):
    shelter = tmp_path / "private.txt"
    shelter.write_text("104 King St\n\nnot an address\n")
    both = [*KING, *QUEEN[4:]]
    made = json.loads(run("places", "--from", points(tmp_path / "p.csv", *both), "--private", shelter, "--json").stdout)
    assert (made["grounded"], made["addresses"]) == (1, 20)  # with nothing near to join


def test_points_that_make_no_place_leave_what_was_there(run, tmp_path):
    run("places", "--from", points(tmp_path / "king.csv", *KING))
    few = points(tmp_path / "few.csv", *QUEEN[:3])
    assert "no place comes of it" in run("places", "--from", few, "--again", code=1).output
    nothing = tmp_path / "nothing.csv"
    nothing.write_text("name,phone\nx,1\n")
    assert "no column address" in run("places", "--from", nothing, "--again", code=1).output
    assert "1 units of ground for 50 addresses" in run("places").output


def test_places_grow_and_those_that_there_are_stay(run, tmp_path):
    assert "no places yet" in run("places", "--from", points(tmp_path / "k.csv", *KING), "--update", code=1).output
    run("places", "--from", points(tmp_path / "king.csv", *KING))
    path, secret = config.places_path("charleston"), config.secret()
    before = read_places(path, secret)
    grown = points(tmp_path / "both.csv", *KING, *QUEEN)
    assert "Published places change" in run("places", "--from", grown, "--update").output
    after = read_places(path, secret)
    assert (
        after.units.filter(pl.col("id").is_in(before.units["id"].implode()))
        .drop("valid_from")
        .equals(before.units.drop("valid_from"))
    )
    (fresh,) = after.units.filter("has_ground", ~pl.col("id").is_in(before.units["id"].implode())).to_dicts()
    assert fresh["label"] == "100 to 200 blocks of Queen St"
    assert fresh["valid_from"] == datetime.now(config.profile().zone).date()
    assert "Published places change" not in run("places", "--from", grown, "--update").output


@pytest.mark.parametrize("header", ["NUMBER,STREET,LON,LAT", "Add_Number,StNam_Full,Longitude,Latitude"])
def test_columns_of_openaddresses_and_of_the_national_database_are_known(run, tmp_path, header):
    file = tmp_path / "points.csv"
    lines = [f"{number},KING ST,-79.93,{32.78 + number / 1e6}" for number in range(100, 110)]
    file.write_text("\n".join([header, *lines, ""]))
    made = json.loads(run("places", "--from", file, "--json").stdout)
    assert (made["grounded"], made["addresses"]) == (1, 10)


MET = (("LC_Citation Issued", 3), ("LPA_Patrol Area", 2))
"""Outcomes of calls at ten past the hour in blocks of their own, with how many of each."""


def _meeting_feeds(tmp_path):
    """Calls of which some ended in a citation, and a citation a few minutes after each."""
    calls = write_calls(tmp_path / "calls.csv", range(1, 41))
    lines = calls.read_text().splitlines()
    citations = []
    for place, outcome in enumerate([outcome for outcome, rows in MET for _ in range(rows)]):
        day = place + 1
        lines.append(
            f"25-9{place:05},04/0{day}/2025 14:10:00,Traffic Stop,{100 + day} Queen St,{outcome},"
            f"04/0{day}/2025 14:40:00,-79.931,32.771"
        )
        citations.append(
            {
                "Citation_Number": f"E-{day}",
                "ViolationDate": f"04/0{day}/2025 14:1{day}",
                "Address": f"{100 + day} Queen St",
            }
        )
    calls.write_text("\n".join([*lines, ""]))
    return calls, write_citations(tmp_path / "citations.csv", citations)


@pytest.mark.parametrize("shown", ["hour", "minute"])
def test_a_citation_is_not_joined_with_the_minute_of_its_call(run, tmp_path, monkeypatch, shown):
    """Calls that ended in a citation show the hour; where a profile says otherwise, risk counts what is found."""
    if shown == "minute":
        profile = config.profile()
        listed = profile.lists["dispositions"]
        codes = tuple(structs.replace(one, privacy="open") for one in listed.codes)
        lists = {**profile.lists, "dispositions": structs.replace(listed, codes=codes)}
        mild = structs.replace(profile, lists=lists)
        monkeypatch.setattr(config, "profile", lambda *_: mild)
    calls, citations = _meeting_feeds(tmp_path)
    run("load", DATASET, calls)
    run("load", "electronic-citations", citations)
    (found,) = json.loads(run("risk", "electronic-citations", "--json").stdout)["met"]
    ended, others = (rows for _, rows in MET)
    one, likely = (others, 0) if shown == "hour" else (ended + others, ended)
    assert found == {"other": DATASET, "rows": ended + others, "one": one, "likely": likely}
    said = run("risk", "electronic-citations").output
    assert f"Of 5 rows with hour and block, {likely} ({likely / 5:.1%}) find in {DATASET} exactly one" in said
    assert json.loads(run("risk", DATASET, "--json").stdout)["met"] == []
