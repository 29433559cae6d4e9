"""The API links of a dataset; a link is shown only where a route of this portal answers it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from ckanext.cpdi.declare import Text
from ckanext.cpdi.services.dcat import protocols

Served = Callable[[str], bool]
"""Whether a route of the portal answers a path."""


@dataclass(frozen=True)
class Link:
    """One API link; ``example`` is a whole address that answers with a few rows."""

    title: str
    purpose: str
    url: str
    example: str


_OPENAPI = Text("API description (OpenAPI)", "Descripción de la API (OpenAPI)")
_OPENAPI_PURPOSE = Text("For tools that make clients", "Para herramientas que crean clientes")
_OPENAPI_PATH = "/openapi.json"


def datastore_path(resource_id: str) -> str:
    """Return the path of CKAN's DataStore search for the table."""
    return protocols.DATASTORE.access.format(resource=resource_id)


def describe(dataset: str, resource_id: str, site_url: str, served: Served, language: str) -> tuple[Link, ...]:
    """Return the API links of the table ``resource_id``; none where that is empty, since there is no table."""
    if not resource_id:
        return ()
    services = (protocols.DATASTORE, protocols.GEOSERVICES, protocols.FEATURES)
    links = [
        Link(
            title=protocol.title.get(language),
            purpose=protocol.purpose.get(language),
            url=protocol.access.format(table=dataset, resource=resource_id),
            example=site_url + protocol.example.format(table=dataset, resource=resource_id),
        )
        for protocol in services
    ]
    described = Link(_OPENAPI.get(language), _OPENAPI_PURPOSE.get(language), _OPENAPI_PATH, "")
    return (links[0], *(link for link in (*links[1:], described) if served(link.url)))
