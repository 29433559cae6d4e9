"""The dataset ``places`` in the catalogue: the units that rows are generalised to, as GeoJSON, CSV and a table."""

from __future__ import annotations

from datetime import UTC, datetime

import ckan.plugins.toolkit as tk
from ckan import model

from ckanext.cpdi import config
from ckanext.cpdi.catalog.department import describe_part
from ckanext.cpdi.catalog.extent import box
from ckanext.cpdi.catalog.parts import PLACES, place_parts
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
    facts = {
        "version": files.version,
        "rows": rows,
        "last_modified": datetime.now(UTC).replace(tzinfo=None).isoformat(),
    }
    if stored is None:
        agency = profile.agency
        resources = [describe_part(part, None) | facts | _of_table(part.is_table) for part in place_parts()]
        package = {
            "name": PLACES,
            "type": "dataset",
            "title": "Places",
            "notes": _ABOUT.format(fewest=profile.places.minimum_addresses),
            "owner_org": config.organization(),
            "tag_string": "places,geography",
            "license_id": config.licence().id,
            "spatial_text": f"{agency.city}, {agency.state}",
            "spatial": box(profile),
            "contact_name": agency.contact_name,
            "contact_email": agency.contact_email,
            "private": False,
            "access_rights": "public",
            "language": ["en"],
            "resources": resources,
        }
        package = {key: value for key, value in package.items() if value not in ("", None)}
        tk.get_action("package_create")(portal_user(**{SET_UP: True}), package)
        return
    if stored.state != "active":
        return
    package = tk.get_action("package_show")(portal_user(), {"id": stored.id})
    ours = {part.id: part for part in place_parts()}
    resources = [
        resource | facts | _of_table(ours[resource["id"]].is_table) if resource["id"] in ours else resource
        for resource in package["resources"]
    ]
    present = {resource["id"] for resource in resources}
    resources += [
        describe_part(part, None) | facts | _of_table(part.is_table) for part in ours.values() if part.id not in present
    ]
    if [resource.get("version") for resource in package["resources"]] != [files.version] * len(resources):
        context = portal_user(**{SET_UP: True})
        tk.get_action("package_patch")(context, {"id": stored.id, "resources": resources})


def _of_table(is_table: bool) -> dict[str, bool]:
    return {"datastore_active": True} if is_table else {}
