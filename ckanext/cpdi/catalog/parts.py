"""The resources that the portal creates for a table in CKAN: their kinds, ids and addresses.

A resource's id derives from the dataset's name and the part. So the portal's own resources are recognised without a
query, and a catalogue that was lost comes back with the same ids, API links and table names.
"""

from __future__ import annotations

import re
from collections.abc import Collection
from dataclasses import dataclass
from functools import cache
from uuid import UUID, uuid5

from ckanext.cpdi.declare import Dataset, Library, Text
from ckanext.cpdi.declare.tables.dataset import View
from ckanext.cpdi.publish.demographics import path

URL_TYPE = "cpdi"
"""The ``url_type`` of the portal's own resources: read-only in the API, and ignored by loaders."""

TABLE = "csv"
"""The part that is the table itself: the CSV of all rows, behind which the DataStore's table stands."""
PLACES = "places"
"""The dataset of the places that rows are generalised to. It is declared nowhere: it follows from the places file."""

NAMESPACE = UUID("6f1f6a5e-6a0b-5c63-9d5a-0f6a3d3c6b11")


@dataclass(frozen=True)
class Kind:
    """A kind of part; ``key`` is a file's extension, ``label`` the format in a resource's name."""

    key: str
    format: str
    media_type: str
    label: Text
    purpose: Text


FILES = (
    Kind(
        TABLE,
        "CSV",
        "text/csv",
        Text("CSV"),
        Text("for spreadsheets and scripts", "para hojas de cálculo y programas"),
    ),
    Kind(
        "kml",
        "KML",
        "application/vnd.google-earth.kml+xml",
        Text("KML"),
        Text("for Google Earth and other globes", "para Google Earth y otros globos"),
    ),
    Kind(
        "shp.zip",
        "SHP",
        "application/zip",
        Text("an Esri Shapefile", "Shapefile de Esri"),
        Text("a ZIP file for GIS programs", "un archivo ZIP para programas SIG"),
    ),
    Kind(
        "geojson",
        "GeoJSON",
        "application/geo+json",
        Text("GeoJSON"),
        Text("for web maps and scripts", "para mapas web y programas"),
    ),
)
PEOPLE = "demographics"
"""The kind of a resource that is a fixed table of people; there is one where a year has been counted."""
API = Kind(
    "api",
    "API",
    "application/json",
    Text("DataStore API", "API DataStore"),
    Text(
        "Search, filter and page through the rows as JSON.",
        "Buscar, filtrar y recorrer las filas por páginas, en JSON.",
    ),
)
_ALL = Text("All rows as {label}", "Todas las filas: {label}")
_SINCE = Text("Since January 1, {year}, as {label}", "Desde el 1 de enero de {year}: {label}")
_WHOLE = Text("The whole table, {purpose}.", "La tabla entera, {purpose}.")
_RUNNING = Text(
    "The current year's rows, anew from every January 1st, {purpose}.",
    "Las filas del año en curso, de nuevo desde cada 1 de enero, {purpose}.",
)
_COUNTS = Text(
    "Counts by year; small ones are withheld, and no year changes.",
    "Recuentos por año; los pequeños se omiten, y ningún año cambia.",
)
_OF_TABLE = Text("{table}: {name}")
_NO_LABEL = Text("")
_ANY_YEAR = 9999


@dataclass(frozen=True)
class Part:
    """One resource of one table; ``running`` where it always has the rows of the current year.

    ``label`` tells the tables of one dataset apart: it stands before the resource's name; empty for a single table.
    """

    id: str
    dataset: str
    kind: Kind
    path: str
    running: bool = False
    label: Text = _NO_LABEL

    @property
    def is_table(self) -> bool:
        """Whether it is the resource of the DataStore's table."""
        return self.kind.key == TABLE and not self.running

    def is_offered(self, formats: Collection[str]) -> bool:
        """Return whether it exists on a portal that makes files in ``formats``."""
        return self._has_own_name or self.kind.key in formats

    @property
    def _has_own_name(self) -> bool:
        """Whether it is called what its kind is."""
        return self.kind.key in (API.key, PEOPLE)

    @property
    def description(self) -> Text:
        """The description; the resource is created with the English one."""
        purpose = self.kind.purpose
        return purpose if self._has_own_name else (_RUNNING if self.running else _WHOLE).format(purpose=purpose)

    def name(self, year: int | None) -> Text:
        """Return the resource's name while ``year`` is the current one; it is created with the English one."""
        name = self.kind.label
        if not self._has_own_name:
            name = (_SINCE if self.running else _ALL).format(year=year, label=name)
        return name if self.label == _NO_LABEL else _OF_TABLE.format(table=self.label, name=name)

    def is_portal_name(self, name: str) -> bool:
        """Return whether the portal gave ``name`` to this running part in some year; else staff did."""
        return self.year_of(name) is not None

    def year_of(self, name: str) -> int | None:
        """Return the year that the portal's ``name`` of this running part has; None where it is no such name."""
        match = re.fullmatch(re.escape(self.name(_ANY_YEAR).en).replace(str(_ANY_YEAR), r"(\d{4})"), name)
        return int(match[1]) if self.running and match else None


def resource_id(dataset: str, key: str = TABLE) -> str:
    """Return the id of the resource ``key`` of ``dataset``, by default of its table."""
    return str(uuid5(NAMESPACE, f"{dataset}/{key}"))


def parts(dataset: Dataset, formats: Collection[str] | None = None, label: Text = _NO_LABEL) -> tuple[Part, ...]:
    """Return the portal's own resources of the table ``dataset``, its default view first; none where it has no rows.

    ``formats`` are those in which files are made; None for all formats. ``label`` is that of :class:`Part`.
    """
    every = _parts(dataset.name, dataset.default_view, label) if dataset.table else ()
    return tuple(part for part in every if formats is None or part.is_offered(formats))


def by_id(library: Library) -> dict[str, Part]:
    """Return the resources of all tables in ``library``, and of the places, by their ids."""
    known = _by_id(tuple((table.name, table.default_view, label_of(table, library)) for table in library.tables))
    return known | {part.id: part for table in library.tables for part in people_parts(table)}


def people_parts(table: Dataset) -> tuple[Part, ...]:
    """Return the resources of the fixed tables of people in the rows of ``table``."""
    return tuple(
        Part(
            resource_id(table.name, f"{PEOPLE}/{people.name}"),
            table.name,
            Kind(
                PEOPLE,
                "CSV",
                "text/csv",
                people.title,
                _COUNTS,
            ),
            path(table.name, people.name, "csv"),
        )
        for people in table.rows.demographics
    )


def label_of(table: Dataset, library: Library) -> Text:
    """Return what the resources of ``table`` have before their names: its title, where its dataset has several."""
    several = len(library.tables_of(library.owner(table.name))) > 1
    return Text(table.many.en.capitalize(), table.many.es.capitalize()) if several else _NO_LABEL


@cache
def place_parts() -> tuple[Part, ...]:
    """Return the resources of the dataset of places."""
    kinds = [kind for kind in FILES if kind.key in ("geojson", TABLE)]
    return tuple(Part(resource_id(PLACES, kind.key), PLACES, kind, f"/data/{PLACES}.{kind.key}") for kind in kinds)


@cache
def _by_id(tables: tuple[tuple[str, View, Text], ...]) -> dict[str, Part]:
    declared = {part.id: part for name, view, label in tables for part in _parts(name, view, label)}
    return declared | {part.id: part for part in place_parts()}


def _parts(name: str, view: View, label: Text) -> tuple[Part, ...]:
    plain, full = f"/data/{name}", f"/data/{name}/all"
    running = [
        Part(resource_id(name, f"running/{kind.key}"), name, kind, f"{plain}.{kind.key}", running=True, label=label)
        for kind in FILES
        if view == "year_to_date"
    ]
    stem = full if running else plain
    every = [Part(resource_id(name, kind.key), name, kind, f"{stem}.{kind.key}", label=label) for kind in FILES]
    search = f"/api/3/action/datastore_search?resource_id={resource_id(name)}"
    return (*running, *every, Part(resource_id(name, API.key), name, API, search, label=label))
