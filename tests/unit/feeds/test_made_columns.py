"""Columns that a profile makes of a feed's own: joined texts, parts of texts, points that stand in one cell."""

from __future__ import annotations

import json

import pytest

from ckanext.cpdi.declare import Made
from ckanext.cpdi.feeds import FeedError

POINT = {"x": Made(longitude="Location"), "y": Made(latitude="Location")}


def cells(table, name):
    return table.frame[f"{name} (made)"].to_list()


@pytest.mark.parametrize(
    "cell",
    [
        "(32.7501, -80.0501)",
        "32.7501,-80.0501",
        "32.7501 -80.0501",
        "( +32.7501 ; -80.0501 )",
        "100 QUILLFEN ST\nTOWN, SC\n(32.7501, -80.0501)",
        '{"latitude": "32.7501", "longitude": "-80.0501"}',
        '{"human_address": "{\\"city\\": \\"Town\\"}", "longitude": -80.0501, "latitude": 32.7501}',
        "{'latitude': '32.7501', 'longitude': '-80.0501'}",
        "lat: 32.7501, lng: -80.0501",
        '{"type": "Point", "coordinates": [-80.0501, 32.7501]}',
        "POINT (-80.0501 32.7501)",
        "SRID=4326;POINT(-80.0501 32.7501)",
        "point z (-80.0501 32.7501 3.2)",
    ],
)
def test_a_point_in_a_cell_in_all_its_spellings(read, cell):
    feed = b"No,Location\n1," + b'"' + cell.replace('"', '""').encode() + b'"\n'
    table = read(feed, columns=POINT)
    x, y = (float(cells(table, name)[0]) for name in "xy")
    assert (x, y) == (-80.0501, 32.7501)


def test_two_bare_numbers_in_the_other_order(read):
    other = {
        name: Made(**{kind: "P", "longitude_first": True}) for name, kind in (("x", "longitude"), ("y", "latitude"))
    }
    table = read(b'No,P\n1,"-80.05,32.75"\n2,POINT (-80.05 32.75)\n', columns=other)
    assert cells(table, "x") == ["-80.05"] * 2
    assert cells(table, "y") == ["32.75"] * 2


@pytest.mark.parametrize("cell", ["Main St", "32.75", "(32.75, )", "12 34 Oak St", "POINT EMPTY", "1,2,3"])
def test_a_cell_without_a_point_stays_as_it_is(read, cell):
    table = read(f'No,Location\n1,"{cell}"\n'.encode(), columns=POINT)
    assert cells(table, "x") == cells(table, "y") == [cell]


def test_an_empty_cell_is_no_point(read):
    table = read(b"No,Location\n1,\n2,NULL\n3,  \n", columns=POINT, nulls=("", "NULL"))
    assert cells(table, "x") == [None] * 3


def test_a_point_of_nested_json(read):
    rows = [{"no": 1, "location": {"latitude": "32.75", "longitude": "-80.05", "needs_recoding": False}}, {"no": 2}]
    table = read(json.dumps(rows).encode(), "feed.json", columns=POINT)
    assert (cells(table, "x"), cells(table, "y")) == (["-80.05", None], ["32.75", None])


def test_joined_texts_leave_out_what_is_empty(read):
    made = {"address": Made(join=("No", "Dir", "Street")), "problem": Made(join=("Type", "Sub"), separator=" / ")}
    feed = b"No,Dir,Street,Type,Sub\n100,N,Oak St,Theft,Auto\n100,,Oak St,Theft,NULL\n,,,,\n"
    table = read(feed, columns=made, nulls=("", "NULL"))
    assert cells(table, "address") == ["100 N Oak St", "100 Oak St", None]
    assert cells(table, "problem") == ["Theft / Auto", "Theft", None]


def test_a_part_of_a_text_and_a_text_without_it(read):
    made = {
        "race": Made(part="Race/Eth", pattern="^([A-Z])/"),
        "ethnicity": Made(part="race_/_eth", pattern="/([A-Z])$"),
    }
    table = read(b"Race/Eth\nW/H\nB/N\nunknown\n\n", columns=made)
    assert cells(table, "race") == ["W", "B", "unknown"]
    assert cells(table, "ethnicity") == ["H", "N", "unknown"]


def test_only_what_is_wanted_is_read(read):
    from ckanext.cpdi.declare import Feed
    from ckanext.cpdi.feeds import open_feed

    made = {"address": Made(join=("A", "B")), "problem": Made(join=("C", "A"))}
    reader = open_feed(read.spool(b"A,B,C,D\n1,2,3,4\n"), Feed(columns=made))
    assert reader.headers == ("A", "B", "C", "D", "address (made)", "problem (made)")
    (batch,) = reader.batches(columns=["problem (made)", "D"])
    assert {"problem (made)", "D"} <= set(batch.frame.columns)
    assert not {"B", "address (made)"} & set(batch.frame.columns)
    assert batch.frame["problem (made)"].to_list() == ["3 1"]


def test_a_column_that_is_made_of_nothing_is_refused_by_name(read):
    with pytest.raises(FeedError, match="no column Where, of which the department's profile makes x"):
        read(b"No,Location\n1,2\n", columns={"x": Made(longitude="Where")})
    with pytest.raises(FeedError, match="twice the column A_B"):
        read(b"A B,a_b\n1,2\n", columns={"x": Made(join=("A_B",))})


@pytest.mark.parametrize(
    ("rule", "message"),
    [
        ({}, "nothing of it stands there"),
        ({"join": ("A",), "latitude": "B"}, "join and latitude stands there"),
        ({"part": "A"}, "part and pattern stand together"),
        ({"part": "A", "pattern": "x"}, "one group"),
        ({"part": "A", "pattern": "(x"}, "is no regular expression"),
    ],
)
def test_a_rule_that_says_nothing_or_too_much_is_refused(rule, message):
    with pytest.raises(ValueError, match=message):
        Made(**rule)
