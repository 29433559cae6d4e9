"""Uploads the synthetic reports of the demo into the catalogue, one resource a report, as staff do."""

from __future__ import annotations

import csv
from collections.abc import Collection, Mapping
from datetime import date
from pathlib import Path

import ckan.plugins.toolkit as tk
from ckan import model
from werkzeug.datastructures import FileStorage

from ckanext.cpdi.catalog.parts import resource_id
from ckanext.cpdi.catalog.people import portal_user
from ckanext.cpdi.sample.reports import INDEX

_MARK = "Sample: "
"""Prefix of the names of sample reports."""


def upload(folder: Path, series: Collection[str]) -> int:
    """Upload the reports of ``series`` that the catalogue lacks, in the order of publication; return their number.

    A report's resource id derives from its file, so that none is uploaded twice.
    """
    with (folder / INDEX).open(encoding="utf-8", newline="") as lines:
        index = list(csv.DictReader(lines))
    ours = [entry for entry in reversed(index) if entry["series"] in series]
    missing = [entry for entry in ours if model.Resource.get(resource_id(entry["series"], entry["file"])) is None]
    for entry in missing:
        _upload(folder / entry["file"], entry)
    return len(missing)


def remove(series: str) -> int:
    """Delete the sample reports of ``series``; return their number."""
    package = model.Package.get(series)
    report_ids = (
        [resource.id for resource in package.resources if resource.name.startswith(_MARK)]
        if package is not None
        else []
    )
    for report_id in report_ids:
        tk.get_action("resource_delete")(portal_user(), {"id": report_id})
    return len(report_ids)


def _upload(path: Path, line: Mapping[str, str]) -> None:
    """Upload one report with its line of the index."""
    with path.open("rb") as content:
        described = {
            "package_id": line["series"],
            "id": resource_id(line["series"], line["file"]),
            "upload": FileStorage(content, filename=path.name, content_type="application/pdf"),
            "name": _title(line),
            "format": "PDF",
            "period_start": line["period_start"],
            "period_end": line["period_end"],
            "issued": line["published"],
        }
        tk.get_action("resource_create")(portal_user(), described)


def _title(line: Mapping[str, str]) -> str:
    """Return the report's name, after the mark of a sample."""
    start, end = date.fromisoformat(line["period_start"]), date.fromisoformat(line["period_end"])
    weekly = (end - start).days < 7
    period = f"week of {start:%b} {start.day}, {start.year}" if weekly else f"{start:%B %Y}"
    return f"{_MARK}{period}{', corrected' if Path(line['file']).stem.endswith('_rev2') else ''}"
