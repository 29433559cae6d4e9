"""``/datastore/dump`` of our tables leads to the published file.

CKAN's dump reads page after page, each in a query of its own: where a run commits in between, it mixes two versions.
The file is one version. A dump of chosen rows or columns is still CKAN's own, as is one in a
format that no files are made in.
"""

from __future__ import annotations

from flask import Blueprint, redirect, request
from werkzeug.wrappers import Response

from ckanext.cpdi import addresses, config
from ckanext.cpdi.catalog.parts import by_id
from ckanext.cpdi.publish.address import address_of

blueprint = Blueprint("cpdi_dump", __name__)

_FILES = {"csv": "csv", "json": "geojson"}
_CHOSEN = ("filters", "q", "fields", "sort", "limit", "offset", "distinct")


@blueprint.before_app_request
def lead_to_file() -> Response | None:
    """Redirect the dump of a whole table of ours to its file, which checks who may read it."""
    if request.endpoint != "datastore.dump" or any(one in request.args for one in _CHOSEN):
        return None
    found = by_id(config.library()).get((request.view_args or {}).get("resource_id", ""))
    extension = _FILES.get(request.args.get("format", "csv"))
    if found is None or not found.is_table or extension not in config.formats():
        return None
    return redirect(addresses.path(address_of(config.library().dataset(found.dataset), None, extension).path))
