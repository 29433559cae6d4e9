"""In which system a feed writes its points, by trying which one lands in the department.

In: the texts of two columns, and where the department is. Out: :class:`PointReading`. Tried are degrees, TriTech's
millionths of a degree, and every projection that the database of PROJ has for that place.
"""

# Shapely and pyproj come without types.
# pyright: reportUnknownMemberType=false, reportUnknownVariableType=false, reportUnknownArgumentType=false

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np
import numpy.typing as npt
import polars as pl
from pyproj import CRS, Proj, Transformer
from pyproj.aoi import AreaOfInterest
from pyproj.database import CRSInfo, query_crs_info
from pyproj.enums import PJType

from ckanext.cpdi.declare import Text
from ckanext.cpdi.drafting.layout.ground import Ground
from ckanext.cpdi.drafting.phrases import phrase

Numbers = npt.NDArray[np.float64]
_TRIED = 2_000
_GOOD = 0.7
"""Share of the points that have to land in the department."""
_MILLIONTHS = 1e6
_WEB_MERCATOR = "3857"
_HALF_CIRCLE = 180.0
_FIRST = 200
_SAME_METRES = 20.0
"""Systems that differ by less than that are told apart by a surveyor and not by points."""


@dataclass(frozen=True)
class PointReading:
    """``reading`` and ``epsg`` are for the profile's ``coordinates``; ``swapped``: x holds latitudes, and y longitudes.

    ``share`` of the points lands in the department; ``reasons`` say what that rests on, ``doubts`` what a person has to
    decide. ``longitude`` and ``latitude`` are the points that were tried, in degrees.
    """

    reading: Literal["degrees", "tritech", "projected"]
    epsg: int
    swapped: bool
    share: float
    reasons: tuple[str, ...]
    doubts: tuple[Text, ...]
    longitude: Numbers
    latitude: Numbers


@dataclass(frozen=True)
class _Try:
    """One way of reading: points in degrees, and the share of them that lands in the department."""

    reading: Literal["degrees", "tritech", "projected"]
    epsg: int
    name: str
    swapped: bool
    share: float
    longitude: Numbers
    latitude: Numbers


def reading_of(x: pl.Series, y: pl.Series, ground: Ground) -> PointReading | None:
    """Return how two columns write points; None where hardly a cell holds a number.

    Where nothing lands in the department, ``share`` is what does at best, and the reading that of the numbers' size.
    """
    east, north = _numbers(x, y)
    if not len(east):
        return None
    share = 0.0
    for swapped in (False, True):
        tries = _tries(north, east, ground, swapped) if swapped else _tries(east, north, ground, swapped)
        best = max(tries, key=lambda attempt: round(attempt.share, 2), default=None)
        if best is not None and best.share >= _GOOD:
            return _reading(best, tries)
        share = max(share, best.share if best else 0.0)
    return _without_place(east, north, share)


def _tries(x: Numbers, y: Numbers, ground: Ground, swapped: bool) -> list[_Try]:
    """Return the ways that are possible by the size of the numbers, the plainest first."""
    largest = float(np.median(np.abs(np.concatenate([x, y]))))
    if largest <= _HALF_CIRCLE:
        return [_try("degrees", 4326, "degrees", swapped, x * sign, y, ground) for sign in (1.0, -1.0)]
    side_x, side_y = np.copysign(1.0, ground.centre)
    east, north = np.abs(x) / _MILLIONTHS * side_x, np.abs(y) / _MILLIONTHS * side_y
    tries = [_try("tritech", 4326, "", swapped, east, north, ground)]
    for system in _systems(ground):
        crs = CRS.from_authority(system.auth_name, system.code)
        # Without a change of datum, which costs a hundred times as much, a point is off by a street at most.
        longitude, latitude = Proj(crs)(x[:_FIRST], y[:_FIRST], inverse=True)
        if ground.inside(np.asarray(longitude), np.asarray(latitude)).mean() < _GOOD:
            continue
        transformer = Transformer.from_crs(crs, CRS.from_epsg(4326), always_xy=True)
        longitude, latitude = transformer.transform(x, y)
        tries.append(_try("projected", int(system.code), system.name, swapped, longitude, latitude, ground))
    return tries


def _try(
    reading: Literal["degrees", "tritech", "projected"],
    epsg: int,
    name: str,
    swapped: bool,
    longitude: Numbers,
    latitude: Numbers,
    ground: Ground,
) -> _Try:
    share = float(ground.inside(longitude, latitude).mean())
    return _Try(reading, epsg, name, swapped, share, longitude, latitude)


def _systems(ground: Ground) -> list[CRSInfo]:
    """Return the projections that are made for the place: State Plane, UTM and Web Mercator, the usual ones first."""
    systems: dict[str, CRSInfo] = {}
    if not ground.is_known:
        return []
    for authority in ("EPSG", "ESRI"):
        area = AreaOfInterest(*ground.bounds)
        for info in query_crs_info(authority, PJType.PROJECTED_CRS, area, contains=not ground.is_state):
            use = info.area_of_use
            is_local = use is not None and use.east - use.west < _WIDEST and ground.may_have(use.name or "")
            if not info.deprecated and (is_local or (authority, info.code) == ("EPSG", _WEB_MERCATOR)):
                systems.setdefault(info.name, info)
    return sorted(systems.values(), key=_rank)


_WIDEST = 25.0
"""Degrees of longitude: a system for a wider area is none that a city uses."""
_USUAL = ("NAD83 /", "NAD83(2011) /", "NAD83(HARN) /", "NAD_1983_StatePlane", "WGS 84 /", "NAD27 /")


def _rank(info: CRSInfo) -> tuple[int, int]:
    """Return the order in which systems are taken where they land alike."""
    usual = next((place for place, name in enumerate(_USUAL) if info.name.startswith(name)), len(_USUAL))
    return usual, int(info.code) if info.code.isdigit() else 0


def _reading(best: _Try, tries: list[_Try]) -> PointReading:
    """Return the best way; ways that land within metres of it are named, since points cannot tell them apart."""
    alike = [
        attempt
        for attempt in tries
        if attempt.epsg != best.epsg and attempt.share >= best.share - 0.01 and _distance(attempt, best) < _SAME_METRES
    ]
    rivals = [
        attempt
        for attempt in tries
        if attempt is not best and attempt not in alike and attempt.share >= _GOOD and _distance(attempt, best) > 100
    ]
    what = f"{best.name} ({best.epsg})" if best.reading == "projected" else _WORDS[best.reading]
    reasons = [f"{best.share:.0%} of the points land in the department, read as {what}"]
    if best.swapped:
        reasons.append("the columns are exchanged: what is called x holds latitudes")
    doubts: list[Text] = []
    if alike:
        names = ", ".join(f"{attempt.name} ({attempt.epsg})" for attempt in alike[:4])
        reasons.append(f"within {_SAME_METRES:.0f} metres the same: {names}; ask who keeps the map which it is")
    if rivals:
        names = ", ".join(f"{attempt.name or attempt.reading} ({attempt.epsg})" for attempt in rivals[:4])
        doubts.append(
            phrase(
                "The points land in the department in another system as well: {names}. Look at one on a map.",
                "Los puntos caen en el departamento también en otro sistema: {names}. Mire uno en un mapa.",
                names=names,
            )
        )
    return PointReading(
        best.reading,
        best.epsg,
        best.swapped,
        best.share,
        tuple(reasons),
        tuple(doubts),
        best.longitude,
        best.latitude,
    )


_WORDS = {"degrees": "degrees", "tritech": "TriTech's millionths of a degree"}


def _distance(one_way: _Try, other: _Try) -> float:
    """Return the median distance between two readings of the same points, in metres."""
    narrow = np.cos(np.radians(np.nanmedian(other.latitude)))
    east = (one_way.longitude - other.longitude) * narrow
    north = one_way.latitude - other.latitude
    metres = np.hypot(east, north) * 111_320
    return float(np.median(metres[np.isfinite(metres)])) if np.isfinite(metres).any() else float("inf")


def _without_place(east: Numbers, north: Numbers, share: float) -> PointReading:
    """Return what the size of the numbers says, where no system lands in the department."""
    degrees = float(np.median(np.abs(np.concatenate([east, north])))) <= _HALF_CIRCLE
    why = "the numbers are degrees by their size" if degrees else "no system that is known for the place fits"
    doubt = phrase(
        "Only {share} of the points land in the department. Is the boundary the right one (--boundary), or the state"
        " (--state)? Else ask who keeps the map in which system the export writes points, and set coordinates.",
        "Solo el {share} de los puntos cae en el departamento. ¿Es correcto el límite (--boundary), o el estado"
        " (--state)? Si no, pregunte a quien lleva el mapa en qué sistema escribe puntos la exportación, y fije"
        " coordinates.",
        share=share,
    )
    nowhere = np.full(len(east), np.nan)
    longitude, latitude = (east, north) if degrees else (nowhere, nowhere)
    return PointReading("degrees", 4326, False, share, (why,), (doubt,), longitude, latitude)


def _numbers(x: pl.Series, y: pl.Series) -> tuple[Numbers, Numbers]:
    """Return an even sample of the rows that have two numbers other than zero."""
    plain = pl.DataFrame({"x": x, "y": y}).select(
        pl.all().str.replace_all(",", "", literal=True).cast(pl.Float64, strict=False)
    )
    some = plain.drop_nulls().filter(pl.all_horizontal(pl.all().is_finite() & (pl.all() != 0)))
    some = some.gather_every(max(1, some.height // _TRIED))
    return some["x"].to_numpy(), some["y"].to_numpy()
