"""A table as JSON Schema, from its declaration: its properties (OGC API Features part 5), its queryables (part 3)."""

from __future__ import annotations

from typing import Any

from ckanext.cpdi import config
from ckanext.cpdi.declare import Field, Table
from ckanext.cpdi.publish.table_schema import constraints
from ckanext.cpdi.query.areas import column_of
from ckanext.cpdi.services.ogc.tables import Collection

_TYPES: dict[str, dict[str, str]] = {
    "string": {"type": "string"},
    "integer": {"type": "integer"},
    "number": {"type": "number"},
    "boolean": {"type": "boolean"},
    "date": {"type": "string", "format": "date"},
    "datetime": {"type": "string", "format": "date-time"},
}
_DIALECT = "https://json-schema.org/draft/2020-12/schema"
_NAMES = {"maxLength": "maxLength", "minimum": "minimum", "maximum": "maximum", "enum": "enum"}
GEOMETRY = "geometry"


def property_of(field: Field) -> dict[str, Any]:
    """Return a column as a schema; its values in words where they are listed."""
    limits = constraints(field)
    schema: dict[str, Any] = {
        "title": field.title.en,
        "description": field.description.en,
        **_TYPES[field.type],
        **{ours: limits[theirs] for theirs, ours in _NAMES.items() if theirs in limits},
    }
    if field.values:
        schema["x-cpdi-values"] = {value: title.en for value, title in field.values.items()}
    return schema


def area_properties(table: Table) -> dict[str, dict[str, Any]]:
    """Return the declared areas that rows lie in as schemas, by the names that filters have for them."""
    layers = config.areas() if table.place else {}
    return {
        column_of(layer): {
            "title": layer,
            "description": "The area that the row's place lies in; a row without a place has none.",
            "type": "string",
            "enum": list(names),
        }
        for layer, names in layers.items()
        if names
    }


def schema_of(collection: Collection, uri: str) -> dict[str, Any]:
    """Return the schema of the collection's features: what a feature has, and the role of each part."""
    table = collection.dataset.rows
    properties: dict[str, Any] = {"id": {"type": "integer", "title": "ID", "x-ogc-role": "id", "readOnly": True}}
    if table.point:
        properties[GEOMETRY] = _point("x-ogc-role")
    for place, field in enumerate(table.fields):
        properties[field.name] = property_of(field) | {"x-ogc-propertySeq": place + 1}
    properties[table.time_field.name]["x-ogc-role"] = "primary-instant"
    if table.category:
        properties[table.category]["x-ogc-role"] = "type"
    required = ["id", *(field.name for field in table.fields if field.constraints.required)]
    return _document(collection, uri, properties) | {"required": required}


def queryables_of(collection: Collection, uri: str) -> dict[str, Any]:
    """Return what filters may name: each column and layer of areas by name, and the point where there is one."""
    table: Table = collection.dataset.rows
    properties = {field.name: property_of(field) for field in table.fields} | area_properties(table)
    if table.point:
        properties[GEOMETRY] = _point("x-ogc-role")
    return _document(collection, uri, properties) | {"additionalProperties": False}


def _document(collection: Collection, uri: str, properties: dict[str, Any]) -> dict[str, Any]:
    return {
        "$schema": _DIALECT,
        "$id": uri,
        "type": "object",
        "title": collection.dataset.title.en,
        "description": collection.dataset.description.en,
        "properties": properties,
    }


def _point(role: str) -> dict[str, str]:
    return {"title": "Place", "format": "geometry-point", role: "primary-geometry"}
