"""Where things are on a page as it is shown: cropped, turned, counted from its upper left corner."""

from __future__ import annotations

import math

import pypdfium2 as pdfium

from ckanext.cpdi.reports.report import Box

_LARGEST = 14_400.0
"""Points: 200 inches, the largest page that PDF knows. Larger numbers are taken for this one."""


class Frame:
    """The shown part of a page; ``width`` and ``height`` are in points."""

    def __init__(self, page: pdfium.PdfPage) -> None:
        self._left, self._bottom, self._right, self._top = page.get_bbox()
        self._turn = page.get_rotation()
        self.width, self.height = (_clamp(size) for size in page.get_size())

    def box(self, left: float, bottom: float, right: float, top: float) -> Box:
        """Return a rectangle of the page's own coordinates as a box of the shown page."""
        x1, y1 = self._point(left, bottom)
        x2, y2 = self._point(right, top)
        return (_tenth(min(x1, x2)), _tenth(min(y1, y2)), _tenth(max(x1, x2)), _tenth(max(y1, y2)))

    def _point(self, x: float, y: float) -> tuple[float, float]:
        match self._turn:
            case 90:
                return y - self._bottom, x - self._left
            case 180:
                return self._right - x, y - self._bottom
            case 270:
                return self._top - y, self._right - x
            case _:
                return x - self._left, self._top - y


def union(boxes: list[Box]) -> Box:
    """Return the smallest box around all of them; there is at least one."""
    lefts, tops, rights, bottoms = zip(*boxes, strict=True)
    return (min(lefts), min(tops), max(rights), max(bottoms))


def _clamp(size: float) -> float:
    return round(min(max(size, 1.0), _LARGEST), 1) if math.isfinite(size) else _LARGEST


def _tenth(value: float) -> float:
    return round(min(max(value, -_LARGEST), _LARGEST), 1) if math.isfinite(value) else 0.0
