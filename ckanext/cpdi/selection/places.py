"""The published places of now, as this process reads them: which area each lies in.

In: the folder of all files. Out: the file that everybody can download, read once a version and process. Areas of rows
come from it alone, so that whoever joins a table with it by ``place_id`` counts the same.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path
from typing import Any

import msgspec
from msgspec import Struct

from ckanext.cpdi.publish.place_files import PlacesFiles, find

_KEPT = 2
"""Versions that a process keeps: that of now, and the one before for who is still reading."""


class _Feature(Struct):
    properties: dict[str, Any]


class _Collection(Struct):
    features: list[_Feature]


class PublishedPlaces:
    """The places of one ``version``: what the file says of each, its outline aside. Places of the past are among them,
    since rows can be of one until they are masked anew.
    """

    def __init__(self, version: str, places: list[dict[str, Any]]) -> None:
        """Take the properties of each place."""
        self.version = version
        self.places = places
        self._areas: dict[str, Mapping[str, str]] = {}

    def areas(self, layer: str) -> Mapping[str, str]:
        """Return the area of ``layer`` by the id of each place that lies in one; the same object each time."""
        if layer not in self._areas:
            named = ((place["place_id"], place.get(layer)) for place in self.places)
            self._areas[layer] = {place_id: name for place_id, name in named if name}
        return self._areas[layer]


NO_PLACES = PublishedPlaces("", [])


def version_of(folder: Path | None) -> str:
    """Return the version of the places that are served from ``folder``; empty where there are none."""
    files = find(folder) if folder else None
    return files.version if files else ""


def places_of(folder: Path | None) -> PublishedPlaces:
    """Return the places that are served from ``folder`` now; none where there are none yet."""
    files = find(folder) if folder else None
    while files is not None:
        try:
            return _read(files)
        except FileNotFoundError:  # replaced between the two
            last, files = files, find(files.folder.parent)
            if files == last:
                break
    return NO_PLACES


@lru_cache(maxsize=_KEPT)
def _read(files: PlacesFiles) -> PublishedPlaces:
    read = msgspec.json.decode(files.path("geojson").read_bytes(), type=_Collection)
    return PublishedPlaces(files.version, [feature.properties for feature in read.features])
