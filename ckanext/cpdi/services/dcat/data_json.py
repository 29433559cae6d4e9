"""``/data.json``: every public dataset in DCAT-US 1.1, for data.gov, ArcGIS and other catalogues."""

from __future__ import annotations

import orjson
from flask import Blueprint, Response, request

from ckanext.cpdi import addresses
from ckanext.cpdi.services.dcat import us_1_1
from ckanext.cpdi.services.dcat.public import Kept, entries, public
from ckanext.cpdi.services.http.answer import open_to_all
from ckanext.cpdi.services.http.headers import cache

blueprint = Blueprint("cpdi_data_json", __name__)

PATH = "/data.json"
SECONDS = 60
"""How long caches may keep the document: no longer than a dataset that was made private may be seen."""
_kept: Kept[bytes] = Kept()


@blueprint.get(PATH)
def show() -> Response:
    """Answer with the catalogue."""
    shown = public()
    response = Response(mimetype="application/json")
    response.set_etag(shown.mark, weak=True)
    if not request.if_none_match.contains_weak(shown.mark):
        response.set_data(
            _kept.get(shown.mark, lambda: orjson.dumps(us_1_1.document(entries(shown), addresses.url(PATH))))
        )
    response.make_conditional(request.environ)
    return open_to_all(cache(response, SECONDS))
