"""Full-text search of our tables by CKAN's API: ``q`` and ``full_text`` find the same as in CKAN's own tables.

Words with a digit are taken out of the text and become conditions of their own (:mod:`.term`).
Where a search cannot be answered, an error says how to ask instead.
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
from ckanext.cpdi.errors import Said
from ckanext.cpdi.protect import resources
from ckanext.cpdi.protect.searches import totals
from ckanext.cpdi.protect.searches.parameters import flag
from ckanext.cpdi.protect.searches.term import Search
from ckanext.cpdi.query.words import Word, has_digit, is_day, is_figure, is_number, is_unsearched, split
from ckanext.cpdi.services.spoken import spoken

Query = dict[str, Any]
KEY = "cpdi_search"
"""The context's key of the :class:`~ckanext.cpdi.protect.searches.term.Search` for :func:`narrow`."""
_PART = re.compile(r"\s*('?)(?P<word>[^\s'&|!():<>*\\]+)\1(?P<prefix>:\*)?\s*")
"""A word, or a prefix of one, in a query with operators."""


def search(find: Callable[[Context, Query], Query], context: Context, query: Query) -> Query:
    """Return what ``find`` (a ``datastore_search``) finds for ``query``, its parameters.

    Raises ValidationError where ``q`` cannot search a field, or where nothing is found although a field that ``q``
    does not search has the words.
    """
    part = resources.part(query.get("resource_id"))
    dataset = config.library().get(part.dataset) if part and part.is_table else None
    if dataset is None:
        return find(context, query)
    if not (query.get("q") or query.get("full_text")):
        return totals.search(find, context, query)
    table = dataset.rows
    rest, terms = _split(table, query)
    language = query.get("language") or tk.config["ckan.datastore.default_fts_lang"]
    context[KEY] = Search(table, tuple(terms), str(language), config.profile().zone)  # type: ignore[literal-required]
    try:
        result = totals.search(find, context, rest, terms)
    finally:
        context.pop(KEY, None)  # type: ignore[misc]
    if result["total"] == 0 if "total" in result else result["records"] in ([], ""):
        _refuse_unsearched(find, tk.fresh_context(context), table, query)
    texts = {key: query[key] for key in ("q", "full_text") if key in query}
    return {key: value for key, value in result.items() if key not in texts} | texts


def narrow(context: Context, resource_id: str, query: Query) -> Query:
    """Add the conditions of a search to the ``query`` that CKAN builds; for ``IDatastore``."""
    term_search: Search | None = context.get(KEY)  # type: ignore[assignment]
    if term_search is not None:
        query["where"] += term_search.clauses(context.get("connection"), resource_id)
    return query


def _split(table: Table, query: Query) -> tuple[Query, list[Word]]:
    """Return ``query`` without the words that have digits, and those words as terms."""
    rest, terms = dict(query), list[Word]()
    plain = flag(query, "plain", default=True)
    for key in ("q", "full_text"):
        value = _parse_parameter(query.get(key))
        if isinstance(value, str):
            words, more = split(value) if plain else _operands(value)
        elif isinstance(value, dict):
            words, more = _by_field(table, value, plain)
        else:
            continue
        terms += more
        rest[key] = words
        if not words:
            del rest[key]
    return rest, terms


def _parse_parameter(value: object) -> object:
    """Return a parameter as the API reads it: the JSON object that its text holds, or else the value itself."""
    if isinstance(value, str):
        try:
            parsed = json.loads(value)
        except ValueError:
            return value
        return parsed if isinstance(parsed, dict) else value
    return value


def _operands(text: str) -> tuple[str, list[Word]]:
    """Return the same for a ``text`` with operators if all are ``&``; else the text unchanged and no terms."""
    parts = [_PART.fullmatch(operand) for operand in text.split("&")]
    if not all(parts):
        return text, []
    matches = [match for match in parts if match]
    terms = [Word(match["word"], prefix=bool(match["prefix"])) for match in matches if has_digit(match["word"])]
    return " & ".join(match[0].strip() for match in matches if not has_digit(match["word"])), terms


def _by_field(table: Table, searches: Query, plain: bool) -> tuple[Query, list[Word]]:
    """Return the searches by field that CKAN can do itself, and terms for the others."""
    native, terms = Query(), list[Word]()
    fields = {field.name: field for field in table.fields}
    for name, value in searches.items():
        field = fields.get(name)
        if field is None or not isinstance(value, str) or (field.search and not is_number(field)):
            native[name] = value
            continue
        words, more = split(value) if plain else _operands(value)
        if words or not all(_is_searchable_by(field, term) for term in more):
            raise tk.ValidationError({"q": [_unsearched_message(table, field, value)]})
        terms += [Word(term.text, term.prefix, name) for term in more]
    return native, terms


def _is_searchable_by(field: Field, term: Word) -> bool:
    """Return whether ``field`` can be searched for the term."""
    if field.type in ("datetime", "date"):
        return is_day(term.text)
    if field.type in ("number", "integer"):
        return is_figure(term.text)
    return is_number(field)


def _refuse_unsearched(find: Callable[[Context, Query], Query], context: Context, table: Table, query: Query) -> None:
    """Raise ValidationError where a field that ``q`` does not search has one of the words, or the whole text."""
    text = " ".join(value for key in ("q", "full_text") if isinstance(value := _parse_parameter(query.get(key)), str))
    words = [*dict.fromkeys([text.strip(), *text.split()])]
    fields = [field for field in table.fields if is_unsearched(field)]
    if not text or not fields:
        return
    one_row = {"resource_id": query["resource_id"], "limit": 1, "include_total": False}
    anywhere = [{field.name: words} for field in fields]
    for row in find(context, {**one_row, "filters": {"$or": anywhere}}).get("records") or ():
        field = next(field for field in fields if row[field.name] in words)
        raise tk.ValidationError({"q": [_unsearched_message(table, field, str(row[field.name]))]})


def _unsearched_message(table: Table, field: Field, value: str) -> str:
    """Return the error that says how to filter by a field that ``q`` does not search."""
    searched: Iterable[str] = (field.name for field in table.fields if field.search)
    return spoken(
        Said(
            "q looks for words in {searched}, and for days and figures. Ask for {field} by filters, such as"
            " filters={filters}",
            searched=", ".join(searched),
            field=field.name,
            filters=json.dumps({field.name: value}, ensure_ascii=False),
        )
    )
