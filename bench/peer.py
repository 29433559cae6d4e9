"""The peer: ckanext-xloader loads a file into a new resource, in a process of its own, as its job does.

``python -m bench.peer INI FILE`` prints one JSON object: seconds of the load (without CKAN's start), rows.
"""

from __future__ import annotations

import json
import logging
import sys
from pathlib import Path
from time import perf_counter
from typing import Any

import ckan.plugins.toolkit as tk

from bench.site import start
from ckanext.cpdi import config


def main(ini: str, file: str) -> None:
    """Make a dataset and a resource, load ``file`` into it, print the result, and remove both."""
    with start(ini):
        package = _act(
            "package_create",
            name="bench-xloader",
            title="xloader",
            notes="For a benchmark",
            type="dataset",
            owner_org=config.organization(),
        )
        resource = _act("resource_create", package_id=package["id"], url="http://127.0.0.1/bench")
        began = perf_counter()
        rows = load(file, resource["id"])
        seconds = perf_counter() - began
        _act("datastore_delete", resource_id=resource["id"], force=True)
        _act("dataset_purge", id=package["id"])
    print(json.dumps({"seconds": seconds, "rows": rows, "bytes": Path(file).stat().st_size}))


def load(file: str, resource_id: str) -> int:
    """Do what xloader's job does once the file is on the disk; return the rows in the table."""
    from ckanext.xloader import loader

    log = logging.getLogger("bench")
    fields = loader.load_csv(file, resource_id=resource_id, mimetype="CSV", allow_type_guessing=True, logger=log)
    loader.calculate_record_count(resource_id=resource_id, logger=log)
    loader.create_column_indexes(fields=fields, resource_id=resource_id, logger=log)
    return int(_act("datastore_search", resource_id=resource_id, limit=0)["total"])


def _act(action: str, **wanted: object) -> dict[str, Any]:
    """Call a CKAN action as the site itself."""
    site = tk.get_action("get_site_user")({"ignore_auth": True}, {})
    return tk.get_action(action)({"ignore_auth": True, "user": site["name"]}, wanted)


if __name__ == "__main__":
    main(*sys.argv[1:])
