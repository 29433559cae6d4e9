"""A header's order and spelling never matter; a missing or doubled column is said in staff's words."""

import pytest
from rows_kit import EMPTY_STATE, NOW, ROW, calls_feed, frame, library, one, places_of, plan_for, run, town

from ckanext.cpdi.declare.departments.cells import Flag
from ckanext.cpdi.rows import HeaderError, process
from ckanext.cpdi.rows.values.headers import map_headers

TABLE = library().dataset("calls-for-service").rows
NEEDED = ("Incident_Number", "Call_Datetime", "Problem", "Call_Disposition")
"""What identifies a row, and what decides its class."""


def test_case_blanks_and_underscores_of_a_header_do_not_matter():
    mapping = map_headers(TABLE, calls_feed(), ("INCIDENT NUMBER", "calldatetime", " Problem", "call disposition"))
    assert mapping.columns["incident_number"] == ("INCIDENT NUMBER",)
    assert mapping.columns["dispositions"] == ("call disposition",)


def test_the_order_of_columns_does_not_matter(profile):
    batch = frame([ROW])
    turned = batch.select(reversed(batch.columns))
    places = places_of(profile)
    results = [process(one, plan_for(profile, one), places, EMPTY_STATE, NOW).published for one in (batch, turned)]
    assert results[0].equals(results[1])


def test_extra_columns_are_listed_and_not_read(profile):
    batch = frame([{**ROW, "Officer_Name": "PLANTED"}])
    assert plan_for(profile, batch).ignored == ("Officer_Name",)
    published = run(profile, {**ROW, "Officer_Name": "PLANTED"}).published
    assert "PLANTED" not in published.write_csv()


@pytest.mark.parametrize("lost", NEEDED)
def test_a_missing_needed_column_is_named_with_the_names_it_was_looked_for(lost):
    with pytest.raises(HeaderError, match="add it to the headers"):
        map_headers(TABLE, calls_feed(), tuple(name for name in NEEDED if name != lost))


def test_a_doubled_column_is_refused_only_where_it_is_read():
    with pytest.raises(HeaderError, match="twice"):
        map_headers(TABLE, calls_feed(), (*NEEDED, "Call Datetime"))
    assert map_headers(TABLE, calls_feed(), (*NEEDED, "Note", "note")).ignored == ("Note", "note")


def test_of_two_columns_for_one_input_the_profiles_first_wins_and_the_other_fills_its_gaps(tmp_path):
    profile = town(tmp_path, calls_feed(headers={"priority": ("Rank", "Priority")}))
    assert one(profile, Rank="A")["priority"] == "A"
    assert one(profile, Rank="NULL")["priority"] == "2"


def test_a_column_that_decides_the_class_must_be_there(tmp_path):
    profile = town(tmp_path, calls_feed(flags=(Flag("dv_related", {"0": "open"}),)))
    with pytest.raises(HeaderError, match="dv_related"):
        run(profile, ROW)


def test_a_column_of_codes_without_a_list_is_refused(tmp_path):
    feed = calls_feed()
    profile = town(tmp_path, calls_feed(codes={"problem": feed.codes["problem"]}))
    with pytest.raises(HeaderError, match="judged"):
        run(profile, ROW)


def test_columns_that_the_feed_lacks_stay_empty(profile):
    row = {name: ROW[name] for name in NEEDED}
    published = run(profile, row).published.to_dicts()[0]
    assert published["closed_datetime"] is None
    assert published["location_precision"] == "none"


def test_a_header_that_the_profile_puts_away_is_not_found_by_its_usual_name(tmp_path):
    profile = town(tmp_path, calls_feed(ignored=("Closed", "disposition ", "X", "Y")))
    row = {name: cell for name, cell in ROW.items() if name not in ("Time_CallClosed", "LONGITUDE", "LATITUDE")}
    assert one(profile, **{**dict.fromkeys(set(ROW) - set(row)), "Closed": "Y", "X": "2283000", "Y": "365000"})
    mapping = map_headers(TABLE, calls_feed(ignored=("Closed",)), (*NEEDED, "Closed", "Close_Time"))
    assert mapping.columns["closed_datetime"] == ("Close_Time",)
    assert mapping.ignored == ("Closed",)


def test_a_column_of_codes_that_is_put_away_needs_no_list(tmp_path):
    feed = calls_feed(ignored=("Disposition",))
    codes = {"problem": feed.codes["problem"]}
    mapping = map_headers(TABLE, calls_feed(codes=codes, ignored=("Disposition",)), (*NEEDED[:3], "Disposition"))
    assert "dispositions" not in mapping.columns


def test_the_names_of_a_profile_take_the_place_of_the_usual_ones():
    feed = calls_feed(headers={"x": ("LON",), "y": ("LAT",)})
    mapping = map_headers(TABLE, feed, (*NEEDED, "LON", "LAT", "X", "Y"))
    assert (mapping.columns["x"], mapping.columns["y"]) == (("LON",), ("LAT",))
    assert mapping.ignored == ("X", "Y")
