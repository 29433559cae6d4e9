"""Checks that a declaration gives every field a mask, so that nothing is published because a key was left out."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from ckanext.cpdi.declare.errors import DeclarationError
from ckanext.cpdi.declare.tables.field import Field
from ckanext.cpdi.declare.tables.table import Table

_INSTANTS = ("date", "datetime")
_STAND_INS = ("key", "link")
_COORDINATES = frozenset("latitude lat longitude long lon lng x y".split())
"""Names and headers of columns that hold half of a point, in lower case."""


def check_masks(table: Table, path: Path | str, at: str = "table") -> None:
    """Raise DeclarationError for a field whose mask is missing or too weak; ``at`` is the table's place in the file."""
    for field in table.fields:
        if wrong := next((words for check in _CHECKS if (words := check(field, table))), ""):
            raise DeclarationError(path, f"{at}.fields.{field.name}: {wrong}")


def _of_points(field: Field, _table: Table) -> str:
    names = {name.lower() for name in (field.name, *field.headers)}
    if not names & _COORDINATES or field.source.startswith("place."):
        return ""
    written = f"cpdi:from: {field.source}" if field.source else "cpdi:headers"
    return (
        f"the published point has cpdi:from: place.latitude or place.longitude and not {written}; what a feed says "
        "of it is an input, x or y"
    )


def _of_nothing(field: Field, _table: Table) -> str:
    if field.mask:
        return ""
    return (
        "cpdi:mask is missing; say what a privacy class does to it: public (nothing), exact (empty where the time "
        "is coarse), type (empty where only the group is shown), time, key, link, person or place"
    )


def _of_parts(field: Field, table: Table) -> str:
    fitting = {table.key: ("key", _STAND_INS), table.time: ("time", ("time",))}
    part, masks = fitting.get(field.name, ("", (field.mask,)))
    if not field.headers or field.mask in masks:
        return ""
    return f"it is the table's {part}, so its cpdi:mask is {part} and not {field.mask}"


def _of_types(field: Field, _table: Table) -> str:
    if field.mask in _STAND_INS and field.type != "string":
        return f"cpdi:mask: {field.mask} writes stand-ins, so the type is string and not {field.type}"
    if field.mask == "time" and field.type not in _INSTANTS:
        return f"cpdi:mask: time is for a date or datetime, not for {field.type}"
    return ""


def _of_links(field: Field, table: Table) -> str:
    if field.mask != "link" or (field.headers and field.name in (table.key, *table.shares)):
        return ""
    return "cpdi:mask: link is for the table's key, and for a record number that stands under shares"


def _of_instants(field: Field, _table: Table) -> str:
    if field.headers and field.type in _INSTANTS and field.mask not in ("time", "exact"):
        return (
            f"an instant of the feed has cpdi:mask: exact or time and not {field.mask}, since it tells when a row was"
        )
    return ""


_CHECKS: tuple[Callable[[Field, Table], str], ...] = (
    _of_points,
    _of_nothing,
    _of_parts,
    _of_types,
    _of_links,
    _of_instants,
)
"""Each returns what is wrong with a field's mask; empty where it is right."""
