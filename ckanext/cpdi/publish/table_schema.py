"""The declared fields as a Frictionless Table Schema, for people and programs that read a file.

https://specs.frictionlessdata.io/table-schema/
"""

from __future__ import annotations

from collections.abc import Mapping

import msgspec

from ckanext.cpdi.declare import Field, Table
from ckanext.cpdi.declare.number import LINK, STAND_IN
from ckanext.cpdi.declare.tables.field import FieldType


def table_schema(
    table: Table, cells: Mapping[FieldType, dict[str, object]] | None = None, short: bool = False
) -> dict[str, object]:
    """Return the Table Schema of ``table``, fields in the file's order.

    ``cells`` adds by type how a format writes values; ``short`` names the fields as a Shapefile does.
    """
    key = table.key_field
    forms = cells or {}
    schema: dict[str, object] = {"fields": [_field(field, forms.get(field.type, {}), short) for field in table.fields]}
    if key and key.mask == "key":  # a link is empty in some rows
        schema["primaryKey"] = [key.shapefile if short else key.name]
    return schema | {"missingValues": [""]}


def constraints(field: Field) -> dict[str, object]:
    """Return what a published value holds to: a number that has a stand-in is like that."""
    constraints: dict[str, object] = msgspec.to_builtins(field.constraints)
    if field.mask == "link":
        constraints["pattern"] = LINK
    if field.mask == "key" and field.constraints.pattern:
        constraints["pattern"] = f"(?:{field.constraints.pattern})|{STAND_IN}"
    return constraints


def _field(field: Field, cells: dict[str, object], short: bool) -> dict[str, object]:
    """Return one field; what Table Schema has no word for stands under ``cpdi:`` keys."""
    described: dict[str, object] = {
        "name": field.shapefile if short else field.name,
        "type": field.type,
        **cells,
        "title": field.title.en,
        "description": field.description.en,
        "constraints": constraints(field),
        "cpdi:title_es": field.title.es,
        "cpdi:description_es": field.description.es,
        "cpdi:values": msgspec.to_builtins(field.values),
        "cpdi:sameAs": field.same_as,
        "cpdi:field" if short else "cpdi:shapefile": field.name if short else field.shapefile,
    }
    return {name: value for name, value in described.items() if value}
