"""Spatial references as GeoServices name them: a number, or a document with ``wkid``, ``latestWkid`` or ``wkt``.

In: the text or value of ``inSR`` or ``outSR``. Out: a reference that turns coordinates into degrees of WGS 84. Esri has
numbers of its own (102100 is Web Mercator), which PROJ knows beside those of EPSG.
"""

from __future__ import annotations

import json
from typing import cast

from pyproj.exceptions import CRSError, ProjError

from ckanext.cpdi.errors import Said
from ckanext.cpdi.query.errors import QueryError, UnreadableError
from ckanext.cpdi.query.reference import DEGREES, Reference

_HIGHEST = 1_000_000
"""Above all numbers of EPSG and Esri."""
_LONGEST = 8_000
"""Characters of a reference; the longest WKT of EPSG has some 5,000."""


def read_reference(value: object, parameter: str) -> Reference | None:
    """Return the reference of ``value``: a text, a number or a document; None where there is none.

    Of a document the first of its names counts that is known: ``wkid`` before ``latestWkid``, since answers repeat it.
    Raises QueryError for a reference that is none.
    """
    if isinstance(value, str):
        value = _document(value.strip(), parameter)
    named = _names(cast("dict[str, object]", value)) if isinstance(value, dict) else [value]
    asked = [_reference(name, parameter) for name in named if name not in (None, "")]
    known = (candidate for candidate in asked if _is_known(candidate))
    reference = next(known, None)
    if asked and reference is None:
        shown = asked[0].wkid or "this text"
        raise QueryError(Said("{shown} is no spatial reference; 4326 and 3857 are usual ones", shown=shown), parameter)
    return reference


def read_numbered(text: str, parameter: str) -> Reference | None:
    """Return the same for an answer, which names its reference by a number; raise QueryError for WKT as well."""
    named = read_reference(text, parameter)
    if named is not None and not named.wkid:
        raise UnreadableError(
            Said(
                "{parameter} is to be given by its number (wkid), such as {degrees}",
                parameter=parameter,
                degrees=DEGREES,
            ),
            parameter,
        )
    return named


def _names(document: dict[str, object]) -> list[object]:
    return [document.get(key) for key in ("wkid", "latestWkid", "wkt2", "wkt")]


def _reference(name: object, parameter: str) -> Reference:
    if isinstance(name, str) and not name.isdigit():
        return Reference(0, name)
    try:
        number = int(cast("int", name)) if not isinstance(name, bool) else 0
    except (TypeError, ValueError, OverflowError):
        number = 0
    if not 0 < number < _HIGHEST:
        raise UnreadableError('a spatial reference is a number such as 4326, or {"wkid":4326}', parameter)
    return Reference(number)


def _document(text: str, parameter: str) -> object:
    """Return a document, a number or the text itself."""
    if len(text) > _LONGEST:
        raise QueryError(Said("a spatial reference has at most {longest} characters", longest=_LONGEST), parameter)
    if not text.startswith("{"):
        return text.upper().removeprefix("EPSG:") or None
    try:
        return json.loads(text)
    except (ValueError, RecursionError):
        raise UnreadableError("a spatial reference is a number, or a document of JSON", parameter) from None


def _is_known(reference: Reference) -> bool:
    """Return whether PROJ knows ``reference``, and it is one of the ground."""
    if reference.epsg == DEGREES or reference.is_mercator:
        return True
    try:
        crs = reference.crs
    except (CRSError, ProjError, UnicodeError):
        return False
    return bool(crs.is_projected or crs.is_geographic)
