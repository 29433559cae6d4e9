"""The columns of a table that a question can name, and values of their types.

In: a table as declared. Out: columns by name, whatever the case, and values converted or refused in words.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, tzinfo

from ckanext.cpdi.declare import Field, Table
from ckanext.cpdi.declare.reading.nearest import nearest
from ckanext.cpdi.declare.tables.field import FieldType
from ckanext.cpdi.errors import Said
from ckanext.cpdi.query.areas import NO_LAYERS, Layers, column_of, layer_of
from ckanext.cpdi.query.errors import UnknownColumnError, WrongTypeError
from ckanext.cpdi.query.tree import Function, Term, Value

ROW_ID = "_id"
"""The column of the row's id: a whole number that stays while the row is published."""
_INT64 = 2**63

_RESULT: dict[Function, FieldType] = {
    "lower": "string",
    "upper": "string",
    "unaccent": "string",
    "fold": "string",
    "trim": "string",
    "length": "integer",
    "year": "integer",
    "month": "integer",
    "day": "integer",
    "hour": "integer",
    "minute": "integer",
    "second": "integer",
    "weekday": "integer",
    "date": "date",
}
_ARGUMENT: dict[Function, tuple[FieldType, ...]] = {
    **dict.fromkeys(("lower", "upper", "unaccent", "fold", "trim", "length"), ("string",)),
    **dict.fromkeys(("year", "month", "day", "weekday", "date"), ("date", "datetime")),
    **dict.fromkeys(("hour", "minute", "second"), ("datetime",)),
}
_WORDS = {
    "string": Said("a text"),
    "integer": Said("a whole number"),
    "number": Said("a number"),
    "boolean": Said("true or false"),
    "date": Said("a day such as 2026-03-01"),
    "datetime": Said("a time such as 2026-03-01T14:30:00Z"),
}
_TRUE, _FALSE = ("true", "t", "yes", "1"), ("false", "f", "no", "0")


@dataclass(frozen=True)
class Column:
    """A column: its ``name`` in the table, its type, and its declaration, which the row's id does not have."""

    name: str
    type: FieldType
    field: Field | None = None


@dataclass(frozen=True, eq=False)
class Columns(Mapping[str, Column]):
    """The columns of ``table``; ``aliases`` are further names (``OBJECTID``) of columns. Names have any case.

    Terms can be of declared ``areas``, too (:mod:`.areas`), which are no columns that a row shows.
    """

    table: Table
    aliases: tuple[tuple[str, str], ...] = ()
    areas: Layers = field(default_factory=lambda: NO_LAYERS, repr=False)
    _by_name: dict[str, Column] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        """Gather the columns."""
        columns = {ROW_ID: Column(ROW_ID, "integer")}
        columns |= {declared.name: Column(declared.name, declared.type, declared) for declared in self.table.fields}
        columns |= {alias.lower(): columns[name] for alias, name in self.aliases}
        object.__setattr__(self, "_by_name", columns)

    def __getitem__(self, name: str) -> Column:
        """Return the column called ``name``; raise KeyError where there is none."""
        return self._by_name[name.strip().lower()]

    def __iter__(self) -> Iterator[str]:
        """Yield the names of the table's columns, that of the id first, without further names."""
        return iter((ROW_ID, *(declared.name for declared in self.table.fields)))

    def __len__(self) -> int:
        """Return the number of columns."""
        return 1 + len(self.table.fields)

    def find(self, name: str, parameter: str = "") -> Column:
        """Return the column called ``name``; raise UnknownColumnError, which names what there is."""
        column = self._by_name.get(name.strip().lower())
        if column is not None:
            return column
        names = [alias for alias, _ in self.aliases] + [declared.name for declared in self.table.fields]
        near, shown = nearest(name[:64], names), ", ".join(names)
        raise UnknownColumnError(
            Said(
                "there is no column {name!r}; did you mean {near}? There are {names}",
                name=name[:64],
                near=near,
                names=shown,
            )
            if near
            else Said("there is no column {name!r}; there are {names}", name=name[:64], names=shown),
            parameter,
        )

    def asked(self, name: str, parameter: str = "") -> Column:
        """Return the column, or the areas as one, that ``name`` is; raise UnknownColumnError as :meth:`find` does."""
        layer = layer_of(name.strip())
        if not layer:
            return self.find(name, parameter)
        if not self.table.place:
            raise UnknownColumnError("the rows of this table have no places, and so no areas", parameter)
        declared = next((known for known in self.areas if known.lower() == layer.lower()), None)
        if declared is None:
            names = ", ".join(map(column_of, self.areas)) or Said("none: no areas are declared")
            raise UnknownColumnError(
                Said("there are no areas {name!r}; there are {names}", name=name[:64], names=names), parameter
            )
        return Column(column_of(declared), "string")

    def term(self, name: str, function: Function | None = None, zone: str = "UTC", parameter: str = "") -> Term:
        """Return a column, or a function of one; raise WrongTypeError for a function of another type's columns."""
        column = self.asked(name, parameter)
        if function is not None and column.type not in _ARGUMENT[function]:
            expected = " or ".join(_ARGUMENT[function])
            raise WrongTypeError(
                Said(
                    "{function} is of a column of type {expected}; {name} is {kind}",
                    function=function,
                    expected=expected,
                    name=column.name,
                    kind=column.type,
                ),
                parameter,
            )
        return Term(column.name, function, zone if function and column.type == "datetime" else "UTC")

    def type_of(self, term: Term) -> FieldType:
        """Return the type of a term's values."""
        return _RESULT[term.function] if term.function else self.asked(term.column).type

    def value(self, term: Term, raw: object, zone: tzinfo = UTC, parameter: str = "") -> Value:
        """Return ``raw``, a text or a value of JSON, as a value of ``term``.

        Days, and times without a zone, are of ``zone``. Raises WrongTypeError. A text for a code is
        taken as it is: no row has it where it is no code; one for an area is the name of one.
        """
        kind = self.type_of(term)
        value = _CONVERTERS[kind](raw, zone)
        if value is None:
            shown = f"{raw!r}"[:80]
            raise WrongTypeError(
                Said(
                    "{column} is compared with {words}, not with {shown}",
                    column=term.column,
                    words=_WORDS[kind],
                    shown=shown,
                ),
                parameter,
            )
        if term.function is None and layer_of(term.column):
            self._check_area(term.column, str(value), parameter)
        return value

    def _check_area(self, column: str, name: str, parameter: str) -> None:
        """Raise WrongTypeError, which names what there is, where no area of a layer is called ``name``."""
        names = self.areas[layer_of(column)]
        if name not in names:
            near, shown = nearest(name[:64], names), ", ".join(names)
            raise WrongTypeError(
                Said(
                    "{column} has no {name!r}; did you mean {near}? There are {names}",
                    column=column,
                    name=name[:64],
                    near=near,
                    names=shown,
                )
                if near
                else Said("{column} has no {name!r}; there are {names}", column=column, name=name[:64], names=shown),
                parameter,
            )


def _text(raw: object, zone: tzinfo) -> str | None:  # noqa: ARG001  one signature for all types
    if isinstance(raw, bool) or not isinstance(raw, str | int | float):
        return None
    text = str(raw)
    return None if "\x00" in text else text


def _integer(raw: object, zone: tzinfo) -> int | float | None:
    number = _number(raw, zone)
    if number is None:
        return None
    whole = int(raw) if isinstance(raw, str) and re.fullmatch(r"\s*[+-]?\d{1,20}\s*", raw, re.ASCII) else number
    if isinstance(whole, float) and whole.is_integer() and abs(whole) < _INT64:
        return int(whole)
    return whole if abs(whole) < _INT64 else math.copysign(math.inf, whole)


def _number(raw: object, zone: tzinfo) -> float | int | None:  # noqa: ARG001
    if isinstance(raw, bool) or not isinstance(raw, str | int | float):
        return None
    try:
        number = float(raw)
    except (ValueError, OverflowError):
        return None
    if not math.isfinite(number):
        return None
    return raw if isinstance(raw, int) and abs(raw) < _INT64 else number


def _boolean(raw: object, zone: tzinfo) -> bool | None:  # noqa: ARG001
    if isinstance(raw, bool):
        return raw
    word = str(raw).strip().lower()
    return True if word in _TRUE else False if word in _FALSE else None


def _day(raw: object, zone: tzinfo) -> date | None:
    if isinstance(raw, datetime):
        return raw.astimezone(zone).date() if raw.tzinfo else raw.date()
    if isinstance(raw, date):
        return raw
    instant = _instant(raw, zone)
    try:
        return instant.astimezone(zone).date() if instant else None
    except OverflowError:  # the first and the last day of the calendar, in another zone
        return None


def _instant(raw: object, zone: tzinfo) -> datetime | None:
    if isinstance(raw, datetime):
        return raw if raw.tzinfo else raw.replace(tzinfo=zone)
    if isinstance(raw, date):
        return datetime(raw.year, raw.month, raw.day, tzinfo=zone)
    if not isinstance(raw, str) or len(raw) > 40:
        return None
    try:
        instant = datetime.fromisoformat(raw.strip())
    except ValueError:
        return None
    return instant if instant.tzinfo else instant.replace(tzinfo=zone)


_CONVERTERS = {
    "string": _text,
    "integer": _integer,
    "number": _number,
    "boolean": _boolean,
    "date": _day,
    "datetime": _instant,
}
