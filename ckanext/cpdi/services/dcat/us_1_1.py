"""Entries as DCAT-US 1.1 (Project Open Data), which data.gov and ArcGIS read: the document at ``/data.json``.

In: entries. Out: an object that holds to the published schema for those who are no federal agency.
https://resources.data.gov/resources/dcat-us/
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime
from typing import Any

from ckanext.cpdi.services.dcat.entry import Entry, File, Service

SCHEMA = "https://project-open-data.cio.gov/v1.1/schema"
_RIGHTS = 255
"""The most characters that the schema allows."""
_PACKAGE = "application/json"


def document(entries: Iterable[Entry], url: str) -> dict[str, Any]:
    """Return the catalogue of ``entries``, which lies at ``url``."""
    return {
        "@context": f"{SCHEMA}/catalog.jsonld",
        "@id": url,
        "@type": "dcat:Catalog",
        "conformsTo": SCHEMA,
        "describedBy": f"{SCHEMA}/catalog.json",
        "dataset": [_dataset(entry) for entry in entries],
    }


def _dataset(entry: Entry) -> dict[str, Any]:
    covered = f"{entry.first}/{entry.last}" if entry.first and entry.last else ""
    box = ",".join(f"{side:g}" for side in entry.box) if entry.box else ""
    return _filled(
        {
            "@type": "dcat:Dataset",
            "identifier": entry.page,
            "title": entry.title,
            "description": entry.description,
            "keyword": list(entry.keywords),
            "theme": ["Public Safety", *(["geospatial"] if entry.box else [])],
            "issued": _instant(entry.issued),
            "modified": _instant(entry.modified),
            "publisher": {"@type": "org:Organization", "name": entry.publisher.name},
            "contactPoint": _filled(
                {
                    "@type": "vcard:Contact",
                    "fn": entry.contact.name,
                    "hasEmail": f"mailto:{entry.contact.email}" if entry.contact.email else "",
                }
            ),
            "accessLevel": "public",
            "license": entry.licence.url,
            "rights": _cut(entry.rights),
            "spatial": box or entry.place,
            "temporal": covered,
            "accrualPeriodicity": f"R/{entry.period}" if entry.period else "irregular",
            "landingPage": entry.page,
            "language": list(entry.languages),
            "describedBy": entry.dictionary,
            "describedByType": _PACKAGE if entry.dictionary else "",
            "conformsTo": entry.standards[0] if entry.standards else "",
            "references": list(entry.documents),
            "distribution": [*map(_file, entry.files), *map(_service, entry.services)],
        }
    )


def _file(file: File) -> dict[str, Any]:
    return _filled(
        {
            "@type": "dcat:Distribution",
            "title": file.title,
            "description": file.description,
            "downloadURL": file.url,
            "mediaType": file.media_type,
            "format": file.format,
            "describedBy": file.dictionary,
            "describedByType": _PACKAGE if file.dictionary else "",
        }
    )


def _service(service: Service) -> dict[str, Any]:
    return _filled(
        {
            "@type": "dcat:Distribution",
            "title": service.title,
            "description": service.description,
            "accessURL": service.access,
            "mediaType": service.media_type,
            "format": service.format,
            "conformsTo": service.standard,
            "describedBy": service.document,
            "describedByType": _PACKAGE,
        }
    )


def _filled(node: dict[str, Any]) -> dict[str, Any]:
    """Return ``node`` without what is empty, which the schema does not allow."""
    return {name: value for name, value in node.items() if value}


def _cut(text: str) -> str:
    return text if len(text) <= _RIGHTS else f"{text[: _RIGHTS - 1].rstrip()}…"


def _instant(instant: datetime) -> str:
    return instant.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
