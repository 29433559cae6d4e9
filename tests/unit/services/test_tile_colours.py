"""Categories have colours that everybody can tell apart, and keep them."""

from __future__ import annotations

from itertools import combinations

import pytest

from ckanext.cpdi.services.tiles.colours import COLOURS, OTHER, choose

# How colours look to those who see one of three kinds of light not at all: Machado, Oliveira and Fernandes 2009,
# severity 1.0, on linear RGB.
SEEN = {
    "everybody": ((1, 0, 0), (0, 1, 0), (0, 0, 1)),
    "without red": ((0.152286, 1.052583, -0.204868), (0.114503, 0.786281, 0.099216), (-0.003882, -0.048116, 1.051998)),
    "without green": ((0.367322, 0.860646, -0.227968), (0.280085, 0.672501, 0.047413), (-0.011820, 0.042940, 0.968881)),
}
NOTICED = 15
"""A distance in CIELAB that is plain in small dots; 2.3 is the least that is noticed side by side."""


def lab(colour: str, seen) -> tuple[float, float, float]:
    parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    linear = [one / 12.92 if one <= 0.04045 else ((one + 0.055) / 1.055) ** 2.4 for one in parts]
    r, g, b = (min(1, max(0, sum(k * one for k, one in zip(row, linear, strict=True)))) for row in seen)
    x = (0.4124 * r + 0.3576 * g + 0.1805 * b) / 0.9505
    y = 0.2126 * r + 0.7152 * g + 0.0722 * b
    z = (0.0193 * r + 0.1192 * g + 0.9505 * b) / 1.089
    fx, fy, fz = (one ** (1 / 3) if one > 0.008856 else 7.787 * one + 16 / 116 for one in (x, y, z))
    return 116 * fy - 16, 500 * (fx - fy), 200 * (fy - fz)


@pytest.mark.parametrize("seen", SEEN.values(), ids=SEEN)
def test_colours_are_far_apart_for_every_eye(seen):
    for one, other in combinations([*COLOURS, OTHER], 2):
        distance = sum((a - b) ** 2 for a, b in zip(lab(one, seen), lab(other, seen), strict=True)) ** 0.5
        assert distance >= NOTICED, (one, other, round(distance, 1))


def test_the_most_frequent_categories_have_a_colour():
    rows = {f"c{number}": 100 - number for number in range(20)}
    assert set(choose(rows)) == {f"c{number}" for number in range(len(COLOURS))}
    assert len(set(choose(rows).values())) == len(COLOURS)


def test_a_category_keeps_its_colour_while_the_same_lead():
    tonight = {"traffic": 9, "alarm": 5, "animal": 1}
    assert choose(tonight) == choose({"traffic": 2, "alarm": 5, "animal": 8})
    assert choose({}) == {}
