"""What looks like a person's number is shown nowhere; what a department's own pattern pins is a record number."""

import re

import polars as pl
import pytest
from msgspec import structs
from rows_kit import ROW, calls_feed, library, one, town

from ckanext.cpdi.declare import DeclarationError, tailored
from ckanext.cpdi.declare.number import RECORD_NUMBER, STAND_IN
from ckanext.cpdi.declare.tables.field import check_pattern
from ckanext.cpdi.rows.masking.personal import personal

PHONES = ["843-555-0100", "(843) 555-0100", "843.555.0100", "1-843-555-0100", "843-5550100", "A843-555-0100"]
SSNS = ["219-09-9999", "219.09.9999", "219 09 9999", "SSN219-09-9999"]
DATES = ["03/12/1985", "3-12-1985", "1985-03-12", "12-03-1985", "25.12.1985", "12MAR1985", "12-Mar-85", "Mar 12, 1985"]
NAMED = ["DOE-03-12-1985", "DOE 1985-03-12", "J.DOE.3.12.1985"]
BARE = ["8435550100", "18435550100", "555-0100", "03/12/1985-1", "1985.3.12/1", "843555-0100", "219099999", "19850312"]
BARE += ["03121985", "3-12-85", "3/12/85", "03/12/85", "11.28.85"]
BARE_NAMED = ["DOE19850312", "DOE-03121985", "DOE031285", "031285-DOE", "JD8435550100"]
ANYTHING = ".*"


def refused(text, pattern):
    return bool(personal(pl.Series([text]), pattern)[0])


@pytest.mark.parametrize("text", [*PHONES, *SSNS, *DATES, *NAMED])
@pytest.mark.parametrize("pattern", [RECORD_NUMBER, ANYTHING])
def test_a_phone_an_ssn_or_a_date_is_shown_whatever_the_pattern_says(text, pattern):
    assert refused(text, pattern)
    assert refused(text, re.escape(text))


@pytest.mark.parametrize("text", [*BARE, *BARE_NAMED])
def test_bare_digits_that_may_be_a_persons_are_refused_by_a_pattern_that_takes_anybodys(text):
    assert refused(text, RECORD_NUMBER)
    assert refused(text, ANYTHING)
    assert refused(text, re.sub("[A-Z]", "[A-Z]", re.sub("[0-9]", "[0-9]", text)))


@pytest.mark.parametrize(
    ("number", "pattern"),
    [
        ("20261124-7", "20[0-9]{6}-[0-9]{1,3}"),
        ("20261124", "20[0-9]{6}"),
        ("2026000123", "20[0-9]{8}"),
        ("202600123", "20[0-9]{7}"),
        ("2026-11-24-0012", "20[0-9]{2}-[0-9]{2}-[0-9]{2}-[0-9]{4}"),
        ("CPD031285", "CPD[0-9]{6}"),
        ("CPD-20261124", "CPD-[0-9]{8}"),
        ("12-03-26", "1[2-9]-[0-9]{2}-2[0-9]"),
    ],
)
def test_a_number_that_only_the_departments_own_pattern_pins_is_shown_with_it(number, pattern):
    assert refused(number, RECORD_NUMBER)
    assert not refused(number, pattern)


@pytest.mark.parametrize(
    "number",
    ["26-000001", "26-031285", "2026-11-000123", "SAMPLE-2026-0000123", "22BU031285", "E-0001", "CAD2026/0017A", "17"],
)
def test_a_usual_record_number_needs_no_pattern_of_its_own(number):
    assert re.fullmatch(RECORD_NUMBER, number)
    assert not refused(number, RECORD_NUMBER)


@pytest.mark.parametrize("statute", ["56-05-1520", "56-1-20", "16-17-530", "5.12", "21-110 (a)(3)", "40A-1", "545.351"])
def test_a_statute_looks_like_nobodys_number(statute):
    field = library().dataset("electronic-citations").rows.field("statute")
    assert not refused(statute, field.constraints.pattern)


@pytest.mark.parametrize("typed", [*PHONES, *SSNS, *DATES, *NAMED, *BARE, *BARE_NAMED, "KRISTOPHERJOHNSON"])
def test_in_place_of_a_persons_number_there_is_a_stand_in_and_a_flag(profile, typed):
    """A name of seventeen letters that begins with K has the form of a stand-in, and is none."""
    row = one(profile, Incident_Number=typed)
    assert re.fullmatch(STAND_IN, row["incident_number"])
    assert row["incident_number"] != typed
    assert row["data_flags"] == "unknown_value"


def test_the_departments_own_pattern_decides_and_narrows(tmp_path):
    own = town(tmp_path, calls_feed(patterns={"incident_number": "20[0-9]{6}-[0-9]{1,3}"}))
    assert one(own, Incident_Number="20261124-7")["incident_number"] == "20261124-7"
    assert one(own, Incident_Number="26-000017")["incident_number"].startswith("K")


def test_a_pattern_of_what_is_no_text_of_the_feed_is_refused():
    dataset = library().dataset("calls-for-service")
    with pytest.raises(DeclarationError, match="incident_nummer: no text that the feed brings"):
        tailored(dataset, calls_feed(patterns={"incident_nummer": "[0-9]+"}))
    with pytest.raises(DeclarationError, match="problem"):
        tailored(dataset, calls_feed(patterns={"problem": "[A-Z]+"}))


@pytest.mark.parametrize("pattern", ["[0-9", "(?=a)b", "(?<!a)b", r"(a)\1"])
def test_a_pattern_that_cannot_be_used_is_refused_where_it_is_declared(pattern):
    with pytest.raises(ValueError, match="patterns: incident_number"):
        calls_feed(patterns={"incident_number": pattern})
    with pytest.raises(ValueError, match=r"regular expression|looks around"):
        check_pattern(pattern)


def test_words_of_the_department_are_published_once_the_profile_lists_them(tmp_path):
    listed = town(tmp_path, calls_feed(values={"priority": {"High": "High", "Non-Emergency": "Low", "1": "1"}}))
    for cell, shown in (("High", "High"), ("Non-Emergency", "Low"), ("1", "1"), ("Doe", None), ("2", None)):
        assert one(listed, Priority=cell)["priority"] == shown, cell
    assert one(town(tmp_path), Priority="High")["priority"] is None


def test_the_constraints_are_those_of_the_department(tmp_path):
    feed = calls_feed(values={"priority": {"High": "High"}}, patterns={"incident_number": "[0-9]{2}-[0-9]{6}"})
    found = tailored(library().dataset("calls-for-service"), feed).rows
    assert found.field("priority").constraints.enum == ("High",)
    assert found.field("priority").constraints.pattern is None
    assert found.field("incident_number").constraints.pattern == "[0-9]{2}-[0-9]{6}"
    citations = tailored(
        library().dataset("electronic-citations"), calls_feed(values={"subject_race": {"H": "hispanic", "W": "white"}})
    ).rows
    assert {"hispanic", "white", "black"} <= set(citations.field("subject_race").constraints.enum or ())
    assert citations.field("citation_key").constraints.pattern == RECORD_NUMBER
    assert structs.replace(feed, patterns={}).patterns == {}
    assert ROW["Incident_Number"] == "26-000017"
