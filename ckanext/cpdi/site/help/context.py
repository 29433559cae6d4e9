"""What the Help Center's articles say of this portal: its datasets, their addresses, limits and rules."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict
from typing import Any
from urllib.parse import quote

from ckanext.cpdi import config
from ckanext.cpdi.config import Limits
from ckanext.cpdi.declare import Dataset, tailored
from ckanext.cpdi.site import limits as limit_lines
from ckanext.cpdi.site import links, privacy
from ckanext.cpdi.site.dataset import downloads
from ckanext.cpdi.site.department import describe
from ckanext.cpdi.site.pages import Portal

_GIS = ("shp.zip", "gpkg", "geojson")


def context(
    view: Portal, shown: Sequence[Dataset], tables: Sequence[Dataset], made: set[str], limits: Limits
) -> dict[str, Any]:
    """Return the names that articles may use.

    ``shown`` are the datasets that the reader may see, ``tables`` the tables with rows among them, ``made`` the formats
    of their files.
    """
    language = view.language
    path = "" if language == "en" else f"/{language}"
    base = config.base_map()
    running = next(((table, year) for table in tables if (year := view.shown_year(table))), None)
    return {
        "site": view.site_url,
        "help": f"{view.site_url}{path}/help",
        "department": _department(view),
        "profile": view.profile,
        "areas": [(layer, view.profile.area_title(layer).get(language)) for layer in view.profile.areas],
        "base_map": base.origin.partition("://")[2] if base else "",
        "k": view.profile.places.minimum_addresses,
        "datasets": [_dataset(view, dataset, path) for dataset in shown],
        "counting": [_counting(view, dataset) for dataset in shown if dataset.table],
        "complete": [_complete(view, table, path) for table in tables],
        "columns": {field.source for dataset in shown if dataset.table for field in dataset.rows.fields},
        "classes": privacy.lines(view.profile, language),
        "limits": limit_lines.lines(limits, language),
        "limits_lead": limit_lines.LEAD.get(language),
        "formats": made,
        "gis": ", ".join(downloads.titles((name for name in _GIS if name in made), language)),
        "running": running and _running(view, *running),
        **_examples(view, tables[0] if tables else None),
    }


def _department(view: Portal) -> dict[str, str]:
    return asdict(describe(view.profile, view.language))


def _dataset(view: Portal, dataset: Dataset, path: str) -> dict[str, str]:
    return {
        "name": dataset.name,
        "title": dataset.title.get(view.language),
        "text": dataset.description.get(view.language),
        "url": f"{view.site_url}{path}/dataset/{dataset.name}",
    }


def _counting(view: Portal, dataset: Dataset) -> dict[str, Any]:
    own = tailored(dataset, view.profile.feed(dataset.name))
    language = view.language
    return {"title": own.title.get(language), "lines": [caveat.get(language) for caveat in own.caveats]}


def _complete(view: Portal, table: Dataset, path: str) -> dict[str, str]:
    return {
        "title": table.title.get(view.language),
        "url": f"{view.site_url}{path}/status/{table.name}",
        "file": f"{view.site_url}/data/{table.name}/completeness.csv",
    }


def _running(view: Portal, table: Dataset, year: int) -> dict[str, Any]:
    return {"title": table.title.get(view.language), "path": f"{view.site_url}/data/{table.name}", "year": year}


def _examples(view: Portal, dataset: Dataset | None) -> dict[str, Any]:
    """Return the examples for ``dataset``; each works on this portal as it is written. Without one there are none."""
    if dataset is None:
        return {"table": None, "links": (), "filter_example": "", "searched": ""}
    version, language = view.ledger.versions[dataset.name], view.language
    files = downloads.main_files(view.folder, dataset, view.shown_year(dataset), language)
    path, time = f"{view.site_url}/data/{dataset.name}", dataset.rows.time_field.name
    day = version.last_time.astimezone(view.zone(dataset)) if version.last_time else view.now
    return {
        "table": {
            "name": dataset.name,
            "title": dataset.title.get(language),
            "path": path,
            "file": f"{view.site_url}{files[0].url}" if files else f"{path}.csv",
            "year_file": f"{path}/{day.year}.csv",
            "time": time,
            "point": bool(dataset.rows.point),
            "version": version.version,
        },
        "links": links.describe(dataset.name, version.resource_id, view.site_url, view.served, language),
        "filter_example": _filter_example(view, dataset, version.resource_id),
        "searched": ", ".join(field.name for field in dataset.rows.fields if field.search),
    }


def _filter_example(view: Portal, dataset: Dataset, resource_id: str) -> str:
    field = next((field for field in dataset.rows.fields if field.filter and field.constraints.enum), None)
    if field is None or not field.constraints.enum:
        return ""
    filters = quote(json.dumps({field.name: field.constraints.enum[0]}))
    order = f"&sort={dataset.rows.time_field.name}%20desc&limit=5"
    return f"{view.site_url}{links.datastore_path(resource_id)}&filters={filters}{order}"
