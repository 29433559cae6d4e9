"""What describes the tiles of a table: TileJSON 3.0 for maps, tilesets and their matrices for OGC API Tiles.

In: a collection, the reader's categories. Out: documents, whose layers and fields follow the declaration.
"""

from __future__ import annotations

from typing import Any

from ckanext.cpdi.query.columns import ROW_ID
from ckanext.cpdi.query.reference import CRS84
from ckanext.cpdi.selection.tiles import cells, points
from ckanext.cpdi.selection.tiles.categories import OTHER, Categories
from ckanext.cpdi.selection.tiles.pyramid import DEEPEST, SIDE
from ckanext.cpdi.services.ogc.answers import JSON, Link, link
from ckanext.cpdi.services.ogc.tables import Collection

MATRICES = "WebMercatorQuad"
MVT = "application/vnd.mapbox-vector-tile"
POINTS_FROM = 14
"""The zoom from which tiles have points; in those before, points of a city would be megabytes."""
SHOWN = 16
"""The last zoom that maps ask for: they show what is in its tiles larger."""
CONFORMANCE = tuple(
    f"http://www.opengis.net/spec/ogcapi-tiles-1/1.0/conf/{name}"
    for name in ("core", "tileset", "tilesets-list", "geodata-tilesets", "mvt")
)
_URI = f"http://www.opengis.net/def/tilematrixset/OGC/1.0/{MATRICES}"
_CRS = "http://www.opengis.net/def/crs/EPSG/0/3857"
_SCHEME = "http://www.opengis.net/def/rel/ogc/1.0/tiling-scheme"
_TITLE = "Google Maps Compatible for the World"
_PIXELS = 256
_PIXEL = 0.00028
"""Metres of a pixel, by which OGC reckons scales."""

Document = dict[str, Any]


def layers(collection: Collection, categories: Categories) -> list[Document]:
    """Return the layers of the tiles, as TileJSON describes them; a field's text says what it is."""
    table, many = collection.dataset.rows, collection.dataset.many.en
    counted = {name: f"Number of rows: {text}" for name, text in categories.names.items()}
    if categories.has_more:
        counted[OTHER] = "Number of rows of all other categories"
    own = [table.field(name) for name in (table.category, table.time_field.name) if name]
    forms = {"datetime": " (milliseconds since 1970, UTC)"}
    shown = {field.name: field.title.en + forms.get(field.type, "") for field in own}
    return [
        {
            "id": cells.LAYER,
            "description": f"{many} by cell, with a place alone",
            "minzoom": 0,
            "maxzoom": POINTS_FROM - 1,
            "fields": {"count": "Number of rows"} | counted,
        },
        {
            "id": points.LAYER,
            "description": many,
            "minzoom": POINTS_FROM,
            "maxzoom": SHOWN,
            "fields": {ROW_ID: "Number of the row"} | shown,
        },
    ]


def tilejson(collection: Collection, categories: Categories, question: str) -> Document:
    """Return TileJSON; ``question`` is the query of a link, which the tiles' address gets as well."""
    path = f"/collections/{collection.name}/tiles/{MATRICES}/{{z}}/{{y}}/{{x}}"
    document: Document = {
        "tilejson": "3.0.0",
        "name": collection.dataset.title.en,
        "description": collection.dataset.description.en,
        "version": "1.0.0",
        "scheme": "xyz",
        "tiles": [link(path, "item", MVT)["href"] + question],
        "minzoom": 0,
        "maxzoom": SHOWN,
        "vector_layers": layers(collection, categories),
    }
    if collection.box:
        west, south, east, north = collection.box
        document["bounds"] = [west, south, east, north]
        document["center"] = [(west + east) / 2, (south + north) / 2, 10]
    return document


def tilesets(collection: Collection) -> Document:
    """Return the list of tilesets, of which there is one."""
    path = f"/collections/{collection.name}/tiles"
    whole = link(f"{path}/{MATRICES}", "self", JSON, "The tileset")
    item = {"title": collection.dataset.title.en, "dataType": "vector", "crs": _CRS, "tileMatrixSetURI": _URI}
    return {"tilesets": [item | {"links": [whole]}], "links": [link(path, "self", JSON)]}


def tileset(collection: Collection, categories: Categories) -> Document:
    """Return the tileset (OGC 17-083r4, 7.2): its matrices, layers and box."""
    path = f"/collections/{collection.name}/tiles/{MATRICES}"
    described = [_layer(layer) for layer in layers(collection, categories)]
    document: Document = {
        "title": collection.dataset.title.en,
        "description": collection.dataset.description.en,
        "dataType": "vector",
        "crs": _CRS,
        "tileMatrixSetURI": _URI,
        "layers": described,
        "links": [
            link(path, "self", JSON),
            link(f"{path}/tilejson.json", "describedby", JSON, "TileJSON"),
            template(f"{path}/{{tileMatrix}}/{{tileRow}}/{{tileCol}}"),
            link(f"/tileMatrixSets/{MATRICES}", _SCHEME, JSON, MATRICES),
            link(f"/collections/{collection.name}", "geodata", JSON, collection.dataset.title.en),
        ],
    }
    if collection.box:
        west, south, east, north = collection.box
        document["boundingBox"] = {"lowerLeft": [west, south], "upperRight": [east, north], "crs": CRS84.uri}
    return document


def template(path: str) -> dict[str, Any]:
    """Return the link to the tiles, with braces where a client puts numbers."""
    described: dict[str, Any] = dict(link(path, "item", MVT, "The tiles"))
    return described | {"templated": True}


def _layer(layer: Document) -> Document:
    geometry = {cells.LAYER: "polygons", points.LAYER: "points"}
    properties = {name: {"title": title} for name, title in layer["fields"].items()}
    return {
        "id": layer["id"],
        "description": layer["description"],
        "dataType": "vector",
        "geometryDimension": 2 if geometry[layer["id"]] == "polygons" else 0,
        "minTileMatrix": str(layer["minzoom"]),
        "maxTileMatrix": str(layer["maxzoom"]),
        "propertiesSchema": {"type": "object", "properties": properties},
    }


def matrix_sets() -> Document:
    """Return the list of matrix sets, of which there is one."""
    links: list[Link] = [link(f"/tileMatrixSets/{MATRICES}", "self", JSON)]
    return {
        "tileMatrixSets": [
            {"id": MATRICES, "title": "Google Maps Compatible for the World", "uri": _URI, "links": links}
        ]
    }


def matrix_set() -> Document:
    """Return the pyramid (OGC 17-083r4, annex D.1)."""
    return {
        "id": MATRICES,
        "title": _TITLE,
        "uri": _URI,
        "crs": _CRS,
        "orderedAxes": ["X", "Y"],
        "wellKnownScaleSet": "http://www.opengis.net/def/wkss/OGC/1.0/GoogleMapsCompatible",
        "tileMatrices": [_matrix(z) for z in range(DEEPEST + 1)],
    }


def _matrix(z: int) -> Document:
    cell = SIDE / _PIXELS / 2**z
    return {
        "id": str(z),
        "scaleDenominator": cell / _PIXEL,
        "cellSize": cell,
        "cornerOfOrigin": "topLeft",
        "pointOfOrigin": [-SIDE / 2, SIDE / 2],
        "tileWidth": _PIXELS,
        "tileHeight": _PIXELS,
        "matrixWidth": 2**z,
        "matrixHeight": 2**z,
    }
