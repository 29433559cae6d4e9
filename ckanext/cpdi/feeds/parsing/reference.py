"""In which reference system a feed says that its points are: what a document writes in, degrees of WGS 84 out."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, cast

import numpy as np
import numpy.typing as npt
from pyproj import CRS, Transformer
from pyproj.exceptions import CRSError

from ckanext.cpdi.feeds.errors import FeedError

_NAME = re.compile(r"(?:\A|.*[:/])(EPSG|ESRI|OGC)(?:[:/][\w.]*)?[:/](\w{1,20})\Z", re.IGNORECASE | re.DOTALL)
"""``EPSG:2273``, ``urn:ogc:def:crs:EPSG::2273``, ``http://www.opengis.net/def/crs/EPSG/0/2273``."""
_DEGREES = {("EPSG", "4326"), ("EPSG", "4979"), ("OGC", "CRS84"), ("OGC", "CRS84H")}
_LONGEST = 60
_LONGEST_WKT = 10_000

Numbers = npt.NDArray[np.float64]


@dataclass(frozen=True)
class Reference:
    """A reference system other than WGS 84: its ``name`` as the feed has it, ``crs`` None where nobody knows it."""

    name: str
    crs: CRS | None

    def degrees(self, x: Sequence[str | None], y: Sequence[str | None]) -> tuple[list[str | None], list[str | None]]:
        """Return points as degrees of WGS 84, in the texts that numbers have.

        What is no number stays; so does what can be degrees already in a system of metres or feet.
        Raises FeedError (reference) where the system is not known and a point is not in degrees.
        """
        east, north = _numbers(x), _numbers(y)
        already = (np.abs(east) <= 180) & (np.abs(north) <= 180)
        if self.crs is None or not self.crs.is_geographic:
            wanted = np.isfinite(east) & np.isfinite(north) & ~already
        else:
            wanted = np.isfinite(east) & np.isfinite(north)
        at = np.flatnonzero(wanted)
        if not len(at):
            return list(x), list(y)
        if self.crs is None:
            raise FeedError(
                "reference",
                f"The feed says that its points are in the reference system {self.name}, which is not known here. If "
                "it has an EPSG code, name it in the department's profile, under the dataset: "
                "coordinates: {reading: projected, epsg: …}.",
            )
        way = Transformer.from_crs(self.crs, CRS.from_epsg(4326), always_xy=True)
        longitude, latitude = way.transform(east[at], north[at])
        return _put(x, at.tolist(), longitude.tolist()), _put(y, at.tolist(), latitude.tolist())


def of_geojson(member: object) -> Reference | None:
    """Return what the ``crs`` of a GeoJSON says; None for WGS 84 and where it says nothing."""
    if not isinstance(member, dict):
        return None
    properties = cast(dict[str, Any], member).get("properties")
    said = cast(dict[str, Any], properties) if isinstance(properties, dict) else {}
    code = said.get("code")
    name = said.get("name") or said.get("href") or (f"EPSG:{code}" if code else "")
    return _named(name) if isinstance(name, str) and name else None


def of_service(member: object) -> Reference | None:
    """Return what the ``spatialReference`` of a map service says; None for WGS 84 and where it says nothing."""
    if not isinstance(member, dict):
        return None
    said = cast(dict[str, Any], member)
    codes = [str(said[one]) for one in ("latestWkid", "wkid") if said.get(one)]
    for code in codes:
        for authority in ("EPSG", "ESRI"):
            if (authority, code) in _DEGREES:
                return None
            if crs := _known(authority, code):
                return Reference(f"wkid {code}", crs)
    wkt = said.get("wkt") or said.get("wkt2")
    if isinstance(wkt, str) and wkt:
        return _of_wkt(wkt)
    return Reference(f"wkid {codes[0]}"[:_LONGEST], None) if codes else None


def _named(name: str) -> Reference | None:
    found = _NAME.match(name)
    if not found:
        return Reference(_shown(name), None)
    authority, code = found[1].upper(), found[2].upper()
    return None if (authority, code) in _DEGREES else Reference(_shown(name), _known(authority, code))


def _of_wkt(text: str) -> Reference | None:
    title = re.search(r'"([^"]*)"', text)
    name = _shown(title[1] if title else "of a text")
    try:
        crs = CRS.from_wkt(text) if len(text) < _LONGEST_WKT else None
    except CRSError:
        crs = None
    return None if crs == CRS.from_epsg(4326) else Reference(name, crs)


def _known(authority: str, code: str) -> CRS | None:
    try:
        return CRS.from_authority(authority, code)
    except CRSError:
        return None


def _shown(name: str) -> str:
    """Return a name of a system as it may be shown: a word or two, and nothing that could be somebody's data."""
    plain = re.sub(r"[^\w:./ ()+-]", "", name)
    return plain[:_LONGEST] or "without a name"


def _numbers(texts: Sequence[str | None]) -> Numbers:
    """Return texts as numbers, NaN for what is none."""
    found = np.full(len(texts), np.nan)
    for place, one in enumerate(texts):
        try:
            found[place] = float(one) if one else np.nan
        except ValueError:
            continue
    return found


def _put(texts: Sequence[str | None], at: list[int], values: list[float]) -> list[str | None]:
    found = list(texts)
    for place, value in zip(at, values, strict=True):
        found[place] = repr(value)
    return found
