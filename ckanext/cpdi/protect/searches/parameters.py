"""What each parameter of ``datastore_search`` may be, before CKAN or we read any.

CKAN checks the types of some parameters, reads others as they are, and fails (500) on an empty condition, a list in a
list, a name that is a list. The types here are those that its documentation names; what a value means is CKAN's part.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from typing import Any, cast

import ckan.plugins.toolkit as tk
from ckan.types import ErrorDict

DEEPEST = 10
"""Deepest nesting of ``$and`` and ``$or``, as CKAN has it."""
_OPERATORS = ("eq", "in", "gt", "gte", "lt", "lte")
_JOINED = ("$and", "$or")
Truth = Callable[[object, object], bool]
Check = Callable[[Any], str]
"""Returns what was expected instead of a value; an empty text where the value is right."""


def check(query: Mapping[str, Any]) -> None:
    """Raise ValidationError where a parameter of ``query`` has another type than CKAN's documentation says."""
    errors: ErrorDict = {name: [words] for name, value in query.items() if (words := _objection(name, value))}
    if errors:
        raise tk.ValidationError(errors)


def _objection(name: str, value: object) -> str:
    if value is None:
        return ""
    unstorable = next((words for words in map(_unstorable, _texts(value)) if words), "")
    return unstorable or _CHECKS.get(name, _anything)(value)


def flag(query: Mapping[str, Any], name: str, default: bool) -> bool:
    """Return the truth of a parameter as CKAN reads it: a text that it does not know is false."""
    value = query.get(name)
    return default if value is None else cast(Truth, tk.get_validator("boolean_validator"))(value, {})


def _texts(value: object) -> Iterator[str]:
    """Yield the texts in ``value``, names of objects among them, at any depth."""
    stack = [value]
    while stack:
        part = stack.pop()
        if isinstance(part, str):
            yield part
        elif isinstance(part, dict):
            stack += [*part.keys(), *part.values()]
        elif isinstance(part, list):
            stack += part


def _unstorable(text: str) -> str:
    """Say why no row can have ``text``: the database knows neither NUL nor half a character."""
    if "\0" in text:
        return tk._("A text without the character NUL is expected.")
    try:
        text.encode()
    except UnicodeEncodeError:
        return tk._("A text of whole characters is expected.")
    return ""


def _anything(value: object) -> str:  # noqa: ARG001  as the other checks
    return ""


def _is_plain(value: object) -> bool:
    return value is None or isinstance(value, str | int | float)


def _plain(value: object) -> str:
    return "" if _is_plain(value) else tk._("One value is expected, not a list or an object.")


def _text(value: object) -> str:
    return "" if isinstance(value, str) else tk._("One text is expected.")


def _text_or_texts(value: object) -> str:
    listed = isinstance(value, list) and all(isinstance(item, str) for item in cast("list[object]", value))
    return "" if listed or isinstance(value, str) else tk._("A text is expected, or a list of texts.")


def _words(value: object) -> str:
    """Check ``q``: a text, or an object of texts by field."""
    parsed = _parsed(value)
    if isinstance(parsed, dict):
        right = all(isinstance(words, str) for words in cast("dict[str, object]", parsed).values())
    else:
        right = _is_plain(value)
    return "" if right else tk._("A text is expected, or an object of fields and texts.")


def _parsed(value: object) -> object:
    """Return what CKAN reads of ``value``: the JSON that its text holds, or the value itself."""
    if not isinstance(value, str):
        return value
    try:
        return json.loads(value)
    except (ValueError, RecursionError):
        return value


def _filters(value: object) -> str:
    parsed = _parsed(value)
    if isinstance(parsed, str):
        return tk._("An object in JSON is expected.")
    words = next((words for words in map(_unstorable, _texts(parsed)) if words), "")
    return words or ("" if parsed == {} else _joined(parsed if isinstance(parsed, list) else [parsed], DEEPEST))


def _joined(members: object, levels: int) -> str:
    """Check the members of a list of conditions that hold together or apart."""
    listed = cast("list[object]", members) if isinstance(members, list) else []
    if not listed or not all(isinstance(member, dict) and member for member in listed):
        return tk._("An object of fields and values is expected, or a list of such objects.")
    if not levels:
        return tk._("Conditions lie at most {n} deep in each other.").format(n=DEEPEST)
    pairs = (pair for member in cast("list[dict[str, object]]", listed) for pair in member.items())
    checked = (_joined(value, levels - 1) if name in _JOINED else _condition(name, value) for name, value in pairs)
    return next((words for words in checked if words), "")


def _condition(field: str, value: object) -> str:
    """Check what ``field`` has to be: a value, an object of operators, or a list of both."""
    choices = cast("list[object]", value) if isinstance(value, list) else [value]
    checked = (_operators(field, choice) for choice in choices if not _is_plain(choice))
    return next((words for words in checked if words), "")


def _operators(field: str, value: object) -> str:
    if not isinstance(value, dict) or not value:
        return tk._("A value, a list of values or an object of operators is expected of {field}.").format(field=field)
    checked = (_operand(field, name, operand) for name, operand in cast("dict[str, object]", value).items())
    return next((words for words in checked if words), "")


def _operand(field: str, operator: str, operand: object) -> str:
    if operator not in _OPERATORS:
        names = ", ".join(_OPERATORS)
        return tk._("One of {names} is expected of {field}.").format(names=names, field=field)
    if operator == "in":
        right = isinstance(operand, list) and all(map(_is_plain, cast("list[object]", operand)))
        words = tk._("A list of values is expected of {field} with {operator}.")
    else:
        right = _is_plain(operand)
        words = tk._("One value is expected of {field} with {operator}.")
    return "" if right else words.format(field=field, operator=operator)


_CHECKS: Mapping[str, Check] = {
    "resource_id": _text,
    "id": _text,
    "q": _words,
    "full_text": _plain,
    "filters": _filters,
    "fields": _text_or_texts,
    "sort": _text_or_texts,
    **dict.fromkeys(
        ("language", "limit", "offset", "records_format", "plain", "distinct", "include_total", "include_next_page"),
        _plain,
    ),
}
