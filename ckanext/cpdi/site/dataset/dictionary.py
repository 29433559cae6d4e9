"""The data dictionary on a table's page."""

from __future__ import annotations

from dataclasses import dataclass

from ckanext.cpdi.declare import Field, Table, Text
from ckanext.cpdi.publish.rows.offset import UTC_OFFSET, day_of, with_offset

_TYPES = {
    "string": Text("text", "texto"),
    "integer": Text("whole number", "número entero"),
    "number": Text("number", "número"),
    "boolean": Text("yes or no", "sí o no"),
    "date": Text("date", "fecha"),
    "datetime": Text("date and time", "fecha y hora"),
}
_FILES = Text(
    " In CSV, Shapefile, GeoPackage, FlatGeobuf and GeoParquet.",
    " En CSV, Shapefile, GeoPackage, FlatGeobuf y GeoParquet.",
)
_FILES_WITHOUT_POINTS = Text(" In CSV and Parquet.", " En CSV y Parquet.")


@dataclass(frozen=True)
class FieldEntry:
    """A field: its title, its name in files, its type in words, its description and the values it takes.

    Each of ``values`` has its title beside it. ``shapefile`` is empty for a table that has no Shapefile.
    """

    name: str
    title: str
    type: str
    description: str
    values: tuple[tuple[str, str], ...]
    standard: str
    shapefile: str
    required: bool


def entries(table: Table, language: str) -> tuple[FieldEntry, ...]:
    """Return the fields in the order of a CSV file, which has all of them."""
    full_table = with_offset(table)
    files = _FILES if table.point else _FILES_WITHOUT_POINTS
    return tuple(
        _entry(field, _short_name(field, full_table) if table.point else "", files, language)
        for field in full_table.fields
    )


def _title(field: Field, value: str, language: str) -> str:
    """Return what a value is called; a department's own word is its own title."""
    return field.values[value].get(language) if value in field.values else value


def _short_name(field: Field, table: Table) -> str:
    """Return what ``field`` is called in a Shapefile, which may have its day as well."""
    day = day_of(field, table)
    return f"{field.shapefile}, {day.shapefile}" if day else field.shapefile


def _entry(field: Field, shapefile: str, files: Text, language: str) -> FieldEntry:
    """Return the entry of ``field``; ``files`` are those that have the offset."""
    return FieldEntry(
        name=field.name,
        title=field.title.get(language),
        type=_TYPES[field.type].get(language),
        description=field.description.get(language) + (files.get(language) if field == UTC_OFFSET else ""),
        values=tuple((value, _title(field, value, language)) for value in field.constraints.enum or ()),
        standard=field.same_as,
        shapefile=shapefile,
        required=field.constraints.required,
    )
