"""GeoServices: each table as a FeatureServer, whose addresses are literal, as the fields of its layers are."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any
from zoneinfo import ZoneInfo

from ckanext.cpdi.services.geoservices.layers import Layer, layers
from ckanext.cpdi.services.ogc.tables import Collection
from ckanext.cpdi.services.openapi import arcgis_answers, arcgis_parameters
from ckanext.cpdi.services.openapi.part import JSON, TEXTUAL, Operation, Part, answer, in_path, reference, references

TAG = "GeoServices"
HTML, GEOJSON, PBF = "text/html", "application/geo+json", "application/x-protobuf"
_FORM = "application/x-www-form-urlencoded"
_ROOT = "/arcgis/rest"
_KEPT = answer("the client has this version", {})
_PAGES = {str(status): reference("responses", "ArcgisPage") for status in (400, 404, 503)}
"""Errors of pages for people, which have a status of their own."""


def part(tables: Sequence[Collection]) -> Part:
    """Return the operations on all tables."""
    paths: dict[str, dict[str, Any]] = {
        f"{_ROOT}/info": _document("info", "Which version of the protocol this is", "ArcgisDocument"),
        f"{_ROOT}/services": _document("catalogue", "The services of all tables", "ArcgisCatalogue"),
    }
    schemas = arcgis_answers.schemas() | {"ArcgisAsked": _body(["f"])}
    for table in tables:
        of_table = layers(table.dataset, ZoneInfo(table.state.zone))
        paths |= _of_table(table.name, table.dataset.title.en, of_table)
        schemas[_query_schema(table.name)] = arcgis_parameters.body(of_table[0])
    paths |= {path: _nothing(path) for path in ("/arcgis/", "/arcgis/{operation}")}
    components: Mapping[str, Any] = {
        "schemas": schemas,
        "responses": {"ArcgisPage": answer("what is wrong, on a page for people", {HTML: TEXTUAL})},
        "parameters": {f"arcgis-{name}": node for name, node in arcgis_parameters.shared().items()},
    }
    return Part(
        TAG,
        "Each table as a FeatureServer, for ArcGIS, QGIS, GDAL and their scripts. What goes wrong is HTTP 200 with an"
        " error in it, as programs of this protocol expect. Times are milliseconds since 1970, UTC.",
        paths,
        components,
    )


def _of_table(name: str, title: str, of_table: Sequence[Layer]) -> dict[str, dict[str, Any]]:
    """Return the paths of a table's service."""
    root = f"{_ROOT}/services/{name}/FeatureServer"
    paths = {
        root: _document(f"service.{name}", f"{title}: the service", "ArcgisService"),
        f"{root}/layers": _document(f"layers.{name}", f"{title}: all layers", "ArcgisLayers"),
    }
    for layer in of_table:
        own = f"{name}.{layer.number}"
        paths[f"{root}/{layer.number}"] = _document(f"layer.{own}", f"{layer.title}: the layer", "ArcgisLayer")
        paths[f"{root}/{layer.number}/query"] = _query(own, layer)
        paths[f"{root}/{layer.number}/{{objectid}}"] = _feature(own, layer)
    return paths


def _document(name: str, summary: str, schema: str, parameters: tuple[dict[str, Any], ...] = ()) -> dict[str, Any]:
    """Return the path of a document, by GET and by POST."""
    either = {"anyOf": [reference("schemas", schema), reference("schemas", "ArcgisError")]}
    good = answer("the document, or what is wrong", {JSON: either, HTML: TEXTUAL})
    by_get = _operation(name, "get", summary, {"200": good, "304": _KEPT, **_PAGES}, parameters)
    return by_get | _operation(name, "post", summary, {"200": good}, parameters)


def _feature(name: str, layer: Layer) -> dict[str, Any]:
    identifier = in_path("objectid", "OBJECTID of the row", {"type": "integer", "minimum": 0})
    described = _document(f"feature.{name}", f"{layer.title}: a row", "ArcgisFeatureDocument", (identifier,))
    described["get"]["parameters"].append(reference("parameters", "arcgis-outSR"))
    return described


def _query(name: str, layer: Layer) -> dict[str, Any]:
    """Return the path of a layer's queries."""
    schema = reference("schemas", "ArcgisAnswer")
    good = answer(
        "rows, a count, ids, an extent or groups; or what is wrong",
        {JSON: schema, GEOJSON: reference("schemas", "ArcgisGeoJson"), PBF: {}, HTML: TEXTUAL},
    )
    names = [name for name in arcgis_parameters.shared() if name != "f" and name not in _spatial(layer)]
    shared = references("parameters", (f"arcgis-{each}" for each in names))
    parameters = (*shared, *arcgis_parameters.of_layer(layer).values())
    summary = f"{layer.title}: rows, counts, ids, extents, statistics"
    by_get = _operation(f"query.{name}", "get", summary, {"200": good, "304": _KEPT, **_PAGES}, parameters)
    body = reference("schemas", _query_schema(layer.dataset.name))
    posted = Operation(f"arcgis.query.{name}.post", TAG, summary, {"200": good}, body={_FORM: body, JSON: body}).node()
    return by_get | {"post": posted}


def _spatial(layer: Layer) -> tuple[str, ...]:
    """Return the parameters that a layer without points has not."""
    return () if layer.is_spatial else arcgis_parameters.SPATIAL


def _operation(
    name: str, method: str, summary: str, answers: dict[str, Any], parameters: tuple[dict[str, Any], ...]
) -> dict[str, Any]:
    """Return an operation by its method; ``f`` stands in the address, or in the form."""
    is_get = method == "get"
    asked = reference("schemas", "ArcgisAsked")
    made = Operation(
        f"arcgis.{name}.{method}",
        TAG,
        summary,
        answers,
        (*parameters, *((reference("parameters", "arcgis-f"),) if is_get else ())),
        body=None if is_get else {_FORM: asked, JSON: asked},
    )
    return {method: made.node()}


def _body(names: Sequence[str]) -> dict[str, Any]:
    shared = arcgis_parameters.shared()
    return {"type": "object", "properties": {name: shared[name]["schema"] for name in names}}


def _nothing(path: str) -> dict[str, Any]:
    """Return what is said of operations that there are not."""
    error = answer("there is no such operation", {JSON: reference("schemas", "ArcgisError")})
    rest = (in_path("operation", "edits, attachments, administration", {"type": "string", "pattern": "^[a-z]+$"}),)
    name = "other" if path.endswith("}") else "root"
    parameters = rest if path.endswith("}") else ()
    summary = "What this service has not"
    return {
        method: Operation(f"arcgis.{name}.{method}", TAG, summary, {"200": error}, parameters).node()
        for method in ("get", "post")
    }


def _query_schema(name: str) -> str:
    return f"ArcgisQuery.{name}"
