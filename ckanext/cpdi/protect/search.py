"""Full-text search of our tables by CKAN's API: ``q`` and ``full_text`` find what they find in a table of CKAN's own.

What has a digit in it is taken out of the text and asked for by itself (:mod:`~ckanext.cpdi.protect.term`); the words
stay. Where nothing can look for what was asked, an error says how to ask instead.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable
from typing import Any

import ckan.plugins.toolkit as tk
from ckan.types import Context

from ckanext.cpdi import config
from ckanext.cpdi.declare import Field, Table
from ckanext.cpdi.protect import resources
from ckanext.cpdi.protect.term import Search, Term, day, is_figure, is_number, is_unsearched

Query = dict[str, Any]
KEY = "cpdi_search"
"""Where the context carries a :class:`~ckanext.cpdi.protect.term.Search` to :func:`narrow`."""
_PART = re.compile(r"\s*('?)(?P<word>[^\s'&|!():<>*\\]+)\1(?P<prefix>:\*)?\s*")
"""A word of a query with operators, or the beginning of one."""


def search(find: Callable[[Context, Query], Query], context: Context, asked: Query) -> Query:
    """Return what ``find`` (a ``datastore_search``) finds for ``asked``.

    Raises ValidationError where a field cannot be searched by ``q``, or nothing is found and another field has it.
    """
    found = resources.part(asked.get("resource_id"))
    if found is None or not found.is_table or not (asked.get("q") or asked.get("full_text")):
        return find(context, asked)
    table = config.library().dataset(found.dataset).rows
    rest, terms = _taken_apart(table, asked)
    language = asked.get("language") or tk.config["ckan.datastore.default_fts_lang"]
    context[KEY] = Search(table, tuple(terms), str(language), config.profile().zone)  # type: ignore[literal-required]
    try:
        result = find(context, rest)
    finally:
        context.pop(KEY, None)  # type: ignore[misc]
    if result["total"] == 0 if "total" in result else result["records"] in ([], ""):
        _refuse_unsearched(find, tk.fresh_context(context), table, asked)
    spoken = {key: asked[key] for key in ("q", "full_text") if key in asked}
    return {key: value for key, value in result.items() if key not in spoken} | spoken


def narrow(context: Context, resource_id: str, query: Query) -> Query:
    """Add the conditions of a search to the ``query`` that CKAN puts together; for ``IDatastore``."""
    found: Search | None = context.get(KEY)  # type: ignore[assignment]
    if found is not None:
        query["where"] += found.clauses(context.get("connection"), resource_id)
    return query


def _taken_apart(table: Table, asked: Query) -> tuple[Query, list[Term]]:
    """Return ``asked`` with words alone, and the terms that were among them."""
    rest, terms = dict(asked), list[Term]()
    plain = tk.asbool(asked.get("plain", True))
    for key in ("q", "full_text"):
        value = _read(asked.get(key))
        if isinstance(value, str):
            left, more = _words(value) if plain else _operands(value)
        elif isinstance(value, dict):
            left, more = _by_field(table, value, plain)
        else:
            continue
        terms += more
        rest[key] = left
        if not left:
            del rest[key]
    return rest, terms


def _read(value: object) -> object:
    """Return what the API makes of a parameter: the JSON object that is written in it, or the text."""
    if isinstance(value, str):
        try:
            found = json.loads(value)
        except ValueError:
            return value
        return found if isinstance(found, dict) else value
    return value


def _words(text: str) -> tuple[str, list[Term]]:
    """Return the words of a plain ``text`` that have no digit, and the others as terms."""
    parts = text.split()
    return " ".join(one for one in parts if not _has_digit(one)), [Term(one) for one in parts if _has_digit(one)]


def _operands(text: str) -> tuple[str, list[Term]]:
    """Return the same of a ``text`` with operators, where it asks for all of its words; else the text as it is."""
    parts = [_PART.fullmatch(one) for one in text.split("&")]
    if not all(parts):
        return text, []
    found = [one for one in parts if one]
    terms = [Term(one["word"], prefix=bool(one["prefix"])) for one in found if _has_digit(one["word"])]
    return " & ".join(one[0].strip() for one in found if not _has_digit(one["word"])), terms


def _by_field(table: Table, asked: Query, plain: bool) -> tuple[Query, list[Term]]:
    """Return the searches by field that CKAN does itself, and terms for the others."""
    left, terms = Query(), list[Term]()
    fields = {one.name: one for one in table.fields}
    for name, value in asked.items():
        field = fields.get(name)
        if field is None or not isinstance(value, str) or (field.search and not is_number(field)):
            left[name] = value
            continue
        words, more = _words(value) if plain else _operands(value)
        if words or not all(_suits(field, one) for one in more):
            raise tk.ValidationError({"q": [_unsearched(table, field, value)]})
        terms += [Term(one.text, one.prefix, name) for one in more]
    return left, terms


def _suits(field: Field, term: Term) -> bool:
    """Return whether a term can be looked for in ``field``."""
    if field.type in ("datetime", "date"):
        return day(term.text, config.profile().zone) is not None
    if field.type in ("number", "integer"):
        return is_figure(term.text)
    return is_number(field)


def _refuse_unsearched(find: Callable[[Context, Query], Query], context: Context, table: Table, asked: Query) -> None:
    """Raise ValidationError where a field that ``q`` does not look in has one of the words, or all of them."""
    text = " ".join(one for key in ("q", "full_text") if isinstance(one := _read(asked.get(key)), str))
    words = [*dict.fromkeys([text.strip(), *text.split()])]
    fields = [one for one in table.fields if is_unsearched(one)]
    if not text or not fields:
        return
    query = {"resource_id": asked["resource_id"], "limit": 1, "include_total": False}
    anywhere = [{one.name: words} for one in fields]
    for row in find(context, {**query, "filters": {"$or": anywhere}}).get("records") or ():
        field = next(one for one in fields if row[one.name] in words)
        raise tk.ValidationError({"q": [_unsearched(table, field, str(row[field.name]))]})


def _unsearched(table: Table, field: Field, value: str) -> str:
    """Return how to ask for what ``q`` does not look for."""
    searched: Iterable[str] = (one.name for one in table.fields if one.search)
    return (
        f"q looks for words in {', '.join(searched)}, and for days and figures. Ask for {field.name} by filters, such"
        f" as filters={json.dumps({field.name: value}, ensure_ascii=False)}"
    )


def _has_digit(word: str) -> bool:
    return any(one.isdigit() for one in word)
