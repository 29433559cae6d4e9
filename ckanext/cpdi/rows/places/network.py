"""Members made of a street network: stretches of streets with the house numbers on each side.

In: segments as the Census' TIGER/Line edges or a city's centerlines have them, and address points where there are any.
Out: a table of MEMBERS. A segment is cut into stretches of some forty metres; each stands for the house numbers that
lie on it, and counts for as many addresses as there are points with such numbers, else as could be.
"""

# Shapely comes without types.
# pyright: reportUnknownMemberType=false, reportUnknownVariableType=false, reportUnknownArgumentType=false

from __future__ import annotations

from typing import Any

import numpy as np
import polars as pl
import shapely

from ckanext.cpdi.declare.streets import canonical
from ckanext.cpdi.rows.ground.areas import Areas
from ckanext.cpdi.rows.ground.cells import Plane
from ckanext.cpdi.rows.places.address import address_keys
from ckanext.cpdi.rows.places.members import KIND, MEMBERS

SEGMENTS = {
    "street": pl.String,
    "left_from": pl.Int64,
    "left_to": pl.Int64,
    "right_from": pl.Int64,
    "right_to": pl.Int64,
    "geometry": pl.Binary,
}
"""``geometry`` is a LineString as WKB in degrees; numbers are null where a side has no houses."""
STRETCH_METRES = 40.0
_AT_ONCE = 50_000
"""So many segments are cut at a time: a line takes much more memory as a geometry than in the table."""
_FRONTAGE_METRES = 8.0
"""A house takes so much of a street at least: ranges name more numbers than there are houses."""
_FAR_METRES = 200.0
"""An address point farther from a stretch than this is on another street of that name."""


def network_members(
    segments: pl.DataFrame, points: pl.DataFrame | None, areas: Areas, plane: Plane, block_size: int
) -> pl.DataFrame:
    """Return the members of ``segments`` (columns of SEGMENTS), counted by ``points`` (columns of POINTS) if given."""
    named = segments.filter(pl.col("street").is_not_null())
    parts = [_numbered(_stretches(part, plane), block_size) for part in named.iter_slices(_AT_ONCE)]
    stretches = pl.concat(parts or [_numbered(_stretches(named, plane), block_size)])
    if points is not None and points.height:
        stretches = _counted(stretches, points, areas, plane, block_size)
    longitude, latitude = plane.degrees(stretches["x"].to_numpy(), stretches["y"].to_numpy())
    kind = pl.when(pl.col("low").is_null()).then(pl.lit("street", KIND)).otherwise(pl.lit("block", KIND))
    return stretches.select(
        "street",
        "block",
        "low",
        "high",
        "parity",
        "weight",
        kind=kind,
        cross=pl.lit(None, MEMBERS["cross"]),
        team=pl.lit(None, MEMBERS["team"]),
        rows=pl.lit(0, pl.Int64),
        longitude=pl.Series(longitude),
        latitude=pl.Series(latitude),
    ).select(*MEMBERS)


def _stretches(segments: pl.DataFrame, plane: Plane) -> pl.DataFrame:
    """Return each side of each segment in stretches.

    ``first`` and ``last`` are the side's numbers; a stretch is the one ``at`` of ``count``, so many ``metres`` long,
    with its middle at ``x``, ``y``.
    """

    lines: Any = shapely.from_wkb(segments["geometry"].to_numpy())
    degrees = shapely.get_coordinates(lines)
    lines = shapely.set_coordinates(lines, np.stack(plane.metres(degrees[:, 0], degrees[:, 1]), axis=1))
    length = shapely.length(lines)
    count = np.maximum(1, np.ceil(length / STRETCH_METRES)).astype(np.int64)
    segment = np.repeat(np.arange(len(lines)), count)
    at = np.arange(len(segment)) - np.repeat(np.cumsum(count) - count, count)
    middles = shapely.line_interpolate_point(lines[segment], (at + 0.5) / count[segment], normalized=True)
    names = segments["street"].str.to_uppercase().str.replace_all(r"[^A-Z0-9]+", " ").str.strip_chars()
    different = names.unique()
    spelled = names.replace_strict(different, [canonical(name) for name in different.to_list()], return_dtype=pl.String)
    stretches = pl.DataFrame(
        {
            "segment": segment,
            "at": at,
            "count": count[segment],
            "metres": (length / count)[segment],
            "x": shapely.get_x(middles),
            "y": shapely.get_y(middles),
        }
    )
    sides = segments.select(
        street=spelled.cast(MEMBERS["street"]),
        segment=pl.int_range(pl.len(), dtype=pl.Int64),
        sides=pl.concat_list(
            pl.struct(first="left_from", last="left_to"), pl.struct(first="right_from", last="right_to")
        ),
    )
    return sides.explode("sides").unnest("sides").join(stretches, on="segment")


def _numbered(stretches: pl.DataFrame, block_size: int) -> pl.DataFrame:
    """Return the stretches with ``low``, ``high``, ``parity``, ``block`` and ``weight``: addresses that there may be.

    A side without numbers is kept once, as ground of the street.
    """
    first, last, at, count = (pl.col(name) for name in ("first", "last", "at", "count"))
    span = last - first
    begin = first + (span * at / count).round().cast(pl.Int64)
    following = first + (span * (at + 1) / count).round().cast(pl.Int64)
    forward = span >= 0
    # A number belongs to one stretch: the end of all but the last is where the next begins.
    end = pl.when(at + 1 == count).then(last).otherwise(following - pl.when(forward).then(1).otherwise(-1))
    same_parity = first % 2 == last % 2
    numbered = stretches.with_columns(
        low=pl.min_horizontal(begin, end),
        high=pl.max_horizontal(begin, end),
        parity=pl.when(same_parity).then(2 - first % 2).otherwise(0).cast(pl.Int8),
    )
    width = pl.col("high") - pl.col("low")
    houses = pl.when(same_parity).then(width // 2 + 1).otherwise(width + 1)
    room = (pl.col("metres") / _FRONTAGE_METRES).ceil().cast(pl.Int64)
    numbered = numbered.with_columns(
        block=pl.col("low") // block_size * block_size,
        weight=pl.when(houses.is_null()).then(0).otherwise(pl.min_horizontal(houses, room)),
    )
    bare = pl.col("low").is_null() & pl.col("segment").is_duplicated()
    sides_with_numbers = pl.col("low").is_not_null().any().over("segment")
    numbered = numbered.filter(~(bare & sides_with_numbers)).unique(
        ["street", "segment", "at", "low", "high", "parity"], maintain_order=True
    )
    return numbered.select("street", "block", "low", "high", "parity", "weight", "x", "y")


def _counted(
    stretches: pl.DataFrame, points: pl.DataFrame, areas: Areas, plane: Plane, block_size: int
) -> pl.DataFrame:
    """Return the stretches with as many addresses as points have their numbers, each at the nearest such stretch; what
    has no number there counts at the nearest stretch of any street. A house counts in its own area alone: rows find
    no unit across a border.
    """
    keys = address_keys(points["address"].drop_nulls().unique(), block_size).filter(pl.col("kind") == "block")
    houses = points.join(keys, on="address").drop_nulls(["longitude", "latitude"]).unique(["street", "number"])
    x, y = plane.metres(houses["longitude"].to_numpy(), houses["latitude"].to_numpy())
    houses = houses.select(
        pl.col("street").cast(MEMBERS["street"]),
        "number",
        house_x=pl.Series(x),
        house_y=pl.Series(y),
        area=pl.Series(areas.at(plane, x, y)),
    ).with_row_index("house")
    stretch_areas = areas.at(plane, stretches["x"].to_numpy(), stretches["y"].to_numpy())
    stretches = stretches.with_row_index("stretch")
    ranges = stretches.select("stretch", "street", "low", "high", "parity", "x", "y", area=pl.Series(stretch_areas))
    pairs = houses.join(ranges, on=["street", "area"]).filter(
        pl.col("number").is_between("low", "high")
        & ((pl.col("parity") == 0) | (pl.col("parity") == 2 - pl.col("number") % 2))
    )
    away = ((pl.col("x") - pl.col("house_x")) ** 2 + (pl.col("y") - pl.col("house_y")) ** 2).sqrt()
    nearest = pairs.with_columns(away=away).filter(pl.col("away") <= _FAR_METRES).sort("house", "away", "stretch")
    matched = nearest.group_by("house", maintain_order=True).first().select("house", "stretch")
    rest = houses.join(matched, on="house", how="anti")
    spots: Any = shapely.points(stretches["x"].to_numpy(), stretches["y"].to_numpy())
    homes: Any = shapely.points(rest["house_x"].to_numpy(), rest["house_y"].to_numpy())
    at = shapely.STRtree(spots).query_nearest(homes, max_distance=_FAR_METRES, all_matches=False)
    same_area = rest["area"].to_numpy()[at[0]] == stretch_areas[at[1]]
    others = pl.DataFrame({"stretch": at[1][same_area]}, schema={"stretch": pl.UInt32})
    counts = pl.concat([matched.select("stretch"), others]).group_by("stretch").len("weight")
    return (
        stretches.drop("weight")
        .join(counts, on="stretch", how="left", maintain_order="left")
        .with_columns(pl.col("weight").fill_null(0).cast(pl.Int64))
    )
