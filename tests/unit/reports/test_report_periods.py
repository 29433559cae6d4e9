"""Which period a report is of: names as staff type them, first pages, and what is never guessed."""

from datetime import date, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec import structs

from ckanext.cpdi.declare import read_library, read_profile
from ckanext.cpdi.declare.tables.period_pattern import compiled
from ckanext.cpdi.declare.tables.report_rules import ReportRules
from ckanext.cpdi.reports import Period, propose
from ckanext.cpdi.reports.calendar import awaited, expected, gaps, iso_week, period_of

ROOT = Path(__file__).parents[3]
LIBRARY = read_library(ROOT / "schemas")
COMPSTAT, INVESTIGATIONS, RESISTANCE = (
    LIBRARY.datasets[name].reports for name in ("compstat-reports", "closed-investigations", "response-to-resistance")
)
WEEK = Period(date(2024, 3, 18), date(2024, 3, 24))
MARCH = Period(date(2024, 3, 1), date(2024, 3, 31))


@pytest.mark.parametrize(
    ("rules", "name", "period"),
    [
        (COMPSTAT, "SAMPLE-compstat-2024-03-24.pdf", WEEK),
        (COMPSTAT, "SAMPLE Compstat 03.24.24.pdf", WEEK),
        (COMPSTAT, "COMPSTAT_3-24-2024.PDF", WEEK),
        (COMPSTAT, "SAMPLE-compstat-2024-03-24_rev2.pdf", Period(WEEK.start, WEEK.end, 2)),
        (COMPSTAT, "Compstat 03.24.24 corrected.pdf", Period(WEEK.start, WEEK.end, 2)),
        (COMPSTAT, "Compstat 03.24.24 v3.pdf", Period(WEEK.start, WEEK.end, 3)),
        (COMPSTAT, "REVISED Compstat 03.24.24.pdf", Period(WEEK.start, WEEK.end, 2)),
        # The digits behind are a date, and no number of an edition.
        (COMPSTAT, "rev Compstat 03.24.24.pdf", Period(WEEK.start, WEEK.end, 2)),
        (COMPSTAT, "Compstat 01.05.25.pdf", Period(date(2024, 12, 30), date(2025, 1, 5))),
        (COMPSTAT, "Compstat 12.31.23.pdf", Period(date(2023, 12, 25), date(2023, 12, 31))),
        (INVESTIGATIONS, "Closed Investigations Mar 2024.pdf", MARCH),
        (INVESTIGATIONS, "Closed Investigations Sept. 2024.pdf", Period(date(2024, 9, 1), date(2024, 9, 30))),
        (INVESTIGATIONS, "closed investigations febrero 2024.pdf", Period(date(2024, 2, 1), date(2024, 2, 29))),
        (RESISTANCE, "RTR 03-2024.pdf", MARCH),
        (RESISTANCE, "SAMPLE-response-to-resistance-2024-03_rev2.pdf", Period(MARCH.start, MARCH.end, 2)),
    ],
)
def test_names_of_files_say_the_period(rules, name, period):
    assert propose(name, "", rules) == period


@pytest.mark.parametrize(
    "text",
    [
        "Charleston Police Department Mar 18 to Mar 24, 2024",
        "Week of March 18 through March 24, 2024",
        "Semana del 18 al 24 de marzo de 2024",
    ],
)
def test_a_first_page_says_it_where_the_name_does_not(text):
    assert propose("final copy.pdf", text, COMPSTAT) == WEEK
    assert propose("final copy (corrected).pdf", text, COMPSTAT) == Period(WEEK.start, WEEK.end, 2)


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("final copy.pdf", "no date"),
        ("compstat 2024-02-30.pdf", ""),
        ("compstat 2024-13-03.pdf", ""),
        # A Tuesday, on which the report was published: whose week it is nobody knows.
        ("compstat 2024-03-26.pdf", ""),
        # An impossible date in the name is not mended by the page.
        ("compstat 2024-02-30.pdf", "Mar 18 to Mar 24, 2024"),
        ("compstat 2024-03-24.pdf", "Mar 11 to Mar 17, 2024"),
        ("compstat 2024-03-24, was compstat 03.17.24.pdf", ""),
        ("compstat 2024-03-245.pdf", ""),
        ("compstat 12024-03-24.pdf", ""),
    ],
)
def test_what_is_impossible_or_said_twice_otherwise_is_no_period(name, text):
    assert propose(name, text, COMPSTAT) is None


def test_a_page_that_agrees_with_the_name_changes_nothing():
    assert propose("compstat 2024-03-24.pdf", "Mar 18 to Mar 24, 2024", COMPSTAT) == WEEK


def test_a_period_that_is_not_over_is_not_proposed():
    assert propose("compstat 2024-03-24.pdf", "", COMPSTAT, until=date(2024, 3, 23)) is None
    assert propose("compstat 2024-03-24.pdf", "", COMPSTAT, until=date(2024, 3, 24)) == WEEK


def test_iso_weeks_and_digits_in_a_row_are_names_of_weeks():
    rules = ReportRules(every="week", names=("week {year} W{week}", "cs{year}{month}{day}"))
    assert propose("week 2026-W53.pdf", "", rules) == Period(date(2026, 12, 28), date(2027, 1, 3))
    assert propose("week 2025-W53.pdf", "", rules) is None
    assert propose("cs20240324.pdf", "", rules) == WEEK


def test_weeks_may_end_on_another_day():
    rules = ReportRules(every="week", ends="saturday", names=("crime {month}-{day}-{yy}",))
    assert propose("crime 03-23-24.pdf", "", rules) == Period(date(2024, 3, 17), date(2024, 3, 23))
    assert propose("crime 03-24-24.pdf", "", rules) is None


@pytest.mark.parametrize(
    ("pattern", "message"),
    [
        ("report {date}", "none of"),
        ("{month} {month} {year}", "twice"),
        ("report {year}", "a month or a week"),
        ("report {month}", "needs a year"),
        ("report {year", "a brace"),
    ],
)
def test_patterns_that_cannot_be_meant_are_refused(pattern, message):
    with pytest.raises(ValueError, match=message):
        compiled(pattern)


def test_a_department_names_its_reports_its_own_way():
    series = LIBRARY.datasets["compstat-reports"]
    profile = read_profile(ROOT / "profiles" / "charleston.yaml", LIBRARY.classes)
    assert profile.rules(series) == COMPSTAT
    own = ReportRules(every="week", names=("crime {month}-{day}-{yy}",))
    assert structs.replace(profile, report_rules={"compstat-reports": own}).rules(series) == own


def test_a_pattern_of_weekly_reports_needs_a_day():
    with pytest.raises(ValueError, match="names no day"):
        ReportRules(every="week", names=("{year}-{month}",))


def test_gaps_are_the_periods_between_the_first_report_and_the_last():
    ends = {date(2024, 2, 29), date(2024, 4, 30), date(2024, 7, 31)}
    assert [end for _, end in gaps(ends, RESISTANCE)] == [date(2024, 3, 31), date(2024, 5, 31), date(2024, 6, 30)]
    assert gaps(set(), RESISTANCE, until=date(2024, 1, 1)) == []


@pytest.mark.parametrize(
    ("until", "missing"),
    [
        (date(2024, 8, 30), []),
        (date(2024, 8, 31), [date(2024, 8, 31)]),
        (date(2024, 9, 1), [date(2024, 8, 31)]),
        (date(2024, 1, 1), []),
    ],
)
def test_a_month_is_missing_when_it_is_over(until, missing):
    assert [end for _, end in gaps({date(2024, 7, 31)}, RESISTANCE, until)] == missing


@pytest.mark.parametrize(
    ("today", "late"),
    [
        (date(2024, 3, 24), []),
        (date(2024, 4, 7), []),
        (date(2024, 4, 8), [date(2024, 3, 31)]),
        (date(2024, 4, 22), [date(2024, 3, 31), date(2024, 4, 7), date(2024, 4, 14)]),
        (date(2023, 1, 1), []),
    ],
)
def test_a_report_is_awaited_once_its_period_and_the_declared_days_have_passed(today, late):
    assert COMPSTAT.due_days == 7
    ends = {date(2024, 3, 24), date(2024, 3, 3)}
    assert [end for _, end in awaited(ends, COMPSTAT, today)] == late
    assert awaited(ends, structs.replace(COMPSTAT, due_days=None), today) == []
    assert awaited((), COMPSTAT, today) == []


def test_weeks_run_across_new_year_and_through_week_53():
    weeks = list(expected(date(2026, 12, 21), date(2027, 1, 10), COMPSTAT))
    assert [end for _, end in weeks] == [date(2026, 12, 27), date(2027, 1, 3), date(2027, 1, 10)]
    assert [iso_week(end) for _, end in weeks] == [(2026, 52), (2026, 53), (2027, 1)]
    assert [end for _, end in gaps({date(2026, 12, 27), date(2027, 1, 10)}, COMPSTAT)] == [date(2027, 1, 3)]


@given(day=st.dates(date(1990, 1, 1), date(2090, 1, 1)), rules=st.sampled_from([COMPSTAT, RESISTANCE]))
def test_periods_follow_each_other_without_a_hole(day, rules):
    start, end = period_of(day, rules)
    assert start <= day <= end
    assert period_of(end + timedelta(days=1), rules)[0] == end + timedelta(days=1)
    assert period_of(start, rules) == period_of(end, rules) == (start, end)


@given(first=st.dates(date(1990, 1, 1), date(2090, 1, 1)), days=st.integers(0, 900))
def test_every_day_is_in_an_expected_period(first, days):
    last = first + timedelta(days=days)
    spans = list(expected(first, last, COMPSTAT))
    assert spans[0][0] <= first
    assert spans[-1][0] <= last <= spans[-1][1]
    assert gaps([end for _, end in spans], COMPSTAT) == []


@given(end=st.dates(date(2001, 1, 1), date(2089, 1, 1)))
def test_each_week_is_read_from_its_own_name(end):
    start, end = period_of(end, COMPSTAT)
    for form in ("SAMPLE-compstat-{:%Y-%m-%d}.pdf", "SAMPLE Compstat {:%m.%d.%y}.pdf"):
        assert propose(form.format(end), "", COMPSTAT) == Period(start, end)
