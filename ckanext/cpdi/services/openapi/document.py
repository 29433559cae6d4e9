"""The whole document: what each protocol describes, put together by apispec.

In: the tables that everybody may read and that have rows. Out: a document of OpenAPI 3.1.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from apispec import APISpec

from ckanext.cpdi import __version__, addresses, config
from ckanext.cpdi.services.http.access import Readers
from ckanext.cpdi.services.ogc.tables import Collection, collections
from ckanext.cpdi.services.openapi import arcgis, changes, datastore, files, ogc, portal, reports
from ckanext.cpdi.services.openapi.part import Node, Part

PARTS: tuple[Callable[[Sequence[Collection]], Part], ...] = (
    files.part,
    changes.part,
    arcgis.part,
    ogc.part,
    datastore.part,
    reports.part,
    portal.part,
)
"""The protocols, in the order of the document. To add one, write a module with a ``part``, and its line here."""


def document() -> dict[str, Any]:
    """Return the description of all services, without what not everybody may read; raise psycopg.Error."""
    tables = [table for table in collections() if table.allowed is Readers.EVERYBODY]
    parts = [part(tables) for part in PARTS]
    agency = config.profile().agency.name.en
    spec = APISpec(
        title=f"Open data of {agency}",
        version=__version__,
        openapi_version="3.1.0",
        info={
            "description": "Tables, files, maps and changes. No key is needed.",
            "license": {"name": config.licence().title},
        },
        servers=[{"url": addresses.url() or "/"}],
        tags=[{"name": part.tag, "description": part.description} for part in parts],
    )
    for part in parts:
        _add(spec, part)
    return spec.to_dict()


def _add(spec: APISpec, part: Part) -> None:
    add: dict[str, Callable[[str, dict[str, Any]], Any]] = {
        "schemas": spec.components.schema,
        "parameters": lambda name, node: spec.components.parameter(name, node["in"], node),
        "responses": spec.components.response,
    }
    for kind, named in part.components.items():
        for name, node in named.items():
            add[kind](name, node)
    for path, operations in part.paths.items():
        spec.path(path=path, operations={method: _named(node) for method, node in operations.items()})


def _named(operation: Node) -> Node:
    """Return an operation that names shared parameters as apispec wants it: by their names alone."""
    parameters = [each.get("$ref", "").rpartition("/")[2] or each for each in operation["parameters"]]
    return operation | {"parameters": parameters}
