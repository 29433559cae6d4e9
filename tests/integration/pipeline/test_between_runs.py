"""What leaves between two runs looks, from night to night, like what leaves with a run."""

from __future__ import annotations

import json

import psycopg
import pytest
from helpers import datastore, desk
from helpers.feeds import DATASET
from helpers.nights import night, version

from ckanext.cpdi import config
from ckanext.cpdi.publish.frozen_years import frozen
from ckanext.cpdi.store.table.version import run_of

pytestmark = pytest.mark.usefixtures("with_plugins", "portal")
SECRET, WITHDRAWN = 7, 9


def ask(query, *values):
    with psycopg.connect(datastore.dsn(), autocommit=True) as connection:
        found = connection.execute(query, values or None)
        return found.fetchall() if found.description else []


def number_of(one: str) -> int:
    return int(one.partition("-")[2])


def facts(run: int) -> tuple[object, ...]:
    """What the public views keep of a run and of the table as it left it, but for sizes and instants."""
    (line,) = ask(
        "SELECT state, added, changed, removed, read - published, run.version = table_.version, table_.run = run.id,"
        " table_.published_at BETWEEN run.started AND run.finished, table_.rows = run.published, between_runs"
        " FROM public._cpdi_run AS run JOIN public._cpdi_version AS table_ USING (dataset) WHERE run.id = %s",
        run,
    )
    years = ask("SELECT count(*) FROM public._cpdi_year JOIN public._cpdi_version USING (dataset, version)")
    lines = ask("SELECT count(DISTINCT at) FROM cpdi.change WHERE gone")
    corrected = ask("SELECT count(*) FROM cpdi.correction")
    return line, years, lines, corrected


def test_a_denied_row_looks_afterwards_as_one_that_its_feed_had_no_more(tmp_path):
    path = tmp_path / "calls.csv"
    first = night(path, range(1, 41))
    desk.deny(f"25-{SECRET:06}")
    denied = night(path, range(1, 41))
    seen = facts(run_of(number_of(denied)))
    withdrawn = night(path, [one for one in range(1, 41) if one != WITHDRAWN])
    assert facts(run_of(number_of(withdrawn))) == seen
    assert seen[0] == ("published", 0, 0, 1, 0, True, True, True, True, False)
    runs = [run_of(number_of(one)) for one in (first, denied, withdrawn)]
    assert runs == list(range(runs[0], runs[0] + 3))


def test_every_version_has_the_page_of_a_run_and_no_page_tells_the_versions_apart(app, tmp_path):
    first = night(tmp_path / "calls.csv", range(1, 41))
    desk.deny(f"25-{SECRET:06}")
    between = version()
    assert between != first
    assert between[:9] == first[:9]
    pages = set()
    for one in (first, between):
        page = app.get(f"/status/runs/{run_of(number_of(one))}", status=200).body
        assert app.get(f"/status/runs/{number_of(one)}", status=200).body.count("<h1>") == 1
        assert one not in page
        pages.add(page)
    assert len(pages) == 1
    assert between in app.get(f"/data/{DATASET}/changes.csv").headers["Cpdi-Version"]


def test_removals_are_listed_with_those_of_the_next_run(tmp_path):
    night(tmp_path / "calls.csv", range(1, 41))
    desk.deny(f"25-{SECRET:06}")
    week = "(SELECT date_trunc('week', now() AT TIME ZONE 'America/New_York') AT TIME ZONE 'America/New_York')"
    (until,) = ask(f"SELECT at - {week} FROM cpdi.change WHERE gone")[0]
    assert 13 <= until.days <= 14
    night(tmp_path / "calls.csv", [one for one in range(1, 41) if one != WITHDRAWN])
    found = ask(f"SELECT at - {week} FROM cpdi.change WHERE gone")
    assert len(found) == 2
    assert {6 <= one.days <= 7 for (one,) in found} == {True}


def test_an_archive_that_lost_a_row_between_runs_has_the_version_of_the_next_run(tmp_path):
    from ckanext.cpdi.pipeline import publish

    night(tmp_path / "calls.csv", range(1, 41))
    assert publish.freeze_years(DATASET, publish.profile_of(DATASET), force=True)
    desk.deny(f"25-{SECRET:06}")
    (lost,) = frozen.archives(config.files_path(), DATASET)
    assert lost.rows == 39
    later = night(tmp_path / "calls.csv", range(1, 41))
    (told,) = frozen.archives(config.files_path(), DATASET)
    assert (told.rows, told.version, told.between_runs) == (39, later, False)


def test_no_version_comes_twice_after_a_restore_and_no_id_is_given_again(tmp_path):
    """Two nights after a restore count as the two that were lost."""
    path = tmp_path / "calls.csv"
    night(path, range(1, 41))
    lost = night(path, range(1, 51))
    (last,) = ask(f'SELECT max(_id) FROM public."{_table()}"')[0]
    # What pg_restore leaves of a dump that was made after the first night: the same rows in another table.
    ask(f'DELETE FROM public."{_table()}" WHERE _id > 40')
    for query in (
        "DELETE FROM cpdi.state_1 WHERE id > 40",
        f"DELETE FROM cpdi.version WHERE version = '{lost}'",
        "UPDATE cpdi.dataset SET rows = 40, last_id = 40, run = run - 1, home = 'another database'",
        "UPDATE cpdi.year SET rows = 40",
        "DELETE FROM cpdi.change",
        "DELETE FROM cpdi.run WHERE id = (SELECT max(id) FROM cpdi.run)",
        "SELECT setval(pg_get_serial_sequence('cpdi.run', 'id'), (SELECT max(id) FROM cpdi.run))",
    ):
        ask(query)
    again = night(path, range(1, 52))
    assert run_of(number_of(again)) == run_of(number_of(lost))
    assert again != lost
    assert min(one for (one,) in ask(f'SELECT _id FROM public."{_table()}" WHERE _id > 40')) > last
    assert ask("SELECT version FROM cpdi.version") == [(again,)]


def _table() -> str:
    from ckanext.cpdi.catalog.parts import resource_id

    return resource_id(DATASET)


def test_why_a_row_waits_is_one_reason_to_the_read_role(tmp_path):
    night(tmp_path / "calls.csv", range(1, 41))
    ask("INSERT INTO cpdi.run_reason SELECT max(id), 'withheld', 'class_rise', '', 1 FROM cpdi.run")
    ask("INSERT INTO cpdi.run_reason SELECT max(id), 'withheld', 'embargo', '', 30 FROM cpdi.run")
    with psycopg.connect(config.read_dsn()) as reader:
        found = reader.execute("SELECT reason, sum(rows)::int FROM public._cpdi_reason GROUP BY 1").fetchall()
    assert found == [("waiting", 31)]
    assert "class" not in json.dumps(found)
