"""The harvester of dispatch (CAD) exports: calls for service, and any other table that a file or a layer fills."""

from __future__ import annotations

import ckan.plugins as p

from ckanext.cpdi.errors import Said
from ckanext.cpdi.harvesters.nightly import NightlyHarvester
from ckanext.cpdi.jobs.ckan_harvest import IHarvester


class CadHarvester(NightlyHarvester, p.SingletonPlugin):
    """CAD export: a CSV file, an ArcGIS layer, or a file in the drop folder."""

    p.implements(IHarvester, inherit=True)

    name = "cpdi_cad"
    title = Said("CAD export")
    description = Said("A nightly export of the dispatch system, as CSV (plain, .gz or .zip) or JSON.")
    default_dataset = "calls-for-service"
