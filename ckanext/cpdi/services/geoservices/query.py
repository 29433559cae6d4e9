"""What a query asks of a layer, read from its parameters; nothing has been asked of the database yet.

https://developers.arcgis.com/rest/services-reference/enterprise/query-feature-service-layer/
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Literal
from zoneinfo import ZoneInfo

from ckanext.cpdi.query.columns import ROW_ID
from ckanext.cpdi.query.grammars.arcgis_reference import read_numbered
from ckanext.cpdi.query.question import Order, Statistics
from ckanext.cpdi.query.reference import WGS84, Reference
from ckanext.cpdi.query.tree import Condition, In, Term, all_of
from ckanext.cpdi.services.geoservices.conditions import condition
from ckanext.cpdi.services.geoservices.fields import LayerField
from ckanext.cpdi.services.geoservices.groups import Groups, read_distinct, read_statistics
from ckanext.cpdi.services.geoservices.layers import Layer
from ckanext.cpdi.services.geoservices.order import read_order
from ckanext.cpdi.services.geoservices.parameters import Parameters
from ckanext.cpdi.services.geoservices.quantization import Grid, read_grid

MOST = 2_000
"""Rows of a page (maxRecordCount)."""
MOST_OF_TILE = 8_000
"""Rows of a page where a client asks tile by tile (tileMaxRecordCount)."""
FACTOR = 5
"""The largest maxRecordCountFactor."""
OFFSET = 100_000_000
_INT32 = 2**31 - 1

Kind = Literal["features", "count", "ids", "extent", "statistics"]


@dataclass(frozen=True)
class Query:
    """A query of ``layer``: what ``kind`` of answer, of which rows, and what of each.

    ``limit`` and ``offset`` are the page. ``groups`` are those of statistics or distinct values, or None.
    ``with_count`` adds the count to an extent.
    """

    layer: Layer
    kind: Kind
    filter: Condition
    fields: tuple[LayerField, ...]
    order: tuple[Order, ...]
    limit: int
    offset: int
    reference: Reference
    grid: Grid | None
    geometry: bool
    decimals: int
    groups: Groups | None
    with_count: bool

    @property
    def statistics(self) -> Statistics:
        """The groups as a question; raise ValueError where there are none."""
        if self.groups is None:
            raise ValueError("a query without groups")
        return self.groups.question(self.filter, self.limit + 1, self.offset)


def read_query(layer: Layer, parameters: Parameters, zone: ZoneInfo) -> Query:
    """Return what ``parameters`` ask of ``layer``; raise QueryError where they cannot be read.

    ``zone`` is that of the table's days.
    """
    reference = read_numbered(parameters.text("outSR"), "outSR") or WGS84
    fields = _fields(layer, parameters)
    groups = read_statistics(layer, parameters)
    if groups is None and parameters.flag("returnDistinctValues"):
        groups = read_distinct(layer, parameters, fields)
    decimals = parameters.whole("geometryPrecision", 0)
    return Query(
        layer=layer,
        kind=_kind(parameters, groups),
        filter=condition(layer, parameters, zone),
        fields=fields,
        order=() if groups else _order(layer, parameters),
        limit=_limit(parameters),
        offset=min(parameters.whole("resultOffset", 0) or 0, OFFSET),
        reference=reference,
        grid=read_grid(parameters, reference),
        geometry=parameters.flag("returnGeometry", True) and layer.is_spatial,
        decimals=reference.decimals if decimals is None else min(decimals, reference.decimals),
        groups=groups,
        with_count=parameters.flag("returnCountOnly"),
    )


def of_id(layer: Layer, number: int, parameters: Parameters, zone: ZoneInfo) -> Query:
    """Return the query for the row of ``layer`` with the id ``number``, all of its fields."""
    asked = read_query(layer, Parameters({"outFields": "*", "outSR": parameters.text("outSR")}), zone)
    return replace(asked, filter=all_of([asked.filter, In(Term(ROW_ID), (min(number, _INT32),))]), limit=1)


def _kind(parameters: Parameters, groups: Groups | None) -> Kind:
    """Return what is asked for; a count wins over ids, and an extent over both, as in ArcGIS."""
    if parameters.flag("returnExtentOnly"):
        return "extent"
    if parameters.flag("returnCountOnly"):
        return "count"
    if parameters.flag("returnIdsOnly"):
        return "ids"
    return "statistics" if groups else "features"


def _fields(layer: Layer, parameters: Parameters) -> tuple[LayerField, ...]:
    """Return the fields that are asked for, in the layer's order; that of the id where none is named."""
    names = parameters.names("outFields")
    if "*" in names:
        return layer.fields
    columns = {layer.columns.find(name.strip('"'), "outFields").name for name in names}
    return tuple(field for field in layer.fields if field.column in columns) or layer.fields[:1]


def _order(layer: Layer, parameters: Parameters) -> tuple[Order, ...]:
    """Return the order that is asked for; each column counts once, where it stands first."""
    orders: dict[str, Order] = {}
    for name, descending in read_order(parameters):
        column = layer.columns.find(name, "orderByFields").name
        orders.setdefault(column, Order(column, descending))
    return tuple(orders.values())


def _limit(parameters: Parameters) -> int:
    """Return the rows of the page."""
    factor = min(parameters.whole("maxRecordCountFactor", 1, 1) or 1, FACTOR)
    most = MOST * factor
    if parameters.text("resultType").lower() == "tile":
        most = max(most, MOST_OF_TILE)
    return min(parameters.whole("resultRecordCount", 0) or most, most)
