"""GeoPackage: one layer of points in WGS 84 with a spatial index, instants in UTC as the standard has it.

GDAL writes a year. The whole is copied from the years, in half the time: rows by SQLite, the index by its leaves.
"""

# pyarrow and pyogrio have no type stubs: what they return is unknown to a strict checker.
# pyright: reportUnknownMemberType=false, reportUnknownVariableType=false, reportUnknownArgumentType=false
# pyright: reportMissingTypeStubs=false

from __future__ import annotations

import sqlite3
from collections.abc import Generator, Sequence
from contextlib import closing, contextmanager
from dataclasses import replace
from pathlib import Path

import polars as pl
import pyarrow as pa

from ckanext.cpdi.declare import Table, Text
from ckanext.cpdi.publish import packed
from ckanext.cpdi.publish.extract import Extract
from ckanext.cpdi.publish.format import Format
from ckanext.cpdi.publish.gis import rtree
from ckanext.cpdi.publish.packed import Packed
from ckanext.cpdi.publish.rows.arrow import GEOMETRY, to_arrow
from ckanext.cpdi.publish.rows.columns import schema
from ckanext.cpdi.publish.rows.offset import with_offset


class GeoPackage(Format):
    """One file for GIS programs, with full field names and types."""

    extension = "gpkg"
    title = Text("GeoPackage", "GeoPackage")
    media_type = "application/geopackage+sqlite3"
    order = 6
    spatial = True
    cell = 8
    least = 40_000
    packed = True

    def shape(self, table: Table) -> Table:
        """Return the table with the offset of its wall times."""
        return with_offset(table)

    def write(self, extract: Extract, path: Path) -> None:
        """Stream the rows through GDAL, which builds the index last."""
        import pyogrio  # not before it is needed: it takes as long as half of CKAN's start, and every run lists formats

        empty = to_arrow(pl.DataFrame(schema=schema(extract.table, extract.zone)), extract.table)
        batches = (
            arrow_batch for frame in extract.batches() for arrow_batch in to_arrow(frame, extract.table).to_batches()
        )
        pyogrio.set_gdal_config_options({"OGR_SQLITE_SYNCHRONOUS": "OFF"})  # it is put on the disk when it is packed
        pyogrio.write_arrow(
            pa.RecordBatchReader.from_batches(empty.schema, batches),
            path,
            layer=extract.name,
            driver="GPKG",
            geometry_name=GEOMETRY,
            geometry_type="Point",
            crs="EPSG:4326",
            dataset_options={"VERSION": "1.2"},  # what older programs read without a warning
            layer_options={"IDENTIFIER": extract.title, "DESCRIPTION": extract.dataset.description.en},
        )

    def join(self, extract: Extract, pieces: Sequence[tuple[Extract, Path]], path: Path) -> None:
        """Copy the rows of each piece's file, and the leaves of its index, into one layer."""
        plain, there = path.with_name(f"plain.{self.extension}"), path.with_name("piece.gpkg")
        self.write(replace(extract, batches=lambda: iter(())), plain)
        with closing(_open(plain)) as database, _without_triggers(database, extract.name):
            index, rows = rtree.Joined(database, _tree(extract)), 0
            for piece, source in pieces:
                packed.unpack(Packed.of(source), there)
                database.execute("ATTACH ? AS piece", (str(there),))
                database.execute("BEGIN")
                index.add("piece", _tree(piece), rows)
                rows += _copy(database, piece.name, extract.name)
                database.execute("COMMIT")
                database.execute("DETACH piece")
                there.unlink()
            index.finish()
            database.execute("UPDATE gpkg_ogr_contents SET feature_count = ?", (rows,))
        packed.pack(plain, path)
        plain.unlink()


def _tree(extract: Extract) -> str:
    """Return what GDAL calls the index of a layer."""
    return f"rtree_{extract.name}_geom"


def _open(path: Path) -> sqlite3.Connection:
    """Open a file that is thrown away where something goes wrong: it needs no journal."""
    database = sqlite3.connect(path, isolation_level=None)
    for said in ("journal_mode = OFF", "synchronous = OFF", "locking_mode = EXCLUSIVE"):
        database.execute(f"PRAGMA {said}")
    return database


@contextmanager
def _without_triggers(database: sqlite3.Connection, layer: str) -> Generator[None]:
    """Take the triggers of ``layer`` away, which keep its index and its count row by row, until the end."""
    query = "SELECT name, sql FROM sqlite_master WHERE type = 'trigger' AND tbl_name = ?"
    triggers = database.execute(query, (layer,)).fetchall()
    for name, _ in triggers:
        database.execute(f"DROP TRIGGER {_quoted(name)}")
    yield
    for _, statement in triggers:
        database.execute(statement)


def _copy(database: sqlite3.Connection, layer: str, target: str) -> int:
    """Append the rows of the attached ``layer`` to ``target``, in order, and widen its extent; return how many."""
    columns = [name for _, name, *_ in database.execute(f"PRAGMA main.table_info({_quoted(target)})")]
    names = ", ".join(_quoted(name) for name in columns if name != "fid")
    copied = database.execute(
        f"INSERT INTO main.{_quoted(target)} ({names}) SELECT {names} FROM piece.{_quoted(layer)} ORDER BY fid"
    )
    database.execute(
        "UPDATE main.gpkg_contents SET (min_x, min_y, max_x, max_y) = (SELECT"
        " min(coalesce(a.min_x, b.min_x), coalesce(b.min_x, a.min_x)),"
        " min(coalesce(a.min_y, b.min_y), coalesce(b.min_y, a.min_y)),"
        " max(coalesce(a.max_x, b.max_x), coalesce(b.max_x, a.max_x)),"
        " max(coalesce(a.max_y, b.max_y), coalesce(b.max_y, a.max_y))"
        " FROM main.gpkg_contents AS a, piece.gpkg_contents AS b)"
    )
    return copied.rowcount


def _quoted(name: str) -> str:
    """Return ``name`` as an identifier of SQL."""
    return '"' + name.replace('"', '""') + '"'
