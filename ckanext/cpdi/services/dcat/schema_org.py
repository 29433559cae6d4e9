"""Entries as schema.org in JSON-LD, for the heads of pages: search engines list datasets by it.

In: an entry, and the words of the page in its reader's language. Out: JSON that is safe between tags of a page.
https://developers.google.com/search/docs/appearance/structured-data/dataset
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from itertools import islice
from typing import Any

from ckanext.cpdi import addresses
from ckanext.cpdi.services.dcat.entry import Entry, File, Service, Variable

_CONTEXT = "https://schema.org"
_LONGEST = 5000
_SHORTEST = 50
"""Characters that a description has by Google's rules: no more, no fewer."""
_REPORTS = 12
"""The reports that the page of a series names; all stand in the documents for catalogues."""
_UNSAFE = {ord(sign): f"\\u{ord(sign):04x}" for sign in "<>&\u2028\u2029"}


def dataset(entry: Entry, title: str, description: str, language: str) -> str:
    """Return ``entry`` with the words of its page, as JSON."""
    publisher = _filled({"@type": "GovernmentOrganization", "name": entry.publisher.name, "url": entry.publisher.url})
    text = description if len(description) >= _SHORTEST else f"{description} {title}, {entry.publisher.name}".strip()
    covered = f"{entry.first}/{entry.last or '..'}" if entry.first else ""
    files = islice(entry.files, _REPORTS) if entry.series else entry.files
    node = {
        "@context": _CONTEXT,
        "@type": "Dataset",
        "@id": entry.page,
        "url": entry.page,
        "identifier": entry.page,
        "name": title,
        "description": text[:_LONGEST],
        "inLanguage": language,
        "keywords": list(entry.keywords),
        "license": entry.licence.url,
        "isAccessibleForFree": True,
        "creator": publisher,
        "publisher": publisher,
        "datePublished": entry.issued.date().isoformat(),
        "dateModified": entry.modified.date().isoformat(),
        "temporalCoverage": covered,
        "spatialCoverage": _place(entry),
        "variableMeasured": [_variable(each) for each in entry.variables],
        "distribution": [*map(_file, files), *map(_service, entry.services)],
        "includedInDataCatalog": {"@type": "DataCatalog", "@id": addresses.url("/"), "url": addresses.url("/")},
    }
    return _written(_filled(node))


def catalogue(title: str, description: str, publisher: str, pages: Iterable[str]) -> str:
    """Return the portal as a catalogue whose datasets are at ``pages``, as JSON."""
    return _written(
        {
            "@context": _CONTEXT,
            "@type": "DataCatalog",
            "@id": addresses.url("/"),
            "url": addresses.url("/"),
            "name": title,
            "description": description,
            "isAccessibleForFree": True,
            "publisher": {"@type": "GovernmentOrganization", "name": publisher},
            "dataset": [{"@id": page} for page in pages],
        }
    )


def _variable(variable: Variable) -> dict[str, Any]:
    return {
        "@type": "PropertyValue",
        "name": variable.name,
        "alternateName": variable.title,
        "description": variable.description,
    }


def _file(file: File) -> dict[str, Any]:
    return _filled(
        {
            "@type": "DataDownload",
            "name": file.title,
            "contentUrl": file.url,
            "encodingFormat": file.media_type,
            "contentSize": f"{file.size} B" if file.size else "",
        }
    )


def _service(service: Service) -> dict[str, Any]:
    return {
        "@type": "DataDownload",
        "name": service.title,
        "contentUrl": service.access,
        "encodingFormat": service.media_type,
    }


def _place(entry: Entry) -> dict[str, Any]:
    """Return the area; a box is south, west, north, east there."""
    if not (entry.box or entry.place):
        return {}
    place: dict[str, Any] = _filled({"@type": "Place", "name": entry.place})
    if entry.box:
        west, south, east, north = (f"{side:g}" for side in entry.box)
        place["geo"] = {"@type": "GeoShape", "box": f"{south} {west} {north} {east}"}
    return place


def _filled(node: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in node.items() if value}


def _written(node: dict[str, Any]) -> str:
    """Return JSON in which no character can end the tag that it stands in."""
    return json.dumps(node, ensure_ascii=False, separators=(",", ":")).translate(_UNSAFE)
