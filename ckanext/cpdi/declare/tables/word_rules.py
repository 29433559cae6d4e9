"""Checks that what readers see of a field's values has titles in the portal's languages."""

from __future__ import annotations

from pathlib import Path

from ckanext.cpdi.declare.errors import DeclarationError
from ckanext.cpdi.declare.reading.nearest import unknown
from ckanext.cpdi.declare.reading.text import Text
from ckanext.cpdi.declare.tables.field import Field
from ckanext.cpdi.declare.tables.table import Table


def check_words(table: Table, path: Path | str, at: str = "table") -> None:
    """Raise DeclarationError for a boolean or a list of values without titles in English and Spanish.

    The table stands ``at`` a place of the file. A value needs a title of its own, since it is a word of a program.
    """
    for field in table.fields:
        if field.type != "boolean" and not field.constraints.enum:
            continue
        if wrong := _without_title(field):
            raise DeclarationError(path, f"{at}.fields.{field.name}: {wrong}")


def _without_title(field: Field) -> str:
    """Return what lacks a title; empty where all have one."""
    if not _is_whole(field.title):
        return "title: a boolean, and a field with an enum, has its title in en and es"
    values = field.constraints.enum or ()
    for value in field.values:
        if value not in values:
            return f"cpdi:values: {unknown(value, values)}"
    for value in values:
        if value not in field.values:
            return f"cpdi:values: {value} has no title; write {value}: {{en: …, es: …}}"
        if not _is_whole(field.values[value]):
            return f"cpdi:values.{value}: the title of a value is in en and es"
    return ""


def _is_whole(text: Text) -> bool:
    return bool(text.en and text.es)
