"""Esri Shapefile in a ZIP: points in WGS 84, null shapes for rows without a place, short field names with a key.

Written here and not through GDAL: GDAL gives each text 80 bytes, so that a million calls pass the 2 GB where the format
ends, and takes three times as long.
"""

from __future__ import annotations

import csv
import struct
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import IO

import msgspec
import numpy as np
import polars as pl

from ckanext.cpdi.declare import Table, Text
from ckanext.cpdi.publish.archive import Archive
from ckanext.cpdi.publish.extract import Extract
from ckanext.cpdi.publish.format import Format
from ckanext.cpdi.publish.gis import dbf, layers
from ckanext.cpdi.publish.rows.columns import as_wall_text, axes, has_point
from ckanext.cpdi.publish.rows.offset import WALL, day_of, with_offset
from ckanext.cpdi.publish.table_schema import table_schema

WGS84 = (
    'GEOGCS["GCS_WGS_1984",DATUM["D_WGS_1984",SPHEROID["WGS_1984",6378137.0,298.257223563]],'
    'PRIMEM["Greenwich",0.0],UNIT["Degree",0.0174532925199433]]'
)
POINT = np.dtype([("number", ">i4"), ("words", ">i4"), ("type", "<i4"), ("x", "<f8"), ("y", "<f8")])
EMPTY = np.dtype([("number", ">i4"), ("words", ">i4"), ("type", "<i4")])


class Shapefile(Format):
    """The Shapefile with its Data Package, a README, and ``fields.csv`` from short names to full ones."""

    extension = "shp.zip"
    title = Text("Shapefile", "Shapefile")
    media_type = "application/zip"
    order = 5
    spatial = True
    cell = 3
    limit = 1_800_000_000
    """Bytes that a .dbf may have; the format ends at 2 GB. Beyond it, each year is a layer of its own."""

    def write(self, extract: Extract, path: Path) -> None:
        """Measure the columns, write the layers beside ``path``, and put them into the archive."""
        columns, counts = _measure(extract)
        stems = plan(extract.name, counts, self.limit // dbf.record_size(columns))
        written = (
            write_layer(path.parent / stem, extract, columns, frames) for stem, frames in _cut(extract.batches(), stems)
        )
        self._pack(extract, written, path)

    def join(self, extract: Extract, pieces: Sequence[tuple[Extract, Path]], path: Path) -> None:
        """Copy the records of the years' layers; where they do not fit one layer as they are, write all rows again."""
        pieces_read = layers.layers([(piece.name, source) for piece, source in pieces])
        columns = layers.columns(self.shape(extract.table).fields, pieces_read) if pieces_read else None
        if not pieces_read or columns is None or extract.rows > self.limit // dbf.record_size(columns):
            self.write(extract, path)
        else:
            self._pack(extract, [join_layer(path.parent / extract.name, extract, columns, pieces_read)], path)

    def _pack(self, extract: Extract, written: Iterable[list[Path]], path: Path) -> None:
        """Put the files of each layer into the archive, and what their columns are called."""
        with Archive(path, extract, self) as archive:
            for files in written:
                for file in files:
                    archive.add_file(file, rows=file.suffix == ".shp")
                    file.unlink()
            key = path.parent / "fields.csv"
            write_key(key, self.shape(extract.table))
            archive.add_file(key)
            key.unlink()

    def shape(self, table: Table) -> Table:
        """Return the table with the offset of its times, and behind each time its day.

        dBASE has a type for days, which programs take for dates, and none for instants: these are text.
        """
        offset_table = with_offset(table)
        fields = (column for field in offset_table.fields for column in (field, day_of(field, offset_table)) if column)
        return msgspec.structs.replace(offset_table, fields=tuple(fields))

    def describe(self, table: Table) -> dict[str, object]:
        """Return the schema with the short names."""
        return {"schema": table_schema(self.shape(table), {"datetime": {"format": WALL}}, short=True)}


def plan(name: str, counts: dict[int | None, int], most: int) -> list[tuple[str, int]]:
    """Return the layers as (name, rows): one where all rows fit ``most``, else one a year, cut where a year does not.

    ``counts`` are the rows of each year in the order of the rows; None stands for rows without a time.
    """
    if sum(counts.values()) <= most:
        return [(name, sum(counts.values()))]
    stems: list[tuple[str, int]] = []
    for year, rows in counts.items():
        stem = f"{name}_{year or 'undated'}"
        pieces = -(-rows // most)
        stems += [
            (stem if pieces == 1 else f"{stem}_{piece + 1}", min(most, rows - piece * most)) for piece in range(pieces)
        ]
    return stems


def _measure(extract: Extract) -> tuple[list[dbf.Column], dict[int | None, int]]:
    """Return the columns, wide enough for every row, and the number of rows of each year."""
    declared = {field.name for field in extract.table.fields}
    columns = [dbf.Column.of(field) for field in Shapefile().shape(extract.table).fields]
    counts: dict[int | None, int] = {}
    year = pl.col(extract.table.time_field.name).dt.year().alias("year")
    for frame in extract.batches():
        for column in columns:
            if column.field.name in declared:
                column.measure(frame)
        for value, rows in frame.group_by(year, maintain_order=True).len().iter_rows():
            counts[value] = counts.get(value, 0) + rows
    return columns, counts


def _cut(batches: Iterator[pl.DataFrame], stems: list[tuple[str, int]]) -> Iterator[tuple[str, Iterator[pl.DataFrame]]]:
    """Yield each layer's name with its frames, cut from ``batches`` in turn."""
    rest: list[pl.DataFrame] = []

    def take(rows: int) -> Iterator[pl.DataFrame]:
        while rows:
            frame = rest.pop() if rest else next(batches)
            if frame.height > rows:
                rest.append(frame[rows:])
                frame = frame[:rows]
            rows -= frame.height
            yield frame

    for name, rows in stems:
        yield name, take(rows)


@dataclass
class _Extent:
    """The box around the points so far."""

    box: tuple[float, float, float, float] | None = None

    def add(self, x: np.ndarray, y: np.ndarray) -> None:
        """Widen the box."""
        if len(x):
            new = (float(x.min()), float(y.min()), float(x.max()), float(y.max()))
            old = self.box or new
            self.box = (min(old[0], new[0]), min(old[1], new[1]), max(old[2], new[2]), max(old[3], new[3]))


def write_layer(stem: Path, extract: Extract, columns: list[dbf.Column], frames: Iterator[pl.DataFrame]) -> list[Path]:
    """Write the files of one layer, named after ``stem``; return their paths."""
    paths = _paths(stem)
    extent, rows, words = _Extent(), 0, 50
    with paths[".shp"].open("wb") as shp, paths[".shx"].open("wb") as shx, paths[".dbf"].open("wb") as table:
        shp.seek(100)
        shx.seek(100)
        table.write(dbf.header(columns, 0, extract.published_at.date()))
        for frame in frames:
            shapes, index = _shapes(frame, extract.table, rows, words, extent)
            shp.write(shapes)
            shx.write(index)
            table.write(dbf.records(columns, as_wall_text(frame, extract.table)))
            rows += frame.height
            words += len(shapes) // 2
        _finish(shp, shx, extent, rows, words)
        table.write(b"\x1a")
        table.seek(0)
        table.write(dbf.header(columns, rows, extract.published_at.date()))
    return list(paths.values())


def join_layer(stem: Path, extract: Extract, columns: list[dbf.Column], year_layers: list[layers.Layer]) -> list[Path]:
    """Write the files of one layer with the records of ``year_layers``, named after ``stem``; return their paths."""
    paths = _paths(stem)
    extent, rows, words = _Extent(layers.around([layer.box() for layer in year_layers])), 0, 50
    with paths[".shp"].open("wb") as shp, paths[".shx"].open("wb") as shx, paths[".dbf"].open("wb") as table:
        shp.seek(100)
        shx.seek(100)
        table.write(dbf.header(columns, sum(layer.rows for layer in year_layers), extract.published_at.date()))
        for layer in year_layers:
            table.writelines(layer.tables(columns))
            for shapes, index in layer.shapes(rows, words):
                shp.write(shapes)
                shx.write(index)
                words += len(shapes) // 2
            rows += layer.rows
        _finish(shp, shx, extent, rows, words)
        table.write(b"\x1a")
    return list(paths.values())


def _paths(stem: Path) -> dict[str, Path]:
    """Return the paths of a layer's files, those whose content is always the same written already."""
    paths = {end: stem.with_name(stem.name + end) for end in (".shp", ".shx", ".dbf", ".prj", ".cpg")}
    paths[".prj"].write_text(WGS84, encoding="ascii")
    paths[".cpg"].write_text("UTF-8", encoding="ascii")
    return paths


def _finish(shp: IO[bytes], shx: IO[bytes], extent: _Extent, rows: int, words: int) -> None:
    """Write the headers of a layer of ``rows`` records that ends at 16-bit word ``words``."""
    for file, length in ((shp, words), (shx, 50 + 4 * rows)):
        file.seek(0)
        file.write(_header(length, extent))


def _shapes(frame: pl.DataFrame, table: Table, rows: int, words: int, extent: _Extent) -> tuple[bytes, bytes]:
    """Return the records and index entries of ``frame``; ``rows`` stand before it, up to 16-bit word ``words``."""
    placed = frame.select(has_point(table)).to_series().to_numpy()
    known = frame.filter(pl.Series(placed))
    x, y = (column.to_numpy() for column in known.select(axes(table)))
    extent.add(x, y)
    numbers = np.arange(rows + 1, rows + 1 + frame.height)
    points = np.zeros(len(x), POINT)
    points["number"], points["words"], points["type"], points["x"], points["y"] = numbers[placed], 10, 1, x, y
    empty = np.zeros(frame.height - len(x), EMPTY)
    empty["number"], empty["words"] = numbers[~placed], 2
    sizes = np.where(placed, POINT.itemsize, EMPTY.itemsize)
    starts = np.cumsum(sizes) - sizes
    out = np.empty(int(sizes.sum()), np.uint8)
    for kind, where in ((points, placed), (empty, ~placed)):
        cells = starts[where][:, None] + np.arange(kind.dtype.itemsize)
        out[cells] = kind.view(np.uint8).reshape(len(kind), kind.dtype.itemsize)
    index = np.empty((frame.height, 2), ">i4")
    index[:, 0], index[:, 1] = words + starts // 2, np.where(placed, 10, 2)
    return out.tobytes(), index.tobytes()


def _header(words: int, extent: _Extent) -> bytes:
    """Return the 100 bytes before the records of a file of ``words`` 16-bit words."""
    box = extent.box or (0.0, 0.0, 0.0, 0.0)
    return struct.pack(">i20xi", 9994, words) + struct.pack("<2i8d", 1000, 1, *box, 0.0, 0.0, 0.0, 0.0)


def write_key(path: Path, table: Table) -> None:
    """Write what each short name stands for."""
    with path.open("w", encoding="utf-8", newline="") as file:
        lines = csv.writer(file, lineterminator="\n")
        lines.writerow(["short_name", "name", "type", "title_en", "title_es", "description_en", "description_es"])
        for field in table.fields:
            texts = (text.get(language) for text in (field.title, field.description) for language in ("en", "es"))
            lines.writerow([field.shapefile, field.name, field.type, *texts])
