"""The places file of a department: read where it is, made from the feed's own history where it is not.

It is frozen once made: a place that moved with every night's feed would tell where the new rows are.
"""

from __future__ import annotations

from pathlib import Path

import polars as pl

from ckanext.cpdi.feeds import Reader
from ckanext.cpdi.harvesters.ahead import ahead
from ckanext.cpdi.harvesters.claim import claim
from ckanext.cpdi.rows import Places, Plan, build_places, place_headers, place_points, read_places, write_places
from ckanext.cpdi.rows.places import POINTS

_FEW = 500_000
"""Points that are kept before it is worth while to drop those that repeat."""


def places(path: Path, reader: Reader, plan: Plan) -> Places:
    """Return the places of ``path``; where there is no such file, it is made from the addresses of ``reader``.

    A feed without any address makes no file: the next one may have some.
    """
    if path.exists():
        return read_places(path)
    with claim(f"places {path.stem}", wait=True):  # the runs of two datasets may meet here, and one makes it for both
        if path.exists():
            return read_places(path)
        found = build_places(points(reader, plan), plan.profile)
        if found.table.height:
            write_places(found, path)
        return found


def points(reader: Reader, plan: Plan) -> pl.DataFrame:
    """Return the different addresses of a feed with their points and teams (columns of POINTS)."""
    batches = reader.batches(columns=place_headers(plan))
    parts = [pl.DataFrame(schema=POINTS)]
    for part in ahead(lambda batch: place_points(batch.frame, plan), batches):
        parts.append(part)
        # Sorted out whenever they have doubled: most rows of a long history repeat an address and its point.
        if sum(one.height for one in parts) > max(_FEW, 2 * parts[0].height):
            parts = [pl.concat(parts).unique()]
    return pl.concat(parts).unique()
