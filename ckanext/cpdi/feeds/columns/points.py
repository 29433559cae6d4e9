"""Points that stand in one cell, as maps and data portals write them.

``(32.75, -80.05)``, also behind an address; ``{"latitude": "32.75", "longitude": "-80.05"}``, also as Python writes it;
``{"type": "Point", "coordinates": [-80.05, 32.75]}``; ``POINT (-80.05 32.75)``, also with SRID, Z and M.
"""

from __future__ import annotations

import polars as pl

from ckanext.cpdi.declare import Made

_NUMBER = r"([-+]?\d+(?:\.\d*)?(?:[eE][-+]?\d+)?)"
_NAMED = r"(?i)[\"']?\b{name}[\"']?\s*[:=]\s*[\"']?" + _NUMBER
_WKT = rf"(?i)\bPOINT\s*(?:[ZM]+\s*)?\(\s*{_NUMBER}[\s,]+{_NUMBER}[^()]*\)"
_GEOJSON = rf"(?i)[\"']coordinates[\"']\s*:\s*\[\s*{_NUMBER}\s*,\s*{_NUMBER}"
_PAIR = rf"(?:^|\()\s*{_NUMBER}\s*[,;\s]\s*{_NUMBER}\s*\)?\s*$"
"""Two bare numbers, alone or in brackets at the end of a text."""


def latitude(rule: Made, cells: list[pl.Expr]) -> pl.Expr:
    """Return the latitude of each cell's point; the cell itself where it holds none."""
    return _axis(cells[0], r"lat(?:itude)?", 2, 2 if rule.longitude_first else 1)


def longitude(rule: Made, cells: list[pl.Expr]) -> pl.Expr:
    """Return the longitude of each cell's point; the cell itself where it holds none."""
    return _axis(cells[0], r"(?:lon(?:g(?:itude)?)?|lng)", 1, 1 if rule.longitude_first else 2)


def _axis(cell: pl.Expr, name: str, place: int, bare: int) -> pl.Expr:
    """Return one number of each point: the named one, that at ``place`` of WKT and GeoJSON, else that at ``bare``.

    A cell without a point is left as it is: no number, which the row engine says of the row.
    """
    return pl.coalesce(
        cell.str.extract(_NAMED.format(name=name), 1),
        cell.str.extract(_WKT, place),
        cell.str.extract(_GEOJSON, place),
        cell.str.extract(_PAIR, bare),
        cell,
    )
