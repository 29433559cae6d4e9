"""Where things are on a page as it is shown: cropped, turned, counted from its upper left corner."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

import numpy as np
import pypdfium2 as pdfium

from ckanext.cpdi.reports.report import Box

Corners = tuple[float, float, float, float]
"""A rectangle in the page's own coordinates: left, bottom, right, top."""
Boxes = np.ndarray[Any, np.dtype[Any]]
"""Boxes × (left, top, right, bottom) in points."""

_LARGEST = 14_400.0
"""Points: 200 inches, the largest page that PDF knows. Larger numbers are taken for this one."""


class Frame:
    """The shown part of a page; ``width`` and ``height`` are in points."""

    def __init__(self, page: pdfium.PdfPage) -> None:
        self._left, self._bottom, self._right, self._top = page.get_bbox()
        self._turn = page.get_rotation()
        self.width, self.height = (_clamp(size) for size in page.get_size())

    def boxes(self, corners: Sequence[Corners] | Boxes) -> Boxes:
        """Return rectangles of the page's own coordinates as boxes of the shown page, to a tenth of a point."""
        table = np.array(corners, dtype=np.float64).reshape(-1, 4)
        left, bottom, right, top = table.T
        x1, y1 = self._points(left, bottom)
        x2, y2 = self._points(right, top)
        boxes = np.column_stack([np.minimum(x1, x2), np.minimum(y1, y2), np.maximum(x1, x2), np.maximum(y1, y2)])
        return np.round(np.clip(np.nan_to_num(boxes), -_LARGEST, _LARGEST), 1)

    def box(self, corners: Corners) -> Box:
        """Return one rectangle as a box."""
        left, top, right, bottom = self.boxes([corners])[0].tolist()
        return (left, top, right, bottom)

    def _points(self, x: Boxes, y: Boxes) -> tuple[Boxes, Boxes]:
        match self._turn:
            case 90:
                return y - self._bottom, x - self._left
            case 180:
                return self._right - x, y - self._bottom
            case 270:
                return self._top - y, self._right - x
            case _:
                return x - self._left, self._top - y


def union(boxes: Sequence[Box]) -> Box:
    """Return the smallest box around all of them; there is at least one."""
    lefts, tops, rights, bottoms = zip(*boxes, strict=True)
    return (min(lefts), min(tops), max(rights), max(bottoms))


def _clamp(size: float) -> float:
    return round(min(max(size, 1.0), _LARGEST), 1) if math.isfinite(size) else _LARGEST
