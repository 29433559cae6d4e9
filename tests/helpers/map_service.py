"""Tiles and rows for browser tests of maps, made of a list of rows, at the addresses of the portal's own services."""

from __future__ import annotations

import json
import math
import re
from collections import Counter
from typing import Any
from urllib.parse import parse_qs, urlsplit

import mapbox_vector_tile

from ckanext.cpdi.selection.tiles.categories import slug

SPAN = 4096
SIDE = 64
"""Cells of a tile, in each direction."""


class MapService:
    """Answers for one table. ``rows`` are GeoJSON features with an ``id``; ``asked`` collects the addresses."""

    def __init__(self, dataset: str, rows: list[dict[str, Any]], category: str, time: str) -> None:
        """Serve ``rows`` of ``dataset``; ``category`` and ``time`` are names of fields."""
        self.dataset, self.rows, self.category, self.time = dataset, rows, category, time
        self.asked: list[str] = []
        self.broken = False

    def answer(self, page: Any) -> None:
        """Answer what ``page`` asks of the table."""
        page.route(f"**/ogc/collections/{self.dataset}/**", self._handle)

    def _handle(self, route: Any) -> None:
        url = urlsplit(route.request.url)
        self.asked.append(route.request.url)
        if self.broken:
            route.fulfill(status=503, body="away")
        elif tile := re.search(r"/tiles/WebMercatorQuad/(\d+)/(\d+)/(\d+)$", url.path):
            zoom, row, column = map(int, tile.groups())
            body = self.tile(zoom, column, row)
            route.fulfill(body=body, content_type="application/vnd.mapbox-vector-tile")
        elif row := re.search(r"/items/(\d+)$", url.path):
            (feature,) = [one for one in self.rows if one["id"] == int(row[1])]
            route.fulfill(body=json.dumps(feature), content_type="application/geo+json")
        else:
            route.fulfill(body=json.dumps(self.items(parse_qs(url.query))), content_type="application/geo+json")

    def items(self, question: dict[str, list[str]]) -> dict[str, Any]:
        """Return the page of rows that a question asks for."""
        west, south, east, north = map(float, question["bbox"][0].split(","))
        limit, start = int(question.get("limit", ["10"])[0]), int(question.get("offset", ["0"])[0])
        named = re.findall(r"'((?:[^']|'')*)'", question.get("filter", [""])[0])
        keep = "NOT IN" not in question.get("filter", ["NOT IN"])[0]
        matched = [
            one
            for one in self.rows
            if west <= one["geometry"]["coordinates"][0] <= east
            and south <= one["geometry"]["coordinates"][1] <= north
            and (one["properties"][self.category] in named) is keep
        ]
        shown = matched[start : start + limit]
        links = []
        if start + limit < len(matched):
            asked = "&".join(f"{name}={values[0]}" for name, values in question.items() if name != "offset")
            href = f"http://elsewhere.example/ogc/collections/{self.dataset}/items?{asked}&offset={start + limit}"
            links = [{"rel": "next", "href": href}]
        return {"type": "FeatureCollection", "features": shown, "numberMatched": len(matched), "links": links}

    def tile(self, zoom: int, column: int, row: int) -> bytes:
        """Return a tile: cells with counts below zoom 14, points from there on."""
        inside = []
        for one in self.rows:
            x, y = _mercator(*one["geometry"]["coordinates"])
            x, y = (x * 2**zoom - column) * SPAN, (y * 2**zoom - row) * SPAN
            if 0 <= x < SPAN and 0 <= y < SPAN:
                inside.append((x, y, one))
        layer = self._points(inside) if zoom >= 14 else self._cells(inside)
        return mapbox_vector_tile.encode([layer], default_options={"y_coord_down": True, "extents": SPAN})

    def _points(self, inside: list[tuple[float, float, dict[str, Any]]]) -> dict[str, Any]:
        features = [
            {
                "geometry": f"POINT({round(x)} {round(y)})",
                "properties": {"_id": one["id"], **{n: one["properties"][n] for n in (self.category, self.time)}},
            }
            for x, y, one in inside
        ]
        return {"name": "points", "features": features}

    def _cells(self, inside: list[tuple[float, float, dict[str, Any]]]) -> dict[str, Any]:
        width = SPAN // SIDE
        cells: dict[tuple[int, int], Counter[str]] = {}
        for x, y, one in inside:
            counted = cells.setdefault((int(x // width), int(y // width)), Counter())
            counted["count"] += 1
            counted[f"n_{slug(one['properties'][self.category])}"] += 1
        features = [
            {"geometry": _square(at[0] * width, at[1] * width, width), "properties": dict(counts)}
            for at, counts in cells.items()
        ]
        return {"name": "cells", "features": features}


def _square(x: int, y: int, width: int) -> str:
    a, b = x + width, y + width
    return f"POLYGON(({x} {y}, {a} {y}, {a} {b}, {x} {b}, {x} {y}))"


def _mercator(longitude: float, latitude: float) -> tuple[float, float]:
    """Return a point of the world, from 0 to 1 in both directions, from the north-west."""
    angle = math.radians(latitude)
    return (longitude + 180) / 360, (1 - math.asinh(math.tan(angle)) / math.pi) / 2
