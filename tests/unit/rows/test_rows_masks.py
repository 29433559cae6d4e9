"""What each set of classes lets show: every class, every mask."""

from datetime import UTC, datetime, timedelta
from itertools import combinations

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from rows_kit import NOW, PROBLEMS, ROW, calls_feed, classes, library, one, reason, run, town

from ckanext.cpdi.declare.departments.cells import Flag
from ckanext.cpdi.declare.tables.privacy import TIMES
from ckanext.cpdi.rows.values.levels import LevelTable

TABLE = library().dataset("calls-for-service").rows
SHOWN = [name for name in PROBLEMS.values() if name != "withheld"]
PROBLEM_OF = {name: problem for problem, name in PROBLEMS.items()}
FLOORS = {
    "minute": datetime(2026, 1, 10, 18, 37, tzinfo=UTC),
    "hour": datetime(2026, 1, 10, 18, tzinfo=UTC),
    "date": datetime(2026, 1, 10, 5, tzinfo=UTC),
    "month": datetime(2026, 1, 1, 5, tzinfo=UTC),
}


def everything(tmp_path):
    """A profile whose feed can put a row into any set of classes, through a flag for each class."""
    flags = tuple(Flag(f"is_{name}", {"0": "open", "1": name}) for name in classes().bits)
    return town(tmp_path, calls_feed(flags=flags))


@pytest.fixture(scope="module")
def mixed(tmp_path_factory):
    return everything(tmp_path_factory.mktemp("mixed"))


def in_classes(mixed, names):
    return run(
        mixed,
        {**ROW, **{f"is_{name}": "1" if name in names else "0" for name in classes().bits}},
        now=NOW + timedelta(days=30),
    )


EMPTY = ("data_flags", "first_dispatch", "call_source_basis")
"""Fields that the usual row of some class leaves empty."""


@pytest.mark.parametrize("name", SHOWN)
@pytest.mark.parametrize("mask", ["public", "key", "time", "exact", "type", "place"])
def test_every_class_through_every_mask(profile, name, mask):
    levels = classes().levels(classes().bit(name))
    row = one(profile, Problem=PROBLEM_OF[name], Call_Disposition="LA_Arrest Made")
    for field in TABLE.fields:
        if field.mask == mask and field.name not in EMPTY:
            CHECKS[mask](field.name, row[field.name], levels)


def _public(name, value, levels):
    expected = {
        "time_precision": levels.time,
        "location_precision": {"unit": "block", "team": "area", "none": "none"}[levels.place],
    }
    if name in expected:
        assert value == expected[name]
    elif name == "call_category":
        assert value == "Things"


def _key(_name, value, levels):
    assert (value == ROW["Incident_Number"]) == (levels.time == "minute")
    assert levels.time == "minute" or (value[0] == "K" and len(value) == 17)


def _time(_name, value, levels):
    assert value == FLOORS[levels.time]


def _exact(name, value, levels):
    assert (value is None) == (levels.time != "minute"), name


def _type(name, value, levels):
    assert (value is None) == (levels.kind != "fed"), name


def _place(name, value, levels):
    hidden = levels.place == "none" or (levels.place == "team" and name != "team")
    assert (value is None) == hidden, name


CHECKS = {"public": _public, "key": _key, "time": _time, "exact": _exact, "type": _type, "place": _place}


@pytest.mark.parametrize("cell", ["1", "0", "", "yes"])
def test_a_flag_whose_values_nobody_judged_withholds_every_row(tmp_path, cell):
    profile = town(tmp_path, calls_feed(flags=(Flag("dv", {}),)))
    assert reason(profile, dv=cell) == ("withheld", "unmapped_value", "dv")


def test_withheld_rows_are_counted_and_nothing_else(profile):
    assert reason(profile, Problem="Juvenile Record") == ("withheld", "withheld_class", "")
    assert run(profile, {**ROW, "Problem": "Juvenile Record"}).classes == {"withheld": 1}


@pytest.mark.parametrize("pair", list(combinations(SHOWN, 2)))
def test_two_classes_show_no_more_than_either(mixed, pair):
    row = in_classes(mixed, pair).published.to_dicts()[0]
    each = [classes().levels(classes().bit(name)) for name in pair]
    assert row["time_precision"] == max((one.time for one in each), key=TIMES.index)
    if any(one.place == "none" for one in each):
        assert (row["team"], row["location_precision"]) == (None, "none")
    if any(one.kind == "group" for one in each):
        assert row["problem"] is None


@given(names=st.sets(st.sampled_from([*classes().bits])))
@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_every_set_of_classes_has_the_joined_levels(mixed, names):
    outcome = in_classes(mixed, names)
    levels = classes().levels(classes().union({"open", *names}))
    assert outcome.published.height == (0 if levels.withheld else 1)
    if not levels.withheld:
        row = outcome.published.to_dicts()[0]
        assert row["time_precision"] == levels.time
        assert (row["problem"] is None) == (levels.kind != "fed")
        assert (row["latitude"] is None) == (levels.place != "unit")


def test_the_table_of_levels_is_that_of_the_declarations():
    table = LevelTable(classes())
    for mask in range(1 << len(classes().all)):
        levels = classes().levels(mask)
        assert TIMES[table.time[mask]] == levels.time
        assert bool(table.withheld[mask]) == levels.withheld


def test_an_empty_set_of_classes_is_withheld():
    assert LevelTable(classes()).withheld[0]


def test_nothing_raw_shows_of_a_coarse_row(profile):
    planted = {
        "Incident_Number": "PLANTED-KEY",
        "Address": "1234 Quillfen St",
        "LONGITUDE": "-80.050123",
        "LATITUDE": "32.751234",
        "Reported_Team": "PLANTED-TEAM",
    }
    for name in ("residential", "sensitive", "operational", "minor"):
        text = run(profile, {**ROW, **planted, "Problem": PROBLEM_OF[name]}).published.write_csv()
        assert "PLANTED" not in text
        assert "1234" not in text
        assert "050123" not in text
        assert "751234" not in text
        assert "13:37:42" not in text
        assert "37:42" not in text


def test_times_are_coarsened_on_the_departments_clock(profile):
    # Half past eleven in the evening of January 31st in the department is February in UTC.
    row = one(
        profile, Call_Datetime="2026-01-31T23:30:00", Problem="Domestic Dispute", Time_CallClosed="2026-02-01T00:10:00"
    )
    assert row["call_datetime"] == datetime(2026, 1, 1, 5, tzinfo=UTC)


def test_a_month_after_a_clock_change_begins_at_its_own_midnight(profile):
    row = one(
        profile, Call_Datetime="2025-11-20T10:00:00", Problem="Domestic Dispute", Time_CallClosed="2025-11-20T11:00:00"
    )
    assert row["call_datetime"] == datetime(2025, 11, 1, 4, tzinfo=UTC)
