from datetime import UTC, date, datetime, timedelta
from itertools import pairwise

import polars as pl
import psycopg
import pytest
from psycopg import errors
from store_rows import TABLE, frame, row

from ckanext.cpdi.store import StoreError
from ckanext.cpdi.store.table.version import run_of


def many(count):
    start = datetime(2023, 12, 30, tzinfo=UTC)
    return [row(f"C-{n:05}", happened=start + timedelta(hours=n), units=n) for n in range(count)]


def test_every_type_comes_back_as_it_was_published(place):
    place.load([row("A", detail=None, units=None, event=None, day=None, latitude=None, longitude=None), row("B")])
    empty, full = place.ask(
        "SELECT code, happened, kind, detail, units, event, day, block, latitude, longitude FROM {t} ORDER BY code"
    )
    noon = datetime(2024, 5, 1, 12, tzinfo=UTC)
    block = "1200 block of King St"
    assert empty == ("A", noon, "Barking dogs", None, None, None, None, block, None, None)
    assert full == ("B", noon, "Barking dogs", "", 1, True, date(2024, 5, 1), block, 32.78, -79.93)


@pytest.mark.parametrize(
    "text",
    [
        "",
        " ",
        "NULL",
        "\\N",
        "\\.",
        '"',
        '""',
        ",",
        "a\nb",
        "a\r\nb",
        "a\rb",
        "\t",
        "=1+1",
        "'; DROP TABLE x; --",
        "%s {} %(a)s",
        "ñ 🚓 \u2028",
    ],
)
def test_hostile_text_survives_the_way_through_copy(place, text):
    place.load([row("A", kind=text, detail=text, block=text)])
    assert place.ask("SELECT kind, detail, block FROM {t}") == [(text, text, text)]


@pytest.mark.parametrize("when", ["1970-01-01T00:00:00.000001", "1900-01-01T00:00:00", "2024-11-03T05:59:59.999999"])
def test_instants_keep_their_microsecond(place, when):
    instant = datetime.fromisoformat(when).replace(tzinfo=UTC)
    place.load([row("A", happened=instant)])
    assert place.ask("SELECT happened FROM {t}") == [(instant,)]


def test_ids_follow_the_keyed_hash_and_begin_at_one(place):
    place.load(many(500)[:200], many(500)[200:])
    ids = [found for (found,) in place.ask("SELECT _id FROM {t} ORDER BY happened")]
    assert sorted(ids) == list(range(1, 501))
    in_order = sum(one < other for one, other in pairwise(ids))
    assert 200 < in_order < 300


def test_where_rows_lie_says_no_more_than_published_time_and_hash(place):
    hour = datetime(2024, 5, 1, 12, tzinfo=UTC)
    codes = [f"C-{n:03}" for n in range(100)]
    place.load([row(code, happened=hour) for code in codes])
    lying = [code for (code,) in place.ask("SELECT code FROM {t} ORDER BY ctid")]
    assert lying != codes
    ids = place.ids()
    assert [ids[code] for code in lying] == sorted(ids.values())


@pytest.mark.parametrize(
    ("latitude", "longitude", "placed"),
    [
        (32.78, -79.93, True),
        (None, -79.93, False),
        (32.78, float("nan"), False),
        (95.0, 0.0, False),
        (32.0, 181.0, False),
    ],
)
def test_only_a_point_on_earth_gets_a_geometry(place, latitude, longitude, placed):
    place.load([row("A", latitude=latitude, longitude=longitude)])
    assert place.ask("SELECT _geom IS NOT NULL, _geom_3857 IS NOT NULL FROM {t}") == [(placed, placed)]


def test_mercator_by_formula_is_what_postgis_makes_of_it(place):
    place.load([row("A"), row("B", latitude=-45.5, longitude=170.25), row("C", latitude=0.0, longitude=0.0)])
    found = place.ask("SELECT postgis.st_distance(_geom_3857, postgis.st_transform(_geom, 3857)) FROM {t}")
    assert max(distance for (distance,) in found) < 1e-6


@pytest.mark.parametrize("query", ["english", "simple"])
@pytest.mark.parametrize("words", ["barking", "king", "KABC7"])
def test_words_are_found_in_both_languages(place, query, words):
    place.load([row("C-2024-00012", detail="KABC7"), row("B", kind="Alarm", block="1 block of Bay St")])
    found = place.ask(f"SELECT code FROM {{t}} WHERE _full_text @@ plainto_tsquery('{query}', %s)", words)
    assert found == [("C-2024-00012",)]


def test_a_row_has_the_words_of_its_fields_one_after_the_other_but_for_its_number(place):
    place.load([row("C-1", detail=None), row("C-2", detail="Loud music, again")])
    vector = "to_tsvector('english', coalesce({0}, '')) || strip(to_tsvector('simple', coalesce({0}, '')))"
    expected = " || ".join(vector.format(name) for name in ("kind", "detail", "block"))
    assert place.ask(f"SELECT count(*) FROM {{t}} WHERE _full_text = {expected}") == [(2,)]


def test_constraints_and_indexes_are_there_under_the_names_that_ckan_knows(place):
    place.load([row("A")])
    listed = place.ask(
        "SELECT indexdef FROM pg_indexes WHERE schemaname = 'public' AND tablename = %s ORDER BY 1", place.resource_id
    )
    made = [definition.split(" USING ")[1] for (definition,) in listed]
    assert sorted(made) == [
        "btree (_id)",
        "btree (code)",
        "btree (happened, code)",
        "btree (kind)",
        "gin (_full_text)",
        "gist (_geom)",
    ]
    kinds = place.ask(
        "SELECT contype::text FROM pg_constraint WHERE conrelid = format('public.%%I', %s::text)::regclass ORDER BY 1",
        place.resource_id,
    )
    assert kinds == [("p",), ("u",)]


def test_a_row_that_comes_without_words_gets_them_from_ckans_trigger(place):
    place.load([row("A")])
    with psycopg.connect(place.dsn) as connection:
        connection.execute(f"INSERT INTO public.\"{place.resource_id}\" (_id, code, kind) VALUES (99, 'B', 'sirens')")
        connection.execute(
            f"UPDATE public.\"{place.resource_id}\" SET kind = 'flood', _full_text = NULL WHERE code = 'A'"
        )
    assert place.ask("SELECT code FROM {t} WHERE _full_text @@ 'siren'::tsquery OR _full_text @@ 'flood'") == [
        ("B",),
        ("A",),
    ]


def test_version_and_years_stand_in_the_public_views(place):
    new_year_in_utc = datetime(2024, 1, 1, 2, tzinfo=UTC)
    place.load([row("A"), row("B", happened=new_year_in_utc), row("C")])
    version, rows, run = place.version()
    assert run_of(int(version.partition("-")[2])) == run
    assert rows == 3
    assert place.years() == {2023: (1, version), 2024: (2, version)}
    period = place.ask("SELECT first_time, last_time FROM public._cpdi_version WHERE dataset = %s", place.dataset)
    assert period == [(new_year_in_utc, datetime(2024, 5, 1, 12, tzinfo=UTC))]


def test_a_feed_without_a_row_makes_an_empty_table_with_a_version(place):
    place.load()
    assert place.rows() == []
    assert place.version()[1] == 0
    assert place.years() == {}


def test_ckan_has_the_total_at_once(place):
    place.load(many(30))
    assert place.ask("SELECT cached_table_row_count(%s)", place.resource_id) == [(30,)]


def test_nothing_of_a_load_is_left_aside(place):
    place.load(many(3))
    assert place.ask("SELECT relname FROM pg_class WHERE relname LIKE 'load\\_%%' AND %s <> ''", "x") == []


def test_two_rows_with_one_published_key_are_refused_in_plain_words(place):
    same = frame([row("A"), row("B")]).with_columns(pl.lit("A").alias("code"))
    with pytest.raises(StoreError, match="declared unique"):
        place.load_frames([same])
    assert place.ask("SELECT to_regclass(format('public.%%I', %s::text))", place.resource_id) == [(None,)]


def test_the_read_role_sees_the_table_and_the_views_and_nothing_else(place, read_dsn):
    place.load([row("A")])
    number = place.ask("SELECT number FROM cpdi.dataset WHERE name = %s", place.dataset)[0][0]
    with psycopg.connect(read_dsn, autocommit=True) as reader:
        for view in ("_cpdi_version", "_cpdi_year", "_cpdi_run", "_cpdi_reason", "_cpdi_class"):
            reader.execute(f"SELECT * FROM public.{view}").fetchall()
        assert reader.execute(f'SELECT count(*) FROM public."{place.resource_id}"').fetchone() == (1,)
        for private in (f"state_{number}", "dataset", "run", "run_reject", "migration"):
            with pytest.raises(errors.InsufficientPrivilege):
                reader.execute(f"SELECT * FROM cpdi.{private}")
        with pytest.raises(errors.InsufficientPrivilege):
            reader.execute(f'DELETE FROM public."{place.resource_id}"')


def test_the_declared_table_is_the_one_that_is_tested():
    assert {one.type for one in TABLE.fields} == {"string", "integer", "number", "boolean", "date", "datetime"}
