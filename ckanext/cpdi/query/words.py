"""Words of a search that have digits: numbers of records, days, figures. Each becomes conditions on columns.

In: the text of a search. Out: its plain words, which the text index finds, and for each other word what a row may have.
Numbers are not in the text index, since a million of them would take as long to index as all words together. A number
is found by its unique index, a day by the index of the time; other columns are compared row by row.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta, tzinfo

from ckanext.cpdi.declare import Field, Table
from ckanext.cpdi.query.tree import And, Between, Comparison, Condition, In, Interval, Term

_DAY = re.compile(r"(?P<year>(?:19|20)\d\d)(?:-(?P<month>\d\d)(?:-(?P<day>\d\d))?)?", re.ASCII)
_FIGURE = re.compile(r"-?\d{1,15}(\.\d{1,15})?", re.ASCII)
_SEPARATORS = "-_#"
"""Characters that separate a number's parts; CKAN's own search finds a number by its first part."""
_HIGHEST = "\U0010ffff"


@dataclass(frozen=True, slots=True)
class Word:
    """A word with a digit, or a ``prefix`` of one; with a ``column``, only that column is searched."""

    text: str
    prefix: bool = False
    column: str = ""


def split(text: str) -> tuple[str, list[Word]]:
    """Return the words without a digit of a plain ``text``, and the others."""
    parts = text.split()
    return " ".join(word for word in parts if not has_digit(word)), [Word(word) for word in parts if has_digit(word)]


def has_digit(word: str) -> bool:
    """Return whether the index of texts does not have ``word``."""
    return any(character.isdigit() for character in word)


def numbers(word: Word, table: Table) -> Iterator[Condition]:
    """Yield the conditions that a row's number is the word, as written or in upper case; none where rows have none."""
    cases = tuple(dict.fromkeys((word.text, word.text.upper())))
    for field in filter(is_number, _fields(word, table)):
        if not word.prefix:
            yield In(Term(field.name), cases)


def alternatives(word: Word, table: Table, zone: tzinfo) -> Iterator[Condition]:
    """Yield the conditions of which a row with the word meets one, beside that its indexed words have it.

    Days are those of ``zone`` and of UTC.
    """
    if not word.column and not word.prefix:
        for field in filter(is_unsearched, table.fields):
            yield Comparison(Term(field.name), "=", word.text)
    yield from numbers(word, table)
    yield from _begins_number(word, table)
    yield from _is_day(word, table, zone)
    yield from _is_figure(word, table)


def _fields(word: Word, table: Table, *types: str) -> Iterator[Field]:
    """Yield the fields of some types that the word may stand in; of all types without any."""
    for field in table.fields:
        if word.column in ("", field.name) and (not types or field.type in types):
            yield field


def _begins_number(word: Word, table: Table) -> Iterator[Condition]:
    """Yield the conditions for a row's number that begins with the prefix, or has the word as its first part."""
    for field in filter(is_number, _fields(word, table)):
        for end in ("",) if word.prefix else _SEPARATORS:
            start = word.text + end
            term = Term(field.name)
            yield And((Comparison(term, ">=", start), Comparison(term, "<", start + _HIGHEST)))


def _is_day(word: Word, table: Table, zone: tzinfo) -> Iterator[Condition]:
    """Yield the conditions for a time on the day, in the month or in the year."""
    days = _days(word.text)
    if days is None:
        return
    for field in _fields(word, table, "date"):
        term = Term(field.name)
        yield And((Comparison(term, ">=", days[0]), Comparison(term, "<", days[1])))
    for field in _fields(word, table, "datetime"):
        yield Interval(field.name, *_span(days, zone))


def _is_figure(word: Word, table: Table) -> Iterator[Condition]:
    """Yield the conditions for a figure of this value; with a prefix, for one with these first decimals."""
    figure = _FIGURE.fullmatch(word.text)
    if figure is None or (word.prefix and not figure[1]):
        return
    value = float(word.text) if figure[1] else int(word.text)
    for field in _fields(word, table, "number", "integer"):
        if not word.prefix:
            yield Comparison(Term(field.name), "=", value)
        else:
            step = 10.0 ** -(len(figure[1]) - 1) * (-1 if word.text.startswith("-") else 1)
            yield Between(Term(field.name), *sorted((value, round(value + step, len(figure[1])))))


def is_number(field: Field) -> bool:
    """Return whether the field is a record's number, which is unique."""
    return field.type == "string" and field.constraints.unique


def is_unsearched(field: Field) -> bool:
    """Return whether the field's text is left out of the text index."""
    return field.type == "string" and not field.search


def is_figure(word: str) -> bool:
    """Return whether ``word`` is a decimal number."""
    return _FIGURE.fullmatch(word) is not None


def is_day(word: str) -> bool:
    """Return whether ``word`` is a day, a month or a year."""
    return _days(word) is not None


def _days(word: str) -> tuple[date, date] | None:
    """Return the first day of the day, month or year ``word``, and the day after its last; None for anything else."""
    match = _DAY.fullmatch(word)
    if match is None:
        return None
    try:
        first = date(int(match["year"]), int(match["month"] or 1), int(match["day"] or 1))
    except ValueError:
        return None
    if match["day"]:
        return first, first + timedelta(days=1)
    return first, _next_month(first) if match["month"] else date(first.year + 1, 1, 1)


def _span(days: tuple[date, date], zone: tzinfo) -> tuple[datetime, datetime]:
    """Return start and end that cover the days in ``zone``, as files show them, and in UTC, as the API does."""
    starts, ends = ([datetime(at.year, at.month, at.day, tzinfo=kind) for kind in (zone, UTC)] for at in days)
    return min(starts), max(ends)


def _next_month(first: date) -> date:
    """Return the first day of the month after that of ``first``."""
    return date(first.year + first.month // 12, first.month % 12 + 1, 1)
