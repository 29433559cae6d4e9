"""``/data/places.geojson`` and ``/data/places.csv``: the places that rows are generalised to, for maps and rates."""

from __future__ import annotations

from datetime import UTC, datetime

from flask import Blueprint, Response

from ckanext.cpdi import config
from ckanext.cpdi.catalog.parts import PLACES
from ckanext.cpdi.publish.place_files import EXTENSIONS, find
from ckanext.cpdi.services.http.access import Readers, readers
from ckanext.cpdi.services.http.answer import answer_again, no_such_file, open_to_all, send
from ckanext.cpdi.services.http.headers import cache

blueprint = Blueprint("cpdi_places", __name__, url_prefix="/data")
blueprint.after_request(open_to_all)

SECONDS = 60
"""How long caches may keep the file: no longer than an answer on who may read it."""


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
