"""A table with a column of every type, a point and a place in declared areas, for questions."""

from __future__ import annotations

from ckanext.cpdi.declare import Constraints, Field, Table, Text
from ckanext.cpdi.declare.tables.field import FieldType
from ckanext.cpdi.query.columns import Columns


def _field(name: str, kind: FieldType, source: str = "") -> Field:
    free = Constraints(pattern=".*") if kind == "string" else Constraints()
    headers = () if source else (name,)
    return Field(name, kind, Text(name, name), Text(name, name), name[:10], free, headers, source)


KINDS = Table(
    key="tag",
    time="happened",
    fields=(
        _field("tag", "string"),
        _field("happened", "datetime"),
        _field("closed", "datetime"),
        _field("day", "date"),
        _field("word", "string"),
        _field("beat", "string"),
        _field("pieces", "integer"),
        _field("minutes", "number"),
        _field("cleared", "boolean"),
        _field("longitude", "number", "place.longitude"),
        _field("latitude", "number", "place.latitude"),
        _field("place", "string", "place.id"),
    ),
)
AREA_OF = {"p1": "East Side", "p2": "East Side", "p3": 'O\'Hara "Hill"', "p4": "Ñandú"}
"""The area by the id of the place; p5 lies in none."""
AREAS = {"ward": tuple(sorted({*AREA_OF.values(), "Nobody's"}))}
COLUMNS = Columns(KINDS, (("OBJECTID", "_id"),), AREAS)
