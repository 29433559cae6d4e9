import polars as pl

from ckanext.cpdi.rows.identity.known import STATE
from ckanext.cpdi.store.sync.seen import MOVED, STANDING, Seen

ROWS = {
    "_line": pl.UInt32,
    "_key": pl.Int64,
    "_rank": pl.Int64,
    "_fingerprint": pl.Int64,
    "_classes": pl.Int16,
    "year": pl.Int32,
}
KNOWN = [(10, 1, 1, 101, None), (20, 2, 1, None, None), (30, 3, 1, 103, None)]
"""A row of the table, one that has left it, and another one of the table."""


def seen(*batches, known=KNOWN):
    """Return what was seen of batches of (line, key, rank, fingerprint, classes, year), and what each gave to write."""
    made = Seen(pl.DataFrame(known, schema=STATE, orient="row"), pl.col("year"))
    return made, [made.add(pl.DataFrame(rows, schema=ROWS, orient="row")) for rows in batches]


def taken(made):
    """What was kept of the rows: of those that stand, and of the others."""
    standing, moved = made.take()
    return standing, pl.concat(moved)


def test_a_row_that_stands_in_the_table_is_not_written_and_its_place_line_and_rank_are_kept():
    made, [written] = seen([(2, 30, 7, 3, 1, 2024)])
    assert written.is_empty()
    standing, moved = taken(made)
    assert standing.schema == STANDING
    assert standing.rows() == [(2, 2, 7)]
    assert moved.is_empty()


def test_a_row_is_written_that_is_new_differs_has_left_or_has_another_class():
    rows = [(2, 5, 0, 9, 1, 2023), (3, 10, 0, 9, 1, 2024), (4, 20, 0, 2, 1, 2024), (5, 30, 0, 3, 2, 2025)]
    made, [written] = seen(rows)
    assert written["_key"].to_list() == [5, 10, 20, 30]
    standing, moved = taken(made)
    assert standing.is_empty()
    assert moved.schema == MOVED
    assert moved["_place"].to_list() == [None, 0, 1, 2]
    assert moved["_year"].to_list() == [2023, 2024, 2024, 2025]


def test_classes_never_fall():
    _, [written] = seen([(2, 10, 0, 1, 1, 2024)], known=[(10, 1, 5, 101, None)])
    assert written.is_empty()
    _, [written] = seen([(2, 10, 0, 1, 2, 2024)], known=[(10, 1, 5, 101, None)])
    assert written["_classes"].to_list() == [7]


def test_written_rows_are_numbered_over_all_batches():
    made, written = seen([(2, 5, 0, 9, 1, 2024), (3, 10, 0, 1, 1, 2024)], [], [(4, 6, 0, 9, 1, 2024)])
    assert [one["_row"].to_list() for one in written] == [[0], [], [1]]
    assert taken(made)[1].select("_row", "_key").rows() == [(0, 5), (1, 6)]


def test_a_row_without_rank_has_the_lowest():
    made, _ = seen([(2, 10, None, 1, 1, 2024)])
    assert taken(made)[0]["_rank"].to_list() == [-(2**63)]


def test_places_are_those_of_every_row_the_table_knows():
    made, _ = seen([(2, 30, 0, 3, 1, 2024), (3, 20, 0, 9, 1, 2024)], [(4, 5, 0, 9, 1, 2024)])
    assert sorted(made.places.to_list()) == [1, 2]
