"""The reference system that a feed declares for its points: the declaration in, degrees of WGS 84 out."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, cast

import numpy as np
import numpy.typing as npt
from pyproj import CRS, Transformer
from pyproj.exceptions import CRSError

from ckanext.cpdi.errors import Said
from ckanext.cpdi.feeds.errors import FeedError

_NAME = re.compile(r"(?:\A|.*[:/])(EPSG|ESRI|OGC)(?:[:/][\w.]*)?[:/](\w{1,20})\Z", re.IGNORECASE | re.DOTALL)
"""``EPSG:2273``, ``urn:ogc:def:crs:EPSG::2273``, ``http://www.opengis.net/def/crs/EPSG/0/2273``."""
_DEGREES = {("EPSG", "4326"), ("EPSG", "4979"), ("OGC", "CRS84"), ("OGC", "CRS84H")}
_LONGEST = 60
_LONGEST_WKT = 10_000

Numbers = npt.NDArray[np.float64]


@dataclass(frozen=True)
class Reference:
    """A reference system other than WGS 84: its ``name`` in the feed; ``crs`` is None for an unknown one."""

    name: str
    crs: CRS | None

    def degrees(self, x: Sequence[str | None], y: Sequence[str | None]) -> tuple[list[str | None], list[str | None]]:
        """Return points as degrees of WGS 84, written as texts.

        Texts that are no numbers stay; so do values within the range of degrees in a system of metres or feet. Raises
        FeedError (reference) where the system is unknown and a point is not in degrees.
        """
        east, north = _numbers(x), _numbers(y)
        already = (np.abs(east) <= 180) & (np.abs(north) <= 180)
        if self.crs is None or not self.crs.is_geographic:
            convertible = np.isfinite(east) & np.isfinite(north) & ~already
        else:
            convertible = np.isfinite(east) & np.isfinite(north)
        at = np.flatnonzero(convertible)
        if not len(at):
            return list(x), list(y)
        if self.crs is None:
            raise FeedError(
                "reference",
                Said(
                    "The feed says that its points are in the reference system {name}, which is not "
                    "known here. If it has an EPSG code, name it in the department's profile, under the "
                    "dataset: coordinates: {{reading: projected, epsg: …}}.",
                    name=self.name,
                ),
            )
        way = Transformer.from_crs(self.crs, CRS.from_epsg(4326), always_xy=True)
        longitude, latitude = way.transform(east[at], north[at])
        return _replaced(x, at.tolist(), longitude.tolist()), _replaced(y, at.tolist(), latitude.tolist())


def of_geojson(member: object) -> Reference | None:
    """Return the system in the ``crs`` member of a GeoJSON; None for WGS 84 or no usable member."""
    if not isinstance(member, dict):
        return None
    properties = cast(dict[str, Any], member).get("properties")
    members = cast(dict[str, Any], properties) if isinstance(properties, dict) else {}
    code = members.get("code")
    name = members.get("name") or members.get("href") or (f"EPSG:{code}" if code else "")
    return _of_name(name) if isinstance(name, str) and name else None


def of_service(member: object) -> Reference | None:
    """Return the system in the ``spatialReference`` of a map service; None for WGS 84 or no usable member."""
    if not isinstance(member, dict):
        return None
    reference = cast(dict[str, Any], member)
    codes = [str(reference[key]) for key in ("latestWkid", "wkid") if reference.get(key)]
    for code in codes:
        for authority in ("EPSG", "ESRI"):
            if (authority, code) in _DEGREES:
                return None
            if crs := _crs_of(authority, code):
                return Reference(f"wkid {code}", crs)
    wkt = reference.get("wkt") or reference.get("wkt2")
    if isinstance(wkt, str) and wkt:
        return _of_wkt(wkt)
    return Reference(f"wkid {codes[0]}"[:_LONGEST], None) if codes else None


def _of_name(name: str) -> Reference | None:
    match = _NAME.match(name)
    if not match:
        return Reference(_display_name(name), None)
    authority, code = match[1].upper(), match[2].upper()
    return None if (authority, code) in _DEGREES else Reference(_display_name(name), _crs_of(authority, code))


def _of_wkt(text: str) -> Reference | None:
    title = re.search(r'"([^"]*)"', text)
    name = _display_name(title[1] if title else "of a text")
    try:
        crs = CRS.from_wkt(text) if len(text) < _LONGEST_WKT else None
    except CRSError:
        crs = None
    return None if crs == CRS.from_epsg(4326) else Reference(name, crs)


def _crs_of(authority: str, code: str) -> CRS | None:
    try:
        return CRS.from_authority(authority, code)
    except CRSError:
        return None


def _display_name(name: str) -> str:
    """Return a system's name for messages: short, and without characters that no such name has."""
    plain = re.sub(r"[^\w:./ ()+-]", "", name)
    return plain[:_LONGEST] or "without a name"


def _numbers(texts: Sequence[str | None]) -> Numbers:
    """Return texts as numbers, NaN for a text that is no number."""
    numbers = np.full(len(texts), np.nan)
    for place, text in enumerate(texts):
        try:
            numbers[place] = float(text) if text else np.nan
        except ValueError:
            continue
    return numbers


def _replaced(texts: Sequence[str | None], at: list[int], values: list[float]) -> list[str | None]:
    replaced = list(texts)
    for place, value in zip(at, values, strict=True):
        replaced[place] = repr(value)
    return replaced
