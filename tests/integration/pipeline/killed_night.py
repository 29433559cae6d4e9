"""A night that kills its own process: killed_night.py INI FOLDER FEED copy|commit|files."""

import os
import signal
import sys

import ckan.plugins.toolkit as tk
import psycopg
from ckan.cli import CKANConfigLoader
from ckan.config.middleware import make_app


def die(*_, **__):
    os.kill(os.getpid(), signal.SIGKILL)


if __name__ == "__main__":
    ini, folder, feed, where = sys.argv[1:]
    app = make_app(CKANConfigLoader(ini).get_config())

    from ckanext.cpdi import config
    from ckanext.cpdi.jobs import load
    from ckanext.cpdi.pipeline import publish
    from ckanext.cpdi.publish import install
    from ckanext.cpdi.store.ledger import outcome

    for name in ("files", "private"):
        tk.config[f"ckanext.cpdi.{name}_path"] = f"{folder}/{name}"
    place, name = {"copy": (psycopg.Copy, "write"), "commit": (outcome, "write"), "files": (install, "put")}[where]
    setattr(place, name, die)
    load.run("calls-for-service", feed, label="calls", trusted_path=True)
    publish.publish("calls-for-service", config.profile())
