"""The dataset ``places`` in the catalogue: the units that rows are generalised to, as GeoJSON, CSV and a table."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import ckan.plugins.toolkit as tk
from ckan import model

from ckanext.cpdi import config
from ckanext.cpdi.catalog.department import describe_part
from ckanext.cpdi.catalog.extent import box
from ckanext.cpdi.catalog.parts import PLACES, Part, place_parts
from ckanext.cpdi.catalog.people import SET_UP, portal_user
from ckanext.cpdi.declare import Profile
from ckanext.cpdi.publish.place_files import PlacesFiles

NOTES = {
    "place_id": ("Place", "Stands in each row that is in the place; the same as long as what is published of it is."),
    "label": ("Name", "The block, the blocks or the crossing, by the streets that most of its addresses lie on."),
    "location_precision": ("Precision", "block, segment (several blocks of a street), intersection, or area."),
    "latitude": ("Latitude", "Latitude of the one point that all rows of the place show, WGS 84 degrees."),
    "longitude": ("Longitude", "Longitude of that point, WGS 84 degrees."),
    "team": ("Team", "The patrol team that the whole place lies in."),
    "addresses": ("Addresses", "How many addresses it has, as a class: to compare numbers of rows between places."),
    "width_metres": ("Width", "How far apart its addresses lie at most, in metres, rounded up to 50."),
    "valid_from": ("Valid from", "The first day of the place; empty for one that was there from the start."),
    "valid_to": ("Valid to", "The last day of the place; empty for one that is in use."),
    "WKT": ("Outline", "The ground of the place as a polygon in WGS 84 degrees; empty for a crossing."),
}
"""Title and description of each column; those of declared areas are their own names."""
_ABOUT = (
    "The places that rows of the other datasets are generalised to. A place is a piece of ground with {fewest} or more"
    " addresses, in one team: every row in it shows the same name and the same point, which is not where something"
    " happened. With the outlines and the numbers of addresses, rows can be put on a map as areas, and compared fairly."
)


def ensure(files: PlacesFiles, profile: Profile, rows: int) -> None:
    """Create the dataset, or update the version and time of its resources; what staff wrote stays."""
    stored = model.Package.get(PLACES)
    if stored is None:
        described = [_updated(describe_part(part, None), part, files, rows) for part in place_parts()]
        tk.get_action("package_create")(portal_user(**{SET_UP: True}), _described(profile, described))
    elif stored.state == "active":
        package = tk.get_action("package_show")(portal_user(), {"id": stored.id})
        present = {resource["id"]: resource for resource in package["resources"]}
        ours = {
            part.id: _updated(present.get(part.id) or describe_part(part, None), part, files, rows)
            for part in place_parts()
        }
        patch = {"id": stored.id, "resources": list((present | ours).values())}
        tk.get_action("package_patch")(portal_user(**{SET_UP: True}), patch)


def _updated(resource: dict[str, Any], part: Part, files: PlacesFiles, rows: int) -> dict[str, Any]:
    """Return a resource of ours with its present version, rows and time."""
    now = datetime.now(UTC).replace(tzinfo=None)
    facts: dict[str, Any] = {"version": files.version, "rows": rows, "last_modified": now.isoformat()}
    return resource | facts | ({"datastore_active": True} if part.is_table else {})


def _described(profile: Profile, resources: list[dict[str, Any]]) -> dict[str, Any]:
    """Return the fields of the dataset as it is created."""
    agency = profile.agency
    package: dict[str, Any] = {
        "name": PLACES,
        "type": "dataset",
        "title": "Places",
        "notes": _ABOUT.format(fewest=profile.places.minimum_addresses),
        "owner_org": config.organization(),
        "tag_string": "places,geography",
        "license_id": config.licence().id,
        "spatial_text": f"{agency.city}, {agency.state}",
        "spatial": box(profile),
        "contact_name": agency.contact_name.en,
        "contact_email": agency.contact_email,
        "private": False,
        "access_rights": "public",
        "language": ["en"],
        "resources": resources,
    }
    return {key: value for key, value in package.items() if value not in ("", None)}
