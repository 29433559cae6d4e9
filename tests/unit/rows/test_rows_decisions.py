"""Embargo, a class that rises, a class that never falls, and what is remembered of rows that wait."""

from datetime import UTC, date, datetime, timedelta

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from rows_kit import EMPTY_STATE, NOW, PROBLEMS, ROW, STATE, calls_feed, classes, one, reason, run, stored, town

CLOSED = datetime(2026, 1, 10, 19, 1, tzinfo=UTC)
PROBLEM_OF = {name: problem for problem, name in PROBLEMS.items()}


@pytest.mark.parametrize(
    ("name", "closed", "end"),
    [
        ("residential", "2026-01-10T13:38:00", datetime(2026, 1, 12, 5, tzinfo=UTC)),
        ("residential", "2026-01-10T23:59:00", datetime(2026, 1, 12, 5, tzinfo=UTC)),
        ("residential", "2026-01-11T00:01:00", datetime(2026, 1, 13, 5, tzinfo=UTC)),
        ("operational", "2026-01-10T13:38:00", datetime(2026, 2, 11, 5, tzinfo=UTC)),
        ("operational", "2026-01-11T23:59:00", datetime(2026, 2, 11, 5, tzinfo=UTC)),
        ("operational", "2026-01-12T00:01:00", datetime(2026, 2, 12, 5, tzinfo=UTC)),
        ("operational", "2026-01-20T12:00:00", datetime(2026, 2, 20, 5, tzinfo=UTC)),
    ],
)
def test_an_embargo_counts_from_the_closing_and_ends_at_a_midnight(profile, name, closed, end):
    cells = {"Problem": PROBLEM_OF[name], "Time_CallClosed": closed}
    assert reason(profile, now=end - timedelta(seconds=1), **cells) == ("withheld", "embargo", "")
    assert one(profile, now=end, **cells)["time_precision"] == classes().levels(classes().bit(name)).time


@pytest.mark.parametrize(
    ("closed", "out"),
    [
        ("2026-01-10T14:01:00", datetime(2026, 3, 1, 5, tzinfo=UTC)),
        ("2026-02-25T23:59:59", datetime(2026, 3, 1, 5, tzinfo=UTC)),
        ("2026-02-26T00:00:01", datetime(2026, 4, 1, 4, tzinfo=UTC)),
        ("2026-03-30T12:00:00", datetime(2026, 5, 1, 4, tzinfo=UTC)),
    ],
)
def test_a_row_that_shows_its_month_comes_out_with_the_others_of_a_month(profile, closed, out):
    cells = {"Problem": PROBLEM_OF["sensitive"], "Time_CallClosed": closed}
    assert reason(profile, now=out - timedelta(seconds=1), **cells) == ("withheld", "embargo", "")
    assert run(profile, {**ROW, **cells}, now=out - timedelta(seconds=1)).next_due == out
    assert one(profile, now=out, **cells)["time_precision"] == "month"


def test_an_open_call_is_published_when_it_is_closed(profile):
    assert reason(profile, Time_CallClosed="", now=CLOSED) == ("withheld", "not_closed", "")
    assert one(profile, now=CLOSED)["time_precision"] == "minute"


def test_a_call_that_is_never_closed_is_published_after_thirty_days(profile):
    called = datetime(2026, 1, 10, 18, 37, 42, tzinfo=UTC)
    end = called + timedelta(days=30)
    assert reason(profile, Time_CallClosed="", now=end - timedelta(seconds=1))[1] == "not_closed"
    assert one(profile, Time_CallClosed="", now=end)["closed_datetime"] is None


@pytest.mark.parametrize(
    ("closed", "published"),
    [
        ("2026-01-10T13:37:40", True),
        ("2026-01-10T13:30:00", False),
        ("2016-01-10T14:01:00", False),
        ("1899-12-30T00:00:00", False),
        ("soon", False),
        ("2026-01-10", True),
    ],
)
def test_a_closing_that_cannot_be_closes_nothing(profile, closed, published):
    """Before the opening, not to be read, or what an empty date is written as: the call counts as still open. A clock
    that is some seconds off is none of these; a day without a time ends after the call.
    """
    now = datetime(2026, 1, 11, 18, 37, 42, tzinfo=UTC)
    outcome = run(profile, {**ROW, "Time_CallClosed": closed}, now=now)
    assert outcome.rejects["reason"].to_list() == ([] if published else ["not_closed"])


def test_a_feed_without_closings_counts_from_the_call(profile):
    row = {name: cell for name, cell in ROW.items() if name != "Time_CallClosed"}
    called = datetime(2026, 1, 10, 18, 37, 42, tzinfo=UTC)
    assert run(profile, row, now=called).published.height == 1
    noise = {**row, "Problem": "Noise Complaint"}
    assert run(profile, noise, now=called + timedelta(hours=23)).published.height == 0
    assert run(profile, noise, now=datetime(2026, 1, 12, 4, 59, tzinfo=UTC)).published.height == 0
    assert run(profile, noise, now=datetime(2026, 1, 12, 5, tzinfo=UTC)).published.height == 1


def test_a_day_without_a_time_ends_before_its_embargo_begins(profile):
    cells = {"Call_Datetime": "01/10/2026", "Time_CallClosed": "01/10/2026"}
    assert reason(profile, now=datetime(2026, 1, 11, 4, tzinfo=UTC), **cells)[1] == "embargo"
    assert one(profile, now=datetime(2026, 1, 11, 6, tzinfo=UTC), **cells)["time_precision"] == "date"


def test_the_next_instant_at_which_something_may_be_published_is_known(profile):
    soon = {**ROW, "Incident_Number": "2", "Problem": "Noise Complaint"}
    late = {**ROW, "Incident_Number": "3", "Problem": "Domestic Dispute"}
    outcome = run(profile, ROW, soon, late, now=CLOSED)
    assert outcome.next_due == datetime(2026, 1, 12, 5, tzinfo=UTC)
    assert run(profile, ROW).next_due is None


def test_a_row_of_the_table_is_not_put_under_embargo_again(profile):
    state = stored(run(profile, {**ROW, "Problem": "Noise Complaint"}))
    reopened = {"Problem": "Noise Complaint", "Time_CallClosed": "2026-03-15T07:00:00"}
    assert reason(profile, **reopened)[1] == "embargo"
    assert one(profile, state=state, **reopened)["time_precision"] == "hour"
    assert one(profile, state=state, Problem="Noise Complaint", Time_CallClosed="")["time_precision"] == "hour"


def test_a_class_that_rises_takes_the_row_away_until_the_first_of_the_next_month(profile):
    state = stored(run(profile, ROW))
    outcome = run(profile, {**ROW, "Problem": "Domestic Dispute"}, state=state)
    assert outcome.rejects.row(0)[1:] == ("withheld", "class_rise", "")
    assert outcome.held["due"].to_list() == [date(2026, 4, 1)]
    assert classes().names(outcome.held["_classes"][0]) == ("open", "sensitive")
    assert outcome.next_due == datetime(2026, 4, 1, 4, tzinfo=UTC)

    state = stored(outcome)
    last_day = datetime(2026, 4, 1, 3, 59, tzinfo=UTC)
    assert reason(profile, state=state, now=last_day, Problem="Domestic Dispute")[1] == "class_rise"
    back = one(profile, state=state, now=datetime(2026, 4, 1, 4, tzinfo=UTC), Problem="Domestic Dispute")
    assert (back["time_precision"], back["block_address"]) == ("month", None)


@pytest.mark.parametrize("damage", [{}, {"LONGITUDE": "12.5"}])
def test_a_row_that_rises_while_it_is_away_waits_as_well(profile, damage):
    state = stored(run(profile, ROW)).with_columns(pl.lit(None, pl.Int64).alias("_id"))
    outcome = run(profile, {**ROW, **damage, "Problem": "Domestic Dispute"}, state=state)
    assert outcome.published.height == 0
    assert outcome.held["due"].to_list() == [date(2026, 4, 1)]


def test_what_a_damaged_row_was_taken_for_counts(profile):
    outcome = run(profile, {**ROW, "LONGITUDE": "12.5", "Problem": "Domestic Dispute"})
    assert outcome.rejects["outcome"].to_list() == ["quarantined"]
    assert one(profile, state=stored(outcome))["time_precision"] == "month"
    assert run(profile, {**ROW, "Incident_Number": "", "Problem": "Domestic Dispute"}).held.height == 0


def test_a_rise_in_december_comes_back_in_january(profile):
    now = datetime(2025, 12, 31, 23, tzinfo=UTC)
    row = {**ROW, "Call_Datetime": "2025-12-01T10:00:00", "Time_CallClosed": "2025-12-01T11:00:00"}
    state = stored(run(profile, row, now=now))
    assert run(profile, {**row, "Problem": "Warrant Service"}, state=state, now=now).held["due"].to_list() == [
        date(2026, 1, 1)
    ]


def test_a_row_that_rises_to_withheld_leaves_for_good(profile):
    state = stored(run(profile, ROW))
    outcome = run(profile, {**ROW, "Problem": "Juvenile Record"}, state=state)
    assert outcome.rejects["reason"].to_list() == ["withheld_class"]
    state = stored(outcome)
    assert reason(profile, state=state, now=datetime(2027, 1, 1, tzinfo=UTC))[1] == "withheld_class"


def test_a_class_never_falls(profile):
    state = stored(run(profile, {**ROW, "Problem": "Domestic Dispute"}))
    row = one(profile, state=state)
    assert classes().names(row["_classes"]) == ("open", "sensitive") or row["time_precision"] == "month"
    assert row["problem"] is None


def test_what_a_call_was_taken_for_before_anybody_saw_it_counts(profile):
    outcome = run(profile, {**ROW, "Problem": "Domestic Dispute"}, now=CLOSED)
    assert outcome.rejects["reason"].to_list() == ["embargo"]
    assert outcome.held["due"].to_list() == [None]
    row = one(profile, state=stored(outcome), Problem="Traffic Stop")
    assert row["time_precision"] == "month"


def test_a_code_that_nobody_judged_is_not_remembered(profile):
    outcome = run(profile, {**ROW, "Problem": "Nobody Knows", "Call_Disposition": ""})
    assert outcome.held.height == 0


def test_rows_with_one_key_share_their_classes(profile):
    outcome = run(profile, ROW, {**ROW, "Problem": "Domestic Dispute"}, {**ROW, "Incident_Number": "2"})
    precisions = outcome.published.sort("_line")["time_precision"].to_list()
    assert precisions == ["month", "month", "minute"]


def test_a_row_that_waits_does_not_hold_back_another_with_its_key(profile):
    outcome = run(profile, ROW, {**ROW, "Time_CallClosed": ""}, {**ROW, "Call_Disposition": "LTEST_Test"}, now=CLOSED)
    assert outcome.published["_line"].to_list() == [2]
    assert outcome.rejects["reason"].to_list() == ["not_closed", "test_row"]
    assert outcome.held.height == 0


def test_the_same_rows_again_are_published_in_the_same_form(profile):
    rows = [{**ROW, "Incident_Number": str(number), "Problem": problem} for number, problem in enumerate(PROBLEMS)]
    rows.append({**rows[0], "Problem": "Domestic Dispute"})
    first = run(profile, *rows)
    again = run(profile, *rows, state=stored(first).unique("_key"))
    assert again.published.sort("_line").equals(first.published.sort("_line"))
    assert again.held.height == 0


HISTORY = st.lists(st.sampled_from(list(PROBLEMS)), min_size=2, max_size=6)


@given(problems=HISTORY)
@settings(max_examples=20, deadline=None)
def test_whatever_a_call_is_called_in_turn_it_never_shows_more(profile, problems):
    state, floor, now = EMPTY_STATE, 0, NOW
    for problem in problems:
        now += timedelta(days=40)
        outcome = run(profile, {**ROW, "Problem": problem}, state=state, now=now)
        floor |= classes().bit(PROBLEMS[problem]) | classes().bit("open")
        for mask in (*outcome.published["_classes"], *outcome.held["_classes"]):
            assert mask & floor == floor
        for row in outcome.published.to_dicts():
            assert row["time_precision"] == classes().levels(floor).time
        state = pl.concat([stored(outcome), state]).unique("_key", keep="first", maintain_order=True).cast(STATE)


def test_now_decides_only_whether_a_row_is_published(profile):
    early, late = one(profile), one(profile, now=NOW + timedelta(days=3000))
    assert early == late


def test_the_clock_needs_no_closings_column_in_the_table(tmp_path):
    profile = town(tmp_path, calls_feed())
    row = {name: ROW[name] for name in ("Incident_Number", "Call_Datetime", "Problem", "Call_Disposition")}
    assert run(profile, row).published.height == 1
