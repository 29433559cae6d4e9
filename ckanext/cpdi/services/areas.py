"""``/data/areas.geojson``: the department's boundary, its teams' areas and its other areas, for maps and for joins.

In: the files that the profile names. Out: one GeoJSON whose features say their ``layer`` and ``name``.
"""

from __future__ import annotations

import hashlib
from typing import Any

import msgspec
from flask import Blueprint, Response, request

from ckanext.cpdi import config
from ckanext.cpdi.declare import Area, Profile, read_areas
from ckanext.cpdi.services.http.answer import open_to_all
from ckanext.cpdi.services.http.headers import cache

blueprint = Blueprint("cpdi_areas", __name__, url_prefix="/data")
blueprint.after_request(open_to_all)

SECONDS = 60
"""How long caches may keep the answer: not longer than the files of the profile that comes next."""


@blueprint.get("/areas.geojson")
def show() -> Response:
    """Answer with the areas of this department."""
    body = msgspec.json.encode(areas(config.profile()))
    response = Response(body, mimetype="application/geo+json")
    response.set_etag(hashlib.sha256(body).hexdigest()[:20], weak=True)
    response.make_conditional(request.environ)
    return cache(response, SECONDS)


def areas(profile: Profile) -> dict[str, Any]:
    """Return the areas that ``profile`` draws as a GeoJSON FeatureCollection, the boundary first.

    Each feature has its ``layer`` (``boundary``, ``team``, or what the profile calls the others), its ``name`` and,
    where the file says them, its ``population`` and its ``note``. Raises DeclarationError where a file is wrong.
    """
    return {"type": "FeatureCollection", "features": list(map(_feature, read_areas(profile)))}


def _feature(area: Area) -> dict[str, Any]:
    properties: dict[str, Any] = {"layer": area.layer, "name": area.name}
    if area.population is not None:
        properties["population"] = area.population
    if area.note:
        properties["note"] = area.note
    return {"type": "Feature", "properties": properties, "geometry": area.geometry}
