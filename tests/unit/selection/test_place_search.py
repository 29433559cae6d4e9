"""An address finds its block, whatever way it is written, in both languages; nothing is claimed that no label says."""

from __future__ import annotations

import pytest

from ckanext.cpdi.selection.place_search import PlaceSearch

LABELS = (
    "First block of King St",
    "100 block of King St",
    "1200 block of King St",
    "1200 block of King St",
    "300 to 500 blocks of N Ashby Ave",
    "300 block of Ashby Ave and nearby",
    "King St and Queen St",
    "Mercado Park",
    "Hwy 17",
    "100 block of 5th Ave",
    "100 block of O'Hear Ave",
    "St Philip St",
    None,
)
PLACES = [
    {"place_id": f"p{number}", "label": label, "valid_to": None} for number, label in enumerate(LABELS)
] + [{"place_id": "old", "label": "1200 block of King St", "valid_to": "2026-01-01"}]  # fmt: skip
SEARCH = PlaceSearch(PLACES, 100)


def found(text):
    return [(one.place["place_id"], one.match) for one in SEARCH.find(text)]


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("120 King St", [("p1", "block")]),
        ("120 king street, Larkhaven, SC 29401", [("p1", "block")]),
        ("120 King St Apt 3", [("p1", "block")]),
        ("120 King St # 3", [("p1", "block")]),
        ("calle King 120", [("p1", "block")]),
        ("cuadra 100 de la calle King", [("p1", "block")]),
        ("100 block of king", [("p1", "block")]),
        ("7 King St.", [("p0", "block")]),
        ("1234 Kign St", [("p2", "block"), ("p3", "block")]),
        ("410 North Ashby Avenue", [("p4", "block")]),
        ("410 avenida Ashby Norte", [("p4", "block")]),
        ("350 ashby", [("p5", "block"), ("p4", "block")]),
        ("300 to 500 blocks of N Ashby Ave", [("p4", "block")]),
        ("120 5th ave", [("p9", "block")]),
        ("120 OHear", [("p10", "block")]),
        ("120 o’hear av", [("p10", "block")]),
        ("900 N Ashby Ave", [("p4", "street")]),
        ("king & queen", [("p6", "place")]),
        ("esquina de Queen y King", [("p6", "place")]),
        ("parque mercado", [("p7", "place")]),
        ("merc", [("p7", "place")]),
        ("hwy 17", [("p8", "place")]),
        ("Saint Philip", [("p11", "place")]),
        ("900 nowhere st", []),
        ("12", []),
        ("of the", []),
        ("%", []),
    ],
)
def test_what_is_typed_finds_its_place(text, wanted):
    assert found(text) == wanted


def test_a_number_that_no_label_names_gets_the_nearest_blocks_and_is_said_to_be_none_of_them():
    nearest = found("800 king st")
    assert [match for _, match in nearest] == ["street"] * len(nearest)
    assert [place for place, _ in nearest[:3]] == ["p2", "p3", "p1"]


def test_a_place_of_the_past_is_not_found():
    assert "old" not in {place for place, _ in found("1200 king st")}
