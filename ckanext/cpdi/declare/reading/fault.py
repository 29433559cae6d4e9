"""Words for a value that does not fit its type: its place by keys, and what was expected.

Whoever reads these words writes YAML and does not know our types.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, cast

import msgspec
from msgspec import inspect

from ckanext.cpdi.declare.reading.nearest import nearest, unknown

Place = tuple[str, ...]


def first_fault(value: object, into: Any, at: Place = ()) -> str:  # noqa: ANN401  any type that msgspec reads
    """Return ``place: what was expected`` for the first part of ``value`` that does not fit; empty for none.

    ``at`` is the place of ``value`` itself.
    """
    for place, words in _faults(value, inspect.type_info(into), at):
        return f"{'.'.join(place)}: {words}" if place else words
    return ""


def _faults(value: object, kind: inspect.Type, place: Place) -> Iterator[tuple[Place, str]]:
    match kind:
        case inspect.Metadata():
            yield from _faults(value, kind.type, place)
        case inspect.StructType():
            yield from _of_struct(value, kind, place)
        case inspect.DictType():
            yield from _of_mapping(value, kind, place)
        case inspect.VarTupleType() | inspect.ListType():
            yield from _of_list(value, kind.item_type, place)
        case inspect.UnionType() if value is not None or not kind.includes_none:
            yield from _of_union(value, kind, place)
        case _:
            if words := _leaf(value, kind):
                yield place, words


def _of_struct(value: object, kind: inspect.StructType, place: Place) -> Iterator[tuple[Place, str]]:
    """Yield unknown and missing keys, then faults of the values, then what the struct itself refuses."""
    if not isinstance(value, dict):
        names = ", ".join(field.encode_name for field in kind.fields[:4])
        yield place, f"is no mapping of {names} …" if names else "has no keys"
        return
    mapping = cast(dict[object, object], value)
    fields = {field.encode_name: field for field in kind.fields if not field.encode_name.startswith("_")}
    for key in mapping:
        if key not in fields:
            yield place, unknown(str(key), fields)
    for name, field in fields.items():
        if name in mapping:
            yield from _faults(mapping[name], field.type, (*place, name))
        elif field.required:
            yield place, f"{name} is missing{_description(field.type)}"
    try:
        msgspec.convert(value, kind.cls)
    except msgspec.ValidationError as error:
        yield place, _without_path(error)


def _of_mapping(value: object, kind: inspect.DictType, place: Place) -> Iterator[tuple[Place, str]]:
    if not isinstance(value, dict):
        yield place, "is no mapping of names to what they mean"
        return
    for key, inner in cast(dict[object, object], value).items():
        if not isinstance(key, str):
            yield place, f"the key {_shown(key)} is no text: write it in quotation marks"
        yield from _faults(inner, kind.value_type, (*place, str(key)))


def _of_list(value: object, kind: inspect.Type, place: Place) -> Iterator[tuple[Place, str]]:
    if not isinstance(value, list | tuple):
        yield place, f"is no list: write [{_shown(value)}]" if not isinstance(value, dict) else "is no list"
        return
    for number, item in enumerate(cast(list[object], value), start=1):
        yield from _faults(item, kind, (*place, _item_name(item, number)))


def _of_union(value: object, union: inspect.UnionType, place: Place) -> Iterator[tuple[Place, str]]:
    """Yield a fault where ``value`` is none of the types; where only one of them could be meant, that one's."""
    kinds = [kind for kind in union.types if not isinstance(kind, inspect.NoneType)]
    firsts = [next(_faults(value, kind, place), None) for kind in kinds]
    if None not in firsts:
        faults = [fault for fault in firsts if fault]
        yield faults[0] if len(faults) == 1 else (place, ", or ".join(words for _, words in faults))


def _leaf(value: object, kind: inspect.Type) -> str:
    """Return what is wrong with a single value; empty for nothing."""
    match kind:
        case inspect.StrType():
            return "" if isinstance(value, str) else f"{_shown(value)} is no text: write it in quotation marks"
        case inspect.BoolType():
            return "" if isinstance(value, bool) else f"{_shown(value)} is neither true nor false"
        case inspect.IntType() | inspect.FloatType():
            return _number(value, kind)
        case inspect.LiteralType():
            choices = [str(choice) for choice in kind.values if choice]
            near = nearest(str(value), choices)
            hint = f"; did you mean {near}?" if near else ""
            return "" if value in kind.values else f"{_shown(value)} is none of {', '.join(choices)}{hint}"
        case inspect.NoneType():
            return "" if value is None else f"{_shown(value)} is not empty"
        case _:
            return ""


def _number(value: object, kind: inspect.IntType | inspect.FloatType) -> str:
    """Return what is wrong with a value that is to be a number within declared bounds; empty for nothing."""
    is_whole = isinstance(kind, inspect.IntType)
    if isinstance(value, bool) or not isinstance(value, int if is_whole else int | float):
        return f"{_shown(value)} is no {'whole ' if is_whole else ''}number without quotation marks"
    if kind.ge is not None and value < kind.ge:
        return f"{value} is less than {kind.ge}"
    if kind.gt is not None and value <= kind.gt:
        return f"{value} is not more than {kind.gt}"
    if kind.le is not None and value > kind.le:
        return f"{value} is more than {kind.le}"
    if kind.lt is not None and value >= kind.lt:
        return f"{value} is not less than {kind.lt}"
    return ""


def _description(kind: inspect.Type) -> str:
    """Return the words that a key was declared with, in brackets; empty for none."""
    schema = cast("dict[str, object]", getattr(kind, "extra_json_schema", None) or {})
    return f" ({schema['description']})" if "description" in schema else ""


def _item_name(item: object, number: int) -> str:
    """Return the name of an item in a list: its own, or ``entry`` with its number."""
    named = cast(dict[str, object], item) if isinstance(item, dict) else {}
    name = named.get("name") or named.get("header") or named.get("from")
    return name if isinstance(name, str) else f"entry {number}"


def _shown(value: object) -> str:
    """Return a value as YAML writes it, cut after 60 characters."""
    words = {True: "true (or yes, on)", False: "false (or no, off)", None: "an empty value"}
    if value is None or isinstance(value, bool):
        return words[value]
    if isinstance(value, dict | list):
        return "a mapping" if isinstance(value, dict) else "a list"
    text = str(value)
    return text if len(text) < 60 else f"{text[:60]}…"


def _without_path(error: msgspec.ValidationError) -> str:
    """Return msgspec's message without its own way of writing a place."""
    return str(error).rpartition(" - at `$")[0] or str(error)
