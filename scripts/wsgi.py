"""The WSGI application for gunicorn: CKAN with the configuration that CKAN_INI names.

PROXIES is the number of reverse proxies in front (0 if unset). Of `X-Forwarded-…` headers only what these wrote is
believed: CKAN itself would take the client's word for its address.

Before the first visitor comes, each process has asked itself for the pages that most people ask for: templates are
compiled and connections open, which takes a second while nothing else is asked, and many under a flood.
"""

import os
import sys
from collections.abc import Iterable
from typing import Any

import ckan.plugins.toolkit as tk
from ckan.cli import CKANConfigLoader
from ckan.config.middleware import make_app
from ckan.exceptions import CkanConfigurationException
from werkzeug.middleware.proxy_fix import ProxyFix
from werkzeug.test import Client

from ckanext.cpdi import config
from ckanext.cpdi.catalog.parts import resource_id

PROXIES = int(os.environ.get("PROXIES", "0"))
_BOOT_ERROR = 3
"""With which a worker of gunicorn ends so that it is not started again and again."""

try:
    ckan = make_app(CKANConfigLoader(os.environ["CKAN_INI"]).get_config())
except CkanConfigurationException as error:
    print(error, file=sys.stderr)
    raise SystemExit(_BOOT_ERROR) from None


def without_forwarded(environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:  # noqa: ANN401
    """Call CKAN with REMOTE_ADDR alone, as ProxyFix has set it."""
    environ.pop("HTTP_X_FORWARDED_FOR", None)
    return ckan(environ, start_response)


def warm_up() -> None:
    """Ask for the home page, health, and the page and one row of a table; whatever the answers are."""
    name = config.library().tables[0].name
    row = f"/api/3/action/datastore_search?resource_id={resource_id(name)}&limit=1"
    for path in ("/", "/healthz", f"/dataset/{name}", row):
        Client(ckan).get(path, base_url=tk.config["ckan.site_url"])


warm_up()
application = ProxyFix(without_forwarded, x_for=PROXIES, x_proto=PROXIES, x_host=PROXIES)
