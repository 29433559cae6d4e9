"""``/dataset/NAME/explore``: the explorer of a table."""

from __future__ import annotations

import ckan.plugins.toolkit as tk
from flask import Blueprint, Response, make_response, request

from ckanext.cpdi import addresses, config
from ckanext.cpdi.declare import tailored
from ckanext.cpdi.services.http.access import Readers, readers
from ckanext.cpdi.services.http.headers import cache
from ckanext.cpdi.services.http.statuses import status_of
from ckanext.cpdi.services.zones import zone_of
from ckanext.cpdi.site import audience
from ckanext.cpdi.site.explore.description import describe
from ckanext.cpdi.site.explore.page import page

blueprint = Blueprint("cpdi_explore", __name__)


@blueprint.get("/dataset/<name>/explore")
def show(name: str) -> Response:
    """Show the table under the filter in the address.

    Nobody keeps a page for a filter: where somebody looks is theirs.
    """
    dataset = config.library().get(name)
    if dataset is None or dataset.table is None or readers(name) is Readers.NOBODY:
        tk.abort(status_of(tk.ObjectNotFound), tk._("There is no such table"))
    profile, language = config.profile_in(zone_of(name).key), tk.h.lang()
    own = tailored(dataset, profile.feed(name))
    path = tk.h.url_for("cpdi_explore.show", name=name)
    description = describe(own, profile, config.formats(own.rows), language, addresses.path, path)
    shown = page(own, profile, description, tuple(request.args.items(multi=True)), language)
    values = {"name": name, "title": description.title, "shown": shown, "owner": config.library().owner(name)}
    if request.args:
        response = cache(make_response(tk.render("cpdi/explore.html", values)), 0)
    else:
        response = audience.page("cpdi/explore.html", values)
    response.status_code = shown.status
    return response if shown.status < 400 else cache(response, 0)
