"""The filter of a query: the rows of its layer, and what its parameters leave of them, those of a link included."""

from __future__ import annotations

from zoneinfo import ZoneInfo

from ckanext.cpdi.errors import Said
from ckanext.cpdi.query.columns import ROW_ID
from ckanext.cpdi.query.errors import TooLargeQueryError, UnknownFunctionError, UnreadableError
from ckanext.cpdi.query.grammars import link
from ckanext.cpdi.query.grammars.arcgis_geometry import parse_geometry
from ckanext.cpdi.query.grammars.arcgis_time import parse_time
from ckanext.cpdi.query.grammars.arcgis_where import parse_where
from ckanext.cpdi.query.limits import VALUES
from ckanext.cpdi.query.tree import EVERYTHING, Condition, In, Term, all_of
from ckanext.cpdi.services.geoservices.layers import Layer
from ckanext.cpdi.services.geoservices.parameters import Parameters

IDS = "objectIds"
_OWN = frozenset(
    "f where objectids time geometry geometrytype insr outsr spatialrel distance units outfields orderbyfields having"
    " outstatistics resulttype token".split()
)
"""Names that the protocol has for itself, in small letters."""


def condition(layer: Layer, parameters: Parameters, zone: ZoneInfo) -> Condition:
    """Return the condition of the rows of ``layer`` that are asked for; raise QueryError."""
    return all_of(
        [
            layer.condition(zone),
            _of_ids(parameters),
            parse_where(parameters.text("where"), layer.columns),
            parse_time(parameters.text("time"), layer.table.time_field.name),
            _of_geometry(layer, parameters),
            _of_link(layer, parameters, zone),
        ]
    )


def _of_link(layer: Layer, parameters: Parameters, zone: ZoneInfo) -> Condition:
    """Return the condition of the plain parameters that links to files have (``from``, ``team``), so that one link
    chooses the same rows everywhere. A column with a name of the protocol's own is asked for by ``where``.
    """
    pairs = [(name, value) for name, value in parameters.pairs if link.is_parameter(name, layer.table)]
    chosen = [(name, value) for name, value in pairs if name.lower() not in _OWN]
    return link.parse(chosen, layer.table, zone, layer.columns.areas)


def _of_geometry(layer: Layer, parameters: Parameters) -> Condition:
    """Return the condition of the geometry; rows without points have none to be asked for."""
    asked = parse_geometry(
        parameters.text("geometry"),
        parameters.text("geometryType"),
        parameters.text("inSR"),
        parameters.text("spatialRel"),
        parameters.text("distance"),
        parameters.text("units"),
    )
    if asked != EVERYTHING and not layer.is_spatial:
        raise UnknownFunctionError("this table has no geometry, so it cannot be asked for one", "geometry")
    return asked


def _of_ids(parameters: Parameters) -> Condition:
    """Return the condition of the rows whose ids are listed; each meets an empty list."""
    text = parameters.text(IDS).strip("[]")
    if not text:
        return EVERYTHING
    parts = text.split(",")
    if len(parts) > VALUES:
        raise TooLargeQueryError(
            Said("{ids} has at most {values} ids, here {n}", ids=IDS, values=VALUES, n=len(parts)), IDS
        )
    try:
        ids = tuple(dict.fromkeys(int(part) for part in parts if part.strip()))
    except ValueError:
        raise UnreadableError(Said("{ids} are whole numbers, separated by commas", ids=IDS), IDS) from None
    return In(Term(ROW_ID), tuple(min(max(number, -1), 2**31 - 1) for number in ids)) if ids else EVERYTHING
