"""``f=pbf``: Esri's feature collections as protocol buffers, with points on a grid.

https://github.com/Esri/arcgis-pbf (FeatureCollection.proto) tells the fields by their numbers, which stand below.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import chain, repeat

from ckanext.cpdi.query.reference import Reference
from ckanext.cpdi.query.written import Written
from ckanext.cpdi.selection.reader import Box
from ckanext.cpdi.services.geoservices.fields import OBJECT_ID, LayerField
from ckanext.cpdi.services.geoservices.forms.pbf_values import attributes
from ckanext.cpdi.services.geoservices.page import Page, Points
from ckanext.cpdi.services.geoservices.protobuf import double, message, number, tag, text, varint, varints, zigzag
from ckanext.cpdi.services.geoservices.quantization import LOWER_LEFT, Grid, fine_grid

_FIELD_TYPES = {
    "esriFieldTypeSmallInteger": 0,
    "esriFieldTypeInteger": 1,
    "esriFieldTypeDouble": 3,
    "esriFieldTypeString": 4,
    "esriFieldTypeDate": 5,
    "esriFieldTypeOID": 6,
}
_SQL_TYPES = {
    "sqlTypeDouble": 6,
    "sqlTypeInteger": 10,
    "sqlTypeNVarchar": 15,
    "sqlTypeSmallInt": 18,
    "sqlTypeTimestamp2": 21,
}
_POINT, _NO_GEOMETRY = 0, 127
_RESULT = 2
_FEATURES, _COUNT, _IDS, _EXTENT = 1, 2, 3, 4
"""The kinds of results."""
_FEATURE = tag(15)


class Pbf:
    """Protocol buffers."""

    media_type = "application/x-protobuf"

    def features(self, page: Page, reference: Reference) -> bytes:
        """Return a page of rows or groups."""
        grid = (page.points.grid if page.points else None) or fine_grid(reference)
        head = [
            *([text(1, OBJECT_ID), message(2, text(1, OBJECT_ID), number(2, 1))] if page.identified else []),
            number(7, _POINT if page.is_spatial else _NO_GEOMETRY),
            *([message(8, _reference(reference))] if page.is_spatial else []),
            *([number(9, 1)] if page.exceeded else []),
            *([message(12, *_transform(grid))] if page.points else []),
            *(message(13, *_field(field)) for field in page.fields),
        ]
        return _result(_FEATURES, *head, *_features(page, grid))

    def count(self, count: int) -> bytes:
        """Return a count."""
        return _result(_COUNT, number(1, count))

    def ids(self, batches: Iterator[list[int]]) -> bytes:
        """Return the ids; all of them, since their length stands before them."""
        return _result(_IDS, text(1, OBJECT_ID), message(3, varints(batches)))

    def extent(self, box: Box | None, reference: Reference, count: int | None) -> bytes:
        """Return a box; without one, an answer with the count alone."""
        parts = [message(1, *_envelope(box, reference))] if box else []
        return _result(_EXTENT, *parts, *([] if count is None else [number(2, count)]))


def _result(kind: int, *parts: bytes) -> bytes:
    """Return a result of a kind: a message in a message, strung together once."""
    size = sum(map(len, parts))
    head = tag(kind) + varint(size)
    return b"".join((tag(_RESULT), varint(len(head) + size), head, *parts))


def _reference(reference: Reference) -> bytes:
    return number(1, reference.wkid) + number(2, reference.epsg)


def _envelope(box: Box, reference: Reference) -> Iterator[bytes]:
    yield from (double(place, side) for place, side in enumerate(box, 1))
    yield message(5, _reference(reference))


def _transform(grid: Grid) -> Iterator[bytes]:
    yield number(1, int(grid.origin == LOWER_LEFT))
    yield message(2, double(1, grid.size), double(2, grid.size))
    yield message(3, double(1, grid.x), double(2, grid.y))


def _field(field: LayerField) -> Iterator[bytes]:
    yield text(1, field.name)
    yield number(2, _FIELD_TYPES[field.type])
    yield text(3, field.alias)
    yield number(4, _SQL_TYPES[field.sql_type])


def _features(page: Page, grid: Grid) -> Iterator[bytes]:
    """Yield each row with its length before it: its attributes as written, then its point."""
    columns = [
        attributes(field.type, values) for field, values in zip(page.fields, page.values.columns(), strict=False)
    ]
    if page.points and len(page.values):
        columns.append(_geometries(page.points, grid))
    bodies = list(map(b"".join, zip(*columns, strict=True)))
    lengths = map(varint, map(len, bodies))
    return chain.from_iterable(zip(repeat(_FEATURE, len(bodies)), lengths, bodies, strict=True))


def _geometries(points: Points, grid: Grid) -> list[bytes]:
    """Return the geometry of each row, nothing where it has no point; many rows share a place."""
    xs, ys = points.cells(grid)
    written = Written(_geometry)
    pairs = zip(points.present(), zip(xs.tolist(), ys.tolist(), strict=True), strict=True)
    return [written[cell] if there else b"" for there, cell in pairs]


def _geometry(cell: tuple[int, int]) -> bytes:
    return message(2, message(3, zigzag(cell[0]), zigzag(cell[1])))
