"""A table with a column of every type and a point, for questions."""

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
    ),
)
COLUMNS = Columns(KINDS, (("OBJECTID", "_id"),))
