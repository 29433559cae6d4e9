"""What is wrong with a value that does not fit its type, in words: the place by its keys, and what was expected.

The reader of these words writes YAML and knows none of our types.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, cast

import msgspec
from msgspec import inspect

from ckanext.cpdi.declare.reading.nearest import nearest, unknown

Place = tuple[str, ...]


def first_fault(value: object, into: Any) -> str:  # noqa: ANN401  any type that msgspec reads
    """Return ``place: what was expected`` for the first part of ``value`` that does not fit; empty for none."""
    for place, words in _faults(value, inspect.type_info(into), ()):
        return f"{'.'.join(place)}: {words}" if place else words
    return ""


def _faults(value: object, kind: inspect.Type, place: Place) -> Iterator[tuple[Place, str]]:
    match kind:
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
    """Yield unknown and missing keys, then what is wrong inside, then what is wrong with the whole."""
    if not isinstance(value, dict):
        yield place, f"is no mapping of {', '.join(one.encode_name for one in kind.fields[:4])} …"
        return
    found = cast(dict[object, object], value)
    fields = {one.encode_name: one for one in kind.fields if not one.encode_name.startswith("_")}
    for key in found:
        if key not in fields:
            yield place, unknown(str(key), fields)
    for name, one in fields.items():
        if name in found:
            yield from _faults(found[name], one.type, (*place, name))
        elif one.required:
            yield place, f"{name} is missing"
    try:
        msgspec.convert(value, kind.cls)
    except msgspec.ValidationError as error:
        yield place, _plain(error)


def _of_mapping(value: object, kind: inspect.DictType, place: Place) -> Iterator[tuple[Place, str]]:
    if not isinstance(value, dict):
        yield place, "is no mapping of names to what they mean"
        return
    for key, inner in cast(dict[object, object], value).items():
        if not isinstance(key, str):
            yield place, f"the key {_written(key)} is no text: write it in quotation marks"
        yield from _faults(inner, kind.value_type, (*place, str(key)))


def _of_list(value: object, kind: inspect.Type, place: Place) -> Iterator[tuple[Place, str]]:
    if not isinstance(value, list | tuple):
        yield place, f"is no list: write [{_written(value)}]" if not isinstance(value, dict) else "is no list"
        return
    for number, item in enumerate(cast(list[object], value), start=1):
        yield from _faults(item, kind, (*place, _called(item, number)))


def _of_union(value: object, kind: inspect.UnionType, place: Place) -> Iterator[tuple[Place, str]]:
    """Yield a fault where ``value`` is none of the types; where only one of them could be meant, that one's."""
    kinds = [one for one in kind.types if not isinstance(one, inspect.NoneType)]
    faults = [next(_faults(value, one, place), None) for one in kinds]
    if None not in faults:
        found = [one for one in faults if one]
        yield found[0] if len(found) == 1 else (place, ", or ".join(words for _, words in found))


def _leaf(value: object, kind: inspect.Type) -> str:
    """Return what is wrong with a single value; empty for nothing."""
    match kind:
        case inspect.StrType():
            return "" if isinstance(value, str) else f"{_written(value)} is no text: write it in quotation marks"
        case inspect.BoolType():
            return "" if isinstance(value, bool) else f"{_written(value)} is neither true nor false"
        case inspect.IntType():
            whole = isinstance(value, int) and not isinstance(value, bool)
            return "" if whole else f"{_written(value)} is no whole number without quotation marks"
        case inspect.FloatType():
            number = isinstance(value, int | float) and not isinstance(value, bool)
            return "" if number else f"{_written(value)} is no number without quotation marks"
        case inspect.LiteralType():
            known = [str(one) for one in kind.values if one]
            near = nearest(str(value), known)
            meant = f"; did you mean {near}?" if near else ""
            return "" if value in kind.values else f"{_written(value)} is none of {', '.join(known)}{meant}"
        case inspect.NoneType():
            return "" if value is None else f"{_written(value)} is not empty"
        case _:
            return ""


def _called(item: object, number: int) -> str:
    """Return how an item of a list is called: by its own name, or by its number."""
    named = cast(dict[str, object], item) if isinstance(item, dict) else {}
    name = named.get("name") or named.get("header") or named.get("from")
    return name if isinstance(name, str) else f"entry {number}"


def _written(value: object) -> str:
    """Return a value as YAML has it, and no longer than a word or two."""
    words = {True: "true (or yes, on)", False: "false (or no, off)", None: "an empty value"}
    if value is None or isinstance(value, bool):
        return words[value]
    if isinstance(value, dict | list):
        return "a mapping" if isinstance(value, dict) else "a list"
    text = str(value)
    return text if len(text) < 60 else f"{text[:60]}…"


def _plain(error: msgspec.ValidationError) -> str:
    """Return msgspec's message without its own way of writing a place."""
    return str(error).rpartition(" - at `$")[0] or str(error)
