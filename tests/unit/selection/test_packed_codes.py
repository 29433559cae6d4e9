"""Columns that are counted together: combinations of their values, and each column's numbers of them again."""

from __future__ import annotations

import numpy as np
import pytest

from ckanext.cpdi.selection.counts.codes import MOST, Pack

ROWS = 5_000


def column(seed: int, width: int):
    return np.random.default_rng(seed).integers(0, width, ROWS).astype(np.uint16)


def alone(name: str, codes, width: int) -> Pack:
    return Pack(codes, {name: np.arange(width)}, width)


@pytest.mark.parametrize("widths", [(2, 3), (7, 40), (1, 1), (MOST, 1)])
def test_each_column_of_a_pack_has_the_numbers_that_it_has_alone(widths):
    first, second = (column(seed, width) for seed, width in enumerate(widths))
    both = alone("first", first, widths[0]).joined("second", second, widths[1])
    assert both is not None
    halves = np.array([np.bincount(both.codes[half], minlength=both.width) for half in (slice(99), slice(99, None))])
    for name, codes, width in (("first", first, widths[0]), ("second", second, widths[1])):
        own = [np.bincount(codes[half], minlength=width) for half in (slice(99), slice(99, None))]
        assert both.of(name, halves, width).tolist() == np.array(own).tolist()


def test_values_that_no_row_has_are_no_combination_and_are_counted_as_none():
    first, second = column(0, 20) * 2, column(0, 20)  # each value of one stands with one of the other
    both = alone("first", first, 40).joined("second", second, 20)
    assert both is not None
    assert both.width == 20
    counts = np.bincount(both.codes, minlength=20)[None, :]
    assert both.of("first", counts, 40)[0, 1::2].tolist() == [0] * 20


@pytest.mark.parametrize(("rare", "width"), [(False, 300), (True, 300)], ids=["everywhere", "where nobody glances"])
def test_columns_with_too_many_combinations_stay_apart(rare, width):
    first, second = column(1, 60), column(2, width)
    if rare:  # rows that a glance at every so-manieth does not see
        first[::64] = second[::64] = 0
    assert alone("first", first, 60).joined("second", second, width) is None


def test_a_table_without_rows_has_packs_without_combinations():
    nothing = np.zeros(0, np.uint16)
    both = alone("first", nothing, 3).joined("second", nothing, 2)
    assert both is not None
    assert both.of("second", np.zeros((4, both.width), np.int64), 2).tolist() == [[0, 0]] * 4
