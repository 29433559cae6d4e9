"""Files and services of the tables of a dataset: those of CKAN's resources, and what has no resource of its own."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from ckanext.cpdi import addresses, config
from ckanext.cpdi.catalog.parts import API, FILES, PEOPLE, Part, by_id, label_of, resource_id
from ckanext.cpdi.declare import Dataset
from ckanext.cpdi.publish.address import SIDECAR, Address, address_of
from ckanext.cpdi.publish.formats import formats
from ckanext.cpdi.services.dcat import protocols
from ckanext.cpdi.services.dcat.entry import File, Service
from ckanext.cpdi.services.dcat.protocols import Protocol

Package = Mapping[str, Any]
_FORMATS = {kind.key for kind in FILES}
"""Formats whose files are resources."""


def published(package: Package) -> tuple[Dataset, ...]:
    """Return the tables of ``package`` that have rows for readers, the first first."""
    tables = {resource["id"] for resource in package["resources"] if resource.get("datastore_active")}
    library = config.library()
    named = library.tables_of(package["name"]) if package["name"] in library.datasets else ()
    return tuple(table for table in named if resource_id(table.name) in tables)


def part_of(resource: Mapping[str, Any]) -> Part | None:
    """Return the part that ``resource`` is; None for somebody's own."""
    return by_id(config.library()).get(resource["id"])


def is_service(part: Part | None) -> bool:
    """Return whether a resource stands for a service, and for no file."""
    return part is not None and part.kind == API


def dictionary_of(part: Part | None) -> str:
    """Return the address of what describes the file of ``part``; empty where nothing does."""
    described = part and part.kind.key != PEOPLE and part.dataset in config.library().by_name
    return addresses.url(f"{part.path}{SIDECAR}") if part and described else ""


def other_files(tables: tuple[Dataset, ...]) -> Iterator[File]:
    """Yield the whole ``tables`` in the formats that have no resource in CKAN."""
    for table in tables:
        label = label_of(table, config.library())
        for name in config.formats(table.table):
            if name not in _FORMATS:
                kind = formats()[name]
                title = kind.title_of(table.rows).en
                yield File(
                    title=f"{label}: all rows as {title}" if label else f"All rows as {title}",
                    url=addresses.url(address_of(table, None, name).path),
                    media_type=kind.media_type,
                    format=title,
                    dictionary=addresses.url(address_of(table, None, name, sidecar=True).path),
                )


def services(package: Package, tables: tuple[Dataset, ...]) -> Iterator[Service]:
    """Yield the services of ``tables``, and CKAN's API of any other table of ``package``."""
    ours = {resource_id(table.name): table for table in tables}
    for resource in package["resources"]:
        if resource.get("datastore_active"):
            table = ours.get(resource["id"])
            for protocol in _protocols(table):
                title = table.title.en if table else str(resource.get("name") or package["title"])
                yield _service(protocol, table.name if table else "", resource["id"], title)


def _protocols(table: Dataset | None) -> tuple[Protocol, ...]:
    if table is None:
        return (protocols.DATASTORE,)
    fitting = (each for each in protocols.OF_TABLES if table.rows.point or not each.spatial)
    return (*fitting, protocols.DATASTORE)


def _service(protocol: Protocol, table: str, resource: str, title: str) -> Service:
    endpoint, access, document = (
        addresses.url(path.format(table=table, resource=resource))
        for path in (protocol.endpoint, protocol.access, protocol.document)
    )
    return Service(
        title=f"{title}: {protocol.title.en}",
        description=f"{protocol.purpose.en}.",
        endpoint=endpoint,
        access=access,
        format=protocol.format,
        media_type=protocol.media_type,
        document=document,
        standard=protocol.standard,
    )


def data_dictionary(tables: tuple[Dataset, ...]) -> str:
    """Return the address of the Data Package of the first of ``tables``; empty where there is none."""
    return addresses.url(Address(tables[0].name).path) if tables else ""
