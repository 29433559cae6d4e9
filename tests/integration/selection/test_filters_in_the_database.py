"""What PostgreSQL finds by the SQL of a filter, beside what plain Python finds in the same rows."""

from __future__ import annotations

from configparser import RawConfigParser
from pathlib import Path

import psycopg
import pytest
from helpers import trees
from helpers.examples import examples
from helpers.kinds import AREA_OF, KINDS
from hypothesis import HealthCheck, example, given, settings
from psycopg import sql

from ckanext.cpdi.query.grammars.arcgis_geometry import parse_geometry
from ckanext.cpdi.query.question import Aggregate, Group, GroupOrder, Having, Order, Selection, Statistics
from ckanext.cpdi.query.tree import And, Comparison, Distance, Envelope, Geometry, In, Interval, Like, Not, Or, Term
from ckanext.cpdi.query.writers.sql import SqlWriter
from ckanext.cpdi.store.table.build import postgis_schema
from ckanext.cpdi.store.table.shape import TYPES

ROWS = trees.rows(400)
NAME = sql.Identifier("pg_temp", "kinds")


@pytest.fixture(scope="module")
def connection(pytestconfig):
    ini = RawConfigParser()
    ini.read(Path(pytestconfig.rootpath) / pytestconfig.getoption("--ckan-ini"))
    with psycopg.connect(ini["app:main"]["ckan.datastore.write_url"], options="-c timezone=UTC") as opened:
        postgis = sql.Identifier(postgis_schema(opened))
        columns = [
            sql.SQL("{} {}{}").format(
                sql.Identifier(field.name),
                sql.SQL(TYPES[field.type]),
                sql.SQL(' COLLATE "C"' if field.type == "string" else ""),
            )
            for field in KINDS.fields
        ]
        opened.execute(
            sql.SQL("CREATE TEMP TABLE kinds (_id integer, {}, _geom {}.geometry(Point, 4326))").format(
                sql.SQL(", ").join(columns), postgis
            )
        )
        names = ["_id", *(field.name for field in KINDS.fields)]
        insert = sql.SQL("INSERT INTO {} ({}) VALUES ({})").format(
            NAME, sql.SQL(", ").join(map(sql.Identifier, names)), sql.SQL(", ").join(map(sql.Placeholder, names))
        )
        opened.cursor().executemany(insert, ROWS)
        opened.execute(
            sql.SQL("UPDATE {} SET _geom = {}.st_setsrid({}.st_makepoint(longitude, latitude), 4326)").format(
                NAME, postgis, postgis
            )
        )
        yield opened


@pytest.fixture(scope="module")
def writer(connection):
    postgis = postgis_schema(connection)
    return lambda: SqlWriter(KINDS, NAME, postgis, areas=lambda _layer: AREA_OF)


@pytest.fixture(scope="module")
def hits(connection, writer):
    def ids(condition):
        written = writer()
        statement = written.select(Selection(("_id",), condition))
        return [row[0] for row in connection.execute(statement, written.values)]

    return ids


def expected(condition):
    return [row["_id"] for row in ROWS if trees.meets(condition, row) is True]


@settings(max_examples=examples(150), deadline=None, suppress_health_check=list(HealthCheck))
@example(Not(Comparison(Term("word"), "=", "a")))
@example(Like(Term("word"), "a\\%"))
@example(Comparison(Term("word", "upper"), "=", "É"))
@example(Comparison(Term("word", "lower"), "<", "A"))
@example(Comparison(Term("happened", "hour", "America/New_York"), "=", 1))
@example(Not(Interval("happened", None, None)))
@example(In(Term("pieces"), (2**40, 1)))
@example(Comparison(Term("pieces"), "<", float("inf")))
@example(Comparison(Term("pieces"), ">=", Term("minutes")))
@example(Envelope(179.0, -90.0, -79.0, 90.0))
@example(Distance(Geometry("Point", (180.0, 0.0)), 500_000.0))
@example(Or((Comparison(Term("cleared"), "=", True), Not(And((Like(Term("tag"), "%"), Like(Term("tag"), "_")))))))
@given(trees.conditions())
def test_a_filter_finds_the_rows_that_meet_it(hits, condition):
    assert hits(condition) == expected(condition)


def test_every_kind_of_condition_finds_some_rows_and_not_others(hits):
    """Else the test above would hold for nothing."""
    seen = [hits(condition) for condition in (Like(Term("word"), "a%"), Comparison(Term("day", "weekday"), "=", 0),
                                              Envelope(-80.0, 32.0, -79.0, 33.0))]  # fmt: skip
    assert all(0 < len(ids) < len(ROWS) for ids in seen)


def test_a_polygon_that_crosses_itself_is_answered(hits):
    bow = '{"rings":[[[-80,32.7],[-79.9,32.8],[-79.9,32.7],[-80,32.8],[-80,32.7]]]}'
    assert isinstance(hits(parse_geometry(bow)), list)
    assert isinstance(hits(parse_geometry(bow, distance="5", units="esriSRUnit_Kilometer")), list)


def test_pages_by_key_are_all_rows_once(connection, writer):
    order = (Order("word", descending=True), Order("day"))
    whole = writer()
    names = ("word", "day", "_id")
    all_rows = connection.execute(whole.select(Selection(names, order=order)), whole.values).fetchall()
    paged, after = [], ()
    while True:
        page = writer()
        question = Selection(names, order=order, limit=37, after=after)
        batch = connection.execute(page.select(question), page.values).fetchall()
        paged += batch
        if len(batch) < 37:
            break
        after = batch[-1]
    assert paged == all_rows
    assert len(paged) == len(ROWS)
    empty_last = [row[0] is None for row in all_rows]
    assert empty_last == sorted(empty_last)


def test_statistics(connection, writer):
    written = writer()
    question = Statistics(
        (Group(Term("word", "length"), "n"),),
        (
            Aggregate("count", "rows"),
            Aggregate("sum", "total", "pieces"),
            Aggregate("count", "days", "day", distinct=True),
        ),
        Not(Comparison(Term("beat"), "=", "a")),
        (Having("rows", ">", 5),),
        (GroupOrder("n", descending=True),),
    )  # fmt: skip
    answer = connection.execute(written.statistics(question), written.values).fetchall()
    groups: dict[int | None, list[trees.Row]] = {}
    for row in ROWS:
        if row["beat"] is not None and row["beat"] != "a":
            groups.setdefault(None if row["word"] is None else len(row["word"]), []).append(row)
    plain = [
        (
            length,
            len(held),
            sum(row["pieces"] for row in held if row["pieces"] is not None),
            len({row["day"] for row in held} - {None}),
        )
        for length, held in groups.items()
        if len(held) > 5
    ]
    plain.sort(key=lambda group: (group[0] is None, -(group[0] or 0)))
    assert [(length, rows, int(total), days) for length, rows, total, days in answer] == plain
    assert len(plain) > 3
