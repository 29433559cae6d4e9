"""Documents of the server, the catalogue, services and layers, derived from the declaration and the rows' facts."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from ckanext.cpdi import addresses, config
from ckanext.cpdi.declare import Dataset, Table
from ckanext.cpdi.query.reference import WGS84
from ckanext.cpdi.services.geoservices.capabilities import LAYER, SERVICE, UTC, VERSION
from ckanext.cpdi.services.geoservices.facts import Facts
from ckanext.cpdi.services.geoservices.fields import OBJECT_ID
from ckanext.cpdi.services.geoservices.forms.esri import POINT, envelope
from ckanext.cpdi.services.geoservices.layers import Layer
from ckanext.cpdi.services.geoservices.renderer import renderer

PATH = "/arcgis/rest/services"


def info() -> dict[str, Any]:
    """Return the server's document: which version it is like, and that it needs no token."""
    return {
        "currentVersion": VERSION,
        "fullVersion": f"{VERSION}.0",
        "authInfo": {"isTokenBasedSecurity": False},
    }


def catalogue(tables: Iterable[Dataset]) -> dict[str, Any]:
    """Return the services, one a table."""
    services = [{"name": table.name, "type": "FeatureServer", "url": service_url(table.name)} for table in tables]
    return {"currentVersion": VERSION, "folders": [], "services": services}


def service_url(name: str) -> str:
    """Return the address of a table's service."""
    return addresses.url(f"{PATH}/{name}/FeatureServer")


def service(layers: Sequence[Layer], facts: Facts) -> dict[str, Any]:
    """Return a service; ``facts`` are those of its first layer."""
    dataset = layers[0].dataset
    extent = envelope(facts.box, WGS84)
    return {
        "currentVersion": VERSION,
        "serviceDescription": dataset.summary.en,
        "description": _description(dataset),
        "copyrightText": _copyright(),
        **SERVICE,
        "spatialReference": WGS84.document(),
        "initialExtent": extent,
        "fullExtent": extent,
        "documentInfo": {
            "Title": dataset.title.en,
            "Author": config.profile().agency.name.en,
            "Comments": dataset.summary.en,
            "Subject": dataset.title.en,
            "Category": "",
            "Keywords": ", ".join(dataset.keywords),
        },
        "layers": [_short(layer) for layer in layers if layer.is_spatial],
        "tables": [_short(layer) for layer in layers if not layer.is_spatial],
    }


def _short(layer: Layer) -> dict[str, Any]:
    """Return a layer as its service lists it."""
    return {
        "id": layer.number,
        "name": layer.title.en,
        "parentLayerId": -1,
        "defaultVisibility": layer.number == 0,
        "subLayerIds": None,
        "minScale": 0,
        "maxScale": 0,
        **_kind(layer),
    }


def _kind(layer: Layer) -> dict[str, Any]:
    return {"type": "Feature Layer", "geometryType": POINT} if layer.is_spatial else {"type": "Table"}


def layer_document(layer: Layer, facts: Facts) -> dict[str, Any]:
    """Return the document of a layer or table."""
    table = layer.table
    return {
        "currentVersion": VERSION,
        "id": layer.number,
        "name": layer.title.en,
        **_kind(layer),
        "parentLayer": None,
        "description": _description(layer.dataset),
        "copyrightText": _copyright(),
        "displayField": table.category or table.time_field.name,
        **LAYER,
        **(_drawing(layer, facts) if layer.is_spatial else {}),
        "timeInfo": _time(table, facts),
        "objectIdField": OBJECT_ID,
        "uniqueIdField": {"name": OBJECT_ID, "isSystemMaintained": True},
        "fields": [field.document() for field in layer.fields],
        "indexes": _indexes(table),
    }


def _drawing(layer: Layer, facts: Facts) -> dict[str, Any]:
    """Return where a layer lies, and how it is drawn."""
    return {
        "extent": envelope(facts.box, WGS84),
        "sourceSpatialReference": WGS84.document(),
        "minScale": 0,
        "maxScale": 0,
        "effectiveMinScale": 0,
        "effectiveMaxScale": 0,
        "canModifyLayer": False,
        "drawingInfo": {"renderer": renderer(layer, facts), "transparency": 0, "labelingInfo": None},
    }


def _time(table: Table, facts: Facts) -> dict[str, Any] | None:
    """Return which field tells a row's time, and what time the rows span; None where no field does."""
    if table.time_field.type not in ("date", "datetime"):
        return None
    return {
        "startTimeField": table.time_field.name,
        "endTimeField": None,
        "trackIdField": None,
        "timeExtent": [facts.first, facts.last] if facts.first is not None else None,
        "timeReference": UTC,
        "timeInterval": 1,
        "timeIntervalUnits": "esriTimeUnitsDays",
        "exportOptions": {"useTime": False, "timeDataCumulative": False, "timeOffset": None, "timeOffsetUnits": None},
        "hasLiveData": False,
    }


def _indexes(table: Table) -> list[dict[str, Any]]:
    """Return the indexes that a filter can lean on."""
    names = [field.name for field in table.fields if field.index or field == table.time_field]
    described = [(OBJECT_ID, True), *((name, False) for name in names)]
    return [
        {"name": f"by_{name}", "fields": name, "isAscending": True, "isUnique": unique, "description": ""}
        for name, unique in described
    ]


def _description(dataset: Dataset) -> str:
    """Return what the rows are, what to mind when they are counted, and where more is told."""
    parts = [dataset.description.en, *(caveat.en for caveat in dataset.caveats)]
    return " ".join([*parts, addresses.url(f"/dataset/{config.library().owner(dataset.name)}")])


def _copyright() -> str:
    """Return whose the data are, and under which licence."""
    return f"{config.profile().agency.name.en}. {config.licence().title}."
