"""The status page adds up, and its counts of withheld rows give nobody away."""

import dataclasses
import re
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from ckanext.cpdi.declare import Text
from ckanext.cpdi.site import privacy
from ckanext.cpdi.site.runs import reasons, status
from ckanext.cpdi.site.runs.ledger import ClassRows, Ledger, Reason

NOW = datetime(2026, 11, 24, 15, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("rows", "shown"), [(0, "< 10"), (1, "< 10"), (9, "< 10"), (10, "10"), (15, "20"), (1214, "1,210")]
)
def test_withheld_rows_are_rounded_to_tens_and_a_few_look_like_none(rows, shown):
    assert status.about(rows, "en") == shown


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.integers(1, 10**6), st.integers(0, 10**4), st.integers(0, 10**4))
def test_the_read_rows_that_are_shown_tell_no_more_than_the_rounded_ones(
    run, profile, published, withheld, quarantined
):
    read = published + withheld + quarantined
    counts = {"read": read, "published": published, "withheld": withheld, "quarantined": quarantined}
    line = status.run_line(dataclasses.replace(run, **counts), profile, "en")
    told = (line.read, line.published, line.withheld, line.quarantined)
    shown = [0 if one == "< 10" else int(one.replace(",", "")) for one in told]
    assert shown[0] == shown[1] + shown[2] + shown[3]
    assert shown[2] % 10 == shown[3] % 10 == 0


@pytest.mark.parametrize(
    "reason",
    [
        Reason("withheld", "withheld_class", 1),
        Reason("withheld", "unmapped_value", 9),
        Reason("quarantined", "time_unreadable", 1),
        Reason("withheld", "voided", 1),
    ],
)
def test_the_first_rows_of_a_reason_or_a_class_change_nothing_that_everybody_sees(run, profile, reason):
    before = dataclasses.replace(run, withheld=40, quarantined=40, reasons=(), classes=(ClassRows("open", 1234),))
    after = dataclasses.replace(before, reasons=(reason,), classes=(ClassRows("open", 1234), ClassRows("withheld", 1)))
    own = {"voided": Text("It was voided")}
    assert status.run_line(after, profile, "en", own) == status.run_line(before, profile, "en", own)


@pytest.mark.parametrize("state", ["failed", "held", "running"])
def test_a_run_that_published_nothing_shows_no_counts(run, profile, state):
    line = status.run_line(dataclasses.replace(run, state=state), profile, "en")
    assert (line.read, line.published, line.reasons, line.classes) == ("", "", (), ())


def test_reasons_of_withheld_rows_are_rounded_too(run, profile):
    line = status.run_line(run, profile, "en")
    assert [(one.outcome, one.rows) for one in line.reasons] == [("withheld", "< 10"), ("quarantined", "< 10")]
    many = dataclasses.replace(run, reasons=(Reason("withheld", "waiting", 123), Reason("withheld", "no_class", 4)))
    assert [(one.text[:8], one.rows) for one in status.run_line(many, profile, "en").reasons] == [
        ("It waits", "120"),
        ("Other re", "< 10"),
        ("Other re", "< 10"),
    ]


def test_a_reason_that_nobody_put_into_words_is_still_readable(run, profile):
    odd = dataclasses.replace(run, reasons=(Reason("quarantined", "moon_phase_wrong", 11),))
    assert status.run_line(odd, profile, "en").reasons[1].text == "Moon phase wrong"


def test_gaps_and_breaks_of_the_profile_are_shown_before_the_first_run(library, profile):
    found = status.describe(library.dataset("calls-for-service"), Ledger(), profile, "en", NOW, 30)
    assert found.summary == "No run yet"
    assert [one.when for one in (*found.gaps, *found.breaks)] == ["23 Mar 2013 to 31 Dec 2014", "Since 1 Jan 2018"]


@pytest.mark.parametrize(("hours", "late"), [(29, ""), (31, "Late: no good run since 24 Nov 2026, 3:12 AM")])
def test_a_night_that_did_not_come_is_late(library, profile, ledger, hours, late):
    now = datetime(2026, 11, 24, 8, 12, tzinfo=UTC) + timedelta(hours=hours)
    found = status.describe(library.dataset("calls-for-service"), ledger, profile, "en", now, 30)
    assert found.late.replace("\u202f", " ") == late


def test_a_table_filled_by_a_synthetic_feed_makes_the_portal_say_so(ledger, run):
    assert ledger.sample
    real = dataclasses.replace(run, feed_label="cad-export.csv")
    real_runs = dataclasses.replace(ledger, runs={"calls-for-service": (real,)})
    assert not real_runs.sample
    assert dataclasses.replace(real_runs, marked=frozenset({"calls-for-service"})).sample


def test_the_privacy_table_has_each_class_in_words(profile):
    lines = {line.title: line for line in privacy.lines(profile, "en")}
    assert list(lines) == [one.title.en for one in profile.classes]
    assert (lines["Open"].time, lines["Open"].wait) == ("to the minute", "once closed")
    assert (lines["Sensitive"].place, lines["Sensitive"].wait) == (
        "not shown",
        "on the first of a month, when all rows of its month are due (3 days after closing)",
    )
    assert lines["Residential"].place == "block or area of 8 or more addresses"
    assert lines["Withheld"].wait == "counted only"


def test_rows_by_class_are_rounded_and_stand_from_the_mildest_to_the_strictest(run, profile):
    found = (ClassRows("withheld", 3), ClassRows("open", 1234))
    assert status.run_line(dataclasses.replace(run, classes=found), profile, "en").classes == (
        ("Open", "1,230"),
        *((one.title.en, "< 10") for one in profile.classes if one.name != "open"),
    )


def test_every_reason_that_the_rules_give_is_in_plain_words():
    rows = Path(__file__).parents[3] / "ckanext" / "cpdi" / "rows"
    given_reasons = {
        reason
        for path in rows.rglob("*.py")
        for reason in re.findall(r'\.(?:quarantine|withhold)\(.*"([a-z]+_[a-z_]+)"(?:, |\))', path.read_text())
    }
    assert {"key_missing", "unmapped_value", "withheld_class"} <= given_reasons
    assert {one for one in given_reasons if reasons.text(one, "en") == one.replace("_", " ").capitalize()} == set()
    assert {one for one in given_reasons if reasons.text(one, "es") == reasons.text(one, "en")} == set()
