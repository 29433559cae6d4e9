"""Schemas of a FeatureServer's answers and errors."""

from __future__ import annotations

from ckanext.cpdi.services.geoservices.fields import OBJECT_ID
from ckanext.cpdi.services.openapi.part import TEXTUAL, Node, a_list, an_object, reference

_WHOLE: Node = {"type": "integer"}
_NUMBER: Node = {"type": "number"}
_ANY: Node = {"type": "object"}
_SIDE: Node = {"anyOf": [_NUMBER, {"enum": ["NaN"]}], "description": "NaN where no row has a point"}


def schemas() -> dict[str, Node]:
    """Return the schemas by their names among the components."""
    return {**_documents(), **_answers()}


def _documents() -> dict[str, Node]:
    layer = an_object({"id": _WHOLE, "name": TEXTUAL, "type": {"enum": ["Feature Layer", "Table"]}}, ["id", "name"])
    listed = {"layers": a_list(layer), "tables": a_list(layer)}
    service = an_object({"name": TEXTUAL, "type": {"enum": ["FeatureServer"]}, "url": TEXTUAL}, ["name", "type"])
    return {
        "ArcgisError": an_object(
            {
                "error": an_object(
                    {"code": _WHOLE, "message": TEXTUAL, "details": a_list(TEXTUAL)}, ["code", "message", "details"]
                )
            },
            ["error"],
        ),
        "ArcgisDocument": an_object({"currentVersion": _NUMBER, "authInfo": _ANY}, ["currentVersion"]),
        "ArcgisCatalogue": an_object({"currentVersion": _NUMBER, "services": a_list(service)}, ["services"]),
        "ArcgisService": an_object({**listed, "currentVersion": _NUMBER}, ["currentVersion", "layers", "tables"]),
        "ArcgisLayers": an_object(listed, ["layers", "tables"]),
        "ArcgisLayer": an_object(
            {
                **layer["properties"],
                "fields": a_list(reference("schemas", "ArcgisField")),
                "maxRecordCount": _WHOLE,
                "objectIdField": {"enum": [OBJECT_ID]},
            },
            ["id", "name", "type", "fields", "maxRecordCount", "objectIdField"],
        ),
        "ArcgisField": an_object({"name": TEXTUAL, "type": TEXTUAL, "alias": TEXTUAL}, ["name", "type", "alias"]),
    }


def _answers() -> dict[str, Node]:
    box = an_object(dict.fromkeys(("xmin", "ymin", "xmax", "ymax"), _SIDE), ["xmin", "ymin", "xmax", "ymax"])
    names = ("ArcgisFeatureSet", "ArcgisCount", "ArcgisIds", "ArcgisExtent", "ArcgisError")
    more = {"exceededTransferLimit": {"type": "boolean", "description": "more rows follow"}}
    collection = an_object({"type": {"enum": ["FeatureCollection"]}, "features": a_list(_ANY), **more}, ["features"])
    others = [reference("schemas", name) for name in ("ArcgisCount", "ArcgisIds", "ArcgisError")]
    return {
        "ArcgisFeature": an_object(
            {"attributes": _ANY, "geometry": an_object({"x": _NUMBER, "y": _NUMBER}, ["x", "y"])}, ["attributes"]
        ),
        "ArcgisFeatureDocument": an_object({"feature": reference("schemas", "ArcgisFeature")}, ["feature"]),
        "ArcgisFeatureSet": an_object(
            {
                "fields": a_list(reference("schemas", "ArcgisField")),
                "features": a_list(reference("schemas", "ArcgisFeature")),
                **more,
            },
            ["fields", "features"],
        ),
        "ArcgisCount": an_object({"count": _WHOLE}, ["count"]),
        "ArcgisIds": an_object(
            {"objectIdFieldName": {"enum": [OBJECT_ID]}, "objectIds": a_list(_WHOLE)},
            ["objectIdFieldName", "objectIds"],
        ),
        "ArcgisExtent": an_object({"extent": box, "count": _WHOLE}, ["extent"]),
        "ArcgisAnswer": {"anyOf": [reference("schemas", name) for name in names]},
        "ArcgisGeoJson": {"anyOf": [collection, *others]},
    }
