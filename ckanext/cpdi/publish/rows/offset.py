"""Times of a row as wall time of the department, all in one offset from UTC, which stands beside them.

Spreadsheets and data tools take ``2026-11-01 01:30:00`` for a time, and a text with an offset for a text. So the offset
has a column of its own, and it is that of the row's main time: differences within a row stay true where the clocks
change in between, and each instant can be had again, that of the hour which comes twice included.
"""

from __future__ import annotations

import re

import msgspec

from ckanext.cpdi.declare import Constraints, Field, Table, Text

DAY = "row.day"
"""Where the values of a day come from: the instant before it."""
WALL = "%Y-%m-%d %H:%M:%S"
"""How a time is written: whole seconds, without its offset."""
UTC_OFFSET = Field(
    name="utc_offset",
    type="string",
    title=Text("Offset from UTC", "Diferencia con UTC"),
    description=Text(
        "What the times of this row are ahead of UTC, such as -04:00. Take it from a time to have the time in UTC.",
        "Cuánto adelantan a UTC las horas de esta fila, por ejemplo -04:00. Réstela de una hora para obtenerla en UTC.",
    ),
    shapefile="UTC_OFFSET",
    source="row.offset",
    constraints=Constraints(pattern=r"[+-][0-9]{2}:[0-9]{2}"),
)


def instants(table: Table) -> tuple[Field, ...]:
    """Return the fields that hold instants, that of the event's time first."""
    datetimes = [field for field in table.fields if field.type == "datetime"]
    return tuple(sorted(datetimes, key=lambda field: field != table.time_field))


def with_offset(table: Table) -> Table:
    """Return ``table`` with the offset behind the time of the event; as it is where it holds no instants."""
    if not instants(table):
        return table
    place = table.fields.index(table.time_field) + 1
    return msgspec.structs.replace(table, fields=(*table.fields[:place], UTC_OFFSET, *table.fields[place:]))


def day_of(field: Field, table: Table) -> Field | None:
    """Return the column for the day of an instant of ``table``; None for any other field.

    Its short name is that of the instant with ``_DAY`` for what it ends in.
    """
    if field.type != "datetime":
        return None
    used_names = {field.shapefile.upper() for field in table.fields}
    stem = re.sub(r"_?(DATE|TIME)$", "", field.shapefile, flags=re.IGNORECASE)[:6].rstrip("_")
    names = (f"{stem}_DAY", *(f"{field.shapefile[:5]}_DAY{number}" for number in range(1, 10)))
    return Field(
        name=f"{field.name}_day",
        type="date",
        title=Text(f"{field.title.en}: day", f"{field.title.get('es')}: día"),
        description=Text(f"The day of {field.name}.", f"El día de {field.name}."),
        shapefile=next(name for name in names if name.upper() not in used_names),
        source=DAY,
    )
