"""The harvester of citation exports, as a ticketing system writes them."""

from __future__ import annotations

import ckan.plugins as p

from ckanext.cpdi.errors import Said
from ckanext.cpdi.harvesters.nightly import NightlyHarvester
from ckanext.cpdi.jobs.ckan_harvest import IHarvester


class CitationsHarvester(NightlyHarvester, p.SingletonPlugin):
    """Citations export: a CSV file, an ArcGIS layer, or a file in the drop folder."""

    p.implements(IHarvester, inherit=True)

    name = "cpdi_citations"
    title = Said("Citations export")
    description = Said(
        "A nightly export of citations, as CSV (plain, .gz or .zip) or JSON. Citations on paper, and those without a"
        " place, are counted and not published."
    )
    default_dataset = "electronic-citations"
