"""The addresses of resources as they are read: made anew each time, whatever was stored or indexed with them.

CKAN keeps them in the database and in the search index, with the portal's address of the day they were saved, and an
uploaded file's even in the language of whoever saved it.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from ckanext.cpdi import addresses, config
from ckanext.cpdi.catalog.parts import by_id


def place(resources: Iterable[dict[str, Any]]) -> None:
    """Give each of ``resources`` its address of now; one that lies on another site keeps its own."""
    ours = by_id(config.library())
    for one in resources:
        found = ours.get(one.get("id", ""))
        if found is not None:
            one["url"] = addresses.url(found.path)
        elif one.get("url_type") == "upload" and "/" in str(one.get("url") or ""):
            one["url"] = addresses.url(_download(one))


def place_all(packages: Iterable[Any]) -> None:
    """Do so for the resources of all ``packages``; CKAN may list names in their place."""
    for one in packages:
        if isinstance(one, dict):
            place(one.get("resources") or ())


def _download(resource: dict[str, Any]) -> str:
    """Return the path of an uploaded file; CKAN calls the file in it as it was uploaded."""
    name = str(resource["url"]).rpartition("/")[2]
    return f"/dataset/{resource['package_id']}/resource/{resource['id']}/download/{name}"
