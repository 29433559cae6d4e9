from datetime import date

import polars as pl
import pytest

from ckanext.cpdi.rows.identity.known import ID, STATE
from ckanext.cpdi.store import RunSummary, Unbalanced
from ckanext.cpdi.store.sync.diff import decide
from ckanext.cpdi.store.sync.seen import Seen

HELD = {"_key": pl.Int64, "_classes": pl.Int16, "due": pl.Date}


def state(*rows):
    return pl.DataFrame(list(rows), schema=STATE, orient="row")


def feed(*rows):
    """Rows of (line, key, rank, fingerprint, classes)."""
    schema = {"_line": pl.UInt32, "_key": pl.Int64, "_rank": pl.Int64, "_fingerprint": pl.Int64, "_classes": pl.Int16}
    return pl.DataFrame(list(rows), schema=schema, orient="row")


def plan(published, known=(), held=(), last_id=100, back=None, removable=None, kept_back=(), anew=None):
    seen = Seen(state(*known), pl.lit(2024))
    seen.add(published)
    gone = pl.DataFrame(list(held), schema=HELD, orient="row")
    ids = None if removable is None else pl.Series(removable, dtype=ID)
    keys = pl.Series(kept_back, dtype=pl.Int64)
    return decide(
        seen, gone, last_id, back, kept_back=keys, removable=ids, anew=anew and (lambda apart: anew(seen, apart))
    )


def test_new_rows_get_ids_in_the_order_of_their_keys():
    made = plan(feed((2, 30, 0, 1, 1), (3, -5, 0, 1, 1), (4, 7, 0, 1, 1)))
    assert sorted(made.fresh.select("_key", "_id").rows()) == [(-5, 101), (7, 102), (30, 103)]
    assert made.last_id == 103


def test_ids_that_the_table_cannot_hold_are_refused():
    with pytest.raises(OverflowError):
        plan(feed((2, 30, 0, 1, 1), (3, -5, 0, 1, 1)), last_id=2**31 - 2)


def test_a_row_is_new_changed_unchanged_or_gone():
    known = [(1, 10, 1, 1, None), (2, 20, 1, 2, None), (3, 30, 1, 3, None)]
    made = plan(feed((2, 1, 0, 10, 1), (3, 2, 0, 21, 1), (4, 4, 0, 40, 1)), known)
    assert made.unchanged == 1
    assert made.changed.select("_key", "_id", "_fingerprint").rows() == [(2, 2, 21)]
    assert made.fresh["_key"].to_list() == [4]
    assert made.leaving.select("_key", "_id").rows() == [(3, 3)]
    assert made.gone.rows() == [(3, 30, 1, None, None)]


def test_nothing_to_do_is_no_delta():
    made = plan(feed((2, 1, 0, 10, 1)), [(1, 10, 1, 1, None)])
    assert not made.any
    assert made.delta.is_empty()


def test_a_row_that_was_away_keeps_its_classes_and_gets_a_new_id():
    made = plan(feed((2, 1, 0, 10, 1)), [(1, 10, 4, None, None)])
    assert made.delta.rows() == [(1, 10, 5, 101, None, True, 0)]


def test_missing_rows_stay_in_append_mode_but_held_ones_go():
    known = [(1, 10, 1, 1, None), (2, 20, 1, 2, None)]
    made = plan(feed(), known, [(2, 4, date(2026, 12, 1))], removable=[])
    assert made.leaving["_id"].to_list() == [2]
    assert made.gone.rows() == [(2, 20, 5, None, date(2026, 12, 1))]


def test_a_risen_row_leaves_once_and_comes_back_once():
    made = plan(feed((2, 1, 0, 11, 3)), [(1, 10, 1, 1, None)])
    assert made.leaving["_id"].to_list() == [1]
    assert made.fresh.select("_key", "_id", "_classes").rows() == [(1, 101, 3)]
    assert made.delta["_key"].to_list() == [1]


def test_a_key_stands_once_in_the_delta_whatever_happens_to_it():
    known = [(1, 10, 1, 1, None), (2, 20, 1, 2, None), (3, 30, 1, None, date(2026, 11, 1))]
    rows = feed((2, 1, 0, 10, 1), (3, 1, 5, 11, 3), (4, 2, 0, 20, 1), (5, 3, 0, 30, 1))
    made = plan(rows, known, [(2, 4, date(2026, 12, 1)), (9, 4, date(2026, 12, 1)), (9, 4, date(2026, 12, 1))])
    assert sorted(made.delta["_key"].to_list()) == [1, 2, 3, 9]
    assert sorted(made.losers["_line"].to_list()) == [2, 4]


def test_a_key_that_two_batches_hold_has_the_classes_of_both_and_the_later_day():
    made = plan(feed(), [(1, 10, 1, 1, None)], [(1, 4, date(2026, 12, 1)), (1, 8, None)])
    assert made.gone.rows() == [(1, 10, 13, None, date(2026, 12, 1))]


@pytest.mark.parametrize("order", [(0, 1, 2), (2, 1, 0), (1, 2, 0)])
def test_the_highest_rank_wins_then_the_highest_fingerprint(order):
    rows = [(2, 1, 5, 10, 1), (3, 1, 5, 30, 1), (4, 1, 4, 90, 1)]
    made = plan(feed(*(rows[place] for place in order)))
    assert made.fresh["_fingerprint"].to_list() == [30]
    assert sorted(made.losers["_line"].to_list()) == [2, 4]


def test_a_row_without_rank_loses_to_any_other():
    assert plan(feed((2, 1, None, 99, 1), (3, 1, -9, 1, 1))).fresh["_fingerprint"].to_list() == [1]


def test_a_summary_that_does_not_add_up_says_the_counts():
    with pytest.raises(Unbalanced, match="4 rows were read, but 3 published, 0 withheld and 0 quarantined"):
        RunSummary(read=4).check(published=3)


def test_batches_that_disagree_about_the_classes_of_a_key_publish_nothing_of_it_before_both_know():
    rows = feed((2, 1, 5, 10, 1), (3, 1, 4, 11, 4), (4, 2, 0, 20, 1))
    made = plan(rows)
    assert made.fresh["_key"].to_list() == [2]
    assert made.gone.rows() == [(1, 0, 5, None, None)]
    assert sorted(made.losers["_line"].to_list()) == [2, 3]


def masked(published):
    """Mask the rows that are asked for as ``published`` says, by line: fingerprint, or None where they wait."""

    def anew(seen, apart):
        rows = [
            (line, key, 0, published[line], classes)
            for key, classes, line in apart.select("_key", "_classes", "_line").rows()
            if published[line]
        ]
        return seen.add(feed(*rows))

    return anew


@pytest.mark.parametrize("late", [feed(), feed((9, 7, 0, 70, 1))])
def test_a_row_whose_batches_disagree_is_masked_by_all_classes_in_the_same_run(late):
    rows = pl.concat([feed((2, 1, 5, 10, 1), (3, 1, 4, 11, 4), (4, 2, 0, 20, 1)), late])
    made = plan(rows, anew=masked({2: 77}))
    found = {row["_key"]: (row["_fingerprint"], row["_classes"]) for row in made.fresh.to_dicts()}
    assert found[1] == (77, 5)
    assert made.fresh.height == 2 + late.height
    assert made.gone.is_empty()
    assert made.losers["_line"].to_list() == [3]
    assert made.fresh["_row"].n_unique() == made.fresh.height


def test_a_row_that_must_wait_by_all_its_classes_is_remembered_with_them():
    made = plan(feed((2, 1, 5, 10, 1), (3, 1, 4, 11, 4)), anew=masked({2: None}))
    assert made.fresh.is_empty()
    assert made.gone.rows() == [(1, 0, 5, None, None)]
    assert made.losers["_line"].to_list() == [3]


def test_a_published_row_with_a_twin_that_waits_in_another_batch_has_its_classes():
    made = plan(feed((2, 1, 5, 10, 1)), held=[(1, 4, None)], anew=masked({2: 77}))
    assert made.fresh.select("_key", "_classes").rows() == [(1, 5)]
    assert made.gone.is_empty()


def test_a_row_that_readers_knew_and_that_was_away_waits_as_well():
    made = plan(feed((2, 1, 5, 10, 1), (3, 1, 4, 11, 4)), [(1, 10, 1, None, None)], back=date(2026, 12, 1))
    assert made.gone.rows() == [(1, 10, 5, None, date(2026, 12, 1))]


def test_a_row_of_the_table_whose_batches_disagree_returns_with_the_next_month():
    made = plan(feed((2, 1, 5, 10, 1), (3, 1, 4, 11, 4)), [(1, 10, 1, 7, None)], back=date(2026, 12, 1))
    assert made.leaving["_id"].to_list() == [7]
    assert made.gone.rows() == [(1, 10, 5, None, date(2026, 12, 1))]


def test_a_held_row_takes_nothing_from_another_of_its_key_that_has_all_its_classes():
    made = plan(feed((2, 1, 0, 10, 3)), held=[(1, 1, None)])
    assert made.fresh["_key"].to_list() == [1]
    assert made.delta["_key"].to_list() == [1]


def test_only_what_is_removable_goes_and_what_the_rules_withhold_goes_always():
    known = [(1, 10, 1, 1, None), (2, 20, 1, 2, None), (3, 30, 1, 3, None), (4, 40, 1, 4, None)]
    made = plan(feed((2, 4, 0, 41, 1)), known, removable=[2, 4], kept_back=[3, 99])
    assert sorted(made.leaving["_id"].to_list()) == [2, 3]
    assert made.changed["_id"].to_list() == [4]
    assert sorted(made.gone["_key"].to_list()) == [2, 3]


def test_a_row_that_rises_in_append_mode_leaves_and_comes_back():
    made = plan(feed((2, 1, 0, 11, 3)), [(1, 10, 1, 1, None), (2, 20, 1, 2, None)], removable=[])
    assert made.leaving["_id"].to_list() == [1]
    assert made.fresh.select("_key", "_id").rows() == [(1, 101)]
