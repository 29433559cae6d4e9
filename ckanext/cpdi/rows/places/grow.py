"""Places that grow: new parts of town get units of their own, beside those that there are, which stay as they are.

Nobody learns anything of a row by comparing the places before and after: no unit that rows were published with changes.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import numpy as np
import polars as pl

from ckanext.cpdi.rows.ground.cells import cells_of
from ckanext.cpdi.rows.places.file import RETIRED, UNITS, Places, hashed


def unknown(members: pl.DataFrame, places: Places) -> pl.DataFrame:
    """Return the ``members`` (columns of MEMBERS) whose ground, or name where they have none, is in no unit."""
    x, y = places.plane.metres(*(members[axis].to_numpy() for axis in ("longitude", "latitude")))
    on_ground = ~np.isnan(x)
    owned = np.zeros(members.height, dtype=bool)
    owned[on_ground] = pl.Series(cells_of(x[on_ground], y[on_ground])).is_in(places.cells["cell"].implode()).to_numpy()
    texts = members.select(
        pl.when(pl.col("kind") == "block")
        .then(pl.format("{}|{}", "street", "block"))
        .when(pl.col("kind") == "intersection")
        .then(pl.format("{} / {}", "street", "cross"))
        .otherwise("street")
    ).to_series()
    named = hashed(texts, places.secret).is_in(places.keys["key"].implode()).fill_null(value=False).to_numpy()
    by_ground = on_ground & (members["kind"] != "intersection").to_numpy()
    return members.filter(~pl.Series(np.where(by_ground, owned, named)))


def succeeded(before: Places, after: Places, today: date) -> Places:
    """Return ``after`` as what takes the place of ``before``: units of both keep their first day, the others end."""
    since = before.units.select("id", pl.col("valid_from").alias("since"), pl.lit(value=True).alias("stays"))
    units = after.units.join(since, on="id", how="left", maintain_order="left").with_columns(
        valid_from=pl.when("stays").then("since").otherwise("valid_from")
    )
    ended = before.units.with_columns(before.polygons().alias("outline"), valid_to=pl.lit(today))
    ended = ended.filter(~pl.col("id").is_in(units["id"].implode())).select(*RETIRED)
    earlier = before.retired.filter(~pl.col("id").is_in(units["id"].implode()))
    return replace(after, units=units.select(*UNITS), retired=pl.concat([earlier, ended]))


def joined(places: Places, fresh: Places) -> Places:
    """Return the units of both; what is on the ground of ``places`` stays theirs."""
    offset = places.units.height
    cells = fresh.cells.filter(~pl.col("cell").is_in(places.cells["cell"].implode()))
    keys = pl.concat([places.keys, fresh.keys.with_columns(pl.col("unit") + offset)])
    return replace(
        places,
        units=pl.concat([places.units, fresh.units.with_columns(pl.col("unit") + offset)]),
        keys=keys.sort("key", "share", "unit", descending=[False, True, False]),
        cells=pl.concat([places.cells, cells.with_columns(pl.col("unit") + offset)]).sort("cell"),
        crowds=pl.concat([places.crowds, fresh.crowds]).unique(maintain_order=True),
    )
