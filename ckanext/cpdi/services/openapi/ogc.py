"""OGC API: the part that the service describes itself (:mod:`ckanext.cpdi.services.ogc.describe`)."""

from __future__ import annotations

from collections.abc import Sequence

from ckanext.cpdi.services.ogc import describe
from ckanext.cpdi.services.ogc.tables import Collection
from ckanext.cpdi.services.openapi.part import Part


def part(tables: Sequence[Collection]) -> Part:
    """Return the service's own part."""
    return Part(
        describe.TAG,
        "Tables as collections of features, for GIS programs and scripts: GeoJSON, filters in CQL2, pages, tiles.",
        describe.paths(tables),
        describe.components(),
    )
