"""Layers of Shapefiles strung together: their records are copied into wider cells, and nothing is written anew.

In: archives with one layer each. Out: the layer that all their rows would have been written as, byte for byte.
"""

from __future__ import annotations

import struct
import zipfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import IO

import numpy as np

from ckanext.cpdi.declare import Field
from ckanext.cpdi.publish.gis import dbf

ROWS = 20_000
"""Records that are copied at once."""
_HEADER = 100
"""Bytes before the records of .shp and .shx."""
_PLACED = 10
"""16-bit words of a record that has a point; one without has 2."""
Box = tuple[float, float, float, float]


@dataclass(frozen=True)
class Layer:
    """The one layer of an archive: ``cells`` are the type, width and decimals of each column."""

    archive: Path
    name: str
    rows: int
    cells: tuple[tuple[str, int, int], ...]

    @classmethod
    def of(cls, archive: Path, name: str) -> Layer | None:
        """Return the layer ``name`` of ``archive``; None where that has none, or others."""
        with zipfile.ZipFile(archive) as packed:
            if [member for member in packed.namelist() if member.endswith(".dbf")] != [f"{name}.dbf"]:
                return None
            with packed.open(f"{name}.dbf") as table:
                rows, header = struct.unpack("<4xIH22x", table.read(32))
                columns = (table.read(32) for _ in range((header - 33) // 32))
                cells = tuple((chr(column[11]), column[16], column[17]) for column in columns)
        return cls(archive, name, rows, cells)

    @property
    def ends(self) -> list[int]:
        """Where each column begins in a record, and the record's end."""
        return [1, *(1 + sum(width for _, width, _ in self.cells[: at + 1]) for at in range(len(self.cells)))]

    def tables(self, columns: Sequence[dbf.Column]) -> Iterator[bytes]:
        """Yield the records, with cells as wide as ``columns``."""
        ends, size = self.ends, dbf.record_size(list(columns))
        with zipfile.ZipFile(self.archive) as packed, packed.open(f"{self.name}.dbf") as table:
            _whole(table, 33 + 32 * len(self.cells))
            for rows in _portions(self.rows):
                there = np.frombuffer(_whole(table, rows * ends[-1]), np.uint8).reshape(rows, ends[-1])
                made = np.full((rows, size), ord(" "), np.uint8)
                start = 1
                for column, (first, last) in zip(columns, pairwise(ends), strict=True):
                    place = start + (column.width - (last - first) if column.kind == "N" else 0)
                    made[:, place : place + last - first] = there[:, first:last]
                    start += column.width
                yield made.tobytes()

    def shapes(self, number: int, words: int) -> Iterator[tuple[bytes, bytes]]:
        """Yield records and index entries; ``number`` records stand before them, up to 16-bit word ``words``."""
        with (
            zipfile.ZipFile(self.archive) as packed,
            packed.open(f"{self.name}.shp") as shp,
            packed.open(f"{self.name}.shx") as shx,
        ):
            _whole(shp, _HEADER)
            _whole(shx, _HEADER)
            for rows in _portions(self.rows):
                index = np.frombuffer(_whole(shx, 8 * rows), ">i4").reshape(rows, 2).copy()
                sizes = 8 + 2 * index[:, 1].astype(np.int64)
                starts = np.cumsum(sizes) - sizes
                made = np.frombuffer(_whole(shp, int(sizes.sum())), np.uint8).copy()
                numbers = np.arange(number + 1, number + 1 + rows, dtype=">i4")
                made[starts[:, None] + np.arange(4)] = numbers.view(np.uint8).reshape(rows, 4)
                index[:, 0] = words + starts // 2
                yield made.tobytes(), index.tobytes()
                number, words = number + rows, words + len(made) // 2

    def box(self) -> Box | None:
        """Return the box around the points; None where there are none."""
        with zipfile.ZipFile(self.archive) as packed, packed.open(f"{self.name}.shx") as shx:
            head = _whole(shx, _HEADER)
            index = np.frombuffer(_whole(shx, 8 * self.rows), ">i4")
        return struct.unpack_from("<4d", head, 36) if (index[1::2] == _PLACED).any() else None


def layers(pieces: Sequence[tuple[str, Path]]) -> list[Layer] | None:
    """Return the layers of ``pieces``, each a name and its archive; None where one has not one layer of that name."""
    layers_of_pieces = [Layer.of(archive, name) for name, archive in pieces]
    kept = [layer for layer in layers_of_pieces if layer is not None]
    return kept if len(kept) == len(layers_of_pieces) else None


def columns(fields: Sequence[Field], layers_of_years: Sequence[Layer]) -> list[dbf.Column] | None:
    """Return the columns that hold the rows of all layers; None where numbers would be written otherwise there.

    That is so where layers have not the same decimals, or numbers that are too long for them.
    """
    made = [dbf.Column.of(field) for field in fields]
    for column, *cells in zip(made, *(layer.cells for layer in layers_of_years), strict=True):
        if len({decimals for _, _, decimals in cells}) > 1:
            return None
        column.width, column.decimals = max(width for _, width, _ in cells), cells[0][2]
        if column.decimals and column.width >= dbf.WIDEST_NUMBER:
            return None
    return made


def around(boxes: Sequence[Box | None]) -> Box | None:
    """Return the box around all ``boxes``."""
    known = [box for box in boxes if box]
    if not known:
        return None
    west, south, east, north = zip(*known, strict=True)
    return min(west), min(south), max(east), max(north)


def _portions(rows: int) -> Iterator[int]:
    """Yield how many records to copy at once, until all ``rows`` are."""
    yield from (min(ROWS, rows - start) for start in range(0, rows, ROWS))


def _whole(file: IO[bytes], size: int) -> bytes:
    """Return ``size`` bytes of ``file``; raise OSError where it has fewer."""
    content = file.read(size)
    if len(content) != size:
        raise OSError("a layer ended early")
    return content
