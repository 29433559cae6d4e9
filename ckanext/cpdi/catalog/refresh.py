"""Brings sizes, times and coverage of a dataset's resources up to what is published, in one update a night.

Titles, descriptions and all else that staff edit stay as they are; only the year in a name that the portal gave moves
on with the calendar. The days that the dataset covers are filled in while nobody else has: what was filled in last
stands beside the table, so that an edit can be told from it. So is the area, where there is none.
"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import ckan.plugins.toolkit as tk
from ckan import model

from ckanext.cpdi import config
from ckanext.cpdi.catalog.department import number_resources
from ckanext.cpdi.catalog.extent import extent
from ckanext.cpdi.catalog.parts import Part, by_id
from ckanext.cpdi.catalog.people import portal_user
from ckanext.cpdi.catalog.published import Published, published
from ckanext.cpdi.declare import Dataset, Profile
from ckanext.cpdi.publish import snapshot_store

_COVERAGE = (("temporal_start", "covered_from"), ("temporal_end", "covered_to"))


def refresh(dataset: str, profile: Profile) -> bool:
    """Update the package of ``dataset``; return whether anything differed.

    Resources of files go whose format is no longer made.

    Nothing is done for a dataset that has no version yet, or is not in the catalogue. ``profile`` gives the time zone
    of the days covered.
    """
    version = published(config.read_dsn(), dataset)
    package = model.Package.get(dataset)
    if version is None or package is None:
        return False
    number_resources(package)
    shown = tk.get_action("package_show")(portal_user(), {"id": package.id})
    ours = by_id(config.library())
    covered = _days(version, profile)
    year = config.library().dataset(dataset).shown_year(profile.zone, datetime.now(UTC))
    made = config.formats()
    resources = [
        _fresh(one, part, version, covered, year)
        for one in shown["resources"]
        if (part := ours.get(one["id"])) is None or part.is_made(made)
    ]
    changes = _coverage(shown, covered) | _area(shown, config.library().dataset(dataset), profile)
    if resources == shown["resources"] and not changes:
        return False
    tk.get_action("package_patch")(portal_user(), {"id": package.id, "resources": resources, **changes})
    return True


def _fresh(
    resource: dict[str, Any], part: Part | None, version: Published, covered: dict[str, str], year: int | None
) -> dict[str, Any]:
    """Return ``resource`` with what is known of it; one that is not ours (no ``part``) as it is."""
    if part is None:
        return resource
    if part.is_named(resource.get("name") or ""):
        resource = {**resource, "name": part.name(year)}
    return {**resource, **_facts(part, version, covered, year)}


def _facts(part: Part, version: Published, covered: dict[str, str], year: int | None) -> dict[str, Any]:
    """Return what is known of a resource by itself; ``year`` is the one that a running part shows."""
    shown = year if part.running else None
    whole = (version.rows, version.version)
    rows, of_version = whole if shown is None else version.years.get(shown, (0, version.version))
    facts: dict[str, Any] = {"version": of_version, "rows": rows}
    file = snapshot_store.find(config.files_path(), part.dataset, part.kind.key, shown)
    if file is not None:
        facts["size"] = file.size
    if file is not None or not part.is_table:
        facts["last_modified"] = _naive(version.published_at)
    if part.is_table:
        facts |= {"datastore_active": True, **covered}
    return facts


def _days(version: Published, profile: Profile) -> dict[str, str]:
    """Return the first and last day of the rows in the department's zone; empty for a table without rows."""
    if version.first_time is None or version.last_time is None:
        return {}
    first, last = (one.astimezone(profile.zone).date().isoformat() for one in (version.first_time, version.last_time))
    return {"covered_from": first, "covered_to": last}


def _coverage(shown: dict[str, Any], covered: dict[str, str]) -> dict[str, str]:
    """Return the coverage to be written: fields that are empty, or as they were filled in last."""
    last: dict[str, str] = next((one for one in shown["resources"] if "covered_from" in one), {})
    changes = {}
    for field, filled in _COVERAGE:
        now = str(shown.get(field) or "")[:10]
        if covered and now in ("", last.get(filled)) and now != covered[filled]:
            changes[field] = covered[filled]
    return changes


def _area(shown: dict[str, Any], dataset: Dataset, profile: Profile) -> dict[str, str]:
    """Return the area to be written, where nobody has written one."""
    found = "" if shown.get("spatial") else extent(dataset, profile)
    return {"spatial": found} if found else {}


def _naive(instant: datetime) -> str:
    """Return the instant as CKAN keeps it: UTC without a zone."""
    return instant.astimezone(UTC).replace(tzinfo=None).isoformat()
