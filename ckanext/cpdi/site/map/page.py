"""The map of one table as a page prints it: from settings, ledger and counts, for this request's reader."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import ckan.plugins.toolkit as tk
import msgspec

from ckanext.cpdi import addresses, config
from ckanext.cpdi.declare import tailored
from ckanext.cpdi.services.http import policies
from ckanext.cpdi.site.map import counts
from ckanext.cpdi.site.map.description import Base, bounds_of, describe
from ckanext.cpdi.site.map.words import NO_SCRIPT, TITLE
from ckanext.cpdi.site.portal import ledger


@dataclass(frozen=True)
class PageMap:
    """``data`` is the table's description as JSON, ``extent`` the dataset's as GeoJSON, empty where it has none.

    ``unplaced`` says how many rows are on no map, ``has_points`` whether any is known to be on one, or nobody counted;
    ``no_script`` what there is for browsers without scripts.
    """

    title: str
    data: str
    extent: str
    unplaced: str
    has_points: bool
    no_script: str


def base() -> Base | None:
    """Return the operator's base map as pages tell it; None without one."""
    chosen = config.base_map()
    return Base(chosen.kind, chosen.address, chosen.attribution) if chosen else None


def page_map(table: str, package: Mapping[str, Any]) -> PageMap | None:
    """Return the map of ``table``, one of ``package``; None where it has no points, or no rows were published yet."""
    dataset = config.library().get(table)
    if dataset is None or dataset.table is None or dataset.table.point is None or table not in ledger().versions:
        return None
    profile, language = config.profile(), tk.h.lang()
    extent = str(package.get("spatial") or "")
    bounds = bounds_of(extent)
    placed = counts.read(config.read_dsn(), table)
    own = tailored(dataset, profile.feed(table))
    description = describe(own, profile, placed, bounds, language, addresses.path, base())
    policies.has_map()
    return PageMap(
        title=TITLE.get(language),
        data=msgspec.json.encode(description).decode(),
        extent=extent if bounds else "",
        unplaced=description.unplaced,
        has_points=placed.points > 0 or placed.rows == 0,
        no_script=NO_SCRIPT.get(language),
    )
