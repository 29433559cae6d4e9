"""What a browser has to know of a table, whichever face of it is shown: made of its declaration and the department's
words.

In: a declaration as the department has it. Out: a value that becomes JSON, a part of the map's and the explorer's.
"""

from __future__ import annotations

from collections.abc import Mapping

from msgspec import Struct

from ckanext.cpdi.declare import Dataset, Field, Profile, Table

_PRECISION, _PLACE = "time.precision", "place.label"


class Column(Struct, frozen=True):
    """A published field: its name, title and type, and the titles of its values where it has some."""

    name: str
    title: str
    type: str
    values: dict[str, str]


class TableDescription(Struct, frozen=True):
    """A table by the names of its fields; ``category`` and ``precision`` are empty where it has none.

    ``listed`` are the fields that tell rows apart at a glance.
    """

    dataset: str
    title: str
    language: str
    one: str
    many: str
    time: str
    precision: str
    category: str
    columns: tuple[Column, ...]
    listed: tuple[str, ...]


def table_description(dataset: Dataset, profile: Profile, language: str) -> TableDescription:
    """Return what ``dataset``, a table as this department has it, is called in ``language``."""
    table = dataset.rows
    return TableDescription(
        dataset=dataset.name,
        title=dataset.title.get(language),
        language=language.replace("_", "-"),
        one=dataset.one.get(language),
        many=dataset.many.get(language),
        time=table.time_field.name,
        precision=sourced(table, _PRECISION),
        category=table.category,
        columns=_columns(table, profile, language),
        listed=_listed(table),
    )


def sourced(table: Table, source: str) -> str:
    """Return the name of the field that is made of ``source``; empty where there is none."""
    return next((field.name for field in table.fields if field.source == source), "")


def category_titles(profile: Profile, language: str) -> dict[str, str]:
    """Return what published names of categories, which are English, are called in ``language``."""
    return {text.en: text.get(language) for text in profile.categories.values()}


def _columns(table: Table, profile: Profile, language: str) -> tuple[Column, ...]:
    """Return what the fields of ``table`` and their values are called in ``language``."""
    titles = category_titles(profile, language)
    return tuple(_column(field, table, titles, language) for field in table.fields)


def _listed(table: Table) -> tuple[str, ...]:
    """Return when a row happened, what it is about and where: what tells rows apart at a glance."""
    kind = [name for name in table.kind if any(field.name == name for field in table.fields)]
    place = [field.name for field in table.fields if field.source == _PLACE]
    return tuple(dict.fromkeys((table.time_field.name, *kind, *place)))


def _column(field: Field, table: Table, titles: Mapping[str, str], language: str) -> Column:
    values = {value: text.get(language) for value, text in field.values.items()}
    if field.name == table.category:
        values |= {name: title for name, title in titles.items() if name != title}
    return Column(field.name, field.title.get(language), field.type, values)
