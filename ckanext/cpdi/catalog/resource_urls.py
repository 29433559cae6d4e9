"""The URLs of resources, set each time they are read, in place of the stored or indexed ones.

CKAN stores URLs in the database and in the search index, with the portal's address of that day; that of an uploaded
file even has the language of whoever saved it.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from ckanext.cpdi import addresses, config
from ckanext.cpdi.catalog.parts import URL_TYPE, by_id
from ckanext.cpdi.publish import report_files


def set_urls(resources: Iterable[dict[str, Any]]) -> None:
    """Give each of ``resources`` its present URL; one on another site keeps its own."""
    ours = by_id(config.library())
    for resource in resources:
        part = ours.get(resource.get("id", ""))
        if part is not None:
            resource["url"] = addresses.url(part.path)
        elif resource.get("url_type") == URL_TYPE and report_files.ROOT in str(resource.get("url")):
            resource["url"] = addresses.url(report_files.ROOT + str(resource["url"]).rpartition(report_files.ROOT)[2])
        elif resource.get("url_type") == "upload" and "/" in str(resource.get("url") or ""):
            resource["url"] = addresses.url(_download(resource))


def set_package_urls(packages: Iterable[Any]) -> None:
    """Call :func:`set_urls` for the resources of all ``packages``; names, which CKAN may list instead, are skipped."""
    for package in packages:
        if isinstance(package, dict):
            set_urls(package.get("resources") or ())


def _download(resource: dict[str, Any]) -> str:
    """Return the path of an uploaded file, which ends with the file's own name."""
    name = str(resource["url"]).rpartition("/")[2]
    return f"/dataset/{resource['package_id']}/resource/{resource['id']}/download/{name}"
