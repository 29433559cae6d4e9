"""``f=json``, Esri's own JSON, and ``f=pjson``, the same with line breaks for people."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import repeat
from typing import Any

import orjson

from ckanext.cpdi.query.reference import Reference
from ckanext.cpdi.selection.reader import Box
from ckanext.cpdi.services.geoservices.fields import OBJECT_ID
from ckanext.cpdi.services.geoservices.forms.attributes import attributes, numbers, rows, with_features
from ckanext.cpdi.services.geoservices.page import Page, Points

POINT = "esriGeometryPoint"


@dataclass(frozen=True)
class EsriJson:
    """Esri's JSON. It is compact, since GDAL looks for its parts by their characters; ``pretty`` has line breaks."""

    pretty: bool = False
    media_type: str = "application/json"

    def features(self, page: Page, reference: Reference) -> bytes:
        """Return a page of rows or groups; a row without a point has no geometry at all, not an empty one."""
        head: dict[str, Any] = {}
        if page.identified:
            head = {
                "objectIdFieldName": OBJECT_ID,
                "uniqueIdField": {"name": OBJECT_ID, "isSystemMaintained": True},
                "globalIdFieldName": "",
            }
        if page.is_spatial:
            head |= {"geometryType": POINT, "spatialReference": reference.document(), "hasZ": False, "hasM": False}
        if page.points and page.points.grid:
            head["transform"] = page.points.grid.document()
        head |= {"exceededTransferLimit": True} if page.exceeded else {}
        head |= {"fields": [field.short() for field in page.fields]}
        body = with_features(head, esri_features(page))
        return write(orjson.loads(body), pretty=True) if self.pretty else body

    def count(self, count: int) -> bytes:
        """Return a count."""
        return self._write({"count": count})

    def ids(self, batches: Iterator[list[int]]) -> Iterator[bytes]:
        """Yield the ids in parts, however many there are."""
        yield b'{"objectIdFieldName":"%s","objectIds":[' % OBJECT_ID.encode()
        comma = b""
        for batch in batches:
            yield comma + orjson.dumps(batch)[1:-1]
            comma = b","
        yield b"]}"

    def extent(self, box: Box | None, reference: Reference, count: int | None) -> bytes:
        """Return a box; where no row has a point, one that says so as ArcGIS does."""
        counted = {} if count is None else {"count": count}
        return self._write({**counted, "extent": envelope(box, reference)})

    def _write(self, document: dict[str, Any]) -> bytes:
        return write(document, self.pretty)


def write(document: object, pretty: bool = False) -> bytes:
    """Return ``document`` as JSON; numbers of PostgreSQL's without limits are written as doubles."""
    return orjson.dumps(document, default=float, option=orjson.OPT_INDENT_2 if pretty else None)


def envelope(box: Box | None, reference: Reference) -> dict[str, Any]:
    """Return a box as Esri's JSON has it."""
    xmin, ymin, xmax, ymax = box or ("NaN",) * 4
    return {"xmin": xmin, "ymin": ymin, "xmax": xmax, "ymax": ymax, "spatialReference": reference.document()}


def esri_features(page: Page) -> Iterator[bytes]:
    """Yield the rows of a page."""
    ends = _geometries(page.points) if page.points else repeat(b"}}")
    return rows(page, repeat(b'{"attributes":{'), *attributes(page), ends)


def _geometries(points: Points) -> list[bytes]:
    """Return the end of each row: its geometry, nothing where it has no point."""
    xs, ys = points.cells(points.grid) if points.grid else points.coordinates()
    pairs = zip(points.present(), numbers(xs.tolist()), numbers(ys.tolist()), strict=True)
    return [b'},"geometry":{"x":%b,"y":%b}}' % (x, y) if there else b"}}" for there, x, y in pairs]
