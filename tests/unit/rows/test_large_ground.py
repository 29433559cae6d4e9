"""Ground of a large network: what is looked at part by part comes out as it does in the whole."""

from __future__ import annotations

import numpy as np
import pytest

from ckanext.cpdi.rows.ground import cells as ground
from ckanext.cpdi.rows.places.nearest import Middles


@pytest.fixture
def scattered():
    """Cells of 40 owners over four kilometres, a free strip in between, and a rule by area."""
    chance = np.random.default_rng(13)
    x, y = chance.uniform(-2000, 2000, (2, 400))
    x[x > 500] += 1000
    cells, owners = ground.settle(ground.cells_of(x, y), chance.integers(0, 40, 400), np.ones(400))
    return cells, owners, 4, lambda near, owner: (ground.centres(near)[0] > 0) == (owner % 2 == 0)


def test_ground_is_the_same_whether_it_is_spread_at_once_or_by_strips(scattered, monkeypatch):
    whole, pairs = ground.spread(*scattered), ground.touching(*scattered)
    assert len(whole[0]) > 5 * len(scattered[0])
    for strip in (1, 7, 50):
        monkeypatch.setattr(ground, "_STRIP_CELLS", strip)
        assert all(np.array_equal(*parts) for parts in zip(ground.spread(*scattered), whole, strict=True))
        assert np.array_equal(ground.touching(*scattered), pairs)


def test_the_nearest_unit_is_that_of_its_area_wherever_units_are_after_they_were_joined():
    chance = np.random.default_rng(31)
    count, size, reach = 300, 100.0, 5
    low = chance.uniform(0, 3000, (count, 2))
    bounds = np.hstack([low, low + chance.uniform(0, 80, (count, 2))])
    areas = chance.integers(0, 4, count)
    middles = Middles(bounds, areas, size)
    alive = list(range(count))
    for _ in range(150):
        number, other = sorted(chance.choice(alive, 2, replace=False).tolist())
        alive.remove(other)
        pair = bounds[[number, other]]
        bounds[number] = *pair[:, :2].min(axis=0), *pair[:, 2:].max(axis=0)
        middles.join(number, other, tuple(bounds[number]))
    centre = (bounds[:, :2] + bounds[:, 2:]) / 2
    nobody = 0
    for number in alive:
        others = [other for other in alive if other != number and areas[other] == areas[number]]
        away, best = min((float(np.hypot(*(centre[other] - centre[number]))), other) for other in others)
        expected = best if away <= reach * size else None
        nobody += expected is None
        assert middles.nearest(number, reach) == expected
    assert nobody < len(alive)
