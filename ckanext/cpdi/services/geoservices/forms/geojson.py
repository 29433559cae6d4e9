"""``f=geojson``: GeoJSON (RFC 7946), with ArcGIS's word for a page that is not the last."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import repeat
from typing import Any

from ckanext.cpdi.query.reference import DEGREES, Reference
from ckanext.cpdi.selection.reader import Box
from ckanext.cpdi.services.geoservices.fields import OBJECT_ID
from ckanext.cpdi.services.geoservices.forms.attributes import attributes, numbers, rows, with_features
from ckanext.cpdi.services.geoservices.forms.esri import EsriJson, write
from ckanext.cpdi.services.geoservices.page import Page, Points

_POINT = b',"geometry":{"type":"Point","coordinates":[%b,%b]},"properties":{'
_NOWHERE = b',"geometry":null,"properties":{'


class GeoJson:
    """GeoJSON; attributes have the same values as in Esri's JSON, since clients take turns with the two."""

    media_type = "application/geo+json"

    def features(self, page: Page, reference: Reference) -> bytes:
        """Return a page; that more rows follow is told twice, since clients look in different places."""
        names = [field.name for field in page.fields]
        begin: list[Iterable[bytes]] = [repeat(b'{"type":"Feature"')]
        if page.identified and OBJECT_ID in names and len(page.values):
            begin += [repeat(b',"id":'), numbers(page.values.columns()[names.index(OBJECT_ID)].values)]
        points = _points(page.points) if page.points else repeat(_NOWHERE)
        features = rows(page, *begin, points, *attributes(page), repeat(b"}}"))
        more = {"exceededTransferLimit": True} if page.exceeded else {}
        head: dict[str, Any] = {"type": "FeatureCollection", **_crs(reference)}
        head |= {"properties": more, **more} if more else {}
        return with_features(head, features)

    def count(self, count: int) -> bytes:
        """Return a count, as Esri's JSON has it: GeoJSON has no form for one."""
        return write({"count": count})

    def ids(self, batches: Iterator[list[int]]) -> Iterator[bytes]:
        """Yield the ids in parts, as Esri's JSON has them."""
        return EsriJson().ids(batches)

    def extent(self, box: Box | None, reference: Reference, count: int | None) -> bytes:
        """Return a box as the ``bbox`` of a collection without features."""
        counted = {} if count is None else {"count": count}
        bounds = {"bbox": list(box)} if box else {}
        return write({"type": "FeatureCollection", **_crs(reference), **bounds, **counted, "features": []})


def _crs(reference: Reference) -> dict[str, Any]:
    """Return the member that old GeoJSON named a reference by; RFC 7946 knows degrees of WGS 84 alone."""
    if reference.epsg == DEGREES:
        return {}
    return {"crs": {"type": "name", "properties": {"name": f"EPSG:{reference.epsg}"}}}


def _points(points: Points) -> list[bytes]:
    xs, ys = points.coordinates()
    pairs = zip(points.present(), numbers(xs.tolist()), numbers(ys.tolist()), strict=True)
    return [_POINT % (x, y) if there else _NOWHERE for there, x, y in pairs]
