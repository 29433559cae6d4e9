"""How clients draw a layer: points in the colours that the portal's own map has for the categories of a table.

In: a layer, and what is known of its rows. Out: the ``renderer`` of its document: unique values where the table has a
category, and one symbol else. https://developers.arcgis.com/web-map-specification/objects/uniqueValue_renderer/
"""

from __future__ import annotations

from typing import Any

from ckanext.cpdi.services.geoservices.facts import Facts
from ckanext.cpdi.services.geoservices.layers import Layer
from ckanext.cpdi.services.tiles import colours

_ALONE = "#14588c"
"""The colour of points that no category tells apart."""
_OPACITY = 200
_OTHER = "Other"


def renderer(layer: Layer, facts: Facts) -> dict[str, Any]:
    """Return the renderer of a layer with points."""
    chosen = colours.choose(facts.categories)
    if not chosen:
        return {"type": "simple", "label": "", "description": "", "symbol": _symbol(_ALONE)}
    return {
        "type": "uniqueValue",
        "field1": layer.table.category,
        "field2": None,
        "field3": None,
        "fieldDelimiter": ", ",
        "defaultSymbol": _symbol(colours.OTHER),
        "defaultLabel": _OTHER,
        "uniqueValueInfos": [
            {"value": value, "label": value, "description": "", "symbol": _symbol(colour)}
            for value, colour in chosen.items()
        ],
    }


def _symbol(colour: str) -> dict[str, Any]:
    """Return a circle of a ``colour`` such as ``#14588c``."""
    return {
        "type": "esriSMS",
        "style": "esriSMSCircle",
        "color": [*bytes.fromhex(colour[1:]), _OPACITY],
        "size": 5,
        "angle": 0,
        "xoffset": 0,
        "yoffset": 0,
        "outline": {"type": "esriSLS", "style": "esriSLSSolid", "color": [255, 255, 255, 220], "width": 0.75},
    }
