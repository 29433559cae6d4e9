"""Documents of the service: landing page, conformance, collections, from the declarations and the tables' states.

Documents for programs are in English; pages are in the reader's language.
"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from ckanext.cpdi import addresses
from ckanext.cpdi.query.reference import CRS84, NAMED
from ckanext.cpdi.services.ogc.answers import GEOJSON, HTML, JSON, OPENAPI, SCHEMA, Link, link
from ckanext.cpdi.services.ogc.tables import Collection

_FEATURES = "http://www.opengis.net/spec/ogcapi-features-{}/1.0/conf/{}"
_CLASSES = {
    "1": ("core", "oas30", "html", "geojson"),
    "2": ("crs",),
    "3": ("queryables", "queryables-query-parameters", "filter", "features-filter"),
}
_CQL2 = (
    "cql2-text",
    "cql2-json",
    "basic-cql2",
    "advanced-comparison-operators",
    "case-insensitive-comparison",
    "accent-insensitive-comparison",
    "basic-spatial-functions",
    "basic-spatial-functions-plus",
    "spatial-functions",
    "temporal-functions",
    "property-property",
)
TILES = ("core", "tileset", "tilesets-list", "geodata-tilesets", "mvt")
CONFORMANCE = (
    *(_FEATURES.format(part, name) for part, names in _CLASSES.items() for name in names),
    *(f"http://www.opengis.net/spec/cql2/1.0/conf/{name}" for name in _CQL2),
    *(f"http://www.opengis.net/spec/ogcapi-tiles-1/1.0/conf/{name}" for name in TILES),
)
"""What the service holds to, and tests hold it to."""
_GREGORIAN = "http://www.opengis.net/def/uom/ISO-8601/0/Gregorian"
_QUERYABLES = "http://www.opengis.net/def/rel/ogc/1.0/queryables"
_TILING_SCHEMES = "http://www.opengis.net/def/rel/ogc/1.0/tiling-schemes"
_TILESETS = "http://www.opengis.net/def/rel/ogc/1.0/tilesets-vector"
_SCHEMA = "http://www.opengis.net/def/rel/ogc/1.0/schema"


def both(path: str, title: str, form: str, media_type: str = JSON) -> list[Link]:
    """Return the links to this resource: in this form, and in the other."""
    forms = {"json": media_type, "html": HTML}
    return [
        link(f"{path}?f={name}", "self" if name == form else "alternate", kind, title) for name, kind in forms.items()
    ]


def landing(title: str, form: str) -> dict[str, Any]:
    """Return the landing page."""
    return {
        "title": title,
        "description": "The tables of the portal for GIS programs and scripts, by OGC API Features.",
        "links": [
            *both("", title, form),
            link("/api", "service-desc", OPENAPI, "The service, as OpenAPI 3.0"),
            link(addresses.url("/help"), "service-doc", HTML, "Help"),
            link("/conformance", "conformance", JSON, "What the service holds to"),
            link("/collections", "data", JSON, "The tables"),
            link("/tileMatrixSets", _TILING_SCHEMES, JSON, "Pyramids of tiles"),
        ],
    }


def conformance(form: str) -> dict[str, Any]:
    """Return the classes of conformance."""
    return {"conformsTo": list(CONFORMANCE), "links": both("/conformance", "Conformance", form)}


def listing(collections: list[Collection], form: str) -> dict[str, Any]:
    """Return the document of all collections."""
    return {
        "links": both("/collections", "The tables", form),
        "crs": list(NAMED),
        "collections": [described(each, form, inner=True) for each in collections],
    }


def described(collection: Collection, form: str, *, inner: bool = False) -> dict[str, Any]:
    """Return the document of a collection; ``inner`` where it stands in that of all of them."""
    path, dataset = f"/collections/{collection.name}", collection.dataset
    title = dataset.title.en
    document: dict[str, Any] = {
        "id": collection.name,
        "title": title,
        "description": dataset.description.en,
        "itemType": "feature",
        "extent": _extent(collection),
        "crs": ["#/crs"] if inner else list(NAMED),
        "links": [
            *([link(path, "self", JSON, title)] if inner else both(path, title, form)),
            link(f"{path}/items?f=json", "items", GEOJSON, title),
            link(f"{path}/items?f=html", "items", HTML, title),
            link(f"{path}/queryables", _QUERYABLES, SCHEMA, "What filters may name"),
            link(f"{path}/schema", _SCHEMA, SCHEMA, "What a feature has"),
            link(f"{path}/schema", "describedby", SCHEMA, "What a feature has"),
            link(addresses.url(f"/data/{collection.name}.csv"), "enclosure", "text/csv", "The file"),
        ],
    }
    if dataset.rows.point:
        document["storageCrs"] = CRS84.uri
        document["links"].append(link(f"{path}/tiles", _TILESETS, JSON, "Vector tiles"))
    return document


def _extent(collection: Collection) -> dict[str, Any]:
    state = collection.state
    extent: dict[str, Any] = {
        "temporal": {"interval": [[_utc(state.first_time), _utc(state.last_time)]], "trs": _GREGORIAN}
    }
    if collection.box:
        extent["spatial"] = {"bbox": [list(collection.box)], "crs": CRS84.uri}
    return extent


def _utc(at: datetime | None) -> str | None:
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ") if at else None
