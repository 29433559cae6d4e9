"""Harvest sources that the portal creates itself."""

from __future__ import annotations

import json
import re

import ckan.plugins as p
import ckan.plugins.toolkit as tk
from ckan import model

from ckanext.cpdi import config
from ckanext.cpdi.catalog.people import portal_user
from ckanext.cpdi.harvesters.nightly import NightlyHarvester
from ckanext.cpdi.jobs.ckan_harvest import IHarvester


def ours() -> list[NightlyHarvester]:
    """Return the harvesters of the portal, among all that CKAN has."""
    return [harvester for harvester in p.PluginImplementations(IHarvester) if isinstance(harvester, NightlyHarvester)]


def ensure_source(dataset: str, location: str, title: str, profile: str = "") -> tuple[str, bool]:
    """Return the id of the source of ``location`` for ``dataset``, and whether it was created just now.

    ``profile`` is a name, or the path of the site's own profile. An existing source is not changed; a deleted one comes
    back with its history. Raises SettingError for the path of another profile, since everybody can read a source.
    """
    name = re.sub(r"[^a-z0-9_-]+", "-", f"{dataset}-{location.partition(':')[2]}".lower()).strip("-")[:100]
    package = model.Package.get(name)
    if package is not None and package.state == "active":
        return package.id, False
    if "/" in profile:
        if config.profile(profile) != config.profile():
            raise config.SettingError(
                f"set ckanext.cpdi.profile to {profile}: a harvest source is public, so it names no path"
            )
        profile = ""
    source = tk.get_action("harvest_source_create")(
        portal_user(),
        {
            "name": name,
            "title": title,
            "url": location,
            "source_type": _type_for(dataset),
            "owner_org": config.organization(),
            "frequency": "MANUAL",
            "config": json.dumps({"dataset": dataset, **({"profile": profile} if profile else {})}),
        },
    )
    return source["id"], True


def _type_for(dataset: str) -> str:
    """Return the type of the harvester whose default is ``dataset``, else that of any that may fill it."""
    fitting = [harvester for harvester in ours() if dataset in harvester.datasets()]
    return min(fitting, key=lambda harvester: harvester.default_dataset != dataset).name
