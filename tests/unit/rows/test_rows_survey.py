"""Figures of a feed: its reach and how its columns are filled, and what the rules keep back."""

from __future__ import annotations

from datetime import UTC, date, datetime

from rows_kit import ROW, run

from ckanext.cpdi.rows import Survey


def test_columns_are_filled_where_something_can_be_read(profile):
    rows = [
        ROW,
        {**ROW, "Incident_Number": "26-2", "Time_CallClosed": "never", "LONGITUDE": "far west"},
        {**ROW, "Incident_Number": "26-3", "Time_CallClosed": "", "Priority": ""},
    ]
    found = run(profile, *rows).survey
    assert found.rows == 3
    filled = {name: found.filled[name] for name in ("incident_number", "closed_datetime", "x", "y", "priority")}
    assert filled == {"incident_number": 3, "closed_datetime": 1, "x": 2, "y": 2, "priority": 2}
    assert "reported_team" not in found.filled


def test_rows_in_quarantine_reach_no_day_and_withheld_ones_do(profile):
    rows = [
        ROW,
        {**ROW, "Incident_Number": "26-2", "Call_Datetime": "1900-01-01"},
        {**ROW, "Incident_Number": "26-3", "Call_Datetime": "2031-01-01T10:00:00"},
        {**ROW, "Incident_Number": "", "Call_Datetime": "2025-01-01T10:00:00"},
        {**ROW, "Incident_Number": "26-5", "Call_Datetime": "2026-02-01T10:00:00", "Problem": "Never heard of"},
    ]
    found = run(profile, *rows).survey
    assert found.first == datetime(2026, 1, 10, 18, 37, 42, tzinfo=UTC)
    assert found.last == datetime(2026, 2, 1, 15, tzinfo=UTC)
    assert found.days == {date(2026, 1, 10): 1, date(2026, 2, 1): 1}


def test_the_surveys_of_batches_add_up(profile):
    one, two = run(profile, ROW), run(profile, {**ROW, "Call_Datetime": "2026-01-12T00:00:00", "Priority": ""})
    both = Survey() + one.survey + two.survey
    assert (both.rows, both.first, both.last) == (2, one.survey.first, two.survey.last)
    assert (both.filled["priority"], both.filled["problem"]) == (1, 2)


def test_a_column_that_is_empty_in_every_batch_is_there_all_the_same(profile):
    empty = run(profile, {**ROW, "Priority": ""}).survey
    assert (Survey() + empty + empty).filled["priority"] == 0


def test_the_keys_of_withheld_rows_are_kept_back_and_no_others(profile):
    shown = run(profile, ROW)
    withheld = run(profile, {**ROW, "Problem": "Never heard of"})
    damaged = run(profile, {**ROW, "Call_Datetime": "soon"})
    assert shown.kept_back.to_list() == damaged.kept_back.to_list() == []
    assert withheld.kept_back.to_list() == shown.published["_key"].to_list()
