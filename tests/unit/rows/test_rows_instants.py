"""Instants: every way of writing them, both clock changes, and dates that cannot be."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import numpy as np
import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st
from rows_kit import NOW, calls_feed, one, reason, town

from ckanext.cpdi.declare.departments.cells import Times
from ckanext.cpdi.rows.values.instants import read_instants
from ckanext.cpdi.rows.values.zone import MISSING, micros, zone_of

ZONE = "America/New_York"


def read(text, reading="local", formats=(), days=False):
    times = Times(reading=reading, formats=formats, days=days)
    return read_instants(pl.Series([text], dtype=pl.String), times, zone_of(ZONE))


def instant(text, reading="local", formats=()):
    utc = int(read(text, reading, formats).utc[0])
    return None if utc == MISSING else datetime.fromtimestamp(utc / 1e6, tz=UTC)


@pytest.mark.parametrize(
    "text",
    [
        "2026-01-10T13:37:42",
        "2026-01-10 13:37:42",
        "2026-01-10T13:37:42.000",
        "01/10/2026 13:37:42",
        "1/10/2026 1:37:42 PM",
        "2026/01/10 13:37:42",
        "2026-01-10T18:37:42Z",
        "2026-01-10T18:37:42+00:00",
        "2026-01-10T13:37:42-05:00",
        "2026-01-10 13:37:42-0500",
        "2026/01/10 18:37:42+00",
        "1768070262000",
        "1768070262",
    ],
)
def test_one_instant_in_all_its_spellings(text):
    assert instant(text) == datetime(2026, 1, 10, 18, 37, 42, tzinfo=UTC)


def test_a_feed_in_utc_is_read_as_utc():
    assert instant("2026-01-10T18:37:42", "utc") == datetime(2026, 1, 10, 18, 37, 42, tzinfo=UTC)
    assert instant("1768070262000", "utc") == datetime(2026, 1, 10, 18, 37, 42, tzinfo=UTC)


def test_local_time_stamped_as_utc_is_repaired():
    # What the file calls 20:08:55-05:00 is, in UTC, the wall time of the call: eight minutes past one.
    found = instant("2021-12-31T20:08:55-05:00", "utc_is_local")
    assert found.astimezone(ZoneInfo(ZONE)).isoformat() == "2022-01-01T01:08:55-05:00"


def test_the_profiles_formats_come_first():
    assert instant("02/03/2026 10:00", formats=("%d/%m/%Y %H:%M",)).month == 3
    assert instant("02/03/2026 10:00").month == 2


def test_a_day_without_a_time_is_a_day_of_the_department_whatever_its_times_are():
    for reading in ("local", "utc", "utc_is_local"):
        found = read("2026-01-10", reading)
        assert found.dated[0]
        assert int(found.utc[0]) == micros(datetime(2026, 1, 10, 5, tzinfo=UTC))


@pytest.mark.parametrize("text", ["infinity", "20260-01-01T00:00:00", "02/30/2026 10:00:00", "yesterday", "NaN", "--"])
def test_what_is_no_instant_is_unreadable(text):
    assert read(text).unreadable[0]


def test_an_hour_that_happens_twice_is_its_first_occurrence_and_flagged():
    found = read("2025-11-02T01:30:00")
    assert found.repeated[0]
    assert not found.skipped[0]
    assert int(found.utc[0]) == micros(datetime(2025, 11, 2, 5, 30, tzinfo=UTC))


def test_an_offset_says_which_occurrence_is_meant():
    first, second = read("2025-11-02T01:30:00-04:00"), read("2025-11-02T01:30:00-05:00")
    assert int(second.utc[0]) - int(first.utc[0]) == 3_600_000_000
    assert not first.repeated[0]


def test_an_hour_that_never_happens_moves_on_by_the_gap_and_is_flagged():
    found = read("2026-03-08T02:30:00")
    assert found.skipped[0]
    assert datetime.fromtimestamp(found.utc[0] / 1e6, tz=ZoneInfo(ZONE)).isoformat() == "2026-03-08T03:30:00-04:00"


@pytest.mark.parametrize(
    "text", ["2025-11-02T00:59:59", "2025-11-02T02:00:00", "2026-03-08T01:59:59", "2026-03-08T03:00:00"]
)
def test_the_hours_beside_a_clock_change_are_plain(text):
    found = read(text)
    assert not found.repeated[0]
    assert not found.skipped[0]
    assert datetime.fromtimestamp(found.utc[0] / 1e6, tz=ZoneInfo(ZONE)).isoformat().startswith(text)


@given(
    st.datetimes(datetime(1971, 1, 1), datetime(2099, 12, 30)), st.sampled_from([ZONE, "Europe/Berlin", "Asia/Kolkata"])
)
def test_wall_time_becomes_what_the_standard_library_makes_of_it(wall, name):
    expected = wall.replace(tzinfo=ZoneInfo(name), fold=0).astimezone(UTC)
    found, _, _ = zone_of(name).to_utc(np.array([micros(wall.replace(tzinfo=UTC))]))
    assert int(found[0]) == micros(expected)


@given(st.datetimes(datetime(1971, 1, 1), datetime(2099, 12, 30)), st.sampled_from(["minute", "hour", "date", "month"]))
def test_a_floor_is_the_beginning_of_the_local_unit(moment, unit):
    zone = ZoneInfo(ZONE)
    utc = moment.replace(tzinfo=UTC)
    found = datetime.fromtimestamp(int(zone_of(ZONE).floor(np.array([micros(utc)]), unit)[0]) / 1e6, tz=zone)
    local = utc.astimezone(zone)
    kept = {"minute": 5, "hour": 4, "date": 3, "month": 2}[unit]
    assert found.timetuple()[:kept] == local.timetuple()[:kept]
    assert found <= local
    assert (found.second, found.microsecond) == (0, 0)


def test_a_bad_time_quarantines_the_row(profile):
    assert reason(profile, Call_Datetime="infinity") == ("quarantined", "time_unreadable", "call_datetime")
    assert reason(profile, Call_Datetime="20260-01-01T00:00:00")[1] == "time_unreadable"
    assert reason(profile, Call_Datetime="")[1] == "time_missing"
    assert reason(profile, Call_Datetime="1900-01-01T00:00:00")[1] == "time_implausible"
    assert reason(profile, Call_Datetime="9999-12-31T00:00:00")[1] == "time_in_future"
    assert reason(profile, Call_Datetime="2026-03-17T12:00:00", now=NOW)[1] == "time_in_future"


def test_a_bad_second_time_is_left_out_and_flagged(profile):
    row = one(profile, First_Arrival="soon", Last_Modified="9999-12-31T00:00:00")
    assert row["first_arrival"] is None
    assert row["last_modified"] is None
    assert row["data_flags"] == "implausible_time;unreadable_time"


def test_a_call_closed_before_it_was_opened_is_flagged(profile):
    assert one(profile, Time_CallClosed="2026-01-10T13:00:00")["data_flags"] == "closed_before_opened"


def test_clock_changes_are_flagged_on_the_row(profile):
    assert one(profile, Call_Datetime="2025-11-02T01:30:00")["data_flags"] == "ambiguous_hour;implausible_response"
    assert "nonexistent_hour" in one(profile, Call_Datetime="2025-03-09T02:30:00")["data_flags"]


def test_a_day_without_a_time_shows_a_date_and_nothing_exact(profile):
    row = one(profile, Call_Datetime="01/10/2026", Time_CallClosed="01/10/2026")
    assert row["time_precision"] == "date"
    assert row["call_datetime"] == datetime(2026, 1, 10, 5, tzinfo=UTC)
    assert row["incident_number"].startswith("K")
    assert (row["closed_datetime"], row["priority"], row["response_minutes"]) == (None, None, None)


def test_epochs_of_a_map_server_are_read(tmp_path):
    profile = town(tmp_path, calls_feed(times=Times(reading="utc")))
    row = one(profile, Call_Datetime="1768070262000", Time_CallClosed="1768071000000", First_Arrival=None)
    assert row["call_datetime"] == datetime(2026, 1, 10, 18, 37, tzinfo=UTC)


@pytest.mark.parametrize("text", ["05/01/2026 10:00:00", "05/01/2026", "2026-01-05 10:00", "2026-01-05T10:00:00Z"])
def test_what_is_in_none_of_the_declared_formats_is_not_read_by_another(text):
    found = read(text, formats=("%d/%m/%Y %H:%M",))
    assert found.unreadable[0]
    assert found.utc[0] == MISSING


def test_seconds_since_1970_are_read_beside_declared_formats_that_are_not_of_digits_alone():
    assert not read("1767225600000", formats=("%d/%m/%Y %H:%M",)).unreadable[0]
    assert read("20260105100000", formats=("%Y%m%d%H%M",)).unreadable[0]
    assert not read("202601051000", formats=("%Y%m%d%H%M",)).unreadable[0]


def test_an_offset_stands_where_a_declared_format_has_one():
    assert instant("02/03/2026 10:00 -05:00", formats=("%d/%m/%Y %H:%M %z",)).hour == 15


@pytest.mark.parametrize(
    ("text", "reading", "day"),
    [
        ("01/02/2026 12:00:00 AM", "local", 2),
        ("2026-01-03T00:00:00.000", "local", 3),
        ("2026-01-03T00:00:00-05:00", "local", 3),
        ("1767225600000", "utc", 1),
        ("1767225600000", "local", 1),
        ("1767225600000", "utc_is_local", 1),
    ],
)
def test_a_midnight_may_stand_for_a_day(text, reading, day):
    found = read(text, reading=reading, days=True)
    assert found.dated[0]
    assert datetime.fromtimestamp(int(found.utc[0]) / 1e6, ZoneInfo(ZONE)) == datetime(
        2026, 1, day, tzinfo=ZoneInfo(ZONE)
    )
    assert not read(text, reading=reading).dated[0]


def test_another_time_is_one_also_where_midnights_are_days():
    assert not read("2026-01-03T00:01:00", days=True).dated[0]
