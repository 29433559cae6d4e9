"""The filter of the explorer as a plain form, which works without scripts.

In: a table as the department has it, and the parameters of the request. Out: the fields of the form with what was asked
in them, and the parameters that it has no field for, which it sends again.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from ckanext.cpdi.declare import Field, Table, Text
from ckanext.cpdi.query.errors import UnreadableError
from ckanext.cpdi.query.notation.moments import parse_day
from ckanext.cpdi.site.map.table import Column

Kind = Literal["date", "search", "list", "text"]
Pairs = Sequence[tuple[str, str]]
_FROM = Text("From", "Desde")
_TO = Text("To", "Hasta")
_WORDS = Text("Words", "Palabras")
_MOST = 60
"""Values of a list that people still choose from."""


@dataclass(frozen=True)
class Option:
    """A value and what it is called."""

    value: str
    title: str


@dataclass(frozen=True)
class FormField:
    """A field of the form; ``options`` are those of a list, which has an empty one before them."""

    name: str
    title: str
    kind: Kind
    value: str
    options: tuple[Option, ...] = ()


@dataclass(frozen=True)
class Form:
    """The fields, and the parameters that have none."""

    fields: tuple[FormField, ...]
    kept: Pairs


def form(table: Table, columns: Mapping[str, Column], categories: Sequence[str], asked: Pairs, language: str) -> Form:
    """Return the form for ``table`` with the parameters ``asked`` in it.

    ``categories`` are the department's groups of records, as they are published.
    """
    fixed: tuple[tuple[str, Text, Kind], ...] = (("from", _FROM, "date"), ("to", _TO, "date"))
    fields = [FormField(name, title.get(language), kind, _day(_only(asked, name))) for name, title, kind in fixed]
    for field in _chosen_by(table):
        values = categories if field.name == table.category else field.constraints.enum or ()
        column = columns[field.name]
        options = tuple(Option(value, column.values.get(value, value)) for value in values)
        kind: Kind = "list" if 0 < len(options) <= _MOST else "text"
        fields.append(FormField(field.name, column.title, kind, _only(asked, field.name), options))
    fields.append(FormField("q", _WORDS.get(language), "search", _only(asked, "q")))
    shown = {field.name for field in fields if _only(asked, field.name)}
    return Form(tuple(fields), tuple(pair for pair in asked if pair[0] not in shown and pair[1].strip()))


def _chosen_by(table: Table) -> list[Field]:
    """Return the fields that the form has: those that rows are filtered by, and an index finds them by."""
    return [field for field in table.fields if field.filter and field.index]


def _only(asked: Pairs, name: str) -> str:
    """Return the value of a parameter; empty where it has several, which a field cannot show."""
    values = [value for key, value in asked if key == name]
    return values[0] if len(values) == 1 else ""


def _day(text: str) -> str:
    """Return a day as a field takes it; empty for anything else, of which a browser complains."""
    try:
        return parse_day(text).isoformat()
    except UnreadableError:
        return ""
