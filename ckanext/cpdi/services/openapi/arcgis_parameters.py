"""The parameters of a FeatureServer: those of all layers, and those that name a layer's fields."""

from __future__ import annotations

from typing import Any

from ckanext.cpdi.services.geoservices.forms import FORMS
from ckanext.cpdi.services.geoservices.layers import Layer
from ckanext.cpdi.services.geoservices.query import FACTOR, MOST
from ckanext.cpdi.services.openapi.part import Node, a_list, asked

_FLAG: Node = {"type": "boolean"}
_WORDS: Node = {"type": "string"}
_LISTED: dict[str, Any] = {"style": "form", "explode": False}
SPATIAL = (
    "geometry",
    "geometryType",
    "inSR",
    "spatialRel",
    "distance",
    "units",
    "outSR",
    "returnGeometry",
    "geometryPrecision",
    "quantizationParameters",
    "returnExtentOnly",
)
"""Parameters that only layers with points have a use for."""
_GEOMETRIES = ("Envelope", "Point", "Multipoint", "Polyline", "Polygon")
_RELATIONS = ("Intersects", "Contains", "Within", "EnvelopeIntersects", "IndexIntersects")
_UNITS = ("Meter", "Kilometer", "Foot", "StatuteMile", "NauticalMile", "USNauticalMile")


def _number(least: int, default: int | None = None) -> Node:
    schema: Node = {"type": "integer", "minimum": least, "maximum": 999_999_999}
    return schema if default is None else schema | {"default": default}


def _words(*names: str) -> Node:
    return {"type": "string", "enum": list(names)}


def shared() -> dict[str, Node]:
    """Return the parameters of all layers by their names."""
    schemas: dict[str, tuple[str, Node]] = {
        "f": ("the form of the answer", _words(*FORMS, "html")),
        "where": ("a condition in SQL: comparisons, AND, OR, NOT, IN, BETWEEN, LIKE, IS NULL", _WORDS),
        "objectIds": ("ids of rows", a_list({"type": "integer"})),
        "time": ("an instant, or two with a comma between, in milliseconds since 1970, UTC", _WORDS),
        "geometry": ("a geometry in Esri's JSON, or numbers with commas between", _WORDS),
        "geometryType": ("what the geometry is", _words(*(f"esriGeometry{name}" for name in _GEOMETRIES))),
        "inSR": ("reference of the geometry, by its number", _number(0)),
        "outSR": ("reference of the answer, by its number", {"type": "integer", "examples": [4326, 3857]}),
        "spatialRel": ("how rows lie to the geometry", _words(*(f"esriSpatialRel{name}" for name in _RELATIONS))),
        "distance": ("how far around the geometry", {"type": "number", "minimum": 0}),
        "units": ("of the distance", _words(*(f"esriSRUnit_{name}" for name in _UNITS))),
        "returnGeometry": ("whether rows have their points", _FLAG | {"default": True}),
        "geometryPrecision": ("decimals of coordinates", {"type": "integer", "minimum": 0}),
        "quantizationParameters": ("a grid that coordinates are rounded to, as JSON", _WORDS),
        "resultOffset": ("rows to leave out first", _number(0, 0)),
        "resultRecordCount": (f"rows of a page; more than {MOST:,} are as many as that", _number(0)),
        "resultType": ("tile allows larger pages", _words("none", "standard", "tile")),
        "maxRecordCountFactor": (f"how many times {MOST:,} rows a page may have, {FACTOR} at most", _number(1)),
        "returnCountOnly": ("how many rows, or groups", _FLAG),
        "returnIdsOnly": ("the ids of all rows", _FLAG),
        "returnExtentOnly": ("the box around the rows", _FLAG),
        "returnDistinctValues": ("the values that outFields have, each once", _FLAG),
        "outStatistics": ("what is counted: a list of statisticType and onStatisticField, as JSON", _WORDS),
        "having": ("tests of what is counted, such as COUNT(*) > 10", _WORDS),
    }
    lists = {"objectIds"}
    return {
        name: asked(name, description, schema, **(_LISTED if name in lists else {}))
        for name, (description, schema) in schemas.items()
    }


def of_layer(layer: Layer) -> dict[str, Node]:
    """Return the parameters that name the fields of ``layer``."""
    names = [field.name for field in layer.fields]
    ordered = [f"{name}{direction}" for name in names for direction in ("", " DESC")]
    return {
        "outFields": asked("outFields", "fields of the answer", a_list(_words("*", *names)), **_LISTED),
        "orderByFields": asked("orderByFields", "the order of rows", a_list(_words(*ordered)), **_LISTED),
        "groupByFieldsForStatistics": asked(
            "groupByFieldsForStatistics", "fields to group by", a_list(_words(*names)), **_LISTED
        ),
    }


def body(layer: Layer) -> Node:
    """Return the parameters of a query as a form, or a JSON object, has them."""
    named = {
        **{name: node for name, node in shared().items() if layer.is_spatial or name not in SPATIAL},
        **of_layer(layer),
    }
    return {
        "type": "object",
        "properties": {name: node["schema"] | {"description": node["description"]} for name, node in named.items()},
    }
