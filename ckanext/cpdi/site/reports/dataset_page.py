"""A series' page at CKAN's address of a dataset, made without asking CKAN for hundreds of resources.

CKAN's own view describes each resource and looks for its views. Here the package is described alone; the reports come
from the archive, and resources that staff added by hand beside them.
"""

from __future__ import annotations

import json
from collections.abc import Container
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import Any, NamedTuple

import ckan.plugins.toolkit as tk
import psycopg
from ckan import model
from ckan.lib.dictization.model_dictize import resource_dictize
from flask import Response, request

from ckanext.cpdi import config
from ckanext.cpdi.catalog.parts import URL_TYPE
from ckanext.cpdi.selection.errors import BusyError, TooSlowError
from ckanext.cpdi.selection.reports import archive
from ckanext.cpdi.services.http.access import Readers, readers
from ckanext.cpdi.services.reports.series import SERIES, open_archive, today
from ckanext.cpdi.site.reports import series as series_view
from ckanext.cpdi.site.reports.series import Series

ENDPOINT = "dataset.read"
_TEMPLATE = "scheming/package/read.html"


def show() -> Response | str | None:
    """Return the page where this request is for a declared series that its reader may read; else None."""
    if request.endpoint != ENDPOINT or request.method not in ("GET", "HEAD") or request.args.get("activity_id"):
        return None
    dataset = config.library().datasets.get((request.view_args or {}).get("id", ""))
    if dataset is None or dataset.type != SERIES or readers(dataset.name) is Readers.NOBODY:
        return None
    package = model.Package.by_name(dataset.name)
    if package is None:
        return None
    return tk.render(_TEMPLATE, {"pkg_dict": described(package), "dataset_type": package.type, "am_following": False})


@dataclass(frozen=True)
class Archived:
    """What the archive has of a series; ``available``: it could be read."""

    series: Series | None = None
    available: bool = True


def archived(name: str) -> Archived:
    """Return what was published of the series called ``name``, which need not be a declared one."""
    dataset = config.library().datasets.get(name)
    if dataset is None or dataset.type != SERIES:
        return Archived()
    try:
        with open_archive() as connection:
            version = archive.version(connection, name)
        return Archived(_of_version(name, version, today(), tk.h.lang()))
    except (BusyError, TooSlowError, psycopg.Error):
        return Archived(available=False)


class Linked(NamedTuple):
    """A dataset that a page leads to."""

    name: str
    title: str


@dataclass(frozen=True)
class Beside:
    """What there is beside the reports of a series: whether rows are counted by week, a table of their printed
    ``figures``, and one of the ``rows`` that they count; None where there is none.
    """

    weekly: bool = False
    figures: Linked | None = None
    rows: Linked | None = None


def beside(name: str) -> Beside:
    """Return what this reader may see beside the series called ``name``; nothing where it cannot be read."""
    library = config.library()
    series = library.dataset(name)
    layout = config.profile().printed_figures(series)
    figures = layout.dataset if layout else ""
    seen = {table for table in (series.weekly_from, figures, series.rows_from) if table and _is_readable(table)}
    try:
        with open_archive() as connection:
            query = "SELECT dataset FROM public._cpdi_version WHERE dataset = ANY(%s)"
            there = {str(row[0]) for row in connection.execute(query, (list(seen),))} if seen else set[str]()
    except (BusyError, TooSlowError, psycopg.Error):
        return Beside()
    return Beside(series.weekly_from in there, *(_linked(table, there) for table in (figures, series.rows_from)))


def _is_readable(table: str) -> bool:
    return readers(table) is not Readers.NOBODY


def _linked(table: str, there: Container[str]) -> Linked | None:
    """Return the dataset that ``table`` is in, where that has rows."""
    if table not in there:
        return None
    owner = config.library().datasets[config.library().owner(table)]
    return Linked(owner.name, owner.title.get(tk.h.lang()))


@lru_cache(maxsize=32)
def _of_version(name: str, version: int, day: date, language: str) -> Series | None:  # noqa: ARG001  a key of the cache
    """Return the series as it is on a day of the department; every change of it has another ``version``."""
    with open_archive() as connection:
        editions = archive.editions(connection, name)
    rules = config.profile().rules(config.library().dataset(name))
    return series_view.describe(name, rules, editions, day, language)


def described(package: model.Package) -> dict[str, Any]:
    """Return what the page shows of a package: its own fields, and the resources that staff added by hand."""
    organization = model.Group.get(package.owner_org) if package.owner_org else None
    licence = package.get_license()
    return {
        **{key: _value(value) for key, value in package.extras.items()},
        "id": package.id,
        "name": package.name,
        "title": package.title,
        "notes": package.notes,
        "type": package.type,
        "state": package.state,
        "private": package.private,
        "license_id": package.license_id,
        "license_title": licence.title if licence else package.license_id,
        "license_url": licence.url if licence else "",
        "metadata_created": package.metadata_created.isoformat(),
        "metadata_modified": package.metadata_modified.isoformat(),
        "organization": {"name": organization.name, "title": organization.title} if organization else None,
        "tags": [{"name": tag.name, "display_name": tag.name} for tag in package.get_tags()],
        "maintainer": package.maintainer,
        "maintainer_email": package.maintainer_email,
        "resources": [resource_dictize(resource, {}) for resource in _by_hand(package)],
    }


def _by_hand(package: model.Package) -> list[model.Resource]:
    query = model.Session.query(model.Resource).filter_by(package_id=package.id, state="active")
    query = query.filter(model.Resource.url_type.is_distinct_from(URL_TYPE))
    return query.order_by(model.Resource.position).all()


def _value(value: str) -> Any:  # noqa: ANN401  as scheming's validators give them: texts, or lists of texts
    return json.loads(value) if value.startswith("[") and value.endswith("]") else value
