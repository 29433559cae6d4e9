"""Citations: age bands, minors, one key a stop, light before it is coarsened; every declared column resolves."""

from datetime import UTC, datetime, timedelta

import numpy as np
import polars as pl
import pytest
from helpers.examples import examples
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec import structs
from rows_kit import EMPTY_STATE, NOW, ROOT, frame, library, places_of, plan_for, town

from ckanext.cpdi.declare import Code, CodeList, Feed, read_profile
from ckanext.cpdi.declare.departments.cells import Codes
from ckanext.cpdi.rows import HeaderError, make_plan, process
from ckanext.cpdi.rows.derive.sun import CIVIL_TWILIGHT, SUNRISE, altitude
from ckanext.cpdi.rows.values.zone import micros

VIOLATIONS = ("Speeding", "Seat belt")
CITATIONS = library().dataset("electronic-citations")
ROW = {
    "Citation_Number": "E-0001",
    "ViolationDate": "01/10/2026 13:37",
    "Statute": "56-05-1520",
    "Violation": "Speeding",
    "Race": "W",
    "Sex": "M",
    "Age": "34",
    "Unit": "U-7",
    "Address": "1234 Quillfen St",
    "X": "-80.05",
    "Y": "32.75",
}


@pytest.fixture(scope="module")
def department(tmp_path_factory):
    values = {"subject_race": {"W": "white", "B": "black"}, "subject_sex": {"M": "male", "F": "female"}}
    feed = Feed(default_class="residential", values=values, codes={"violation": Codes(list="violations")})
    listed = (Code(value=one, meaning=one, category="things", privacy="residential") for one in VIOLATIONS)
    made = town(tmp_path_factory.mktemp("tickets"))
    lists = {**made.lists, "violations": CodeList("violations", tuple(listed))}
    return structs.replace(made, datasets={"electronic-citations": feed}, lists=lists)


def publish(department, *rows):
    batch = frame(rows)
    return process(batch, plan_for(department, batch, CITATIONS), places_of(department), EMPTY_STATE, NOW).published


def reasons(department, *rows):
    batch = frame(rows)
    outcome = process(batch, plan_for(department, batch, CITATIONS), places_of(department), EMPTY_STATE, NOW)
    assert outcome.rejects.filter(pl.col("outcome") != "withheld").is_empty()
    return outcome.rejects["reason"].to_list()


def one(department, **cells):
    return publish(department, {**ROW, **cells}).to_dicts()[0]


def test_every_declared_column_of_every_table_can_be_made():
    profile = read_profile(ROOT / "profiles" / "charleston.yaml", library().classes)
    for dataset in (table for table in library().tables if table.name in profile.datasets):
        written = profile.feed(dataset.name).headers
        headers = tuple((written.get(one.name) or one.headers)[0] for one in dataset.rows.read if one.headers)
        plan = make_plan(dataset, profile, b"k" * 32, headers)
        assert bool(plan.groups) == any(field.source for field in dataset.rows.fields)


def test_a_citation_shows_the_hour_the_block_and_a_stand_in(department):
    row = one(department)
    assert row["citation_key"].startswith("K")
    assert (row["time_precision"], row["block_address"]) == ("hour", "1200 block of Quillfen St")
    assert row["violation_date"] == datetime(2026, 1, 10, 18, tzinfo=UTC)
    assert (row["subject_race"], row["subject_sex"], row["subject_age_range"]) == ("white", "male", "25-34")


@pytest.mark.parametrize(
    ("age", "band"),
    [
        ("18", "18-24"),
        ("24", "18-24"),
        ("25", "25-34"),
        ("64", "55-64"),
        ("65", "65+"),
        ("120", "65+"),
        ("34.0", "25-34"),
    ],
)
def test_an_age_is_shown_as_a_band(department, age, band):
    assert one(department, Age=age)["subject_age_range"] == band


DEMOGRAPHICS = ("subject_race", "subject_ethnicity", "subject_sex", "subject_age_range")
MINORS = [
    *("17", "3", "0", "-1", "-34", "17.5", "17 1/2", "1,6", "１７", "１６", "seventeen"),
    *("Juv", "JUVENILE", "minor", "U18", "<18", "under 18", "16 yrs", "16Y", "M16", "16 y/o", "16-17"),
    *("N/A", "unknown", "?", "999", "121", "2010", "05/14/2010", "2010-05-14", "20100514", "1e9", "NaN", "inf"),
]
"""Every way to write an age that is under 18, or that says of nobody that he is 18."""


@pytest.mark.parametrize("age", MINORS)
def test_whoever_is_not_known_to_be_18_has_no_demographics_no_place_and_no_hour(department, age):
    row = one(department, Age=age, Ethnicity="hispanic")
    for name in (*DEMOGRAPHICS, "block_address", "team", "latitude", "encounter_key", "light_condition"):
        assert row[name] is None, name
    assert row["time_precision"] == "date"


@pytest.mark.parametrize("age", ["", " ", None, "-", "NULL"])
def test_where_no_age_stands_no_demographics_are_shown(department, age):
    """Nulls of the profile count as nothing: the citation shows its hour and its block, and nothing of the person."""
    feed = structs.replace(department.feed("electronic-citations"), nulls=("", "-", "NULL"))
    department = structs.replace(department, datasets={"electronic-citations": feed})
    row = one(department, Age=age, Ethnicity="hispanic")
    assert [row[name] for name in DEMOGRAPHICS] == [None] * 4
    assert (row["time_precision"], row["block_address"]) == ("hour", "1200 block of Quillfen St")


def in_the_open(department):
    """The department, if its citations showed their minute."""
    feed = structs.replace(department.feed("electronic-citations"), default_class="open")
    listed = (Code(value=name, meaning=name, category="things", privacy="open") for name in VIOLATIONS)
    lists = {**department.lists, "violations": CodeList("violations", tuple(listed))}
    return structs.replace(department, datasets={"electronic-citations": feed}, lists=lists)


def test_a_missing_age_is_flagged_where_flags_are_shown(department):
    department = in_the_open(department)
    assert one(department, Age="")["data_flags"] == "no_age"
    assert one(department)["data_flags"] is None


def test_a_feed_without_ages_shows_no_demographics(department):
    row = publish(department, {name: cell for name, cell in ROW.items() if name != "Age"}).to_dicts()[0]
    assert [row[name] for name in DEMOGRAPHICS] == [None] * 4


def test_an_age_in_the_departments_own_words_is_what_the_profile_says(department):
    values = {**department.feed("electronic-citations").values, "age": {"Adult": "34", "Child": "9"}}
    feed = structs.replace(department.feed("electronic-citations"), values=values)
    department = structs.replace(department, datasets={"electronic-citations": feed})
    assert one(department, Age="Adult")["subject_race"] == "white"
    assert one(department, Age="Child")["time_precision"] == "date"
    assert one(department, Age="Teen")["time_precision"] == "date"


def test_a_race_that_the_profile_does_not_name_is_left_out(department):
    assert one(department, Race="?")["subject_race"] is None


def test_citations_of_one_stop_share_a_key_and_others_do_not(department):
    rows = [
        ROW,
        {**ROW, "Citation_Number": "E-0002", "Violation": "Seat belt"},
        {**ROW, "Citation_Number": "E-0003", "Age": "51"},
        {**ROW, "Citation_Number": "E-0004", "ViolationDate": "01/10/2026 13:38"},
        {**ROW, "Citation_Number": "E-0005", "Unit": "U-8"},
        {**ROW, "Citation_Number": "E-0006", "ViolationDate": "01/10/2025 13:37"},
    ]
    keys = publish(department, *rows).sort("_line")["encounter_key"].to_list()
    assert keys[0] == keys[1]
    assert len(set(keys)) == 5
    assert all(len(key) == 17 and key[0] == "E" for key in keys)


def test_without_a_unit_or_a_time_of_day_no_stop_is_made_out(department):
    assert one(department, Unit="")["encounter_key"] is None
    assert one(department, ViolationDate="01/10/2026")["encounter_key"] is None


# Charleston, 10 January: first light at 6:54, sunrise at 7:22; the sun sets at 17:32, civil twilight ends at 17:59.
LIGHTS = [
    ("01/10/2026 13:37", "day", "day"),
    ("01/10/2026 16:59", "day", "day"),
    ("01/10/2026 06:50", "dark", None),
    ("01/10/2026 07:10", "twilight", None),
    ("01/10/2026 07:50", "day", None),
    ("01/10/2026 17:20", "day", None),
    ("01/10/2026 17:45", "twilight", None),
    ("01/10/2026 18:30", "dark", "dark"),
    ("01/10/2026 23:59", "dark", "dark"),
    ("01/10/2026", None, None),
]


@pytest.mark.parametrize(("moment", "minute", "hour"), LIGHTS)
def test_light_is_that_of_the_exact_time_and_says_no_more_of_it_than_is_shown(department, moment, minute, hour):
    """An hour in which the light changes has none: it would tell the part of the hour, to minutes at its edges."""
    assert one(department, ViolationDate=moment)["light_condition"] == hour
    assert one(in_the_open(department), ViolationDate=moment)["light_condition"] == minute


@given(minutes=st.integers(0, 366 * 24 * 60), latitude=st.sampled_from([19.6, 32.75, 44.5, 61.2, 71.3]))
@settings(max_examples=examples(80), deadline=None)
def test_whatever_the_minute_the_light_of_an_hour_is_one(minutes, latitude):
    """Two citations of one hour at one place never differ in their light, not even beyond the polar circle."""
    begin = micros(datetime(2026, 1, 1, tzinfo=UTC)) + minutes // 60 * 60 * 60_000_000
    every = np.array([begin + minute * 60_000_000 for minute in range(60)])
    heights = altitude(every, np.full(60, -80.05), np.full(60, latitude))
    lights = np.digitize(heights, [CIVIL_TWILIGHT, SUNRISE])
    ends = np.array([begin, begin + 30 * 60_000_000, begin + 60 * 60_000_000])
    seen = np.digitize(altitude(ends, np.full(3, -80.05), np.full(3, latitude)), [CIVIL_TWILIGHT, SUNRISE])
    if len(set(seen)) == 1:
        assert set(lights) == set(seen)


def test_light_without_a_point_is_that_of_the_department(department):
    batch = frame([{**ROW, "X": "", "Y": "", "Address": ""}])
    anywhere = structs.replace(CITATIONS, table=structs.replace(CITATIONS.rows, requires=()))
    outcome = process(batch, plan_for(department, batch, anywhere), places_of(department), EMPTY_STATE, NOW)
    assert outcome.published["light_condition"].to_list() == ["day"]


@pytest.mark.parametrize("point", [{"X": "", "Y": ""}, {"X": "0", "Y": "0"}, {"X": "NaN", "Y": "32.75"}])
def test_a_citation_that_does_not_geocode_is_withheld(department, point):
    assert reasons(department, {**ROW, **point}) == ["no_place"]


def test_what_geocodes_is_the_feeds_row_and_not_the_masked_one(department):
    """A minor's citation shows no place, an address without a unit shows the team only; both have a point."""
    rows = [{**ROW, "Age": "16"}, {**ROW, "Citation_Number": "E-0002", "Address": "1 Nowhere Rd"}]
    assert reasons(department, *rows) == []
    assert reasons(department, {**ROW, "Age": "16", "X": "", "Y": ""}) == ["no_place"]


@pytest.mark.parametrize(
    ("cell", "reason"),
    [
        ("Y", []),
        ("yes", []),
        ("1", []),
        ("N", ["not_electronic"]),
        ("", ["scope_unknown"]),
        ("E-cite", ["scope_unknown"]),
    ],
)
def test_only_electronic_citations_are_published_where_the_feed_tells(department, cell, reason):
    assert reasons(department, {**ROW, "Electronic": cell}) == reason


def test_a_feed_tells_paper_from_electronic_in_its_own_words(department):
    feed = structs.replace(
        department.feed("electronic-citations"),
        headers={"electronic": ("Citation_Type",)},
        values={"electronic": {"ETICKET": "yes", "HANDWRITTEN": "no"}},
    )
    department = structs.replace(department, datasets={"electronic-citations": feed})
    rows = [
        {**ROW, "Citation_Number": f"E-{kind}", "Citation_Type": kind} for kind in ("ETICKET", "HANDWRITTEN", "VERBAL")
    ]
    assert reasons(department, *rows) == ["not_electronic", "scope_unknown"]


def test_a_feed_without_that_column_is_taken_as_it_is_and_the_plan_says_so(department):
    batch = frame([ROW])
    assert [one.reason for one in plan_for(department, batch, CITATIONS).requires] == ["no_place"]
    batch = frame([{**ROW, "Electronic": "N", "X": ""}])
    assert [one.reason for one in plan_for(department, batch, CITATIONS).requires] == ["not_electronic", "no_place"]
    assert reasons(department, {**ROW, "Electronic": "N", "X": ""}) == ["not_electronic"]


def test_a_feed_without_coordinates_is_refused_rather_than_emptied(department):
    batch = frame([{name: cell for name, cell in ROW.items() if name != "X"}])
    with pytest.raises(HeaderError, match="no column for x"):
        plan_for(department, batch, CITATIONS)


@pytest.mark.parametrize("header", ["Citation_D", "ViolationDate", "ViolationD", "CITATION D"])
def test_the_date_has_had_a_header_for_each_age(header):
    """Charleston's files of the years; the first one that is not empty counts, row by row."""
    profile = read_profile(ROOT / "profiles" / "charleston.yaml", library().classes)
    row = {name: cell for name, cell in ROW.items() if name != "ViolationDate"}
    plan = plan_for(profile, frame([{**row, header: "01/10/2018 13:37"}]), CITATIONS)
    assert plan.mapping.columns["violation_date"] == (header,)


@pytest.mark.parametrize(
    ("place", "day", "rise", "set_"),
    [
        # Sunrise and sunset by the almanac, UTC.
        ((-79.93, 32.78), (2026, 6, 21), (10, 13), (0, 31)),
        ((-79.93, 32.78), (2026, 12, 21), (12, 18), (22, 18)),
        ((-73.21, 44.48), (2026, 3, 20), (10, 58), (23, 7)),
    ],
)
def test_the_sun_rises_and_sets_as_the_almanac_has_it(place, day, rise, set_):
    start = datetime(*day, 6, tzinfo=UTC)
    minutes = np.array([micros(start + timedelta(minutes=step)) for step in range(24 * 60)])
    up = altitude(minutes, np.full(1440, place[0]), np.full(1440, place[1])) > SUNRISE
    dawn = start + timedelta(minutes=int(np.argmax(up)))
    dusk = dawn + timedelta(minutes=int(np.argmin(up[np.argmax(up) :])))
    for found, (hour, minute) in ((dawn, rise), (dusk, set_)):
        gap = abs((found.hour * 60 + found.minute) - (hour * 60 + minute))
        assert min(gap, 1440 - gap) <= 3


def test_the_inputs_of_a_person_are_not_published(department):
    planted = {"Age": "37", "Unit": "PLANTED-UNIT", "Person_Key": "PLANTED-PERSON", "Citation_Number": "PLANTED-TICKET"}
    text = publish(department, {**ROW, **planted}).write_csv()
    assert "PLANTED" not in text
    assert ",37," not in text


def test_citations_have_no_closing_and_wait_a_day_and_until_midnight(department):
    batch = frame([{**ROW, "ViolationDate": "03/15/2026 07:00"}])
    outcome = process(batch, plan_for(department, batch, CITATIONS), places_of(department), EMPTY_STATE, NOW)
    assert outcome.rejects["reason"].to_list() == ["embargo"]
    assert outcome.next_due == datetime(2026, 3, 17, 4, tzinfo=UTC)
    assert pl.Series(outcome.published["_key"]).len() == 0


@pytest.mark.parametrize("typed", ["Speeding by John Q. Public", "SPEEDING", "speeding "])
def test_a_violation_that_the_profile_does_not_list_is_withheld(department, typed):
    expected = ["unmapped_value"] if typed.strip() != "Speeding" else []
    assert reasons(department, {**ROW, "Violation": typed}) == expected


@pytest.mark.parametrize("number", ["56-05-1520", "56-5-1520(G)", "16-17-530", "21-110 (a)(3)", "5.12", "40A-1"])
def test_a_statute_is_a_number(department, number):
    assert one(department, Statute=number)["statute"] == number


@pytest.mark.parametrize("typed", ["56-05-1520 John Q. Public", "Public, John", "843-555-0100", "56-05-1520\nDoe"])
def test_a_statute_that_somebody_wrote_something_else_into_is_left_out(department, typed):
    assert one(department, Statute=typed)["statute"] is None
