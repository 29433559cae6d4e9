"""What speaks against a run, as far as counts, columns and days of the feed say; no service is needed."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import polars as pl
import pytest

from ckanext.cpdi.declare import CheckLimits, SyncRule
from ckanext.cpdi.pipeline.checks import Night, objections, standing_still
from ckanext.cpdi.rows.places import PlaceFigures
from ckanext.cpdi.store import Baseline, Changes, Coverage, FeedShape, RunRow, RunSummary, Window
from ckanext.cpdi.store.ledger.record import NO_REJECTS

TODAY = date(2026, 11, 24)
HEADERS = ("Incident", "When", "Problem", "Closed", "Extra")
READ = {"incident_number": ("Incident",), "call_datetime": ("When",), "problem": ("Problem",), "closed": ("Closed",)}
FILLED = {"incident_number": 1000, "call_datetime": 1000, "problem": 1000, "closed": 900}
SHAPE = FeedShape(HEADERS, 1000, FILLED, date(2026, 1, 1), TODAY)
CLASSES = {"open": 700, "residential": 200, "sensitive": 100}


def rejects(**reasons):
    """Withheld rows by reason; ``quarantined`` ones under that name."""
    rows = [
        (line, "quarantined" if reason == "quarantined" else "withheld", reason, "")
        for reason, count in reasons.items()
        for line in range(count)
    ]
    return pl.DataFrame(rows, schema=NO_REJECTS.schema, orient="row")


def baseline(feed=SHAPE, lag=0, withheld=None, classes=None, read=1000, published=990):
    began = datetime(2026, 11, 23, 8, tzinfo=UTC)
    counts = dict.fromkeys(("published", "added", "changed", "removed", "unchanged", "withheld", "quarantined"), 0)
    counts["published"] = published
    run = RunRow(
        7, "calls", "published", began, began, "feed", "sha", "print", "rules", "profile", "code", "v", None, read,
        **counts, seconds={}, peak_mb=1, message="", sync="full", feed=feed, objections=(), released=None,
    )  # fmt: skip
    return Baseline(run, withheld or {"unmapped_value": 10}, classes or CLASSES, lag)


def night(**other):
    """A night like the last; ``summary``, ``feed`` and so on replace its parts."""
    usual = {
        "limits": CheckLimits(),
        "rule": SyncRule(),
        "table_rows": 1000,
        "changes": Changes(0, 0, 0, 990, 990, NO_REJECTS),
        "summary": RunSummary(read=1000, rejects=rejects(unmapped_value=10), classes=CLASSES),
        "feed": SHAPE,
        "read": READ,
        "ignored": frozenset(),
        "today": TODAY,
        "last": baseline(),
    }
    return Night(**{**usual, **other})


def codes(one):
    return [(found.code, found.field) for found in objections(one)]


def test_nothing_speaks_against_a_night_like_the_last_or_a_first_one():
    assert codes(night()) == []
    assert codes(night(last=None, table_rows=0)) == []


@pytest.mark.parametrize(
    ("counted", "missing", "farther", "holds"),
    [(False, 3, 3, True), (False, 3, 0, False), (False, 1, 3, False), (True, 3, 3, False)],
)
def test_nights_that_nothing_counted_and_rows_that_are_as_old_hold(counted, missing, farther, holds):
    """A clock that was set ahead while the machine was off, beside a machine that was off and has a fresh feed."""
    last = baseline(lag=1)
    today = last.run.started.date() + timedelta(days=missing)
    feed = replace(SHAPE, last=today - timedelta(days=1 + farther))
    found = codes(night(last=last, today=today, feed=feed, counted=counted))
    assert found == ([("clock", "")] if holds else [])


def test_rows_that_go():
    (found,) = objections(night(changes=Changes(0, 0, 600, 400, 400, NO_REJECTS)))
    assert (found.code, found.before, found.after, found.holds) == ("shrunk", 1000, 400, True)
    assert "1,000 to 400" in found.text


def test_in_a_window_only_the_table_as_a_whole_may_not_shrink():
    assert codes(night(changes=Changes(5, 0, 3, 25, 1002, NO_REJECTS))) == []


def test_an_empty_feed():
    empty = FeedShape(HEADERS, 0, dict.fromkeys(FILLED, 0))
    one = night(summary=RunSummary(read=0), feed=empty, changes=Changes(0, 0, 1000, 0, 0, NO_REJECTS))
    assert codes(one) == [("empty", "")]


def test_rows_in_quarantine():
    (found,) = objections(night(summary=RunSummary(1000, rejects(quarantined=201), CLASSES)))
    assert (found.code, found.before, found.after) == ("quarantined", 0.0, 0.201)


def test_a_window_that_is_not_covered_holds_where_its_days_are_declared():
    days = Window(date(2026, 10, 26), TODAY, date(2026, 11, 17))
    changes = Changes(5, 0, 0, 200, 1000, NO_REJECTS, coverage=Coverage(days, 100, pl.Series(dtype=pl.Int64), 77))
    (found,) = objections(night(rule=SyncRule("window", 30), changes=changes))
    assert (found.code, found.before, found.after) == ("window", 100, 23)
    assert "2026-10-26 to 2026-11-23" in found.text
    assert codes(night(rule=SyncRule("window"), changes=changes)) == []
    few = replace(changes, coverage=replace(changes.coverage, stayed=10))
    assert codes(night(rule=SyncRule("window", 30), changes=few)) == []


def test_a_reason_for_withholding_that_explodes():
    summary = RunSummary(1000, rejects(unmapped_value=260), CLASSES)
    (found,) = objections(night(summary=summary))
    assert (found.code, found.field, found.before, found.after) == ("withheld", "unmapped_value", 0.01, 0.26)
    assert codes(night(summary=summary, last=None)) == []


def test_a_class_that_takes_over_or_vanishes():
    summary = RunSummary(1000, rejects(unmapped_value=10), classes={"open": 990, "sensitive": 10})
    assert codes(night(summary=summary)) == [("class", "open")]
    assert codes(night(summary=summary, limits=CheckLimits(shift=0.1))) == [("class", "open"), ("class", "residential")]


def test_a_header_in_another_order_and_spelling_is_the_same_header():
    feed = replace(SHAPE, headers=("extra", "CLOSED", "When", "in_cident", "Problem"))
    assert codes(night(feed=feed)) == []


def test_a_column_that_is_gone_holds_and_names_what_came_in_its_place():
    feed = replace(SHAPE, headers=(*HEADERS[:3], "Finished"), filled={k: v for k, v in FILLED.items() if k != "closed"})
    gone, new = objections(night(feed=feed, read={k: v for k, v in READ.items() if k != "closed"}))
    assert (gone.code, gone.field, gone.before, gone.after, gone.holds) == ("column_gone", "closed", 0.9, None, True)
    assert "new in it: Finished" in gone.text
    assert (new.code, new.holds) == ("column_new", False)


def test_a_column_that_nothing_reads_may_go_and_a_new_one_is_a_notice_unless_it_is_ignored():
    assert codes(night(feed=replace(SHAPE, headers=HEADERS[:4]))) == []
    feed = replace(SHAPE, headers=(*HEADERS, "Object ID"))
    (found,) = objections(night(feed=feed))
    assert (found.code, found.before, found.after, found.holds) == ("column_new", 5, 6, False)
    assert codes(night(feed=feed, ignored=frozenset({"objectid"}))) == []


def test_a_hostile_header_is_cut():
    feed = replace(SHAPE, headers=(*HEADERS, "x" * 500, *(f"c{n}" for n in range(30))))
    (found,) = objections(night(feed=feed))
    assert len(found.text) < 300
    assert "and 21 more" in found.text


@pytest.mark.parametrize(("now", "held"), [(900, False), (46, False), (44, True), (0, True)])
def test_a_column_that_has_gone_empty(now, held):
    found = objections(night(feed=replace(SHAPE, filled={**FILLED, "closed": now})))
    assert [(one.code, one.field, one.before, one.after) for one in found] == (
        [("column_empty", "closed", 0.9, now / 1000)] if held else []
    )


def test_a_column_that_was_rarely_filled_may_be_empty_and_a_few_rows_say_nothing():
    rare = baseline(replace(SHAPE, filled={**FILLED, "closed": 150}))
    empty = replace(SHAPE, filled={**FILLED, "closed": 0})
    assert codes(night(feed=empty, last=rare)) == []
    few = FeedShape(HEADERS, 20, {**dict.fromkeys(FILLED, 20), "closed": 0}, None, TODAY)
    assert codes(night(feed=few)) == []


@pytest.mark.parametrize(("behind", "held"), [(0, False), (9, False), (10, True), (400, True)])
def test_an_old_file_or_an_export_that_stands_still(behind, held):
    feed = replace(SHAPE, last=TODAY - timedelta(days=behind))
    found = objections(night(feed=feed, last=baseline(lag=2)))
    assert [one.code for one in found] == (["stale"] if held else [])
    if held:
        assert (found[0].before, found[0].after) == ("2026-11-24", feed.last.isoformat())


def test_a_historic_table_is_as_old_as_it_always_was():
    old = TODAY - timedelta(days=2500)
    last = baseline(replace(SHAPE, last=old), lag=2500)
    assert codes(night(feed=replace(SHAPE, last=old), last=last)) == []
    assert list(standing_still(None, old, TODAY, 7)) == []


def test_everything_that_speaks_against_a_run_is_said_and_not_only_the_first():
    feed = replace(SHAPE, filled={**FILLED, "closed": 0}, last=TODAY - timedelta(days=60))
    one = night(feed=feed, changes=Changes(0, 0, 900, 100, 100, NO_REJECTS))
    assert codes(one) == [("shrunk", ""), ("column_empty", "closed"), ("stale", "")]


def test_a_run_that_showed_no_row_is_no_measure_of_what_is_withheld_or_of_classes():
    """While a code list was empty every row was withheld; now that it is filled, nothing that was public changes."""
    empty = baseline(withheld={"unmapped_value": 1000}, classes={"withheld": 1000}, published=0)
    filled = night(table_rows=0, last=empty)
    assert codes(filled) == []
    assert codes(night(last=baseline(withheld={"unmapped_value": 10}, classes={"withheld": 1000}))) != []


TRUE_PLACES = PlaceFigures(
    rows=900, placed=890, measured=880, median=40, p95=110, greatest=300, team_reported=800, team_right=799
)


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"placed": 400}, "placed"),
        ({"p95": 900}, "p95"),
        ({"team_right": 700}, "team"),
    ],
)
def test_places_that_are_less_true_than_before_hold_the_run(change, field):
    before = replace(SHAPE, places=TRUE_PLACES)
    now = replace(SHAPE, places=replace(TRUE_PLACES, **change))
    (objection,) = objections(night(feed=now, last=baseline(before)))
    assert (objection.code, objection.field, objection.holds) == ("places", field, True)
    assert objections(night(feed=before, last=baseline(now))) == ()


def test_few_rows_and_runs_that_counted_no_places_say_nothing_of_them():
    few = replace(SHAPE, places=PlaceFigures(rows=20, placed=1))
    assert objections(night(feed=few, last=baseline(replace(SHAPE, places=TRUE_PLACES)))) == ()
    assert objections(night(feed=replace(SHAPE, places=TRUE_PLACES), last=baseline())) == ()
