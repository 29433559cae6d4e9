"""Tiles of squares, as a library of others reads them; places of tiles in the pyramid."""

from __future__ import annotations

import mapbox_vector_tile
import pytest

from ckanext.cpdi.selection.tiles import mvt
from ckanext.cpdi.selection.tiles.pyramid import SIDE, Tile


def test_squares_are_read_as_they_were_written():
    squares = [(7, 0, 0, {"count": 1}), (2**40, 31, 31, {"count": 1_000_000, "n_alarm": 128, "n_traffic": 0})]
    layer = mapbox_vector_tile.decode(mvt.layer("cells", squares, 32), default_options={"y_coord_down": True})["cells"]
    assert (layer["extent"], layer["version"]) == (4096, 2)
    assert [(one["id"], one["properties"]) for one in layer["features"]] == [(7, {"count": 1}), squares[1][::3]]
    rings = [one["geometry"]["coordinates"][0] for one in layer["features"]]
    assert rings[0] == [[0, 0], [128, 0], [128, 128], [0, 128], [0, 0]]
    assert rings[1][2] == [4096, 4096]


def test_no_squares_are_no_tile():
    assert mvt.layer("cells", [], 32) == b""


def test_the_first_tile_is_the_world():
    world = Tile(0, 0, 0)
    assert world.metres() == (-SIDE / 2, -SIDE / 2, SIDE / 2, SIDE / 2)
    assert world.box() == pytest.approx((-180, -85.05112878, 180, 85.05112878))
    assert world.box(0.5)[0::2] == (-180, 180)


def test_four_tiles_make_one():
    quarters = [Tile(11, x, y).box() for x in (200, 201) for y in (300, 301)]
    west, south, east, north = Tile(10, 100, 150).box()
    assert (min(box[0] for box in quarters), max(box[3] for box in quarters)) == pytest.approx((west, north))
    assert (max(box[2] for box in quarters), min(box[1] for box in quarters)) == pytest.approx((east, south))


@pytest.mark.parametrize("place", [(0, 1, 0), (0, 0, 1), (23, 0, 0), (3, 8, 0), (3, -1, 0)])
def test_the_pyramid_has_its_tiles_alone(place):
    assert not Tile(*place).is_there
