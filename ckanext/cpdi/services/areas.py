"""``/data/areas.geojson``: the department's boundary, its teams' areas and its other areas, for maps and for joins.

In: the files that the profile names. Out: one GeoJSON whose features say their ``layer`` and ``name``.
"""

from __future__ import annotations

import hashlib
from typing import Any

import msgspec
from flask import Blueprint, Response, request

from ckanext.cpdi import config
from ckanext.cpdi.declare import Profile
from ckanext.cpdi.services.http.answer import open_to_all
from ckanext.cpdi.services.http.headers import cache

blueprint = Blueprint("cpdi_areas", __name__, url_prefix="/data")
blueprint.after_request(open_to_all)

SECONDS = 60
"""How long caches may keep the answer: not longer than the files of the profile that comes next."""
BOUNDARY, TEAM = "boundary", "team"


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
    where the file has one, its ``note``. Raises DeclarationError where a file cannot be read.
    """
    files = {BOUNDARY: profile.boundary, **({TEAM: profile.teams} if profile.teams else {}), **profile.areas}
    features = [
        _feature(layer, feature, profile)
        for layer, name in files.items()
        for feature in _features(profile.geojson(name))
    ]
    return {"type": "FeatureCollection", "features": features}


def _features(document: dict[str, Any]) -> list[dict[str, Any]]:
    """Return the features of a GeoJSON collection, feature or geometry."""
    if document.get("type") == "FeatureCollection":
        return document["features"]
    return [document if document.get("type") == "Feature" else {"type": "Feature", "geometry": document}]


def _feature(layer: str, feature: dict[str, Any], profile: Profile) -> dict[str, Any]:
    said = feature.get("properties") or {}
    name = profile.agency.city if layer == BOUNDARY else str(said.get("name", ""))
    properties = {"layer": layer, "name": name, **({"note": said["note"]} if said.get("note") else {})}
    return {"type": "Feature", "properties": properties, "geometry": feature["geometry"]}
