"""The places that rows are generalised to: ``/data/places.geojson`` and ``/data/places.csv``, for maps and rates, and
``/data/places/search?q=…``, which finds the place of an address.

What is looked for is kept nowhere: in no log, and in no cache.
"""

from __future__ import annotations

from datetime import UTC, datetime
from functools import lru_cache
from typing import Any

import ckan.plugins.toolkit as tk
import msgspec
from flask import Blueprint, Response, request

from ckanext.cpdi import config
from ckanext.cpdi.catalog.parts import PLACES
from ckanext.cpdi.declare import Profile
from ckanext.cpdi.errors import Said
from ckanext.cpdi.publish.place_files import EXTENSIONS, find
from ckanext.cpdi.query.errors import TooLargeQueryError, UnreadableError
from ckanext.cpdi.selection.place_search import Found, PlaceSearch
from ckanext.cpdi.selection.places import PublishedPlaces, places_of
from ckanext.cpdi.services.http.access import Readers, readers
from ckanext.cpdi.services.http.answer import answer_again, no_such_file, open_to_all, say, send
from ckanext.cpdi.services.http.headers import cache
from ckanext.cpdi.services.http.refusal import naming, refuses_in

blueprint = Blueprint("cpdi_places", __name__, url_prefix="/data")
blueprint.after_request(open_to_all)

SECONDS = 60
"""How long caches may keep the file: no longer than an answer on who may read it."""

Q = "q"
_LONGEST = 200
"""Characters of an address."""


@blueprint.get("/places.geojson", defaults={"extension": "geojson"})
@blueprint.get("/places.csv", defaults={"extension": "csv"})
def show(extension: str) -> Response:
    """Answer with the places; 404 before any are published, and for whom the dataset ``places`` is not."""
    allowed = readers(PLACES)
    if allowed is Readers.NOBODY or find(config.files_path()) is None:
        return no_such_file()
    response = answer_again(lambda: _send(extension))
    if response.status_code >= 400:
        return response
    return cache(response, SECONDS if allowed is Readers.EVERYBODY else 0)


def _send(extension: str) -> Response:
    """Return the file of the version that is served now; raise FileNotFoundError where it was replaced meanwhile."""
    files = find(config.files_path())
    if files is None:
        raise FileNotFoundError(PLACES)
    path = files.path(extension)
    modified = datetime.fromtimestamp(path.stat().st_mtime, UTC)
    etag, name = f"{files.version}-{extension}", f"places.{extension}"
    return send(path, EXTENSIONS[extension], name=name, etag=etag, last_modified=modified)


def _refusal(status: int, words: str, parameter: str) -> Response:
    return say(status, naming(words, parameter))


@blueprint.get("/places/search")
@refuses_in(_refusal)
def search() -> Response:
    """Answer with the places that ``q`` may mean; 404 before any are published, and for whom they are not."""
    places = places_of(config.files_path())
    if readers(PLACES) is Readers.NOBODY or not places.version:
        return no_such_file()
    body = msgspec.json.encode(answer(places, config.profile(), _asked(), tk.h.lang()))
    return cache(Response(body, mimetype="application/json"), 0)


def answer(places: PublishedPlaces, profile: Profile, text: str, language: str) -> dict[str, Any]:
    """Return the places for ``text`` as the service writes them, the likeliest first, and who answers questions."""
    hits = _search_of(places, profile.places.block_size).find(text)
    agency = profile.agency
    contact = {"name": agency.contact_name.get(language), "phone": agency.contact_phone, "email": agency.contact_email}
    return {
        "places": [_written(hit, tuple(profile.areas)) for hit in hits],
        "contact": {"department": agency.name.get(language), **contact, "url": agency.url},
    }


def _asked() -> str:
    text = request.args.get(Q, "").strip()
    if not text or "\x00" in text:
        raise UnreadableError("say what is looked for: an address such as 120 King St, a street, a park", Q)
    if len(text) > _LONGEST:
        raise TooLargeQueryError(
            Said("an address has at most {longest} characters, this one {n}", longest=_LONGEST, n=len(text)), Q
        )
    return text


@lru_cache(maxsize=2)
def _search_of(places: PublishedPlaces, block_size: int) -> PlaceSearch:
    return PlaceSearch(places.places, block_size)


def _written(hit: Found, layers: tuple[str, ...]) -> dict[str, Any]:
    place = hit.place
    point = [place["longitude"], place["latitude"]] if place["longitude"] is not None else None
    return {
        "match": hit.match,
        **{name: place[name] for name in ("place_id", "label", "location_precision", "team", "addresses")},
        "point": point,
        "areas": {layer: place[layer] for layer in layers if place.get(layer)},
    }
