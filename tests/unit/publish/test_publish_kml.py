"""KML: well-formed whatever the rows hold, and no finer in time than the rows say."""

from xml.etree import ElementTree

import pytest

from ckanext.cpdi.publish.formats.kml import Kml

KML = "{http://www.opengis.net/kml/2.2}"


def read(part):
    return ElementTree.fromstring(b"".join(Kml().stream(part)))


def values(placemark):
    return {one.get("name"): one.text for one in placemark.iter(f"{KML}SimpleData")}


def test_an_empty_table_is_a_document_with_its_fields(part_of, calls):
    root = read(part_of())
    assert [one.get("name") for one in root.iter(f"{KML}SimpleField")] == [field.name for field in calls.rows.fields]
    assert not list(root.iter(f"{KML}Placemark"))


def test_the_notice_of_the_law_stands_in_the_document(part_of):
    assert "No commercial solicitation." in read(part_of()).find(f"{KML}Document/{KML}description").text


@pytest.mark.parametrize("text", ["<script>alert(1)</script>", "]]> & &amp; \"'", "Señor 🚓", "two\nlines"])
def test_hostile_text_comes_out_as_it_went_in(part_of, text):
    (placemark,) = read(part_of({"problem": text})).iter(f"{KML}Placemark")
    assert values(placemark)["problem"] == text
    assert placemark.find(f"{KML}name").text == text


def test_characters_that_xml_cannot_hold_are_left_out(part_of):
    (placemark,) = read(part_of({"problem": "a\x00b\x1bc\ufffed"})).iter(f"{KML}Placemark")
    assert values(placemark)["problem"] == "abcd"


def test_null_is_left_out_and_booleans_are_digits(part_of):
    (placemark,) = read(part_of({"counts_as_event": True, "call_category": "Traffic"})).iter(f"{KML}Placemark")
    assert values(placemark) == {
        "incident_number": "N0",
        "call_datetime": "2024-05-01T08:00:00-04:00",
        "counts_as_event": "1",
        "call_category": "Traffic",
    }


@pytest.mark.parametrize(
    ("precision", "when"),
    [
        ("minute", "2024-05-01T08:00:00-04:00"),
        ("hour", "2024-05-01T08:00:00-04:00"),
        ("date", "2024-05-01"),
        ("month", "2024-05"),
        (None, "2024-05-01T08:00:00-04:00"),
    ],
)
def test_a_time_stamp_is_no_finer_than_the_row(part_of, precision, when):
    (placemark,) = read(part_of({"time_precision": precision})).iter(f"{KML}Placemark")
    assert placemark.find(f"{KML}TimeStamp/{KML}when").text == when


def test_only_rows_with_a_place_have_a_point(part_of):
    placed, placeless = read(part_of({"latitude": 32.78, "longitude": -79.93}, {})).iter(f"{KML}Placemark")
    assert placed.find(f"{KML}Point/{KML}coordinates").text == "-79.93,32.78"
    assert placeless.find(f"{KML}Point") is None


def test_a_row_without_a_problem_is_called_by_its_category_or_its_key(part_of):
    grouped, bare = read(part_of({"call_category": "Domestic"}, {})).iter(f"{KML}Placemark")
    assert grouped.find(f"{KML}name").text == "Domestic"
    assert bare.find(f"{KML}name").text == "N1"
