"""How complete a table is, counted from what is published: right, only where it changed, and only once."""

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime

import psycopg
import pytest
from msgspec import structs
from store_rows import TABLE, ZONE, row

from ckanext.cpdi.declare.counted import GEOCODED, PLACED
from ckanext.cpdi.store import Store

COUNTED = structs.replace(TABLE, category="kind")
NEW_YEAR = datetime(2025, 1, 1, 3, tzinfo=UTC)
"""Still December in New York."""


@pytest.fixture
def place(places):
    return places(table=COUNTED)


def count(place, table=COUNTED):
    return place.store.tables.count_completeness(place.dataset, table, ZONE)


def counts(place, field="detail"):
    """(month, category) to (rows, filled) of one field, as the read role sees them."""
    query = "SELECT month, category, rows, filled FROM public._cpdi_completeness WHERE dataset = %s AND field = %s"
    found = place.ask(query, place.dataset, field)
    return {(month and month.isoformat()[:7], category): (rows, filled) for month, category, rows, filled in found}


def test_rows_are_counted_by_the_departments_months_and_by_category(place):
    place.load(
        [
            row("A", detail="bites"),
            row("B"),
            row("C", kind="Noise"),
            row("D", happened=NEW_YEAR, kind=None, detail=None),
            row("E", happened=None, detail="undated"),
        ]
    )
    assert count(place)
    assert counts(place) == {
        ("2024-05", "Barking dogs"): (2, 1),
        ("2024-05", "Noise"): (1, 0),
        ("2024-12", None): (1, 0),
        (None, "Barking dogs"): (1, 1),
    }


def test_points_and_places_are_counted_apart(place):
    place.load([row("A"), row("B", latitude=None, longitude=None), row("C", block=None, latitude=None, longitude=None)])
    count(place)
    assert counts(place, GEOCODED) == {("2024-05", "Barking dogs"): (3, 1)}
    assert counts(place, PLACED) == {("2024-05", "Barking dogs"): (3, 2)}


def test_a_table_without_a_category_is_counted_as_one(places):
    plain = places()
    plain.load([row("A"), row("B", kind="Noise")])
    count(plain, TABLE)
    assert counts(plain, "kind") == {("2024-05", None): (2, 2)}


def test_what_did_not_change_is_not_counted_again(place):
    rows = [row("A"), row("B", happened=datetime(2023, 5, 9, tzinfo=UTC)), row("C", happened=None)]
    place.load(rows)
    assert count(place)
    assert not count(place)
    place.do("UPDATE cpdi.completeness SET rows = 77 WHERE dataset = " + str(place.number()))
    place.load([{**rows[0], "detail": "new"}, *rows[1:]])
    assert count(place)
    assert counts(place) == {
        ("2024-05", "Barking dogs"): (1, 1),
        ("2023-05", "Barking dogs"): (77, 0),
        (None, "Barking dogs"): (1, 0),
    }


def test_a_year_that_went_leaves_no_counts(place):
    place.load([row("A"), row("B", happened=datetime(2023, 5, 9, tzinfo=UTC))])
    count(place)
    place.load([row("A")])
    assert count(place)
    assert set(counts(place)) == {("2024-05", "Barking dogs")}


def test_another_declaration_counts_every_year_anew(place):
    place.load([row("A"), row("B", happened=datetime(2023, 5, 9, tzinfo=UTC))])
    count(place)
    assert count(place, TABLE)
    assert set(counts(place)) == {("2024-05", None), ("2023-05", None)}


def test_a_dataset_without_a_table_has_nothing_to_count(place):
    assert not count(place)


def test_two_at_once_count_once(place, write_dsn, read_role):
    place.load([row(f"R{number}") for number in range(500)])

    def one(_):
        with Store(write_dsn, read_role) as store:
            return store.tables.count_completeness(place.dataset, COUNTED, ZONE)

    with ThreadPoolExecutor(4) as workers:
        assert sorted(workers.map(one, range(4))) == [False, False, False, True]


def test_the_read_role_sees_the_view_and_not_the_table(place, read_dsn):
    place.load([row("A")])
    count(place)
    with psycopg.connect(read_dsn, autocommit=True) as reader:
        query = "SELECT version, month, rows FROM public._cpdi_completeness WHERE dataset = %s AND place = 1"
        assert reader.execute(query, (place.dataset,)).fetchall() == [(place.version()[0], date(2024, 5, 1), 1)]
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            reader.execute("SELECT FROM cpdi.completeness")
