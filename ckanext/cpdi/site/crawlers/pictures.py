"""``/og/NAME.png``: a public dataset's picture for links in social networks; ``/og/portal.png`` is the portal's."""

from __future__ import annotations

import hashlib
from functools import lru_cache

import ckan.plugins.toolkit as tk
from ckan import model
from flask import Blueprint, Response, request

from ckanext.cpdi import config
from ckanext.cpdi.services.http.answer import open_to_all, say
from ckanext.cpdi.services.http.headers import cache
from ckanext.cpdi.services.http.statuses import status_of
from ckanext.cpdi.site.crawlers.picture import draw

blueprint = Blueprint("cpdi_pictures", __name__)

PORTAL = "portal"
SECONDS = 60
"""How long caches may keep a picture: no longer than the title of a dataset that was made private."""
_LONGEST = 200
_ABOUT = "Open data · files, maps and APIs for everybody"


@blueprint.get("/og/<name>.png")
def show(name: str) -> Response:
    """Answer with a picture."""
    title = _title(name)
    if title is None:
        return say(status_of(tk.ObjectNotFound), "There is no such picture.")
    body = _drawn(title[:_LONGEST], config.profile().agency.name.en)
    response = Response(body, mimetype="image/png")
    response.set_etag(hashlib.sha256(body).hexdigest()[:20], weak=True)
    response.make_conditional(request.environ)
    return open_to_all(cache(response, SECONDS))


def _title(name: str) -> str | None:
    """Return what the picture says: the portal's title, or that of a public dataset; None where there is none."""
    if name == PORTAL:
        return str(tk.config["ckan.site_title"])
    package = model.Package.by_name(name)
    if package is None or package.state != "active" or package.private or package.type == "harvest":
        return None
    return str(package.title or package.name)


@lru_cache(maxsize=64)
def _drawn(title: str, publisher: str) -> bytes:
    return draw(title, _ABOUT, publisher)
