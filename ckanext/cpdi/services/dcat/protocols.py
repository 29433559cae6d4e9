"""The services that every published table has, each with its addresses: the one list of pages and of catalogues."""

from __future__ import annotations

from msgspec import Struct

from ckanext.cpdi.declare import Text


class Protocol(Struct, frozen=True):
    """A protocol. Its paths are templates with ``{table}``, the table's name, and ``{resource}``, its CKAN resource.

    ``example`` asks for a few rows; ``format`` is what data.gov and ArcGIS call it. ``spatial`` is one that a table
    without points does not have.
    """

    title: Text
    purpose: Text
    endpoint: str
    access: str
    example: str
    document: str
    format: str
    media_type: str = "application/json"
    standard: str = ""
    spatial: bool = False


DATASTORE = Protocol(
    Text("DataStore API (JSON)", "API DataStore (JSON)"),
    Text("Search, filter and page through rows", "Buscar, filtrar y recorrer filas"),
    endpoint="/api/3/action/datastore_search?resource_id={resource}",
    access="/api/3/action/datastore_search?resource_id={resource}",
    example="/api/3/action/datastore_search?resource_id={resource}&limit=5",
    document="/openapi.json",
    format="API",
)
GEOSERVICES = Protocol(
    Text("GeoServices (FeatureServer)", "GeoServices (FeatureServer)"),
    Text("For ArcGIS, QGIS and GDAL", "Para ArcGIS, QGIS y GDAL"),
    endpoint="/arcgis/rest/services/{table}/FeatureServer",
    access="/arcgis/rest/services/{table}/FeatureServer/0",
    example="/arcgis/rest/services/{table}/FeatureServer/0/query?where=1%3D1&resultRecordCount=5&outFields=*&f=json",
    document="/arcgis/rest/services/{table}/FeatureServer?f=json",
    format="ArcGIS GeoServices REST API",
)
FEATURES = Protocol(
    Text("OGC API Features", "OGC API Features"),
    Text("For web maps and scripts", "Para mapas web y programas"),
    endpoint="/ogc/collections/{table}",
    access="/ogc/collections/{table}/items",
    example="/ogc/collections/{table}/items?limit=5",
    document="/ogc/api",
    format="OGC API Features",
    media_type="application/geo+json",
    standard="http://www.opengis.net/spec/ogcapi-features-1/1.0/conf/core",
)
TILES = Protocol(
    Text("Vector tiles", "Teselas vectoriales"),
    Text("For web maps of many rows", "Para mapas web de muchas filas"),
    endpoint="/ogc/collections/{table}/tiles/WebMercatorQuad",
    access="/ogc/collections/{table}/tiles/WebMercatorQuad/tilejson.json",
    example="/ogc/collections/{table}/tiles/WebMercatorQuad/0/0/0",
    document="/ogc/api",
    format="TileJSON",
    standard="http://www.opengis.net/spec/ogcapi-tiles-1/1.0/conf/core",
    spatial=True,
)
OF_TABLES = (GEOSERVICES, FEATURES, TILES)
"""Those of a declared table. The DataStore's API serves any table of CKAN."""
