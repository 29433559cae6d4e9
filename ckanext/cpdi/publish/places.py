"""Writes the published places: GeoJSON with their outlines (RFC 7946), and CSV with the outlines as WKT."""

# Shapely comes without types.
# pyright: reportUnknownMemberType=false, reportUnknownVariableType=false, reportUnknownArgumentType=false

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import polars as pl
import shapely

from ckanext.cpdi.publish.place_files import CURRENT, FOLDER, PlacesFiles
from ckanext.cpdi.whole_file import written

OUTLINE = "outline"
WKT = "WKT"
"""The column's name by which GDAL takes a CSV for one with geometries."""


def with_wkt(table: pl.DataFrame) -> pl.DataFrame:
    """Return ``table`` with its outlines as text in the column WKT, in place of OUTLINE (WKB)."""
    outlines: Any = shapely.to_wkt(shapely.from_wkb(table[OUTLINE].to_numpy()), rounding_precision=7)
    return table.drop(OUTLINE).with_columns(pl.Series(WKT, outlines, dtype=pl.String))


def write(table: pl.DataFrame, folder: Path, source: str) -> PlacesFiles:
    """Write the files of ``table``, the places with OUTLINE in WKB; :func:`serve` makes them those that are served.

    ``source`` says what they are made from. Raises OSError where they cannot be written.
    """
    csv = with_wkt(table).write_csv().encode()
    files = PlacesFiles(folder / FOLDER, hashlib.sha256(csv).hexdigest()[:16], source)
    files.folder.mkdir(parents=True, exist_ok=True)
    _install(files.path("csv"), csv)
    _install(files.path("geojson"), b"".join(_geojson(table)))
    return files


def serve(files: PlacesFiles) -> None:
    """Serve ``files`` from now on, and remove those before them."""
    _install(files.folder / CURRENT, f"{files.version}\n{files.source}".encode())
    for path in files.folder.iterdir():
        if path.name != CURRENT and not path.name.startswith(files.version):
            path.unlink(missing_ok=True)


def _geojson(table: pl.DataFrame) -> Iterator[bytes]:
    """Yield a FeatureCollection; a place without an outline has its point, or no geometry."""
    yield b'{"type":"FeatureCollection","features":['
    shapes: list[Any] = shapely.from_wkb(table[OUTLINE].to_numpy()).tolist()
    separator = b"\n"
    for shape, row in zip(shapes, table.drop(OUTLINE).iter_rows(named=True), strict=True):
        geometry = _rings(shape) if shape is not None else _point(row["longitude"], row["latitude"])
        properties = json.dumps(row, ensure_ascii=False, separators=(",", ":"), default=str)
        head = f'{{"type":"Feature","id":"{row["place_id"]}","geometry":{geometry},"properties":{properties}}}'
        yield separator + head.encode()
        separator = b",\n"
    yield b"\n]}\n"


def _rings(shape: Any) -> str:  # noqa: ANN401  a geometry of shapely
    """Return a polygon as GeoJSON, its outer ring counterclockwise."""
    return str(shapely.to_geojson(shapely.orient_polygons(shape)))


def _point(longitude: float | None, latitude: float | None) -> str:
    if longitude is None or latitude is None:
        return "null"
    return f'{{"type":"Point","coordinates":[{longitude},{latitude}]}}'


def _install(path: Path, content: bytes) -> None:
    with written(path) as fresh:
        fresh.write_bytes(content)
