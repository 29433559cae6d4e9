"""The order of a frame's rows by digits is that of a sort by comparison."""

from __future__ import annotations

import random
from datetime import UTC, datetime, timedelta

import numpy as np
import polars as pl
import pytest

from ckanext.cpdi.query.question import Order
from ckanext.cpdi.query.writers.frame_order import places

KINDS = ["code", "text", "whole", "far", "part", "yes", "at", "day", "none"]


def frame(seed: int, rows: int = 3000) -> pl.DataFrame:
    """Columns of each type with doubles and gaps; ids that lie in no order."""
    chance = random.Random(seed)

    def some(make):
        return [None if chance.random() < 0.2 else make() for _ in range(rows)]

    start = datetime(2022, 1, 1, tzinfo=UTC)
    return pl.DataFrame(
        {
            "_id": pl.Series(chance.sample(range(-5, 10 * rows), rows), dtype=pl.Int32),
            "code": pl.Series(some(lambda: chance.choice("cab")), dtype=pl.Enum(["a", "b", "c"])),
            "text": some(lambda: chance.choice(["Ä", "a", "zz", ""]) + str(chance.randrange(900))),
            "whole": some(lambda: chance.randrange(-70_000, 70_000)),
            "far": some(lambda: chance.choice([-(2**40), 0, 2**40, 65_535, 65_536])),
            "part": some(lambda: chance.uniform(-80, 80)),
            "yes": some(lambda: chance.random() < 0.5),
            "at": some(lambda: start + timedelta(minutes=chance.randrange(10_000))),
            "day": some(lambda: (start + timedelta(days=chance.randrange(999))).date()),
            "none": pl.Series([None] * rows, dtype=pl.Int64),
        }
    )


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("descending", [False, True])
def test_one_column_and_then_the_id(kind, descending):
    rows = frame(7)
    wanted = rows.sort([kind, "_id"], descending=[descending, False], nulls_last=True)["_id"].to_list()
    ordered = places(rows, (Order(kind, descending), Order("_id")))
    assert rows["_id"].to_numpy()[ordered].tolist() == wanted
    base = places(rows, (Order("_id"),))
    assert np.array_equal(places(rows, (Order(kind, descending),), base), ordered)


def test_several_columns_and_no_rows():
    rows = frame(8)
    names = ["code", "yes", "whole", "_id"]
    wanted = rows.sort(names, descending=[True, False, True, False], nulls_last=True)["_id"].to_list()
    orders = [Order("code", descending=True), Order("yes"), Order("whole", descending=True), Order("_id")]
    assert rows["_id"].to_numpy()[places(rows, orders)].tolist() == wanted
    assert len(places(rows.clear(), orders)) == 0
