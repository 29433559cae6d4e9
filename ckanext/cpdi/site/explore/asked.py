"""A filter in words, for readers without scripts; ``frontend/src/bar/active.ts`` says it in the same way with them.

In: the parameters of a link. Out: a sentence with the titles of columns and values; CQL2, which has no plain form,
stands as it is written.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from ckanext.cpdi.query.grammars import link
from ckanext.cpdi.site import words
from ckanext.cpdi.site.explore.description import Description
from ckanext.cpdi.site.explore.words import WORDS

SIGNS = {"gte": "≥", "gt": ">", "lte": "≤", "lt": "<"}
"""How comparisons with a value are written."""
_NO = ("no", "false", "0")


def sentence(asked: Sequence[tuple[str, str]], description: Description, language: str) -> str:
    """Return ``asked``, a filter that the grammar takes, as a sentence; empty where nothing is asked."""
    given: dict[str, list[str]] = {}
    for name, value in asked:
        given.setdefault(name, []).append(value.strip())
    first, last = (given.pop(name, [""])[0] for name in ("from", "to"))
    said = [_period(first, last, language)] if first or last else []
    said += [_condition(name, values, description, language) for name, values in given.items()]
    return _say("filter_said", language, conditions=" · ".join(said)) if said else ""


def _period(first: str, last: str, language: str) -> str:
    start, end = (words.day(date.fromisoformat(day), language) if day else "" for day in (first, last))
    if start and end:
        return _say("days", language, first=start, last=end)
    return _say("from_day", language, day=start) if start else _say("to_day", language, day=end)


def _condition(name: str, values: list[str], description: Description, language: str) -> str:
    """Return what the parameter ``name`` asks for with all of its values."""
    if name == "q":
        return ", ".join(_say("quoted", language, text=value) for value in values)
    if name == "bbox":
        return _say("box", language)
    own, _, suffix = name.partition("__")
    titles = {named.name: named.title for named in (*description.columns, *description.counted)}
    if own not in titles:
        return " · ".join(f"{name} = {value}" for value in values)
    if suffix == link.EMPTY:
        return _say("is_filled" if values[0].lower() in _NO else "is_empty", language, column=titles[own])
    if suffix:
        return f"{titles[own]} {SIGNS[suffix]} {', '.join(values)}"
    called = next((column.values for column in description.columns if column.name == name), {})
    return f"{titles[own]}: {', '.join(called.get(value, value) for value in values)}"


def _say(key: str, language: str, **values: str) -> str:
    return WORDS[key].get(language).format(**values)
