"""The present reports of a series as resources of its dataset: one update of the package where something differs.

A resource's id derives from the series and the period, so that it stays when a corrected edition takes its place.
"""

from __future__ import annotations

from datetime import date
from typing import Any
from uuid import uuid5

import ckan.plugins.toolkit as tk
import psycopg
from ckan import model

from ckanext.cpdi import addresses, config
from ckanext.cpdi.catalog.department import number_resources
from ckanext.cpdi.catalog.parts import NAMESPACE, URL_TYPE
from ckanext.cpdi.catalog.people import SET_UP, portal_user
from ckanext.cpdi.publish import report_files
from ckanext.cpdi.selection.reports import archive
from ckanext.cpdi.selection.reports.archive import Edition

_COMPARED = ("name", "hash", "size")


def refresh(series: str) -> bool:
    """Update the resources of ``series`` to its present reports; return whether anything differed.

    Resources that are not the portal's stay as they are. A series that is not in the catalogue is left alone.
    """
    package = model.Package.get(series)
    if package is None:
        return False
    with psycopg.connect(config.read_dsn()) as connection:
        editions = [edition for edition in archive.editions(connection, series) if edition.present]
    described = {resource["id"]: resource for resource in map(describe, editions)}
    stored = _stored(package)
    if stored == {key: _facts(resource) for key, resource in described.items()}:
        return False
    number_resources(package)
    shown = tk.get_action("package_show")(portal_user(), {"id": package.id})["resources"]
    # CKAN checks each resource that is not as it is shown, which takes longer than all else.
    same = {
        resource["id"]: resource
        for resource in shown
        if resource["id"] in described and stored.get(resource["id"]) == _facts(described[resource["id"]])
    }
    others = [
        resource for resource in shown if resource["id"] not in described and resource.get("url_type") != URL_TYPE
    ]
    patch = {"id": package.id, "resources": [*(described | same).values(), *others]}
    tk.get_action("package_patch")(portal_user(**{SET_UP: True}), patch)
    return True


def resource_id(series: str, period: str) -> str:
    """Return the id of the resource of the report of ``period`` (its name in addresses)."""
    return str(uuid5(NAMESPACE, f"{series}/report/{period}"))


def describe(edition: Edition) -> dict[str, Any]:
    """Return the resource of a present edition."""
    period = report_files.period_name(edition.period_start, edition.period_end)
    return {
        "id": resource_id(edition.series, period),
        "url": addresses.url(report_files.address(edition.series, period)),
        "url_type": URL_TYPE,
        "name": title(edition.period_start, edition.period_end, edition.edition),
        "format": "PDF",
        "mimetype": "application/pdf",
        "period_start": edition.period_start.isoformat(),
        "period_end": edition.period_end.isoformat(),
        "issued": edition.published.date().isoformat(),
        "last_modified": edition.published.replace(tzinfo=None).isoformat(),
        "pages": edition.pages,
        "size": edition.size,
        "hash": edition.clean_sha256,
        "language": edition.language,
    }


def title(start: date, end: date, edition: int) -> str:
    """Return what a report is called in the catalogue, in English."""
    days = (end - start).days + 1
    if report_files.period_name(start, end) != end.isoformat():
        period = f"{end:%B} {end.year}"
    else:
        period = f"{'Week' if days == 7 else f'{days} days'} from {start:%B} {start.day}, {start.year}"
    return f"{period}, edition {edition}" if edition > 1 else period


def _stored(package: model.Package) -> dict[str, dict[str, str]]:
    """Return what is compared of the portal's resources of ``package``, by their ids."""
    return {
        resource.id: _facts({name: getattr(resource, name) for name in _COMPARED})
        for resource in package.resources
        if resource.url_type == URL_TYPE
    }


def _facts(resource: dict[str, Any]) -> dict[str, str]:
    return {name: str(resource[name] or "") for name in _COMPARED}
