"""Kinds of records that have the words of a search: categories and codes of the department's tables."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from ckanext.cpdi.declare import Dataset, Profile, Text
from ckanext.cpdi.declare.departments.codelist import Code
from ckanext.cpdi.site.help.search import fold
from ckanext.cpdi.site.search.answer import Hit

_CATEGORY = Text("Category of {table}", "Categoría de {table}")
_CODE = Text("Kind of {table}, in the category {category}", "Tipo de {table}, en la categoría {category}")
_RECORDED = Text("recorded as “{text}”", "registrado como «{text}»")


def matching(profile: Profile, tables: Iterable[Dataset], words: str, language: str) -> tuple[Hit, ...]:
    """Return the categories, then the codes, of ``tables`` that have every one of ``words`` in their text."""
    asked = re.findall(r"\w+", fold(words))[:16]
    if not asked:
        return ()
    entries = [entry for table in tables for entry in _entries(profile, table, language)]
    return tuple(hit for folded, hit in entries if all(re.search(rf"\b{re.escape(word)}", folded) for word in asked))


def _entries(profile: Profile, table: Dataset, language: str) -> Iterator[tuple[str, Hit]]:
    """Yield the folded text and the hit of each category and code of a table, each title once."""
    seen: set[str] = set()
    for folded, hit in [*_categories(profile, table, language), *_codes(profile, table, language)]:
        if hit.title not in seen:
            seen.add(hit.title)
            yield folded, hit


def _categories(profile: Profile, table: Dataset, language: str) -> Iterator[tuple[str, Hit]]:
    title, url = table.title.get(language), f"/dataset/{table.name}"
    used = {code.category for codes in _lists(profile, table) for code in codes}
    for name in sorted(used & set(profile.categories)):
        category = profile.categories[name]
        text = _CATEGORY.get(language).format(table=title)
        yield fold(f"{category.en} {category.get(language)}"), Hit(category.get(language), text, url)


def _codes(profile: Profile, table: Dataset, language: str) -> Iterator[tuple[str, Hit]]:
    title, url = table.title.get(language), f"/dataset/{table.name}"
    for codes in _lists(profile, table):
        for code in codes:
            category = profile.categories.get(code.category, Text(code.category)).get(language)
            recorded = _RECORDED.get(language).format(text=code.value) if code.value != code.meaning else ""
            text = "; ".join(filter(None, [_CODE.get(language).format(table=title, category=category), recorded]))
            yield fold(f"{code.meaning} {code.value} {code.code}"), Hit(code.meaning or code.value, text, url)


def _lists(profile: Profile, table: Dataset) -> Iterator[tuple[Code, ...]]:
    """Yield the codes of each list that the table's feed is read with."""
    for codes in profile.feed(table.name).codes.values():
        if codes.list in profile.lists:
            yield profile.lists[codes.list].codes
