"""Statistics, groups and distinct values, as ``outStatistics`` and its companions ask for them."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any, cast

from ckanext.cpdi.errors import Said
from ckanext.cpdi.query.columns import ROW_ID, Column
from ckanext.cpdi.query.errors import TooLargeQueryError, UnknownFunctionError, UnreadableError, WrongTypeError
from ckanext.cpdi.query.grammars.arcgis_where import parse_term
from ckanext.cpdi.query.grammars.sql.terms import PARTS
from ckanext.cpdi.query.question import Aggregate, AggregateKind, Group, GroupOrder, Having, Statistics
from ckanext.cpdi.query.tree import Condition, Term
from ckanext.cpdi.services.geoservices.fields import LayerField
from ckanext.cpdi.services.geoservices.having import read_having
from ckanext.cpdi.services.geoservices.layers import Layer
from ckanext.cpdi.services.geoservices.order import read_order
from ckanext.cpdi.services.geoservices.parameters import Parameters

OUT, BY = "outStatistics", "groupByFieldsForStatistics"
MOST = 50
"""Aggregates, and groups, of one query."""
_KINDS: dict[str, AggregateKind] = {name: name for name in ("count", "sum", "min", "max", "avg", "stddev", "var")}  # pyright: ignore[reportAssignmentType]  the names are the kinds
_NUMERIC = ("sum", "avg", "stddev", "var")
_SPLIT = re.compile(r",(?![^(]*\))")
_NAME = re.compile(r"[^\W\d]\w{0,127}")


@dataclass(frozen=True)
class Groups:
    """Groups, and what is counted in each; ``fields`` are those of the answer, further aggregates are only tested."""

    fields: tuple[LayerField, ...]
    groups: tuple[Group, ...]
    aggregates: tuple[Aggregate, ...] = ()
    having: tuple[Having, ...] = ()
    order: tuple[GroupOrder, ...] = ()

    def question(self, filter: Condition, limit: int | None = None, offset: int = 0) -> Statistics:
        """Return the question for the groups of the rows that meet ``filter``."""
        return Statistics(self.groups, self.aggregates, filter, self.having, self.order, limit, offset)


def read_distinct(layer: Layer, parameters: Parameters, fields: tuple[LayerField, ...]) -> Groups:
    """Return the distinct values of ``fields``; the id, which tells all rows apart, counts only where it is alone."""
    chosen = tuple(field for field in fields if field.column != ROW_ID) or fields
    groups = tuple(Group(Term(field.column), field.name) for field in chosen)
    return Groups(chosen, groups, order=_order(layer, parameters, groups, ()))


def read_statistics(layer: Layer, parameters: Parameters) -> Groups | None:
    """Return the statistics that are asked for, None where there are none; raise QueryError."""
    asked = parameters.document(OUT)
    if not asked:
        return None
    if not isinstance(asked, list) or not all(isinstance(part, dict) for part in cast("list[object]", asked)):
        raise UnreadableError(Said("{out} is a list of objects with statisticType and onStatisticField", out=OUT), OUT)
    definitions = cast("list[dict[str, Any]]", asked)
    by = [part.strip() for part in _SPLIT.split(parameters.text(BY)) if part.strip()]
    if len(definitions) > MOST or len(by) > MOST:
        raise TooLargeQueryError(Said("{out} and {by} have at most {most} parts", out=OUT, by=BY, most=MOST), OUT)
    grouped = [_group(layer, text) for text in by]
    counted = [_aggregate(layer, definition) for definition in definitions]
    aggregates = tuple(aggregate for aggregate, _ in counted)
    groups = tuple(group for group, _ in grouped)
    names = [*(group.name.lower() for group in groups), *(aggregate.name.lower() for aggregate in aggregates)]
    doubles = sorted({name for name in names if names.count(name) > 1})
    if doubles:
        raise UnreadableError(Said("{out} and {by} give {doubles} twice", out=OUT, by=BY, doubles=doubles[0]), OUT)
    having, tested = read_having(layer, parameters.text("having"), aggregates)
    return Groups(
        fields=(*(field for _, field in grouped), *(field for _, field in counted)),
        groups=groups,
        aggregates=(*aggregates, *tested),
        having=having,
        order=_order(layer, parameters, groups, aggregates),
    )


def _group(layer: Layer, text: str) -> tuple[Group, LayerField]:
    """Return a field to group by, or a part of a date; and the field of the answer that has it."""
    named = text.strip('"')
    if named in layer.columns or _NAME.fullmatch(named):
        column = layer.columns.find(named, BY)
        return Group(Term(column.name), _name(column)), _field_of(layer, column)
    term = parse_term(text, layer.columns, parameter=BY)
    if term.function not in PARTS.values():
        raise UnknownFunctionError("groups are of columns, and of parts of dates by EXTRACT", BY)
    return Group(term, text), LayerField(text, "", "esriFieldTypeInteger", text)


def _aggregate(layer: Layer, definition: dict[str, Any]) -> tuple[Aggregate, LayerField]:
    """Return what is counted, and the field of the answer that has it."""
    word = str(definition.get("statisticType") or "").lower()
    kind = _KINDS.get(word)
    if kind is None:
        raise UnknownFunctionError(
            Said("statisticType is one of {kinds}, not {word!r}", kinds=", ".join(_KINDS), word=word[:40]), OUT
        )
    on = str(definition.get("onStatisticField") or "").strip()
    column = layer.columns.find(on.strip('"') if on != "*" else ROW_ID, OUT)
    check_aggregate(kind, column)
    name = str(definition.get("outStatisticFieldName") or "").strip() or f"{word}_{_name(column)}"
    if not _NAME.fullmatch(name):
        raise UnreadableError(
            Said("outStatisticFieldName is a name of letters, digits and _, at most 128, not {name!r}", name=name[:40]),
            OUT,
        )
    keeps = kind in ("min", "max")
    source = _field_of(layer, column)
    type_ = source.type if keeps else "esriFieldTypeInteger" if kind == "count" else "esriFieldTypeDouble"
    field = LayerField(name, "", "esriFieldTypeInteger" if type_ == "esriFieldTypeOID" else type_, name)
    return Aggregate(kind, name, "" if column.name == ROW_ID and kind == "count" else column.name), field


def check_aggregate(kind: str, column: Column) -> None:
    """Raise WrongTypeError where ``column`` has nothing that can be reckoned with."""
    if kind in _NUMERIC and column.type not in ("integer", "number"):
        raise WrongTypeError(
            Said("{kind} is of a column of numbers; {name} is {kind2}", kind=kind, name=column.name, kind2=column.type),
            OUT,
        )
    if kind in ("min", "max") and column.type == "boolean":
        raise WrongTypeError(
            Said("{kind} is of a column of numbers, texts or times; {name} is boolean", kind=kind, name=column.name),
            OUT,
        )


def _order(
    layer: Layer, parameters: Parameters, groups: tuple[Group, ...], aggregates: tuple[Aggregate, ...]
) -> tuple[GroupOrder, ...]:
    """Return the order of the groups: as asked, then by the groups, so that pages fit together."""
    names = {part.name.lower(): part.name for part in (*groups, *aggregates)}
    orders: dict[str, GroupOrder] = {}
    for asked, descending in read_order(parameters):
        name = names.get(asked.lower())
        if name is None and not aggregates and asked.lower() in layer.columns:
            continue  # a column that is not among the distinct values
        if name is None:
            raise UnreadableError(
                Said("orderByFields has {names}, not {asked!r}", names=", ".join(names.values()), asked=asked[:60]),
                "orderByFields",
            )
        orders.setdefault(name, GroupOrder(name, descending))
    return (*orders.values(), *(GroupOrder(group.name) for group in groups if group.name not in orders))


def _name(column: Column) -> str:
    return "OBJECTID" if column.name == ROW_ID else column.name


def _field_of(layer: Layer, column: Column) -> LayerField:
    return next(field for field in layer.fields if field.column == column.name)
