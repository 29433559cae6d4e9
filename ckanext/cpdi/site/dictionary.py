"""The data dictionary of a table as its page shows it."""

from __future__ import annotations

from dataclasses import dataclass

from ckanext.cpdi.declare import Field, Table, Text

_TYPES = {
    "string": Text("text", "texto"),
    "integer": Text("whole number", "número entero"),
    "number": Text("number", "número"),
    "boolean": Text("yes or no", "sí o no"),
    "date": Text("date", "fecha"),
    "datetime": Text("date and time", "fecha y hora"),
}


@dataclass(frozen=True)
class Entry:
    """One field: its title, its name in files, its type in words, what it means and which values it takes."""

    name: str
    title: str
    type: str
    description: str
    values: tuple[str, ...]
    standard: str
    shapefile: str
    required: bool


def entries(table: Table, language: str) -> tuple[Entry, ...]:
    """Return the fields in their declared order."""
    return tuple(_entry(field, language) for field in table.fields)


def _entry(field: Field, language: str) -> Entry:
    """Return the entry of ``field``."""
    return Entry(
        name=field.name,
        title=field.title.get(language),
        type=_TYPES[field.type].get(language),
        description=field.description.get(language),
        values=field.constraints.enum or (),
        standard=field.same_as,
        shapefile=field.shapefile,
        required=field.constraints.required,
    )
