"""CKAN without the portal, as gunicorn runs it: ``CKAN_INI`` names its configuration.

``python -m bench.stock INI SERIES NAME`` gives it a plain dataset called NAME with the resources of a series.
"""

from __future__ import annotations

import os
import sys

import ckan.plugins.toolkit as tk
from ckan import model
from ckan.cli import CKANConfigLoader
from ckan.config.middleware import make_app

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


if __name__ == "__main__":
    copy(*sys.argv[1:])
else:
    application = make_app(CKANConfigLoader(os.environ["CKAN_INI"]).get_config())
