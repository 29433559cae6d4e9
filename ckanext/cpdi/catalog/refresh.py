"""Updates sizes, times and coverage of a dataset's resources to the published version, in one update a night.

Titles, descriptions and all other fields of staff stay; only the year in a name that the portal gave is updated. The
days covered are written unless staff edited them: the portal's last value is kept with the table's resource, to compare
with. The area is written where it is empty.
"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import ckan.plugins.toolkit as tk
from ckan import model

from ckanext.cpdi import config
from ckanext.cpdi.catalog.department import describe_part, number_resources
from ckanext.cpdi.catalog.extent import extent
from ckanext.cpdi.catalog.parts import PEOPLE, Part, by_id, people_parts, resource_id
from ckanext.cpdi.catalog.people import SET_UP, portal_user
from ckanext.cpdi.catalog.published import Published, published
from ckanext.cpdi.declare import Dataset, Profile
from ckanext.cpdi.publish import snapshot_store
from ckanext.cpdi.selection.demographics import count_tables
from ckanext.cpdi.selection.pool import page_transaction

_COVERAGE = (("temporal_start", "covered_from"), ("temporal_end", "covered_to"))


def refresh(dataset: str, profile: Profile) -> bool:
    """Update the package of the table ``dataset`` and its resources; return whether anything differed.

    Resources in formats that are no longer made are removed. The days covered are those of the dataset's first table. A
    table that has no version yet, or is not in the
    catalogue, is left alone. ``profile`` gives the time zone of the days covered.
    """
    version = published(config.read_dsn(), dataset)
    library = config.library()
    package = model.Package.get(library.owner(dataset))
    if version is None or package is None:
        return False
    number_resources(package)
    shown = tk.get_action("package_show")(portal_user(), {"id": package.id})
    ours = {key: part for key, part in by_id(library).items() if part.dataset == dataset}
    covered = _days(version, profile)
    table = library.dataset(dataset)
    year = table.shown_year(profile.zone, datetime.now(UTC))
    formats = config.formats(table.table)
    resources = [
        _updated(resource, part, version, covered, year)
        for resource in shown["resources"]
        if (part := ours.get(resource["id"])) is None or part.is_offered(formats)
    ]
    new = _new_people(table, {resource["id"] for resource in resources})
    resources += new
    first = package.name == dataset
    changes = (_coverage(shown, covered) if first else {}) | _area(shown, table, profile)
    if resources == shown["resources"] and not changes:
        return False
    context = portal_user(**{SET_UP: True}) if new else portal_user()
    tk.get_action("package_patch")(context, {"id": package.id, "resources": resources, **changes})
    return True


def _new_people(table: Dataset, present: set[str]) -> list[dict[str, Any]]:
    """Return the resources to be created of tables of people of which a year has been counted."""
    with page_transaction(config.read_dsn()) as connection:
        names = [counts.declared.name for counts in count_tables(connection, table)]
    counted = {resource_id(table.name, f"{PEOPLE}/{name}") for name in names}
    return [describe_part(part, None) for part in people_parts(table) if part.id in counted - present]


def _updated(
    resource: dict[str, Any], part: Part | None, version: Published, covered: dict[str, str], year: int | None
) -> dict[str, Any]:
    """Return ``resource`` with its present facts; one that is not ours (no ``part``) unchanged."""
    if part is None:
        return resource
    if part.is_portal_name(resource.get("name") or ""):
        resource = {**resource, "name": part.name(year).en}
    return {**resource, **_facts(part, version, covered, year)}


def _facts(part: Part, version: Published, covered: dict[str, str], year: int | None) -> dict[str, Any]:
    """Return version, rows, size, time and days of a resource; ``year`` is the one that a running part shows.

    A table of people has none of these: it is not of the rows' version.
    """
    if part.kind.key == PEOPLE:
        return {}
    shown = year if part.running else None
    table = (version.rows, version.version)
    rows, of_version = table if shown is None else version.years.get(shown, (0, version.version))
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
    first, last = (
        instant.astimezone(profile.zone).date().isoformat() for instant in (version.first_time, version.last_time)
    )
    return {"covered_from": first, "covered_to": last}


def _coverage(shown: dict[str, Any], covered: dict[str, str]) -> dict[str, str]:
    """Return the coverage to write: fields that are empty, or unchanged since the portal wrote them."""
    last: dict[str, str] = next((resource for resource in shown["resources"] if "covered_from" in resource), {})
    changes = {}
    for field, filled in _COVERAGE:
        now = str(shown.get(field) or "")[:10]
        if covered and now in ("", last.get(filled)) and now != covered[filled]:
            changes[field] = covered[filled]
    return changes


def _area(shown: dict[str, Any], dataset: Dataset, profile: Profile) -> dict[str, str]:
    """Return the area to write; empty where there is one."""
    area = "" if shown.get("spatial") else extent(dataset, profile)
    return {"spatial": area} if area else {}


def _naive(instant: datetime) -> str:
    """Return the instant in CKAN's form: UTC without an offset."""
    return instant.astimezone(UTC).replace(tzinfo=None).isoformat()
