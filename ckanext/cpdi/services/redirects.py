"""Redirects a department's old file addresses, declared in its profile, to our files.

The target derives from the declaration alone, never from what a reader sends.
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
"""Endpoints of a path that no page or service answers: none, or CKAN's catch-all for static files."""


@blueprint.before_app_request
def redirect_old() -> Response | None:
    """Redirect an old address permanently, unless the portal has a page or file there."""
    if request.endpoint not in _NO_ROUTE or request.method not in ("GET", "HEAD"):
        return None
    rule = next((rule for rule in config.profile().redirects if rule.path == request.path), None)
    return cast(Response, redirect(addresses.path(target(rule)), 301)) if rule else None


def target(rule: Redirect) -> str:
    """Return the path of the file that ``rule`` leads to; raise UnknownDataset for one that is not declared."""
    dataset = config.library().dataset(rule.dataset)
    if rule.year is None:
        return Address(dataset.name, None, rule.ext).path
    return address_of(dataset, None if rule.year == "all" else rule.year, rule.ext).path


def check(app: CKANApp) -> None:
    """Raise DeclarationError where a redirect leads to no file, or the portal itself answers its old address."""
    tables = [dataset.name for dataset in config.library().tables]
    for rule in config.profile().redirects:
        if rule.dataset not in tables:
            raise _wrong(rule, f"no table {rule.dataset!r}; there are {', '.join(tables)}")
        formats = config.formats(config.library().dataset(rule.dataset).table)
        if rule.ext not in formats:
            raise _wrong(rule, f"no format {rule.ext!r} of {rule.dataset}; there are {', '.join(formats)}")
        if _is_served(app, rule.path):
            raise _wrong(rule, "the portal has a page or a service of its own there")


def _is_served(app: CKANApp, path: str) -> bool:
    """Return whether the portal answers ``path`` itself: by a route, a static file, or a language prefix."""
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


def _wrong(rule: Redirect, message: str) -> DeclarationError:
    return DeclarationError(config.profile().name, f"redirects, from {rule.path}: {message}")
