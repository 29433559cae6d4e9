"""CKAN without the portal, as gunicorn runs it: ``CKAN_INI`` names its configuration.

``python -m bench.stock INI SERIES NAME`` gives it a plain dataset called NAME with the resources of a series.
"""

from __future__ import annotations

import os
import sys
from typing import Any, cast

import ckan.plugins.toolkit as tk
from ckan import model
from ckan.cli import CKANConfigLoader
from ckan.config.middleware import make_app
from ckan.config.middleware.flask_app import CKANApp

_COPIED = ("name", "url", "format", "size", "mimetype")


def copy(ini: str, series: str, name: str) -> None:
    """Make the dataset ``name`` of the resources of ``series``."""
    from bench.site import start

    with start(ini):
        package = model.Package.by_name(series)
        rows = package.resources if package else []
        resources = [{key: getattr(resource, key) for key in _COPIED} for resource in rows]
        user = tk.get_action("get_site_user")({"ignore_auth": True}, {})["name"]
        tk.get_action("package_create")(
            {"ignore_auth": True, "user": user}, {"name": name, "title": name, "resources": resources}
        )


def start_alone(ini: str) -> CKANApp:
    """Return CKAN with the configuration ``ini``, whose lists may name datasets of the portal's types."""
    made = make_app(CKANConfigLoader(ini).get_config())
    flask = cast("Any", made)._wsgi_app  # CKAN has no other way to it
    with flask.app_context():
        types = [kind for (kind,) in model.Session.query(model.Package.type).distinct() if kind != "dataset"]
    for kind in types:  # a link to a dataset is made by its type, which only the portal declares
        flask.add_url_rule(f"/{kind}/<id>", endpoint=f"{kind}.read", build_only=True)
        resource = f"{kind}_resource.read"
        flask.add_url_rule(f"/{kind}/<id>/resource/<resource_id>", endpoint=resource, build_only=True)
    return made


if __name__ == "__main__":
    copy(*sys.argv[1:])
else:
    application = start_alone(os.environ["CKAN_INI"])
