"""Resources of tables that no run has published yet: listed for those who may edit the dataset, and for nobody else.

Their addresses are made with the dataset, so that they never change; until there are rows nothing lies behind them, and
who downloads what a list names expects a file.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import ckan.plugins.toolkit as tk
from ckan.types import Context

from ckanext.cpdi import config
from ckanext.cpdi.catalog.parts import PEOPLE, by_id


def leave_out(context: Context, package: dict[str, Any]) -> None:
    """Take resources without rows out of ``package``, unless the user of ``context`` may edit it."""
    if _published(package) != package.get("resources") and not _may_edit(context, package["id"]):
        _keep_published(package)


def leave_out_everywhere(packages: Iterable[Any]) -> None:
    """Take resources without rows out of all ``packages``; names, which CKAN may list instead, are skipped."""
    for package in packages:
        if isinstance(package, dict):
            _keep_published(package)


def _keep_published(package: dict[str, Any]) -> None:
    if "resources" in package:
        package["resources"] = _published(package)
        package["num_resources"] = len(package["resources"])


def _published(package: dict[str, Any]) -> list[dict[str, Any]]:
    """Return the resources of ``package`` but ours of which :mod:`.refresh` has never written a version."""
    ours = by_id(config.library())
    return [
        resource
        for resource in package.get("resources") or ()
        if (part := ours.get(resource.get("id", ""))) is None or part.kind.key == PEOPLE or resource.get("version")
    ]


def _may_edit(context: Context, package_id: str) -> bool:
    try:
        tk.check_access("package_update", {**context}, {"id": package_id})
    except (tk.NotAuthorized, tk.ObjectNotFound):
        return False
    return True
