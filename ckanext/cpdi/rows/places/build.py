"""Making the places of a department: from address points, a street network, or the history of a feed.

In: addresses with points and teams, in any order. Out: :class:`Places`, the same for the same addresses.
"""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from collections.abc import Set
from datetime import date
from itertools import pairwise

import numpy as np
import polars as pl

from ckanext.cpdi.declare import Profile
from ckanext.cpdi.rows.ground.areas import TEAM, Areas
from ckanext.cpdi.rows.ground.cells import Cells, Owners, Plane, degrees
from ckanext.cpdi.rows.ground.jurisdiction import Jurisdiction
from ckanext.cpdi.rows.places.address import address_keys
from ckanext.cpdi.rows.places.atoms import Atoms, atoms
from ckanext.cpdi.rows.places.file import CELLS, CROWDS, KEYS, UNITS, Places, hashed
from ckanext.cpdi.rows.places.grounded import draft, settle_ground
from ckanext.cpdi.rows.places.grow import joined, unknown
from ckanext.cpdi.rows.places.members import members
from ckanext.cpdi.rows.places.named import Rules, add_crossings, add_streets, add_stretches
from ckanext.cpdi.rows.places.network import network_members
from ckanext.cpdi.rows.places.public import draft_public
from ckanext.cpdi.rows.places.unit import Draft, Key

_ID_BYTES = 6
_DECIMALS = 5
"""A published point is rounded to a metre."""


def build_places(
    points: pl.DataFrame,
    profile: Profile,
    secret: bytes,
    private: pl.Series | None = None,
    reference: pl.Series | None = None,
    *,
    network: pl.DataFrame | None = None,
    public: pl.DataFrame | None = None,
    beside: Places | None = None,
    jurisdiction: Jurisdiction | None = None,
    today: date | None = None,
) -> Places:
    """Return the places for ``points`` (columns of POINTS).

    ``private`` are addresses that must not have a unit of their own, such as shelters; ``reference`` addresses that no
    dispatcher typed, whose streets are known to be some. Where a street ``network`` is given (columns
    of SEGMENTS) it is what places are made of, and ``points`` count the addresses on it. ``public`` places (columns of
    PUBLIC) are units of their own, whatever lies on them. ``jurisdiction`` is the
    profile's, if somebody has it already. With ``beside`` those places grow: their units stay, and what none of them
    has gets units of its own. Units hold from ``today`` on. Raises DeclarationError where the profile's areas cannot be
    read.
    """
    rules, size = profile.places, profile.places.block_size
    jurisdiction = jurisdiction or Jurisdiction(profile)
    areas, plane = jurisdiction.areas, jurisdiction.plane
    known = _distinct(reference, size, "street") | _distinct(reference, size, "cross")
    evidence = members(points, size, known)
    table, shown = evidence.members, evidence.shown
    if network is not None:
        streets = network_members(network, points, areas, plane, size)
        shown |= set(streets["street"])
        table = pl.concat([streets, table.filter(pl.col("kind") == "intersection")])
    if public is not None:
        parts = draft_public(public, areas, plane)
        open_ground = _assembled(*parts, areas, pl.DataFrame(schema=CROWDS), plane, size, secret, today)
        beside = joined(beside, open_ground) if beside is not None else open_ground
    if beside is not None:
        table = unknown(table, beside)
    hidden = _distinct(private, size, "key")
    pieces = atoms(table.filter(pl.col("longitude").is_not_null() & (pl.col("kind") != "intersection")), areas, plane)
    ground = settle_ground(
        pieces,
        areas,
        plane,
        _hidden(pieces, hidden),
        _nameless(pieces, shown),
        rules.minimum_addresses,
        rules.widest_metres,
    )
    drafted = draft(pieces, ground, areas, shown)
    named = Rules(shown, hidden, rules.minimum_addresses, size)
    add_crossings(drafted, table, named, areas, plane)
    add_stretches(drafted, table, named)
    add_streets(drafted, table, named)
    fresh = _assembled(drafted, ground.cells, ground.owners, areas, evidence.crowds, plane, size, secret, today)
    return joined(beside, fresh) if beside is not None else fresh


def _assembled(
    drafted: Draft,
    cells: Cells,
    owners: Owners,
    areas: Areas,
    crowds: pl.DataFrame,
    plane: Plane,
    size: int,
    secret: bytes,
    today: date | None,
) -> Places:
    """Return drafted units, and the ground that they own, as the tables of a places file."""
    numbers = _numbers(drafted)
    table = pl.DataFrame(
        {
            "cell": cells,
            "unit": np.array(numbers, dtype=np.int64)[owners],
            "crossed": areas.crossed(plane, cells),
        },
        schema=CELLS,
    )
    return Places(
        units=_with_ids(_units(drafted, numbers, plane, today), table),
        keys=_keys(drafted.keys, numbers, secret),
        cells=table,
        crowds=crowds,
        plane=plane,
        block_size=size,
        secret=secret,
    )


def _distinct(addresses: pl.Series | None, size: int, column: str) -> set[str]:
    """Return a column of the keys of ``addresses``, each text once."""
    if addresses is None:
        return set()
    return set(address_keys(addresses.drop_nulls().unique(), size)[column].drop_nulls())


def _hidden(pieces: Atoms, hidden: Set[str]) -> set[int]:
    """Return the atoms with an address whose key is hidden."""
    if not hidden:
        return set()
    key = pl.when(pl.col("kind") == "block").then(pl.format("{}|{}", "street", "block")).otherwise("street")
    return set(pieces.members.filter(key.is_in(sorted(hidden)))["atom"].to_list())


def _nameless(pieces: Atoms, shown: Set[str]) -> set[int]:
    """Return the atoms of a street whose name may not be shown."""
    street = pl.col("street")
    return set(pieces.members.filter(street.is_not_null() & ~street.is_in(sorted(shown)))["atom"].to_list())


def _numbers(drafted: Draft) -> list[int]:
    """Return the number of each unit in the file, by where it lies.

    One that followed the streets' names would tell how a name begins that is not shown.
    """
    nowhere = (np.inf, np.inf)
    order = sorted(
        range(len(drafted.units)),
        key=lambda at: (drafted.units[at].point or nowhere, drafted.units[at].label or "", drafted.units[at].addresses),
    )
    return np.argsort(np.array(order, dtype=np.int64)).tolist()


def _units(drafted: Draft, numbers: list[int], plane: Plane, today: date | None) -> pl.DataFrame:
    """Return the units as they stand in the file."""
    rows: list[dict[str, object]] = []
    for number, unit in sorted(zip(numbers, drafted.units, strict=True), key=lambda pair: pair[0]):
        longitude, latitude = degrees(plane, unit.point) if unit.point else (None, None)
        others = {layer: name for layer, name in unit.names.items() if layer != TEAM and name is not None}
        rows.append(
            {
                "unit": number,
                "id": None,
                "label": unit.label,
                "precision": unit.precision,
                "latitude": round(latitude, _DECIMALS) if latitude is not None else None,
                "longitude": round(longitude, _DECIMALS) if longitude is not None else None,
                "team": unit.names.get(TEAM),
                "areas": json.dumps(others, ensure_ascii=False) if others else None,
                "addresses": unit.addresses,
                "width": round(unit.width) if unit.width is not None else None,
                "has_ground": unit.has_ground,
                "valid_from": today,
                "valid_to": None,
            }
        )
    return pl.DataFrame(rows, schema=UNITS)


def _with_ids(units: pl.DataFrame, cells: pl.DataFrame) -> pl.DataFrame:
    """Return the units with their ids; two of which the same is published are told apart by their order."""
    ground = cells.sort("unit", "cell")
    starts = np.searchsorted(ground["unit"].to_numpy(), np.arange(units.height + 1)).tolist()
    ground_cells = ground["cell"].to_numpy()
    published = units.select("label", "precision", "latitude", "longitude", "team", "areas")
    seen: Counter[bytes] = Counter()
    ids: list[str] = []
    for (first, last), values in zip(pairwise(starts), published.iter_rows(), strict=True):
        digest = hashlib.blake2b(json.dumps(values).encode(), digest_size=_ID_BYTES)
        digest.update(ground_cells[first:last].tobytes())
        seen[digest.digest()] += 1
        digest.update(str(seen[digest.digest()]).encode())
        ids.append(digest.hexdigest())
    return units.with_columns(id=pl.Series(ids, dtype=pl.String))


def _keys(keys: list[Key], numbers: list[int], secret: bytes) -> pl.DataFrame:
    """Return the keys as they stand in the file, in the order of their hashes."""
    table = pl.DataFrame(
        [(key.text, numbers[key.unit], key.low, key.high, key.parity, key.share) for key in keys],
        schema={"text": pl.String, **{name: dtype for name, dtype in KEYS.items() if name != "key"}},
        orient="row",
    )
    table = table.with_columns(key=hashed(table["text"], secret))
    return table.select(*KEYS).sort("key", "share", "unit", descending=[False, True, False])
