"""``/quarters``: what the numbers of quarters mean."""

from flask import Blueprint

from ckanext.cpdi.site import audience

blueprint = Blueprint("cpdi_example_quarters", __name__)


@blueprint.get("/quarters")
def show():
    return audience.page("cpdi_example/quarters.html", {"months": ["January", "April", "July", "October"]})
