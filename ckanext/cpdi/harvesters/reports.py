"""The harvester of reports in PDF, which fill the series of the department."""

from __future__ import annotations

import ckan.plugins as p

from ckanext.cpdi.errors import Said
from ckanext.cpdi.harvesters.nightly import NightlyHarvester
from ckanext.cpdi.jobs.ckan_harvest import IHarvester


class ReportsHarvester(NightlyHarvester, p.SingletonPlugin):
    """Reports: a folder of PDFs, a ZIP, a page of links to PDFs, or a catalogue that lists them."""

    p.implements(IHarvester, inherit=True)

    name = "cpdi_reports"
    title = Said("Reports in PDF")
    description = Said(
        "The reports of a series. Each is examined: what must not be published holds it until staff have looked at it,"
        " and what is no PDF is refused."
    )
    locations = Said(
        "They may lie in a folder of the portal's drop folder (drop:compstat, or drop:reports/compstat* for names that"
        " begin so), in a ZIP there or at any address of a file, behind the links of a web page (https://…), or in a"
        " catalogue of ArcGIS Hub or DCAT (https://…/data.json). The configuration names the series. Everybody can read"
        " this form: credentials are set by the operator, in the portal's settings."
    )
    default_dataset = "compstat-reports"

    def datasets(self) -> list[str]:
        """Return the names of the series."""
        # With the libraries of runs, which CKAN's start must not load.
        from ckanext.cpdi.jobs import kinds

        return kinds.series()
