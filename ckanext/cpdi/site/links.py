"""The API links of a dataset; a link is shown only where a route of this portal answers it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from ckanext.cpdi.declare import Text

Served = Callable[[str], bool]
"""Whether a route of the portal answers a path."""


@dataclass(frozen=True)
class Service:
    """A protocol that serves every table; ``path`` is a template with ``{dataset}``."""

    title: Text
    purpose: Text
    path: str
    example: str = ""


@dataclass(frozen=True)
class Link:
    """One API link; ``example`` is a whole address that answers with a few rows."""

    title: str
    purpose: str
    url: str
    example: str


_SERVICES = (
    Service(
        Text("GeoServices (FeatureServer)", "GeoServices (FeatureServer)"),
        Text("For ArcGIS, QGIS and GDAL", "Para ArcGIS, QGIS y GDAL"),
        "/arcgis/rest/services/{dataset}/FeatureServer/0",
        "/arcgis/rest/services/{dataset}/FeatureServer/0/query?where=1%3D1&resultRecordCount=5&outFields=*&f=json",
    ),
    Service(
        Text("OGC API Features", "OGC API Features"),
        Text("For web maps and scripts", "Para mapas web y programas"),
        "/ogc/collections/{dataset}/items",
        "/ogc/collections/{dataset}/items?limit=5",
    ),
    Service(
        Text("API description (OpenAPI)", "Descripción de la API (OpenAPI)"),
        Text("For tools that make clients", "Para herramientas que crean clientes"),
        "/openapi.json",
    ),
)
_DATASTORE = Text("DataStore API (JSON)", "API DataStore (JSON)")
_DATASTORE_PURPOSE = Text("Search, filter and page through rows", "Buscar, filtrar y recorrer filas")


def datastore_path(resource_id: str) -> str:
    """Return the path of CKAN's DataStore search for the table."""
    return f"/api/3/action/datastore_search?resource_id={resource_id}"


def describe(dataset: str, resource_id: str, site_url: str, served: Served, language: str) -> tuple[Link, ...]:
    """Return the API links of the table ``resource_id``; none where that is empty, since there is no table."""
    if not resource_id:
        return ()
    links = [
        Link(
            title=_DATASTORE.get(language),
            purpose=_DATASTORE_PURPOSE.get(language),
            url=datastore_path(resource_id),
            example=f"{site_url}{datastore_path(resource_id)}&limit=5",
        )
    ]
    for service in _SERVICES:
        path = service.path.format(dataset=dataset)
        if served(path):
            links.append(
                Link(
                    title=service.title.get(language),
                    purpose=service.purpose.get(language),
                    url=path,
                    example=f"{site_url}{service.example.format(dataset=dataset)}" if service.example else "",
                )
            )
    return tuple(links)
