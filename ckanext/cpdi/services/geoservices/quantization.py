"""Quantised coordinates: whole numbers on a grid, as Esri's SDK asks for them with the grid of its screen.

https://developers.arcgis.com/rest/services-reference/enterprise/query-feature-service-layer/ (quantizationParameters)
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, cast

import numpy as np
import numpy.typing as npt

from ckanext.cpdi.errors import Said
from ckanext.cpdi.query.errors import UnreadableError
from ckanext.cpdi.query.reference import DEGREES, Array, Reference
from ckanext.cpdi.services.geoservices.parameters import Parameters

PARAMETER = "quantizationParameters"
UPPER_LEFT, LOWER_LEFT = "upperLeft", "lowerLeft"
Cells = npt.NDArray[np.int64]
_MOST = 2.0**53


@dataclass(frozen=True)
class Grid:
    """A grid of cells ``size`` wide, whose first has its corner (``origin``) at ``x``, ``y``."""

    x: float
    y: float
    size: float
    origin: str = UPPER_LEFT

    def cells(self, xs: Array, ys: Array) -> tuple[Cells, Cells]:
        """Return the cells of points; rows count down from an upper corner."""
        down = self.y - ys if self.origin == UPPER_LEFT else ys - self.y
        return _whole((xs - self.x) / self.size), _whole(down / self.size)

    def document(self) -> dict[str, Any]:
        """Return the way back to coordinates, as answers in JSON have it."""
        return {
            "originPosition": self.origin,
            "scale": [self.size, self.size],
            "translate": [self.x, self.y],
        }


def fine_grid(reference: Reference) -> Grid:
    """Return the grid of an answer that needs one where none was asked for: far finer than any point is known.

    Its origin is the upper corner, since decoders such as arcgis-pbf-parser take each for that.
    """
    if reference.epsg == DEGREES:
        return Grid(-400.0, 400.0, 1e-9)
    return Grid(-30_241_100.0, 30_241_100.0, 1e-4)


def read_grid(parameters: Parameters, reference: Reference) -> Grid | None:
    """Return the grid that is asked for, None where there is none; ``reference`` is that of the answer.

    Raises UnreadableError where the grid cannot be read.
    """
    asked = parameters.document(PARAMETER)
    if asked is None:
        return None
    if not isinstance(asked, dict):
        raise _unreadable(Said("an object with extent, mode, originPosition and tolerance"))
    described = cast("dict[str, Any]", asked)
    if described.get("mode") == "edit":
        return None  # such a client wants every digit
    origin = described.get("originPosition") or UPPER_LEFT
    if origin not in (UPPER_LEFT, LOWER_LEFT):
        raise _unreadable(Said("originPosition {upper} or {lower}", upper=UPPER_LEFT, lower=LOWER_LEFT))
    fine = fine_grid(reference)
    edge = fine.y if origin == UPPER_LEFT else -fine.y
    size = _number(described.get("tolerance"), fine.size)
    extent = cast("dict[str, Any]", described.get("extent") or {})
    if not isinstance(extent, dict) or size <= 0:  # pyright: ignore[reportUnnecessaryIsInstance]  it comes from outside
        raise _unreadable(Said("a tolerance above 0 and an extent"))
    side = "ymax" if origin == UPPER_LEFT else "ymin"
    return Grid(_number(extent.get("xmin"), fine.x), _number(extent.get(side), edge), size, origin)


def _number(value: object, default: float) -> float:
    if value is None:
        return default
    if isinstance(value, bool) or not isinstance(value, int | float | str):
        raise _unreadable(Said("numbers"))
    try:
        number = float(value)
    except ValueError:
        raise _unreadable(Said("numbers")) from None
    if not abs(number) < _MOST:
        raise _unreadable(Said("numbers that a coordinate can have"))
    return number


def _whole(values: Array) -> Cells:
    return np.clip(np.rint(values), -_MOST, _MOST).astype(np.int64)


def _unreadable(expected: str) -> UnreadableError:
    return UnreadableError(Said("{parameter} has {expected}", parameter=PARAMETER, expected=expected), PARAMETER)
