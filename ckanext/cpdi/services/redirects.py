"""Addresses of files on an older portal, which a profile declares, lead to ours.

The target is made of the declaration alone: nothing that a reader sends has a part in it.
"""

from __future__ import annotations

from typing import cast

import ckan.plugins.toolkit as tk
from ckan.types import CKANApp
from flask import Blueprint, Response, redirect, request
from werkzeug.exceptions import HTTPException, NotFound

from ckanext.cpdi import addresses, config
from ckanext.cpdi.declare import DeclarationError
from ckanext.cpdi.declare.departments.redirect import Redirect
from ckanext.cpdi.publish.address import Address, address_of

blueprint = Blueprint("cpdi_redirects", __name__)

_NO_ROUTE = (None, "static")
"""Endpoints of a path that no page or service answers: nothing, and CKAN's catch-all for files of its own."""


@blueprint.before_app_request
def lead_on() -> Response | None:
    """Redirect an old address for good, where nothing of the portal's own stands there."""
    if request.endpoint not in _NO_ROUTE or request.method not in ("GET", "HEAD"):
        return None
    found = next((one for one in config.profile().redirects if one.path == request.path), None)
    return cast(Response, redirect(addresses.path(target(found)), 301)) if found else None


def target(one: Redirect) -> str:
    """Return the path of the file that ``one`` leads to; raise KeyError for a dataset that is not declared."""
    dataset = config.library().dataset(one.dataset)
    if one.year is None:
        return Address(dataset.name, None, one.ext).path
    return address_of(dataset, None if one.year == "all" else one.year, one.ext).path


def check(app: CKANApp) -> None:
    """Raise DeclarationError where a redirect leads nowhere, or stands where the portal has something of its own."""
    tables = [one.name for one in config.library().tables]
    for one in config.profile().redirects:
        if one.dataset not in tables:
            raise _wrong(one, f"no table {one.dataset!r}; there are {', '.join(tables)}")
        if one.ext not in config.formats():
            raise _wrong(one, f"no format {one.ext!r}; there are {', '.join(config.formats())}")
        if _taken(app, one.path):
            raise _wrong(one, "the portal has a page or a service of its own there")


def _taken(app: CKANApp, path: str) -> bool:
    """Return whether the portal answers ``path`` by itself: by a route, a file, or a language before its paths."""
    if path.split("/")[1] in tk.config["ckan.locales_offered"]:
        return True
    try:
        endpoint, _ = app.url_map.bind("").match(path)
    except NotFound:
        return False
    except HTTPException:  # another method, or a redirect to a route whose address ends with a slash
        return True
    if endpoint not in _NO_ROUTE:
        return True
    with app.test_request_context():
        try:
            app.send_static_file(path.removeprefix("/"))
        except NotFound:
            return False
    return True


def _wrong(one: Redirect, message: str) -> DeclarationError:
    return DeclarationError(config.profile().name, f"redirects, from {one.path}: {message}")
