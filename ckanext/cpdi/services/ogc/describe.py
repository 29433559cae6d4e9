"""The service in OpenAPI: paths with the identifiers of the collections in them, parameters, answers.

In: the collections that the reader may see. Out: parts of a document that hold in OpenAPI 3.0 and 3.1. GDAL takes the
size of its pages from a parameter that is named by ``$ref`` and whose name holds ``limit``, of the very path of a
collection; it sends conditions as CQL2 only where the languages of ``filter`` hold ``cql-text``.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from ckanext.cpdi.declare import Field, Table
from ckanext.cpdi.query.grammars.link import EMPTY, FIXED, LANGUAGES, SUFFIXES, WORDS
from ckanext.cpdi.query.grammars.page import MOST_COLUMNS
from ckanext.cpdi.query.notation.periods import PERIODS
from ckanext.cpdi.query.reference import CRS84, NAMED
from ckanext.cpdi.services.ogc.answers import GEOJSON, HTML, JSON, OPENAPI, SCHEMA
from ckanext.cpdi.services.ogc.items import LIMIT, MOST
from ckanext.cpdi.services.ogc.schemas import area_properties, property_of
from ckanext.cpdi.services.ogc.tables import Collection

TAG = "OGC API Features"
PREFIX = "ogc-"
"""Begins the names of the parameters among the components."""
_ERROR = {"$ref": "#/components/responses/OgcError"}
MVT = "application/vnd.mapbox-vector-tile"
_AXES = {"z": 22, "y": 2**22 - 1, "x": 2**22 - 1}
"""The parts of a tile's address, each with the most that it can be."""
_ORDERED = ("integer", "number", "date", "datetime", "string")
_TEXT = {"type": "string"}
_WORDS = {"type": "string", "pattern": r"^[^\x00]*$", "maxLength": 1000}
"""A text without the character NUL, which PostgreSQL has none of."""
_SEARCH = {"type": "string", "pattern": rf"^([^\s\x00]+\s){{0,{WORDS - 1}}}[^\s\x00]*$", "maxLength": 1000}
_DAYS = (
    r"([12]\d{3}-((0[13578]|1[02])-(0[1-9]|[12]\d|3[01])|(0[469]|11)-(0[1-9]|[12]\d|30)|02-(0[1-9]|1\d|2[0-8]))"
    r"|([12]\d(0[48]|[2468][048]|[13579][26])|(1[26]|2[048])00)-02-29)"
)
_CLOCK = r"[Tt ]([01]\d|2[0-3]):[0-5]\d(:[0-5]\d(\.\d{1,6})?)?([Zz]|[+-](0\d|1[0-4]):[0-5]\d)?"
_AT = f"{_DAYS}({_CLOCK})?"
_DAY = {"type": "string", "format": "date"}
_MOMENT = {"type": "string", "pattern": f"^{_AT}$"}
_SPAN = {"type": "string", "format": "span", "pattern": rf"^({_AT}(/(\.\.|{_AT})?)?|(\.\.)?/{_AT})$"}


def _parameter(name: str, description: str, schema: dict[str, Any], **more: Any) -> dict[str, Any]:  # noqa: ANN401
    return {"name": name, "in": "query", "description": description, "required": False, "schema": schema, **more}


def _numbers(*lengths: int) -> dict[str, Any]:
    sizes = [{"minItems": length, "maxItems": length} for length in lengths]
    return {"schema": {"type": "array", "items": {"type": "number"}, "oneOf": sizes}, **_LISTED}


_LISTED = {"style": "form", "explode": False}
_URIS = {"type": "string", "format": "uri", "enum": list(NAMED), "default": CRS84.uri}


def parameters() -> dict[str, Any]:
    """Return the parameters that items of all collections have, by their names among the components.

    ``cursor`` is none of them, since nobody but the service can write one.
    """
    box = _parameter("bbox", "west,south,east,north; with heights third and sixth, which are left unheeded", {})
    listed: dict[str, dict[str, Any]] = {
        "limit": _parameter(
            "limit",
            f"features of a page; more than {MOST:,} are as many as that",
            {"type": "integer", "minimum": 1, "maximum": MOST, "default": LIMIT},
        ),
        "offset": _parameter("offset", "features to leave out first", {"type": "integer", "minimum": 0, "default": 0}),
        "bbox": box | _numbers(4, 6),
        "bbox-crs": _parameter("bbox-crs", "reference system of bbox", _URIS),
        "crs": _parameter("crs", "reference system of the answer", _URIS),
        "datetime": _parameter("datetime", "a day, an instant, or an interval a/b, a/.., ../b", _SPAN),
        "from": _parameter("from", "the first day, on the department's clock", _DAY),
        "to": _parameter("to", "the last day, on the department's clock", _DAY),
        "period": _parameter(
            "period", "days that go on with the calendar, in the place of from and to", _TEXT | {"enum": list(PERIODS)}
        ),
        "q": _parameter("q", "words that a row has", _SEARCH),
        "filter": _parameter("filter", "a condition in CQL2", _TEXT | {"format": "cql2-text"}),
        "filter-lang": _parameter(
            "filter-lang", "what the filter is written in", _TEXT | {"enum": list(LANGUAGES), "default": "cql2-text"}
        ),
        "filter-crs": _parameter("filter-crs", "reference system of the filter's geometries", _URIS),
        "f": _parameter("f", "the form of the answer", _TEXT | {"enum": ["json", "html"]}),
    }
    return {f"{PREFIX}{name}": parameter for name, parameter in listed.items()}


def paths(collections: Iterable[Collection]) -> dict[str, Any]:
    """Return the paths of the service, from the portal's root on."""
    described: dict[str, Any] = {
        "/ogc": _path("landing", "What the service has", {JSON: {"type": "object"}}),
        "/ogc/conformance": _path("conformance", "What it holds to", {JSON: {"type": "object"}}),
        "/ogc/api": _path("api", "This document", {OPENAPI: {"type": "object"}}, html=False),
        "/ogc/collections": _path("collections", "The tables", {JSON: {"type": "object"}}),
        "/ogc/tileMatrixSets": _path("pyramids", "Pyramids of tiles", {JSON: {"type": "object"}}, html=False),
        "/ogc/tileMatrixSets/WebMercatorQuad": _path("pyramid", "The pyramid", {JSON: {"type": "object"}}, html=False),
    }
    for collection in collections:
        described |= _of_collection(collection)
    return described


def _of_collection(collection: Collection) -> dict[str, Any]:
    name, path = collection.name, f"/ogc/collections/{collection.name}"
    title = collection.dataset.title.en
    table = collection.dataset.rows
    own = of_table(table)
    paging = [_showing(table), sorting("sortby", table), sorting("sort", table)]
    names = [name for name in parameters() if table.point or "bbox" not in name]
    references = [{"$ref": f"#/components/parameters/{each}"} for each in names]
    asked = [*references, *paging, *own]
    identifier = {"name": "id", "in": "path", "required": True, "schema": {"type": "integer", "minimum": 0}}
    feature = {"$ref": "#/components/schemas/OgcFeature"}
    of_item = [identifier, {"$ref": "#/components/parameters/ogc-crs"}, {"$ref": "#/components/parameters/ogc-f"}]
    collected = {"$ref": "#/components/schemas/OgcFeatureCollection"}
    return {
        path: _path(f"collection.{name}", title, {JSON: {"type": "object"}}, errors=("404",)),
        f"{path}/queryables": _path(f"queryables.{name}", f"{title}: what filters may name", {SCHEMA: {}}),
        f"{path}/schema": _path(f"schema.{name}", f"{title}: what a feature has", {SCHEMA: {}}),
        f"{path}/items": _path(f"items.{name}", title, {GEOJSON: collected}, asked, errors=("503",)),
        f"{path}/items/{{id}}": _path(f"item.{name}", f"{title}: a row", {GEOJSON: feature}, of_item, errors=("404",)),
    } | (_tiles(name, path, title, own) if collection.dataset.rows.point else {})


def _tiles(name: str, path: str, title: str, own: list[dict[str, Any]]) -> dict[str, Any]:
    """Return the paths of the tiles of a collection; ``own`` are the parameters of its columns."""
    whole, chosen = f"{path}/tiles/WebMercatorQuad", [name for name in parameters() if name[4:] in FIXED]
    asked = [*({"$ref": f"#/components/parameters/{each}"} for each in chosen), *own]
    numbers = {axis: {"type": "integer", "minimum": 0, "maximum": most} for axis, most in _AXES.items()}
    place = [{"name": axis, "in": "path", "required": True, "schema": schema} for axis, schema in numbers.items()]
    tile = _path(f"tile.{name}", f"{title}: a vector tile", {MVT: {}}, [*place, *asked], ("404", "503"), html=False)
    tile["get"]["responses"]["204"] = {"description": "a tile without rows"}
    document = {JSON: {"type": "object"}}
    return {
        f"{path}/tiles": _path(f"tilesets.{name}", f"{title}: tilesets", document, errors=("404", "503"), html=False),
        whole: _path(f"tileset.{name}", f"{title}: the tileset", document, errors=("404",), html=False),
        f"{whole}/tilejson.json": _path(
            f"tilejson.{name}", f"{title}: TileJSON", document, asked, ("404",), html=False
        ),
        f"{whole}/{{z}}/{{y}}/{{x}}": tile,
    }


def sorting(name: str, table: Table) -> dict[str, Any]:
    """Return the parameter ``name`` that sorts the rows of ``table``."""
    names = [f"{sign}{field.name}" for field in table.fields for sign in ("", "-")]
    schema = {"type": "array", "items": _TEXT | {"enum": names}, "maxItems": MOST_COLUMNS}
    return _parameter(name, "columns to sort by; - before one sorts down", schema, **_LISTED)


def _showing(table: Table) -> dict[str, Any]:
    """Return the parameter that chooses columns of ``table``."""
    items = _TEXT | {"enum": [field.name for field in table.fields]}
    return _parameter("properties", "columns to show", {"type": "array", "items": items}, **_LISTED)


def of_table(table: Table) -> list[dict[str, Any]]:
    """Return the parameters that the columns of a table give, and the declared areas that its rows lie in."""
    own = [each for field in table.fields for each in of_field(field)]
    for name, schema in area_properties(table).items():
        own.append(_parameter(name, schema["title"], {"type": "array", "items": _TEXT | {"enum": schema["enum"]}},
                              style="form", explode=True))  # fmt: skip
        own.append(_parameter(f"{name}__{EMPTY}", f"{name}: whether there is none", _TEXT | {"enum": ["yes", "no"]}))
    return own


def of_field(field: Field) -> list[dict[str, Any]]:
    """Return the parameters that a column gives: its values, and what they are compared with."""
    schema = {key: value for key, value in property_of(field).items() if key in ("type", "enum", "format")}
    if field.type == "datetime":
        schema = dict(_MOMENT)  # a day is enough
    if field.type == "string" and "enum" not in schema:
        schema = dict(_WORDS)
    if field.type == "boolean":
        schema = _TEXT | {"enum": ["true", "false", "yes", "no"]}
    title = field.title.en
    values = {"type": "array", "items": schema}
    listed = [_parameter(field.name, title, values, style="form", explode=True)]
    empty = _TEXT | {"enum": ["yes", "no"]}
    listed.append(_parameter(f"{field.name}__{EMPTY}", f"{title}: whether it is empty", empty))
    bound = {key: value for key, value in schema.items() if key != "enum"}
    if field.type in _ORDERED:
        listed += [
            _parameter(f"{field.name}__{suffix}", f"{title} {operator}", bound) for suffix, operator in SUFFIXES.items()
        ]
    return listed


def _path(
    operation: str,
    summary: str,
    content: dict[str, Any],
    asked: Iterable[dict[str, Any]] = (),
    errors: tuple[str, ...] = (),
    *,
    html: bool = True,
) -> dict[str, Any]:
    """Return a path that answers GET."""
    forms = {kind: {"schema": schema} for kind, schema in content.items()}
    if html:
        forms[HTML] = {"schema": _TEXT}
    parameters_ = list(asked) or [{"$ref": "#/components/parameters/ogc-f"}]
    answers = {"200": {"description": summary, "content": forms}} | dict.fromkeys(("400", *errors), _ERROR)
    return {
        "get": {
            "operationId": f"ogc.{operation}",
            "tags": [TAG],
            "summary": summary,
            "parameters": parameters_,
            "responses": answers,
        }
    }


def components() -> dict[str, Any]:
    """Return the components that :func:`paths` names."""
    position = {"type": "array", "items": {"type": "number"}, "minItems": 2, "maxItems": 3}
    point = {"type": "object", "properties": {"type": {"type": "string", "enum": ["Point"]}, "coordinates": position}}
    link = {"type": "object", "required": ["href", "rel"], "properties": {"href": _TEXT, "rel": _TEXT, "type": _TEXT}}
    feature = {
        "type": "object",
        "required": ["type", "id", "geometry", "properties"],
        "properties": {
            "type": {"type": "string", "enum": ["Feature"]},
            "id": {"type": "integer"},
            "geometry": {"oneOf": [point, {"enum": [None]}]},
            "properties": {"type": "object"},
            "links": {"type": "array", "items": link},
        },
    }
    collection = {
        "type": "object",
        "required": ["type", "features"],
        "properties": {
            "type": {"type": "string", "enum": ["FeatureCollection"]},
            "features": {"type": "array", "items": {"$ref": "#/components/schemas/OgcFeature"}},
            "links": {"type": "array", "items": link},
            "timeStamp": {"type": "string", "format": "date-time"},
            "numberMatched": {"type": "integer", "minimum": 0},
            "numberReturned": {"type": "integer", "minimum": 0},
        },
    }
    error = {
        "type": "object",
        "required": ["code"],
        "properties": {"code": _TEXT, "description": _TEXT},
    }
    return {
        "parameters": parameters(),
        "schemas": {"OgcFeature": feature, "OgcFeatureCollection": collection, "OgcError": error},
        "responses": {
            "OgcError": {
                "description": "what is wrong, and what was expected",
                "content": {JSON: {"schema": {"$ref": "#/components/schemas/OgcError"}}, HTML: {"schema": _TEXT}},
            }
        },
    }


def document(collections: Iterable[Collection], title: str, server: str) -> dict[str, Any]:
    """Return the service at ``server`` as a document of OpenAPI 3.0, which clients of OGC API read.

    Its paths begin at the landing page, where GDAL looks for them.
    """
    described = {path.removeprefix("/ogc") or "/": operations for path, operations in paths(collections).items()}
    return {
        "openapi": "3.0.3",
        "info": {"title": title, "version": "1.0.0", "description": "OGC API Features on the tables of the portal"},
        "servers": [{"url": server}],
        "tags": [{"name": TAG}],
        "paths": described,
        "components": components(),
    }
