"""Checks that a declaration gives every field a mask, so that nothing is published because a key was left out."""

from __future__ import annotations

from pathlib import Path

from ckanext.cpdi.declare.errors import DeclarationError
from ckanext.cpdi.declare.tables.field import Field
from ckanext.cpdi.declare.tables.table import Table

_INSTANTS = ("date", "datetime")
_COORDINATES = frozenset("latitude lat longitude long lon lng x y".split())
"""Names and headers of columns that hold half of a point, in lower case."""


def check_masks(table: Table, path: Path) -> None:
    """Raise DeclarationError for a field whose mask is missing or too weak."""
    for field in table.fields:
        if wrong := _wrong_mask(field, table):
            raise DeclarationError(path, f"table.fields.{field.name}: {wrong}")


def _wrong_mask(field: Field, table: Table) -> str:
    """Return what is wrong with the field's mask; empty where it is right."""
    names = {name.lower() for name in (field.name, *field.headers)}
    if names & _COORDINATES and not field.source.startswith("place."):
        written = f"cpdi:from: {field.source}" if field.source else "cpdi:headers"
        return (
            f"the published point has cpdi:from: place.latitude or place.longitude and not {written}; what a feed says "
            "of it is an input, x or y"
        )
    if not field.mask:
        return (
            "cpdi:mask is missing; say what a privacy class does to it: public (nothing), exact (empty where the time "
            "is coarse), type (empty where only the group is shown), time, key, person or place"
        )
    for part, name in (("key", table.key), ("time", table.time)):
        if field.headers and field.name == name and field.mask != part:
            return f"it is the table's {part}, so its cpdi:mask is {part} and not {field.mask}"
    if field.mask == "key" and field.type != "string":
        return f"cpdi:mask: key writes stand-ins, so the type is string and not {field.type}"
    if field.mask == "time" and field.type not in _INSTANTS:
        return f"cpdi:mask: time is for a date or datetime, not for {field.type}"
    if field.headers and field.type in _INSTANTS and field.mask not in ("time", "exact"):
        return (
            f"an instant of the feed has cpdi:mask: exact or time and not {field.mask}, since it tells when a row was"
        )
    return ""
