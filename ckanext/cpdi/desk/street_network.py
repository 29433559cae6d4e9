"""Reads a street network with address ranges from any file that GDAL reads: the Census' edges, a city's centerlines."""

# Shapely comes without types.
# pyright: reportUnknownMemberType=false, reportUnknownVariableType=false, reportUnknownArgumentType=false

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import polars as pl
import shapely

from ckanext.cpdi.desk.vector_file import read_vector
from ckanext.cpdi.pipeline.places import PlacesError
from ckanext.cpdi.rows.places.network import SEGMENTS

_HEADERS = {
    "street": ("FULLNAME", "ST_NAME", "STREET", "STREETNAME", "FULL_NAME", "FULLSTREET", "NAME"),
    "left_from": ("LFROMADD", "LFROMHN", "FROMLEFT", "L_F_ADD", "LEFTFROM", "L_ADD_FROM", "FROMADDR_L", "LOW_LEFT"),
    "left_to": ("LTOADD", "LTOHN", "TOLEFT", "L_T_ADD", "LEFTTO", "L_ADD_TO", "TOADDR_L", "HIGH_LEFT"),
    "right_from": ("RFROMADD", "RFROMHN", "FROMRIGHT", "R_F_ADD", "RIGHTFROM", "R_ADD_FROM", "FROMADDR_R", "LOW_RIGHT"),
    "right_to": ("RTOADD", "RTOHN", "TORIGHT", "R_T_ADD", "RIGHTTO", "R_ADD_TO", "TOADDR_R", "HIGH_RIGHT"),
}
"""What columns are usually called, in capitals: TIGER/Line edges and address ranges first, then cities."""
_NUMBER = r"^\s*(\d{1,6})"


def read_network(path: Path, columns: Mapping[str, str]) -> pl.DataFrame:
    """Return the segments of ``path`` (columns of SEGMENTS), those of several parts as several.

    ``columns`` names the file's columns where they are not called as usual. Raises PlacesError where the file cannot be
    read, has no reference system, or lacks a column.
    """
    attributes, geometries = read_vector(path, "street network")
    names = _columns(path, attributes.columns, columns)
    frame = attributes.select(pl.col(header).alias(name) for name, header in names.items())
    numbers = [pl.col(name).cast(pl.String).str.extract(_NUMBER, 1).cast(pl.Int64) for name in SEGMENTS if "_" in name]
    segments = frame.with_columns(pl.col("street").cast(pl.String), *numbers)
    lines, parts = shapely.get_parts(geometries, return_index=True)
    are_lines = shapely.get_type_id(lines) == shapely.GeometryType.LINESTRING
    segments = segments[parts[are_lines]].with_columns(
        geometry=pl.Series(shapely.to_wkb(lines[are_lines]).tolist(), dtype=pl.Binary)
    )
    return segments.select(*SEGMENTS).cast(pl.Schema(SEGMENTS))


def _columns(path: Path, headers: list[str], named: Mapping[str, str]) -> dict[str, str]:
    """Return the file's column for each of SEGMENTS but the geometry."""
    by_spelling = {header.upper(): header for header in headers}
    chosen: dict[str, str] = {}
    for name, usual in _HEADERS.items():
        candidates = [named[name].upper()] if name in named else usual
        header = next((by_spelling[spelling] for spelling in candidates if spelling in by_spelling), None)
        if header is None:
            raise PlacesError(
                f"the street network {path.name} has no column for {name}; it has {', '.join(headers)}. Name it in the"
                f" profile: places: {{network: {{{name}: COLUMN}}}}"
            )
        chosen[name] = header
    return chosen
