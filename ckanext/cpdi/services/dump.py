"""Redirects ``/datastore/dump`` of our tables to the published file.

CKAN's dump reads page after page in separate queries: where a run commits in between, it mixes two versions. The file
is one version. A dump of some rows or columns, or in a format without files, is still CKAN's own.
"""

from __future__ import annotations

from flask import Blueprint, redirect, request
from werkzeug.wrappers import Response

from ckanext.cpdi import addresses, config
from ckanext.cpdi.catalog.parts import PLACES, by_id
from ckanext.cpdi.publish.address import address_of

blueprint = Blueprint("cpdi_dump", __name__)

_FILES = {"csv": "csv", "json": "geojson"}
_SELECTING = ("filters", "q", "fields", "sort", "limit", "offset", "distinct")


@blueprint.before_app_request
def redirect_to_file() -> Response | None:
    """Redirect the dump of a whole table of ours to its file, where access is checked."""
    if request.endpoint != "datastore.dump" or any(name in request.args for name in _SELECTING):
        return None
    part = by_id(config.library()).get((request.view_args or {}).get("resource_id", ""))
    extension = _FILES.get(request.args.get("format", "csv"))
    if part is None or not part.is_table:
        return None
    if part.dataset == PLACES:
        return redirect(addresses.path(f"/data/{PLACES}.{extension}")) if extension in config.formats() else None
    dataset = config.library().dataset(part.dataset)
    if extension not in config.formats(dataset.table):
        return None
    return redirect(addresses.path(address_of(dataset, None, extension).path))
