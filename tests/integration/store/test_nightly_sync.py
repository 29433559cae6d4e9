from datetime import UTC, date, datetime
from uuid import uuid4

import polars as pl
import psycopg
import pytest
from store_rows import frame, held, row

from ckanext.cpdi.store import RunSummary, StoreError, Unbalanced


def untouched(place):
    return place.ask("SELECT ctid::text, xmin::text, code FROM {t} ORDER BY code")


def feed(count, **values):
    return [row(f"C-{n:03}", units=n, **values) for n in range(count)]


def test_the_same_feed_twice_changes_nothing(place):
    place.load(feed(50))
    before, version, years = untouched(place), place.version(), place.years()
    changes = place.load(feed(50))
    assert (changes.added, changes.changed, changes.removed, changes.unchanged) == (0, 0, 0, 50)
    assert not changes.any
    assert (untouched(place), place.version(), place.years()) == (before, version, years)
    assert [run.state for run in place.store.ledger.runs(place.dataset)] == ["unchanged", "published"]


def test_exactly_what_differs_is_written(place):
    place.load(feed(50))
    before = {code: (ctid, xmin) for ctid, xmin, code in untouched(place)}
    ids = place.ids()
    night = [row("C-000", units=0, kind="Alarm"), *feed(50)[2:], row("N-1"), row("N-2")]
    changes = place.load(night)
    assert (changes.added, changes.changed, changes.removed, changes.unchanged) == (2, 1, 1, 48)
    after = {code: (ctid, xmin) for ctid, xmin, code in untouched(place)}
    assert {code for code in before if after.get(code) != before[code]} == {"C-000", "C-001"}
    kept = place.ids()
    assert {code: kept[code] for code in kept if code in ids} == {code: ids[code] for code in ids if code != "C-001"}
    assert {kept["N-1"], kept["N-2"]} == {51, 52}


def test_the_table_is_what_a_clean_load_makes_of_the_last_feed(place, places):
    place.load(feed(40))
    night = [*feed(30, kind="Alarm", block="1 block of Bay St"), row("N-1", latitude=None)]
    place.load(night)
    clean = places()
    clean.load(night)
    assert place.contents() == clean.contents()


def test_an_updated_row_is_found_by_its_new_words_only(place):
    place.load([row("A", kind="Barking dogs")])
    place.load([row("A", kind="Loud music")])
    assert place.ask("SELECT _full_text @@ 'music', _full_text @@ 'bark' FROM {t}") == [(True, False)]


def test_an_updated_row_moves_on_the_map(place):
    place.load([row("A")])
    place.load([row("A", latitude=33.0, longitude=-80.0)])
    assert place.ask("SELECT postgis.st_astext(_geom) FROM {t}") == [("POINT(-80 33)",)]


def test_an_id_is_never_used_twice(place):
    place.load(feed(3))
    place.load()
    place.load(feed(3))
    assert sorted(place.ids().values()) == [4, 5, 6]


def test_in_append_mode_rows_that_the_feed_lacks_stay(place):
    place.load(feed(3))
    changes = place.load([row("C-001", kind="Alarm"), row("N")], remove_missing=False)
    assert (changes.added, changes.changed, changes.removed) == (1, 1, 0)
    assert sorted(place.ids()) == ["C-000", "C-001", "C-002", "N"]


def test_of_two_rows_with_one_key_the_later_wins_in_whatever_batch(place, places):
    early, late = row("A", rank=1, kind="early"), row("A", rank=2, kind="late")
    for batches in ([[early, late]], [[late], [early]], [[early], [late]]):
        one = places()
        changes = one.load(*batches)
        assert one.ask("SELECT kind FROM {t}") == [("late",)]
        assert changes.duplicates["line"].len() == 1
        again = one.load(*batches)
        assert not again.any
        assert again.unchanged == 1


def test_of_two_rows_of_one_key_and_time_the_same_wins_in_any_order(places):
    first, second = row("A", kind="one"), row("A", kind="two")
    kinds = []
    for batches in ([[first, second]], [[second, first]], [[second], [first]]):
        one = places()
        one.load(*batches)
        kinds.append(one.ask("SELECT kind FROM {t}"))
    assert kinds[0] == kinds[1] == kinds[2]


def test_a_duplicate_that_lost_to_the_row_in_the_table_is_not_written(place):
    place.load([row("A", rank=2, kind="late")])
    before = untouched(place)
    changes = place.load([row("A", rank=1, kind="early"), row("A", rank=2, kind="late")])
    assert (changes.unchanged, changes.any) == (1, False)
    assert untouched(place) == before


def test_the_line_of_a_duplicate_is_that_of_the_row_that_lost(place):
    changes = place.load([row("A", rank=2), row("B"), row("A", rank=1)])
    assert changes.duplicates["line"].to_list() == [1002]


def test_a_risen_row_leaves_and_comes_back_under_a_new_id(place):
    place.load(feed(3))
    old = place.ids()["C-001"]
    changes = place.load([row("C-000", units=0), row("C-002", units=2)], held=held(**{"C-001": date(2026, 12, 1)}))
    assert (changes.removed, changes.unchanged) == (1, 2)
    with place.begin() as sync:
        known = sync.state.filter(pl.col("_id").is_null())
    assert known.select("_classes", "due").rows() == [(5, date(2026, 12, 1))]
    changes = place.load([*feed(1), row("C-001", classes=5, kind="Sensitive"), row("C-002", units=2)])
    assert (changes.added, changes.changed) == (1, 0)
    assert place.ids()["C-001"] not in (old, *range(1, 4))
    with place.begin() as sync:
        assert sync.state["due"].null_count() == 3


def test_a_held_key_is_not_published_by_another_row_of_the_feed(place):
    place.load([row("A"), row("B")])
    changes = place.load([row("A"), row("B")], held=held(A=date(2026, 12, 1)))
    assert list(place.ids()) == ["B"]
    assert changes.duplicates.height == 1


def test_held_rows_that_were_never_published_are_remembered_only(place):
    place.load([row("B")], held=held(A=date(2026, 12, 1)))
    assert list(place.ids()) == ["B"]
    with place.begin() as sync:
        assert sync.state.sort("_classes").select("_classes", "due").rows() == [(1, None), (4, date(2026, 12, 1))]


def test_a_row_whose_classes_grew_in_place_does_not_keep_its_id(place):
    place.load([row("A", classes=1)])
    changes = place.load([row("A", classes=3)])
    assert (changes.added, changes.changed, changes.removed) == (1, 0, 1)
    assert place.ids() == {"A": 2}


def test_classes_never_fall_even_if_the_row_was_away(place):
    place.load([row("A", classes=4), row("B")])
    place.load([row("B")])
    place.load([row("A", classes=1), row("B")])
    with place.begin() as sync:
        assert sorted(sync.state["_classes"].to_list()) == [1, 5]
    assert not place.load([row("A", classes=1), row("B")]).any


def test_only_the_years_that_were_touched_get_the_new_version(place):
    in_2022, in_2023, in_2024 = (datetime(year, 6, 1, tzinfo=UTC) for year in (2022, 2023, 2024))
    rows = [row("A", happened=in_2022), row("B", happened=in_2023), row("C", happened=in_2023)]
    place.load(rows)
    first = place.version()[0]
    changes = place.load([rows[0], row("B", happened=in_2024), rows[2]])
    second = place.version()[0]
    assert changes.years == (2023, 2024)
    assert place.years() == {2022: (1, first), 2023: (1, second), 2024: (1, second)}
    changes = place.load([rows[0], row("B", happened=in_2024, kind="Alarm")])
    third = place.version()[0]
    assert changes.years == (2023, 2024)
    assert place.years() == {2022: (1, first), 2024: (1, third)}


def test_a_block_that_is_left_without_commit_never_was(place):
    place.load(feed(5))
    before, version = place.rows(), place.version()
    with place.begin() as sync:
        sync.add(frame(feed(3, kind="Alarm")))
        sync.apply(remove_missing=True)
    with pytest.raises(ZeroDivisionError), place.begin() as sync:
        sync.add(frame(feed(3 // 0)))
    assert (place.rows(), place.version()) == (before, version)


def test_a_first_load_that_is_not_committed_leaves_no_table(place):
    with place.begin() as sync:
        sync.add(frame(feed(3)))
        sync.apply(remove_missing=True)
    assert place.ask("SELECT to_regclass(format('public.%%I', %s::text))", place.resource_id) == [(None,)]
    assert place.version() is None
    place.load(feed(3))
    assert sorted(place.ids().values()) == [1, 2, 3]


def test_rows_that_do_not_add_up_are_not_committed(place):
    place.load(feed(5))
    before = place.rows()
    with place.begin() as sync:
        sync.add(frame(feed(3)))
        sync.apply(remove_missing=True)
        with pytest.raises(Unbalanced, match="7 rows were read, but 3 published"):
            sync.commit(RunSummary(read=7))
    assert place.rows() == before


def test_commit_wants_the_changes_applied_and_rows_come_before_that(place):
    with pytest.raises(StoreError, match="not been applied"), place.begin() as sync:
        sync.commit(RunSummary(read=0))
    with place.begin() as sync:
        sync.apply(remove_missing=True)
        with pytest.raises(StoreError, match="after"):
            sync.add(frame(feed(1)))


def test_a_table_that_lost_rows_is_put_right(place, places):
    place.load(feed(6))
    with psycopg.connect(place.dsn) as connection:
        connection.execute(f"DELETE FROM public.\"{place.resource_id}\" WHERE code IN ('C-001', 'C-002')")
        connection.execute(f"INSERT INTO public.\"{place.resource_id}\" (_id, code) VALUES (9999, 'planted')")
    changes = place.load(feed(6))
    clean = places()
    clean.load(feed(6))
    assert (changes.added, changes.unchanged) == (2, 4)
    assert place.contents() == clean.contents()
    assert place.years()[2024][0] == 6


def test_a_dropped_table_is_made_anew_and_classes_are_remembered(place):
    place.load([row("A", classes=4), row("B")])
    place.do("DROP TABLE {t}")
    changes = place.load([row("A", classes=1), row("B")])
    assert (changes.added, changes.removed, changes.rows) == (2, 0, 2)
    assert sorted(place.ids().values()) == [3, 4]
    with place.begin() as sync:
        assert sorted(sync.state["_classes"].to_list()) == [1, 5]


def test_a_new_resource_of_a_dataset_starts_with_all_rows(place):
    place.load(feed(4))
    place.do("DROP TABLE {t}")
    place.resource_id = str(uuid4())
    place.load(feed(3))
    assert sorted(place.ids()) == ["C-000", "C-001", "C-002"]
    assert place.years()[2024][0] == 3
