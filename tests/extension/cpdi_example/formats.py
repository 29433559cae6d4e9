"""``/data-formats``: the formats that the portal has, as JSON."""

from flask import Blueprint, jsonify

from ckanext.cpdi.services.http.headers import cache

blueprint = Blueprint("cpdi_example_formats", __name__)


@blueprint.get("/data-formats")
def show():
    from ckanext.cpdi.publish.formats import formats

    return cache(jsonify({name: kind.media_type for name, kind in formats().items()}), 60)
