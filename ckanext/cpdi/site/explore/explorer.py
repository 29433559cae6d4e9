"""The explorer of one table, for a page of its own or CKAN's view: from settings and store, for this reader."""

from __future__ import annotations

from dataclasses import dataclass

import ckan.plugins.toolkit as tk
from ckan import model
from msgspec.structs import replace

from ckanext.cpdi import addresses, config
from ckanext.cpdi.declare import Dataset, tailored
from ckanext.cpdi.services.zones import zone_of
from ckanext.cpdi.site.explore.description import Description, describe
from ckanext.cpdi.site.explore.form import Pairs
from ckanext.cpdi.site.explore.page import Page, page
from ckanext.cpdi.site.map.page import PageMap, page_map


@dataclass(frozen=True)
class Explorer:
    """``description`` is what the browser is told as well; ``map`` is None where no row has a point, and ``unplaced``
    says so where rows could have one.
    """

    description: Description
    shown: Page
    map: PageMap | None
    unplaced: str


def explorer(dataset: Dataset, asked: Pairs, *, with_rows: bool = True) -> Explorer:
    """Return the explorer of ``dataset``, a table of the library, under the parameters ``asked``.

    ``with_rows`` says whether its first rows are printed.
    """
    profile, language = config.profile_in(zone_of(dataset.name).key), tk.h.lang()
    own = tailored(dataset, profile.feed(dataset.name))
    address = tk.h.url_for("cpdi_explore.show", name=dataset.name)
    drawn = _map(dataset.name)
    with_points = drawn if drawn and drawn.has_points else None
    description = replace(
        describe(own, profile, config.formats(own.rows), language, addresses.path, address),
        placed=with_points is not None,
    )
    shown = page(own, profile, description, asked, language, with_rows=with_rows)
    return Explorer(description, shown, with_points, drawn.unplaced if drawn and not with_points else "")


def _map(table: str) -> PageMap | None:
    """Return the map of ``table``, which has the extent of its dataset; None where it has no points."""
    package = model.Package.by_name(config.library().owner(table))
    return page_map(table, package.extras if package else {})
