"""Days and times of day as exports write them apart: R13 and R14 of what real files brought."""

from datetime import UTC, datetime

import polars as pl
import pytest
from rows_kit import calls_feed, one, reason, run, town

from ckanext.cpdi.declare.departments.cells import Times
from ckanext.cpdi.rows.errors import HeaderError
from ckanext.cpdi.rows.values.clocks import read_clocks
from ckanext.cpdi.rows.values.instants import read_instants
from ckanext.cpdi.rows.values.zone import MISSING, zone_of

NEW_YORK = "America/New_York"
SECONDS = 1_000_000
ROW = {"Incident_Number": "26-1", "Problem": "Traffic Stop", "Call_Disposition": "LA_Arrest Made"}


def clock(text, *, short=False):
    micros = int(read_clocks(pl.Series([text], dtype=pl.String), short=short)[0])
    if micros == MISSING:
        return None
    seconds = micros // SECONDS
    return f"{seconds // 3600:02}:{seconds // 60 % 60:02}:{seconds % 60:02}"


@pytest.mark.parametrize(
    ("text", "time"),
    [
        ("0207", "02:07:00"),
        ("207", "02:07:00"),
        ("020745", "02:07:45"),
        ("20745", "02:07:45"),
        ("0000", "00:00:00"),
        ("2400", "24:00:00"),
        ("14:30", "14:30:00"),
        ("14:30:59", "14:30:59"),
        ("14:30:59.997", "14:30:59"),
        ("2:30 PM", "14:30:00"),
        ("2:30:01 p.m.", "14:30:01"),
        ("12:05 AM", "00:05:00"),
        ("12:05pm", "12:05:00"),
        ("2 PM", "14:00:00"),
        ("0230PM", "14:30:00"),
        ("1430 hrs", "14:30:00"),
        ("14:30 h", "14:30:00"),
        ("1899-12-30T14:30:00", "14:30:00"),
        ("1899-12-30T14:30:00.000Z", "14:30:00"),
        ("12/30/1899 2:30:00 PM", "14:30:00"),
        ("1900-01-01 02:07:00", "02:07:00"),
        ("0.604166666667", "14:30:00"),
        (".5", "12:00:00"),
        # A wrong time is none, and never a neighbour.
        ("2401", None),
        ("1260", None),
        ("24:30", None),
        ("13:05 PM", None),
        ("0:05 AM", None),
        ("1.5", None),
        ("noon", None),
        ("12345678", None),
        ("-5", None),
        # Hours, or minutes whose zeros are lost?
        ("5", None),
        ("13", None),
    ],
)
def test_a_time_of_day_in_all_its_spellings(text, time):
    assert clock(text) == time


def test_short_clocks_are_minutes_where_the_profile_says_so():
    assert [clock(text, short=True) for text in ("5", "45", "207", "60")] == ["00:05:00", "00:45:00", "02:07:00", None]


def test_an_empty_time_of_day_is_none():
    assert read_clocks(pl.Series([None, ""], dtype=pl.String), short=False).tolist() == [MISSING, MISSING]


def feed(**times):
    return calls_feed(headers={"call_datetime": ("Date",)}, times=Times(**times))


def apart(tmp_path, date, time, **times):
    written = {"clocks": {"call_datetime": ("Time",)}, **times}
    return one_row(town(tmp_path, feed(**written)), {"Date": date, "Time": time})


def one_row(profile, cells):
    outcome = run(profile, {**ROW, **cells}, now=datetime(2026, 6, 1, tzinfo=UTC))
    if outcome.published.height:
        row = outcome.published.to_dicts()[0]
        local = outcome.published["call_datetime"].dt.convert_time_zone(NEW_YORK)[0]
        return local.strftime("%Y-%m-%d %H:%M"), row["time_precision"]
    return outcome.rejects["reason"][0]


@pytest.mark.parametrize(
    ("date", "time", "times", "published"),
    [
        ("4/1/17", "0207", {"formats": ("%m/%d/%y",)}, ("2017-04-01 02:07", "minute")),
        ("4/1/17", "14:30", {"formats": ("%m/%d/%y",)}, ("2017-04-01 14:30", "minute")),
        # The day comes with a midnight, or with another hour that means nothing.
        ("2017-04-01T00:00:00.000", "14:30", {}, ("2017-04-01 14:30", "minute")),
        ("2017-04-01 09:00", "14:30", {}, ("2017-04-01 14:30", "minute")),
        ("2017-04-01 00:00:00", "14:30", {"formats": ("%m/%d/%y", "%Y-%m-%d")}, ("2017-04-01 14:30", "minute")),
        ("4/1/17 12:00:00 AM", "14:30", {"formats": ("%m/%d/%y",)}, ("2017-04-01 14:30", "minute")),
        ("1491004800000", "0207", {}, ("2017-04-01 02:07", "minute")),
        ("1491019200000", "0207", {}, ("2017-04-01 02:07", "minute")),
        ("2017-04-01", "24:00", {}, ("2017-04-02 00:00", "minute")),
        ("2017-04-01", "", {}, ("2017-04-01 00:00", "date")),
        ("2017-04-01", "18:30", {"reading": "utc"}, ("2017-04-01 14:30", "minute")),
        ("2017-04-01", "noon", {}, "time_unreadable"),
        ("2017-04-31", "14:30", {}, "time_unreadable"),
        ("", "14:30", {}, "time_missing"),
    ],
)
def test_date_and_time_in_two_columns(tmp_path, date, time, times, published):
    assert apart(tmp_path, date, time, **times) == published


def test_the_hour_that_comes_twice_is_flagged_also_apart(tmp_path):
    profile = town(tmp_path, feed(clocks={"call_datetime": ("Time",)}))
    outcome = run(profile, {**ROW, "Date": "2025-11-02", "Time": "0130"}, now=datetime(2026, 6, 1, tzinfo=UTC))
    assert "ambiguous_hour" in outcome.published["data_flags"][0]


def test_a_feed_without_the_time_of_day_is_refused_by_name(tmp_path):
    profile = town(tmp_path, feed(clocks={"call_datetime": ("Time",)}))
    with pytest.raises(HeaderError, match="no column Time, which the department's profile names for the time of day"):
        run(profile, {**ROW, "Date": "2017-04-01"})


@pytest.mark.parametrize(
    ("text", "reading", "day"),
    [
        ("01/02/2026 12:00:00 AM", "local", "2026-01-02"),
        ("2026-01-03T00:00:00.000", "local", "2026-01-03"),
        ("2026-01-03T09:15:00", "local", "2026-01-03"),
        # Midnight of a day, told in UTC or by the department's clock: the day is meant.
        ("1767225600000", "local", "2026-01-01"),
        ("1767225600000", "utc", "2026-01-01"),
        ("1767243600000", "utc", "2026-01-01"),
        ("2026-01-03T00:00:00Z", "local", "2026-01-03"),
        ("2026-01-03T05:00:00Z", "local", "2026-01-03"),
        ("2026-01-03T05:00:00", "utc", "2026-01-03"),
        ("2026-01-03T00:00:00", "utc", "2026-01-03"),
        # Eight in the evening there: still the second.
        ("2026-01-03T01:00:00Z", "local", "2026-01-02"),
        ("2021-12-31T20:08:55-05:00", "utc_is_local", "2022-01-01"),
    ],
)
def test_a_column_of_days_is_days_whatever_hour_stands_in_it(text, reading, day):
    times = Times(reading=reading, dates=("call_datetime",))
    read = read_instants(pl.Series([text]), times, zone_of(NEW_YORK), is_day=True)
    local = datetime.fromtimestamp(int(read.utc[0]) / 1e6, tzinfo(NEW_YORK))
    assert (local.strftime("%Y-%m-%d %H:%M"), bool(read.dated[0])) == (f"{day} 00:00", True)


def test_a_day_stays_on_its_day_east_of_greenwich():
    # Midnight in Guam is 14:00 of the day before in UTC.
    read = read_instants(pl.Series(["2026-01-02T14:00:00Z"]), Times(), zone_of("Pacific/Guam"), is_day=True)
    assert datetime.fromtimestamp(int(read.utc[0]) / 1e6, tzinfo("Pacific/Guam")).day == 3


def tzinfo(name):
    from zoneinfo import ZoneInfo

    return ZoneInfo(name)


def test_midnights_of_a_column_of_days_show_no_minute(tmp_path):
    profile = town(tmp_path, calls_feed(times=Times(dates=("call_datetime",))))
    for text in ("01/10/2026 12:00:00 AM", "2026-01-10T13:37:42"):
        assert one(profile, Call_Datetime=text, Time_CallClosed="2026-01-10T14:01:00")["time_precision"] == "date"


def test_other_columns_have_their_own_days(tmp_path):
    profile = town(tmp_path, calls_feed(times=Times(dates=("last_modified",))))
    assert one(profile)["time_precision"] == "minute"
    assert reason(profile, Call_Datetime="soon")[1] == "time_unreadable"
