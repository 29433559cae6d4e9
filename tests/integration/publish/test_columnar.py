"""The columnar file of a version: the same answers as the database's, of the same version, gone with it."""

from __future__ import annotations

from collections import Counter
from datetime import UTC, date, datetime

import polars as pl
import pytest
from helpers.examples import examples
from hypothesis import HealthCheck, given, note, settings
from polars.testing import assert_frame_equal
from publish_rows import call
from questions import LAYER, TEXTS, conditions, statistics

from ckanext.cpdi.publish import places, snapshot_store
from ckanext.cpdi.publish.columnar import build as columnar
from ckanext.cpdi.publish.columnar import shelf
from ckanext.cpdi.publish.snapshot import build
from ckanext.cpdi.query import tree
from ckanext.cpdi.query.columnar import file_order
from ckanext.cpdi.query.columns import Columns
from ckanext.cpdi.query.question import Aggregate, Group, Order, Selection, Statistics
from ckanext.cpdi.query.writers.frame_comparisons import UnwritableError
from ckanext.cpdi.selection import frames
from ckanext.cpdi.selection.extract import extract
from ckanext.cpdi.selection.loaders import IN_MILLISECONDS
from ckanext.cpdi.selection.reader import open_reader

EXAMPLES = examples(60)
FEW = settings(
    max_examples=EXAMPLES, deadline=None, suppress_health_check=list(HealthCheck), derandomize=EXAMPLES < 1000
)


def _awkward_more(awkward):
    """Rows beside those that files are tested with: texts of every kind, two columns that are equal, a half point."""
    texts = [
        call(
            f"T{n}",
            "2024-03-10 06:30",
            problem=text,
            disposition=text.lower(),
            call_category=text or None,
            team=text,
            place_id=f"p{n}",
        )
        for n, text in enumerate(TEXTS)
    ]
    at = datetime(2024, 3, 10, 7, 0, 0, 500_000, tzinfo=UTC)
    return [
        *awkward,
        *texts,
        call(
            "B1", "2024-03-10 07:00", closed_datetime=at, first_dispatch=at, response_minutes=0.0, counts_as_event=False
        ),
        call("B2", "2024-11-03 05:59", first_arrival=at, response_minutes=-0.0, latitude=32.8, longitude=-79.95),
        call("B3", "2024-11-03 06:00", response_minutes=1e6, latitude=86.0, longitude=-180.0),
    ]


def _serve_places(folder, areas=TEXTS):
    """Serve places, of which every third lies in no area, and one is of no row."""
    table = pl.DataFrame(
        {
            "place_id": [f"p{n}" for n in range(len(areas) + 1)],
            LAYER: [None if n % 3 == 2 else text for n, text in enumerate([*areas, "Elsewhere"])],
            "latitude": 32.8,
            "longitude": -79.9,
        }
    ).with_columns(pl.lit(None, pl.Binary).alias(places.OUTLINE))
    places.serve(places.write(table, folder, f"{areas}"))


@pytest.fixture(params=[columnar.CODES, 3])
def published(request, table, awkward, department, site, tmp_path, monkeypatch):
    """A table, its rows, and a reader of it that asks the file; its texts are codes, or most of them are none."""
    monkeypatch.setattr(frames, "LEAST", 0)
    monkeypatch.setattr(columnar, "CODES", request.param)
    rows = _awkward_more(awkward)
    table.commit(rows)
    build(table.read_dsn, table.dataset, department, tmp_path, site, only=("csv", "parquet"))
    alone = tmp_path / "places alone"
    for folder in (tmp_path, alone):
        _serve_places(folder)

    def opened(files=tmp_path):
        return open_reader(table.read_dsn, table.dataset, seconds=30, files=files or alone)

    return table.dataset, rows, opened


def _same(rows):
    """Rows to compare: sums of floats depend on their order."""
    return Counter(tuple(float(f"{value:.9g}") if isinstance(value, float) else value for value in row) for row in rows)


def test_a_filter_says_the_same_of_each_row_in_both(published):
    dataset, rows, opened = published
    with opened() as file, opened(None) as database:
        assert file.columnar is not None
        assert database.columnar is None

        @FEW
        @given(conditions(dataset.rows, rows))
        def agree(condition):
            note(condition)
            for asked in (condition, tree.Not(condition)):
                assert [*_flat(file.ids(asked))] == [*_flat(database.ids(asked))]
                assert file.count(asked) == database.count(asked)
                assert file.extent(asked) == database.extent(asked)

        agree()


def _flat(batches):
    return (value for batch in batches for value in batch)


def test_rows_are_in_the_area_of_their_place_as_whoever_joins_them_counts(published):
    *_, opened = published
    wanted = Counter(None if n % 3 == 2 else text or None for n, text in enumerate(TEXTS))
    area = tree.Term(f"area.{LAYER}")
    with opened() as file, opened(None) as database:
        wanted[None] += file.state.rows - len(TEXTS)
        by_area = Statistics((Group(area, "area"),), (Aggregate("count", "rows"),))
        for reader in (file, database):
            assert dict(reader.statistics(by_area)) == wanted
            assert reader.count(tree.IsNull(area)) == wanted[None]
            assert reader.count(tree.Comparison(area, "=", "Señal")) == 1
            assert reader.count(tree.Not(tree.Comparison(area, "=", "Señal"))) == file.state.rows - wanted[None] - 1


def test_an_answer_is_of_the_places_of_now(published, tmp_path):
    *_, opened = published
    asked = tree.Comparison(tree.Term(f"area.{LAYER}"), "=", "Old Mill")
    with opened() as before:
        assert before.count(asked) == 0
        _serve_places(tmp_path, ["Old Mill"] * 7)
        assert before.count(asked) == 0
    with opened() as after:
        assert after.count(asked) == 5
        assert after.state.key != before.state.key


def test_statistics_are_the_same_in_both(published):
    dataset, rows, opened = published
    with opened() as file, opened(None) as database:

        @FEW
        @given(statistics(dataset.rows, rows))
        def agree(asked):
            note(asked)
            assert _same(file.statistics(asked)) == _same(database.statistics(asked))
            assert _same(file.statistics(asked, IN_MILLISECONDS)) == _same(database.statistics(asked, IN_MILLISECONDS))
            assert file.count_groups(asked) == database.count_groups(asked)

        agree()


def test_rows_come_in_the_same_order_in_both(published):
    dataset, _, opened = published
    with opened() as file, opened(None) as database:
        for name in Columns(dataset.rows):
            for descending in (False, True):
                asked = Selection((), order=(Order("team"), Order(name, descending)))
                assert file.columnar.sorted_ids(asked).tolist() == database.sorted_ids(asked).tolist()


def test_chosen_rows_are_the_same_from_both_in_the_order_of_files(published, department, site):
    dataset, _, opened = published
    names, order = tuple(field.name for field in dataset.rows.fields), file_order(dataset.rows)

    def read(reader, asked):
        part = extract(reader, dataset, department, site, asked, 0, None)
        return pl.concat(part.batches(), how="vertical") if reader.count(asked.filter) else None

    with opened() as file, opened(None) as database:
        for condition in (tree.EVERYTHING, tree.IsNull(tree.Term("team")), tree.Like(tree.Term("problem"), "%e%")):
            for limit in (None, 3):
                asked = Selection(names, condition, order, limit)
                assert file.columnar.batches(asked, 2)
                assert_frame_equal(read(file, asked), read(database, asked))
        by_team = Selection(names, order=(Order("team"),))
        with pytest.raises(UnwritableError):
            file.columnar.batches(by_team, 2)
        assert_frame_equal(read(file, by_team), read(database, by_team))


def test_rows_of_a_year_that_did_not_change_keep_their_place(table, awkward, department, site, tmp_path, monkeypatch):
    monkeypatch.setattr(frames, "LEAST", 0)
    rows = [*awkward, *(call(f"Y{year}", f"{year}-06-01 12:00", team=str(year)) for year in (2019, 2021, 2030))]
    for more in ([], [call("Z", "2021-06-01 11:00")]):
        table.commit([*rows, *more])
        build(table.read_dsn, table.dataset, department, tmp_path, site, only=("csv", "parquet"))
    with open_reader(table.read_dsn, table.dataset, seconds=30, files=tmp_path) as reader:
        order = file_order(table.dataset.rows)
        wanted = reader.rows(Selection(("_id",), order=order))
        assert reader.columnar.writer.frame["_id"].to_list() == [row[0] for row in wanted]


def test_a_table_of_days_has_the_same_answers(calls, library, department, site, tmp_path, empty_table, monkeypatch):
    dataset = library.dataset("use-of-force")
    table = type(empty_table)(dataset, department.time_zone, "incident_id")
    table.empty()
    rows = [
        {"incident_id": f"F{n}", "month": date(2024, 1 + n % 3, 1), "time_precision": "month"}
        | ({"subjects": n, "officers": n * n, "nuofdc_reportable": n % 2 == 0} if n % 4 else {})
        for n in range(9)
    ]
    table.commit(rows)
    build(table.read_dsn, dataset, department, tmp_path, site, only=("csv", "parquet"))
    monkeypatch.setattr(frames, "LEAST", 0)
    with (
        open_reader(table.read_dsn, dataset, seconds=30, files=tmp_path) as file,
        open_reader(table.read_dsn, dataset, seconds=30) as database,
    ):

        @FEW
        @given(conditions(dataset.rows, rows), statistics(dataset.rows, rows))
        def agree(condition, asked):
            note(f"{condition} {asked}")
            assert [*_flat(file.ids(condition))] == [*_flat(database.ids(condition))]
            assert _same(file.columnar.statistics(asked)) == _same(database.statistics(asked))

        agree()


def test_a_file_answers_for_its_own_version_alone(table, awkward, department, site, tmp_path, monkeypatch):
    monkeypatch.setattr(frames, "LEAST", 0)

    def answered():
        with open_reader(table.read_dsn, table.dataset, seconds=30, files=tmp_path) as reader:
            assert reader.count(tree.IsNull(tree.Term("team"))) == reader.state.rows
            return reader.columnar is not None

    def built():
        build(table.read_dsn, table.dataset, department, tmp_path, site, only=("csv", "parquet"))
        return [path.name for path in (tmp_path / table.dataset.name).glob("columns.*")]

    first = table.commit(awkward)
    assert not answered()
    assert [name.split(".")[1] for name in built()] == [first]
    assert answered()
    second = table.commit(awkward[:4])
    assert not answered()
    assert [name.split(".")[1] for name in built()] == [second]
    assert answered()
    snapshot_store.clear(tmp_path, table.dataset.name)
    assert not answered()
    assert tmp_path / table.dataset.name not in frames._mapped


def test_a_small_table_is_asked_of_the_database(table, awkward, department, site, tmp_path):
    table.commit(awkward)
    build(table.read_dsn, table.dataset, department, tmp_path, site, only=("csv", "parquet"))
    with open_reader(table.read_dsn, table.dataset, seconds=30, files=tmp_path) as reader:
        assert reader.columnar is None


def test_a_file_that_was_cut_is_not_read_and_made_anew(table, awkward, department, site, tmp_path, monkeypatch, caplog):
    monkeypatch.setattr(frames, "LEAST", 0)
    version = table.commit(awkward)
    build(table.read_dsn, table.dataset, department, tmp_path, site, only=("csv", "parquet"))
    path = shelf.file_of(tmp_path / table.dataset.name, version)
    whole = path.read_bytes()
    path.write_bytes(whole[:-100])
    with open_reader(table.read_dsn, table.dataset, seconds=30, files=tmp_path) as reader:
        assert reader.count(tree.Not(tree.IsNull(tree.Term("incident_number")))) == len(awkward)
    assert "cannot be read" in caplog.text
    build(table.read_dsn, table.dataset, department, tmp_path, site, only=("csv", "parquet"))
    assert path.read_bytes() == whole


def test_a_table_without_rows_has_a_file_of_none(table, awkward, department, site, tmp_path, monkeypatch):
    monkeypatch.setattr(frames, "LEAST", 0)
    table.commit(awkward)
    table.commit([])
    build(table.read_dsn, table.dataset, department, tmp_path, site, only=("csv", "parquet"))
    with open_reader(table.read_dsn, table.dataset, seconds=30, files=tmp_path) as reader:
        assert reader.columnar.count(tree.EVERYTHING) == 0
        assert reader.extent() is None
        assert reader.columnar.writer.frame.width > len(table.dataset.rows.fields)


def test_what_a_file_cannot_tell_is_asked_of_the_database(published):
    *_, opened = published
    with opened() as file:
        for condition in (tree.Search("Señal"), tree.Like(tree.Term("problem"), "Se\\")):
            with pytest.raises(UnwritableError):
                file.columnar.count(condition)
        assert file.count(tree.Search("Señal")) >= 1
