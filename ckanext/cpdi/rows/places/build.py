"""Making the places of a department: from address points, a street network, or the history of a feed.

In: addresses with points and teams, in any order. Out: :class:`Places`, the same for the same addresses.
"""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from dataclasses import dataclass
from datetime import date
from itertools import pairwise

import numpy as np
import numpy.typing as npt
import polars as pl

from ckanext.cpdi.declare import Profile
from ckanext.cpdi.declare.departments.profile import PlaceRules
from ckanext.cpdi.rows.ground.areas import Areas
from ckanext.cpdi.rows.ground.cells import Metres, Plane
from ckanext.cpdi.rows.ground.jurisdiction import Jurisdiction
from ckanext.cpdi.rows.places.address import address_keys
from ckanext.cpdi.rows.places.atoms import Atoms, atoms
from ckanext.cpdi.rows.places.file import CELLS, CROWDS, KEYS, UNITS, Places, hashed
from ckanext.cpdi.rows.places.ground import settle_ground
from ckanext.cpdi.rows.places.grounded import draft
from ckanext.cpdi.rows.places.grow import joined, unknown
from ckanext.cpdi.rows.places.members import members
from ckanext.cpdi.rows.places.named import Rules, streets_of, with_crossings, with_streets, with_stretches
from ckanext.cpdi.rows.places.network import network_members
from ckanext.cpdi.rows.places.public import draft_public
from ckanext.cpdi.rows.places.unit import Draft

_ID_BYTES = 6
_DECIMALS = 5
"""A published point is rounded to a metre."""


@dataclass(frozen=True)
class Evidence:
    """What is known of a department's ground.

    ``points``: addresses (columns of POINTS). ``reference``: addresses that no dispatcher typed, so that their streets
    are known to be some. ``network``: streets (columns of SEGMENTS), which places are made of where they are given;
    ``points`` count the addresses on them. ``public``: places (columns of PUBLIC) that are units of their own, whatever
    lies on them. ``private``: addresses that must not have a unit of their own, such as shelters.
    """

    points: pl.DataFrame
    reference: pl.Series | None = None
    network: pl.DataFrame | None = None
    public: pl.DataFrame | None = None
    private: pl.Series | None = None


@dataclass(frozen=True)
class _Setting:
    """Whose places they are: what they are looked up by, and the day since which they hold."""

    areas: Areas
    plane: Plane
    rules: PlaceRules
    secret: bytes
    today: date | None


def build_places(
    evidence: Evidence,
    profile: Profile,
    secret: bytes,
    *,
    beside: Places | None = None,
    jurisdiction: Jurisdiction | None = None,
    today: date | None = None,
) -> Places:
    """Return the places of ``profile`` that ``evidence`` gives.

    ``jurisdiction`` is the profile's, if somebody has it already. With ``beside`` those places grow: their units stay,
    and what none of them has gets units of its own. Units hold from ``today`` on. Raises DeclarationError where the
    profile's areas cannot be read.
    """
    jurisdiction = jurisdiction or Jurisdiction(profile)
    setting = _Setting(jurisdiction.areas, jurisdiction.plane, profile.places, secret, today)
    if evidence.public is not None:
        drafted = draft_public(evidence.public, setting.areas, setting.plane)
        open_ground = _assembled(*drafted, pl.DataFrame(schema=CROWDS), setting)
        beside = joined(beside, open_ground) if beside is not None else open_ground
    fresh = _fresh(evidence, setting, beside)
    return joined(beside, fresh) if beside is not None else fresh


def _fresh(evidence: Evidence, setting: _Setting, beside: Places | None) -> Places:
    """Return the places of the evidence that is in none of those ``beside``."""
    table, shown, crowds = _members(evidence, setting)
    if beside is not None:
        table = unknown(table, beside)
    named = Rules(
        shown,
        _distinct(evidence.private, setting.rules.block_size, "key"),
        setting.rules.minimum_addresses,
        setting.rules.block_size,
    )
    on_ground = pl.col("longitude").is_not_null() & (pl.col("kind") != "intersection")
    streets, unplaced = streets_of(table), table.filter(~on_ground)
    table = table.filter(on_ground)
    pieces = atoms(table, setting.areas, setting.plane)
    del table  # of a large network it is a third of the memory
    drafted, ground = _drafted(pieces, named, setting)
    drafted = with_crossings(drafted, unplaced, named, setting.areas, setting.plane)
    drafted = with_stretches(drafted, unplaced, named)
    drafted = with_streets(drafted, streets, named)
    return _assembled(drafted, ground, crowds, setting)


def _members(evidence: Evidence, setting: _Setting) -> tuple[pl.DataFrame, set[str], pl.DataFrame]:
    """Return the members that places are made of, the streets that may be shown, and points that say nothing."""
    size = setting.rules.block_size
    reference = _distinct(evidence.reference, size, "street") | _distinct(evidence.reference, size, "cross")
    addresses = members(evidence.points, size, reference)
    if evidence.network is None:
        return addresses.members, addresses.shown, addresses.crowds
    streets = network_members(evidence.network, evidence.points, setting.areas, setting.plane, size)
    crossings = addresses.members.filter(pl.col("kind") == "intersection")
    return pl.concat([streets, crossings]), addresses.shown | set(streets["street"].unique()), addresses.crowds


def _drafted(pieces: Atoms, named: Rules, setting: _Setting) -> tuple[Draft, pl.DataFrame]:
    """Return the units that atoms make, and the ``unit`` of each ``cell`` of the ground."""
    key = pl.when(pl.col("kind") == "block").then(pl.format("{}|{}", "street", "block")).otherwise("street")
    street = pl.col("street")
    barred = pieces.table.select(
        hidden=key.is_in(sorted(named.hidden)).fill_null(value=False),
        nameless=(~street.is_in(sorted(named.shown))).fill_null(value=False),
    )
    ground = settle_ground(
        pieces,
        setting.areas,
        setting.plane,
        barred["hidden"].to_numpy(),
        barred["nameless"].to_numpy(),
        setting.rules.minimum_addresses,
        setting.rules.widest_metres,
    )
    drafted = draft(pieces, ground, setting.areas, named.shown)
    return drafted, pl.DataFrame({"cell": ground.cells, "unit": ground.owners})


def _assembled(drafted: Draft, ground: pl.DataFrame, crowds: pl.DataFrame, setting: _Setting) -> Places:
    """Return drafted units, and the ``unit`` of each ``cell`` of the ground, as the tables of a places file."""
    order = _order(drafted.units)
    numbers = pl.Series(np.argsort(order))
    crossed = setting.areas.crossed(setting.plane, ground["cell"].to_numpy())
    cells = ground.select("cell", unit=numbers.gather(ground["unit"]), crossed=pl.Series(crossed))
    return Places(
        units=_with_ids(_units(drafted.units[order], setting), cells),
        keys=_keys(drafted.keys, numbers, setting.secret),
        cells=cells.cast(pl.Schema(CELLS)),
        crowds=crowds,
        plane=setting.plane,
        block_size=setting.rules.block_size,
        secret=setting.secret,
    )


def _distinct(addresses: pl.Series | None, size: int, column: str) -> set[str]:
    """Return a column of the keys of ``addresses``, each text once."""
    if addresses is None:
        return set()
    return set(address_keys(addresses.drop_nulls().unique(), size)[column].drop_nulls())


def _order(units: pl.DataFrame) -> npt.NDArray[np.int64]:
    """Return the units (columns of DRAFT_UNITS) in the order in which they stand in the file: by where they lie.

    One that followed the streets' names would tell how a name begins that is not shown.
    """
    places = units.select("x", "y", pl.col("label").fill_null(""), "addresses", at=pl.int_range(pl.len()))
    return places.sort(pl.all(), nulls_last=True)["at"].to_numpy()


def _units(units: pl.DataFrame, setting: _Setting) -> pl.DataFrame:
    """Return the units (columns of DRAFT_UNITS), in their order, as they stand in the file; ids are missing."""
    longitude, latitude = setting.plane.degrees(units["x"].to_numpy(), units["y"].to_numpy())
    return units.select(
        pl.exclude("x", "y", "width"),
        pl.col("width").round(),
        unit=pl.int_range(pl.len(), dtype=pl.Int64),
        id=pl.lit(None, pl.String),
        longitude=_rounded(longitude),
        latitude=_rounded(latitude),
        valid_from=pl.lit(setting.today, pl.Date),
        valid_to=pl.lit(None, pl.Date),
    ).select(*UNITS)


def _rounded(degrees: Metres) -> pl.Series:
    """Return degrees as they are published, null where they are unknown."""
    # Half-way between houses is very often half of a last decimal, which Python alone rounds as it is written.
    return pl.Series([round(each, _DECIMALS) for each in degrees.tolist()], dtype=pl.Float64).fill_nan(None)


def _with_ids(units: pl.DataFrame, cells: pl.DataFrame) -> pl.DataFrame:
    """Return the units with their ids; two of which the same is published are told apart by their order."""
    ground, order = cells["cell"].to_numpy(), np.argsort(cells["unit"].to_numpy(), kind="stable")
    counts = np.bincount(cells["unit"].to_numpy(), minlength=units.height)
    starts = [0, *np.cumsum(counts).tolist()]
    published = units.select("label", "precision", "latitude", "longitude", "team", "areas")
    encode = json.JSONEncoder().encode
    seen: Counter[bytes] = Counter()
    ids: list[str] = []
    for (first, last), values in zip(pairwise(starts), published.iter_rows(), strict=True):
        digest = hashlib.blake2b(encode(values).encode(), digest_size=_ID_BYTES)
        digest.update(ground[order[first:last]].data)
        same = digest.digest()
        seen[same] += 1
        digest.update(str(seen[same]).encode())
        ids.append(digest.hexdigest())
    return units.with_columns(id=pl.Series(ids, dtype=pl.String))


def _keys(keys: pl.DataFrame, numbers: pl.Series, secret: bytes) -> pl.DataFrame:
    """Return the keys as they stand in the file, in the order of their hashes."""
    table = keys.with_columns(unit=numbers.gather(keys["unit"]), key=hashed(keys["text"], secret)).select(*KEYS)
    # The last three tell nothing but ranges of one block in one unit apart: the same places are the same bytes.
    return table.sort("key", "share", "unit", "low", "high", "parity", descending=[False, True, *[False] * 4])
