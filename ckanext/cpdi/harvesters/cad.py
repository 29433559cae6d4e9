"""The harvester of dispatch (CAD) exports: calls for service, and any other table that a file or a layer fills."""

from __future__ import annotations

import ckan.plugins as p

from ckanext.cpdi.harvesters.nightly import NightlyHarvester
from ckanext.cpdi.harvesters.stock import IHarvester


class CadHarvester(NightlyHarvester, p.SingletonPlugin):
    """CAD export: a CSV file, an ArcGIS layer, or a file in the drop folder."""

    p.implements(IHarvester, inherit=True)

    name = "cpdi_cad"
    title = "CAD export"
    description = (
        "A nightly export as CSV (plain, .gz or .zip) or JSON. It may lie on a web server (https://…), be an ArcGIS"
        " layer (https://…/FeatureServer/0), a file on an SFTP server (sftp://host/path), an object of an S3-style"
        " store (s3://bucket/name), or a file in the portal's drop folder (drop:name). Everybody can read this form:"
        " credentials are set by the operator, in the portal's settings."
    )
    default_dataset = "calls-for-service"
