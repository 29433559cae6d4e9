"""The licence and the terms of what the portal publishes."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import ckan.plugins.toolkit as tk

from ckanext.cpdi import addresses
from ckanext.cpdi.config.declarations import profile
from ckanext.cpdi.config.errors import SettingError
from ckanext.cpdi.declare import Profile

if TYPE_CHECKING:
    from ckanext.cpdi.publish.site import Licence, Site


@dataclass(frozen=True)
class LicenceChoice:
    """A licence of CKAN's list."""

    id: str
    title: str
    url: str


def licence(licence_id: str = "") -> LicenceChoice:
    """Return the licence ``licence_id`` of CKAN's list, or the site's own; raise SettingError for an unknown one."""
    from ckan import model

    chosen_id = licence_id or tk.config["ckanext.cpdi.license"]
    entry = model.Package.get_license_register().get(chosen_id)
    if entry is None:
        raise SettingError(f"ckanext.cpdi.license: CKAN knows no licence {chosen_id!r}")
    return LicenceChoice(entry.id, str(entry.title), entry.url or "")


def site(licence_id: str = "", department: Profile | None = None) -> Site:
    """Return the portal's address, title, licence and terms for the published files.

    ``licence_id`` is that of a dataset, if it has its own; ``department`` the profile it was loaded with.
    """
    from ckanext.cpdi.publish.site import Site

    terms = (department or profile()).agency.terms
    return Site(
        url=addresses.url(),
        title=tk.config["ckan.site_title"],
        licence=_spdx_licence(licence(licence_id)),
        terms=(terms,) if terms.en else (),
    )


def _spdx_licence(choice: LicenceChoice) -> Licence:
    """Return the licence under its SPDX identifier, where it is one of those proposed for public data."""
    from ckanext.cpdi.publish.site import Licence

    spdx = {"cc-zero": "CC0-1.0", "odc-pddl": "PDDL-1.0", "cc-by": "CC-BY-4.0"}
    pages = {"cc-zero": "https://creativecommons.org/publicdomain/zero/1.0/"}
    return Licence(spdx.get(choice.id, choice.id), choice.title, pages.get(choice.id, choice.url))
