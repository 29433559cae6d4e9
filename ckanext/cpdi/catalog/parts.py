"""The resources that a table of incidents has in CKAN, by themselves: which there are, their ids and their addresses.

A resource's id follows from the dataset's name and the part, so that nothing has to be looked up to know whether a
resource is ours, and a catalogue that was lost comes back with the same ids, API links and table names.
"""

from __future__ import annotations

import re
from collections.abc import Collection
from dataclasses import dataclass
from functools import cache
from uuid import UUID, uuid5

from ckanext.cpdi.declare import Dataset, Library
from ckanext.cpdi.declare.tables.dataset import View

URL_TYPE = "cpdi"
"""CKAN's mark of a resource whose address is ours: it is read-only in the API, and no loader touches it."""

TABLE = "csv"
"""The part that is the table itself: the CSV of all rows, behind which the DataStore's table stands."""

_NAMESPACE = UUID("6f1f6a5e-6a0b-5c63-9d5a-0f6a3d3c6b11")


@dataclass(frozen=True)
class Kind:
    """What a part is; ``key`` is a file's extension, ``called`` what its name says of the format."""

    key: str
    format: str
    media_type: str
    called: str
    purpose: str


FILES = (
    Kind(TABLE, "CSV", "text/csv", "CSV", "for spreadsheets and scripts"),
    Kind("kml", "KML", "application/vnd.google-earth.kml+xml", "KML", "for Google Earth and other globes"),
    Kind("shp.zip", "SHP", "application/zip", "an Esri Shapefile", "a ZIP file for GIS programs"),
    Kind("geojson", "GeoJSON", "application/geo+json", "GeoJSON", "for web maps and scripts"),
)
API = Kind("api", "API", "application/json", "", "Search, filter and page through the rows as JSON.")
_SINCE = "Since January 1, {year}, as {called}"


@dataclass(frozen=True)
class Part:
    """One resource of one dataset; ``running`` where it has the current year's rows, whichever year that is."""

    id: str
    dataset: str
    kind: Kind
    path: str
    running: bool = False

    @property
    def is_table(self) -> bool:
        """Whether the DataStore's table stands behind it."""
        return self.kind.key == TABLE and not self.running

    def is_made(self, formats: Collection[str]) -> bool:
        """Return whether it is there on a portal whose files are in ``formats``."""
        return self.kind == API or self.kind.key in formats

    @property
    def description(self) -> str:
        """What it is for, as staff find it."""
        if self.kind == API:
            return self.kind.purpose
        what = "The current year's rows, anew from every January 1st" if self.running else "The whole table"
        return f"{what}, {self.kind.purpose}."

    def name(self, year: int | None) -> str:
        """Return what it is called while ``year`` is the current one."""
        if self.kind == API:
            return "DataStore API"
        form = _SINCE if self.running else "All rows as {called}"
        return form.format(year=year, called=self.kind.called)

    def is_named(self, name: str) -> bool:
        """Return whether ``name`` is one that the portal gave a running part, and not one of the staff's."""
        form = re.escape(_SINCE.format(year="YEAR", called=self.kind.called)).replace("YEAR", r"\d{4}")
        return self.running and re.fullmatch(form, name) is not None


def resource_id(dataset: str, key: str = TABLE) -> str:
    """Return the id of the resource ``key`` of ``dataset``; without a key that of its table."""
    return str(uuid5(_NAMESPACE, f"{dataset}/{key}"))


def parts(dataset: Dataset, formats: Collection[str] | None = None) -> tuple[Part, ...]:
    """Return the resources that ``dataset`` has by itself, its default view first; none where it has no rows.

    Those of files are in ``formats``; without them, in each that a resource may have.
    """
    every = _parts(dataset.name, dataset.default_view) if dataset.table else ()
    return tuple(one for one in every if formats is None or one.is_made(formats))


def by_id(library: Library) -> dict[str, Part]:
    """Return the resources of all tables in ``library`` by their ids."""
    return _by_id(tuple((one.name, one.default_view) for one in library.tables))


@cache
def _by_id(tables: tuple[tuple[str, View], ...]) -> dict[str, Part]:
    return {part.id: part for name, view in tables for part in _parts(name, view)}


def _parts(name: str, view: View) -> tuple[Part, ...]:
    plain, whole = f"/data/{name}", f"/data/{name}/all"
    running = [
        Part(resource_id(name, f"running/{kind.key}"), name, kind, f"{plain}.{kind.key}", running=True)
        for kind in FILES
        if view == "year_to_date"
    ]
    stem = whole if running else plain
    every = [Part(resource_id(name, kind.key), name, kind, f"{stem}.{kind.key}") for kind in FILES]
    search = f"/api/3/action/datastore_search?resource_id={resource_id(name)}"
    return (*running, *every, Part(resource_id(name, API.key), name, API, search))
