"""SELECT statements as tools send them to ``datastore_search_sql``, and the questions that they are."""

from __future__ import annotations

import re
from datetime import UTC, datetime

import pytest
from helpers.kinds import COLUMNS, KINDS

from ckanext.cpdi.query.errors import (
    QueryError,
    UnknownColumnError,
    UnknownFunctionError,
    UnreadableError,
    WrongTypeError,
)
from ckanext.cpdi.query.grammars.select import parse_select, without_more_than
from ckanext.cpdi.query.grammars.sql.statement import read_select
from ckanext.cpdi.query.question import Aggregate, Group, GroupOrder, Having, Order, Selection, Statistics
from ckanext.cpdi.query.tree import And, Between, Comparison, Like, Or, Term

ALL = ("_id", *(field.name for field in KINDS.fields))
TABLE = '"4a1c-9"'


def asked(sql, **keys):
    return parse_select(read_select(re.sub(r"\bT\b", TABLE, sql)), COLUMNS, **keys)


def names(select):
    return [(output.name, output.place) for output in select.outputs]


def test_the_table_is_named_by_its_resource():
    assert read_select('SELECT * FROM "4a1c-9"').table == "4a1c-9"
    assert read_select('select count(*) from public."4a1c-9" AS rows;').table == "4a1c-9"


SELECTIONS = [
    ("SELECT * FROM T", Selection(ALL)),
    ('SELECT * FROM T ORDER BY "_id" OFFSET 0 LIMIT 100', Selection(ALL, order=(Order("_id"),), limit=100)),
    ('SELECT "tag", "word" FROM T LIMIT 5 OFFSET 10', Selection(("tag", "word"), limit=5, offset=10)),
    ("SELECT t.tag FROM T t", Selection(("tag",))),
    ("SELECT t.* FROM T AS t LIMIT ALL", Selection(ALL)),
    ('SELECT tag FROM T WHERE word = \'x\'', Selection(("tag",), Comparison(Term("word"), "=", "x"))),
    ("SELECT tag AS number FROM T ORDER BY number DESC, 1", Selection(("tag",), order=(Order("tag", True),))),
    ("SELECT tag FROM T ORDER BY happened DESC NULLS LAST, word",
     Selection(("tag",), order=(Order("happened", True), Order("word")))),
]  # fmt: skip


@pytest.mark.parametrize(("sql", "question"), SELECTIONS)
def test_rows(sql, question):
    assert asked(sql).question == question


def test_columns_have_the_names_that_are_asked_for():
    select = asked("SELECT tag AS number, UPPER(word), EXTRACT(YEAR FROM happened) AS y, happened::date, pieces FROM T")
    assert [output.name for output in select.outputs] == ["number", "upper", "y", "happened", "pieces"]
    assert [output.type for output in select.outputs] == ["string", "string", "integer", "date", "integer"]
    assert select.terms == (
        Term("tag"),
        Term("word", "upper"),
        Term("happened", "year"),
        Term("happened", "date"),
        Term("pieces"),
    )


def test_what_openpolicedata_sends():
    """The requests of its CKAN reader (0.12), by the code that makes them."""
    where = """("happened" >= '2024-01-01' AND "happened" <= '2024-12-31T23:59:59.999') AND word='x'"""
    count = asked(f"SELECT COUNT(*) FROM T WHERE {where} OFFSET 0")
    assert isinstance(count.question, Statistics)
    assert count.question.aggregates == (Aggregate("count", "a0"),)
    assert names(count) == [("count", 0)]
    page = asked(f'SELECT "tag", "happened" FROM T WHERE {where} ORDER BY "_id" OFFSET 0 LIMIT 32000')
    assert isinstance(page.question, Selection)
    assert (
        page.question.filter
        == count.question.filter
        == And(
            (
                Comparison(Term("happened"), ">=", datetime(2024, 1, 1, tzinfo=UTC)),
                Comparison(Term("happened"), "<=", datetime(2024, 12, 31, 23, 59, 59, 999000, tzinfo=UTC)),
                Comparison(Term("word"), "=", "x"),
            )
        )
    )
    years = asked("""SELECT * FROM T WHERE ("tag" LIKE '%2023%' OR "tag" LIKE '%2024%') ORDER BY "_id" OFFSET 0""")
    assert years.question.filter == Or((Like(Term("tag"), "%2023%"), Like(Term("tag"), "%2024%")))
    assert asked("SELECT DISTINCT word FROM T OFFSET 0 LIMIT 9").question == Statistics(
        (Group(Term("word"), "g0"),), limit=9
    )


STATISTICS = [
    ("SELECT count(*) FROM T", Statistics(aggregates=(Aggregate("count", "a0"),)), [("count", 0)]),
    ("SELECT count(1) AS n FROM T", Statistics(aggregates=(Aggregate("count", "a0"),)), [("n", 0)]),
    ("SELECT count(DISTINCT word), count(word) AS w FROM T",
     Statistics(aggregates=(Aggregate("count", "a0", "word", True), Aggregate("count", "a1", "word"))),
     [("count", 0), ("w", 1)]),
    ("SELECT sum(pieces), avg(minutes), min(happened), max(day) FROM T",
     Statistics(aggregates=(Aggregate("sum", "a0", "pieces"), Aggregate("avg", "a1", "minutes"),
                            Aggregate("min", "a2", "happened"), Aggregate("max", "a3", "day"))),
     [("sum", 0), ("avg", 1), ("min", 2), ("max", 3)]),
    ("SELECT word, count(*) FROM T GROUP BY word ORDER BY count(*) DESC, word LIMIT 5",
     Statistics((Group(Term("word"), "g0"),), (Aggregate("count", "a0"),),
                order=(GroupOrder("a0", True), GroupOrder("g0")), limit=5),
     [("word", 0), ("count", 1)]),
    ("SELECT count(*) AS n, word AS w FROM T GROUP BY w ORDER BY n",
     Statistics((Group(Term("word"), "g0"),), (Aggregate("count", "a0"),), order=(GroupOrder("a0"),)),
     [("n", 1), ("w", 0)]),
    ("SELECT EXTRACT(YEAR FROM happened) AS y, count(*) FROM T GROUP BY 1 ORDER BY 1",
     Statistics((Group(Term("happened", "year"), "g0"),), (Aggregate("count", "a0"),), order=(GroupOrder("g0"),)),
     [("y", 0), ("count", 1)]),
    ("SELECT word FROM T WHERE pieces BETWEEN 1 AND 2 GROUP BY word, beat HAVING count(*) > 5 AND 2.5 <= sum(minutes)",
     Statistics((Group(Term("word"), "g0"), Group(Term("beat"), "g1")),
                (Aggregate("count", "a0"), Aggregate("sum", "a1", "minutes")), Between(Term("pieces"), 1, 2),
                (Having("a0", ">", 5), Having("a1", ">=", 2.5))),
     [("word", 0)]),
    ("SELECT DISTINCT word, beat FROM T ORDER BY beat",
     Statistics((Group(Term("word"), "g0"), Group(Term("beat"), "g1")), order=(GroupOrder("g1"),)),
     [("word", 0), ("beat", 1)]),
]  # fmt: skip


@pytest.mark.parametrize(("sql", "question", "columns"), STATISTICS)
def test_groups_and_aggregates(sql, question, columns):
    select = asked(sql)
    assert select.question == question
    assert names(select) == columns


def test_types_of_aggregates():
    select = asked(
        "SELECT count(*) AS a, sum(pieces) AS b, avg(pieces) AS c, min(happened) AS d, sum(minutes) AS e FROM T"
    )
    assert [output.type for output in select.outputs] == ["integer", "integer", "number", "datetime", "number"]


def test_a_page_has_at_most_so_many_rows():
    assert without_more_than(asked("SELECT * FROM T"), 7).question.limit == 7
    assert without_more_than(asked("SELECT * FROM T LIMIT 3"), 7).question.limit == 3
    assert without_more_than(asked("SELECT word, count(*) FROM T GROUP BY 1 LIMIT 30"), 7).question.limit == 7


REFUSALS = [
    ("", UnknownFunctionError, "one SELECT"),
    ("DROP TABLE T", UnknownFunctionError, "one SELECT"),
    ("SELECT * FROM T; DELETE FROM T", UnknownFunctionError, "second statement"),
    ("SELECT * FROM", UnreadableError, "syntax error"),
    ("SELECT 1", UnknownFunctionError, "FROM names one table"),
    ("SELECT * FROM T, T", UnknownFunctionError, "FROM names one table"),
    ("SELECT * FROM T a JOIN T b ON true", UnknownFunctionError, "join"),
    ("SELECT * FROM (SELECT 1) a", UnknownFunctionError, "subquery"),
    ("SELECT * FROM ONLY T", UnknownFunctionError, "FROM names one table"),
    ("SELECT * FROM T TABLESAMPLE SYSTEM (1)", UnknownFunctionError, "FROM names one table"),
    ("SELECT * FROM generate_series(1, 9)", UnknownFunctionError, "FROM names one table"),
    ("SELECT * FROM pg_catalog.pg_user", UnknownFunctionError, "alone"),
    ("SELECT * FROM T AS t(a)", UnknownFunctionError, "colnames"),
    ("WITH a AS (SELECT 1) SELECT * FROM T", UnknownFunctionError, "subquery"),
    ("WITH a AS (TABLE b) SELECT * FROM T", UnknownFunctionError, "withClause"),
    ("SELECT * FROM T UNION SELECT * FROM T", UnknownFunctionError, "UNION"),
    ("SELECT * INTO x FROM T", UnknownFunctionError, "intoClause"),
    ("SELECT * FROM T FOR UPDATE", UnknownFunctionError, "lockingClause"),
    ("SELECT * FROM T WINDOW w AS ()", UnknownFunctionError, "windowClause"),
    ("VALUES (1)", UnknownFunctionError, "VALUES"),
    ("SELECT FROM T", QueryError, "columns"),
    ("SELECT colour FROM T", UnknownColumnError, "colour"),
    ("SELECT u.tag FROM T t", UnknownColumnError, "u.tag"),
    ("SELECT u.* FROM T t", UnknownFunctionError, "table in FROM"),
    ("SELECT 'x' FROM T", UnknownFunctionError, "column"),
    ("SELECT pg_sleep(1) FROM T", UnknownFunctionError, "pg_sleep"),
    ("SELECT pieces + 1 FROM T", UnknownFunctionError, "reckoning"),
    ("SELECT word::regclass FROM T", UnknownFunctionError, "regclass"),
    ("SELECT (word).x FROM T", UnknownFunctionError, "expected"),
    ("SELECT count(*) OVER () FROM T", UnknownFunctionError, "OVER"),
    ("SELECT count(*) FILTER (WHERE pieces > 1) FROM T", UnknownFunctionError, "FILTER"),
    ("SELECT count(tag, word) FROM T", UnknownFunctionError, "one column"),
    ("SELECT sum(word) FROM T", WrongTypeError, "no sum of word"),
    ("SELECT word, count(*) FROM T", QueryError, "GROUP BY"),
    ("SELECT word, beat, count(*) FROM T GROUP BY word", QueryError, "'beat'"),
    ("SELECT word, count(*) FROM T GROUP BY 3", QueryError, "columns 1 to 2"),
    ("SELECT word FROM T GROUP BY ROLLUP (word)", UnknownFunctionError, "GroupingSet"),
    ("SELECT word FROM T GROUP BY word HAVING word = 'x'", UnknownFunctionError, "HAVING"),
    ("SELECT word FROM T GROUP BY word HAVING count(*) > 1 OR count(*) < 0", UnknownFunctionError, "HAVING"),
    ("SELECT word FROM T GROUP BY word HAVING count(*) > 'x'", WrongTypeError, "number"),
    ("SELECT word FROM T GROUP BY word HAVING max(day) > 5", WrongTypeError, "number"),
    ("SELECT DISTINCT ON (word) word FROM T", UnknownFunctionError, "DISTINCT"),
    ("SELECT DISTINCT word FROM T ORDER BY beat", QueryError, "ORDER BY"),
    ("SELECT word FROM T ORDER BY UPPER(word)", UnknownFunctionError, "sorted by columns"),
    ("SELECT word FROM T ORDER BY word NULLS FIRST", UnknownFunctionError, "NULLS FIRST"),
    ("SELECT word FROM T ORDER BY word USING <", UnknownFunctionError, "ASC or DESC"),
    ("SELECT word FROM T ORDER BY 2", QueryError, "columns 1 to 1"),
    ("SELECT word FROM T LIMIT -1", WrongTypeError, "LIMIT"),
    ("SELECT word FROM T LIMIT 'x'", WrongTypeError, "LIMIT"),
    ("SELECT word FROM T LIMIT (SELECT 1)", UnknownFunctionError, "subquery"),
    ("SELECT word FROM T OFFSET 99999999999", WrongTypeError, "OFFSET"),
    ("SELECT word FROM T ORDER BY word FETCH FIRST 2 ROWS WITH TIES", UnknownFunctionError, "WITH TIES"),
    ("SELECT upper(word), upper(beat) FROM T", QueryError, "AS"),
    ("SELECT word FROM T WHERE pieces = 'x'", WrongTypeError, "whole number"),
    ("SELECT " + ", ".join(["word"] * 600) + " FROM T", QueryError, "500 columns"),
]


@pytest.mark.parametrize(("sql", "kind", "words"), REFUSALS, ids=[sql[:60] for sql, *_ in REFUSALS])
def test_what_is_not_answered_is_refused_in_words(sql, kind, words):
    with pytest.raises(kind) as refusal:
        asked(sql)
    assert words in str(refusal.value)
    assert refusal.value.parameter == "sql"
