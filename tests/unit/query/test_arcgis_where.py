"""``where`` as ArcGIS clients send it, and the conditions that it is."""

from __future__ import annotations

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import pytest
from helpers.kinds import COLUMNS

from ckanext.cpdi.query.errors import (
    QueryError,
    TooLargeQueryError,
    UnknownColumnError,
    UnknownFunctionError,
    UnreadableError,
    WrongTypeError,
)
from ckanext.cpdi.query.grammars.arcgis_where import asks_the_clock, parse_where
from ckanext.cpdi.query.tree import (
    EVERYTHING,
    NOTHING,
    And,
    Between,
    Comparison,
    In,
    IsNull,
    Like,
    Not,
    Or,
    Term,
)

NOW = datetime(2026, 3, 10, 14, 30, tzinfo=UTC)
ID, TAG, WORD, BEAT, DAY = Term("_id"), Term("tag"), Term("word"), Term("beat"), Term("day")
HAPPENED, PIECES, MINUTES, CLEARED = Term("happened"), Term("pieces"), Term("minutes"), Term("cleared")


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


MEANINGS = [
    ("", EVERYTHING),
    ("  ", EVERYTHING),
    ("1=1", EVERYTHING),
    (" 1 = 1 ", EVERYTHING),
    ("(1=1)", EVERYTHING),
    ("1=0", NOTHING),
    ("1 = 2", NOTHING),
    ("'1'=1", EVERYTHING),
    ("'a' < 'b'", EVERYTHING),
    ("1<>1", NOTHING),
    ("True", EVERYTHING),
    ("FALSE", NOTHING),
    ("NOT 1=1", NOTHING),
    ("1=1 AND pieces = 3", Comparison(PIECES, "=", 3)),
    ("OBJECTID > 0", Comparison(ID, ">", 0)),
    ("OBJECTID>=-1", Comparison(ID, ">=", -1)),
    ("1234>OBJECTID", Comparison(ID, "<", 1234)),
    ("5 <= pieces", Comparison(PIECES, ">=", 5)),
    ("objectid IN (1, 2,3)", In(ID, (1, 2, 3))),
    ("OBJECTID NOT IN (1,2)", Not(In(ID, (1, 2)))),
    ("NOT (OBJECTID IN (1))", Not(In(ID, (1,)))),
    ("OBJECTID >= 1 AND OBJECTID <= 1000", And((Comparison(ID, ">=", 1), Comparison(ID, "<=", 1000)))),
    ("\"Word\" = 'x'", Comparison(WORD, "=", "x")),
    ("WORD = 'x'", Comparison(WORD, "=", "x")),
    ("word = N'ñ'", Comparison(WORD, "=", "ñ")),
    ("word = 'GRAND''S STREET''S'", Comparison(WORD, "=", "GRAND'S STREET'S")),
    ("word = '-- /* ; DROP TABLE x'", Comparison(WORD, "=", "-- /* ; DROP TABLE x")),
    ("word <> 'x'", Comparison(WORD, "<>", "x")),
    ("word != 'x'", Comparison(WORD, "<>", "x")),
    ("beat = 007", Comparison(BEAT, "=", "7")),
    ("beat = 1.50", Comparison(BEAT, "=", "1.50")),
    ("beat IN (1, 'A2')", In(BEAT, ("1", "A2"))),
    ("pieces = '3'", Comparison(PIECES, "=", 3)),
    ("minutes > '3.5'", Comparison(MINUTES, ">", 3.5)),
    ("minutes = -2.5", Comparison(MINUTES, "=", -2.5)),
    ("minutes = 2e3", Comparison(MINUTES, "=", 2000.0)),
    ("pieces = 1 + 2", Comparison(PIECES, "=", 3)),
    ("pieces = CAST('3' AS INTEGER)", Comparison(PIECES, "=", 3)),
    ("word = CAST(3 AS VARCHAR(10))", Comparison(WORD, "=", "3")),
    ("word LIKE '%Oak%'", Like(WORD, "%Oak%")),
    ("word NOT LIKE 'A_%'", Not(Like(WORD, "A_%"))),
    ("word LIKE '50!%%' ESCAPE '!'", Like(WORD, r"50\%%")),
    (r"word LIKE '50\%' ESCAPE '\'", Like(WORD, r"50\%")),
    (r"word LIKE 'a\b!!' ESCAPE '!'", Like(WORD, r"a\\b!")),
    ("UPPER(word) LIKE UPPER('%oak%')", Like(Term("word", "upper"), "%OAK%")),
    ("lower(word) = 'oak'", Comparison(Term("word", "lower"), "=", "oak")),
    ("word ILIKE '%Oak'", Like(Term("word", "lower"), "%oak")),
    ("TRIM(word) = 'x'", Comparison(Term("word", "trim"), "=", "x")),
    ("CHAR_LENGTH(word) > 3", Comparison(Term("word", "length"), ">", 3)),
    ("word IS NULL", IsNull(WORD)),
    ("word IS NOT NULL", Not(IsNull(WORD))),
    ("word IS NULL AND beat IS NOT NULL", And((IsNull(WORD), Not(IsNull(BEAT))))),
    ("'word' IS NOT NULL", EVERYTHING),
    ("pieces BETWEEN 1 AND 3", Between(PIECES, 1, 3)),
    ("pieces NOT BETWEEN 1 AND 3", Not(Between(PIECES, 1, 3))),
    ("2 BETWEEN pieces AND minutes", And((Comparison(PIECES, "<=", 2), Comparison(MINUTES, ">=", 2)))),
    ("pieces > minutes", Comparison(PIECES, ">", MINUTES)),
    ("closed >= happened", Comparison(Term("closed"), ">=", HAPPENED)),
    ("cleared = True", Comparison(CLEARED, "=", True)),
    ("cleared = 'false'", Comparison(CLEARED, "=", False)),
    ("cleared = 1", Comparison(CLEARED, "=", True)),
    ("cleared", Comparison(CLEARED, "=", True)),
    ("NOT cleared", Not(Comparison(CLEARED, "=", True))),
    ("cleared IS NOT TRUE", Or((Comparison(CLEARED, "=", False), IsNull(CLEARED)))),
    ("cleared IS UNKNOWN", IsNull(CLEARED)),
    ("happened >= DATE '2026-01-02'", Comparison(HAPPENED, ">=", at("2026-01-02"))),
    ("happened >= date '2026-01-02'", Comparison(HAPPENED, ">=", at("2026-01-02"))),
    ("happened > TIMESTAMP '2026-01-02 12:15'", Comparison(HAPPENED, ">", at("2026-01-02T12:15"))),
    ("happened = TIMESTAMP '2026-01-02 12:15:01.5'", Comparison(HAPPENED, "=", at("2026-01-02T12:15:01.5"))),
    ("happened > '2026-01-02T12:15:00Z'", Comparison(HAPPENED, ">", at("2026-01-02T12:15"))),
    (
        "happened BETWEEN DATE '2026-01-01' AND DATE '2026-02-01'",
        Between(HAPPENED, at("2026-01-01"), at("2026-02-01")),
    ),
    ("happened > CURRENT_TIMESTAMP", Comparison(HAPPENED, ">", NOW)),
    ("happened > CURRENT_TIMESTAMP - INTERVAL '7' DAY", Comparison(HAPPENED, ">", at("2026-03-03T14:30"))),
    ("happened > CURRENT_TIMESTAMP - INTERVAL '36' HOUR", Comparison(HAPPENED, ">", at("2026-03-09T02:30"))),
    (
        "happened > CURRENT_TIMESTAMP - INTERVAL '1 02:30:00' DAY TO SECOND",
        Comparison(HAPPENED, ">", at("2026-03-09T12")),
    ),
    ("happened > CURRENT_TIMESTAMP - INTERVAL '2 days 1 hour'", Comparison(HAPPENED, ">", at("2026-03-08T13:30"))),
    ("happened > CURRENT_DATE - INTERVAL '1' MONTH", Comparison(HAPPENED, ">", at("2026-02-10"))),
    ("happened > DATE '2026-03-31' - INTERVAL '1' MONTH", Comparison(HAPPENED, ">", at("2026-02-28"))),
    ("happened > CURRENT_DATE - 7", Comparison(HAPPENED, ">", at("2026-03-03"))),
    ("day = DATE '2026-01-02'", Comparison(DAY, "=", date(2026, 1, 2))),
    ("day >= TIMESTAMP '2026-01-02 00:00:00'", Comparison(DAY, ">=", date(2026, 1, 2))),
    ("day >= TIMESTAMP '2026-01-02 12:00:00'", Comparison(DAY, ">", date(2026, 1, 2))),
    ("day < TIMESTAMP '2026-01-02 12:00:00'", Comparison(DAY, "<=", date(2026, 1, 2))),
    (
        "day BETWEEN TIMESTAMP '2026-01-02 00:00:00' AND TIMESTAMP '2026-01-03 23:59:59'",
        Between(DAY, date(2026, 1, 2), date(2026, 1, 3)),
    ),
    ("day = CURRENT_DATE", Comparison(DAY, "=", date(2026, 3, 10))),
    ("EXTRACT(YEAR FROM happened) = 2026", Comparison(Term("happened", "year"), "=", 2026)),
    ("EXTRACT(MONTH FROM day) IN (1,2)", In(Term("day", "month"), (1, 2))),
    ("CAST(happened AS DATE) = DATE '2026-01-02'", Comparison(Term("happened", "date"), "=", date(2026, 1, 2))),
    (
        "EXTRACT(HOUR FROM happened AT TIME ZONE 'America/New_York') = 20",
        Comparison(Term("happened", "hour", "America/New_York"), "=", 20),
    ),
    (
        "(word like '%a%' AND beat = 'b') OR pieces = 1",
        Or((And((Like(WORD, "%a%"), Comparison(BEAT, "=", "b"))), Comparison(PIECES, "=", 1))),
    ),
    ("pieces = 1 -- as somebody wrote it", Comparison(PIECES, "=", 1)),
]


@pytest.mark.parametrize(("text", "meaning"), MEANINGS, ids=[text for text, _ in MEANINGS])
def test_a_where_means_what_it_says(text, meaning):
    assert parse_where(text, COLUMNS, now=NOW) == meaning


def test_no_where_is_everything():
    assert parse_where(None, COLUMNS) == EVERYTHING


def test_days_are_those_of_the_zone():
    condition = parse_where(
        "happened >= DATE '2026-01-02' AND EXTRACT(HOUR FROM happened) = 3", COLUMNS, ZoneInfo("America/New_York")
    )
    assert isinstance(condition, And)
    first, second = condition.parts
    assert first == Comparison(HAPPENED, ">=", at("2026-01-02T05:00"))
    assert second == Comparison(Term("happened", "hour", "America/New_York"), "=", 3)


REFUSALS = [
    ("colour = 'red'", UnknownColumnError, "no column 'colour'"),
    ("kinds.word = 'x'", UnknownColumnError, "by its name alone"),
    ("word = current_user", UnknownFunctionError, "CURRENT_USER"),
    ("word = 'x'; DROP TABLE kinds", UnknownFunctionError, "second statement"),
    ("word = 'x';", UnknownFunctionError, "second statement"),
    ("pieces = (SELECT 1)", UnknownFunctionError, "subquery"),
    ("pieces IN (SELECT pieces FROM kinds)", UnknownFunctionError, "subquery"),
    ("1=1 UNION SELECT 1", UnknownFunctionError, "UNION"),
    ("1=1 ORDER BY word", UnknownFunctionError, "sortClause"),
    ("1=1 GROUP BY word", UnknownFunctionError, "groupClause"),
    ("1=1 LIMIT 1", UnknownFunctionError, "limitCount"),
    ("1=1 FOR UPDATE", UnknownFunctionError, "lockingClause"),
    ("pg_sleep(10) IS NULL", UnknownFunctionError, "pg_sleep"),
    ("word ~ 'x'", UnknownFunctionError, "~"),
    ("word SIMILAR TO 'x'", UnknownFunctionError, "~"),
    ("word || 'x' = 'y'", UnknownFunctionError, "reckoning"),
    ("pieces + 1 = 2", UnknownFunctionError, "reckoning"),
    ("word::regclass = 'x'", UnknownFunctionError, "regclass"),
    ("'x'::regclass = word", UnknownFunctionError, "regclass"),
    ("word = ANY('{a}')", UnknownFunctionError, "="),
    ("word IS DISTINCT FROM 'x'", UnknownFunctionError, "="),
    ("word OPERATOR(pg_catalog.=) 'x'", UnknownFunctionError, "signs alone"),
    ("pieces = $1", UnknownFunctionError, "parameter"),
    ("UPPER(TRIM(word)) = 'X'", UnknownFunctionError, "another function"),
    ("EXTRACT(EPOCH FROM happened) > 1", UnknownFunctionError, "EPOCH"),
    ("CASE WHEN 1=1 THEN 1 END = 1", UnknownFunctionError, "CASE"),
    ("count(*) > 1", UnknownFunctionError, "count"),
    ("word = 5 AND pieces = 'many'", WrongTypeError, "pieces is compared with a whole number, not with 'many'"),
    ("happened > 'barz'", WrongTypeError, "a time such as"),
    ("happened > TIMESTAMP 'barz'", WrongTypeError, "TIMESTAMP '2026-03-01 14:30:00'"),
    ("happened > 17", WrongTypeError, "a time such as"),
    ("cleared = 'perhaps'", WrongTypeError, "true or false"),
    ("word = NULL", WrongTypeError, "IS NULL"),
    ("word", WrongTypeError, "compared with nothing"),
    ("1", WrongTypeError, "such as 1=1"),
    ("UPPER(pieces) = 'X'", WrongTypeError, "upper is of a column of type string"),
    ("EXTRACT(HOUR FROM day) = 1", WrongTypeError, "hour"),
    ("pieces LIKE '1%'", WrongTypeError, "LIKE"),
    ("word > pieces", WrongTypeError, "not of one type"),
    ("'a' < 1", WrongTypeError, "different types"),
    ("happened > CURRENT_TIMESTAMP - INTERVAL '999999999999' YEAR", QueryError, "outside the calendar"),
    ("happened > CURRENT_TIMESTAMP - INTERVAL 'long' DAY", UnreadableError, "INTERVAL '7' DAY"),
    ("EXTRACT(HOUR FROM happened AT TIME ZONE '../etc') = 1", QueryError, "time zone"),
    (r"word LIKE 'x\'", UnreadableError, "pattern"),
    ("word = 'x", UnreadableError, "unterminated quoted string"),
    ("word =", UnreadableError, "end of input"),
    ("survey >= date 2017-02-05", UnreadableError, "syntax error"),
    ("OBJECTID IN ()", UnreadableError, "syntax error"),
    ("word = 'x'\x00", UnreadableError, "Unicode"),
    ("word = '\ud800'", UnreadableError, "Unicode"),
    ("word LIKE '" + "%a" * 11 + "'", TooLargeQueryError, "wildcards"),
    (" AND ".join(["pieces = 1"] * 300), TooLargeQueryError, "conditions"),
    ("pieces IN (" + ",".join(["1"] * 9_000) + ")", TooLargeQueryError, "16000 characters"),
    ("(" * 40 + "1=1" + ")" * 40, TooLargeQueryError, "deep"),
    ("NOT " * 200 + "1=1", TooLargeQueryError, "words"),
]


@pytest.mark.parametrize(
    ("text", "kind", "words"), REFUSALS, ids=[text[:40].encode("ascii", "replace") for text, *_ in REFUSALS]
)
def test_what_is_not_answered_is_refused_in_words(text, kind, words):
    with pytest.raises(kind, match=r".") as refusal:
        parse_where(text, COLUMNS, now=NOW)
    assert words in str(refusal.value)
    assert refusal.value.parameter == "where"
    assert len(str(refusal.value)) < 600


def test_a_where_that_asks_the_clock():
    assert asks_the_clock("happened > current_date - 7")
    assert asks_the_clock("happened > NOW()")
    assert not asks_the_clock("happened > DATE '2026-01-01'")
    assert not asks_the_clock(None)
