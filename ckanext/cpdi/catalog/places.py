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
from ckanext.cpdi.declare import Profile, Text
from ckanext.cpdi.publish.place_files import PlacesFiles

_NOTES = {
    "place_id": (
        Text("Place", "Lugar"),
        Text(
            "Stands in each row that is in the place; the same as long as what is published of it is.",
            "Figura en cada fila que está en el lugar; no cambia mientras no cambie lo que se publica de él.",
        ),
    ),
    "label": (
        Text("Name", "Nombre"),
        Text(
            "The block, the blocks or the crossing, by the streets that most of its addresses lie on.",
            "La cuadra, las cuadras o el cruce, según las calles de la mayoría de sus direcciones.",
        ),
    ),
    "location_precision": (
        Text("Precision", "Precisión"),
        Text(
            "block, segment (several blocks of a street), intersection, or area.",
            "block (cuadra), segment (varias cuadras de una calle), intersection (cruce) o area (área).",
        ),
    ),
    "latitude": (
        Text("Latitude", "Latitud"),
        Text(
            "Latitude of the one point that all rows of the place show, WGS 84 degrees.",
            "Latitud del único punto que muestran todas las filas del lugar, en grados WGS 84.",
        ),
    ),
    "longitude": (
        Text("Longitude", "Longitud"),
        Text("Longitude of that point, WGS 84 degrees.", "Longitud de ese punto, en grados WGS 84."),
    ),
    "team": (
        Text("Team", "Equipo"),
        Text("The patrol team that the whole place lies in.", "El equipo de patrulla en el que está todo el lugar."),
    ),
    "addresses": (
        Text("Addresses", "Direcciones"),
        Text(
            "How many addresses it has, as a class: to compare numbers of rows between places.",
            "Cuántas direcciones tiene, por clases: para comparar cantidades de filas entre lugares.",
        ),
    ),
    "width_metres": (
        Text("Width", "Ancho"),
        Text(
            "How far apart its addresses lie at most, in metres, rounded up to 50.",
            "La mayor distancia entre sus direcciones, en metros, redondeada a 50 hacia arriba.",
        ),
    ),
    "valid_from": (
        Text("Valid from", "Válido desde"),
        Text(
            "The first day of the place; empty for one that was there from the start.",
            "El primer día del lugar; vacío en los que existen desde el principio.",
        ),
    ),
    "valid_to": (
        Text("Valid to", "Válido hasta"),
        Text(
            "The last day of the place; empty for one that is in use.",
            "El último día del lugar; vacío en los que están en uso.",
        ),
    ),
    "WKT": (
        Text("Outline", "Contorno"),
        Text(
            "The ground of the place as a polygon in WGS 84 degrees; empty for a crossing.",
            "El terreno del lugar como polígono en grados WGS 84; vacío en los cruces.",
        ),
    ),
}
_AREA = Text("The area that the whole place lies in.", "El área en la que está todo el lugar.")
TITLE = Text("Places", "Lugares")
_ABOUT = Text(
    "The places that rows of the other datasets are generalised to. A place is a piece of ground with {fewest} or more"
    " addresses, in one team: every row in it shows the same name and the same point, which is not where something"
    " happened. With the outlines and the numbers of addresses, rows can be put on a map as areas, and compared"
    " fairly.",
    "Los lugares a los que se generalizan las filas de los demás conjuntos de datos. Un lugar es una porción de terreno"
    " con {fewest} o más direcciones, en un solo equipo: todas sus filas muestran el mismo nombre y el mismo punto, que"
    " no es donde ocurrió algo. Con los contornos y las cantidades de direcciones, las filas se pueden llevar a un mapa"
    " como áreas y comparar con justicia.",
)


def columns(profile: Profile) -> dict[str, tuple[Text, Text]]:
    """Return title and description of each column; layers of declared areas are called by their own names."""
    return _NOTES | {layer: (Text(layer), _AREA) for layer in profile.areas}


def about(profile: Profile) -> Text:
    """Return the description of the dataset."""
    fewest = profile.places.minimum_addresses
    return Text(_ABOUT.en.format(fewest=fewest), _ABOUT.es.format(fewest=fewest))


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
        "title": TITLE.en,
        "notes": about(profile).en,
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
