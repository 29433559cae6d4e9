"""The resources that a table of incidents has in CKAN, by themselves: which there are, their ids and their addresses.

A resource's id follows from the dataset's name and the part, so that nothing has to be looked up to know whether a
resource is ours, and a catalogue that was lost comes back with the same ids, API links and table names.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from uuid import UUID, uuid5

from ckanext.cpdi.declare import Dataset, Library, Text

URL_TYPE = "cpdi"
"""CKAN's mark of a resource whose address is ours: it is read-only in the API, and no loader touches it."""

TABLE = "csv"
"""The part that is the table itself: the CSV of all rows, behind which the DataStore's table stands."""

_NAMESPACE = UUID("6f1f6a5e-6a0b-5c63-9d5a-0f6a3d3c6b11")


@dataclass(frozen=True)
class Kind:
    """A part that every table has; ``path`` is its address on the site, with ``{dataset}`` and ``{table}``."""

    key: str
    format: str
    media_type: str
    path: str
    name: Text
    description: Text


KINDS = (
    Kind(
        TABLE,
        "CSV",
        "text/csv",
        "/data/{dataset}.csv",
        Text("All rows as CSV", "Todas las filas en CSV"),
        Text("The whole table, for spreadsheets and scripts.", "La tabla completa, para hojas de cálculo y programas."),
    ),
    Kind(
        "kml",
        "KML",
        "application/vnd.google-earth.kml+xml",
        "/data/{dataset}.kml",
        Text("All rows as KML", "Todas las filas en KML"),
        Text("For Google Earth and other globes.", "Para Google Earth y otros globos."),
    ),
    Kind(
        "shp.zip",
        "SHP",
        "application/zip",
        "/data/{dataset}.shp.zip",
        Text("All rows as an Esri Shapefile", "Todas las filas en Shapefile de Esri"),
        Text("A ZIP file for GIS programs.", "Un archivo ZIP para programas SIG."),
    ),
    Kind(
        "geojson",
        "GeoJSON",
        "application/geo+json",
        "/data/{dataset}.geojson",
        Text("All rows as GeoJSON", "Todas las filas en GeoJSON"),
        Text("For web maps and scripts.", "Para mapas web y programas."),
    ),
    Kind(
        "api",
        "API",
        "application/json",
        "/api/3/action/datastore_search?resource_id={table}",
        Text("DataStore API", "API DataStore"),
        Text("Search, filter and page through the rows as JSON.", "Busque, filtre y recorra las filas en JSON."),
    ),
)


@dataclass(frozen=True)
class Part:
    """One resource of one dataset."""

    id: str
    dataset: str
    kind: Kind
    path: str

    @property
    def is_table(self) -> bool:
        """Whether the DataStore's table stands behind it."""
        return self.kind.key == TABLE


def resource_id(dataset: str, key: str = TABLE) -> str:
    """Return the id of the resource ``key`` of ``dataset``; without a key that of its table."""
    return str(uuid5(_NAMESPACE, f"{dataset}/{key}"))


def parts(dataset: Dataset) -> tuple[Part, ...]:
    """Return the resources that ``dataset`` has by itself, the table first; none where it has no rows."""
    return _parts(dataset.name) if dataset.table else ()


def by_id(library: Library) -> dict[str, Part]:
    """Return the resources of all tables in ``library`` by their ids."""
    return _by_id(tuple(one.name for one in library.tables))


@cache
def _by_id(tables: tuple[str, ...]) -> dict[str, Part]:
    return {part.id: part for name in tables for part in _parts(name)}


def _parts(name: str) -> tuple[Part, ...]:
    table = resource_id(name)
    return tuple(
        Part(resource_id(name, kind.key), name, kind, kind.path.format(dataset=name, table=table)) for kind in KINDS
    )
