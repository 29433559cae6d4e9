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
_FILES = Text(" In CSV, Shapefile, GeoPackage and GeoParquet.", " En CSV, Shapefile, GeoPackage y GeoParquet.")


@dataclass(frozen=True)
class FieldEntry:
    """A field: its title, its name in files, its type in words, its description and the values it takes."""

    name: str
    title: str
    type: str
    description: str
    values: tuple[str, ...]
    standard: str
    shapefile: str
    required: bool


def entries(table: Table, language: str) -> tuple[FieldEntry, ...]:
    """Return the fields in the order of a CSV file, which has all of them."""
    full_table = with_offset(table)
    return tuple(_entry(field, day_of(field, full_table), language) for field in full_table.fields)


def _entry(field: Field, day: Field | None, language: str) -> FieldEntry:
    """Return the entry of ``field``, of which a Shapefile may have the ``day`` as well."""
    return FieldEntry(
        name=field.name,
        title=field.title.get(language),
        type=_TYPES[field.type].get(language),
        description=field.description.get(language) + (_FILES.get(language) if field == UTC_OFFSET else ""),
        values=field.constraints.enum or (),
        standard=field.same_as,
        shapefile=f"{field.shapefile}, {day.shapefile}" if day else field.shapefile,
        required=field.constraints.required,
    )
