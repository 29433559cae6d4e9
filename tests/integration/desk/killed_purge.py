"""A denial whose process is killed on the way: killed_purge.py INI STAGE NUMBER."""

import os
import signal
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[2]))

from ckan.cli import CKANConfigLoader
from ckan.config.middleware import make_app


def die(*_, **__):
    os.kill(os.getpid(), signal.SIGKILL)


def arm(where):
    """Make the process die where it would do the next thing after the stage ``where``."""
    from ckanext.cpdi.catalog import refresh
    from ckanext.cpdi.desk import deny
    from ckanext.cpdi.pipeline import purge
    from ckanext.cpdi.publish import snapshot
    from ckanext.cpdi.store.privacy.privacy import Privacy
    from ckanext.cpdi.store.table import catalogue

    places = {
        "listed": (deny, "purge_now"),
        "removing": (catalogue, "write_total"),
        "removed": (snapshot, "build"),
        "building": (snapshot, "install_snapshot"),
        "built": (refresh, "refresh"),
        "sweeping": (Privacy, "sweep"),
    }
    if where == "copies":
        purge.COPIES.append(die)
    else:
        setattr(*places[where], die)


if __name__ == "__main__":
    ini, where, number = sys.argv[1:]
    settings = CKANConfigLoader(ini).get_config()
    settings |= {key[5:]: value for key, value in os.environ.items() if key.startswith("TEST_ckanext")}
    app = make_app(settings)
    with app._wsgi_app.test_request_context():
        from helpers import desk

        arm(where)
        desk.deny(number)
    sys.exit("the process should have died")
